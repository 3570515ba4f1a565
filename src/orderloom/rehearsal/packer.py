"""The people of warehouses without a system: they buy a carrier's label, pack, and write down that it is out."""

from __future__ import annotations

import zlib
from collections import Counter
from datetime import datetime
from typing import Any

from orderloom.application.buy_label import LabelWish, buy_label, meant
from orderloom.application.by_hand import report_of
from orderloom.application.commands import ConfirmWork
from orderloom.bootstrap import Hub
from orderloom.domain.actor import person
from orderloom.domain.refusal import Refusal
from orderloom.rehearsal.platforms import Platforms

ROUND_MAX = 50
WEIGHT_G = 800
BOX = LabelWish("", "", "", 1, "out", WEIGHT_G)
TO_PACK = """
select w.number, h.code, o.receiver_province, o.receiver_phone_last4, coalesce(l.state, ''), coalesce(l.waybill, ''),
    coalesce(l.carrier, ''), coalesce(a.code, '')
from work w join warehouse h on h.id = w.warehouse_id join orders o on o.id = w.order_id
left join label l on l.work_no = w.number left join account a on a.id = l.account_id
where w.account_id is null and w.state in ('allocated', 'released', 'picking', 'packed') and o.holds_active = 0
    and h.code = any (%s)
order by w.created_at limit %s"""
STANDING = ("asked", "in_doubt")


class Packer:
    """One look at the table after the other; a label that one carrier refuses is bought of the next."""

    def __init__(self, hub: Hub, platforms: Platforms) -> None:
        self._hub, self._platforms = hub, platforms
        self._houses = {house[0]: name for name, part in platforms.sellers.items() for house in part.warehouses}
        self._by = person("packer", "operations")
        self._asked: Counter[str] = Counter()

    async def round(self, now: datetime) -> None:
        """Everything that can be done now."""
        if not self._houses:
            return
        async with self._hub.pool.connection() as connection:
            rows = await (await connection.execute(TO_PACK, (list(self._houses), ROUND_MAX))).fetchall()
        for number, house, province, last4, state, waybill, carrier, account in rows:
            if state == "bought":
                await self._send(number, house, waybill, carrier, province, last4, now)
            elif state not in STANDING and self._asked[number] < len(self._platforms.sellers):
                self._asked[number] += 1  # what every carrier refuses is left to who answers the cases
                await self._buy(number, self._seller(house, account if state else ""), now)

    def _seller(self, house: str, refused_by: str) -> str:
        """The house's own carrier, or after its no the one after it."""
        names = list(self._platforms.sellers)
        codes = [self._platforms.sellers[name].code for name in names]
        if not refused_by:
            return self._houses[house]
        return names[(codes.index(refused_by) + 1) % len(names)]

    async def _buy(self, number: str, seller: str, now: datetime) -> None:
        part = self._platforms.sellers[seller]
        carrier = part.sells[zlib.crc32(number.encode()) % len(part.sells)]
        accounts = (await self._hub.directory()).accounts.values()
        wish = LabelWish(part.code, carrier, BOX.product, BOX.box, BOX.purpose, BOX.weight_g)
        asked = meant(wish, number, self._by, accounts, self._hub.manifests)
        if not isinstance(asked, Refusal):
            await buy_label(self._hub.handler.handle, asked, now)

    async def _send(
        self, number: str, house: str, waybill: str, carrier: str, province: str, last4: str, now: datetime
    ) -> None:
        report = report_of(number, "out", now, waybill=waybill, carrier=carrier)
        assert not isinstance(report, Refusal), report
        (outcome,) = await self._hub.handle([ConfirmWork(actor=self._by, account_id=None, report=report)])
        if not outcome.refusal:
            parcel: dict[str, Any] = {"work_no": number, "carrier": carrier, "waybill": waybill, "at": now,
                                      "province": province or "", "phone_last4": last4 or ""}
            self._platforms.hand_over(self._houses[house], parcel)
