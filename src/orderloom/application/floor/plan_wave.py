"""Plan a wave, by hand or by rule, release it - lots are chosen then -, and give it up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Annotated, Any, Protocol

import msgspec

from orderloom.application.change import Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.floor.keep_places import PlaceRow, floor_house
from orderloom.application.floor.tries import again
from orderloom.application.floor.write_wave import WaveSaid, places_of, write_wave
from orderloom.domain.assign import Warehouse
from orderloom.domain.floor.choose import ORDERS_MAX, WaveRule, WorkToPick, choose
from orderloom.domain.floor.place import FloorPlace, Lot, PlaceKind, PlaceLevel
from orderloom.domain.floor.plan_tasks import OpenShelves, plan_tasks
from orderloom.domain.floor.wave import Wave, WorkKey
from orderloom.domain.floor.wave_event import (
    AnyWaveEvent,
    TaskStated,
    WaveCancelled,
    WavePlanned,
    WaveReleased,
    WaveSlot,
    WorkLeftWave,
)
from orderloom.domain.floor.wave_states import WaveKind, WaveState
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

LOOKED_AT_MAX = 2_000
"""Works that a rule looks at, the oldest orders first."""
BY_HAND = "by_hand"
NOT_ON_SHELVES = "not_on_shelves"
WorkNumber = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class WaveWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wave of a warehouse that is run here: of these `works`, or, without any, of those that the rule chooses."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    works: Annotated[list[WorkNumber], msgspec.Meta(max_length=ORDERS_MAX)] = []
    rule: WaveRule = WaveRule()
    is_released: bool = True


class PlanRows(Protocol):
    """Waves, and works that may join one."""

    async def keep(self, id: str, before: Wave | None, after: Wave) -> None: ...
    async def kept(self, id: str) -> Wave: ...
    async def to_pick(self, house: int, numbers: Sequence[str], limit: int) -> list[WorkToPick]: ...
    async def again(self, works: Sequence[WorkKey]) -> list[WorkToPick]: ...


class ShelfRows(Protocol):
    """Places, lots and what lies where."""

    async def lock(self, ids: Collection[int]) -> dict[int, FloorPlace]: ...
    async def lock_of(self, house: int, skus: Collection[int]) -> dict[int, FloorPlace]: ...
    async def levels(self, ids: Collection[int]) -> list[PlaceLevel]: ...
    async def lots(self, skus: Collection[int]) -> dict[int, Lot]: ...
    async def keep_places(self, house: int, rows: Sequence[PlaceRow]) -> int: ...
    async def move(self, placed: Any, promises: Mapping[tuple[int, int, int], int] | None = None) -> None: ...


class PlanNumbers(Protocol):
    """Subjects: their numbers and locks."""

    async def next_number(self, kind: LoggedKind, day: date) -> str: ...
    async def numbers(self, ids: Sequence[str]) -> dict[str, str]: ...
    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class PlanWork(Protocol):
    """The transaction."""

    @property
    def waves(self) -> PlanRows: ...
    @property
    def floor(self) -> ShelfRows: ...
    @property
    def subjects(self) -> PlanNumbers: ...
    async def directory(self) -> Directory: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


Begin = Callable[[], AbstractAsyncContextManager[PlanWork]]


class WaveCall(msgspec.Struct, frozen=True):
    """Who plans what, under which id; the same `key` again makes no second one."""

    id: str
    wish: WaveWish
    by: str
    key: str
    digest: bytes


async def plan_wave(begin: Begin, call: WaveCall, now: Callable[[], datetime]) -> str | Refusal:
    """The wave's number."""
    return await again(begin, lambda work: _plan(work, call, now()))


async def release_wave(begin: Begin, number: str, by: str, now: Callable[[], datetime]) -> str | Refusal:
    """Its tasks are there. Works of which shelves lack something leave it."""
    return await again(begin, lambda work: _release(work, number, by, now()))


async def cancel_wave(
    begin: Begin, number: str, reason: str, by: str, now: Callable[[], datetime],
) -> str | Refusal:
    """It is over; what was fetched and not packed is to be put back, closed boxes go out all the same."""
    return await again(begin, lambda work: _cancel(work, number, reason, by, now()))


async def _plan(work: PlanWork, call: WaveCall, at: datetime) -> str | Refusal:
    wish, directory = call.wish, await work.directory()
    house = floor_house(directory, wish.warehouse)
    if isinstance(house, Refusal):
        return house
    if before := await work.done_before(call.key, call.by):
        known = await work.subjects.numbers([before[1]]) if before[0] == call.digest else {}
        return known.get(before[1]) or Refusal("call_key_used")
    chosen = await _chosen(work, house, wish)
    if isinstance(chosen, Refusal):
        return chosen
    tasks: tuple[TaskStated, ...] = ()
    if wish.is_released:
        tasks, waiting = await _tasks(work, house, chosen, _day(directory, at))
        if waiting and (wish.works or len(waiting) == len(chosen)):
            first = next(one for one in chosen if (one.order_id, one.work_seq) in waiting)
            return Refusal(NOT_ON_SHELVES, {"work": first.number, "works": str(len(waiting))})
        chosen = [one for one in chosen if (one.order_id, one.work_seq) not in waiting]
    number = await work.subjects.next_number(LoggedKind.WAVE, _day(directory, at))
    events: list[AnyWaveEvent] = [_planned(number, house, wish, chosen, call.by)]
    if wish.is_released:
        events.append(WaveReleased(tasks))
        await work.floor.keep_places(house.id, [PlaceRow(number, PlaceKind.TOTE)])
    subject = LoggedSubject(call.id, LoggedKind.WAVE, number, at)
    await write_wave(work, subject, None, events, WaveSaid(number, call.by, at, directory.blueprint_active))
    await work.remember_call(call.key, call.by, call.digest, call.id, at)
    return number


