"""Looks at the whole event log of an installation, on a connection that may take hours, without a hub around it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from orderloom.adapters.db.audit import LogReader
from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_export import export_lines
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.adapters.db.away import told_apart
from orderloom.adapters.db.line import LongLine, opened
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


@asynccontextmanager
async def exported(settings: Settings, dsn: str) -> AsyncIterator[AsyncIterator[bytes]]:
    """The log as lines of JSON, for a verifier that trusts nobody."""
    with told_apart():
        async with await opened(dsn, LongLine) as connection:
            yield export_lines(LogReader(connection), settings.home, utc_now())
