"""A public client of Wangdiantong's enterprise edition."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wangdiantong.client import OpenApiClient


class Client:
    """One seller."""

    def __init__(self, base: str, sid: str, app_key: str, app_secret: str) -> None:
        self._client = OpenApiClient(sid, app_key, app_secret)
        self._client.API_BASE_URL = base

    def push(self, shop_no: str, trades: list[Any]) -> Any:
        """Push trades."""
        return self._good(self._client.orders.trade_push(shop_no, trades))

    def stock(self, start: str, end: str, **more: Any) -> Any:
        """Stock that changed in a window."""
        times = (datetime.fromisoformat(text) for text in (start, end))
        return self._good(self._client.stocks.query(*times, **more))

    def post(self, path: str, **data: Any) -> Any:
        """A call that the client has no method for, signed and sent by it."""
        return self._good(self._client.post(path, data=data))

    def _good(self, answer: Any) -> Any:
        assert answer["code"] == 0, answer
        return answer
