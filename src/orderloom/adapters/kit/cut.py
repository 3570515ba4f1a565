"""Cut a list out of an answer into the exact bytes of each record, whatever the answer's character set.

JSON is found by its ASCII marks, yet in GBK and GB18030 the second byte of a character may look like one (0x5C is a
backslash). So in a body that is no UTF-8 every character beyond ASCII is blotted out byte for byte, the places are
found in the blotted copy, and the cuts are made in the original. Broken bytes are blotted out too: a spoilt note does
not cost its neighbours on the page.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.paths import INNER, SELF, Path
from orderloom.blueprint.mapping.bodies import Unreadable, parse_json

_GB_CHARACTER = re.compile(rb"[\x81-\xfe](?:[\x40-\x7e\x80-\xfe]|[\x30-\x39][\x81-\xfe][\x30-\x39])|[\x80-\xff]")
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_HALF = re.compile(rb"\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)", re.DOTALL)
"""An escape: that of half a surrogate pair, else any, so that a backslash before it is not taken for its own."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},:]')
_RAW = msgspec.json.Decoder(msgspec.Raw)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])
_BLOCK = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BLANKS = b" \t\r\n"
_NULL = b"null"
NOTHING = (b"null", b'""', b"false")
"""What platforms write where there is no block."""


class Piece(NamedTuple):
    """A stretch of a body: `marks` is the copy in which its places are found, `body` the bytes as they came."""

    marks: bytes
    body: bytes
    start: int
    end: int

    @property
    def first(self) -> bytes:
        """Its first byte, which says what it is."""
        return self.marks[self.start:self.start + 1]

    @property
    def is_null(self) -> bool:
        """Whether it stands for nothing."""
        return self.marks[self.start:self.end] == _NULL

    def bytes(self) -> bytes:
        """As it came."""
        return self.body[self.start:self.end]


def records(body: bytes, path: Path, charset: str = "") -> tuple[bytes, ...]:
    """The records at the path (the first of several paths that is there), byte for byte; a block there is one record.

    Nothing there, null, "" or false is an empty list, any other word is none; the path's first step must be there.
    Raises NotTheAnswer.
    """
    found = _whole(body, charset)
    missing = ""
    for one in [path] if isinstance(path, str) else path:
        steps = [] if one == SELF else one.split(".")
        piece = _follow(found, steps)
        if piece is not None:
            return _split(piece)
        if not steps or _member(found, steps[0].rstrip(INNER)) is not None:
            return ()
        missing = missing or steps[0]
    raise NotTheAnswer(f"no {missing}")


def records_in(body: bytes, places: str | Sequence[str]) -> list[bytes]:
    """The records of every place of several; "" is the body itself. Raises NotTheAnswer."""
    return [record for place in ([places or SELF] if isinstance(places, str) else places)
            for record in records(body, place)]


def parsed(record: bytes) -> Any:
    """A record's data, to find its number and its time in; None when it cannot be read."""
    try:
        return msgspec.json.decode(as_utf8(record))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        pass
    try:  # half a surrogate pair spoils a note and not the record
        return parse_json(as_utf8(record).decode()).data
    except (Unreadable, UnicodeError):
        return None


def without_mark(body: bytes) -> bytes:
    """The body without the byte order mark that some servers write before it; what is UTF-16 by it, in UTF-8."""
    if body.startswith(BOM_UTF8):
        return body[len(BOM_UTF8):]
    if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return body.decode("utf-16", errors="replace").encode("utf-8")
    return body


def as_utf8(body: bytes) -> bytes:
    """The answer in UTF-8, whichever character set it came in."""
    if body.isascii():
        return body
    body = without_mark(body)
    try:
        return body.decode("utf-8").encode()
    except UnicodeDecodeError:
        return body.decode("gb18030", errors="replace").encode()


def _whole(body: bytes, charset: str) -> Piece:
    """The body, in the first reading of its character set in which it is JSON. Raises NotTheAnswer."""
    reasons, body = [], without_mark(body)
    for marks in _with_halves(_readings(body, charset)):
        try:
            _RAW.decode(marks)
        except (msgspec.DecodeError, RecursionError) as error:
            reasons.append(str(error))
            continue
        return _trimmed(Piece(marks, body, 0, len(marks)))
    raise NotTheAnswer(reasons[0])


