"""After a restart the simulators know nothing: give them back what the hub still has under way."""

from __future__ import annotations

from typing import Any

import orjson

from orderloom.bootstrap import Hub
from orderloom.rehearsal.doings import Doings
from orderloom.rehearsal.platforms import CARRIER, Platforms
from orderloom.rehearsal.stream import Stream, number_of

ORDERS_MAX = 5_000
"""Of more open orders than this only the newest are taken up; the older ones stay where they stood."""
ORDERS = """
select a.code, o.external_id, o.placed_at, o.payment = 'unpaid' from orders o join account a on a.id = o.account_id
where o.stage not in ('completed', 'cancelled', 'returned') and a.code = any (%s) order by o.id desc limit %s"""
WORKS = """
select a.code, d.body, o.receiver_cipher from work w join orders o on o.id = w.order_id
join delivery d on d.order_id = w.order_id and d.kind = 'work' and d.body::jsonb ->> 'work_no' = w.number
    and d.pruned_at is null
join account a on a.id = w.account_id and a.code = any (%s)
where w.state not in ('handed_over', 'cancelled') and d.state = 'done' order by w.order_id desc limit %s"""
PARCELS = """
select p.carrier, p.waybill, p.shipped_at, o.receiver_province, o.receiver_phone_last4
from parcel p
join lateral (select order_id, told from parcel_item where parcel_id = p.id order by order_id limit 1) i on true
join orders o on o.id = i.order_id
where p.state not in ('delivered', 'returned', 'lost') and %s = any (i.told) order by i.order_id desc limit %s"""


async def resume(hub: Hub, platforms: Platforms, stream: Stream, doings: Doings, hub_url: str) -> int:
    """Place open orders again, put unfinished work back on the floor and parcels on the road; returns how many."""
    orders = await _rows(hub, ORDERS, list(platforms.codes.values()), ORDERS_MAX)
    systems = {part.code: name for name, part in platforms.parts["systems"].items() if part.take_again}
    works = await _rows(hub, WORKS, list(systems), ORDERS_MAX)
    parcels = await _rows(hub, PARCELS, CARRIER, ORDERS_MAX)
    channels = {code: channel for channel, code in platforms.codes.items()}
    for code, external_id, placed_at, is_unpaid in reversed(orders):
        n = number_of(channels[code], external_id)
        if n is not None and stream.wish(n).purchase["external_id"] == external_id:
            doings.place_again(stream.wish(n), placed_at, hub.now(), is_unpaid=is_unpaid)
    for code, body, cipher in reversed(works):
        _accept(hub, platforms, systems[code], orjson.loads(body), cipher)
    for carrier, waybill, shipped_at, province, last4 in reversed(parcels):
        platforms.carrier.hand_over(carrier, waybill, shipped_at, province, last4)
        platforms.carrier.watch_again(carrier, waybill, f"{hub_url}/webhooks/{CARRIER}", shipped_at)
    return len(orders) + len(works) + len(parcels)


def _accept(hub: Hub, platforms: Platforms, system: str, body: dict[str, Any], cipher: bytes) -> None:
    """As the warehouse got it: it begins this work anew, and the hub takes repeated news for what they are."""
    take_again = platforms.parts["systems"][system].take_again
    assert take_again is not None
    receiver = hub.vault.open_receiver(cipher)
    body["receiver"] = {name: getattr(receiver, name) for name in receiver.__struct_fields__}
    take_again(platforms.systems[system], body, hub.now())


async def _rows(hub: Hub, query: str, *given: Any) -> list[tuple[Any, ...]]:
    async with hub.pool.connection() as connection:
        return await (await connection.execute(query.encode(), given)).fetchall()
