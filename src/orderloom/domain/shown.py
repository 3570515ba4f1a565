"""Content of a message as a person may see it in a problem: short, readable, and nothing personal."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

SHOWN_MAX = 80
"""Characters of a message's content that a problem quotes."""
KEY_MAX = 200
"""Characters of a text that becomes a key; longer ones are known by their digest."""
WORD = "□"
"""Stands for each sign of a word where a number should be."""
_NUMBERS = frozenset({"wrong_money", "wrong_time", "wrong_value"})
_WORDS = re.compile("[^\\W\\d_A-Za-z年月日时分秒元块角万亿]")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{8}(?!\d)")
_PERSONAL = re.compile(r"(^|[.\]])(receiver|buyer|note|name|phone|detail|postcode|token|address|location|text)\b")


def shown(value: Any) -> str:
    """A value cut to `SHOWN_MAX` characters without control signs; lists and objects are only named."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "[…]"
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, int) and abs(value) >= 10**SHOWN_MAX:
        return "…"
    text = str(value[: SHOWN_MAX + 1] if isinstance(value, str) else value)
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:SHOWN_MAX])
    plain = _MOBILE.sub(r"\1********", plain)
    return plain + "…" if len(text) > SHOWN_MAX else plain


def shown_of(field: str, value: Any, code: str = "") -> str:
    """The same, nothing at all of a field that tells of a person, and of what should be a number no words.

    When the columns of a file slip, a name or street stands where an amount should.
    """
    if _PERSONAL.search(field):
        return ""
    text = shown(value)
    return _WORDS.sub(WORD, text) if code in _NUMBERS else text


def key_of(text: str) -> str:
    """A text fit to be a key: itself when it is short, else its beginning and its SHA-256."""
    if len(text) <= KEY_MAX and text.isprintable():
        return text
    start = "".join(sign for sign in text[:40] if sign.isprintable())
    return f"{start}…{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def storable(text: str) -> str:
    """The text without what no database text can hold: NUL, and halves of a surrogate pair that stand alone."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
