"""Take a table of stock into the ledger: every row is checked first, then all are booked together or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.move_stock import Codes
from orderloom.application.restock import Restock, serve
from orderloom.application.stock_table import Booked, Booking, Key, RowMistake, StockRow, plan, read_rows
from orderloom.application.within import Within
from orderloom.domain.inventory.level import Level


class Taken(msgspec.Struct, frozen=True):
    """What became of a file: its rows, how many were booked now, how many before; beside a mistake none is booked."""

    rows: int
    booked: int
    known: int
    mistakes: tuple[RowMistake, ...]


class FileLedger(Protocol):
    """Stock levels and the lines that made them."""

    async def alone(self) -> None:
        """Files are booked one after the other."""
    async def booked(self, rows: Sequence[StockRow]) -> list[Booked]: ...
    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]:
        """Locked; made where there were none."""


class BookingWork(Protocol):
    """The transaction of a booking; what fails in `attempt` is undone alone."""

    @property
    def ledger(self) -> FileLedger: ...
    def attempt(self) -> AbstractAsyncContextManager[object]: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class NothingBooked(Exception):
    """Nothing is booked: the levels that were made for it are not to stay."""


async def receive_stock(
    restock: Restock, codes: Within[Codes], directory: Directory, table: Sequence[tuple[int, Mapping[str, str]]],
    document: str, reason: str, actor: str, now: Callable[[], datetime], *, is_set: bool = False,
) -> Taken:
    """Book a table of stock, all of it or none; its mistakes are told at once."""
    named = sorted({cells.get("code", "") for _, cells in table})
    async with codes() as goods:
        known = await goods.sku_ids(named)
        near = list(known) if len(known) == len(named) else await goods.codes()
    rows, mistakes = read_rows(table, directory, known, near, document, is_set=is_set)
    if mistakes:
        return Taken(len(table), 0, 0, tuple(mistakes))
    made: list[Booking] = []

    async def book(work: BookingWork) -> bool:
        made[:] = [await _book(work, rows, now(), reason, actor)]
        return bool(made[0].movements)

    await serve(restock, sorted({row.key[0] for row in rows}), book)
    return Taken(len(table), len(made[0].movements), made[0].known, made[0].mistakes)


async def _book(work: BookingWork, rows: Sequence[StockRow], at: datetime, reason: str, actor: str) -> Booking:
    """What was booked; nothing when the plan has mistakes."""
    made = Booking((), 0, ())
    try:
        async with work.attempt():
            await work.ledger.alone()
            booked = await work.ledger.booked(rows)
            made = plan(rows, booked, await work.ledger.levels(sorted({row.key for row in rows})), reason, actor, at)
            if not made.movements:
                raise NothingBooked
            change = Change()
            change.movements.extend(made.movements)
            await work.save(change, at, actor)
    except NothingBooked:
        return made
    return made
