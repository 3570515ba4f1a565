"""Printers and print jobs as they are shown."""

from __future__ import annotations

import re

import msgspec

from orderloom.application.print_papers import Printer, PrintJob
from orderloom.application.queries.sql import Connection, from_cursor, to_cursor, where
from orderloom.statements import beside

SQL = beside(__file__)
PRINTERS_MAX = 500
STATES = ("open", "queued", "leased", "printed", "failed", "unknown", "cancelled", "any")
_ID = re.compile(r"[0-9]{1,18}")


class PrinterList(msgspec.Struct, frozen=True):
    """The printers, by name."""

    printers: list[Printer]


class PrintJobs(msgspec.Struct, frozen=True):
    """A page of print jobs, newest first; `waiting`: how many of all are queued, leased, unknown."""

    jobs: list[PrintJob]
    waiting: dict[str, int]
    next: str | None


async def printers_of(connection: Connection) -> PrinterList:
    """All printers."""
    rows = await (await connection.execute(SQL["printers"], {"limit": PRINTERS_MAX})).fetchall()
    return PrinterList([Printer(*row) for row in rows])


async def print_job_of(connection: Connection, job: int) -> PrintJob | None:
    """The job with this number."""
    found = await _page(connection, ["j.id = %(job)s"], {"job": job, "limit": 1})
    return found[0] if found else None


async def print_jobs(
    connection: Connection, *, printer: str = "", state: str = "open", work: str = "", cursor: str = "",
    limit: int = 50,
) -> PrintJobs:
    """A page of jobs, newest first; `open`: what waits for an agent or a person. Raises WrongCursor."""
    parts: list[str] = ["true"]
    values: dict[str, object] = {"printer": printer, "state": state, "work": work, "limit": limit + 1}
    if printer:
        parts.append("p.name = %(printer)s")
    if work:
        parts.append("j.about[1] = %(work)s")
    if state == "open":
        parts.append("j.state in ('queued', 'leased', 'unknown')")
    elif state != "any":
        parts.append("j.state = %(state)s")
    if cursor:
        parts.append("j.id < %(before)s")
        values["before"] = int(from_cursor(cursor, _ID)[0])
    found = await _page(connection, parts, values)
    counted = await (await connection.execute(SQL["waiting"])).fetchall()
    waiting = {str(row[0]): int(row[1]) for row in counted}
    return PrintJobs(found[:limit], waiting, to_cursor(str(found[limit - 1].id)) if len(found) > limit else None)


async def _page(connection: Connection, parts: list[str], values: dict[str, object]) -> list[PrintJob]:
    query = SQL["jobs"].replace("{where}", where(parts))
    return [PrintJob(*row) for row in await (await connection.execute(query, values)).fetchall()]
