"""A client generated from TikTok Shop's documentation: it signs, finds the shop's cipher, parses into its models."""

from __future__ import annotations

from typing import Any

from tiktok_shop_api import TikTokShop, TikTokShopAuth, Webhooks
from tiktok_shop_api.generated import models


class Client:
    """One app, and its shop once that was asked for."""

    def __init__(self, base: str, app_key: str, app_secret: str, access_token: str, refresh_token: str) -> None:
        self._auth = TikTokShopAuth(app_key, app_secret, base_url=base)
        self._app, self._refresh, self._token = (app_key, app_secret), refresh_token, access_token
        self._client = TikTokShop(app_key, app_secret, access_token=access_token, base_url=base)

    def shop(self) -> Any:
        """Find the shop's cipher and go on with it."""
        found = self._client.authorization.get_authorized_shops().to_dict()["data"]["shops"][0]
        self._client = self._client.with_shop(access_token=self._token, shop_cipher=found["cipher"])
        return found

    def call(self, group: str, method: str, model: str = "", body: Any = None, **arguments: Any) -> Any:
        """One call; `model` is the name of what its body is. Words of a closed set are made into the client's own."""
        if model:
            arguments["body"] = getattr(models, model).from_dict(body)
        own = "".join(part.title() for part in method.split("_"))
        for name, kind in (("sort_field", "SortField"), ("sort_order", "SortOrder")):
            if name in arguments:
                arguments[name] = getattr(models, own + kind)(arguments[name])
        return getattr(getattr(self._client, group), method)(**arguments).to_dict().get("data")

    def renew(self) -> Any:
        """Exchange the refresh token and go on with the new one."""
        tokens = self._auth.refresh(self._refresh)
        self._token = tokens.access_token
        self._client = self._client.with_shop(access_token=self._token)
        return tokens.access_token

    def hear(self, body: str, signature: str) -> Any:
        """Verify a push and name what it is."""
        event = Webhooks.verify_and_parse(app_key=self._app[0], app_secret=self._app[1], raw_body=body,
                                          signature=signature)
        return {"kind": type(event).__name__, **event.to_dict()}
