"""What the application asks of a connector, and what it gives.

Errors that cross a port are one of two: `Transient` (try again, perhaps not before `retry_after` seconds) and
`Terminal` (trying again cannot help; a person must look).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import httpx2
import msgspec

from orderloom.domain.override import Override

RETRY_AFTER_MAX = 86_400.0
"""A wait is the outside's word: a longer one, `inf` too, would stop the account for good, or every other with it."""


NOT_THERE = "not_found"
"""Code of a Terminal: the outside system has nothing under the name that it was asked about."""


class Trouble(Exception):
    """An outside system did not do what was asked."""

    def __init__(self, code: str, message: str, *, answer: bytes = b"") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.answer = answer


class Transient(Trouble):
    """Trying again may help: a timeout, a 5xx, a rate limit, an `isp.` code."""

    def __init__(self, code: str, message: str, *, retry_after: float = 0.0, answer: bytes = b"") -> None:
        super().__init__(code, message, answer=answer)
        # What is no number, or less than nothing, asks for no wait at all.
        self.retry_after = min(retry_after, RETRY_AFTER_MAX) if retry_after > 0 else 0.0


class Terminal(Trouble):
    """Trying again cannot help: a bad signature, an unknown order, a field the target refuses.

    `items`: of a telling of many things, those that are refused, by our spelling, and why; the others were taken. Empty
    where it is the whole that is refused, or the account."""

    def __init__(self, code: str, message: str, *, answer: bytes = b"", items: Mapping[str, str] | None = None) -> None:
        super().__init__(code, message, answer=answer)
        self.items = dict(items or {})


class PartlyRead(Transient):
    """Some lists of a source were read, others not: `lists`, and why the `first` of them was not; its code is ours."""

    def __init__(self, lists: Sequence[str], first: Exception) -> None:
        super().__init__(getattr(first, "code", "partly_read"), ", ".join(lists),
                         retry_after=getattr(first, "retry_after", 0.0))
        self.lists, self.first = lists, first


class Account(msgspec.Struct, frozen=True):
    """One connected account of a channel, system, carrier or subscriber.

    `credentials` are decrypted values by the names of the manifest's form; `settings` are the account's own
    settings (shop number, marketplace, page size). `zone` is an IANA zone name.
    """

    id: int
    code: str
    family: str
    connector: str
    zone: str
    base_url: str
    credentials: Mapping[str, str]
    settings: Mapping[str, Any]
    is_active: bool = True
    """Switched off: nothing is read from it or sent to it, and what it is part of goes on."""
    follows: tuple[str, ...] | None = None
    """Of a carrier's or tracking service's: whose parcels it follows, by our codes; None: anybody's."""
    is_watching: bool = False
    """It is read and its messages are mapped, and there it ends: nothing is made of them, nothing is sent to it."""
    is_label_theirs: bool = False
    """Its platform supplies the label of each order: works of its orders leave alone."""
    overrides: tuple[Override, ...] = ()
    """What people edited of its connector's mapping."""

    @property
    def read_by(self) -> str | None:
        """Which edited mappings its messages are read by; None: the connector's own."""
        return " ".join([one.label for one in self.overrides]) or None


class Item(msgspec.Struct, frozen=True):
    """One thing to land: the exact bytes of one order, report or page that could not be split.

    `topic` names the mapping document that reads it. `event_id` is the source's own id of this delivery, the same on
    a retry; empty means that the digest of the bytes is the identity.
    """

    topic: str
    body: bytes
    event_id: str = ""
    context: tuple[tuple[str, str], ...] = ()
    """What is not in the bytes and the mapping needs, such as a file's header line; stored with the headers."""


