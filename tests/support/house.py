"""A declared WMS or ERP against its simulator: an account, its floor, and work as the hub sends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from orderloom.adapters.systems.generic import spoken
from orderloom.application.deliver import Leased, Tried, send_all
from orderloom.application.ports import Account, Cursor, Item
from orderloom.application.translate import translate
from orderloom.domain.draft import Receiver
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, now, serve

TO = Receiver("张三", "13800138000", "CN", "浙江省", "杭州市", "余杭区", "文一西路969号1幢", "310000")
EXAMPLE = (Path(spoken.__file__).parent / "example.yaml").read_text("utf-8")
SETTINGS: dict[str, Any] = {
    "shop_id": 10820686,
    "shop_no": "hub",
    "customer_id": "stub-cust-code",
    "owner_code": "OWNER1", "customer": "CUST0001", "stock_pull": True, "declaration": EXAMPLE,
}
NUMBER = "SH01-261126-0K3F9QX2-7-1"


def work(**changes: Any) -> dict[str, Any]:
    """A piece of work of two lines, 190.00 to pay."""
    at = (now() - timedelta(minutes=5)).replace(microsecond=0)
    return {
        "work_no": NUMBER, "order_no": "SH01-261126-0K3F9QX2-7", "channel": "taobao", "shop": "SH01",
        "external_id": "4400000000000001001", "placed_at": at.isoformat(), "paid_at": at.isoformat(), "currency": "CNY",
        "paid": 19_000, "to_collect": 0, "freight": 1_000, "discount": 0, "note": "请包好", "warehouse": "0",
        "lines": [
            {"line_no": 1, "external_line_id": "L1", "sku": "M-001", "title": "马克杯", "quantity": 2, "price": 8_900,
             "amount": 15_000, "discount": 2_800},
            {"line_no": 2, "external_line_id": "L2", "sku": "M-002", "title": "勺子", "quantity": 1, "price": 3_000,
             "amount": 3_000, "discount": 0},
        ],
    } | changes  # fmt: skip


@dataclass
class House:
    """A system with its floor, and an account."""

    folder: Folder
    simulator: Any
    account: Account
    http: httpx2.AsyncClient
    at: datetime = field(default_factory=lambda: now().replace(microsecond=0))

    async def send(self, kind: str, body: dict[str, Any], attempt: int = 1) -> Tried:
        """One delivery as the hub sends it, held to the target's contract."""
        leased = Leased("d", self.account.id, kind, "o", "k", body, attempt, TO if kind == "work" else None)
        [tried] = await send_all([leased], self.account, self.folder.connector, self.folder.manifest, self.http, now())
        return tried

    async def until_taken(self, kind: str, body: dict[str, Any]) -> Tried:
        """Sent again as often as the hub would."""
        tried = await self.send(kind, body)
        for attempt in (2, 3, 4):
            if tried.state == "due":
                tried = await self.send(kind, body, attempt)
        return tried

    async def drafts(self, since: datetime) -> list[Any]:
        """What the mapping makes of all that a pull gives."""
        pages = [p async for p in self.folder.connector.pull(self.account, Cursor(since), self.at, self.http)]
        items: list[Item] = [item for page in pages for item in page.items]
        assert not [page.problem for page in pages if page.problem]
        return [
            d
            for item in items
            for d in translate(
                self.account, item.topic, item.body, dict(item.context), RECEIVED_AT, self.folder.mappings()
            )
        ]

    def drive(self, minutes: int = 12) -> None:
        """The floor works."""
        for _ in range(minutes):
            self.at += timedelta(minutes=1)
            self.simulator.step(self.at)


@asynccontextmanager
async def opened(folder: Folder, **settings: Any) -> AsyncIterator[House]:
    own = {k: v for k, v in {**SETTINGS, **settings}.items() if k in folder.manifest.settings}
    simulator = folder.simulator(**own, warehouses=["0"])
    async with serve(simulator.app) as base, caller() as http:
        house = House(folder, simulator, folder.account(base, **own), http)
        simulator.now = lambda: house.at
        yield house
