"""Labels that were asked of carriers for a work: how they stand, what prints them, the waybill for the next box."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.book_pickup import Pickup
from orderloom.application.buy_label import Label
from orderloom.application.ports import Account
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
HANDOVER_ROWS_MAX = 5_000


class LabelList(msgspec.Struct, frozen=True):
    """The labels of a work; `prints` is what prints each, by its number, where that may be seen."""

    labels: list[Label]
    prints: dict[str, str]


async def labels_of(connection: Connection, work: str, open_text: Callable[[bytes], str] | None) -> LabelList:
    """The labels of a work. Without `open_text` nothing that prints them."""
    rows = await (await connection.execute(SQL["labels"], {"work": work})).fetchall()
    prints = {row[0]: open_text(bytes(row[13])) for row in rows if row[13]} if open_text else {}
    return LabelList([Label(*row[:13]) for row in rows], prints)


class PickupList(msgspec.Struct, frozen=True):
    """The couriers that were sent for, for a work."""

    pickups: list[Pickup]


class HandoverRow(msgspec.Struct, frozen=True):
    """A waybill to be handed over; `is_out`: its parcel is reported out."""

    waybill: str
    carrier: str
    work: str
    order: str
    box: int
    bought_at: datetime
    is_out: bool


class Handover(msgspec.Struct, frozen=True):
    """What a carrier's driver signs for: the waybills that an account sold on a day and that were not given back.
    `is_more`: there are more than one list holds."""

    account: str
    day: str
    rows: list[HandoverRow]
    is_more: bool = False


async def pickups_of(connection: Connection, work: str) -> PickupList:
    """The couriers of a work."""
    rows = await (await connection.execute(SQL["pickups"], {"work": work})).fetchall()
    return PickupList([Pickup(*row) for row in rows])


async def pickup_of(connection: Connection, work: str, number: str) -> Pickup:
    """The courier of a work with this number, which there is."""
    return next(one for one in (await pickups_of(connection, work)).pickups if one.number == number)


async def handover_of(connection: Connection, account: Account, day: date, zone: str) -> Handover:
    """The list of an account's day, which begins at midnight where the seller is."""
    start = datetime.combine(day, time(), ZoneInfo(zone))
    rows = await (await connection.execute(SQL["handover"], {
        "account": account.id, "start": start, "end": datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)),
        "limit": HANDOVER_ROWS_MAX + 1})).fetchall()
    return Handover(account.code, day.isoformat(), [HandoverRow(*row) for row in rows[:HANDOVER_ROWS_MAX]],
                    len(rows) > HANDOVER_ROWS_MAX)


async def label_of(connection: Connection, number: str) -> Label:
    """The label with this number, which there is."""
    row = await (await connection.execute(SQL["one"], {"number": number})).fetchone()
    assert row is not None
    return Label(*row)


async def label_for(connection: Connection, work: str) -> tuple[str, str] | None:
    """Waybill and carrier of the next box of a work, where its label was bought."""
    row = await (await connection.execute(SQL["unused"], {"work": work})).fetchone()
    return (row[0], row[1]) if row else None
