"""Take what terminals scan: every beep once, judged in a transaction of its own, its answer kept and told again.

A lost race is tried again here and never shown; a batch that breaks off is sent again, what is known stays as it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog

from orderloom.application.decide import Route
from orderloom.application.directory import Directory
from orderloom.application.floor.keep_places import floor_house
from orderloom.application.floor.scan_ground import ScanAt, ScannedLooks, ScanTold, ScanWork
from orderloom.application.floor.scan_out import leave
from orderloom.application.floor.scan_pick import pack, pick
from orderloom.application.floor.scan_put import put
from orderloom.application.floor.scan_shapes import ScanAnswer, ScanBatch, ScansTaken, ScanWish, box_count, task_count
from orderloom.application.floor.scan_short import short
from orderloom.application.floor.scan_undo import undo
from orderloom.application.floor.scan_weigh import pack_in, weigh
from orderloom.application.floor.tries import again
from orderloom.application.ports import Manifest, Raced
from orderloom.domain.actor import Actor
from orderloom.domain.assign import Warehouse
from orderloom.domain.floor.verdict import ScanVerdict
from orderloom.domain.refusal import Refusal

TRIES_MAX = 12
JUDGES: Mapping[str, Callable[[ScanAt], Awaitable[ScanTold]]] = {
    "picked": pick, "packed": pack, "out": leave, "put_away": put, "short": short, "weighed": weigh,
    "packed_in": pack_in, "undone": undo}
log = structlog.get_logger()


class ScanRows(ScannedLooks, Protocol):
    """Terminals and what they scanned."""

    async def lock_terminal(self, device: str, house: int, at: datetime) -> None: ...
    async def known(self, id: str, device: str, seq: int) -> tuple[str, int, ScanAnswer] | None: ...
    async def add(self, device: str, house: int, wish: ScanWish, by: str, at: datetime, told: ScanTold,
                  answer: ScanAnswer) -> None: ...
    async def contiguous(self, device: str) -> int: ...


class TakingWork(ScanWork, Protocol):
    """The transaction of a scan."""

    @property
    def scans(self) -> ScanRows: ...
    async def directory(self) -> Directory: ...


class Scanner:
    """Judges scans, one after the other."""

    def __init__(
        self, begin: Callable[[], AbstractAsyncContextManager[TakingWork]], route: Route, now: Callable[[], datetime],
        ids: Callable[[], Iterator[str]], manifests: Callable[[], Mapping[str, Manifest]],
    ) -> None:
        self._begin, self._route, self._now, self._ids, self._manifests = begin, route, now, ids, manifests

    async def take(self, batch: ScanBatch, doer: Actor) -> ScansTaken | Refusal:
        """Every scan's answer. Raises Raced when one lost every race: it and those after it are to be sent again."""
        house = floor_house(await again(self._begin, _directory), batch.warehouse)
        if isinstance(house, Refusal):
            return house
        answers = [await self._again(batch.device, house, wish, doer) for wish in batch.scans]
        contiguous = await again(self._begin, partial(_contiguous, batch.device, house.id, self._now()))
        return ScansTaken(batch.device, contiguous, answers)

    async def _again(self, device: str, house: Warehouse, wish: ScanWish, doer: Actor) -> ScanAnswer:
        for tries in range(TRIES_MAX):
            try:
                async with self._begin() as work:
                    return await self._one(work, device, house, wish, doer, tries)
            except Raced as raced:
                log.info("raced", scan=wish.id, why=str(raced))
        raise Raced(f"a scan lost {TRIES_MAX} races in a row")

    async def _one(
        self, work: TakingWork, device: str, house: Warehouse, wish: ScanWish, doer: Actor, tries: int,
    ) -> ScanAnswer:
        at = self._now()
        await work.scans.lock_terminal(device, house.id, at)
        if (known := await work.scans.known(wish.id, device, wish.seq)) is not None:
            return _told_again(known, device, wish)
        directory = await work.directory()
        ground = ScanAt(work, directory, house, wish, doer, at, tries, self._route, self._ids(),
                        self._manifests())
        told = await JUDGES[wish.action](ground)
        answer = _answer(wish, told)
        await work.scans.add(device, house.id, wish, doer.name, at, told, answer)
        return answer


async def _directory(work: TakingWork) -> Directory:
    return await work.directory()


async def _contiguous(device: str, house: int, at: datetime, work: TakingWork) -> int:
    await work.scans.lock_terminal(device, house, at)
    return await work.scans.contiguous(device)


def _answer(wish: ScanWish, told: ScanTold) -> ScanAnswer:
    judged, wave = told.judged, told.wave
    task = wave.task(judged.task) if wave is not None and judged.task else None
    key = told.key or (task.key if task is not None else None)
    return ScanAnswer(
        wish.id, wish.seq, judged.verdict, judged.reason, judged.particulars,
        task_count(wave, task) if wave is not None else None,
        box_count(wave, key) if wave is not None and key is not None else None, wave.number if wave is not None else "")


def _told_again(known: tuple[str, int, ScanAnswer], device: str, wish: ScanWish) -> ScanAnswer:
    """What a scan that is known was told; another one with its id, or its place in the terminal's count, is refused and
    kept nowhere: the terminal counts anew under another name."""
    by, seq, answer = known
    if (by, seq, answer.id) == (device, wish.seq, wish.id):
        return answer
    return ScanAnswer(wish.id, wish.seq, ScanVerdict.REFUSED, "id_used" if answer.id == wish.id else "seq_used")
