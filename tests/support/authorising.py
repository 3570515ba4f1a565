"""A connector whose accounts a person authorises, at the platform of `token_platform`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
import msgspec

from orderloom.application.ports import Account, Granted, Probed, Terminal, Tokens
from tests.support.token_platform import granted, read_orders

LASTS = timedelta(days=30)


class Acme:
    """Is well when it can read orders; asks to be authorised while it has no refresh token."""

    name = "shopify"

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Read once."""
        if "refresh_token" not in await self._tokens.current(account):
            return Probed(False, "尚未授权 | not authorised yet", is_to_authorise=True)
        await read_orders(self._tokens, account, account.base_url, http)
        return Probed(True, "well")

    def authorise_url(self, account: Account, state: str, redirect: str) -> str:
        """Where the person is sent."""
        asked = {"client_id": account.credentials["client_id"], "state": state, "redirect_uri": redirect}
        return f"{account.base_url}/authorise?{urlencode(asked)}"

    async def exchange(
        self, account: Account, params: Mapping[str, str], redirect: str, http: httpx2.AsyncClient
    ) -> Granted:
        """The tokens for a code."""
        if params.get("shop") != account.settings.get("shop"):
            raise Terminal("another_shop", f"{params.get('shop')} was authorised with {params.get('code')}")
        form = {"grant_type": "authorization_code", "code": params.get("code", ""), "redirect_uri": redirect}
        found = await granted(account.base_url, http, account.credentials, form)
        return msgspec.structs.replace(found, lasts=datetime.now(UTC) + LASTS)

    def pull(self, *_: Any) -> Any:
        """Nothing to read."""
        raise Terminal("unsupported", "nothing is read")

    receive = send = pull