class Inbound(msgspec.Struct, frozen=True):
    """An HTTP request at the door, as received. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Reread(msgspec.Struct, frozen=True):
    """Something to ask the source for again: `what` names a list of the connector's, `id` is the source's own."""

    what: str
    id: str


HINT = "hint"
"""Topic of a push that only says that something changed: kept byte for byte, counted, and never translated."""
UNREADABLE = "unreadable"
"""Topic of what a connector could not cut into orders: kept as it came, and parked."""


class Verdict(msgspec.Struct, frozen=True):
    """What the connector makes of a request: what to land and what to answer once it is durable.

    `quarantine` is empty for a genuine request; else the reason, and the items are kept but never processed. `reread`
    is kept together with the items, of which those that only hint have the topic `HINT`; see `Rereads`.
    """

    items: tuple[Item, ...]
    quarantine: str = ""
    status: int = 200
    reply: bytes = b""
    reply_type: str = "application/json"
    reread: tuple[Reread, ...] = ()


class Cursor(msgspec.Struct, frozen=True):
    """How far an account was read: composite, so that equal instants are not skipped."""

    at: datetime
    key: str = ""


class Window(msgspec.Struct, frozen=True):
    """A stretch of time that is over, as the source itself counts it: `total` orders are there, `seen` of them came.

    `seen` counts different orders that were changed within it, whether or not they were wanted. More may be seen than
    are counted, as an order that changes meanwhile leaves the stretch; fewer means that the source did not give all.
    """

    start: datetime
    end: datetime
    total: int
    seen: int

    @property
    def is_whole(self) -> bool:
        """Whether everything came that the source says is there."""
        return self.seen >= self.total


class Page(msgspec.Struct, frozen=True):
    """One page of a pull. `cursor` is where the next pull starts once the page is durable (None: not to be moved yet).

    `problem` is filled when the source answered 200 with a body that cannot be read; then the one item is that body.
    `window` comes with the last page of a stretch of time that the source counts. `missing` was asked for by its id and
    not given: it is asked for again by itself, later, and is a case when it stays away; see `Rereads`. `changed_at`: of
    a second look, when the one record of the page changed, where that is after the time that is looked at.
    """

    items: tuple[Item, ...]
    headers: tuple[tuple[str, str], ...] = ()
    cursor: Cursor | None = None
    problem: str = ""
    window: Window | None = None
    missing: tuple[Reread, ...] = ()
    changed_at: datetime | None = None


class Outgoing(msgspec.Struct, frozen=True):
    """One delivery to a target: `kind` is work, work_cancel, shipment, stock, watch or event; see `docs/deliveries.md`.

    `id` is the same on every attempt: use it as the target's idempotency key. `attempt` starts at 1.
    """

    id: str
    kind: str
    key: str
    body: dict[str, Any]
    attempt: int


class Answer(msgspec.Struct, frozen=True):
    """A target's yes. `said` is what it told (its own id, a waybill); `raw` is what it answered, for the record."""

    raw: bytes = b""
    said: dict[str, str] = {}


class Probed(msgspec.Struct, frozen=True):
    """Outcome of testing an account: reachable and permitted, or why not and how to mend it.

    `is_to_authorise`: all that is missing is that a person authorises it (`Authorises`); it is kept for that.
    """

    is_well: bool
    message: str
    is_to_authorise: bool = False
    code: str = ""
    """What the refusal means: wrong_key, token_old, not_allowed, clock, missing …; empty where nobody said."""
    fields: tuple[str, ...] = ()
    """Credentials that lack or are wrong, as far as that is known."""


@runtime_checkable
class BatchSender(Protocol):
    """A connector whose target takes several deliveries in one call: `batch_max` says how many, by kind.

    `send_many` gives one result per delivery, in order; an error of the whole call is raised.
    """

    batch_max: Mapping[str, int]

    async def send_many(
        self, outgoing: Sequence[Outgoing], account: Account, http: httpx2.AsyncClient
    ) -> list[Answer | Trouble]: ...


@runtime_checkable
class Lister(Protocol):
    """A channel that knows its listings by the seller's own code; `listings_max` says for how many in one call.

    `find_listings` gives the platform's own ids, as its stock deliveries take them; a code that is not on sale is left
    out. Its manifest says `listings`.
    """

    listings_max: int

    async def find_listings(
        self, codes: Sequence[str], account: Account, http: httpx2.AsyncClient
    ) -> dict[str, dict[str, Any]]: ...


@runtime_checkable
class PastReader(Protocol):
    """A source whose past can be read beside the live pull. Both walk from the cursor to `until`, which is over.

    `backfill` yields the orders that are not finished. `sweep` reads everything once more, in
    another way than `pull` where the source allows it, so that what a pull was not shown is found.
    """

    def backfill(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]: ...

    def sweep(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]: ...


class Connector(Protocol):
    """What every folder under `adapters/{channels,systems,carriers}` offers in `client.py` as `CONNECTOR`.

    Bytes are verified before they are parsed, signatures compared in constant time. `pull` yields pages whose items
    are exact byte slices. All errors of the outside become `Transient` or `Terminal`.
    """

    name: str

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict: ...

    def pull(
        self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]: ...

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer: ...

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed: ...
