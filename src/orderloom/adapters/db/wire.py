"""Values and rows as they travel to PostgreSQL, in its own binary form: what they become is known before they are sent.

An id is its 16 bytes there. Made once and kept as bytes it costs a sixth of an object of type UUID, and the driver's
own C code copies it; so a row of an order is put together without a line of Python for each of its values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from struct import error as struct_error
from struct import pack
from typing import Any
from uuid import UUID

import orjson
from psycopg import adapters
from psycopg._copy_base import format_row_binary  # private: test_rows_on_the_wire.py holds it to `write_row`
from psycopg.abc import AdaptContext
from psycopg.adapt import AdaptersMap, Dumper, Transformer
from psycopg.errors import NumericValueOutOfRange
from psycopg.pq import Format
from psycopg.types.string import BytesBinaryDumper

Row = tuple[Any, ...]
SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TEXT = adapters.types["text"].oid
INT4 = adapters.types["int4"].oid
TRAILER = b"\xff\xff"
SENT_AS = {"uuid": "bytea", "jsonb": "bytea"}
"""Types whose values are put in their binary form where the row is made (`Sent`): for the driver they are bytes."""


class Sent(bytes):
    """A value in the form in which it is sent; each kind of it says which type the server is told."""

    oid = 0

    def text(self) -> bytes:
        """The value as it is written in SQL: the driver sends lists so."""
        raise NotImplementedError


class Id(Sent):
    """A uuid."""

    oid = adapters.types["uuid"].oid

    def __str__(self) -> str:
        return str(UUID(bytes=bytes(self)))

    def text(self) -> bytes:
        """Its digits: the server asks for no hyphens."""
        return self.hex().encode()


class Ids(dict[str, Id]):
    """Ids by their text, each made once."""

    def __missing__(self, text: str) -> Id:
        made = self[text] = id_of(text)
        return made


class Json(Sent):
    """A jsonb."""

    oid = adapters.types["jsonb"].oid

    def text(self) -> bytes:
        """What stands behind the form's version."""
        return self[1:]


class IdList(Sent):
    """A uuid[]."""

    oid = adapters.types["uuid"].array_oid


class IntList(Sent):
    """An int4[]."""

    oid = adapters.types["int4"].array_oid


class TextList(Sent):
    """A text[]."""

    oid = adapters.types["text"].array_oid


class _SentDumper(Dumper):
    """Sends a value as it is."""

    format = Format.BINARY

    def __init__(self, cls: type[Sent], context: AdaptContext | None = None) -> None:
        super().__init__(cls, context)
        self.oid = cls.oid

    def dump(self, obj: Sent) -> bytes:
        return obj


class _SpokenDumper(_SentDumper):
    """Sends it as text."""

    format = Format.TEXT

    def dump(self, obj: Sent) -> bytes:
        return obj.text()


adapters.register_dumper(Sent, _SpokenDumper)
adapters.register_dumper(Sent, _SentDumper)  # the last one is taken where either would do


def id_of(text: str) -> Id:
    """An id of its canonical text. Raises ValueError for what is none."""
    return Id(bytes.fromhex(text.replace("-", "")))


def json_of(value: Any) -> Json:
    """A jsonb of what orjson takes; the first byte is the version of the form."""
    return Json(b"\x01" + orjson.dumps(value))


def ids_of(ids: Sequence[Id]) -> IdList:
    """A uuid[] of at least one id."""
    return IdList(_head(Id.oid, len(ids)) + b"".join([b"\0\0\0\x10" + one for one in ids]))


def ints_of(numbers: Sequence[int]) -> IntList:
    """An int4[] of at least one number. Raises what the server would for one that is too big."""
    cells = [4] * (2 * len(numbers))
    cells[1::2] = numbers
    try:
        return IntList(_head(INT4, len(numbers)) + pack(f">{len(cells)}i", *cells))
    except struct_error:
        raise NumericValueOutOfRange("integer out of range") from None


def texts_of(texts: Collection[str]) -> TextList:
    """A text[] of at least one text."""
    cells = [text.encode() for text in texts]
    return TextList(_head(TEXT, len(cells)) + b"".join([len(cell).to_bytes(4) + cell for cell in cells]))


def _head(oid: int, count: int) -> bytes:
    """What stands before an array's elements: one dimension, no nulls, their type, how many, the first has number 1."""
    return pack(">5i", 1, 0, oid, count, 1)


class Encoder:
    """Makes rows of columns of these types into bytes; made once, and for every connection: all of ours speak UTF-8."""

    def __init__(self, kinds: Sequence[str]) -> None:
        known = AdaptersMap(adapters)
        known.register_dumper(bytes, BytesBinaryDumper)  # the last one that is registered serves the type: this is in C
        self._driver = Transformer(known)
        self._driver.set_dumper_types([known.types.get_oid(SENT_AS.get(kind, kind)) for kind in kinds], Format.BINARY)

    def encode(self, rows: Iterable[Row]) -> bytearray:
        """A whole COPY."""
        out = bytearray(SIGNATURE)
        for row in rows:
            format_row_binary(row, self._driver, out)
        out += TRAILER
        return out
