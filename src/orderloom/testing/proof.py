"""What must hold of a hub at any moment, asked of its tables by sums and by replay."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.load import SEE_ORDERS, load_orders
from orderloom.application.verify import Head, is_whole
from orderloom.bootstrap import Hub
from orderloom.domain.axes import axes_of
from orderloom.domain.event import OrderRecorded
from orderloom.domain.evolve import begin, evolve
from orderloom.domain.log import Entry, decode
from orderloom.domain.order import Order, state_bytes

PAGE = 500
SUMS = {
    "a stock level is not the sum of its movements": """
        select coalesce(l.sku_id, m.sku_id), coalesce(l.warehouse_id, m.warehouse_id) from stock_level l
        full join (select sku_id, warehouse_id, sum(on_hand) h, sum(reserved) r, sum(allocated) a, sum(safety) s,
            sum(frozen) f, sum(set_aside) q from stock_movement group by 1, 2) m using (sku_id, warehouse_id)
        where (l.on_hand, l.reserved, l.allocated, l.safety, l.frozen, l.set_aside)
            is distinct from (coalesce(m.h, 0), coalesce(m.r, 0), coalesce(m.a, 0), coalesce(m.s, 0), coalesce(m.f, 0),
                coalesce(m.q, 0))""",
    "a stock level binds other units than the active holds": """
        select coalesce(l.sku_id, h.sku_id), coalesce(l.warehouse_id, h.warehouse_id) from stock_level l
        full join (select sku_id, warehouse_id, sum(quantity) filter (where kind = 'reservation') r,
            sum(quantity) filter (where kind = 'allocation') a from stock_hold where state = 'active' group by 1, 2) h
            using (sku_id, warehouse_id)
        where coalesce(l.reserved, 0) <> coalesce(h.r, 0) or coalesce(l.allocated, 0) <> coalesce(h.a, 0)""",
    "a level sets aside other units than its open quotas keep": """
        select coalesce(l.sku_id, q.sku_id), coalesce(l.warehouse_id, q.warehouse_id) from stock_level l
        full join (select sku_id, warehouse_id, sum(kept) k from stock_quota group by 1, 2) q
            using (sku_id, warehouse_id)
        where coalesce(l.set_aside, 0) <> coalesce(q.k, 0)""",
    "a quota counts other units than orders drew": """
        select q.number from stock_quota q left join (select quota_id, sum(quantity) d from stock_hold
            where quota_id is not null and state <> 'released' group by 1) h on h.quota_id = q.id
        where q.drawn <> coalesce(h.d, 0)""",
    "a place holds other units than its movements say": """
        select coalesce(l.place_id, m.place), coalesce(l.sku_id, m.sku_id), coalesce(l.lot_id, m.lot_id)
        from place_level l full join (select place, sku_id, lot_id, sum(units) units from (
            select to_id place, sku_id, lot_id, quantity units from place_movement where to_id is not null union all
            select from_id, sku_id, lot_id, -quantity from place_movement where from_id is not null) x group by 1, 2, 3
            ) m
            on (m.place, m.sku_id, m.lot_id) = (l.place_id, l.sku_id, l.lot_id)
        where coalesce(l.quantity, 0) <> coalesce(m.units, 0)""",
    "a place promises other units than open tasks fetch": """
        select coalesce(l.place_id, t.place_id), coalesce(l.sku_id, t.sku_id), coalesce(l.lot_id, t.lot_id)
        from place_level l full join (select place_id, sku_id, lot_id, sum(quantity - picked - short) units
            from pick_task join wave on wave.id = wave_id where not is_dropped and state = 'released'
            group by 1, 2, 3) t
            using (place_id, sku_id, lot_id)
        where coalesce(l.promised, 0) <> coalesce(t.units, 0)""",
    "a task counts other units than right scans fetched": """
        select t.wave_id::text, t.task_no from pick_task t left join (select wave_id, task_no,
            sum(case kind when 'pick' then quantity when 'unpick' then -quantity end) p,
            sum(case kind when 'pack' then quantity when 'unpack' then -quantity end) k,
            sum(quantity) filter (where kind = 'put_back') r from place_movement group by 1, 2) m
            using (wave_id, task_no)
        where (t.picked + t.extra, t.packed, t.returned)
            is distinct from (coalesce(m.p, 0), coalesce(m.k, 0), coalesce(m.r, 0))""",
    "a scan that was right moved nothing, or one that was wrong did": """
        select s.id::text from scan s left join (select cause, sum(quantity) q from place_movement
            where kind in ('pick', 'pack') group by 1) m on m.cause = 'scan/' || s.id
        where s.action in ('picked', 'packed')
            and coalesce(m.q, 0) <> case when s.verdict in ('right', 'late') then s.quantity else 0 end""",
    "more is promised than lies there": """
        select sku_id, warehouse_id from stock_level where on_hand < reserved + allocated + frozen""",
    "an order's lines do not add up to its total": """
        select o.number from orders o join order_line l on l.order_id = o.id
        where not exists (select from hold h where h.subject_id = o.id and h.type = 'amount_mismatch')
            and o.native <> 'Pending' and not o.is_cancelled
        group by o.id having sum(l.amount) + o.freight + o.tax
            + (select coalesce(sum(c.amount), 0) from order_charge c where c.order_id = o.id) <> o.total""",
    "one order of a channel is there twice": """
        select account_id, external_id from orders group by 1, 2 having count(*) > 1""",
    "a message was received and is not accounted for": """
        select t.account_id, t.q, i.n from (select account_id, sum(quantity) q from tally where measure = 'received'
            group by 1) t full join (select account_id, count(*) n from intake where outcome <> 'split' group by 1) i
            using (account_id)
        where t.q is distinct from i.n""",
    "goods left twice for the same work": """
        select i.order_id::text, i.work_seq from parcel_item i
        join work_line w using (order_id, work_seq, line_no, sku_id)
        group by i.order_id, i.work_seq, i.line_no, i.sku_id, w.quantity having sum(i.quantity) > w.quantity""",
    "a delivery of fulfilment work was queued twice for one receiver": """
        select w.number from work w join delivery d on d.order_id = w.order_id and d.kind = 'work'
            and d.body::jsonb ->> 'work_no' = w.number
        group by w.order_id, w.number having count(*) > 1 + (
            select count(*) from (
                select e.seq, e.facts::jsonb ->> 'receiver' as stated,
                    lag(e.facts::jsonb ->> 'receiver') over (order by e.seq) as before
                from order_event e
                where e.order_id = w.order_id and e.kind in ('order_recorded', 'order_amended', 'receiver_changed')
            ) receiver where stated <> before and seq > (
                select min(e.seq) from order_event e where e.order_id = w.order_id and e.kind = 'work_assigned'
                    and e.facts::jsonb ->> 'number' = w.number))""",
}
"""What would be wrong → a query whose rows are the offenders."""


async def prove(hub: Hub) -> list[str]:
    """Everything that does not hold, in words; empty for a hub in order. Reads one consistent snapshot."""
    async with hub.pool.connection() as connection, connection.transaction():
        await connection.execute("set transaction isolation level repeatable read")
        found = []
        for wrong, query in SUMS.items():
            rows = await (await connection.execute(query.encode())).fetchall()
            found += [f"{wrong}: {row}" for row in rows]
        return found + await replay_differences(connection)


async def replay_differences(connection: AsyncConnection[Any]) -> list[str]:
    """Orders whose stored state is not what their events fold to, or whose chain of hashes is broken."""
    rows = await (await connection.execute("select id::text from orders order by id")).fetchall()
    ids = [row[0] for row in rows]
    found: list[str] = []
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        entries = await _entries(connection, page)
        axes = await _axes(connection, page)
        for order in await load_orders(connection, page, SEE_ORDERS):
            found += _differences(order, entries[order.id], axes[order.id])
    return found


def fold(entries: list[Entry]) -> Order:
    """The order that its events make, hash chain included."""
    first = decode(entries[0].facts)
    assert isinstance(first, OrderRecorded)
    order = begin(entries[0].order_id, first, entries[0].blueprint, entries[0].at)
    for entry in entries[1:]:
        order = evolve(order, decode(entry.facts), entry.at)
    order.event_count, order.event_head = len(entries), entries[-1].hash
    return order


def _differences(stored: Order, entries: list[Entry], axes: tuple[str, ...]) -> list[str]:
    found = []
    replayed = fold(entries)
    if state_bytes(replayed) != state_bytes(stored):
        names = [n for n in stored.__struct_fields__ if getattr(stored, n) != getattr(replayed, n)]
        told = "; ".join(f"{n}: stored {getattr(stored, n)!r}, replayed {getattr(replayed, n)!r}" for n in names)
        found.append(f"{stored.number} is stored otherwise than its events say: {told}")
    derived = axes_of(replayed)
    derived = derived._replace(holds="none" if derived.holds == "none" else "held")  # only their count is stored
    if tuple(derived) != axes:
        found.append(f"{stored.number} has other axes than its events say: {axes}, {tuple(derived)}")
    if not is_whole(Head(stored.id, stored.number, stored.event_count, stored.event_head), entries):
        found.append(f"{stored.number} has a broken chain of events")
    return found


async def _entries(connection: AsyncConnection[Any], ids: list[str]) -> dict[str, list[Entry]]:
    rows = await connection.execute(
        "select order_id::text, seq, kind, at, actor, message_id::text, blueprint, facts, hash from order_event"
        " where order_id = any (%s::uuid[]) order by order_id, seq", (ids,))
    found: dict[str, list[Entry]] = {order_id: [] for order_id in ids}
    for row in await rows.fetchall():
        found[row[0]].append(Entry(*row))
    return found


async def _axes(connection: AsyncConnection[Any], ids: list[str]) -> dict[str, tuple[str, ...]]:
    rows = await connection.execute(
        "select id::text, intake, payment, fulfilment, parcel, after_sales,"
        " case when holds_active = 0 then 'none' else 'held' end, phase"
        " from orders where id = any (%s::uuid[])", (ids,))
    return {row[0]: tuple(row[1:]) for row in await rows.fetchall()}
