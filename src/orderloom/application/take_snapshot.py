"""Take a snapshot of stock: ask every system that can be asked, set its figures beside the book of that very time, and
pause new orders of SKUs whose difference nothing explains. By the clock, or because somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.stock_figures import FigurePorts, FiguresHub, StockFigures, stock_figures
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.blueprint.duration import seconds
from orderloom.domain.inventory.snapshot import SnapshotRow, tripped
from orderloom.domain.inventory.snapshot_event import BreakerClosed, BreakerOpened, SnapshotBegun, SnapshotTaken
from orderloom.domain.subject import LoggedKind, LoggedSubject

LEASE = timedelta(minutes=30)
"""A snapshot that takes longer is believed to have lost its worker, and is taken by another."""
LATE = timedelta(hours=6)
"""So long after its time the clock's snapshot is still taken, by a worker that was away."""
ROWS_MAX = 20_000
CASE = "stock_breaker"
CASE_SKUS_MAX = 500


class SnapshotEnd(msgspec.Struct, frozen=True):
    """What a snapshot found. `compared` figures, of which `differ` are different, `explained` of these by what is on
    its way; `unread`: systems that gave nothing, with why; `tripped`: SKUs whose new orders wait `until` then."""

    number: str
    systems: tuple[str, ...]
    unread: Mapping[str, str]
    compared: int
    explained: int
    differ: int
    tripped: tuple[str, ...]
    until: datetime | None
    rows: list[SnapshotRow]


class SnapshotBook(Protocol):
    """Where snapshots are kept."""

    async def begin(
        self, id: str, number: str, scheduled_for: datetime | None, at: datetime, until: datetime, by: str,
    ) -> bool: ...
    async def is_there(self, scheduled_for: datetime) -> bool: ...
    async def waiting(self, at: datetime) -> str | None: ...
    async def lease(self, number: str, at: datetime, until: datetime) -> bool: ...
    async def end(self, number: str, found: SnapshotEnd, at: datetime) -> str | None: ...
    async def keep_rows(self, id: str, rows: Sequence[SnapshotRow]) -> None: ...
    async def open_breakers(self, id: str, skus: Sequence[str], at: datetime, until: datetime) -> None: ...
    async def close_breakers(self, at: datetime, number: str = "") -> dict[str, list[str]]: ...


class SnapshotNumbers(Protocol):
    """Subjects: their numbers and locks."""

    async def next_number(self, kind: LoggedKind, day: date) -> str: ...
    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class SnapshotWork(Protocol):
    """One transaction about snapshots."""

    @property
    def snapshots(self) -> SnapshotBook: ...
    @property
    def subjects(self) -> SnapshotNumbers: ...
    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


Begin = Callable[[], AbstractAsyncContextManager[SnapshotWork]]


class SnapshotPorts(FigurePorts, Protocol):
    """The ports of the hub."""

    @property
    def subjects(self) -> Begin: ...  # type: ignore[override]  # more of the same transaction


