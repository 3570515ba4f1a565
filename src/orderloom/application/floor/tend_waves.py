"""Let works that ended another way leave their wave: cancelled, called back, or sent without a scan."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from orderloom.application.change import Change
from orderloom.application.directory import Directory
from orderloom.application.floor.tries import again
from orderloom.application.floor.write_wave import WaveSaid, places_of, write_wave
from orderloom.domain.actor import clock
from orderloom.domain.floor.place import FloorPlace
from orderloom.domain.floor.wave import Wave, WorkKey
from orderloom.domain.floor.wave_event import WorkLeftWave
from orderloom.domain.subject import LoggedSubject

TEND = clock("tend_waves")
WAVES_MAX = 100


class EndedRows(Protocol):
    """Waves, and which of their works have ended."""

    async def keep(self, id: str, before: Wave | None, after: Wave) -> None: ...
    async def kept(self, id: str) -> Wave: ...
    async def to_tend(self, limit: int) -> list[str]: ...
    async def ended(self, works: Sequence[WorkKey]) -> dict[WorkKey, str]: ...


class TendedPlaces(Protocol):
    """Places, locked, and what moves on them."""

    async def lock(self, ids: Collection[int]) -> dict[int, FloorPlace]: ...
    async def move(self, placed: Any, promises: Mapping[tuple[int, int, int], int] | None = None) -> None: ...


class TendedSubjects(Protocol):
    """Where the logs of subjects end."""

    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class TendWork(Protocol):
    """The transaction."""

    @property
    def waves(self) -> EndedRows: ...
    @property
    def floor(self) -> TendedPlaces: ...
    @property
    def subjects(self) -> TendedSubjects: ...
    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


async def tend_waves(begin: Callable[[], AbstractAsyncContextManager[TendWork]], now: Callable[[], datetime]) -> int:
    """How many waves a work has left."""
    async with begin() as work:
        numbers = await work.waves.to_tend(WAVES_MAX)
    return sum([await again(begin, partial(_tend, number=number, at=now())) for number in numbers])


async def _tend(work: TendWork, number: str, at: datetime) -> bool:
    subject = (await work.subjects.lock([number]))[number]
    wave = await work.waves.kept(subject.id)
    ended = await work.waves.ended([one.key for one in wave.works if one.is_live])
    if wave.state.is_over or not ended:
        return False
    directory = await work.directory()
    await work.floor.lock(places_of(wave))
    events = [WorkLeftWave(order_id, seq, why) for (order_id, seq), why in sorted(ended.items())]
    await write_wave(work, subject, wave, events, WaveSaid(number, TEND.name, at, directory.blueprint_active))
    return True
