"""What a declared connector leans on when it calls its platform: tokens that rotate, and the pace that is allowed.

Both are shared by every process of the hub, so that ten workers ask for one new token and keep one limit together.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from orderloom.application.ports.connector import Account


class Lane(StrEnum):
    """What a call is for, the most urgent first: a lane waits while one before it needs what is left of the pace."""

    LIVE = "live"
    STOCK = "stock"
    BACKFILL = "backfill"


class Granted(msgspec.Struct, frozen=True):
    """New tokens by the names of the credentials, and until when each is good (none: for ever, or nobody knows)."""

    values: Mapping[str, str]
    expires: Mapping[str, datetime] = {}


Ask = Callable[[Mapping[str, str]], Awaitable[Granted]]
"""Asks the platform for new tokens with the credentials given; raises Transient or Terminal."""


class Tokens(Protocol):
    """Tokens that end and are renewed, kept apart from what a person typed in."""

    async def current(self, account: Account) -> Mapping[str, str]:
        """The account's credentials, the newest tokens among them."""

    async def ends(self, account: Account) -> Mapping[str, datetime]:
        """Until when the tokens are good, by name, where that is known."""

    async def renew(self, account: Account, stale: Mapping[str, str], ask: Ask) -> Mapping[str, str]:
        """New credentials, asked for once however many ask: whoever finds others than `stale` kept takes those.

        `ask` is called under a lock of the account that all processes share, with what is kept at that moment; what it
        gives is durable before it is returned. Raises what `ask` raises.
        """


class Limits(Protocol):
    """The pace that a platform allows an account, by API and lane, learnt from its answers."""

    async def wait(self, account: Account, api: str, lane: Lane) -> None:
        """Return when one call of `api` may be made. Raises Transient `rate_limited` when that is too far off."""

    async def learn(self, account: Account, api: str, seconds: float) -> None:
        """The platform said "too fast": nothing of `api` is called for so many seconds."""
