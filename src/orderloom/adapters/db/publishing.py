"""The publisher's transactions: read by transaction id below the horizon, write what follows and the new place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from orderloom.adapters.db import outbox
from orderloom.adapters.db.save import save_cases
from orderloom.adapters.db.statements import statement
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.publish import Fact, Listing, event_deliveries, grams, stock_deliveries

Connection = AsyncConnection[Any]
EVENTS_MAX = 5_000
FOLD_AFTER = timedelta(hours=2)


async def publish_stock(connection: Connection, directory: Directory, at: datetime) -> list[int]:
    """Queue the figures that changed since the last time; returns the SKUs that moved. One transaction."""
    async with connection.transaction():
        since = await _place(connection, "stock")
        if since is None:
            return []
        until = await _horizon(connection)
        skus = await _column(connection, "moved_skus", since=since, until=until)
        if skus:
            await tell_stock(connection, skus, directory, at)
        if since != until:
            await connection.execute(statement("publish", "move"), {"name": "stock", "xid": until, "at": at})
        return skus


async def tell_stock(connection: Connection, skus: Sequence[int], directory: Directory, at: datetime) -> int:
    """Queue figures of these SKUs that differ from what each channel was told; open cases for what is oversold."""
    listings = [Listing(*r) for r in await _rows(connection, "listings", skus=list(skus))
                if r[0] in directory.accounts and r[2] in directory.skus]
    parts = {c for x in listings for c, _ in directory.skus[x.sku_id].components}
    free = dict(await _rows(connection, "free", skus=sorted(parts)))
    known_rows = await _rows(connection, "known", externals=[x.sku_external for x in listings])
    known = {(account, external): quantity for account, external, quantity in known_rows}
    deliveries, told = stock_deliveries(listings, free, known, directory)
    await outbox.add(connection, deliveries, at)
    if told:
        await connection.execute(statement("publish", "told"), {
            "account": [t[0] for t in told], "sku": [t[1] for t in told], "quantity": [t[2] for t in told], "at": at,
        })
    await _oversold(connection, skus, directory, at)
    return len(told)


async def publish_events(connection: Connection, directory: Directory, at: datetime) -> int:
    """Carry new facts to subscribers, the search and the rollups; returns how many facts. One transaction."""
    async with connection.transaction():
        since = await _place(connection, "events")
        if since is None:
            return 0
        until = await _horizon(connection)
        last = (await _column(connection, "last_xid", since=since, until=until, limit=EVENTS_MAX))[0]
        if last is None:
            return 0
        facts = [Fact(*r) for r in await _rows(connection, "facts", since=since, last=last)]
        await outbox.add(connection, event_deliveries(facts, await _column(connection, "subscribers")), at)
        await _search(connection, {f.order_id for f in facts if f.kind in ("order_recorded", "order_amended",
                                                                           "parcel_shipped")})
        await connection.execute(statement("publish", "days"), {"since": since, "last": last})
        await connection.execute(statement("publish", "move"), {"name": "events", "xid": str(int(last) + 1), "at": at})
        await connection.execute("select pg_notify('orderloom_events', '')")
        return len(facts)


async def fold_tally(connection: Connection, at: datetime) -> None:
    """Add up the counts of hours that are over, so that the table stays small."""
    await connection.execute(statement("publish", "fold"), {"before": at - FOLD_AFTER})


async def _search(connection: Connection, ids: set[str]) -> None:
    if not ids:
        return
    rows = await _rows(connection, "documents", ids=[UUID(i) for i in sorted(ids)])
    await connection.execute(statement("publish", "search"), {
        "id": [UUID(r[0]) for r in rows], "document": [r[1].lower() for r in rows],
        "grams": ["\x1f".join(grams(r[1])) for r in rows],
    })


async def _oversold(connection: Connection, skus: Sequence[int], directory: Directory, at: datetime) -> None:
    """A level that promises more than lies there is a case; one that is right again closes it."""
    rows = await _rows(connection, "oversold", skus=list(skus))
    change = Change()
    rule = directory.blueprints[directory.blueprint_active].case("oversold")
    over = {f"{r[2]}@{r[3]}" for r in rows}
    for r in rows:
        change.cases.append(CaseOpened(
            "oversold", f"{r[2]}@{r[3]}",
            {"sku": r[2], "warehouse": r[3], "on_hand": r[4], "reserved": r[5], "allocated": r[6], "frozen": r[7]},
            None, None, rule.owner, at + timedelta(seconds=rule.limit_seconds),
        ))
    change.resolved = [
        ("oversold", subject) for sku in skus if sku in directory.skus for w in directory.warehouses
        if (subject := f"{directory.skus[sku].code}@{w.code}") not in over
    ]
    await save_cases(connection, change, at, "publish")


async def _place(connection: Connection, name: str) -> str | None:
    """This publisher's place, locked; None when another worker holds it."""
    await connection.execute(statement("publish", "watermark_new"), {"name": name})
    row = await (await connection.execute(statement("publish", "watermark"), {"name": name})).fetchone()
    return str(row[0]) if row else None


async def _horizon(connection: Connection) -> str:
    return str((await _column(connection, "horizon"))[0])


async def _rows(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("publish", name), given or None)).fetchall()


async def _column(connection: Connection, name: str, **given: Any) -> list[Any]:
    return [r[0] for r in await _rows(connection, name, **given)]
