"""A public client of Douyin's shops: it signs calls and checks pushes. Its token is given to it."""

from __future__ import annotations

import time
from typing import Any

from doudian import AppType, DouDian


class Client:
    """One shop."""

    def __init__(self, base: str, app_key: str, app_secret: str, access_token: str, refresh_token: str) -> None:
        self._client = DouDian(app_key, app_secret, app_type=AppType.TOOL)
        self._client._gate_way = base
        self._client._token = {"access_token": access_token, "refresh_token": refresh_token,
                               "expires_in": int(time.time()) + 86_400}

    def call(self, path: str, **params: Any) -> Any:
        """What a call answers."""
        answer = self._client.request(path, params)
        assert answer and answer["code"] == 10_000, answer
        return answer.get("data")

    def hear(self, body: str, headers: dict[str, str]) -> Any:
        """What a push says, when it is Douyin's."""
        return self._client.callback(headers, body.encode())
