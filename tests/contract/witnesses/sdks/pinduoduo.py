"""A public client of Pinduoduo's gateway, whose own classes are for promotion."""

from __future__ import annotations

from typing import Any

import pdd_sdk
from pdd_sdk.api.base import RestApi

from sdks.named import call


class Client:
    """One mall."""

    def __init__(self, base: str, client_id: str, client_secret: str, access_token: str) -> None:
        self._base, self._app, self._token = base, pdd_sdk.appinfo(client_id, client_secret), access_token

    def call(self, api: str, **params: Any) -> Any:
        """What a call answers, out of its envelope."""
        asked = {**params, "access_token": self._token}
        [answer] = call(RestApi, self._base, api, self._app, asked).getResponse().values()
        return answer
