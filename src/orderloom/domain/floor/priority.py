"""Which work is to be picked and packed first, and why: the minutes that are left until it has to be out, less what
makes it more urgent. It follows what the floor measures: the slower its stations are, the earlier large works begin.
Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from orderloom.domain.floor.choose import WaveRule, WorkToPick
from orderloom.domain.states import State

RUSH_MINUTES = 24 * 60
"""An order that is flagged so counts as if it were due a day earlier."""
HOURS_A_MINUTE = 1
"""Each hour since payment counts for a minute: of equal works the oldest is first."""
PACE_UNKNOWN = 20
"""Units a minute, in tenths, of a floor that nothing was measured of: a picker with a cart packs about two."""
WEEK = 7 * 24 * 60


class Urgency(State):
    """What makes a work urgent: its platform's time (or the trade's 48 h), its carrier's collection, the minutes that
    it takes at the pace measured, a flag, its age."""

    SHIP_BY = "ship_by"
    CUT_OFF = "cut_off"
    LOAD = "load"
    RUSH = "rush"
    AGE = "age"


class UrgencyReason(msgspec.Struct, frozen=True):
    """A term of a priority, in minutes; those that make it more urgent are below zero."""

    why: Urgency
    minutes: int


class WorkPriority(msgspec.Struct, frozen=True):
    """A work in its turn. `minutes` is the sum of its reasons: the fewer, the sooner. `done_in`: minutes until it is
    packed, if all before it are, at the pace measured; `is_late`: that is after it has to be out."""

    work: str
    minutes: int
    reasons: tuple[UrgencyReason, ...]
    due_at: datetime
    units: int
    done_in: int
    is_late: bool


def prioritise(
    works: Sequence[WorkToPick], rule: WaveRule, at: datetime, pace_tenths: int, cut_offs: Mapping[str, datetime],
) -> list[WorkPriority]:
    """The works, the most urgent first. `pace_tenths`: right scans a minute of the house (0: none were measured);
    `cut_offs`: when the parcels of each service leave next."""
    pace = pace_tenths or PACE_UNKNOWN
    weighed = sorted([_weigh(one, rule, at, pace, cut_offs) for one in works], key=lambda one: (one.minutes, one.work))
    found, ahead = list[WorkPriority](), 0
    for one in weighed:
        ahead += one.units
        done_in = -(-ahead * 10 // pace)
        is_late = at + timedelta(minutes=min(done_in, WEEK)) > one.due_at
        found.append(msgspec.structs.replace(one, done_in=done_in, is_late=is_late))
    return found


def _weigh(
    work: WorkToPick, rule: WaveRule, at: datetime, pace: int, cut_offs: Mapping[str, datetime],
) -> WorkPriority:
    due, units = work.due_at(rule), sum([units for _, units in work.lines])
    leaves = cut_offs.get(work.service)
    is_cut_off = leaves is not None and leaves < due
    until = leaves if is_cut_off and leaves is not None else due
    reasons = [UrgencyReason(Urgency.CUT_OFF if is_cut_off else Urgency.SHIP_BY, _minutes(until - at)),
               UrgencyReason(Urgency.LOAD, -(units * 10 // pace))]
    if work.priority:
        reasons.append(UrgencyReason(Urgency.RUSH, -RUSH_MINUTES))
    hours = _minutes(at - (work.paid_at or work.placed_at)) // 60
    reasons.append(UrgencyReason(Urgency.AGE, -max(hours, 0) * HOURS_A_MINUTE))
    told = tuple([one for one in reasons if one.minutes])
    return WorkPriority(work.number, sum([one.minutes for one in told]), told, until, units, 0, is_late=False)


def next_cut_off(cut_off: time, zone: str, at: datetime) -> datetime:
    """When a service's parcels leave next, by the clock alone: today, or tomorrow when today's have left."""
    local = at.astimezone(ZoneInfo(zone))
    today = datetime.combine(local.date(), cut_off, ZoneInfo(zone))
    return (today if today > local else today + timedelta(days=1)).astimezone(at.tzinfo)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
