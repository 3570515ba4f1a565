"""Looks at the levels of SKUs that moved: below zero, quotas without goods, running low. Cases open and close by what
is so now, in the transaction of the publisher's step that saw the movement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.cases import save_cases
from orderloom.adapters.db.statements import statement
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory

Connection = AsyncConnection[Any]
LEVEL_KINDS = ("stock_negative", "quota_unbacked")
LOW = "low_stock"
WATCHER = "watch_stock"


async def watch_levels(connection: Connection, skus: Sequence[int], directory: Directory, at: datetime) -> None:
    """Open cases of what is wrong with the stock of these SKUs, and close those of what is right again."""
    blueprint = directory.blueprints[directory.blueprint_active]
    levels = await _rows(connection, "levels", skus=list(skus))
    free = await _rows(connection, "low", skus=list(skus), units=blueprint.watch.low.units)
    found = [opened(directory, kind, subject, {
        "sku": sku, "warehouse": house, "on_hand": on_hand, "free": left, "set_aside": kept, "safety": safety},
        at, f"warehouse:{house}") for subject, sku, house, on_hand, left, kept, safety, kind in levels if kind]
    found += [opened(directory, LOW, sku, {"sku": sku, "free": left, "limit": limit}, at, LOW)
              for sku, left, limit in free if limit and left <= limit]
    subjects = [row[0] for row in levels] + [row[0] for row in free]
    await settle(connection, (*LEVEL_KINDS, LOW), subjects, found, at)


async def settle(
    connection: Connection, kinds: Sequence[str], subjects: Sequence[str], found: Sequence[CaseOpened], at: datetime,
) -> None:
    """Open these cases, and close the open ones of these kinds and subjects that are not among them."""
    told = await _rows(connection, "told", kinds=list(kinds), subjects=list(subjects)) if subjects else []
    change = Change()
    change.cases = list(found)
    change.resolved = sorted({(kind, subject) for kind, subject in told} - {(c.kind, c.subject) for c in found})
    if change.cases or change.resolved:
        await save_cases(connection, change, at, WATCHER)


def opened(
    directory: Directory, kind: str, subject: str, evidence: dict[str, Any], at: datetime, cause: str = "",
    account_id: int | None = None,
) -> CaseOpened:
    """A case as the blueprint has it."""
    rule = directory.blueprints[directory.blueprint_active].case(kind)
    return CaseOpened(kind, subject, evidence, account_id=account_id, owner=rule.owner,
                      due_at=at + timedelta(seconds=rule.limit_seconds), cause=cause, group_over=rule.group_over)


async def _rows(connection: Connection, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("watch", query), given or None)).fetchall()