def _readings(body: bytes, charset: str) -> Iterator[bytes]:
    if body.isascii() or _is_utf8(body):
        yield body
    patterns = (_GB_CHARACTER, _HIGH_BYTES) if _is_gb(body, charset) else (_HIGH_BYTES, _GB_CHARACTER)
    for pattern in patterns if not body.isascii() else ():
        yield pattern.sub(lambda match: b"x" * len(match.group()), body)


def _with_halves(readings: Iterator[bytes]) -> Iterator[bytes]:
    """Each reading, and behind it the one in which a picture that was cut in half spoils no page."""
    for marks in readings:
        yield marks
        blotted = _HALF.sub(lambda match: b"x" * 6 if len(match.group()) == 6 else match.group(), marks)
        if blotted != marks:
            yield blotted


def _follow(piece: Piece, steps: Sequence[str]) -> Piece | None:
    for said in steps:
        if piece.first not in (b"{", b"[") and piece.bytes() not in NOTHING:
            raise NotTheAnswer(f"no block in which {said} could stand")
        found = _member(piece, said.rstrip(INNER))
        if found is None or found.is_null:
            return None
        piece = _opened(found) if said.endswith(INNER) else found
    return piece


def _member(piece: Piece, step: str) -> Piece | None:
    """The last member of that name, as every reader of JSON takes it; of a list the one at that place."""
    if piece.first == b"[":
        return next((one for n, (_, one) in enumerate(_members(piece)) if str(n) == step), None)
    if piece.first == b"{" and piece.marks is piece.body:
        value = _BLOCK.decode(piece.bytes()).get(step)
        return None if value is None else Piece(raw := bytes(value), raw, 0, len(raw))
    wanted, found = msgspec.json.encode(step), None
    for key, one in _members(piece) if piece.first == b"{" else ():
        if key == wanted:
            found = one
    return found


def _members(piece: Piece) -> Iterator[tuple[bytes, Piece]]:
    """(name in quotes, piece) of a block, ("", piece) of a list. The text is known to be JSON."""
    marks, depth, key, start = piece.marks, 0, b"", piece.start + 1
    for token in _TOKEN.finditer(marks, piece.start + 1, piece.end):
        mark = marks[token.start():token.start() + 1]
        if mark in b"[{":
            depth += 1
        elif depth and mark in b"]}":
            depth -= 1
        elif not depth and mark == b":":
            key, start = marks[start:token.start()].strip(_BLANKS), token.end()
        elif not depth and mark in b",]}":
            found = _trimmed(piece._replace(start=start, end=token.start()))
            if found.start < found.end:
                yield key, found
            key, start = b"", token.end()


def _trimmed(piece: Piece) -> Piece:
    start, end = piece.start, piece.end
    while start < end and piece.marks[start:start + 1] in (b" ", b"\t", b"\r", b"\n"):
        start += 1
    while start < end and piece.marks[end - 1:end] in (b" ", b"\t", b"\r", b"\n"):
        end -= 1
    return piece._replace(start=start, end=end)


def _opened(piece: Piece) -> Piece:
    """The JSON that stands as a text in a field: its bytes are what the text says. Raises NotTheAnswer."""
    if piece.first != b'"':
        return piece
    text = msgspec.json.decode(as_utf8(piece.bytes()))
    return _whole(str(text).encode("utf-8", "surrogatepass"), "")


def _split(piece: Piece) -> tuple[bytes, ...]:
    if piece.first == b"{":
        return (piece.bytes(),)
    if piece.first != b"[":
        if piece.bytes() not in NOTHING:
            raise NotTheAnswer("a word where records should stand")
        return ()
    if piece.marks is piece.body:
        return tuple(map(bytes, _LIST.decode(piece.bytes())))
    return tuple(one.bytes() for _, one in _members(piece))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_gb(body: bytes, charset: str) -> bool:
    name = charset.lower().replace("-", "").replace("_", "")
    if name.startswith("gb") or name == "cp936":
        return True
    return not _is_utf8(body) and not name.startswith("utf")
