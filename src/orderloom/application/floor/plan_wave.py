"""Plan a wave, by hand or by rule, release it - lots are chosen then -, and give it up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Annotated, NamedTuple

import msgspec

from orderloom.application import commands as c
from orderloom.application.batch import BatchView
from orderloom.application.change import Change
from orderloom.application.decide import Route, decide
from orderloom.application.directory import Directory, business_day
from orderloom.application.floor.keep_places import PlaceRow, floor_house
from orderloom.application.floor.plan_ports import PlanWork
from orderloom.application.floor.tries import again
from orderloom.application.floor.weigh_works import cut_offs_of, pace_of
from orderloom.application.floor.write_wave import WaveSaid, places_of, write_wave
from orderloom.application.ports import Raced
from orderloom.application.work_commands import AcceptWork, GiveWorkBack
from orderloom.domain.actor import Actor
from orderloom.domain.assign import Warehouse
from orderloom.domain.floor.choose import ORDERS_MAX, WaveRule, WorkToPick, by_parcel, choose, is_whole
from orderloom.domain.floor.place import PlaceKind
from orderloom.domain.floor.plan_tasks import OpenShelves, plan_tasks
from orderloom.domain.floor.priority import prioritise
from orderloom.domain.floor.wave import Wave, WaveWork, WorkKey
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


class Planning(NamedTuple):
    """How waves are planned: transactions, and the route by which their works are accepted (FUL-2)."""

    begin: Callable[[], AbstractAsyncContextManager[PlanWork]]
    route: Route
    ids: Callable[[], Iterator[str]]


class NoWavePlanned(Exception):
    """Nothing is planned, no number is drawn, no work accepted."""

    quotes_nothing = True

    def __init__(self, refusal: Refusal) -> None:
        super().__init__("not_planned")
        self.refusal = refusal


class WaveCall(msgspec.Struct, frozen=True):
    """Who plans what, under which id; the same `key` again makes no second one."""

    id: str
    wish: WaveWish
    doer: Actor
    key: str
    digest: bytes


async def plan_wave(planning: Planning, call: WaveCall, now: Callable[[], datetime]) -> str | Refusal:
    """The wave's number. Its works are accepted in its name: nobody else picks them."""
    return await _tried(planning, lambda work: _plan(planning, work, call, now()))


async def release_wave(
    planning: Planning, number: str, doer: Actor, now: Callable[[], datetime],
) -> str | Refusal:
    """Its tasks are there. Works of which shelves lack something leave it."""
    return await _tried(planning, lambda work: _release(planning, work, number, doer, now()))


async def cancel_wave(
    planning: Planning, number: str, reason: str, doer: Actor, now: Callable[[], datetime],
) -> str | Refusal:
    """It is over, and works that are not boxed are given back; what was fetched and not packed is to be put back;
    closed boxes go out all the same."""
    return await _tried(planning, lambda work: _cancel(planning, work, number, reason, doer, now()))


async def _tried(planning: Planning, act: Callable[[PlanWork], Awaitable[str | Refusal]]) -> str | Refusal:
    async def whole(work: PlanWork) -> str | Refusal:
        done = await act(work)
        if isinstance(done, Refusal):
            raise NoWavePlanned(done)
        return done

    try:
        return await again(planning.begin, whole)
    except NoWavePlanned as no:
        return no.refusal


