"""Erase people on their request, in the background: each order is looked at, refused while it is under way, emptied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application import commands as c
from orderloom.application.jobs.shapes import Job, ResultFiles, RowResult, Stepped
from orderloom.application.sealed import SealedReceiver
from orderloom.application.within import Within
from orderloom.domain.erased import ErasedText

ERASE = "erase_people"
CHUNK = 10
"""Orders of one step."""
IDS_MAX = 500
TRIES_MAX = 3
"""How often an order is looked at anew that changes while it is being erased."""
REASON_MIN = 4


class EraseAsked(msgspec.Struct, frozen=True):
    """Which orders, by id, and why. The record of an erasure has the id of its job."""

    ids: tuple[str, ...]
    reason: str


class ErasurePlan(msgspec.Struct, frozen=True):
    """What is to be done to one order. `sealed`: what is left of its receiver."""

    order_id: str
    number: str
    version: int
    is_erased: bool
    waiting: int
    sealed: SealedReceiver
    texts: tuple[ErasedText, ...] = ()
    vouchers: tuple[str, ...] = ()


class ErasedHere(msgspec.Struct, frozen=True):
    """How many of each were emptied."""

    vouchers: int = 0
    labels: int = 0
    notes: int = 0
    deliveries: int = 0
    texts: int = 0


class Erasing(Protocol):
    """Where people are erased, in one transaction."""

    async def plan(self, order_id: str) -> ErasurePlan | None:
        """Take the person out of all that is found by their clear words, and say what is left to do."""

    async def finish(self, order_id: str, at: datetime) -> ErasedHere:
        """Empty what is the order's own, once the fact is written; twice is as once."""

    async def begun(self, erasure: str, by: str, reason: str, at: datetime, orders: int) -> None: ...
    async def counted(self, erasure: str, found: Sequence[ErasedHere], done: int, refused: int) -> None: ...
    async def ended(self, erasure: str, at: datetime) -> None: ...
    async def exports(self) -> list[str]:
        """Forget the files of exports of orders: any of them may name the person; returns the jobs that had them."""


class ErasingPorts(Protocol):
    """Ports of the hub."""

    @property
    def erasing(self) -> Within[Erasing]: ...


class ErasingHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> ErasingPorts: ...
    @property
    def job_files(self) -> ResultFiles: ...
    async def handle(self, commands: Sequence[c.AnyCommand]) -> list[c.Outcome]: ...


async def erase_people(hub: ErasingHub, job: Job) -> Stepped:
    """One step: the next orders; after the last one the files of exports."""
    asked = msgspec.json.decode(job.asked, type=EraseAsked)
    chunk = asked.ids[job.done : job.done + CHUNK]
    found: list[ErasedHere] = []
    rows = []
    for order_id in chunk:
        row, emptied = await _erase(hub, job, order_id)
        rows.append(row)
        found += [emptied] if emptied else []
    is_over = job.done + len(chunk) >= len(asked.ids)
    async with hub.ports.erasing() as erasing:
        await erasing.begun(job.id, job.caller.actor, asked.reason, job.created_at, len(asked.ids))
        done = sum(row.result != "refused" for row in rows)
        await erasing.counted(job.id, found, done, len(rows) - done)
        gone = await erasing.exports() if is_over else []
        if is_over:
            await erasing.ended(job.id, hub.now())
    for job_id in gone:
        hub.job_files.drop(job_id)
    return Stepped(rows=rows, total=len(asked.ids), is_over=is_over)


async def _erase(hub: ErasingHub, job: Job, order_id: str) -> tuple[RowResult, ErasedHere | None]:
    """One order. Written down first, emptied then: a step that is begun again goes on where the first one stopped."""
    for _ in range(TRIES_MAX):
        async with hub.ports.erasing() as erasing:
            plan = await erasing.plan(order_id)
        if plan is None:
            return RowResult(order_id, "refused", "no_such_order"), None
        if plan.waiting and not plan.is_erased:
            return RowResult(plan.number, "refused", "deliveries_wait", {"count": str(plan.waiting)}), None
        if not plan.is_erased:
            [outcome] = await hub.handle([c.ErasePerson(
                actor=job.caller.doer, order_id=order_id, erasure=job.id, version=plan.version, sealed=plan.sealed,
                texts=plan.texts, vouchers=plan.vouchers)])
            if outcome.refusal == "changed_meanwhile":
                continue
            if outcome.refusal and outcome.refusal != "erased":
                return RowResult(plan.number, "refused", outcome.refusal, dict(outcome.particulars)), None
        async with hub.ports.erasing() as erasing:
            emptied = await erasing.finish(order_id, hub.now())
        return RowResult(plan.number, "unchanged" if plan.is_erased else "done"), emptied
    return RowResult(order_id, "refused", "changed_meanwhile"), None
