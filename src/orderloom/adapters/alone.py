"""Tokens and pace of one process alone: for an account that is tried out before it is kept, and for tests.

What a trial is granted must not be lost with it: a platform that takes a refresh token once has taken it. Whoever keeps
the account asks `gained` and keeps that, too.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from orderloom.application.ports import RETRY_AFTER_MAX, Account, Ask, Granted, Lane, Rate, Transient

ACCOUNTS_MAX = 200
"""So many accounts are remembered, the latest."""
WAIT_SECONDS_MAX = 10.0
_Key = tuple[str, str, tuple[tuple[str, str], ...]]


class OwnTokens:
    """See `application.ports.Tokens`. Tokens belong to the credentials that they came from: others have none."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Granted] = OrderedDict()
        self._locks: defaultdict[_Key, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def current(self, account: Account) -> Mapping[str, str]:
        """The account's credentials, the newest tokens among them."""
        kept = self.gained(account)
        return {**account.credentials, **kept.values} if kept else dict(account.credentials)

    async def ends(self, account: Account) -> Mapping[str, datetime]:
        """Until when the tokens are good, where that is known."""
        kept = self.gained(account)
        return dict(kept.expires) if kept else {}

    async def renew(self, account: Account, stale: Mapping[str, str], ask: Ask) -> Mapping[str, str]:
        """New credentials, asked for once however many tasks ask. Raises what `ask` raises."""
        async with self._locks[_key(account)]:
            now = await self.current(account)
            if dict(now) == dict(stale):
                await self.keep(account, together(self.gained(account), await ask(now)))
            return await self.current(account)

    async def keep(self, account: Account, granted: Granted) -> None:
        """Keep these in the place of all before."""
        self._kept[_key(account)] = granted
        self._kept.move_to_end(_key(account))
        while len(self._kept) > ACCOUNTS_MAX:
            self._locks.pop(self._kept.popitem(last=False)[0], None)

    def gained(self, account: Account) -> Granted | None:
        """What was granted for these very credentials; None when nothing was."""
        return self._kept.get(_key(account))


class OwnLimits:
    """See `application.ports.Limits`: a bucket for each API, all lanes alike."""

    def __init__(
        self, rate: Rate = Rate(), clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._rate, self._clock, self._sleep = rate, clock, sleep
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}
        """Tokens, and as of when; later than now: nothing before then."""

    async def wait(self, account: Account, api: str, lane: Lane) -> None:
        """Return when one call may be made. Raises Transient `rate_limited` when that is too far off."""
        now, rate = self._clock(), self._rate
        tokens, at = self._buckets.get((account.code, api), (rate.burst, now))
        tokens = min(rate.burst, tokens + max(now - at, 0.0) * rate.per_second)
        pause = max(at - now, 0.0) + max(1 - tokens, 0.0) / rate.per_second
        if pause > WAIT_SECONDS_MAX:
            raise Transient("rate_limited", "平台的调用额度已用完 | the platform allows no more calls for now",
                            retry_after=pause)
        self._buckets[account.code, api] = (tokens - 1, max(at, now))
        if pause > 0:
            await self._sleep(pause)

    async def learn(self, account: Account, api: str, seconds: float) -> None:
        """Nothing of `api` is called for so many seconds."""
        self._buckets[account.code, api] = (0.0, self._clock() + min(max(seconds, 0.0), RETRY_AFTER_MAX))


def together(before: Granted | None, granted: Granted) -> Granted:
    """What was kept, with what is new on top: a name given anew has the new end, or none."""
    if before is None:
        return granted
    kept = {name: end for name, end in before.expires.items() if name not in granted.values}
    return Granted({**before.values, **granted.values}, {**kept, **granted.expires}, granted.lasts or before.lasts)


def _key(account: Account) -> _Key:
    return account.connector, account.code, tuple(sorted(account.credentials.items()))
