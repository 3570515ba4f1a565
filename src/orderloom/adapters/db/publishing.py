"""The publisher's transactions: read by transaction id below the horizon, write what follows and the new place."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from psycopg import AsyncConnection

from orderloom.adapters.db import outbox
from orderloom.adapters.db.apart import apart
from orderloom.adapters.db.cases import close_empty, save_cases
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.goods import read_goods
from orderloom.adapters.db.narrowed import narrowed
from orderloom.adapters.db.pruning import prune
from orderloom.adapters.db.sale_shown import add_up_waits, keep_waits
from orderloom.adapters.db.search import BringUp, index_orders
from orderloom.adapters.db.shipping_times import keep_ship_by, read_unread
from orderloom.adapters.db.statements import statement
from orderloom.adapters.manifests import capable, stock_takers, takes_groups
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory, KnownGoods
from orderloom.application.identity.sight import Rows
from orderloom.application.publish import (
    Fact,
    Listener,
    Listing,
    Offered,
    by_place,
    event_deliveries,
    is_bundle,
    purge_deliveries,
    stock_deliveries,
)
from orderloom.application.set_aside import again_at
from orderloom.application.set_aside import failed as failure
from orderloom.application.subscribe import subscriber_sight
from orderloom.domain.fault import told
from orderloom.domain.inventory.shown import Available

Connection = AsyncConnection[Any]
EVENTS_MAX = 5_000
AGAIN_MAX = 5_000
"""SKUs that did not move and are told again in one step."""
SEARCHED = ("order_recorded", "order_amended", "parcel_shipped")
FOLD_AFTER = timedelta(hours=2)
log = structlog.get_logger()


class Aside(NamedTuple):
    """A SKU or an order whose turn failed; its facts from `from_xid` on wait until `again_at`."""

    subject: str
    from_xid: str
    tries: int
    again_at: datetime


async def publish_stock(connection: Connection, directory: Directory, at: datetime) -> list[int]:
    """Queue the figures that changed since the last time; returns the SKUs that it looked at. One transaction.

    A SKU that fails alone is set aside with a case, and is tried again when it moves or its time has come. A directory
    of before tells nothing: what is to be told again (`tell_again`) would be told as it was.
    """
    async with connection.transaction():
        since = await _place(connection, "stock")
        row = await (await connection.execute(statement("directory", "version"))).fetchone()
        if since is None or row is None or row[0] != directory.version:
            return []
        until = await _horizon(connection)
        moved = await _column(connection, "moved_skus", since=since, until=until)
        waiting = {int(w.subject): w for w in await _aside(connection, "stock")}
        due = [sku for sku, w in waiting.items() if w.again_at <= at][:AGAIN_MAX]
        skus = sorted({*moved, *due})
        failed = await apart(connection, skus, lambda some: tell_stock(connection, some, directory, at, (since, until)))
        await _keep_aside(connection, "stock", {str(sku): None for sku in skus}, waiting.values(),
                            {str(sku): error for sku, error in failed.items()}, since, directory, at)
        if since != until:
            await connection.execute(statement("publish", "move"), {"name": "stock", "xid": until, "at": at})
        return skus


async def tell_again(connection: Connection, skus: Sequence[int]) -> None:
    """Have the figures of these SKUs told anew: in the transaction that changes what is shown without a movement."""
    await connection.execute(statement("publish", "tell_again"), {"skus": list(skus)})


async def tell_all_again(connection: Connection, warehouse: int | None = None) -> None:
    """The same for all that lies in a warehouse, or anywhere."""
    await connection.execute(statement("publish", "tell_all_again"), {"warehouse": warehouse})


async def tell_stock(
    connection: Connection, skus: Sequence[int], directory: Directory, at: datetime,
    moved: tuple[str, str] | None = None,
) -> int:
    """Queue figures of these SKUs that differ from what each channel was told; open cases for what is oversold.

    `moved`: between which transactions they moved: the sales among them are timed until other shops show it."""
    takers, blueprint = stock_takers(), directory.blueprints[directory.blueprint_active]
    rows = await _rows(connection, "listings", skus=list(skus), connectors=list(takers), asked=capable("listings"),
                       by_id=[name for name, is_by_id in takers.items() if is_by_id])
    _, goods = await read_goods(connection, skus=skus)
    listings = [Listing(*r) for r in rows if r[0] in directory.accounts and r[2] in goods.skus]
    parts = set(goods.parts([x.sku_id for x in listings]))
    units = {r[0]: Available(r[1], unpaid=r[2]) for r in await _rows(connection, "free", skus=sorted(parts))}
    offered = Offered(units, {(r[0], r[1]): r[2] for r in await _rows(connection, "kept", skus=sorted(parts))},
                      await _places(connection, listings, goods) if not blueprint.sourcing.may_split else {})
    known = {(r[0], r[1]): r[2] for r in await _rows(connection, "known", externals=[x.sku_external for x in listings])}
    by_group = {one for one in {x.account_id for x in listings} if takes_groups(directory.accounts[one].connector)}
    deliveries, told = stock_deliveries(listings, offered, known, directory, goods)
    ids = await outbox.add_figures(connection, deliveries, at, by_group)
    if blueprint.publish.public_shops:
        await outbox.add(connection, purge_deliveries(told, directory, capable("purge"), at), at)
    if moved is not None and deliveries:
        await keep_waits(connection, ids, deliveries, listings, goods, moved)
    if told:
        await connection.execute(statement("publish", "told"), {
            "account": [t[0] for t in told], "sku": [t[1] for t in told], "quantity": [t[2] for t in told], "at": at,
        })
    await _oversold(connection, skus, goods, directory, at)
    return len(told)


async def _places(
    connection: Connection, listings: Sequence[Listing], goods: KnownGoods,
) -> dict[int, dict[int, int]]:
    """Free units of bundles' parts by warehouse."""
    parts = goods.parts([x.sku_id for x in listings if is_bundle(goods.skus[x.sku_id])])
    return by_place(await _rows(connection, "free_by_place", skus=sorted(parts))) if parts else {}


