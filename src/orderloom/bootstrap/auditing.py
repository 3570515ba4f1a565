"""Looks at the whole event log of an installation, on a connection that may take hours, without a hub around it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from orderloom.adapters.db.audit import LogReader
from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_export import export_lines
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.adapters.db.away import told_apart
from orderloom.adapters.db.line import LongLine, opened
from orderloom.adapters.db.statements import statement
from orderloom.adapters.ids import new_id
from orderloom.adapters.vault import load_vault
from orderloom.application.ports import Progress
from orderloom.application.verify import Report
from orderloom.bootstrap.hub import utc_now
from orderloom.settings import Settings


async def verify_chains(settings: Settings, dsn: str, progress: Progress) -> Report:
    """Every order's chain and every checkpoint. Raises KeyTrouble when the public key cannot be read."""
    with told_apart():
        return await verify_log(dsn, settings.home, progress)


async def verify_all(settings: Settings, dsn: str, report: Report, progress: Progress) -> None:
    """Add to the report what follows from the log: orders, stock, receivers, vouchers."""
    with told_apart():
        async with await opened(dsn, LongLine) as connection:
            await verify_deep(connection, load_vault(settings.home, settings.key), report, progress)


async def keep_check(dsn: str, report: Report, by: str, began: datetime) -> None:
    """Write down who verified when, and what was found."""
    with told_apart():
        async with await opened(dsn, LongLine) as connection:
            await connection.execute(statement("audit_check", "keep"), {
                "id": new_id(), "at": utc_now(), "by": by, "began": began, "deep": report.is_deep,
                "orders": report.orders, "events": report.events, "checkpoints": report.checkpoints,
                "unsealed": report.unsealed, "refolded": report.refolded,
                "faults": msgspec.json.encode(report.faults).decode()})


async def verify_apart(settings: Settings, dsn: str, is_deep: bool, by: str, progress: Progress) -> Report:
    """The same in a thread of its own, so that a worker's other loops go on; what was found is written down."""
    return await asyncio.to_thread(lambda: asyncio.run(_whole(settings, dsn, is_deep, by, progress)))


async def _whole(settings: Settings, dsn: str, is_deep: bool, by: str, progress: Progress) -> Report:
    began = utc_now()
    report = await verify_chains(settings, dsn, progress)
    if is_deep:
        await verify_all(settings, dsn, report, progress)
    await keep_check(dsn, report, by, began)
    return report


@asynccontextmanager
async def exported(settings: Settings, dsn: str) -> AsyncIterator[AsyncIterator[bytes]]:
    """The log as lines of JSON, for a verifier that trusts nobody."""
    with told_apart():
        async with await opened(dsn, LongLine) as connection:
            yield export_lines(LogReader(connection), settings.home, utc_now())
