"""What a stopped region means for what is under way, and regions that tracking shows to be stopped; by the clock.

Orders with works that are not out are looked at once for each stop, a chunk at a time, through the route: see
`meet_stop`. A worker that dies on the way begins again; an order that was met is not moved twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.application.stop_carrier import StopTold
from orderloom.application.within import Within
from orderloom.domain.actor import clock
from orderloom.domain.carriage import CarrierStop, StopSource
from orderloom.domain.distance import division_code
from orderloom.domain.divisions import codes

CHUNK = 200
CHUNKS_MAX = 500
"""A hundred thousand orders a stop; what is beyond keeps its promise until somebody looks."""
ON_THE_WAY = timedelta(days=10)
"""Parcels that left before are lost rather than stopped."""
MEETS = clock("stops")


class StopToMeet(NamedTuple):
    """A stop and the id of its row."""

    id: int
    stop: CarrierStop


class Meeting(msgspec.Struct, frozen=True):
    """Where the works of a stop are to be looked for."""

    carrier: str
    houses: list[int]
    provinces: list[str]
    cities: list[str]
    everywhere: bool


class SilentPlace(NamedTuple):
    """Parcels of a carrier on their way to a city: how many are without news, how many have had some."""

    carrier: str
    province: str
    city: str
    silent: int
    heard: int


class StopsMet(Protocol):
    """Where stops and the works that they meet are, in one transaction."""

    async def directory(self) -> Directory: ...
    async def end_over(self, at: datetime) -> int: ...
    async def to_meet(self, at: datetime) -> StopToMeet | None: ...
    async def orders(self, meeting: Meeting, after: str, limit: int) -> list[str]: ...
    async def met(self, stop_id: int, at: datetime) -> None: ...
    async def silent(self, before: datetime, since: datetime, least: int) -> list[SilentPlace]: ...
    async def found(self) -> list[tuple[int, str, str]]: ...
    async def add(self, told: StopTold) -> int: ...
    async def end(self, number: int, by: str, at: datetime) -> bool: ...


class StopPorts(Protocol):
    """Ports of the hub."""

    @property
    def stops(self) -> Within[StopsMet]: ...


class StopHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> StopPorts: ...
    async def handle(self, commands: Sequence[c.AnyCommand]) -> list[c.Outcome]: ...


async def meet_stops(hub: StopHub, tells: frozenset[str]) -> int:
    """End what is over and look at the works of the next stop; returns how many orders were looked at. `tells`: the
    connectors whose channels can be told of a promise."""
    at = hub.now()
    async with hub.ports.stops() as stops:
        ended = await stops.end_over(at)
        due, directory = await stops.to_meet(at), await stops.directory()
    if due is None:
        return ended
    meeting, after, count = meeting_of(due.stop, directory), "", 0
    for _ in range(CHUNKS_MAX):
        async with hub.ports.stops() as stops:
            ids = await stops.orders(meeting, after, CHUNK)
        if not ids:
            break
        await hub.handle([c.MeetStop(actor=MEETS, order_id=one, stop=due.stop, tells=tells) for one in ids])
        after, count = ids[-1], count + len(ids)
    async with hub.ports.stops() as stops:
        await stops.met(due.id, at)
    return count + 1


def meeting_of(stop: CarrierStop, directory: Directory) -> Meeting:
    """The warehouses and receivers' places that lie in the stop's region."""
    inside = [place for place, code in codes().items() if code.startswith(stop.division)]
    houses = [w.id for w in directory.warehouses if division_code(w.province, w.city).startswith(stop.division)]
    return Meeting(
        stop.carrier, houses if stop.division else [], [p.province for p in inside if not p.city],
        [f"{p.province}/{p.city}" for p in inside if p.city and not p.district], not stop.division,
    )


async def find_stops(within: Within[StopsMet], silent_seconds: Callable[[str], int], at: datetime) -> int:
    """Stop the regions where most parcels of a carrier are without news, and resume those where news came again;
    returns how many there are new."""
    async with within() as stops:
        directory = await stops.directory()
        active = directory.blueprints.get(directory.blueprint_active)
        if active is None or not active.services:
            return 0  # nothing is routed by carriers
        rule = active.sourcing.stops
        before = at - timedelta(seconds=silent_seconds(rule.silent))
        places = {(p.carrier, division_code(p.province, p.city)): p
                  for p in await stops.silent(before, at - ON_THE_WAY, rule.parcels) if p.silent > p.heard}
        known = {(carrier, division): stop_id for stop_id, carrier, division in await stops.found()}
        for key in known.keys() - places.keys():
            await stops.end(known[key], MEETS.name, at)
        fresh = [key for key in places if key not in known and key[1]]
        for carrier, division in fresh:
            reason = f"{places[carrier, division].silent} 个包裹没有消息 / parcels without news"
            await stops.add(StopTold(carrier, division, at, None, reason, StopSource.TRACKING, MEETS.name, at))
    return len(fresh)
