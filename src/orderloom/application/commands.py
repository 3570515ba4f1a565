"""What can be asked of the hub: every change enters `handle` as one of these, whoever asks for it.

Each kind of command says whom it is about, so that loading, locking and deciding need to know no kind by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from orderloom.application.box_commands import AskLabel, AskPickup, CallOffPickup, GiveLabelBack
from orderloom.application.command import About, Command
from orderloom.application.sealed import SealedReceiver
from orderloom.application.waits import order_unknown, waybill_unknown, work_unknown
from orderloom.application.work_commands import (
    AcceptWork,
    FallBack,
    GiveWorkBack,
    MergeByRule,
    MergeWorks,
    PartWork,
    SplitWork,
)
from orderloom.domain.address_proposal import Proposal
from orderloom.domain.after_sale import TakesDecisions
from orderloom.domain.carriage import CarrierStop
from orderloom.domain.draft import (
    AfterSaleReport,
    OrderDraft,
    Problem,
    Receiver,
    StockReport,
    TrackReport,
    WorkReport,
)
from orderloom.domain.erased import ErasedText
from orderloom.domain.states import SubjectKind

BY_EXTERNAL = About("external", lambda command: (command.account_id, command.draft.external_id))
BY_PARENT = About("external", lambda told: (parent := told.draft.parent_external_id) and (told.account_id, parent))
BY_ECHO = About("ours", lambda command: command.echo)
KIN = About("kin", lambda command: command.order_id)
BY_TOLD_ORDER = About("external", lambda command: (command.account_id, command.report.order_external_id), order_unknown)
BY_WORK = About("work", lambda command: command.report.work_no, work_unknown, "no_such_work")
BY_MERGE = About("together", lambda command: command.account_id is None and (command.report.work_no,))
BY_WAYBILL = About("waybill", lambda command: command.report.waybill, waybill_unknown, "no_such_parcel")


class RecordOrder(Command, frozen=True, kw_only=True):
    """A channel stated an order."""

    about = None
    beside = (BY_EXTERNAL, BY_PARENT, BY_ECHO)
    account_id: int
    draft: OrderDraft
    sealed: SealedReceiver
    received_at: datetime
    proposal: Proposal | None = None
    """What an unsure address probably means, without its personal part."""
    echo: str = ""
    """The number that would make it an order of before, come back (`echo.py`)."""

    def skus(self) -> tuple[tuple[int, str], ...]:
        return tuple([(self.account_id, line.sku_external) for line in self.draft.lines])


class HearCredit(Command, frozen=True, kw_only=True):
    """A message that cannot go on names an order: a return or credit note against it."""

    about = None
    beside = (About("external", lambda command: (command.account_id, command.names)),)
    account_id: int
    names: str
    problems: tuple[Problem, ...]


class HearAfterSale(Command, frozen=True, kw_only=True):
    """A channel told of an application after the sale: a refund, return or exchange that the buyer asks for."""

    about = BY_TOLD_ORDER
    account_id: int
    report: AfterSaleReport
    received_at: datetime


class DecideAfterSale(Command, frozen=True, kw_only=True):
    """Somebody answers an application after the sale. `takes`: what channels can be told, by connector."""

    order_id: str
    application: str
    decision: str
    reason: str
    amount: int | None = None
    takes: Mapping[str, TakesDecisions]


class ConfirmWork(Command, frozen=True, kw_only=True):
    """A warehouse reported on fulfilment work; `account_id` None: people who work from the hub's own list.

    `instead_of` is the waybill of a box that is out and gets the report's waybill in its place. `wave`: in which wave
    it was picked, where several pick what one of them accepted.
    """

    about = BY_WORK
    beside = (BY_WAYBILL, BY_MERGE)
    account_id: int | None
    report: WorkReport
    instead_of: str = ""
    wave: str = ""


class TrackParcel(Command, frozen=True, kw_only=True):
    """A carrier reported on a waybill: every order with goods in that parcel hears of it."""

    about = BY_WAYBILL
    account_id: int
    report: TrackReport


class StateStock(Command, frozen=True, kw_only=True):
    """A system stated its stock figures."""

    about = None
    account_id: int
    report: StockReport

    def skus(self) -> tuple[tuple[int, str], ...]:
        return tuple([(0, figure.sku) for figure in self.report.figures])


class HearAnswer(Command, frozen=True, kw_only=True):
    """A delivery about work, or (`work_no`) an application, ended: `error` is empty when the target said yes. Of a
    label `message` is then the waybill."""

    order_id: str
    kind: str
    work_no: str
    error: str = ""
    message: str = ""


class Subject(msgspec.Struct, frozen=True):
    """What a hold or deadline is about: a kind of thing and its id."""

    kind: SubjectKind
    id: str


class FireDeadline(Command, frozen=True, kw_only=True):
    """A deadline came due; the condition is asked again before anything happens. `of` names a part of the subject."""

    about = About("order", lambda command: command.subject.id)
    subject: Subject
    kind: str
    of: str
    due_at: datetime


class PlaceHold(Command, frozen=True, kw_only=True):
    """Somebody stops an order."""

    order_id: str
    type: str
    reason: str
    scope: str = "order"
    subject: str = ""
    expires_at: datetime | None = None


class ReleaseHold(Command, frozen=True, kw_only=True):
    """Somebody lifts a hold; `out` are units by SKU that are out already, whoever sent them: only the rest goes."""

    order_id: str
    hold_no: int
    reason: str
    out: dict[str, int] = {}


class CancelOrder(Command, frozen=True, kw_only=True):
    """Somebody cancels an order."""

    beside = (KIN,)
    order_id: str
    reason: str


class TakeAction(Command, frozen=True, kw_only=True):
    """Somebody presses one of the lifecycle's buttons: confirm, retry, accept_return or close."""

    order_id: str
    action: str
    reason: str


