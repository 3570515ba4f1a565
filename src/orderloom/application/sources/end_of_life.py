"""Look at the API versions that accounts speak: a case in good time before the last day of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from orderloom.application.ports import Account, Version
from orderloom.application.sources.hub import SourcesHub
from orderloom.application.sources.reading import resolve, tell

CASE = "version_ends"


def days_left(version: Version | None, today: date) -> int | None:
    """Days until the platform answers this version no more, the last one counted; None: no day is known."""
    return None if version is None or version.last_day is None else (version.last_day - today).days + 1


class VersionWatcher:
    """Remembers what it has told, so that a case is opened or closed when something changes."""

    def __init__(self, hub: SourcesHub, notice_days: int) -> None:
        self._hub, self._notice_days = hub, notice_days
        self._told: dict[int, dict[str, Any] | None] = {}

    async def step(self) -> int:
        """Look at every account; returns how many cases were opened or seen again."""
        opened = 0
        for account in (await self._hub.directory()).accounts.values():
            evidence = self._ending(account) if account.is_active else None
            if account.id in self._told and self._told[account.id] == evidence:
                continue
            if evidence is None:
                await resolve(self._hub, CASE, account)
            else:
                await tell(self._hub, account, CASE, evidence)
                opened += 1
            self._told[account.id] = evidence
        return opened

    def _ending(self, account: Account) -> dict[str, Any] | None:
        manifest = self._hub.manifests.get(account.connector)
        version = manifest.version_of(account.settings) if manifest else None
        left = days_left(version, self._hub.now().date())
        if manifest is None or version is None or left is None or left > self._notice_days:
            return None
        later = [one.name for one in manifest.versions
                 if (days_left(one, self._hub.now().date()) or self._notice_days + 1) > self._notice_days]
        return {"version": version.name, "last_day": str(version.last_day), "setting": manifest.version_by,
                "others": ", ".join(later), "is_over": left <= 0}
