"""What one order comes to, for a person who opens it: the sentence on top, what is due when, and what each system said
of every step beside what it has not said yet. Codes with facts; words are put where they are read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.still_due import CONDITIONS, DeadlineAsked
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.draft import MILESTONES
from orderloom.domain.order import Claim, Order, Parcel, Work
from orderloom.domain.states import Negotiation, ParcelState, PaymentState, WorkState

SECONDS_OF_MILLIS = 10_000_000_000
"""A time stamp beyond this counts milliseconds."""


class Say(msgspec.Struct, frozen=True):
    """A part of the sentence: its code, and the facts in it (texts; instants in ISO 8601, UTC)."""

    code: str
    particulars: dict[str, str] = msgspec.field(name="facts", default_factory=dict)


class LimitView(msgspec.Struct, frozen=True):
    """Something that is due: `ship_by` (the platform's own), `promised` (to the buyer), a case's or a deadline's kind.
    `since`: from when it runs."""

    kind: str
    subject: str
    since: datetime | None
    due_at: datetime
    by: str = ""


class CellView(msgspec.Struct, frozen=True):
    """What a system said of a milestone in its own word, and so many seconds behind the earliest."""

    system: str
    native: str
    said_at: datetime
    lag_seconds: int
    waybill: str = ""


class MissingView(msgspec.Struct, frozen=True):
    """What a system should have said by now: waited for since, overdue from `due_at` on."""

    system: str
    milestone: str
    since: datetime
    due_at: datetime | None


class FindingView(msgspec.Struct, frozen=True):
    """A milestone as the hub finds it: reached when the earliest trustworthy system says so (`system`), or not yet."""

    milestone: str
    at: datetime | None
    system: str
    cells: list[CellView]
    missing: list[MissingView]


class LagLimits(msgspec.Struct, frozen=True):
    """From how many seconds on a lag is to be noticed (amber), and is bad (red)."""

    notice_seconds: int
    bad_seconds: int


class Explained(msgspec.Struct, frozen=True):
    """All of it."""

    say: list[Say]
    limits: list[LimitView]
    findings: list[FindingView]
    lag: LagLimits


class PendingLimit(msgspec.Struct, frozen=True):
    """A deadline that is not over, as it is stored."""

    kind: str
    of: str
    due_at: datetime


def explain_order(
    order: Order, directory: Directory, pending: Sequence[PendingLimit], promised: tuple[datetime, str] | None,
    at: datetime,
) -> Explained:
    """Explain the order as of now. `promised`: until when somebody promised the buyer what, and who."""
    blueprint = directory.blueprints[order.blueprint]
    limits = sorted(_limits(order, directory, pending, promised), key=lambda one: one.due_at)
    missing = list(_missing(order, directory, blueprint))
    return Explained(list(_say(order, directory, limits, at)), limits, _findings(order, missing), _lag(blueprint))


def _say(order: Order, directory: Directory, limits: Sequence[LimitView], at: datetime) -> Iterator[Say]:
    yield _stands(order, directory)
    if not (order.is_cancelled or _is_over(order)) and limits:
        first = limits[0]
        yield Say("overdue" if first.due_at <= at else "due",
                  {"kind": first.kind, "due_at": _iso(first.due_at), "subject": first.subject})
    if order.paid > order.refunded and order.is_cancelled:
        yield Say("to_give_back", {"amount": str(order.paid - order.refunded), "currency": order.currency})


def _stands(order: Order, directory: Directory) -> Say:
    """Where it is, or what is in its way: the gravest first."""
    if order.is_cancelled:
        return Say("cancelled")
    if (hold := next((h for h in reversed(order.holds) if h.released_at is None), None)) is not None:
        return Say("held", {"type": hold.type, "by": hold.placed_by, "since": _iso(hold.placed_at)})
    parcels = [p for p in order.parcels if not p.is_replaced]
    if (trouble := next((p for p in parcels if p.state.is_trouble), None)) is not None:
        return Say("parcel_trouble", _of_parcel(trouble))
    if order.is_short:
        return Say("short", {"since": _iso(order.staged_at)})
    if parcels:
        return _of_parcels(order, parcels)
    live = [w for w in order.works if w.state is not WorkState.CANCELLED]
    if live:
        return _of_work(min(live, key=lambda work: work.state.rank), directory)
    if order.payment in (PaymentState.UNPAID, PaymentState.PARTIALLY_PAID):
        return Say("unpaid", {"since": _iso(order.placed_at)})
    return Say("under_way", {"stage": order.stage, "since": _iso(order.staged_at)})


def _of_parcels(order: Order, parcels: Sequence[Parcel]) -> Say:
    if all(p.state is ParcelState.DELIVERED for p in parcels):
        return Say("delivered", _of_parcel(max(parcels, key=lambda p: p.delivered_at or p.heard_at)))
    waiting = next((p for p in parcels if p.state is ParcelState.LABEL_READY), None)
    if waiting is not None:
        return Say("out_not_collected", _of_parcel(waiting))
    moving = next(p for p in parcels if p.state is not ParcelState.DELIVERED)
    return Say("in_transit", {**_of_parcel(moving), "parcels": str(len(parcels))})


def _of_parcel(parcel: Parcel) -> dict[str, str]:
    return {"waybill": parcel.waybill if parcel.is_named else "", "carrier": parcel.carrier, "state": parcel.state,
            "shipped_at": _iso(parcel.shipped_at), "heard_at": _iso(parcel.heard_at),
            "delivered_at": _iso(parcel.delivered_at) if parcel.delivered_at else ""}


def _of_work(work: Work, directory: Directory) -> Say:
    code = "waits_for_warehouse" if work.negotiation is Negotiation.REQUESTED else "at_warehouse"
    return Say(code, {"warehouse": directory.warehouse(work.warehouse_id).code, "state": work.state,
                      "since": _iso(work.changed_at)})


def _limits(
    order: Order, directory: Directory, pending: Sequence[PendingLimit], promised: tuple[datetime, str] | None,
) -> Iterator[LimitView]:
    """What is due, without the deadlines that will find nothing to do when they fire."""
    if order.is_cancelled or _is_over(order):
        return
    if promised is not None:
        yield LimitView("promised", "", None, promised[0], promised[1])
    ship_by = ship_by_of(order.facts)
    if ship_by is not None and not order.is_out:
        yield LimitView("ship_by", "", order.paid_at or order.placed_at, ship_by)
    blueprint = directory.blueprints[order.blueprint]
    for one in pending:
        matters = CONDITIONS.get(one.kind)
        if matters is None or not matters(DeadlineAsked(order, directory, one.of, one.due_at)):
            continue
        rule = blueprint.deadlines.get(one.kind)
        if one.kind == "stage_overdue":
            yield LimitView("stage", one.of, order.staged_at, one.due_at)
        elif one.kind == "hold_expired" or rule is not None:
            since = one.due_at - timedelta(seconds=rule.after_seconds) if rule else None
            yield LimitView(one.kind, one.of, since, one.due_at)


def ship_by_of(facts: Mapping[str, object]) -> datetime | None:
    """The platform's own time to ship by, as mappings leave it: an ISO text, or a time stamp in (milli)seconds."""
    stated = facts.get("ship_by")
    if isinstance(stated, int) and not isinstance(stated, bool) and stated > 0:
        return datetime.fromtimestamp(stated / 1000 if stated > SECONDS_OF_MILLIS else stated, UTC)
    if not isinstance(stated, str) or not stated:
        return None
    try:
        found = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _missing(order: Order, directory: Directory, blueprint: CompiledBlueprint) -> Iterator[MissingView]:
    """What should have been said: the warehouse of its work, the carrier of its pickup, the channel of the shipment."""
    if order.is_cancelled:
        return
    said = {(c.system, c.milestone) for c in order.claims}
    for work in order.works:
        account = directory.accounts.get(work.account_id or 0)
        if account is not None and work.negotiation is Negotiation.REQUESTED and work.state is WorkState.RELEASED:
            yield _due(blueprint, "downstream_missing", account.code, "allocated", work.changed_at)
    for parcel in order.parcels:
        if parcel.state is ParcelState.LABEL_READY and not parcel.is_replaced:
            yield _due(blueprint, "out_without_collection", parcel.carrier or "?", "collected", parcel.shipped_at)
        channel = directory.accounts[order.account_id].code
        ours = any(item.work_seq for item in parcel.items)
        if ours and channel not in parcel.told and (channel, "handed_over") not in said and parcel.is_named:
            yield _due(blueprint, "ship_times_differ", channel, "handed_over", parcel.shipped_at)


def _due(blueprint: CompiledBlueprint, kind: str, system: str, milestone: str, since: datetime) -> MissingView:
    rule = blueprint.deadlines.get(kind)
    return MissingView(system, milestone, since, since + timedelta(seconds=rule.after_seconds) if rule else None)


def _findings(order: Order, missing: Sequence[MissingView]) -> list[FindingView]:
    """In the usual order: what is reached, what is missing, and of the plain way what is still to come."""
    by_milestone: dict[str, list[Claim]] = {}
    for claim in order.claims:
        by_milestone.setdefault(claim.milestone, []).append(claim)
    found = []
    for milestone in MILESTONES:
        claims = sorted(by_milestone.get(milestone, ()), key=lambda c: c.said_at)
        lacking = [one for one in missing if one.milestone == milestone]
        if claims or lacking or milestone in MILESTONES[:MILESTONES.index("failed")]:
            first = claims[0] if claims else None
            cells = [CellView(c.system, c.native, c.said_at, int((c.said_at - claims[0].said_at).total_seconds()),
                              c.waybill) for c in claims]
            found.append(FindingView(milestone, first.said_at if first else None, first.system if first else "",
                                     cells, lacking))
    return found


def _lag(blueprint: CompiledBlueprint) -> LagLimits:
    notice, bad = blueprint.deadlines.get("downstream_missing"), blueprint.deadlines.get("ship_times_differ")
    return LagLimits(notice.after_seconds if notice else 90, bad.after_seconds if bad else 180)


def _is_over(order: Order) -> bool:
    parcels = [p for p in order.parcels if not p.is_replaced]
    return bool(parcels) and all(p.state.is_final for p in parcels)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
