"""Whether pieces of work may leave in one parcel: a merge acts on works, never on the channels' orders (LIF-12).

It is open until somebody has begun: from the first pick, from a bought label and from an acceptance by another one on
the works are sealed. Undoing is parting, by the same rule.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import msgspec

from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import PaymentState, WorkState
from orderloom.domain.work import Work, accepted_before

WORKS_MAX = 20
WEIGHT_MAX_G = 30_000
"""What one parcel holds, in grams: what most carriers take of one."""
OPEN = (WorkState.ALLOCATED, WorkState.RELEASED)


class WorkToMerge(msgspec.Struct, frozen=True):
    """A work with all that decides whose parcel it may share. `key`: the blind index of receiver and place; None: who
    it is cannot be told. `is_labelled`: it, or one of its merge, has a label. `is_channel_label`: the channel supplies
    the label itself. `system`: the warehouse's own, by its account; `house_country` is the warehouse's. `weight_g`:
    what is known of it."""

    order: Order
    work: Work
    key: bytes | None
    is_labelled: bool = False
    is_channel_label: bool = False
    system: str = ""
    weight_g: int = 0
    house_country: str = ""


def may_merge(works: Sequence[WorkToMerge], by: str) -> Refusal | None:
    """Why these cannot go in one parcel, by the one who asks; None: they may."""
    if len(works) < 2:
        return Refusal("merge_too_few", {"work": ", ".join([one.work.number for one in works]) or "-"})
    weight = sum([one.weight_g for one in works])
    if len(works) > WORKS_MAX or weight > WEIGHT_MAX_G:
        return Refusal("merge_too_much", {"works": str(len(works)), "most": str(WORKS_MAX), "grams": str(weight),
                                          "grams_most": str(WEIGHT_MAX_G)})
    for one in works:
        if (no := sealed(one, by) or _never(one)) is not None:
            return no
    return _differ(works)


def may_part(one: WorkToMerge, by: str) -> Refusal | None:
    """Why the work cannot leave its merge any more; None: it may."""
    if not one.work.merge_no:
        return Refusal("not_merged", {"work": one.work.number})
    return sealed(one, by)


def sealed(one: WorkToMerge, by: str) -> Refusal | None:
    """Whether somebody has begun with the work, or nobody may."""
    work = one.work
    if one.system:
        return Refusal("has_system", {"work": work.number, "system": one.system})
    if work.state is WorkState.HANDED_OVER:
        boxes = ", ".join([p.waybill for p in one.order.parcels if p.holds_work(work.seq)])
        return Refusal("out_already", {"work": work.number, "waybill": boxes})
    if not work.state.is_forward or one.order.is_cancelled:
        return Refusal("work_cancelled", {"work": work.number})
    if work.state not in OPEN or any(p.holds_work(work.seq) for p in one.order.parcels):
        return Refusal("merge_sealed", {"work": work.number, "why": "picked"})
    if one.is_labelled:
        return Refusal("merge_sealed", {"work": work.number, "why": "label"})
    if work.accepted_by not in ("", by) or work.wave:
        return accepted_before(work)
    return None


def _never(one: WorkToMerge) -> Refusal | None:
    """What shares a parcel with nobody's."""
    order = one.order
    if order.is_blocked("dispatch"):
        return Refusal("held", {"hold": order.standing_hold})
    for why, is_so in (
        ("cod", order.payment is PaymentState.COD), ("channel_label", one.is_channel_label),
        ("border", bool(order.country and one.house_country) and order.country != one.house_country),
    ):
        if is_so:
            return Refusal("merge_alone", {"work": one.work.number, "why": why})
    return None


ALIKE: Mapping[str, Callable[[WorkToMerge], Hashable]] = {
    "warehouse": lambda one: one.work.warehouse_id, "shop": lambda one: one.order.account_id,
    "country": lambda one: one.order.country, "receiver": lambda one: one.key,
}
"""What must be the same of all of them."""
IF_CHOSEN: Mapping[str, Callable[[WorkToMerge], str]] = {
    "service": lambda one: one.work.service, "carrier": lambda one: one.work.carrier,
}
"""What must be the same where it was chosen."""


def _differ(works: Sequence[WorkToMerge]) -> Refusal | None:
    first = works[0]
    for one in works[1:]:
        for by, read in ALIKE.items():
            if one.order.id != first.order.id and (read(one) != read(first) or read(one) is None):
                return _two(one, first, by)
        if one.work.warehouse_id != first.work.warehouse_id:
            return _two(one, first, "warehouse")
    for by, chosen in IF_CHOSEN.items():
        named = [one for one in works if chosen(one)]
        for one in named[1:]:
            if chosen(one) != chosen(named[0]):
                return _two(one, named[0], by)
    return None


def _two(one: WorkToMerge, other: WorkToMerge, by: str) -> Refusal:
    return Refusal("merge_differs", {"work": one.work.number, "other": other.work.number, "by": by})
