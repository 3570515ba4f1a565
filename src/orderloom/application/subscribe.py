"""Post domain events to an address from now on, signed with a secret that is told once; or no longer."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from orderloom.application.directory import Directory
from orderloom.application.identity.limits import sight_of
from orderloom.application.identity.sight import EVERYTHING, Sight
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account
from orderloom.application.within import Within

SECRET_BYTES = 32
LISTEN = "events:read"
SEES_AS = "sees_as"
"""The setting of a subscriber that says as which role, and of which rows, it is told: `{role, limits}`."""


def sees_as(role: str, limits: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The settings by which a subscriber is told as somebody of this role would be."""
    return {SEES_AS: {"role": role, "limits": {kind: list(values) for kind, values in limits.items()}}}


def subscriber_sight(account: Account | None, directory: Directory) -> Sight | None:
    """What a subscriber may be told now: all of it when nothing was set; None: nothing, its role is gone or may not
    listen any more, or it has just begun."""
    if account is None or SEES_AS not in account.settings:
        return EVERYTHING if account else None
    kept = account.settings[SEES_AS]
    role = directory.roles.get(kept["role"]) if kept["role"] else None
    if kept["role"] and (role is None or LISTEN not in role.scopes):
        return None
    return sight_of(role, {kind: tuple(values) for kind, values in kept["limits"].items()}, directory)


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
