"""Snapshots of stock in the caller's transaction: begun once, ended once, with what differs and whose sales pause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.goods import GoodsMoved
from orderloom.adapters.db.statements import statement
from orderloom.application.stock_figures import BookFigure, ClaimedFigure
from orderloom.application.take_snapshot import SnapshotEnd
from orderloom.domain.inventory.snapshot import SnapshotRow

Connection = AsyncConnection[Any]
MOVEMENTS_MAX = 500
"""Of a SKU in a warehouse, looked back at to explain a figure."""


class Snapshots:
    """See `application.take_snapshot.SnapshotBook` and `application.stock_figures.BookOfStock`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def begin(
        self, id: str, number: str, scheduled_for: datetime | None, at: datetime, until: datetime, by: str,
    ) -> bool:
        """Write down that one is begun; False when the clock's one of that instant is there already."""
        return bool(await self._rows("begin", id=id, number=number, scheduled_for=scheduled_for, at=at, until=until,
                                     by=by))

    async def is_there(self, scheduled_for: datetime) -> bool:
        """Whether the clock's one of that instant was begun, or the hub is younger than that."""
        return bool((await self._rows("is_there", scheduled_for=scheduled_for))[0][0])

    async def waiting(self, at: datetime) -> str | None:
        """The number of one that nobody takes."""
        rows = await self._rows("waiting", at=at)
        return rows[0][0] if rows else None

    async def lease(self, number: str, at: datetime, until: datetime) -> bool:
        """Take one; False when somebody else has."""
        return bool(await self._rows("lease", number=number, at=at, until=until))

    async def end(self, number: str, found: SnapshotEnd, at: datetime) -> str | None:
        """Write down what was found; the snapshot's id, None when it has ended already."""
        rows = await self._rows(
            "end", number=number, at=at, compared=found.compared, explained=found.explained, differ=found.differ,
            systems=list(found.systems), unread=Jsonb(dict(found.unread)), tripped=list(found.tripped))
        return rows[0][0] if rows else None

    async def keep_rows(self, id: str, rows: Sequence[SnapshotRow]) -> None:
        """Keep what differs."""
        told = [{"no": no, **msgspec.structs.asdict(row)} for no, row in enumerate(rows, 1)]
        await self._connection.execute(statement("snapshots", "rows"), {"id": id, "rows": Jsonb(told)})

    async def open_breakers(self, id: str, skus: Sequence[str], at: datetime, until: datetime) -> None:
        """New orders of these SKUs wait; every process knows it from the transaction's end on."""
        opened = await self._rows("open_breakers", id=id, skus=list(skus), at=at, until=until)
        await bump(self._connection, GoodsMoved(skus=[row[0] for row in opened]))

    async def close_breakers(self, at: datetime, number: str = "") -> dict[str, list[str]]:
        """Close those whose time is over, or all of a snapshot; codes of their SKUs by the snapshot's number."""
        rows = await self._rows("close_breakers", at=at, number=number)
        found: dict[str, list[str]] = {}
        for snapshot, _, code in sorted(rows):
            found.setdefault(snapshot, []).append(code)
        if rows:
            await bump(self._connection, GoodsMoved(skus=[row[1] for row in rows]))
        return found

    async def book(self, asked: Sequence[tuple[str, str, str, datetime]]) -> list[BookFigure]:
        """The hub's figures of these (SKU, warehouse, meaning), and their changes since an instant, in this order."""
        if not asked:
            return []
        skus, houses, meanings, sinces = map(list, zip(*asked, strict=True))
        rows = await self._rows("book", skus=skus, houses=houses, meanings=meanings, sinces=sinces, most=MOVEMENTS_MAX)
        found: Mapping[int, BookFigure] = {row[0] - 1: BookFigure(row[1], tuple(row[2])) for row in rows}
        return [found.get(place, BookFigure(0, ())) for place in range(len(asked))]

    async def sold_since(self, account_id: int, spellings: Sequence[str]) -> dict[str, int]:
        """Units of these listings that were sold since the channel was last told of them, as far as the hub knows."""
        return dict(await self._rows("sold_since", account=account_id, spellings=list(spellings)))

    async def claims(self, systems: Sequence[str], since: datetime) -> list[ClaimedFigure]:
        """The last figures of systems that are not asked, none older than that."""
        return [ClaimedFigure(*row) for row in await self._rows("claims", systems=list(systems), since=since)]

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("snapshots", query), given)).fetchall()
