"""The public client of WeChat that most of China's Python takes: tokens, calls, messages, and the AES of pushes."""

from __future__ import annotations

from typing import Any

import xmltodict
from wechatpy import WeChatClient
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature


class Client:
    """One app."""

    def __init__(self, base: str, app_id: str, app_secret: str, aes_key: str = "", push_token: str = "") -> None:
        self._client = WeChatClient(app_id, app_secret, timeout=30)
        self._client.API_BASE_URL = f"{base}/cgi-bin/"
        self._client.fetch_access_token = self._fetch
        self._base, self._app, self._secret = base, app_id, app_secret
        self._aes, self._push = aes_key, push_token

    def _fetch(self) -> Any:
        """The client's own way to a token, at the simulator's address."""
        asked = {"grant_type": "client_credential", "appid": self._app, "secret": self._secret}
        return self._client._fetch_access_token(f"{self._base}/cgi-bin/token", asked)

    def post(self, path: str, **data: Any) -> Any:
        """A call; the client renews a token that has ended and asks again."""
        return self._client.post(self._base + path, data=data)

    def template(self, to: str, template: str, data: Any) -> Any:
        """A template message."""
        return self._client.message.send_template(to, template, data)

    def hear(self, query: dict[str, str], body: dict[str, str]) -> str:
        """What a push says inside, once its signatures are WeChat's."""
        check_signature(self._push, query["signature"], query["timestamp"], query["nonce"])
        inside = WeChatCrypto(self._push, self._aes, self._app).decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"])
        return inside if isinstance(inside, str) else inside.decode()

    def seal(self, text: str, nonce: str, timestamp: str) -> Any:
        """The envelope of a message, as WeChat sends it."""
        made = WeChatCrypto(self._push, self._aes, self._app).encrypt_message(text, nonce, timestamp)
        return xmltodict.parse(made)["xml"]
