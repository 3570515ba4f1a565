"""Post domain events to an address from now on, signed with a secret that is told once; or no longer."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

SECRET_BYTES = 32


class Subscribers(Protocol):
    """Where subscribers are kept, in one transaction."""

    async def subscribe(self, code: str, title: str, url: str, secret: str, settings: Mapping[str, Any]) -> bool: ...
    async def end_subscriber(self, code: str) -> bool: ...


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


async def subscribe(
    within: Within[Subscribers], code: str, title: str, url: str, settings: Mapping[str, Any],
) -> str:
    """Keep a new subscriber; returns its signing secret. Raises NotKept when the code is taken."""
    secret = new_secret()
    async with within() as subscribers:
        if not await subscribers.subscribe(code, title, url, secret, settings):
            raise NotKept("already_there", f"code: 账号 {code} 已存在", f"account {code} is there already")
    return secret


async def end_subscription(within: Within[Subscribers], code: str) -> bool:
    """Post nothing more to it and forget its secret; its deliveries stay for the record. False when there is none."""
    async with within() as subscribers:
        return await subscribers.end_subscriber(code)
