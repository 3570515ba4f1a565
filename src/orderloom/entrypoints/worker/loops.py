"""The loops of a worker process. Each does one verb again and again; any number of processes may run them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from orderloom.adapters.ids import new_id
from orderloom.adapters.mqtt import MqttEar
from orderloom.application.age_transfers import age_transfers
from orderloom.application.draining import Drainer
from orderloom.application.find_leaks import find_leaks
from orderloom.application.find_unreported import find_unreported
from orderloom.application.floor.hear_device import hear_device
from orderloom.application.floor.tend_waves import tend_waves
from orderloom.application.jobs.run_jobs import Runner
from orderloom.application.keep_quotas import tend_quotas
from orderloom.application.meet_refusals import meet_refusals
from orderloom.application.meet_stops import find_stops, meet_stops
from orderloom.application.merge_waiting import merge_waiting
from orderloom.application.miss_labels import miss_labels
from orderloom.application.notify import Notifier
from orderloom.application.ports import StoreAway, able
from orderloom.application.replay import replay_met
from orderloom.application.restock import is_booked
from orderloom.application.sending import Deliverer
from orderloom.application.sources.end_of_life import VersionWatcher
from orderloom.application.sources.listing import Seeker
from orderloom.application.sources.pulling import Puller, ask_carriers
from orderloom.application.sources.rereading import Rereader
from orderloom.application.sources.walking import Walker
from orderloom.application.tend_snapshots import SnapshotTaker
from orderloom.application.unbook_pickup import Unbooker
from orderloom.application.void_label import Voider
from orderloom.application.watch_purchases import watch_purchases
from orderloom.application.watch_tokens import Watcher
from orderloom.blueprint.duration import seconds
from orderloom.bootstrap import Hub
from orderloom.bootstrap.jobs import LONG, job_kinds
from orderloom.domain.fault import kind_of, where

AWAY_SECONDS = 1.0
"""Pause after the database was not there."""
END_SECONDS_MAX = 2.0
"""What was started beside a loop may take so long to end when the worker stops, and as long again when it is cut."""
PRUNE_SECONDS = 300.0
ERASE_SECONDS = 60.0
WATCH_SECONDS = 30.0
VERSION_SECONDS = 3_600.0
LEAK_SECONDS = 3_600.0
STOP_SECONDS = 300.0
BUY_SECONDS = 600.0
UNREPORTED_SECONDS = 60.0
MEET_SECONDS = 15.0
"""How often messages are looked for whose order came at the same moment, by another worker."""
HANDLERS = 2
"""Batches under way in a process: while the database writes one, the other is decided."""
GATHERS, FLOWS = 60, 4
GATHER_SECONDS = 0.04
"""From so many messages at once on they come so densely that waiting for a moment makes larger batches, and up to so
many it is worth it: an order in a batch of fifty costs a third of one in a batch of eight."""
log = structlog.get_logger()


class Loop(NamedTuple):
    """A verb, the step it repeats (which tells how much it did), and the pause when there was nothing to do: so long
    while there is work, and longer (`rousing.REST_SECONDS`) when nothing has been queued for a while."""

    verb: str
    step: Callable[[], Awaitable[int]]
    idle_seconds: float
    gathers: int = 0
    """Less than so much at once was little: what comes in the next moment is done together, which costs less."""
    drain: Callable[[], Awaitable[None]] | None = None
    """Waits for what its steps started and did not wait for."""


def loops(hub: Hub) -> list[Loop]:
    """Everything a worker does."""
    kinds = job_kinds(hub)
    deliverer, puller, rereader, walker = Deliverer(hub), Puller(hub), Rereader(hub), Walker(hub)
    snapshots = SnapshotTaker(hub, new_id)
    told = frozenset(able(hub.manifests, "promise"))
    left_apart: dict[tuple[str, ...], datetime] = {}
    ear = MqttEar(hub.settings.mqtt_url, lambda one: hear_device(hub.ports.devices, one, hub.now()))
    return [
        *[Loop("handle", hub.handler.handle_messages, 0.02, GATHERS)] * HANDLERS,
        Loop("deliver", deliverer.step, 0.03, drain=deliverer.drain),
        Loop("void_label", Voider(hub).step, 5.0),
        Loop("miss_labels", lambda: _missed(hub), 15.0),
        Loop("hear_device", ear.step, 5.0, drain=ear.drain),
        Loop("find_unreported", lambda: _unreported(hub), UNREPORTED_SECONDS),
        Loop("unbook_pickup", Unbooker(hub).step, 5.0),
        Loop("wake", hub.handler.fire_deadlines, 0.25),
        Loop("notify", Notifier(hub).step, 1.0),
        Loop("publish_events", lambda: _events(hub), 0.3),
        Loop("add_up", lambda: _figures(hub), 1.0),
        Loop("publish_stock", lambda: _stock(hub), 1.0),
        Loop("watch_stock", lambda: _watched(hub), 1.0),
        Loop("snapshot", snapshots.step, 2.0, drain=snapshots.drain),
        Loop("tend_quotas", lambda: tend_quotas(hub.ports.subjects, hub.now()), 1.0),
        Loop("meet_refusals", lambda: meet_refusals(hub, hub.ports, told), 2.0),
        Loop("meet_stops", lambda: meet_stops(hub, told), 1.0),
        Loop("find_stops", lambda: find_stops(hub.ports.stops, seconds, hub.now()), STOP_SECONDS),
        Loop("pull", puller.step, 0.3, drain=puller.drain),
        Loop("list", Seeker(hub).step, 5.0),
        Loop("reread", rereader.step, 0.3, drain=rereader.drain),
        Loop("walk", walker.step, 1.0, drain=walker.drain),
        Loop("ask_carriers", lambda: ask_carriers(hub), 5.0),
        Loop("watch_versions", VersionWatcher(hub, hub.settings.version_notice_days).step, VERSION_SECONDS),
        Loop("watch_tokens", Watcher(hub).step, WATCH_SECONDS),
        Loop("drain_spool", Drainer(hub).step, 1.0),
        Loop("replay", lambda: _met(hub), MEET_SECONDS),
        Loop("jobs", Runner(hub, {name: one for name, one in kinds.items() if name not in LONG}).step, 0.5),
        Loop("jobs", Runner(hub, {name: one for name, one in kinds.items() if name in LONG}).step, 1.0),
        Loop("fold_tally", lambda: _fold(hub), 60.0),
        Loop("find_leaks", lambda: _leaks(hub), LEAK_SECONDS),
        Loop("tend_waves", lambda: tend_waves(hub.ports.subjects, hub.now), 5.0),
        Loop("merge_waiting", lambda: merge_waiting(hub, left_apart, hub.now()), 5.0),
        Loop("age_transfers", lambda: _aged(hub), LEAK_SECONDS),
        Loop("watch_purchases", lambda: _bought(hub), BUY_SECONDS),
        Loop("erase", lambda: _erase_arrived(hub), ERASE_SECONDS),
        Loop("prune", lambda: _prune(hub), PRUNE_SECONDS),
    ]


async def run(hub: Hub, stop: asyncio.Event, only: Sequence[str] = (), extra: Sequence[Loop] = ()) -> None:
    """Run the loops until told to stop; a loop finishes its step first, and what its steps started gets a moment to
    end. `only` names verbs, empty means all.
    """
    chosen = [loop for loop in (*loops(hub), *extra) if not only or loop.verb in only]
    beside = [asyncio.create_task(hub.rousing.listen()), asyncio.create_task(_end_pauses(hub, stop))]
    try:
        await asyncio.gather(*[_repeat(hub, loop, stop) for loop in chosen])
        await _let_end([loop.drain for loop in chosen if loop.drain])
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def _let_end(drains: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Wait for what is under way, which would be done again only when its lease is over; cut what takes longer."""
    if not drains:
        return
    _, late = await asyncio.wait([asyncio.ensure_future(drain()) for drain in drains], timeout=END_SECONDS_MAX)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late, timeout=END_SECONDS_MAX)


