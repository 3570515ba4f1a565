"""The Taobao connector: pulls changed trades, reports shipments and stock, tells whether an account works."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from orderloom.adapters.channels.taobao import pull, shipping, stocking
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Inbound,
    Item,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Trouble,
    Verdict,
)


class Taobao:
    """The connector of family `channels`, name `taobao`."""

    name = "taobao"
    listings_max = 20

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Quarantine whatever is posted: Taobao never pushes by HTTP, it is pulled."""
        items = (Item("unexpected", request.body),)
        return Verdict(items, "taobao_does_not_push", 404, b'{"error":"taobao does not push"}')

    def pull(self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """The trades changed since the cursor, see `pull.walk`."""
        overlap = timedelta(seconds=pull.setting(account, "overlap_seconds", pull.OVERLAP_SECONDS))
        return pull.walk(account, cursor.at - overlap, at, at - pull.SETTLE, http)

    def backfill(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """The trades changed in that time that are not finished or closed now."""
        return pull.walk(account, cursor.at, until, until, http, is_open_only=True)

    def sweep(self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """The same time read again."""
        return pull.walk(account, cursor.at, until, until, http)

    async def find_listings(
        self, codes: Sequence[str], account: Account, http: httpx2.AsyncClient
    ) -> dict[str, dict[str, Any]]:
        """`num_iid` and `sku_id` of the codes that the shop sells; a call each, two for items without SKUs."""
        return await stocking.find_listings(codes, account, http)

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Report a `shipment` or set `stock`; raises Terminal for a kind that Taobao has no use for."""
        if outgoing.kind == "shipment":
            return await shipping.send(outgoing, account, http)
        if outgoing.kind == "stock":
            return await stocking.send(outgoing, account, http)
        raise Terminal("unknown_kind", f"taobao takes shipment and stock, not {outgoing.kind}")

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Ask for one trade of the last minute: the address, the key, the session and the permission are tried."""
        now = datetime.now(UTC)
        try:
            await pull.read(account, now - timedelta(minutes=1), now, 1, http, has_total=False)
        except Trouble as trouble:
            return Probed(False, f"淘宝账号不可用 Taobao account does not work: {trouble}")
        return Probed(True, "淘宝账号正常 Taobao account works")


CONNECTOR = Taobao()
