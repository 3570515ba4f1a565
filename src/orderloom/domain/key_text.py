"""Text that reaches a key or an index: one that PostgreSQL can store, and never longer than a named maximum."""

from __future__ import annotations

from hashlib import sha256

KEY_CHARS_MAX = 200
"""A row of an index holds about 2,700 bytes; so many characters of four bytes leave room for the other columns."""
GROUP_KEY_CHARS_MAX = 400
"""The same for what is made of several keys, such as a parking key."""
NUL_STANDS_AS = "\ufffd"
_DIGEST_CHARS = 64


def storable(text: str) -> str:
    """The text without what no database text can hold: NUL, and halves of a surrogate pair that stand alone."""
    if "\0" in text:
        text = text.replace("\0", NUL_STANDS_AS)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def key_text(text: str, chars_max: int = KEY_CHARS_MAX) -> str:
    """The text as a key: as it is when short, else its beginning, `…` and the SHA-256 of the whole.

    The same text gives the same key everywhere and always, so what is stored under one is found by the other.
    """
    if len(text) <= chars_max:
        return storable(text)
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{storable(text[:chars_max - _DIGEST_CHARS - 1])}…{digest}"
