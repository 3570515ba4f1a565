"""The reference client of Standard Webhooks: it signs what a site sends and verifies what a site hears."""

from __future__ import annotations

from datetime import UTC, datetime

from standardwebhooks import Webhook


class Client:
    """One secret."""

    def __init__(self, secret: str) -> None:
        self._hook = Webhook(secret)

    def sign(self, key: str, at: int, body: str) -> str:
        """The signature of a message of that second."""
        return self._hook.sign(key, datetime.fromtimestamp(at, UTC), body)

    def hear(self, body: str, headers: dict[str, str]) -> object:
        """What a message says, when it is proven."""
        heard: object = self._hook.verify(body, headers)
        return heard
