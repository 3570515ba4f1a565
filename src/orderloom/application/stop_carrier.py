"""Say that a carrier serves a region no more, from an instant until another, and that it does so again.

New orders are routed around it from the next batch on, by every process; works that are not out are met by
`meet_stops`. A stop that was told is never deleted: what it decided stands in the orders' logs under its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within
from orderloom.domain.address import split
from orderloom.domain.carriage import StopSource
from orderloom.domain.carriers import CARRIERS, canonical
from orderloom.domain.divisions import Place, codes

WITHIN = timedelta(days=366)
OPEN_MAX = 500
"""Stops that may be in force at once."""


class StopWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A region to stop: `region` is a division by name (浙江省, 杭州市) or code, `carrier` by any usual name, none is
    every carrier. Left out, it begins now, and nobody knows until when."""

    region: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    carrier: Annotated[str, msgspec.Meta(max_length=100)] = ""
    begins_at: datetime | None = None
    ends_at: datetime | None = None


class StopTold(msgspec.Struct, frozen=True):
    """A stop to be kept."""

    carrier: str
    division: str
    begins_at: datetime
    ends_at: datetime | None
    reason: str
    source: StopSource
    told_by: str
    told_at: datetime


class StopView(msgspec.Struct, frozen=True):
    """A stop as it stands. `ended_at`: somebody resumed the region, or its time was over; `is_met`: works that were
    not out were looked at."""

    number: str
    carrier: str
    division: str
    region: str
    begins_at: datetime
    ends_at: datetime | None
    reason: str
    source: str
    told_by: str
    told_at: datetime
    ended_at: datetime | None
    ended_by: str
    is_met: bool


class Stops(Protocol):
    """Where stops are kept, in one transaction."""

    async def add(self, told: StopTold) -> int: ...
    async def end(self, number: int, by: str, at: datetime) -> bool: ...
    async def open_count(self) -> int: ...


async def stop_carrier(within: Within[Stops], wish: StopWish, by: str, at: datetime) -> str:
    """Stop a region; returns the stop's number. Raises NotKept."""
    begins_at = wish.begins_at or at
    for name, said in (("begins_at", wish.begins_at), ("ends_at", wish.ends_at)):
        if said is not None and (said.tzinfo is None or abs(said - at) > WITHIN):
            raise NotKept("wrong_value", f"{name}：写明时区，且在前后一年之内",
                          f"{name}: with its offset, and within a year from now")
    if wish.ends_at is not None and wish.ends_at <= max(begins_at, at):
        raise NotKept("wrong_value", "ends_at：应晚于开始和现在",
                       "ends_at: has to be later than the beginning and than now")
    carrier = canonical(wish.carrier) if wish.carrier.strip() else ""
    if wish.carrier.strip() and not carrier:
        known = "、".join(c.zh for c in CARRIERS)
        raise NotKept("wrong_value", f"carrier：不认识这家快递；可用：{known}",
                      f"carrier: not known; known are {known}")
    told = StopTold(carrier, division_of(wish.region), begins_at, wish.ends_at, wish.reason.strip(), StopSource.HAND,
                    by, at)
    async with within() as stops:
        if await stops.open_count() >= OPEN_MAX:
            raise NotKept("not_possible", f"同时最多 {OPEN_MAX} 条停运", f"at most {OPEN_MAX} stops at once")
        return number_of(await stops.add(told))


async def resume_carrier(within: Within[Stops], number: str, by: str, at: datetime) -> None:
    """The region is served again. Raises NotKept `not_found`."""
    wanted = number.strip().upper().removeprefix("T")
    async with within() as stops:
        if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10 and await stops.end(int(wanted), by, at)):
            raise NotKept("not_found", "没有这条生效中的停运", "there is no such stop in force")


def number_of(stop_id: int) -> str:
    """What people call it by."""
    return f"T{stop_id}"


def division_of(region: str) -> str:
    """The code of a region by its code or name. Raises NotKept."""
    known, text = codes(), region.strip()
    if text.isascii() and text.isdigit() and any(code == text for code in known.values()):
        return text
    area = split(text)
    found = known.get(Place(area.province, area.city, area.district))
    if not area.province or found is None or (area.detail and not area.is_unsure):
        raise NotKept("wrong_value", "region：不是一个省、市或其代码，如 浙江省、浙江省杭州市、3301",
                      "region: no province or city, nor the code of one, such as 3301 or 浙江省")
    return found


def region_of(division: str) -> str:
    """The name of a division, the wider ones before it."""
    for place, code in codes().items():
        if code == division:
            return "".join(dict.fromkeys(part for part in place if part))
    return division


def stop_view(r: Sequence[Any]) -> StopView:
    """A row as it is shown."""
    return StopView(number_of(r[0]), r[1], r[2], region_of(r[2]), *r[3:])