async def _chosen(work: PlanWork, house: Warehouse, wish: WaveWish) -> list[WorkToPick] | Refusal:
    if not wish.works:
        chosen = choose(await work.waves.to_pick(house.id, [], LOOKED_AT_MAX), wish.rule)
        return chosen or Refusal("nothing_to_wave", {"warehouse": house.code})
    found = {one.number: one for one in await work.waves.to_pick(house.id, wish.works, ORDERS_MAX)}
    missing = [number for number in wish.works if number not in found]
    if missing:
        return Refusal("work_not_ready", {"work": ", ".join(missing)[:500]})
    return [found[number] for number in dict.fromkeys(wish.works)]


async def _tasks(
    work: PlanWork, house: Warehouse, chosen: Sequence[WorkToPick], day: date,
) -> tuple[tuple[TaskStated, ...], dict[WorkKey, int]]:
    skus = {sku for one in chosen for sku, _ in one.lines}
    places = await work.floor.lock_of(house.id, skus)
    shelves = OpenShelves(await work.floor.levels(places), places, await work.floor.lots(skus), day)
    return plan_tasks(chosen, shelves)


def _planned(
    number: str, house: Warehouse, wish: WaveWish, chosen: Sequence[WorkToPick], by: str,
) -> WavePlanned:
    rule = BY_HAND if wish.works else msgspec.json.encode(wish.rule).decode()
    sorts = wish.rule.kind in (WaveKind.CLUSTER, WaveKind.BATCH_SORT)
    slots = tuple([WaveSlot(one.order_id, one.work_seq, one.number, slot if sorts else 0)
                   for slot, one in enumerate(chosen, start=1)])
    due = min([one.due_at(wish.rule) for one in chosen])
    return WavePlanned(number=number, warehouse_id=house.id, kind=wish.rule.kind, rule=rule, maker=by, works=slots,
                       due_at=due)


async def _release(work: PlanWork, number: str, by: str, at: datetime) -> str | Refusal:
    found = await _locked(work, number)
    if isinstance(found, Refusal):
        return found
    subject, wave = found
    if wave.state is not WaveState.PLANNED:
        return _wrong_state(wave)
    directory = await work.directory()
    house = directory.warehouse(wave.warehouse_id)
    works = await work.waves.again([one.key for one in wave.works if one.is_live])
    ready = {(one.order_id, one.work_seq) for one in works}
    tasks, waiting = await _tasks(work, house, works, _day(directory, at))
    if not tasks:
        return Refusal(NOT_ON_SHELVES, {"work": wave.works[0].number, "works": str(len(wave.works))})
    events: list[AnyWaveEvent] = [WaveReleased(tasks)]
    for one in wave.works:
        if one.is_live and (one.key not in ready or one.key in waiting):
            why = NOT_ON_SHELVES if one.key in waiting else "not_ready"
            events.append(WorkLeftWave(one.order_id, one.work_seq, why))
    await work.floor.keep_places(house.id, [PlaceRow(number, PlaceKind.TOTE)])
    await write_wave(work, subject, wave, events, WaveSaid(number, by, at, directory.blueprint_active))
    return number


async def _cancel(work: PlanWork, number: str, reason: str, by: str, at: datetime) -> str | Refusal:
    found = await _locked(work, number)
    if isinstance(found, Refusal):
        return found
    subject, wave = found
    if wave.state.is_over:
        return _wrong_state(wave)
    directory = await work.directory()
    await work.floor.lock(places_of(wave))
    await write_wave(work, subject, wave, [WaveCancelled(by, reason)],
                     WaveSaid(number, by, at, directory.blueprint_active))
    return number


async def _locked(work: PlanWork, number: str) -> tuple[LoggedSubject, Wave] | Refusal:
    subject = (await work.subjects.lock([number])).get(number)
    if subject is None or subject.kind is not LoggedKind.WAVE:
        return Refusal("no_such_wave", {"wave": number})
    return subject, await work.waves.kept(subject.id)


def _wrong_state(wave: Wave) -> Refusal:
    return Refusal("wave_state", {"wave": wave.number, "state": str(wave.state)})


def _day(directory: Directory, at: datetime) -> date:
    return business_day(at, directory.business_zone)
