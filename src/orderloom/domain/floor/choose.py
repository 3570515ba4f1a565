"""Which works a wave takes: those that have to be out first, of one group, as many as fit. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from orderloom.domain.floor.wave_states import WaveKind

HOURS_WITHOUT_WORD = 48
"""After payment, for an order whose platform names no ship-by time: the trade's usual promise."""
ORDERS_MAX = 500


class WaveRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a wave is built of. `slots_max`: of the cart or the wall, for kinds that sort; `same_min`: equal works that
    make a `same_sku` wave; `slack_minutes`: how long before its ship-by time a work has to be out."""

    kind: WaveKind = WaveKind.DISCRETE
    orders_max: Annotated[int, msgspec.Meta(ge=1, le=ORDERS_MAX)] = 30
    lines_max: Annotated[int, msgspec.Meta(ge=1, le=2_000)] = 200
    slots_max: Annotated[int, msgspec.Meta(ge=1, le=200)] = 12
    same_min: Annotated[int, msgspec.Meta(ge=2, le=ORDERS_MAX)] = 2
    group_by: Literal["", "carrier", "zone"] = ""
    carrier: Annotated[str, msgspec.Meta(max_length=40)] = ""
    zone: Annotated[str, msgspec.Meta(max_length=40)] = ""
    slack_minutes: Annotated[int, msgspec.Meta(ge=0, le=10_080)] = 120


class WorkToPick(msgspec.Struct, frozen=True):
    """A work that may join a wave. `zone` is empty where its goods lie in several."""

    order_id: str
    work_seq: int
    number: str
    placed_at: datetime
    paid_at: datetime | None
    ship_by: datetime | None
    priority: int
    carrier: str
    zone: str
    lines: tuple[tuple[int, int], ...]
    """(SKU, units)"""
    merge_no: str = ""
    merge_works: int = 1
    """How many works leave in its parcel: a wave takes all of them or none."""
    service: str = ""
    """The carrier's service by which it is to go, as the blueprint names it."""

    def due_at(self, rule: WaveRule) -> datetime:
        """When it has to be out."""
        due = self.ship_by or (self.paid_at or self.placed_at) + timedelta(hours=HOURS_WITHOUT_WORD)
        return due - timedelta(minutes=rule.slack_minutes)


def choose(
    works: Sequence[WorkToPick], rule: WaveRule, turns: Mapping[str, int] | None = None,
) -> list[WorkToPick]:
    """The works of one wave, the most urgent first; none when nothing fits. `turns`: the turn of each by its number
    (`priority.py`), else by the time at which it has to be out."""
    fitting = [one for one in works if one.carrier == (rule.carrier or one.carrier)
               and one.zone == (rule.zone or one.zone) and _is_of(one, rule)]  # fmt: skip
    turns = turns or {}
    fitting.sort(key=lambda one: (turns.get(one.number, 0), one.due_at(rule), -one.priority,
                                  one.paid_at or one.placed_at, one.number))
    sorts = rule.kind in (WaveKind.CLUSTER, WaveKind.BATCH_SORT)
    most = min(rule.orders_max, rule.slots_max) if sorts else rule.orders_max
    chosen: list[WorkToPick] = []
    lines = 0
    for parcel in by_parcel(_first_group(fitting, rule)):
        own = sum([len(one.lines) for one in parcel])
        if is_whole(parcel) and len(chosen) + len(parcel) <= most and lines + own <= rule.lines_max:
            chosen += parcel
            lines += own
    return [] if rule.kind is WaveKind.SAME_SKU and len(chosen) < rule.same_min else chosen


def by_parcel(works: Sequence[WorkToPick]) -> list[list[WorkToPick]]:
    """Works that leave in one parcel together, each parcel where its first work stands."""
    parcels: dict[str, list[WorkToPick]] = {}
    for one in works:
        parcels.setdefault(one.merge_no or one.number, []).append(one)
    return list(parcels.values())


def is_whole(parcel: Sequence[WorkToPick]) -> bool:
    """Whether all that leave in the parcel are there."""
    return len(parcel) == max(parcel[0].merge_works, 1)


def _is_of(work: WorkToPick, rule: WaveRule) -> bool:
    """A parcel of several works is neither of one piece nor like others."""
    if rule.kind is WaveKind.SINGLE_ITEM:
        return work.merge_works < 2 and sum([units for _, units in work.lines]) == 1
    return rule.kind is not WaveKind.SAME_SKU or work.merge_works < 2


def _first_group(works: Sequence[WorkToPick], rule: WaveRule) -> list[WorkToPick]:
    """Those that go with the most urgent one; of equal works the first group that is big enough."""
    same = rule.kind is WaveKind.SAME_SKU
    groups: dict[Hashable, list[WorkToPick]] = {}
    for one in works:
        groups.setdefault((_group(one, rule), tuple(sorted(one.lines)) if same else ()), []).append(one)
    return next((group for group in groups.values() if not same or len(group) >= rule.same_min), [])


def _group(work: WorkToPick, rule: WaveRule) -> str:
    return {"carrier": work.carrier, "zone": work.zone}.get(rule.group_by, "")