async def _end_pauses(hub: Hub, stop: asyncio.Event) -> None:
    await stop.wait()
    hub.rousing.end()


async def _repeat(hub: Hub, loop: Loop, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            done = await loop.step()
        except StoreAway as away:
            log.warning("database_away", loop=loop.verb, why=str(away))
            if not stop.is_set():
                await hub.rousing.wait(AWAY_SECONDS)
        except Exception as error:
            log.error("loop_failed", loop=loop.verb, error=kind_of(error), where=where(error))
            if not stop.is_set():
                await hub.rousing.wait(AWAY_SECONDS)
        else:
            if stop.is_set():
                return
            if not done:
                await hub.rousing.pause(loop.idle_seconds)
            elif done < loop.gathers:
                await hub.rousing.wait(loop.idle_seconds if done < FLOWS else GATHER_SECONDS)


async def _events(hub: Hub) -> int:
    async with hub.ports.publisher() as publisher:
        return await publisher.publish_events(hub.now())


async def _figures(hub: Hub) -> int:
    async with hub.ports.figures() as figures:
        return await figures.add_up(hub.now())


async def _stock(hub: Hub) -> int:
    """Queue shown stock; then orders that were short of what moved, or lies in a warehouse that is on again, try."""
    async with hub.ports.publisher() as publisher:
        told = await publisher.publish_stock(hub.now())
        if told:  # what was queued does not wait for a loop that rests
            hub.rousing.call()
        async with publisher.moved_since("restock", hub.now()) as moved:
            if skus := sorted({*moved, *told}):
                await hub.handler.restock(skus, is_booked)  # freed by other ways than a receipt: nothing to book
    return 0


async def _watched(hub: Hub) -> int:
    async with hub.ports.stock_watch() as watch:
        return await watch.step(hub.now())


async def _met(hub: Hub) -> int:
    return len(await replay_met(hub.ports.messages, hub.now()))


async def _leaks(hub: Hub) -> int:
    await find_leaks(hub.ports, hub.now())
    return 0


async def _aged(hub: Hub) -> int:
    await age_transfers(hub.ports.subjects, hub.now())
    return 0


async def _bought(hub: Hub) -> int:
    await watch_purchases(hub.ports, hub.now())
    return 0


async def _unreported(hub: Hub) -> int:
    await find_unreported(hub)
    return 0


async def _missed(hub: Hub) -> int:
    await miss_labels(hub.ports, hub.now())
    return 0


async def _fold(hub: Hub) -> int:
    async with hub.ports.publisher() as publisher:
        await publisher.fold(hub.now())
    async with hub.ports.stock_watch() as watch:
        return await watch.fold(hub.now())


async def _erase_arrived(hub: Hub) -> int:
    """Empty what came of people who were erased: a shop that is read again tells of them again."""
    async with hub.ports.erasing() as erasing:
        await erasing.arrived()
    return 0


async def _prune(hub: Hub) -> int:
    """Forget what was sent long ago, unless it is to be kept for ever."""
    if hub.settings.keep_sent_days is None:
        return 0
    async with hub.ports.publisher() as publisher:
        return await publisher.prune(hub.settings.keep_sent_days, hub.now())
