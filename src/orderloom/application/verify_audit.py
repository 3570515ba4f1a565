"""Verify the whole log in the background: a step that may take long, whose lease is extended as long as it goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.jobs.run_jobs import LEASE
from orderloom.application.jobs.shapes import Job, JobBook, Stepped
from orderloom.application.ports import Progress
from orderloom.application.verify import Report
from orderloom.application.within import Within
from orderloom.domain.words import Words

VERIFY = "verify_audit"
EXTEND_SECONDS = 15.0
WHOLE = Words("日志完好", "the log is whole")


class VerifyAsked(msgspec.Struct, frozen=True):
    """`is_deep`: what follows from the log is verified too."""

    is_deep: bool = False


class VerifyPorts(Protocol):
    """Ports of the hub."""

    @property
    def jobs(self) -> Within[JobBook]: ...


class VerifyHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> VerifyPorts: ...


class Stopped(Exception):
    """The job was cancelled: nobody waits for what the look would find."""


class _Tally:
    """How far the look is; its thread tells, the job's own loop reads."""

    def __init__(self) -> None:
        self.done, self.total, self.is_stopped = 0, 0, False

    def __call__(self, done: int, total: int) -> None:
        if self.is_stopped:
            raise Stopped
        self.done, self.total = done, max(total, done)


async def verify_audit(
    hub: VerifyHub, look: Callable[[bool, str, Progress], Awaitable[Report]], job: Job,
) -> Stepped:
    """One step from beginning to end. `look` verifies elsewhere than in this loop and writes down what it found."""
    asked, tally = msgspec.json.decode(job.asked, type=VerifyAsked), _Tally()
    task = asyncio.ensure_future(look(asked.is_deep, job.caller.actor, tally))
    try:
        while not (await asyncio.wait({task}, timeout=EXTEND_SECONDS))[0]:
            if not await _extend(hub, job, tally.done, tally.total or None):
                tally.is_stopped = True
                break
        report = await task
        await _extend(hub, job, report.events, report.events)
    except Stopped:
        return Stepped(is_over=True)
    finally:
        tally.is_stopped = True
    why = WHOLE if report.is_whole else Words(f"发现 {len(report.faults)} 处问题", f"{len(report.faults)} faults found")
    return Stepped(is_over=True, why=why)


async def _extend(hub: VerifyHub, job: Job, done: int, total: int | None) -> bool:
    async with hub.ports.jobs() as jobs:
        return await jobs.extend(job.id, hub.now() + LEASE, done, total)
