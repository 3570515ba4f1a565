"""Write what was decided about a wave: its events, its rows, what its tasks promise of places, and what moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from orderloom.application.change import Change
from orderloom.domain.floor.place import PlacedMoves, PlaceMove
from orderloom.domain.floor.plan_tasks import promises_of
from orderloom.domain.floor.wave import Wave, fold, fold_all
from orderloom.domain.floor.wave_event import AnyWaveEvent, WaveClosed
from orderloom.domain.floor.wave_states import WaveState
from orderloom.domain.subject import LoggedSubject

Promise = tuple[int, int, int]
"""(place, SKU, lot)"""


class WaveRows(Protocol):
    """Where waves are kept."""

    async def keep(self, id: str, before: Wave | None, after: Wave) -> None: ...


class MovedRows(Protocol):
    """The ledger of places."""

    async def move(self, placed: PlacedMoves, promises: Mapping[Promise, int] | None = None) -> None: ...


class WaveWriting(Protocol):
    """The transaction."""

    @property
    def waves(self) -> WaveRows: ...
    @property
    def floor(self) -> MovedRows: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class WaveSaid(NamedTuple):
    """What is written: under which cause goods moved, who says it and when, by which version of the blueprint."""

    cause: str
    by: str
    at: datetime
    blueprint: int


async def write_wave(
    work: WaveWriting, subject: LoggedSubject, before: Wave | None, events: Sequence[AnyWaveEvent], said: WaveSaid,
    moves: Sequence[PlaceMove] = (), change: Change | None = None,
) -> Wave:
    """The wave afterwards. Who calls holds the subject's row and those of all places that the wave's open tasks or the
    moves name; `change` is what else the transaction writes, saved here."""
    change, told = change or Change(), tuple(events)
    if before is None:
        after = fold_all(fold(None, told[0], said.at), told[1:], said.at)
    else:
        after = fold_all(before, told, said.at)
    if after.is_done:
        told = (*told, WaveClosed())
        after = fold_all(after, told[-1:], said.at)
    for event in told:
        change.tell(subject, event, said.at, said.by, None, said.blueprint)
    await work.save(change, said.at, said.by)
    await work.waves.keep(subject.id, before, after)
    await work.floor.move(PlacedMoves(said.cause, tuple(moves), said.by, said.at, subject.id), promised(before, after))
    return after


def promised(before: Wave | None, after: Wave) -> dict[Promise, int]:
    """What comes to units promised of places."""
    was, now = _open(before), _open(after)
    sums = {key: now.get(key, 0) - was.get(key, 0) for key in was.keys() | now.keys()}
    return {key: units for key, units in sums.items() if units}


def places_of(wave: Wave, more: Collection[int] = ()) -> list[int]:
    """The places that its open tasks name, and these, in the one order of locks."""
    return sorted({task.place_id for task in wave.tasks if task.rest} | {place for place in more if place})


def _open(wave: Wave | None) -> dict[Promise, int]:
    if wave is None or wave.state is not WaveState.RELEASED:
        return {}
    return promises_of(wave.tasks)
