"""A public client of Shopee's second API. It logs in with a browser; here it is given its tokens instead."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

browser = sys.modules.setdefault("selenium", ModuleType("selenium"))
browser.webdriver = None  # type: ignore[attr-defined]

import pyshopee2  # noqa: E402


class Client:
    """One shop."""

    def __init__(self, base: str, partner_id: str, partner_key: str, shop_id: str, access_token: str,
                 refresh_token: str) -> None:
        self._client = pyshopee2.Client(shop_id, partner_id, partner_key, "http://127.0.0.1/back",
                                        access_token=access_token, refresh_token=refresh_token)
        self._client.host = base

    def call(self, module: str, method: str, **arguments: Any) -> Any:
        """What a call answers; its error is in the body, with HTTP 200."""
        answer = getattr(getattr(self._client, module), method)(**arguments)
        assert not answer.get("error"), answer
        return answer.get("response")

    def renew(self) -> str:
        """Exchange the refresh token and go on with the new one."""
        own = self._client
        token: str = own.get_access_token(own.shop_id, own.partner_id, own.partner_key, own.refresh_token)[0]
        return token
