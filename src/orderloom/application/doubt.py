"""Tell of what came in an account's name and is not genuine: one case for the account, however much of it there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from orderloom.application.batch import open_case
from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.within import Within

CASE, BY = "forged", "door"


class DoubtDesk(Protocol):
    """Where cases are opened."""

    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, by: str) -> None: ...


async def doubt(within: Within[DoubtDesk], seen: Mapping[int, Counter[str]], at: datetime) -> None:
    """Open the case of each account, or see it again: `seen` counts by account and by why it is not believed."""
    async with within() as desk:
        directory = await desk.directory()
        blueprint = directory.blueprints.get(directory.blueprint_active)
        change = Change()
        for account_id, reasons in seen.items():
            account = directory.accounts.get(account_id)
            if account is None or blueprint is None or CASE not in blueprint.cases:
                continue
            why = ", ".join([f"{count} {reason}" for reason, count in sorted(reasons.items())])
            open_case(change, blueprint, at, CASE, account.code, {"account": account.code, "why": why[:500]},
                      account_id=account_id, cause=f"account:{account.code}")
        if change.cases:
            await desk.save(change, at, BY)
