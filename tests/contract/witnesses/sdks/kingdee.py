"""Kingdee's own client: it signs each call in its headers and needs no session."""

from __future__ import annotations

import json
from typing import Any

from k3cloud_webapi_sdk.main import K3CloudApiSdk


class Client:
    """One data centre."""

    def __init__(self, base: str, acct_id: str, user: str, app_id: str, app_secret: str) -> None:
        self._client = K3CloudApiSdk(f"{base}/k3cloud")
        self._client.InitConfig(acct_id, user, app_id, app_secret, f"{base}/k3cloud")

    def query(self, **asked: Any) -> Any:
        """Rows of bills."""
        return json.loads(self._client.ExecuteBillQuery(asked))

    def save(self, form: str, data: Any) -> Any:
        """Save a bill."""
        return json.loads(self._client.Save(form, data))["Result"]
