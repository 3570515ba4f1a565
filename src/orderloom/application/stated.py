"""What a draft states, as fields of the order's facts; and the claims in it that are new."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any

from msgspec.structs import replace

from orderloom.application.sealed import SealedReceiver
from orderloom.domain import event as e
from orderloom.domain.draft import OrderDraft
from orderloom.domain.order import PICKUP, Charge, Claim, Line, Order
from orderloom.domain.states import ChargeKind, PaymentState

_AS_THEY_ARE = (
    "revision", "currency", "total", "freight", "discount", "tax", "paid", "native", "paid_at", "note", "flags",
    "external_number",
)
_read = attrgetter(*_AS_THEY_ARE)
FactValue = str | int | bool | None


def is_over(draft: OrderDraft) -> bool:
    """Whether nothing is left to be fulfilled of the order: it was cancelled, or all of its money went back."""
    return draft.is_cancelled or draft.payment == PaymentState.REFUNDED


def owing_nothing(draft: OrderDraft) -> OrderDraft:
    """Of an order that is over and owes nothing any more no part is owed: channels let some of the amounts vanish,
    turn some to zero and leave others as they were, and what a line is worth must not be made of that."""
    if draft.total or not is_over(draft):
        return draft
    return replace(
        draft, freight=0, discount=0, tax=0, charges=tuple([replace(c, amount=0, tax=0) for c in draft.charges]),
        lines=tuple([replace(line, amount=0) for line in draft.lines]),
    )


def stated_fields(draft: OrderDraft, sealed: SealedReceiver, lines: tuple[Line, ...]) -> dict[str, Any]:
    """The fields of `event.Stated`. Where the goods go is named by a digest only: facts are for ever."""
    return {
        **dict(zip(_AS_THEY_ARE, _read(draft), strict=True)),
        "payment": PaymentState(draft.payment), "lines": lines,
        "facts": said(draft.facts | {PICKUP: True} if draft.is_pickup else draft.facts),
        "charges": tuple([Charge(ChargeKind(c.kind), c.amount, c.tax, c.title) for c in draft.charges]),
        "receiver": sealed.digest, "province": sealed.province, "country": sealed.country, "city": sealed.city,
        "is_masked": draft.receiver.is_masked, "is_unsure": draft.receiver.is_unsure,
    }


def said(facts: dict[str, FactValue]) -> dict[str, FactValue]:
    """Mapped fields that say something: one that is not stated reads as null anyway."""
    return {name: value for name, value in facts.items() if value is not None}


def as_known(before: Order, lines: tuple[Line, ...]) -> dict[str, Any]:
    """What was stated before, but for the lines."""
    known = {name: getattr(before, name) for name in e.Stated.__struct_fields__}
    return {**known, "receiver": before.receiver_stated, "lines": lines}


def new_claims(known: tuple[Claim, ...], draft: OrderDraft, system: str, at: datetime) -> tuple[Claim, ...]:
    """Milestones that this system had not claimed before."""
    seen = {(c.milestone, c.native) for c in known if c.system == system}
    return tuple([
        Claim(system, s.milestone, s.native, s.at, at)
        for s in draft.said if (s.milestone, s.native) not in seen
    ])
