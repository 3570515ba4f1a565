"""Bytes of unknown origin to text: marks, the declared charset, then strict tries, and broken bytes shown as broken."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "big5": "cp950", "ascii": "utf-8"}
_WIDTHS = {"utf-16": 2, "utf-32": 4}
_NOT_TEXT = {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"}
"""Codecs of Python that are no charset of a message."""
_SAMPLE = 4096
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_GB_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_UTF8_RUN = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3})+"
)


class Text(NamedTuple):
    """Decoded text. `is_broken`: bytes that cannot be read stand as U+FFFD; `is_misdeclared`: the charset lied."""

    text: str
    encoding: str
    is_broken: bool = False
    is_misdeclared: bool = False
    raw: bytes = b""
    """The bytes, where they are UTF-8 and hold nothing but the text: a parser need not make them again of it."""


def decode(body: bytes, declared: str | None = None) -> Text:
    """Text of `body`: mark, declared charset, strict UTF-8, strict GB18030, Big5, else what can be read.

    UTF-16 and UTF-32 without a mark are known by where their zero bytes stand. Never raises.
    """
    if (declared is None or declared in ("utf-8", "UTF-8")) and body[:1] < b"\x80" and b"\0" not in body:
        try:
            return Text(body.decode(), "utf-8", raw=body)
        except UnicodeDecodeError:
            pass
    return _by_mark(body) or _declared(body, declared) or _detected(body, declared)


def charset_of(content_type: str) -> str | None:
    """The charset that a Content-Type header declares, or None."""
    found = _CHARSET.search(content_type) if content_type else None
    return found.group(1) if found else None


def chosen_by(body: bytes, declared: str | None, found: Text) -> str:
    """Why `decode` read it so: mark, declared, misdeclared, fits (strict UTF-8), zeros, tried, or broken."""
    if any(body.startswith(mark) for mark, _ in _MARKS):
        return "mark"
    if found.is_broken:
        return "broken"
    if found.is_misdeclared:
        return "misdeclared"
    if declared is not None:
        return "declared"
    if found.encoding == "utf-8":
        return "fits"
    return "zeros" if found.encoding.startswith("utf-") else "tried"


def _by_mark(body: bytes) -> Text | None:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _whole(body[len(mark) :], encoding) or _broken(body[len(mark) :], encoding)
    return None


def _whole(body: bytes, encoding: str) -> Text | None:
    try:
        return Text(body.decode(encoding), encoding)
    except (UnicodeError, LookupError):
        return None


def _declared(body: bytes, declared: str | None) -> Text | None:
    if declared is None:
        return None
    try:
        encoding = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    encoding = _WIDE_ALIASES.get(encoding, encoding)
    if encoding in _NOT_TEXT:
        return None
    # A single-byte charset takes any bytes: that it decodes is no evidence against bytes that are UTF-8 beyond doubt.
    if encoding.startswith(("iso8859", "cp125", "latin")) and not body.isascii():
        found = _whole(body, "utf-8")
        if found:
            return found._replace(is_misdeclared=True)
    if encoding in ("gb18030", "cp950"):
        found = _is_utf8_after_all(body, encoding)
        if found:
            return found
    if encoding in _WIDTHS:
        encoding = _unmarked_wide(body) or f"{encoding}-le"
    elif not encoding.startswith("utf-") and b"\0" in body and _unmarked_wide(body):
        return None
    return _whole(body, encoding)


def _detected(body: bytes, declared: str | None) -> Text:
    is_misdeclared = declared is not None
    wide = _unmarked_wide(body)
    tries = (wide,) if wide else ("utf-8", "gb18030", "cp950")
    for encoding in tries:
        found = _whole(body, encoding)
        if found:
            if encoding == "gb18030" and _reads_as_big5(body, found.text):
                found = _whole(body, "cp950") or found
            return found._replace(is_misdeclared=is_misdeclared)
    return _broken(body, wide or "utf-8")._replace(is_misdeclared=is_misdeclared)


def _unmarked_wide(body: bytes) -> str | None:
    """UTF-16/32 by the zero bytes: zeros that all stand in one column are halves of characters."""
    part = body[:_SAMPLE]
    if len(part) < 4 or b"\0" not in part:
        return None
    quarters = [part[i::4].count(0) for i in range(4)]
    size = len(part) // 4
    if size and quarters[3] >= size and quarters[2] * 2 >= size and quarters[0] < size:
        return "utf-32-le"
    if size and quarters[0] >= size and quarters[1] * 2 >= size and quarters[3] < size:
        return "utf-32-be"
    even, odd = part[0::2].count(0), part[1::2].count(0)
    if odd > even * 4:
        return "utf-16-le"
    if even > odd * 4:
        return "utf-16-be"
    return None


def _reads_as_big5(body: bytes, as_gb: str) -> bool:
    """GB18030 takes most Big5 bytes: it is Big5 when clearly more of the Big5 reading is everyday characters."""
    as_big5 = _whole(body[: body.rfind(b"\n", 0, _SAMPLE) + 1] if len(body) > _SAMPLE else body, "cp950")
    if as_big5 is None:
        return False
    return (
        _common_share(as_big5.text, "cp950", 0xA4, 0xC6, 0x40) > _common_share(as_gb, "gb18030", 0xB0, 0xD7, 0xA1) + 20
    )


def _common_share(text: str, encoding: str, low: int, high: int, trail: int) -> int:
    """Per cent of the double-byte signs that lie in the charset's plane of everyday characters."""
    pairs = [sign.encode(encoding, "ignore") for sign in text[:_SAMPLE] if sign > "\x7f"]
    common = sum(1 for pair in pairs if len(pair) == 2 and low <= pair[0] <= high and pair[1] >= trail)
    return 100 * common // len(pairs) if pairs else 0