@asynccontextmanager
async def moved_since(connection: Connection, name: str, at: datetime) -> AsyncIterator[list[int]]:
    """SKUs that moved since this reader's block last ended well; none while another worker is in it.

    No transaction is held meanwhile: a block that fails, or dies with its process, gets the same SKUs again.
    """
    if not (await _column(connection, "alone", name=name))[0]:
        yield []
        return
    try:
        await connection.execute(statement("publish", "watermark_new"), {"name": name})
        since, until = (await _column(connection, "place", name=name))[0], await _horizon(connection)
        yield await _column(connection, "moved_skus", since=since, until=until)
        if since != until:
            await connection.execute(statement("publish", "move_from"), {
                "name": name, "since": since, "xid": until, "at": at})
    finally:
        await connection.execute(statement("publish", "not_alone"), {"name": name})


async def publish_events(connection: Connection, directory: Directory, at: datetime) -> int:
    """Carry new facts to subscribers and the search; returns how many facts. One transaction.

    An order that fails alone is set aside with a case: its facts wait, in their order, and all others' go out.
    """
    async with connection.transaction():
        since = await _place(connection, "events")
        if since is None:
            return 0
        until = await _horizon(connection)
        last = (await _column(connection, "last_xid", since=since, until=until, limit=EVENTS_MAX))[0]
        waiting = await _aside(connection, "events")
        count = 0
        if last is not None:
            facts = [Fact(*r) for r in await _rows(connection, "facts", since=since, last=last)]
            count = len(facts)
            kept = {w.subject for w in waiting}
            await _carry(connection, [f for f in facts if f.order_id not in kept], since, directory, at, ())
            await connection.execute(statement("publish", "move"), {
                "name": "events", "xid": str(int(last) + 1), "at": at})
            await connection.execute("select pg_notify('orderloom_events', '')")
        for w in waiting:
            if w.again_at <= at:
                until = last or str(int(since) - 1)
                facts = [Fact(*r) for r in await _rows(connection, "facts_of", since=w.from_xid, last=until,
                                                       order=UUID(w.subject))]
                await _carry(connection, facts, w.from_xid, directory, at, (w,))
        return count


async def _carry(
    connection: Connection, facts: Sequence[Fact], since: str, directory: Directory, at: datetime,
    waiting: Sequence[Aside],
) -> None:
    """Tell of these facts, which begin with transaction `since`; orders that fail alone are set aside."""
    listed = await _column(connection, "subscribers", connectors=list(capable("event")))

    async def tell(ids: Sequence[str]) -> None:
        chosen = set(ids)
        ours = [f for f in facts if f.order_id in chosen]
        listeners = [Listener(i, sight.hides, await _seen(connection, sight.rows, ids) if sight.rows else None)
                     for i in listed if (sight := subscriber_sight(directory.accounts.get(i), directory))]
        await outbox.add(connection, event_deliveries(ours, listeners), at)
        await index_orders(connection, {f.order_id for f in ours if f.kind in SEARCHED})
        await keep_ship_by(connection, chosen, directory)

    orders = list(dict.fromkeys([f.order_id for f in facts] + [w.subject for w in waiting]))
    failed = await apart(connection, orders, tell)
    await _keep_aside(connection, "events", {i: i for i in orders}, waiting, failed, since, directory, at)


async def _seen(connection: Connection, rows: Rows, ids: Sequence[str]) -> frozenset[str]:
    """Those of the orders that are among these rows."""
    query = narrowed("select id::text from orders where id = any(%(ids)s::uuid[])", rows)
    found = await (await connection.execute(query, {"ids": list(ids)})).fetchall()
    return frozenset(row[0] for row in found)


