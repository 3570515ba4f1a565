"""A declared carrier against its simulator: an account, the road, and the hub's door that it pushes to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.application.deliver import Leased, Tried, send_all
from orderloom.application.ports import Account, Inbound, Item, Verdict
from orderloom.application.translate import translate
from orderloom.domain.draft import Receiver, TrackReport
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, now, serve

TO = Receiver("张三", "13800138000", "CN", "浙江省", "杭州市", "余杭区", "文一西路969号")
SENDER = {"sender_name": "仓管", "sender_phone": "13900000000", "sender_province": "浙江省", "sender_city": "杭州市",
          "sender_district": "余杭区", "sender_detail": "仓库路1号", "user_id": 12345, "customer_code": "010K123456",
          "template_url": "http://cloudprint.cainiao.com/template/standard/101"}
LABEL = {
    "label_no": "SH01-261126-0K3F9QX2-7-1-1", "work_no": "SH01-261126-0K3F9QX2-7-1", "order_no": "SH01-261126-X-7",
    "channel": "taobao", "external_id": "4400000000000001001", "box": 1, "purpose": "out", "carrier": "yuantong",
    "product": "", "weight_g": 520, "warehouse": "HZ", "currency": "CNY", "worth": 10_000, "to_collect": 0, "note": "",
    "lines": [{"sku": "M-001", "title": "马克杯", "quantity": 2}],
}  # fmt: skip


@dataclass
class Road:
    """A carrier, the hub's door that it pushes to, and an account."""

    folder: Folder
    simulator: Any
    account: Account
    http: httpx2.AsyncClient
    verdicts: list[Verdict] = field(default_factory=list)
    at: datetime = field(default_factory=lambda: now().replace(microsecond=0))

    async def send(self, kind: str, body: dict[str, Any], attempt: int = 1, receiver: Receiver | None = TO) -> Tried:
        """One delivery as the hub sends it, held to the target's contract."""
        to = receiver if kind not in ("label_cancel", "pickup_cancel") else None
        leased = Leased("d", self.account.id, kind, "o", "k", body, attempt, to)
        [tried] = await send_all([leased], self.account, self.folder.connector, self.folder.manifest, self.http, now())
        return tried

    def drive(self, hours: int = 30) -> None:
        """Time passes on the road."""
        for _ in range(hours * 4):
            self.at += timedelta(minutes=15)
            self.simulator.step(self.at)

    def reports(self, items: list[Item]) -> list[TrackReport]:
        """What the mapping makes of what landed."""
        found = [d for item in items for d in translate(
            self.account, item.topic, item.body, {}, RECEIVED_AT, self.folder.mappings())]
        return [d for d in found if isinstance(d, TrackReport)]


@asynccontextmanager
async def opened(folder: Folder, **settings: Any) -> AsyncIterator[Road]:
    own = {k: v for k, v in {**SENDER, **settings}.items() if k in folder.manifest.settings}
    simulator = folder.simulator(**own, pace_seconds=3_600, seed=3)
    async with serve(simulator.app) as base, caller() as http:
        road = Road(folder, simulator, folder.account(base, **own), http)
        road.simulator.now = lambda: road.at

        async def door(request: Request) -> Response:
            headers = {name.lower(): value for name, value in request.headers.items()}
            inbound = Inbound("POST", request.url.path, dict(request.query_params), headers, await request.body())
            verdict = folder.connector.receive(inbound, road.account, now())
            road.verdicts.append(verdict)
            return Response(verdict.reply, verdict.status, media_type=verdict.reply_type)

        async with serve(Starlette(routes=[Route("/in", door, methods=["POST"])])) as hub:
            word = road.account.credentials.get("push_token")
            simulator.push_url = f"{hub}/in" + (f"?token={word}" if word else "")
            yield road
