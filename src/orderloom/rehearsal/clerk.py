"""The people of the rehearsed seller: who adds missing aliases, orders what ran short, sends again what was refused."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom.application.resend import resend
from orderloom.application.teach_alias import teach_alias
from orderloom.bootstrap import Hub
from orderloom.rehearsal.catalogue import Assortment
from orderloom.rehearsal.platforms import WAREHOUSES, Platforms
from orderloom.rehearsal.setup import receive

ROUND_MAX = 200
ARRIVAL_UNITS = 500
AGAIN_MAX = 6
PARKED = """
select d.id::text from delivery d where d.state = 'parked' and (d.kind in ('work', 'shipment', 'stock', 'watch')
    or exists (select from label l where l.state = 'in_doubt' and l.number = d.body::jsonb ->> 'label_no'))
order by d.position limit %s"""
WAITING = """
select park_key from intake where outcome = 'parked' and park_key like 'sku:%%'
group by park_key having min(landed_at) not between %s and %s order by park_key limit %s"""
SHORT = """
select array_agg(distinct coalesce(c.code, s.code))
from orders o join order_line l on l.order_id = o.id join sku s on s.id = l.sku_id
left join sku_component k on k.bundle_id = s.id left join sku c on c.id = k.component_id
where o.is_short and o.stage = 'short' and o.staged_at not between %s and %s group by o.id order by o.id limit %s"""


class Clerk:
    """Does what waits for a person, after a while, as people do; what is dated in the future is done at once."""

    def __init__(self, hub: Hub, catalogue: Assortment, platforms: Platforms, patience_seconds: float) -> None:
        self._hub, self._catalogue, self._platforms = hub, catalogue, platforms
        self._patience = timedelta(seconds=patience_seconds)
        self.aliases_added = 0
        self.orders_restocked = 0
        self._parked: dict[str, tuple[datetime, int]] = {}
        """Since when, and how often it was sent again."""

    async def round(self, now: datetime) -> None:
        """One look at the desk."""
        await self._aliases(now)
        await self._restock(now)
        await self._send_again(now)

    async def _send_again(self, now: datetime) -> None:
        """What a platform refused is told once more, when somebody has looked at it."""
        async with self._hub.pool.connection() as connection:
            rows = await (await connection.execute(PARKED, (ROUND_MAX,))).fetchall()
        chosen = []
        for (delivery,) in rows:
            since, times = self._parked.setdefault(delivery, (now, 0))
            if now - since > self._patience and times < AGAIN_MAX:
                self._parked[delivery] = (now, times + 1)
                chosen.append(delivery)
        if chosen:
            await resend(self._hub.ports.outbox, chosen, "clerk", now)

    async def _aliases(self, now: datetime) -> None:
        async with self._hub.pool.connection() as connection:
            rows = await (await connection.execute(WAITING, (now - self._patience, now, ROUND_MAX))).fetchall()
            channels = {account: channel for channel, account in self._platforms.codes.items()}
            for (key,) in rows:
                _, account, text = key.split(":", 2)
                spelling = self._catalogue.unknown.get(channels.get(account, ""), {}).get(text)
                if spelling is None:
                    continue
                await teach_alias(self._hub.ports.catalogue, text, spelling.code, account=account,
                                  factor=spelling.factor)
                self.aliases_added += 1

    async def _restock(self, now: datetime) -> None:
        async with self._hub.pool.connection() as connection:
            rows = await (await connection.execute(SHORT, (now - self._patience, now, ROUND_MAX))).fetchall()
        if not rows:
            return
        codes = sorted({code for found, in rows for code in found})
        house, floor = WAREHOUSES[0][0], self._platforms.wms.floor
        for code in codes:
            floor.put(house, code, floor.on_hand(house, code) + ARRIVAL_UNITS, now)
        await receive(self._hub, [(code, house, ARRIVAL_UNITS) for code in codes], f"arrival {now.isoformat()}",
                      "goods ordered for short orders")
        self.orders_restocked += len(rows)
