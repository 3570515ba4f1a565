"""A public client of Kuaishou's shops. It writes `/open` twice into an address; the platform documents it once."""

from __future__ import annotations

from typing import Any

from kwaixiaodian import SyncKwaixiaodianClient
from kwaixiaodian.auth import SignMethod
from kwaixiaodian.client import base as theirs
from kwaixiaodian.http import RetryConfig
from kwaixiaodian.models import item, order

theirs.build_api_url = lambda server, method: f"{server}/{method.replace('.', '/')}"


class Client:
    """One shop."""

    def __init__(self, base: str, app_key: str, app_secret: str, sign_secret: str, access_token: str,
                 method: str = "HMAC_SHA256") -> None:
        self._client = SyncKwaixiaodianClient(app_key, app_secret, sign_secret, base, SignMethod(method),
                                              retry_config=RetryConfig(max_retries=0))
        self._token = access_token

    def call(self, model: str, **fields: Any) -> Any:
        """What one of the client's requests is answered; a refusal is told in the body."""
        kind = getattr(order, model, None) or getattr(item, model)
        request = kind(access_token=self._token, **fields)
        answer = self._client._base_client.execute(request, order.OrderShipResponse).model_extra
        assert "subCode" not in answer, answer
        return answer["data"]
