"""Take background work on: a step at a time, each written down, so that a worker that dies loses one step at most."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
import structlog

from orderloom.application.identity.access import Access, Caller
from orderloom.application.identity.sight import EVERYTHING, SIGHT, Sight
from orderloom.application.jobs.shapes import Job, JobBook, JobKind, ResultFiles, Stepped
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import StoreAway
from orderloom.application.within import Within
from orderloom.domain.fault import kind_of, where
from orderloom.domain.words import Words

LEASE = timedelta(seconds=90)
"""How long a step may take before another worker believes that its own has died."""
TRIES_MAX = 3
FILE_LASTS = timedelta(days=7)
FILES_BYTES_MAX = 2 << 30
"""Room for all result files; the oldest go first."""
KEPT = timedelta(days=90)
"""How long people see what they had done."""
TIDY_EVERY = timedelta(minutes=5)
BROKEN_OFF = Words("执行中断：后台进程在同一处连续停了三次，已完成的部分有效；请重新发起其余部分",
                   "broken off: its worker died three times at one place. What is done stands; start the rest again")
NO_MORE = Words("发起人已没有这样做的权限，任务停止，已完成的部分有效；请找管理员",
                "who asked for it may do this no more: it was stopped, what is done stands. Ask an administrator")
DEFECT = Words("程序出错，已完成的部分有效；请把这项任务的时间报给管理员",
               "a defect of the hub. What is done stands; report the time of this job")
log = structlog.get_logger()


class JobPorts(Protocol):
    """Ports of the hub."""

    @property
    def jobs(self) -> Within[JobBook]: ...
    @property
    def access(self) -> Access: ...
    async def sight(self, caller: Caller) -> Sight:
        """What who asked for the job may see now."""


class JobsHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> JobPorts: ...
    @property
    def job_files(self) -> ResultFiles: ...


class Runner:
    """Runs jobs of these kinds in one process; any number of processes may."""

    def __init__(self, hub: JobsHub, kinds: Mapping[str, JobKind]) -> None:
        self._hub, self._kinds = hub, kinds
        self._tidy_at = datetime.min.replace(tzinfo=hub.now().tzinfo)

    async def step(self) -> int:
        """One step of the oldest job that waits; returns 1 when there was one."""
        await self._tidy()
        at = self._hub.now()
        async with self._hub.ports.jobs() as jobs:
            taken = await jobs.take(list(self._kinds), at, at + LEASE)
        if taken is None:
            return 0
        job, tries = taken
        if tries >= TRIES_MAX:
            await self._fail(job, BROKEN_OFF)
            return 1
        try:
            job = await self._as_now(job)
            stepped = await self._kinds[job.kind].step(job)
        except (StoreAway, asyncio.CancelledError):
            raise
        except NotKept as refused:
            await self._fail(job, Words(refused.zh, refused.en))
        except Exception as error:
            log.error("job_step_failed", job=job.id, kind=job.kind, error=kind_of(error), where=where(error))
            await (self._fail(job, DEFECT) if tries + 1 >= TRIES_MAX else self._rest(job))
        else:
            await self._keep(job, stepped)
        finally:
            SIGHT.set(EVERYTHING)
        return 1

    async def _as_now(self, job: Job) -> Job:
        """The job with the rights and limits that who asked has now. Raises NotKept when they are too few."""
        kind, ports = self._kinds[job.kind], self._hub.ports
        caller = await ports.access.as_now(job.caller)
        if caller is None or (kind.scopes and not any(map(caller.may, kind.scopes))):
            raise NotKept("not_possible", NO_MORE.zh, NO_MORE.en)
        sight = await ports.sight(caller)
        if kind.is_of_all_rows and sight.rows is not None:
            raise NotKept("not_possible", NO_MORE.zh, NO_MORE.en)
        SIGHT.set(sight)
        return msgspec.structs.replace(job, caller=caller)

    async def _keep(self, job: Job, stepped: Stepped) -> None:
        at = self._hub.now()
        async with self._hub.ports.jobs() as jobs:
            is_kept = await jobs.keep(job, stepped, at, at + FILE_LASTS)
        if not is_kept:
            await asyncio.to_thread(self._hub.job_files.drop, job.id)

    async def _fail(self, job: Job, why: Words) -> None:
        async with self._hub.ports.jobs() as jobs:
            await jobs.fail(job.id, why, self._hub.now())
        await asyncio.to_thread(self._hub.job_files.drop, job.id)

    async def _rest(self, job: Job) -> None:
        async with self._hub.ports.jobs() as jobs:
            await jobs.rest(job.id)

    async def _tidy(self) -> None:
        """Files end with their time, and the oldest when there are too many bytes of them."""
        at = self._hub.now()
        if at < self._tidy_at:
            return
        self._tidy_at = at + TIDY_EVERY
        async with self._hub.ports.jobs() as jobs:
            gone = await jobs.outdated(at)
            await jobs.forget(at - KEPT)
            kept = await jobs.with_files()
            size = sum(size for _, size in kept)
            for job_id, bytes_of in kept:
                if size <= FILES_BYTES_MAX:
                    break
                await jobs.drop_file(job_id)
                gone.append(job_id)
                size -= bytes_of
        for job_id in gone:
            await asyncio.to_thread(self._hub.job_files.drop, job_id)
