"""Alibaba's gateway client as Lazada gives it out; AliExpress takes the same one, at another address."""

from __future__ import annotations

from typing import Any

from lazop_sdk import LazopClient, LazopRequest


class Client:
    """One seller."""

    def __init__(self, base: str, app_key: str, app_secret: str, access_token: str) -> None:
        self._base, self._app, self._token = base, (app_key, app_secret), access_token

    def call(self, path: str, verb: str = "GET", **params: Any) -> Any:
        """What a path of Lazada's gateway answers."""
        request = LazopRequest(path, verb)
        for name, value in params.items():
            request.add_api_param(name, value)
        return self._body(LazopClient(f"{self._base}/rest", *self._app).execute(request, self._token))

    def sync(self, method: str, **params: Any) -> Any:
        """What a method of AliExpress's gateway answers: one address, method and session among the parameters."""
        request = LazopRequest("", "POST")
        for name, value in {"method": method, "session": self._token, "format": "json", **params}.items():
            request.add_api_param(name, value)
        return self._body(LazopClient(f"{self._base}/sync", *self._app).execute(request))

    def _body(self, answer: Any) -> Any:
        body = answer.body
        failed = body.get("error_response") or (body if body.get("code", "0") != "0" else None)
        assert failed is None, failed
        return body
