"""Look at authorisations: a case before one ends, and when a platform refuses to renew one for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from orderloom.application.ports import Account
from orderloom.application.sources.hub import SourcesHub, SourcesPorts
from orderloom.application.sources.reading import resolve, tell
from orderloom.application.within import Within

FAILURES_BEFORE_CASE = 5
"""In a row, when each of them may pass."""
BEFORE_END = timedelta(days=7)
"""One that lasts shorter is told of in its last quarter: what is renewed by itself never comes near it."""
ENDS, FAILED = "authorisation_ends", "authorisation_failed"


class TokenState(NamedTuple):
    """What is known of an account's tokens. `lasts`: until when a person need not authorise it again."""

    account_id: int
    lasts: datetime | None
    renewed_at: datetime | None
    failed_at: datetime | None
    failure: str
    is_final: bool
    failures: int

    @property
    def is_failing(self) -> bool:
        """Whether a person has to look."""
        return self.is_final or self.failures >= FAILURES_BEFORE_CASE

    def ends_soon(self, at: datetime) -> bool:
        """Whether a person has to authorise it again, soon."""
        if self.lasts is None:
            return False
        ahead = min(BEFORE_END, (self.lasts - self.renewed_at) / 4) if self.renewed_at else BEFORE_END
        return self.lasts - at <= ahead


class TokenStates(Protocol):
    """Where tokens are kept."""

    async def states(self) -> Sequence[TokenState]: ...


class WatchingPorts(SourcesPorts, Protocol):
    """Where it is written down."""

    @property
    def token_states(self) -> Within[TokenStates]: ...


class WatchingHub(SourcesHub, Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> WatchingPorts: ...


class Watcher:
    """Remembers what it has told, so that a case is opened or closed when something changes, and not once a minute."""

    def __init__(self, hub: WatchingHub) -> None:
        self._hub = hub
        self._told: dict[tuple[int, str], object] = {}

    async def step(self) -> int:
        """Look at every account's tokens; returns how many cases were opened or seen again."""
        at, opened = self._hub.now(), 0
        async with self._hub.ports.token_states() as book:
            states = await book.states()
        accounts = (await self._hub.directory()).accounts
        for state in states:
            account = accounts.get(state.account_id)
            if account is None or not account.is_active:
                continue
            failed = {"why": state.failure, "since": _text(state.failed_at)} if state.is_failing else None
            ends = {"until": _text(state.lasts)} if state.ends_soon(at) else None
            opened += await self._say(account, FAILED, failed) + await self._say(account, ENDS, ends)
        return opened

    async def _say(self, account: Account, kind: str, evidence: dict[str, Any] | None) -> int:
        key, known = (account.id, kind), evidence and tuple(evidence.items())
        if key in self._told and self._told[key] == known:
            return 0
        if evidence is None:
            await resolve(self._hub, kind, account)
        else:
            await tell(self._hub, account, kind, evidence)
        self._told[key] = known
        return 0 if evidence is None else 1


def _text(at: datetime | None) -> str:
    return at.isoformat(timespec="minutes") if at else ""