class SnapshotHub(FiguresHub, Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> SnapshotPorts: ...


def scheduled(at: datetime, blueprint: CompiledBlueprint, zone: str) -> datetime | None:
    """The clock's snapshot that is due, if one is: of today, and its time has come not long ago."""
    if not blueprint.watch.snapshot.at:
        return None
    of_day = datetime.combine(business_day(at, zone), time.fromisoformat(blueprint.watch.snapshot.at), ZoneInfo(zone))
    return of_day if of_day <= at < of_day + LATE else None


async def ask_for_snapshot(
    begin: Begin, by: str, at: datetime, new_id: Callable[[], str], scheduled_for: datetime | None = None, *,
    is_taken_now: bool = False,
) -> str | None:
    """The number of a new one, which a worker takes soon (`is_taken_now`: whoever asks does); None when the clock's
    one of that instant is there."""
    async with begin() as work:
        directory = await work.directory()
        number = await work.subjects.next_number(LoggedKind.SNAPSHOT, business_day(at, directory.business_zone))
        id = new_id()
        if not await work.snapshots.begin(id, number, scheduled_for, at, at + LEASE if is_taken_now else at, by):
            return None
        change = Change()
        subject = LoggedSubject(id, LoggedKind.SNAPSHOT, number, at)
        change.tell(subject, SnapshotBegun(number=number, scheduled_for=scheduled_for), at, by)
        await work.save(change, at, by)
        return number


async def take_snapshot(hub: SnapshotHub, number: str, by: str) -> SnapshotEnd | None:
    """Ask, compare, tell; None when somebody else has ended it meanwhile."""
    return await _end(hub, number, await stock_figures(hub), by)


async def close_breakers(begin: Begin, at: datetime, by: str, number: str = "", reason: str = "until") -> int:
    """Let new orders of SKUs go on whose time is over, or all of a snapshot; returns how many SKUs. Orders that wait
    have a time of their own."""
    async with begin() as work:
        closed = await work.snapshots.close_breakers(at, number)
        if not closed:
            return 0
        subjects = await work.subjects.lock(sorted(closed))
        change = Change()
        for snapshot, skus in closed.items():
            change.tell(subjects[snapshot], BreakerClosed(tuple(skus), reason), at, by)
        await work.save(change, at, by)
    return sum(len(skus) for skus in closed.values())


async def _end(
    hub: SnapshotHub, number: str, said: StockFigures, by: str,
) -> SnapshotEnd | None:
    rows, systems, unread = said
    differ = [row for row in rows if row.ours != row.theirs]
    async with hub.ports.subjects() as work:
        at, directory = hub.now(), await work.directory()
        blueprint = directory.blueprints[directory.blueprint_active]
        rule = blueprint.watch.snapshot
        skus = tripped(differ, rule.over_permille)
        until = at + timedelta(seconds=seconds(rule.pause)) if skus else None
        found = SnapshotEnd(number, systems, unread, len(rows), len([r for r in differ if r.explained]), len(differ),
                            tuple(skus), until, differ[:ROWS_MAX])
        subject = (await work.subjects.lock([number]))[number]
        snapshot_id = await work.snapshots.end(number, found, at)
        if snapshot_id is None:
            return None
        await work.snapshots.keep_rows(snapshot_id, found.rows)
        change = Change()
        change.tell(subject, SnapshotTaken(
            systems=systems, unread=dict(unread), compared=found.compared, explained=found.explained,
            differ=found.differ, digest=sha256(msgspec.json.encode(differ)).hexdigest()), at, by)
        _cases(change, blueprint, found, {row.sku for row in rows}, at)
        if until is not None:
            change.tell(subject, BreakerOpened(found.tripped, until), at, by)
            await work.save(change, at, by)
            await work.snapshots.open_breakers(snapshot_id, skus, at, until)
        else:
            await work.save(change, at, by)
    return found


def _cases(
    change: Change, blueprint: CompiledBlueprint, found: SnapshotEnd, looked_at: set[str], at: datetime,
) -> None:
    """A case for each SKU whose sales pause, with the first figures that differ; those that agree now close theirs."""
    rule = blueprint.case(CASE)
    worst = {row.sku: row for row in reversed(found.rows) if not row.explained}
    for sku in found.tripped[:CASE_SKUS_MAX]:
        row = worst.get(sku)
        until = found.until.isoformat() if found.until else ""
        evidence: dict[str, Any] = {"sku": sku, "snapshot": found.number, "until": until}
        if row is not None:
            evidence |= {"system": row.system, "place": row.place, "ours": row.ours, "theirs": row.theirs}
        change.cases.append(CaseOpened(
            CASE, sku, evidence, owner=rule.owner, due_at=at + timedelta(seconds=rule.limit_seconds),
            cause=f"snapshot:{found.number}", group_over=rule.group_over))
    change.resolved += [(CASE, sku) for sku in sorted(looked_at - set(found.tripped)) if sku]
