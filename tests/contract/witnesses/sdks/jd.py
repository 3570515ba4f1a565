"""JD's own client of its gateway; a class of it for a call that it lacks is a few lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import jd as package
from jd.api.base import RestApi


class Call(RestApi):  # type: ignore[misc]
    """One call by name; its parameters are attributes, as of the client's own classes."""

    def __init__(self, name: str, host: str, port: int) -> None:
        super().__init__(host, port)
        self._RestApi__name = name

    def getapiname(self) -> str:
        """What the client asks a call for."""
        name: str = self._RestApi__name
        return name


class Client:
    """One shop."""

    def __init__(self, base: str, app_key: str, app_secret: str, access_token: str) -> None:
        at = urlsplit(base)
        self._at, self._app, self._token = (at.hostname, at.port), package.appinfo(app_key, app_secret), access_token

    def call(self, api: str, **params: Any) -> Any:
        """What a call answers, out of its envelope."""
        call = Call(api, *self._at)
        call.set_app_info(self._app)
        for name, value in params.items():
            setattr(call, name, value)
        answer = call.getResponse(self._token)
        assert "error_response" not in answer, answer
        [found] = answer.values()
        return found
