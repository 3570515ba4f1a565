"""Which encoding a text file is in, judged piece by piece over all of it and by whether its header then makes sense."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from orderloom.adapters.spreadsheets.columns import HEADER_CHARACTERS_MAX, HEADER_ROWS_MAX, Header, header_of
from orderloom.adapters.spreadsheets.limits import LINE_BYTES_MAX

Buffer = bytes | mmap.mmap
"""The bytes of a file: in memory, or mapped so that only what is looked at is read."""
Span = tuple[int, int]
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
CANDIDATES = ("utf-8", "gb18030", "cp950")
"""Tried in this order when no byte order mark tells; cp950 is Big5 as it is used."""
SAMPLE_BYTES = 4_096
SAMPLE_CHARACTERS = 2_000
PIECE = 1 << 20
COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "cp950": ("big5", 0xA4, 0xC6)}
"""Where an encoding keeps the everyday characters: text read in the wrong one falls outside."""
LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Reading(msgspec.Struct, frozen=True):
    """How to read a text file: its encoding, where it begins after a byte order mark, and its header."""

    encoding: str
    start: int
    header: Header | None


def read(body: Buffer, declared: str, renames: Mapping[str, str]) -> Reading:
    """Judge the encoding: byte order mark, else UTF-16 by its zero bytes, else `declared`, else what fits best.

    A candidate that makes the header readable wins; then the one that breaks the fewest lines; then the one whose
    characters are everyday ones (GB18030 decodes nearly every Big5 file, into rare characters).
    """
    for mark, encoding in BOMS:
        if body[: len(mark)] == mark:
            return _reading(body, encoding, len(mark), renames)
    sixteen = _utf16(body)
    if sixteen or declared:
        return _reading(body, sixteen or _canonical(declared), 0, renames)
    if _is_strict(body, "utf-8"):
        return _reading(body, "utf-8", 0, renames)
    readings = [_reading(body, encoding, 0, renames) for encoding in CANDIDATES]
    return max(readings, key=lambda reading: _fit(body, reading))


def text_of(line: bytes, encoding: str) -> tuple[str, bool]:
    """A line as text, and whether bytes in it were broken (they are then U+FFFD). No database takes a NUL: broken."""
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError:
        return line.decode(encoding, "replace"), True
    return (text.replace("\0", "\ufffd"), True) if "\0" in text else (text, False)


def lines(body: Buffer, encoding: str, start: int) -> Iterator[Span]:
    """Where each physical line stands, its line end included."""
    if encoding.startswith("utf-16"):
        yield from _wide_lines(body, encoding, start)
        return
    # In every other encoding here the bytes of a line end are never part of another character.
    for found in LINE.finditer(body, start):
        yield found.span()


def _wide_lines(body: Buffer, encoding: str, start: int) -> Iterator[Span]:
    end, at, size = "\n".encode(encoding), start, len(body)
    while at < size:
        found = body.find(end, at)
        while found >= 0 and (found - start) % 2:
            found = body.find(end, found + 1)
        stop = size if found < 0 else found + 2
        yield at, stop
        at = stop


def _fit(body: Buffer, reading: Reading) -> tuple[int, int, float]:
    broken = 0
    if not _is_strict(body, reading.encoding):
        spans = lines(body, reading.encoding, reading.start)
        broken = sum(not _decodes(body[start:end], reading.encoding) for start, end in spans)
    return (reading.header.hits if reading.header else 0, -broken, _everyday_share(body, reading.encoding))


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _reading(body: Buffer, encoding: str, start: int, renames: Mapping[str, str]) -> Reading:
    first = [
        text_of(body[at:end], encoding)[0] if end - at <= LINE_BYTES_MAX else ""
        for at, end in islice(lines(body, encoding, start), HEADER_ROWS_MAX)
    ]
    texts = [text if len(text) <= HEADER_CHARACTERS_MAX else "" for text in first]
    return Reading(encoding, start, header_of(texts, renames))


def _utf16(body: Buffer) -> str:
    """UTF-16 without a mark: delimiters and digits leave a zero in every other byte."""
    sample = body[:SAMPLE_BYTES]
    high, low = sample[0::2].count(0), sample[1::2].count(0)
    if max(high, low) * 5 < len(sample) // 2:
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def _is_strict(body: Buffer, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for at in range(0, len(body), PIECE):
            decoder.decode(body[at : at + PIECE], at + PIECE >= len(body))
    except UnicodeDecodeError:
        return False
    return True


def _everyday_share(body: Buffer, encoding: str) -> float:
    if encoding not in COMMON:
        return 0.0
    charset, first, last = COMMON[encoding]
    text = body[: SAMPLE_CHARACTERS * 40].decode(encoding, "ignore")
    sample = [one for one in text if one > "\x7f"][:SAMPLE_CHARACTERS]
    leads = [one.encode(charset, "ignore")[:1] for one in sample]
    return sum(1 for lead in leads if lead and first <= lead[0] <= last) / max(len(sample), 1)


def _canonical(declared: str) -> str:
    """The superset of what was declared: files called GB2312, GBK or Big5 use the larger sets. Unknown ones: UTF-8."""
    name = declared.strip().lower().replace("_", "-")
    wider = {"gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "big5": "cp950", "utf8": "utf-8"}
    try:
        return wider.get(name) or ("utf-16-le" if name == "utf-16" else codecs.lookup(name).name)
    except LookupError:
        return "utf-8"