def _is_utf8_after_all(body: bytes, encoding: str) -> Text | None:
    """UTF-8 that was declared as GBK or Big5 usually decodes, but into signs that nobody writes."""
    found = _whole(body, "utf-8")
    if found is None or body.isascii():
        return None
    low, high, trail = (0xB0, 0xD7, 0xA1) if encoding == "gb18030" else (0xA4, 0xC6, 0x40)
    as_declared = _whole(body, encoding)
    is_odd = as_declared is None or _common_share(as_declared.text, encoding, low, high, trail) < 50
    return found._replace(is_misdeclared=True) if is_odd else None


def _broken(body: bytes, encoding: str) -> Text:
    """Whatever can be read of mixed bytes: UTF-8 runs, GB pairs between them, and one U+FFFD per unreadable run."""
    if encoding != "utf-8":
        return Text(body.decode(encoding, "replace"), encoding, True)
    out: list[str] = []
    at = 0
    while at < len(body):
        plain = _plain_end(body, at)
        if plain > at:
            out.append(body[at:plain].decode("ascii"))
            at = plain
            continue
        run = _UTF8_RUN.match(body, at)
        if run:
            out.append(run.group().decode("utf-8"))
            at = run.end()
            continue
        at = _legacy(body, at, out)
    return Text("".join(out), "mixed", True)


_PLAIN_RUN = re.compile(rb"[\x00-\x7f]*")


def _plain_end(body: bytes, at: int) -> int:
    found = _PLAIN_RUN.match(body, at)
    return found.end() if found else at


def _legacy(body: bytes, at: int, out: list[str]) -> int:
    pair = _GB_PAIR.match(body, at)
    # A second byte below 0x80 could be a quote or a brace of the JSON around it: only pairs of high bytes are believed.
    if pair and pair.group()[1] >= 0xA1 and pair.group()[0] >= 0xA1:
        try:
            out.append(pair.group().decode("gb18030"))
            return pair.end()
        except UnicodeDecodeError:
            pass
    if not out or out[-1] != "\ufffd":
        out.append("\ufffd")
    return at + 1