async def _aside(connection: Connection, stream: str) -> list[Aside]:
    """What was set aside and has not been mended."""
    return [Aside(*r) for r in await _rows(connection, "aside", stream=stream)]


async def _keep_aside(
    connection: Connection, stream: str, tried: Mapping[str, str | None], waiting: Iterable[Aside],
    failed: Mapping[str, Exception], from_xid: str, directory: Directory, at: datetime,
) -> None:
    """Write down who waits from now on, and close the cases of those whose turn succeeded. `tried`: their orders."""
    before = {w.subject: w for w in waiting}
    change = Change()
    for subject, error in failed.items():
        known = before.get(subject)
        tries = known.tries if known else 0
        log.error("publish_failed", stream=stream, subject=subject, error=told(error))
        change.cases.append(failure("publish_failed", f"{stream}:{subject}", stream, error, tries, directory, at,
                                    tried[subject], stream=stream))
        await connection.execute(statement("publish", "set_aside"), {
            "stream": stream, "subject": subject, "from_xid": known.from_xid if known else from_xid,
            "tries": tries + 1, "again_at": again_at(tries, at)})
    mended = [subject for subject in before if subject in tried and subject not in failed]
    if mended:
        await connection.execute(statement("publish", "mended"), {"stream": stream, "subjects": mended})
        change.resolved = [("publish_failed", f"{stream}:{subject}") for subject in mended]
    if change.cases or change.resolved:
        await save_cases(connection, change, at, "publish")


async def fold_tally(connection: Connection, at: datetime) -> None:
    """Add up the counts of hours that are over, so that the table stays small."""
    await connection.execute(statement("publish", "fold"), {"before": at - FOLD_AFTER})


async def _oversold(
    connection: Connection, skus: Sequence[int], goods: KnownGoods, directory: Directory, at: datetime,
) -> None:
    """A level that promises more than lies there is a case; one that is right again closes it."""
    rows = await _rows(connection, "oversold", skus=list(skus))
    change = Change()
    rule = directory.blueprints[directory.blueprint_active].case("oversold")
    over = {f"{r[2]}@{r[3]}" for r in rows}
    for r in rows:
        change.cases.append(CaseOpened(
            "oversold", f"{r[2]}@{r[3]}",
            {"sku": r[2], "warehouse": r[3], "on_hand": r[4], "reserved": r[5], "allocated": r[6], "frozen": r[7]},
            None, None, rule.owner, at + timedelta(seconds=rule.limit_seconds), f"warehouse:{r[3]}", rule.group_over,
        ))
    change.resolved = [
        ("oversold", subject) for sku in skus if sku in goods.skus for w in directory.warehouses
        if (subject := f"{goods.skus[sku].code}@{w.code}") not in over
    ]
    await save_cases(connection, change, at, "publish")


async def _place(connection: Connection, name: str) -> str | None:
    """This publisher's place, locked; None when another worker holds it."""
    await connection.execute(statement("publish", "watermark_new"), {"name": name})
    row = await (await connection.execute(statement("publish", "watermark"), {"name": name})).fetchone()
    return str(row[0]) if row else None


async def _horizon(connection: Connection) -> str:
    return str((await _column(connection, "horizon"))[0])


async def _rows(connection: Connection, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("publish", query), given or None)).fetchall()


async def _column(connection: Connection, query: str, /, **given: Any) -> list[Any]:
    return [r[0] for r in await _rows(connection, query, **given)]


class Publisher:
    """See `application.publish`; each call is a transaction of its own."""

    def __init__(self, connection: Connection, shelf: Shelf, past: BringUp) -> None:
        self._connection, self._shelf, self._past = connection, shelf, past

    async def publish_events(self, at: datetime) -> int:
        """Carry new facts to subscribers and the search; returns how many.

        While there are none, a few orders of before are brought up to be found by the words of their products.
        """
        directory = await self._shelf.get(self._connection)
        if (told := await publish_events(self._connection, directory, at)) or not self._past.is_due:
            return told
        return await self._past.step(self._connection) + await read_unread(self._connection, directory)

    async def publish_stock(self, at: datetime) -> list[int]:
        """Queue the figures that changed; returns the SKUs that were looked at."""
        return await publish_stock(self._connection, await self._shelf.get(self._connection), at)

    def moved_since(self, name: str, at: datetime) -> AbstractAsyncContextManager[list[int]]:
        """SKUs that moved since this reader's block last ended well; none while another worker is in it."""
        return moved_since(self._connection, name, at)

    async def prune(self, days: int, at: datetime) -> int:
        """Forget the text of what was sent so many days ago; returns 1 when there is more to forget."""
        return await prune(self._connection, days, at)

    async def fold(self, at: datetime) -> None:
        """Add up the counts of hours that are over, and close groups of cases that are empty."""
        await fold_tally(self._connection, at)
        await add_up_waits(self._connection, at)
        async with self._connection.transaction():
            await close_empty(self._connection, at, "system")
