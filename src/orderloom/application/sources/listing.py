"""Look up at the platforms under which ids they list what is sold, keep the ids, and tell stock of what is found."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from orderloom.application.ports import Account, Lister, able
from orderloom.application.sources.hub import SourcesHub
from orderloom.application.sources.pulling import why_failed
from orderloom.application.sources.walking import pause_seconds

AGAIN_AFTER = {"looking": timedelta(minutes=10), "absent": timedelta(hours=6), "listed": timedelta(days=1)}
"""When a listing is looked up again: one whose answer never came, one that was not on sale, one that was."""
NOTHING = timedelta(seconds=30)
"""How soon an account is looked at again when nothing was due."""
REST = timedelta(minutes=1)
"""How long a platform that failed is left alone."""
log = structlog.get_logger()


class Seeker:
    """Looks up listings, account by account."""

    def __init__(self, hub: SourcesHub) -> None:
        self._hub = hub
        self._rests_until: dict[int, datetime] = {}

    async def step(self) -> int:
        """One call's worth of each account's spellings; returns how many were looked up."""
        directory = await self._hub.directory()
        names = able(self._hub.manifests, "listings")
        at = self._hub.now()
        accounts = [a for a in directory.accounts.values()
                    if a.is_active and a.connector in names and self._rests_until.get(a.id, at) <= at]
        return sum(await asyncio.gather(*[self._seek(account) for account in accounts]))

    async def _seek(self, account: Account) -> int:
        connector = self._hub.connectors[account.connector]
        if not isinstance(connector, Lister):
            return 0
        skus = await self._take(account, connector.listings_max)
        if not skus:
            self._rests_until[account.id] = self._hub.now() + NOTHING
            return 0
        try:
            found = await connector.find_listings(list(skus), account, self._hub.outside.client(account))
        except Exception as failed:
            error, wait = why_failed(failed, account)
            log.warning("listings_failed", account=account.code, why=error[:200])
            self._rests_until[account.id] = self._hub.now() + max(REST, timedelta(seconds=wait))
            return 0
        await self._keep(account, skus, found)
        await asyncio.sleep(pause_seconds(self._hub, account))
        return len(skus)

    async def _take(self, account: Account, limit: int) -> dict[str, int]:
        async with self._hub.ports.listings() as listings:
            return await listings.to_look(account.id, self._hub.now(), limit, AGAIN_AFTER)

    async def _keep(self, account: Account, skus: dict[str, int], found: dict[str, dict[str, Any]]) -> None:
        async with self._hub.ports.listings() as listings:
            await listings.keep(account.id, skus, found, self._hub.now())