async def _plan(planning: Planning, work: PlanWork, call: WaveCall, at: datetime) -> str | Refusal:
    wish, directory, by = call.wish, await work.directory(), call.doer.name
    house = floor_house(directory, wish.warehouse)
    if isinstance(house, Refusal):
        return house
    if before := await work.done_before(call.key, by):
        known = await work.subjects.numbers([before[1]]) if before[0] == call.digest else {}
        return known.get(before[1]) or Refusal("call_key_used")
    chosen = await _chosen(work, directory, house, wish, at)
    if isinstance(chosen, Refusal):
        return chosen
    numbers = [one.number for one in chosen]
    world = await work.load(_accepting(numbers, "", call.doer), directory, at, 0)
    number = await work.subjects.next_number(LoggedKind.WAVE, _day(directory, at))
    tasks: tuple[TaskStated, ...] = ()
    if wish.is_released:
        tasks, waiting = await _tasks(work, house, chosen, _day(directory, at))
        if waiting and (wish.works or len(waiting) == len(chosen)):
            first = next(one for one in chosen if (one.order_id, one.work_seq) in waiting)
            return Refusal(NOT_ON_SHELVES, {"work": first.number, "works": str(len(waiting))})
        chosen = [one for one in chosen if (one.order_id, one.work_seq) not in waiting]
    accepting = _accepting([one.number for one in chosen], number, call.doer)
    change = _decided(planning, world, accepting)
    if isinstance(change, Refusal):
        return change
    events: list[AnyWaveEvent] = [_planned(number, house, wish, chosen, by)]
    if wish.is_released:
        events.append(WaveReleased(tasks))
        await work.floor.keep_places(house.id, [PlaceRow(number, PlaceKind.TOTE)])
    subject = LoggedSubject(call.id, LoggedKind.WAVE, number, at)
    said = WaveSaid(number, by, at, directory.blueprint_active)
    await write_wave(work, subject, None, events, said, (), change)
    await work.remember_call(call.key, by, call.digest, call.id, at)
    return number


def _accepting(numbers: Sequence[str], wave: str, doer: Actor) -> list[c.AnyCommand]:
    return [AcceptWork(actor=doer, work_no=number, wave=wave) for number in numbers]


def _decided(planning: Planning, world: BatchView, commands: Sequence[c.AnyCommand]) -> Change | Refusal:
    """What all of them change, or the first that cannot be."""
    change, decided = decide(world, commands, planning.route, planning.ids())
    for outcome in decided:
        assert isinstance(outcome, c.Outcome), "who asks in person is answered now"
        if outcome.refusal:
            return Refusal(outcome.refusal, outcome.particulars)
    return change


async def _chosen(
    work: PlanWork, directory: Directory, house: Warehouse, wish: WaveWish, at: datetime,
) -> list[WorkToPick] | Refusal:
    if not wish.works:
        waiting, pace = await work.waves.to_pick(house.id, [], LOOKED_AT_MAX), await pace_of(work.waves, house.id, at)
        turns = prioritise(waiting, wish.rule, at, pace, cut_offs_of(directory, at))
        chosen = choose(waiting, wish.rule, {one.work: turn for turn, one in enumerate(turns)})
        return chosen or Refusal("nothing_to_wave", {"warehouse": house.code})
    found = {one.number: one for one in await work.waves.to_pick(house.id, wish.works, ORDERS_MAX)}
    missing = [number for number in wish.works if number not in found]
    if missing:
        return Refusal("work_not_ready", {"work": ", ".join(missing)[:500]})
    parcels = by_parcel([found[number] for number in dict.fromkeys((*wish.works, *found))])
    torn = [one.number for parcel in parcels if not is_whole(parcel) for one in parcel]
    return Refusal("merge_torn", {"work": ", ".join(torn)[:500]}) if torn else [
        one for parcel in parcels for one in parcel]


async def _tasks(
    work: PlanWork, house: Warehouse, chosen: Sequence[WorkToPick], day: date,
) -> tuple[tuple[TaskStated, ...], dict[WorkKey, int]]:
    skus = {sku for one in chosen for sku, _ in one.lines}
    places = await work.floor.lock_of(house.id, skus)
    levels, lots = await work.floor.levels(places), await work.floor.lots(skus)
    return plan_tasks(chosen, OpenShelves(levels, places, lots, day))


