"""A public client of Cainiao's gateway; it is given a session, as it asks for one, that posts at once."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType
from typing import Any

import requests

sys.modules.setdefault("aiohttp", ModuleType("aiohttp"))
sys.modules["aiohttp"].ClientWebSocketResponse = None  # type: ignore[attr-defined]

from cainiao import WayBill  # noqa: E402
from cainiao.templates import Item, PackageInfo, Recipient, Sender, WayBillGetForm  # noqa: E402


class Session:
    """What the client asks of a session."""

    async def post(self, url: str, data: Any, headers: Any) -> Any:
        """Post a form."""
        self._answer = await asyncio.to_thread(requests.post, url, data, headers=headers, timeout=30)
        self.status = self._answer.status_code
        return self

    async def text(self, charset: str) -> str:
        """The answer."""
        return self._answer.content.decode(charset)


class Client:
    """One resource."""

    def __init__(self, base: str, provider_id: str, secret: str) -> None:
        self._client = WayBill(f"{base}/gateway/link.do", provider_id, secret, session=Session())

    def label(self, key: str, sender: dict[str, str], recipient: dict[str, str], items: dict[str, int]) -> Any:
        """Buy a label for one object."""
        package = PackageInfo(weight=500, items=[Item(count, name) for name, count in items.items()])
        package.id = key
        to = Recipient(**recipient, tradeOrderList=[key], orderChannelsType="OTHERS", userId=12, objectId=key,
                       templateUrl="http://cloudprint.example/template/1", packageInfo=package)
        return asyncio.run(self._client.tms_waybill_get(WayBillGetForm(Sender(**sender), [to])))

    def subscriptions(self, carrier: str) -> Any:
        """What the seller may buy of a carrier."""
        return asyncio.run(self._client.subscription_query(carrier))
