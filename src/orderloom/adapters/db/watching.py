"""Looks at stock for what alarms somebody: each second at the levels of SKUs that moved; every few seconds at how fast
goods sell, which systems fell silent and which shops wait for a figure; at all levels when the directory changed, for a
limit may be another one. Cases open and close by what is so now; one of a rate or a silence that a person closed is not
opened again for the same hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.cases import save_cases
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.publishing import moved_since
from orderloom.adapters.db.sales import add_up_sales, fold_sales
from orderloom.adapters.db.statements import statement
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.ports import Account, Manifest
from orderloom.application.publish import STREAMS
from orderloom.blueprint.duration import seconds

Connection = AsyncConnection[Any]
LEVEL_KINDS = ("stock_negative", "quota_unbacked")
LOW, FAST, STALE = "low_stock", "velocity", "stock_stale"
WATCHER = "watch_stock"
LOOK_SECONDS = 4.0
HUSHED = timedelta(hours=1)
"""So long a case that a person closed stays closed, though it is so still."""
INTERVAL_SECONDS = 60.0
ALL_SECONDS = 30.0
"""All levels are looked at so often at most."""
SKUS_PER_STEP = 5_000


async def watch_levels(connection: Connection, skus: Sequence[int], directory: Directory, at: datetime) -> None:
    """Open cases of what is wrong with the stock of these SKUs, and close those of what is right again."""
    blueprint = directory.blueprints[directory.blueprint_active]
    levels = await _rows(connection, "levels", skus=list(skus))
    free = await _rows(connection, "low", skus=list(skus), units=blueprint.watch.low.units)
    found = [_opened(directory, kind, subject, {
        "sku": sku, "warehouse": house, "on_hand": on_hand, "free": left, "set_aside": kept, "safety": safety},
        at, f"warehouse:{house}") for subject, sku, house, on_hand, left, kept, safety, kind in levels if kind]
    found += [_opened(directory, LOW, sku, {"sku": sku, "free": left, "limit": limit}, at, LOW)
              for sku, left, limit in free if limit and left <= limit]
    subjects = [row[0] for row in levels] + [row[0] for row in free]
    if subjects:
        told = await _rows(connection, "told", kinds=[*LEVEL_KINDS, LOW], subjects=subjects)
        await _bring_up(connection, found, [(kind, subject) for kind, subject in told], at)


async def watch_velocity(connection: Connection, directory: Directory, at: datetime) -> None:
    """A case for each SKU of which this hour or the one before sold far more than a usual day: for both, because what
    was sold at the end of an hour is heard of in the next."""
    rule = directory.blueprints[directory.blueprint_active].watch.velocity
    since = at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    rows = await (await connection.execute(statement("sales", "fast"), {
        "since": since, "at": at, "floor": rule.floor_units, "percent": rule.over_percent})).fetchall()
    await _keep(connection, FAST, [_opened(directory, FAST, sku, {
        "sku": sku, "hour": hour.isoformat(), "units": units, "in_bundles": in_bundles, "week": week,
        "percent": rule.over_percent}, at, FAST) for sku, hour, units, in_bundles, week in rows], since, at)


async def watch_silence(
    connection: Connection, directory: Directory, manifests: Mapping[str, Manifest], at: datetime,
) -> None:
    """A case for each system that stated stock and has not for long, and for each shop that waits for a figure."""
    rule = directory.blueprints[directory.blueprint_active].watch.stale
    found: list[CaseOpened] = []
    stating = {a.id: a for a in directory.accounts.values() if a.is_active and not a.is_watching}
    for account_id, code, said in await _rows(
            connection, "silent", ids=list(stating), codes=[a.code for a in stating.values()]):
        limit = max(_interval(stating[account_id], manifests) * rule.intervals, seconds(rule.at_least))
        if at - said > timedelta(seconds=limit):
            found.append(_opened(directory, STALE, f"{code}:said", {
                "system": code, "said_at": said.isoformat(), "limit_seconds": int(limit)}, at, STALE, account_id))
    before = at - timedelta(seconds=seconds(rule.told))
    for account_id, code, since, streams, is_parked in await _rows(
            connection, "untold", streams=STREAMS, before=before):
        found.append(_opened(directory, STALE, f"{code}:told", {
            "channel": code, "waits_since": since.isoformat(), "streams": streams, "is_parked": is_parked},
            at, STALE, account_id))
    for (since,) in await _rows(connection, "unpublished", before=before):
        found.append(_opened(directory, STALE, "publish_stock", {"waits_since": since.isoformat()}, at, STALE))
    await _keep(connection, STALE, found, at - HUSHED, at)


def _interval(account: Account, manifests: Mapping[str, Manifest]) -> float:
    """How often the account is read."""
    own = account.settings.get("interval_seconds")
    if own is not None:
        return float(own)
    return manifests[account.connector].pull.interval_seconds if account.connector in manifests else INTERVAL_SECONDS


async def _keep(
    connection: Connection, kind: str, found: Sequence[CaseOpened], hushed_since: datetime, at: datetime,
) -> None:
    """Open those that are new and that nobody closed since then; close all others of the kind."""
    told = {subject for _, subject in await _rows(connection, "told", kinds=[kind], subjects=None)}
    now = {case.subject for case in found}
    fresh = now - told
    if fresh:
        rows = await _rows(connection, "hushed", kinds=[kind], subjects=sorted(fresh), since=hushed_since, by=WATCHER)
        fresh -= {subject for _, subject in rows}
    await _bring_up(connection, [case for case in found if case.subject in fresh],
                  [(kind, subject) for subject in told - now], at)


async def _bring_up(
    connection: Connection, found: Sequence[CaseOpened], told: Sequence[tuple[str, str]], at: datetime,
) -> None:
    """Open these, and close those of the others that are open."""
    change = Change()
    change.cases = list(found)
    change.resolved = sorted(set(told) - {(case.kind, case.subject) for case in found})
    if change.cases or change.resolved:
        await save_cases(connection, change, at, WATCHER)


def _opened(
    directory: Directory, kind: str, subject: str, evidence: dict[str, Any], at: datetime, cause: str,
    account_id: int | None = None,
) -> CaseOpened:
    """A case as the blueprint has it."""
    rule = directory.blueprints[directory.blueprint_active].case(kind)
    return CaseOpened(kind, subject, evidence, account_id=account_id, owner=rule.owner,
                      due_at=at + timedelta(seconds=rule.limit_seconds), cause=cause, group_over=rule.group_over)


async def _rows(connection: Connection, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("watch", query), given or None)).fetchall()


class LookDue:
    """Says when this process is to look again: every few seconds, and at all levels after the directory changed."""

    def __init__(self, every: float = LOOK_SECONDS, every_all: float = ALL_SECONDS) -> None:
        self._every, self._looked = every, -every
        self._every_all, self._looked_at_all, self._version = every_all, -every_all, -1

    def is_due(self) -> bool:
        """Whether it is time; the next time begins now."""
        if monotonic() - self._looked < self._every:
            return False
        self._looked = monotonic()
        return True

    def is_all_due(self, version: int) -> bool:
        """Whether all levels are to be looked at: another version of the directory, and time; the next begins now."""
        if version == self._version or monotonic() - self._looked_at_all < self._every_all:
            return False
        self._version, self._looked_at_all = version, monotonic()
        return True


class StockWatch:
    """What the worker's loop does; each look is a transaction of its own."""

    def __init__(
        self, connection: Connection, shelf: Shelf, manifests: Mapping[str, Manifest], due: LookDue,
    ) -> None:
        self._connection, self._shelf, self._manifests, self.due = connection, shelf, manifests, due

    async def step(self, at: datetime) -> int:
        """Add up sales, and look when it is time; returns 0 when there is nothing left to add."""
        more = await add_up_sales(self._connection, at)
        directory = await self._shelf.get(self._connection)
        if not directory.blueprint_active:
            return more
        async with moved_since(self._connection, WATCHER, at) as moved:
            await self._levels(moved, directory, at)
        if not more and self.due.is_due():
            await self._look(directory, at)
        return more

    async def _look(self, directory: Directory, at: datetime) -> None:
        """Look at all that is not seen by a movement."""
        if self.due.is_all_due(directory.version):
            await self._levels([row[0] for row in await _rows(self._connection, "stocked")], directory, at)
        async with self._connection.transaction():
            await watch_velocity(self._connection, directory, at)
        async with self._connection.transaction():
            await watch_silence(self._connection, directory, self._manifests, at)

    async def _levels(self, skus: Sequence[int], directory: Directory, at: datetime) -> None:
        for start in range(0, len(skus), SKUS_PER_STEP):
            async with self._connection.transaction():
                await watch_levels(self._connection, skus[start:start + SKUS_PER_STEP], directory, at)

    async def fold(self, at: datetime) -> int:
        """Let hours of long ago become days; returns 0 when there are none."""
        directory = await self._shelf.get(self._connection)
        if not directory.blueprint_active:
            return 0
        keep = seconds(directory.blueprints[directory.blueprint_active].watch.velocity.keep_hours)
        async with self._connection.transaction():
            return await fold_sales(self._connection, keep, directory.business_zone, at)