def _planned(
    number: str, house: Warehouse, wish: WaveWish, chosen: Sequence[WorkToPick], by: str,
) -> WavePlanned:
    rule = BY_HAND if wish.works else msgspec.json.encode(wish.rule).decode()
    sorts = wish.rule.kind in (WaveKind.CLUSTER, WaveKind.BATCH_SORT)
    slots = tuple([WaveSlot(one.order_id, one.work_seq, one.number, slot if sorts else 0)
                   for slot, parcel in enumerate(by_parcel(chosen), start=1) for one in parcel])
    due = min([one.due_at(wish.rule) for one in chosen])
    return WavePlanned(number=number, warehouse_id=house.id, kind=wish.rule.kind, rule=rule, maker=by, works=slots,
                       due_at=due)


async def _release(
    planning: Planning, work: PlanWork, number: str, doer: Actor, at: datetime,
) -> str | Refusal:
    directory = await work.directory()
    found = await _locked(work, number, doer, "", directory, at)
    if isinstance(found, Refusal):
        return found
    subject, wave, world = found
    if wave.state is not WaveState.PLANNED:
        return _wrong_state(wave)
    house = directory.warehouse(wave.warehouse_id)
    works = await work.waves.again([one.key for one in wave.works if one.is_live])
    ready = {(one.order_id, one.work_seq) for one in works}
    tasks, waiting = await _tasks(work, house, works, _day(directory, at))
    if not tasks:
        return Refusal(NOT_ON_SHELVES, {"work": wave.works[0].number, "works": str(len(wave.works))})
    leaving = [one for one in wave.works if one.is_live and (one.key not in ready or one.key in waiting)]
    events: list[AnyWaveEvent] = [WaveReleased(tasks)]
    events += [WorkLeftWave(one.order_id, one.work_seq, NOT_ON_SHELVES if one.key in waiting else "not_ready")
               for one in leaving]
    change, _ = decide(world, _giving_back(leaving, doer, NOT_ON_SHELVES), planning.route, planning.ids())
    await work.floor.keep_places(house.id, [PlaceRow(number, PlaceKind.TOTE)])
    said = WaveSaid(number, doer.name, at, directory.blueprint_active)
    await write_wave(work, subject, wave, events, said, (), change)
    return number


async def _cancel(
    planning: Planning, work: PlanWork, number: str, reason: str, doer: Actor, at: datetime,
) -> str | Refusal:
    directory = await work.directory()
    found = await _locked(work, number, doer, reason, directory, at)
    if isinstance(found, Refusal):
        return found
    subject, wave, world = found
    if wave.state.is_over:
        return _wrong_state(wave)
    await work.floor.lock(places_of(wave))
    back = _giving_back([one for one in wave.works if one.is_live and not one.is_boxed], doer, reason)
    change, _ = decide(world, back, planning.route, planning.ids())  # what has ended need not be given back
    await write_wave(work, subject, wave, [WaveCancelled(doer.name, reason)],
                     WaveSaid(number, doer.name, at, directory.blueprint_active), (), change)
    return number


async def _locked(
    work: PlanWork, number: str, doer: Actor, reason: str, directory: Directory, at: datetime,
) -> tuple[LoggedSubject, Wave, BatchView] | Refusal:
    """The wave and the orders of its works, locked: orders first."""
    seen = await work.waves.named(number)
    if seen is None:
        return Refusal("no_such_wave", {"wave": number})
    world = await work.load(_giving_back(seen.works, doer, reason), directory, at, 0)
    subject = (await work.subjects.lock([number]))[number]
    wave = await work.waves.kept(subject.id)
    if [one.key for one in wave.works] != [one.key for one in seen.works]:
        raise Raced(f"{number} moved on")
    return subject, wave, world


def _giving_back(works: Sequence[WaveWork], doer: Actor, reason: str) -> list[c.AnyCommand]:
    return [GiveWorkBack(actor=doer, work_no=one.number, reason=reason) for one in works]


def _wrong_state(wave: Wave) -> Refusal:
    return Refusal("wave_state", {"wave": wave.number, "state": str(wave.state)})


def _day(directory: Directory, at: datetime) -> date:
    return business_day(at, directory.business_zone)
