"""Change where a subscriber's events are posted or what signs them; or post one to see whether it is heard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from orderloom.application.not_kept import NotKept, unknown
from orderloom.application.subscribe import new_secret
from orderloom.application.within import Within
from orderloom.domain.words import Words

SUBSCRIBER = Words("订阅", "subscriber")
PING = "hub.ping"


class ChangedSubscribers(Protocol):
    """Where subscribers are kept, in one transaction."""

    async def change_subscriber(
        self, code: str, title: str | None, url: str | None, private_hosts: Sequence[str] | None,
    ) -> bool: ...
    async def renew_secret(self, code: str, secret: str) -> bool: ...
    async def ping(self, code: str, body: Mapping[str, Any]) -> str | None: ...


async def change_subscriber(
    within: Within[ChangedSubscribers], code: str, title: str | None, url: str | None,
    private_hosts: Sequence[str] | None,
) -> None:
    """What is null stays; the private hosts that are allowed come with an address. Raises NotKept."""
    async with within() as subscribers:
        if not await subscribers.change_subscriber(code, title, url, private_hosts):
            raise unknown(SUBSCRIBER, code, [])


async def renew_secret(within: Within[ChangedSubscribers], code: str) -> str:
    """Sign with a new secret at once; returns it. The old one signs nothing more. Raises NotKept."""
    secret = new_secret()
    async with within() as subscribers:
        if not await subscribers.renew_secret(code, secret):
            raise unknown(SUBSCRIBER, code, [])
    return secret


async def ping_subscriber(within: Within[ChangedSubscribers], code: str, at: datetime) -> str:
    """Queue a trial event that goes the way of all events; its delivery's id. Raises NotKept when it is not on."""
    body = {"type": PING, "timestamp": at.isoformat(), "data": {"subscriber": code}}
    async with within() as subscribers:
        if (delivery := await subscribers.ping(code, body)) is None:
            raise NotKept("not_possible", f"订阅“{code[:60]}”没有启用，先启用再试发",
                          f'subscriber "{code[:60]}" is not on: switch it on first')
    return delivery
