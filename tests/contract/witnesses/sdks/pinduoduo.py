"""A public client of Pinduoduo's gateway. Its own classes are for promotion; one for any call is a few lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pdd_sdk
from pdd_sdk.api.base import RestApi


class Call(RestApi):  # type: ignore[misc]
    """One call by name; its parameters are attributes, as of the client's own classes."""

    def __init__(self, host: str, port: int, name: str) -> None:
        super().__init__(host, port)
        self._RestApi__name = name

    def getapiname(self) -> str:
        """What the client asks a call for."""
        name: str = self._RestApi__name
        return name


class Client:
    """One mall."""

    def __init__(self, base: str, client_id: str, client_secret: str, access_token: str) -> None:
        at = urlsplit(base)
        self._at, self._token = (at.hostname, at.port), access_token
        self._app = pdd_sdk.appinfo(client_id, client_secret)

    def call(self, api: str, **params: Any) -> Any:
        """What a call answers, out of its envelope."""
        call = Call(*self._at, api)
        call.set_app_info(self._app)
        for name, value in {**params, "access_token": self._token}.items():
            setattr(call, name, value)
        [answer] = call.getResponse().values()
        return answer
