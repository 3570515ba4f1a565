"""JD's own client of its gateway."""

from __future__ import annotations

from typing import Any

import jd as package
from jd.api.base import RestApi

from sdks.named import call


class Client:
    """One shop."""

    def __init__(self, base: str, app_key: str, app_secret: str, access_token: str) -> None:
        self._base, self._app, self._token = base, package.appinfo(app_key, app_secret), access_token

    def call(self, api: str, **params: Any) -> Any:
        """What a call answers, out of its envelope."""
        answer = call(RestApi, self._base, api, self._app, params).getResponse(self._token)
        assert "error_response" not in answer, answer
        [found] = answer.values()
        return found