class ReshipParcel(Command, frozen=True, kw_only=True):
    """Somebody has the goods of a parcel that does not arrive sent again; without a number, of every such parcel."""

    order_id: str
    reason: str
    parcel_no: int | None = None


class AdjustReceiver(Command, frozen=True, kw_only=True):
    """Somebody corrects where an order goes; `of` is the digest of the receiver that was looked at, where one was."""

    order_id: str
    receiver: Receiver
    sealed: SealedReceiver
    reason: str
    of: str = ""


class ErasePerson(Command, frozen=True, kw_only=True):
    """Somebody asked to be forgotten. `version`: the order's count of events when it was looked at; `sealed`: what is
    left of the receiver."""

    order_id: str
    erasure: str
    version: int
    sealed: SealedReceiver
    texts: tuple[ErasedText, ...]
    vouchers: tuple[str, ...]


class LineWish(msgspec.Struct, frozen=True):
    """What a line is to be from now on; what is None or empty stays. `no` 0: a line more, of our `sku`. `quantity` in
    base units, 0 takes the line off; `price` of a unit of the channel's and `discount` of the line in minor units."""

    no: int = 0
    sku: str = ""
    title: str = ""
    quantity: int | None = None
    price: int | None = None
    discount: int | None = None


class ChangeLines(Command, frozen=True, kw_only=True):
    """Somebody changes what an order is of, or what it costs."""

    order_id: str
    wishes: tuple[LineWish, ...]
    reason: str

    def skus(self) -> tuple[tuple[int, str], ...]:
        return tuple([(0, wish.sku) for wish in self.wishes if wish.sku])


class FindStock(Command, frozen=True, kw_only=True):
    """Stock came in: an order that was short tries again."""

    order_id: str


class TellShipments(Command, frozen=True, kw_only=True):
    """A parcel of the order left and its channel was never told of it."""

    order_id: str


class MeetStop(Command, frozen=True, kw_only=True):
    """A carrier's region is stopped: what of the order is not out is looked at. `tells`: connectors whose channels can
    be told that a promise moved."""

    order_id: str
    stop: CarrierStop
    tells: frozenset[str] = frozenset()


class CompensateLeak(Command, frozen=True, kw_only=True):
    """Somebody sets units free that the order holds and nobody needs: one binding, by its number."""

    order_id: str
    hold_no: int
    reason: str


AnyCommand = (
    RecordOrder | HearCredit | HearAfterSale | DecideAfterSale | ConfirmWork | AskLabel | GiveLabelBack | AskPickup
    | CallOffPickup | TrackParcel | StateStock | HearAnswer | FireDeadline | PlaceHold | ReleaseHold | CancelOrder
    | TakeAction | ReshipParcel | AdjustReceiver | ErasePerson | ChangeLines | FindStock | MeetStop | TellShipments
    | CompensateLeak | AcceptWork | GiveWorkBack | MergeWorks | MergeByRule | PartWork | SplitWork | FallBack
)


class Outcome(msgspec.Struct, frozen=True):
    """What became of a command: `order_id` when it touched an order; `refusal`, `particulars` when not done."""

    order_id: str | None = None
    refusal: str = ""
    particulars: dict[str, str] = msgspec.field(name="facts", default_factory=dict)


Decided = Outcome | tuple[Problem, ...]
"""What became of a command, or every reason why its message has to wait."""
