"""Which encoding a text file is in, judged over all of its bytes and by whether its header then makes sense."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from orderloom.adapters.channels.files.columns import HEADER_ROWS_MAX, Header, header_of

BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
CANDIDATES = ("utf-8", "gb18030", "cp950")
"""Tried in this order when no byte order mark tells; cp950 is Big5 as it is used."""
SAMPLE_BYTES = 4_096
SAMPLE_CHARACTERS = 2_000
COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "cp950": ("big5", 0xA4, 0xC6)}
"""Where an encoding keeps the everyday characters: text read in the wrong one falls outside."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Reading(msgspec.Struct, frozen=True):
    """A text file cut into its physical lines, each with its line end, as bytes of `encoding`; a BOM is taken off."""

    encoding: str
    lines: list[bytes]
    header: Header | None


def read(body: bytes, declared: str, renames: Mapping[str, str]) -> Reading:
    """Judge the encoding: byte order mark, else UTF-16 by its zero bytes, else `declared`, else what fits best.

    A candidate that makes the header readable wins; then the one that breaks the fewest lines; then the one whose
    characters are everyday ones (GB18030 decodes nearly every Big5 file, into rare characters).
    """
    for mark, encoding in BOMS:
        if body.startswith(mark):
            return _reading(body[len(mark) :], encoding, renames)
    sixteen = _utf16(body)
    if sixteen or declared:
        return _reading(body, sixteen or _canonical(declared), renames)
    if _is_strict(body, "utf-8"):
        return _reading(body, "utf-8", renames)
    readings = [_reading(body, encoding, renames) for encoding in CANDIDATES]
    return max(readings, key=lambda reading: _fit(body, reading))


def text_of(line: bytes, encoding: str) -> tuple[str, bool]:
    """A line as text, and whether bytes in it were broken (they are then U+FFFD)."""
    try:
        return line.decode(encoding), False
    except UnicodeDecodeError:
        return line.decode(encoding, "replace"), True


def _fit(body: bytes, reading: Reading) -> tuple[int, int, float]:
    broken = 0
    if not _is_strict(body, reading.encoding):
        broken = sum(text_of(line, reading.encoding)[1] for line in reading.lines)
    return (reading.header.hits if reading.header else 0, -broken, _everyday_share(body, reading.encoding))


def _reading(body: bytes, encoding: str, renames: Mapping[str, str]) -> Reading:
    lines = _lines(body, encoding)
    return Reading(encoding, lines, header_of(_texts(lines, encoding), renames))


def _lines(body: bytes, encoding: str) -> list[bytes]:
    """In every encoding here but UTF-16 the bytes of a line end are never part of another character."""
    if not encoding.startswith("utf-16"):
        return body.splitlines(keepends=True)
    text = body.decode(encoding, "surrogatepass" if len(body) % 2 == 0 else "replace")
    return [line.encode(encoding, "surrogatepass") for line in LINE.findall(text)]


def _texts(lines: Sequence[bytes], encoding: str) -> list[str]:
    return [text_of(line, encoding)[0] for line in lines[:HEADER_ROWS_MAX]]


def _utf16(body: bytes) -> str:
    """UTF-16 without a mark: delimiters and digits leave a zero in every other byte."""
    sample = body[:SAMPLE_BYTES]
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if max(high, low) * 5 < len(sample) // 2:
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _is_strict(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _everyday_share(body: bytes, encoding: str) -> float:
    if encoding not in COMMON:
        return 0.0
    charset, first, last = COMMON[encoding]
    text = body[: SAMPLE_CHARACTERS * 40].decode(encoding, "ignore")
    sample = [one for one in text if one > "\x7f"][:SAMPLE_CHARACTERS]
    leads = [one.encode(charset, "ignore")[:1] for one in sample]
    return sum(1 for lead in leads if lead and first <= lead[0] <= last) / max(len(sample), 1)


def _canonical(declared: str) -> str:
    """The superset of what was declared: files called GB2312, GBK or Big5 use the larger sets."""
    name = declared.strip().lower().replace("_", "-")
    wider = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "big5": "cp950", "utf8": "utf-8"}
    return wider.get(name, name)
