"""Labels that were asked of carriers for a work: how they stand, what prints them, the waybill for the next box."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from orderloom.application.buy_label import Label
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)


class LabelList(msgspec.Struct, frozen=True):
    """The labels of a work; `prints` is what prints each, by its number, where that may be seen."""

    labels: list[Label]
    prints: dict[str, str]


async def labels_of(connection: Connection, work: str, open_text: Callable[[bytes], str] | None) -> LabelList:
    """The labels of a work. Without `open_text` nothing that prints them."""
    rows = await (await connection.execute(SQL["labels"], {"work": work})).fetchall()
    prints = {row[0]: open_text(bytes(row[13])) for row in rows if row[13]} if open_text else {}
    return LabelList([Label(*row[:13]) for row in rows], prints)


async def label_of(connection: Connection, number: str) -> Label:
    """The label with this number, which there is."""
    row = await (await connection.execute(SQL["one"], {"number": number})).fetchone()
    assert row is not None
    return Label(*row)


async def label_for(connection: Connection, work: str) -> tuple[str, str] | None:
    """Waybill and carrier of the next box of a work, where its label was bought."""
    row = await (await connection.execute(SQL["unused"], {"work": work})).fetchone()
    return (row[0], row[1]) if row else None
