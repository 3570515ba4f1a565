"""What a declared connector leans on when it calls its platform - tokens that rotate, and the pace that is allowed -
and what it may offer beside `Connector`: to be authorised by a person, and to read single things again.

Tokens and pace are shared by every process of the hub, so that ten workers ask for one new token and keep one limit
together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import httpx2
import msgspec

from orderloom.application.ports.connector import Account, Page


class Lane(StrEnum):
    """What a call is for, the most urgent first: a lane waits while one before it needs what is left of the pace."""

    LIVE = "live"
    STOCK = "stock"
    BACKFILL = "backfill"


class Granted(msgspec.Struct, frozen=True):
    """New tokens by the names of the credentials, and until when each is good (none: for ever, or nobody knows).

    `lasts`: until when they can be renewed without a person, where the platform says so: the end of the refresh token,
    or of the only token. A case is opened in good time before it.
    """

    values: Mapping[str, str]
    expires: Mapping[str, datetime] = {}
    lasts: datetime | None = None


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

        `stale` is the whole of what `current` gave. `ask` is called under a lock of the account that all processes
        share, with what is kept at that moment; what it gives is durable before it is returned, and names that it does
        not give stay as they were. Raises what `ask` raises, for a while without asking again: whoever waited for an
        ask that failed gets its failure.
        """

    async def keep(self, account: Account, granted: Granted) -> None:
        """Keep what a person's authorisation gave, in the place of everything kept before."""


class Limits(Protocol):
    """The pace that a platform allows an account, by API and lane, learnt from its answers."""

    async def wait(self, account: Account, api: str, lane: Lane) -> None:
        """Return when one call of `api` may be made. Raises Transient `rate_limited` when that is too far off."""

    async def learn(self, account: Account, api: str, seconds: float) -> None:
        """The platform said "too fast": nothing of `api` is called for so many seconds."""


@runtime_checkable
class Authorises(Protocol):
    """A connector whose account a person authorises in a browser (OAuth 2.0 and its like).

    `redirect` is the hub's callback address without a query. A platform that does not hand `state` back is given
    `{redirect}/{state}` instead: the hub answers there too, and `state` is among the `params` either way.
    """

    def authorise_url(self, account: Account, state: str, redirect: str) -> str:
        """Where the person is sent."""

    async def exchange(
        self, account: Account, params: Mapping[str, str], redirect: str, http: httpx2.AsyncClient
    ) -> Granted:
        """Tokens for what the platform added to the callback address. Raises Transient; Terminal when it says no, or
        when another shop was authorised than the account's."""


@runtime_checkable
class PaceKeeper(Protocol):
    """A connector whose calls keep to `Limits` by themselves, so that a wait of one API holds up no other delivery."""

    @property
    def keeps_pace(self) -> bool: ...


class Offer(msgspec.Struct, frozen=True):
    """What a carrier asks for a parcel: `amount` in minor units of `currency`, `product` its own code for the service
    and `arrives` the day that it promises, in its own words."""

    product: str
    title: str
    amount: int
    currency: str
    arrives: str = ""


@runtime_checkable
class Quotes(Protocol):
    """A carrier that says what a parcel would cost before anything is bought. Its manifest says `quote`.

    `parcel`: carrier, product, weight_g, weight_kg, and of sender and receiver the regions alone.
    """

    async def quote(
        self, parcel: Mapping[str, Any], account: Account, http: httpx2.AsyncClient
    ) -> list[Offer]:
        """Its offers; none where it names no price. Raises Transient or Terminal."""


REREAD_IDS_MAX = 50
"""So many ids at most are given to one `reread`, which asks for as many of them at once as its platform takes."""


@runtime_checkable
class Rereads(Protocol):
    """A connector that reads single things again: what a push only hinted at, or a list named and did not give.

    `what` is one that its verdicts and pages name. The pages land as those of a pull do; their `cursor` and `window`
    mean nothing. An id that the platform does not give is named in a page's `missing`; one that is simply gone there,
    and need not be asked for again, is in none.
    """

    def reread(
        self, account: Account, what: str, ids: Sequence[str], http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]: ...


@runtime_checkable
class ReadsBack(Protocol):
    """A platform that is read back on demand: the stock of a warehouse, what a shop shows, what went out on a day.

    `what` is one of the manifest's `reads`. The pages are as those of a pull; `cursor` and `window` mean nothing. A
    list that knows no time gives all that it has; one of `reads_by_code` is asked for these codes.
    """

    def read(
        self, account: Account, what: str, start: datetime, end: datetime, http: httpx2.AsyncClient,
        codes: Sequence[str] = (),
    ) -> AsyncIterator[Page]: ...
