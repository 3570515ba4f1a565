"""What reading a source asks of the hub: connectors, the way out, the door, and where it is written down how far."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

import httpx2

from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.land import Lander
from orderloom.application.ports import Account, Connector, Cursor, Manifest, Reread
from orderloom.application.within import Within


class Lease(NamedTuple):
    """Instants that bound a lease: now, its end, and what only a clock that ran ahead can have written."""

    at: datetime
    until: datetime
    again: datetime
    """Where what such a clock read is begun again."""
    latest: datetime
    lease_latest: datetime
    due_latest: datetime


class DuePull(NamedTuple):
    """An account that is to be read now; `was_ahead`: a clock that was wrong had moved its place."""

    account_id: int
    cursor: Cursor
    failures: int
    was_ahead: bool


class Walk(NamedTuple):
    """A walk that is to go on; `live_at` is how far the live pull has come."""

    account_id: int
    kind: str
    scope: str
    until: datetime
    cursor: Cursor
    failures: int
    live_at: datetime | None


class ReadingBook(Protocol):
    """How far every account was read. Each call is a transaction of its own."""

    async def set_back(self, by: timedelta, at: datetime) -> None: ...
    async def take(self, lease: Lease, connectors: Sequence[str], swept: Sequence[str]) -> list[DuePull]: ...
    async def move(self, account_id: int, place: Cursor | None, started: datetime, lease_until: datetime) -> None:
        """The page is durable; without a place the pull goes on where it stood."""
    async def done(
        self, account_id: int, due_at: datetime, failures: int, error: str, started: datetime, at: datetime,
    ) -> None: ...
    async def note_clock(self, account_id: int, ahead: int, at: datetime) -> None: ...
    async def count_found(self, account_id: int, found: int) -> None: ...
    async def take_walks(self, lease: Lease) -> list[Walk]: ...
    async def move_walk(
        self, account_id: int, kind: str, place: Cursor | None, landed: int, lease_until: datetime,
    ) -> None: ...
    async def end_walk(
        self, account_id: int, kind: str, due_at: datetime, failures: int, error: str, at: datetime,
    ) -> None: ...
    async def silent(self, at: datetime, heard_before: datetime, limit: int) -> list[tuple[str, str, str]]:
        """Parcels that nobody has told of: carrier, waybill, last digits of the phone. They count as asked for."""


class Owed(NamedTuple):
    """Something that is to be read again, for so many hints since then; it failed so often in a row."""

    account_id: int
    what: str
    id: str
    hints: int
    failures: int
    since: datetime


class RereadBook(Protocol):
    """What has to be read again. Each call is a transaction of its own."""

    async def owe(self, account_id: int, owed: Sequence[Reread], at: datetime) -> None: ...
    async def take(self, lease: Lease, busy: Collection[int], limit: int) -> list[Owed]:
        """Leased, but for these accounts."""
    async def done(self, account_id: int, what: str, owed: Sequence[Owed], at: datetime) -> None:
        """Those hinted at meanwhile are read once more."""
    async def failed(self, account_id: int, what: str, due: Sequence[tuple[Owed, datetime]], error: str) -> None: ...
    async def extend(self, account_id: int, what: str, owed: Sequence[Owed], until: datetime) -> None: ...


class SourceCases(Protocol):
    """Where cases are opened and closed by programs, in one transaction."""

    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, by: str) -> None: ...
    async def left_out(self, account: Account) -> dict[str, Any]:
        """What the account's case tells so far, its next telling held off until this transaction ends."""


class ListingBook(Protocol):
    """Which listings are to be looked up, and what was found, in one transaction."""

    async def to_look(
        self, account_id: int, at: datetime, limit: int, after: Mapping[str, timedelta],
    ) -> dict[str, int]:
        """SKU ids by the seller's own spelling."""
    async def keep(
        self, account_id: int, skus: Mapping[str, int], found: Mapping[str, Mapping[str, Any]], at: datetime,
    ) -> None:
        """The answers; what is on sale under new ids is told its stock."""


class WayOut(Protocol):
    """The way out."""

    def client(self, account: Account) -> httpx2.AsyncClient: ...
    def clock_ahead(self, account: Account) -> int | None:
        """By how many seconds the platform's clock was ahead of ours when it last answered; None: it did not say."""


class SourcesPorts(Protocol):
    """Where it is written down."""

    @property
    def pulls(self) -> Within[ReadingBook]: ...
    @property
    def desk(self) -> Within[SourceCases]: ...
    @property
    def rereads(self) -> Within[RereadBook]: ...
    @property
    def listings(self) -> Within[ListingBook]: ...


class OutwardHub(Protocol):
    """What of the hub everybody needs who speaks to systems outside."""

    @property
    def connectors(self) -> Mapping[str, Connector]: ...
    @property
    def manifests(self) -> Mapping[str, Manifest]: ...
    @property
    def outside(self) -> WayOut: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


class SourcesHub(OutwardHub, Protocol):
    """What of it is needed to read sources."""

    @property
    def lander(self) -> Lander: ...
    @property
    def ports(self) -> SourcesPorts: ...
