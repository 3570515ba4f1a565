"""Look up at the platforms under which ids they list what is sold, keep the ids, and tell stock of what is found."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import orjson
import structlog

from orderloom.adapters.db.publishing import tell_stock
from orderloom.adapters.db.statements import statement
from orderloom.adapters.manifests import capable
from orderloom.application.ports import Account, Lister
from orderloom.bootstrap import Hub
from orderloom.entrypoints.worker.pulling import why_failed
from orderloom.entrypoints.worker.walking import pause_seconds

AGAIN_AFTER = {"looking": timedelta(minutes=10), "absent": timedelta(hours=6), "listed": timedelta(days=1)}
"""When a listing is looked up again: one whose answer never came, one that was not on sale, one that was."""
NOTHING = timedelta(seconds=30)
"""How soon an account is looked at again when nothing was due."""
REST = timedelta(minutes=1)
"""How long a platform that failed is left alone."""
log = structlog.get_logger()


class Seeker:
    """Looks up listings, account by account."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._rests_until: dict[int, datetime] = {}

    async def step(self) -> int:
        """One call's worth of each account's spellings; returns how many were looked up."""
        directory = await self._hub.directory()
        able = capable("listings")
        at = self._hub.now()
        accounts = [a for a in directory.accounts.values()
                    if a.is_active and a.connector in able and self._rests_until.get(a.id, at) <= at]
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
        await asyncio.sleep(pause_seconds(account))
        return len(skus)

    async def _take(self, account: Account, limit: int) -> dict[str, int]:
        async with self._hub.pool.connection() as connection:
            rows = await connection.execute(statement("publish", "to_look"), {
                "account": account.id, "at": self._hub.now(), "limit": limit, **AGAIN_AFTER,
            })
            return dict(await rows.fetchall())

    async def _keep(self, account: Account, skus: dict[str, int], found: dict[str, dict[str, Any]]) -> None:
        """Write down the answers; what is on sale under new ids is told its stock in the same transaction."""
        directory = await self._hub.directory()
        rows = orjson.dumps([{"alias": alias, "ids": found.get(alias)} for alias in skus]).decode()
        async with self._hub.pool.connection() as connection, connection.transaction():
            await connection.execute(statement("publish", "watermark_hold"))
            looked = await connection.execute(statement("publish", "looked"), {"account": account.id, "rows": rows})
            new = [row[0] for row in await looked.fetchall()]
            if new:
                await connection.execute(statement("publish", "forget_shown"), {
                    "account": account.id, "externals": new,
                })
                await tell_stock(connection, sorted({skus[alias] for alias in new}), directory, self._hub.now())
