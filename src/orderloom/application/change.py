"""What a batch decided, before it is written: the only thing that `decide` produces and `save` reads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.commands import Subject
from orderloom.application.notices import Notice
from orderloom.application.sealed import SealedReceiver
from orderloom.domain.draft import TrackEntry
from orderloom.domain.fact import Event
from orderloom.domain.inventory.level import Movement
from orderloom.domain.log import Entry, entry_of
from orderloom.domain.order import Order
from orderloom.domain.subject import LoggedSubject


class Deadline(msgspec.Struct, frozen=True):
    """Something to look at again at `due_at`, exactly once; `of` names the part of the subject that it is about."""

    subject: Subject
    kind: str
    of: str
    due_at: datetime
    blueprint: int
    catch_up: str


class Delivery(msgspec.Struct, frozen=True):
    """A message to be sent to an account, in order per `order_key`."""

    account_id: int
    kind: str
    order_id: str | None
    order_key: str
    body: dict[str, Any]


class CaseOpened(msgspec.Struct, frozen=True):
    """An anomaly that a person or a playbook must see; the same kind and subject is one case."""

    kind: str
    subject: str
    evidence: dict[str, Any]
    order_id: str | None = None
    account_id: int | None = None
    owner: str = "operations"
    due_at: datetime | None = None
    cause: str = ""
    """What it comes of (target, warehouse, SKU); over `group_over` open ones of a kind and cause are one case."""
    group_over: int = 100


class Tracked(msgspec.Struct, frozen=True):
    """A carrier's scan to be kept."""

    order_id: str
    parcel_no: int
    entry: TrackEntry
    message_id: str | None


class StockClaim(msgspec.Struct, frozen=True):
    """A system's stated figure."""

    system: str
    warehouse_id: int
    sku_id: int
    meaning: str
    quantity: int
    as_of: datetime
    message_id: str | None


class GiftOnce(msgspec.Struct, frozen=True):
    """A gift that a buyer, known by a blind index, is to get once; `instead_of` an order whose gift is void, if any."""

    buyer: bytes
    gift: str
    order_id: str
    instead_of: str = ""


class OutcomeLearnt(msgspec.Struct, frozen=True):
    """An order's outcome under the arm and rule version that decided it. `cost` in minor units by the rate tables;
    `is_on_time`: every parcel was delivered by what was promised last."""

    order_id: str
    arm: str
    rule: str
    promised_at: datetime
    ended_at: datetime
    is_on_time: bool
    is_split: bool
    is_returned: bool
    cost: int
    parcels: int


class Change:
    """Collects rows while a batch is decided. `orders` maps id to (before, after); before is None for a new order."""

    __slots__ = (
        "cases",
        "deadlines",
        "deliveries",
        "entries",
        "evidence",
        "figures",
        "gifts",
        "learnt",
        "loads",
        "movements",
        "notices",
        "orders",
        "quotas",
        "recalled",
        "receivers",
        "released_keys",
        "resolved",
        "subjects",
        "together",
        "told",
        "tracked",
    )
    movements: list[Movement]
    gifts: list[GiftOnce]
    """What buyers get who are to get it once."""

    released_keys: set[str]
    """Park keys whose messages may go on now."""
    subjects: dict[str, tuple[LoggedSubject, LoggedSubject]]
    """By id what each subject was that something is told of, and what it is then."""
    told: list[Entry]
    """The events of subjects."""

    def __init__(self) -> None:
        self.orders: dict[str, tuple[Order | None, Order]] = {}
        self.entries: list[Entry] = []
        self.evidence: dict[str, str] = {}
        """The message that last changed each order."""
        self.movements, self.gifts = [], []
        self.quotas: dict[str, list[int]] = {}
        """What comes to units kept and drawn of quotas."""
        self.deadlines: list[Deadline] = []
        self.deliveries: list[Delivery] = []
        self.notices: list[Notice] = []
        """What people are to be told of the batch's orders by notification rules."""
        self.recalled: list[tuple[str, str]] = []
        """(order id, work number) whose deliveries of kind `work` are not to be sent if they have not left, and whose
        labels are not needed."""
        self.cases: list[CaseOpened] = []
        self.resolved: list[tuple[str, str]] = []
        """(kind, subject) of cases that the batch put right."""
        self.together: set[tuple[int, str]] = set()
        """(account, event id) of messages that said nothing alone and were read together with others now."""
        self.receivers: dict[str, SealedReceiver] = {}
        self.tracked: list[Tracked] = []
        self.figures: list[StockClaim] = []
        self.learnt: dict[str, OutcomeLearnt] = {}
        """By order what became of its routing decision."""
        self.loads: dict[int, int] = {}
        """Works given to each warehouse by this batch."""
        self.released_keys, self.subjects, self.told = set(), {}, []

    def tell(
        self, subject: LoggedSubject, event: Event, at: datetime, actor: str, message_id: str | None = None,
        blueprint: int = 0,
    ) -> LoggedSubject:
        """Append an event to the log of a subject, which its caller has locked or just made; returns the subject with
        it. `blueprint`: by which version of it was decided, 0 where it has no say."""
        before, now = self.subjects.get(subject.id, (subject, subject))
        entry = entry_of(event, now.head, now.id, now.event_count + 1, at, actor, message_id, blueprint)
        after = msgspec.structs.replace(now, event_count=entry.seq, event_head=entry.hash)
        self.subjects[subject.id] = (before, after)
        self.told.append(entry)
        return after
