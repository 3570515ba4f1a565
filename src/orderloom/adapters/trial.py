"""Tries an account out at its platform, and looks whether it may go there, before it is kept."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Mapping, Sequence
from urllib.parse import urlsplit

from orderloom.adapters.alone import OwnTokens
from orderloom.adapters.manifests import exclusive
from orderloom.adapters.outside import Outside, allowed_hosts, refuse_private, with_private_hosts
from orderloom.application.connect import shared
from orderloom.application.deliver import SEND_SECONDS_MAX
from orderloom.application.examine_account import TITLES, Check
from orderloom.application.ports import Account, Connector, Granted, Probed, Trouble

REACH_SECONDS_MAX = 10.0


class Trial:
    """See `application.keep_account.AccountTrial`."""

    def __init__(self, connectors: Mapping[str, Connector], outside: Outside, alone: OwnTokens) -> None:
        """`alone` is where connectors keep the tokens of an account that is not kept yet."""
        self._connectors, self._outside, self._alone = connectors, outside, alone

    async def probe(self, account: Account) -> Probed:
        """Whether it is reachable and permitted."""
        try:
            async with asyncio.timeout(SEND_SECONDS_MAX):
                return await self._connectors[account.connector].probe(account, self._outside.client(account))
        except Trouble as refused:
            return Probed(False, str(refused))
        except TimeoutError:
            return Probed(False, f"{SEND_SECONDS_MAX:.0f} 秒内没有应答 | no answer within {SEND_SECONDS_MAX:.0f} s")

    async def examine(self, account: Account) -> tuple[list[Check], Probed]:
        """Whether its address may be used, answers, and takes the key: one after the other, the first no ends it."""
        checks: list[Check] = []
        steps = (("address", self.check_address), ("reach", self._reach)) if account.base_url else ()
        for name, step in steps:
            began = time.monotonic()
            why = await _why_not(step(account))
            checks.append(_check(name, began, not why, why))
            if why:
                left = ("reach", "probe") if name == "address" else ("probe",)
                return [*checks, *[_skipped(one) for one in left]], Probed(False, why, code=name)
        began = time.monotonic()
        health = await self.probe(account)
        return [*checks, _check("probe", began, health.is_well, health.message)], health

    async def _reach(self, account: Account) -> None:
        """Raises OSError or TimeoutError where nobody listens; whatever answers is asked afterwards."""
        url = urlsplit(account.base_url)
        port = url.port or (443 if url.scheme == "https" else 80)
        async with asyncio.timeout(REACH_SECONDS_MAX):
            _, writer = await asyncio.open_connection(url.hostname, port)
        writer.close()

    def gained(self, account: Account) -> Granted | None:
        """The tokens that the platform granted when the account was tried, if it did."""
        return self._alone.gained(account)

    async def check_address(self, account: Account) -> None:
        """Raises Terminal for a private address that nobody allowed."""
        await refuse_private(account.base_url, allowed_hosts(account))

    async def clash(self, account: Account, others: Sequence[Account]) -> tuple[str, str] | None:
        """A setting that only one account may have so, and the other account that has it."""
        names = exclusive(account.connector)
        return await asyncio.to_thread(shared, names, account, others, os.path.realpath) if names else None

    def with_hosts(self, account: Account, allowed: Sequence[str], disallowed: Sequence[str]) -> Account:
        """The account, which may reach these private hosts and those no longer."""
        return with_private_hosts(account, allowed, disallowed)

    def hosts(self, account: Account) -> list[str]:
        """Private hosts that it may reach."""
        return sorted(allowed_hosts(account))


async def _why_not(step: Awaitable[None]) -> str:
    try:
        await step
    except Trouble as refused:
        return refused.message
    except TimeoutError:
        return f"{REACH_SECONDS_MAX:.0f} 秒内没有应答 | no answer within {REACH_SECONDS_MAX:.0f} s"
    except (OSError, ValueError) as error:
        return f"连不上：{type(error).__name__} | it cannot be reached: {type(error).__name__}"
    return ""


def _check(name: str, began: float, is_well: bool, message: str) -> Check:
    return Check(name, TITLES[name], round((time.monotonic() - began) * 1_000), is_well, message)


def _skipped(name: str) -> Check:
    return Check(name, TITLES[name], 0, False, was_skipped=True)
