"""What every system says of stock just now, beside the hub's book of that very time: rows of a snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.compare_back import HubKnowledge
from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account, ReadsBack
from orderloom.application.read_back import ReadingHub, ReadWish, look_back
from orderloom.application.within import Within
from orderloom.domain.inventory.snapshot import SnapshotRow, was_so
from orderloom.domain.reading_back import LISTINGS, SAME, STOCK, Compared

SYSTEM_SECONDS_MAX = 600.0
SYSTEMS_AT_ONCE = 4
CLAIM_AGE_MAX = timedelta(hours=24)
LOOK_BACK_MAX = timedelta(hours=24)
SETTLING = timedelta(minutes=5)
"""A shop front may go on showing the figure of before for so long after it was told another."""
GRACE = timedelta(seconds=60)
"""A system may speak of what it knew so long before the instant that it names."""


class BookFigure(NamedTuple):
    """The hub's figure now, and by how much the last movements changed it, newest first."""

    now: int
    deltas_back: tuple[int, ...]


class ClaimedFigure(NamedTuple):
    """What a system said last, without being asked."""

    system: str
    warehouse: str
    sku: str
    meaning: str
    quantity: int
    as_of: datetime


class BookOfStock(Protocol):
    """The book that figures are held against."""

    async def book(self, asked: Sequence[tuple[str, str, str, datetime]]) -> list[BookFigure]: ...
    async def sold_since(self, account_id: int, spellings: Sequence[str]) -> dict[str, int]: ...
    async def claims(self, systems: Sequence[str], since: datetime) -> list[ClaimedFigure]: ...


class BookWork(Protocol):
    """One transaction to look into it."""

    @property
    def snapshots(self) -> BookOfStock: ...


class FigurePorts(Protocol):
    """The ports of the hub."""

    @property
    def subjects(self) -> Callable[[], AbstractAsyncContextManager[BookWork]]: ...
    @property
    def known(self) -> Within[HubKnowledge]: ...


class FiguresHub(ReadingHub, Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> FigurePorts: ...


class StockFigures(NamedTuple):
    """Rows of all systems, those that agree too; which systems spoke, and why others did not."""

    rows: list[SnapshotRow]
    systems: tuple[str, ...]
    unread: dict[str, str]


async def stock_figures(hub: FiguresHub) -> StockFigures:
    """Ask all systems that can be asked, and take of the others what they said last."""
    directory = await hub.directory()
    at_once = asyncio.Semaphore(SYSTEMS_AT_ONCE)
    asked = [(account, what) for account in directory.accounts.values() if (what := _readable(hub, account))]

    async def ask(account: Account, what: str) -> list[SnapshotRow] | str:
        async with at_once:
            return await _ask(hub, directory, account, what)

    answers = await asyncio.gather(*[ask(account, what) for account, what in asked])
    unread = {account.code: told for (account, _), told in zip(asked, answers, strict=True) if isinstance(told, str)}
    rows = [row for told in answers if not isinstance(told, str) for row in told]
    names = {account.code for account, _ in asked}
    rows += await _claimed(hub, [a.code for a in directory.accounts.values()
                                 if a.family == "systems" and a.is_active and a.code not in names])
    return StockFigures(rows, tuple(sorted({row.system for row in rows} | names - unread.keys())), unread)


def _readable(hub: FiguresHub, account: Account) -> str:
    """What of stock an account can be asked for; empty: nothing."""
    manifest = hub.manifests.get(account.connector)
    is_asked = account.is_active and manifest is not None and isinstance(
        hub.connectors.get(account.connector), ReadsBack)
    if not is_asked or manifest is None:
        return ""
    return next((what for what in (STOCK, LISTINGS) if what in manifest.reads), "")


async def _ask(hub: FiguresHub, directory: Directory, account: Account, what: str) -> list[SnapshotRow] | str:
    """Rows of an account, those that agree too; or why it gives none."""
    manifest, began = hub.manifests[account.connector], hub.now()
    try:
        found = await look_back(hub, hub.ports.known, directory, account, manifest, ReadWish(what), SYSTEM_SECONDS_MAX)
    except NotKept as refused:
        return refused.zh + " | " + refused.en
    async with hub.ports.known() as known:
        spelled = await known.spelled(account.id, {row.about for row in found.rows})
    rows = [_row(account, what, row, spelled.get(row.about, "")) for row in found.rows]
    return await _explained(hub, account, what, rows, found.rows, began)


def _row(account: Account, what: str, row: Compared, sku: str) -> SnapshotRow:
    explained = "on_its_way" if row.note == "waiting" and what == LISTINGS else ""
    meaning = "shown" if what == LISTINGS else row.note or "physical"
    return SnapshotRow(account.code, row.place, sku, row.about, meaning, row.ours, row.theirs,
                       explained if row.verdict != SAME else "")


async def _explained(
    hub: FiguresHub, account: Account, what: str, rows: list[SnapshotRow], found: Sequence[Compared],
    began: datetime,
) -> list[SnapshotRow]:
    """The rows, where they differ with what explains it."""
    open_rows = [n for n, row in enumerate(rows) if row.ours != row.theirs and not row.explained and row.sku]
    if not open_rows:
        return rows
    async with hub.ports.subjects() as work:
        if what == LISTINGS:
            sold = await work.snapshots.sold_since(account.id, [rows[n].spelling for n in open_rows])
            told = {n: at for n in open_rows if (at := found[n].at) is not None}
            why = {n: "on_its_way" for n, at in told.items() if at >= began - SETTLING}
            why |= {n: "sold_since" for n in open_rows
                    if (rows[n].ours or 0) - sold.get(rows[n].spelling, 0) == (rows[n].theirs or 0)}
        else:
            asked = [(rows[n].sku, rows[n].place, rows[n].meaning, _since(found[n].at, hub.now())) for n in open_rows]
            book = await work.snapshots.book(asked)
            why = {n: "in_flight" for n, figure in zip(open_rows, book, strict=True)
                   if was_so(rows[n].theirs or 0, *figure)}
    return [msgspec.structs.replace(row, explained=why[n]) if n in why else row for n, row in enumerate(rows)]


def _since(as_of: datetime | None, now: datetime) -> datetime:
    return max(min(as_of or now, now) - GRACE, now - LOOK_BACK_MAX)


async def _claimed(hub: FiguresHub, systems: Sequence[str]) -> list[SnapshotRow]:
    """Rows of systems that cannot be asked: what they said last, beside the book of that instant."""
    if not systems:
        return []
    now = hub.now()
    async with hub.ports.subjects() as work:
        claims = await work.snapshots.claims(systems, now - CLAIM_AGE_MAX)
        book = await work.snapshots.book([(c.sku, c.warehouse, c.meaning, _since(c.as_of, now)) for c in claims])
    return [SnapshotRow(c.system, c.warehouse, c.sku, c.sku, c.meaning, figure.now, c.quantity,
                        "in_flight" if figure.now != c.quantity and was_so(c.quantity, *figure) else "")
            for c, figure in zip(claims, book, strict=True)]
