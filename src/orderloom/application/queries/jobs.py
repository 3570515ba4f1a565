"""Background work as people look at it: how far each job is, and what became of each of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderloom.application.identity.access import Caller
from orderloom.application.jobs.shapes import RowResult
from orderloom.application.queries.sql import NUMBER, UUID, Connection, from_cursor, to_cursor, where
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)


class JobFile(msgspec.Struct, frozen=True):
    """What can be downloaded of a job, and until when; `bytes` is its size."""

    name: str
    bytes: int
    until: datetime


class JobView(msgspec.Struct, frozen=True):
    """A job. `done` of `row_count` rows (null: not counted yet), `refused` of those; `why` says what ended it early."""

    id: str
    kind: str
    by: str
    state: str
    row_count: int | None
    done: int
    refused: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    why: Words | None
    file: JobFile | None
    title: Words | None = None


class JobPage(msgspec.Struct, frozen=True):
    """A page; `next` is the cursor of the following one, null on the last."""

    jobs: list[JobView]
    next: str | None


class JobRow(RowResult, frozen=True):
    """What became of one row, by its place among them."""

    no: int = 0


class JobRows(msgspec.Struct, frozen=True):
    """A page of rows in their order."""

    rows: list[JobRow]
    next: str | None


class JobFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs: empty means any. `by`: of this caller alone."""

    by: str = ""
    kind: str = ""
    state: str = ""
    id: str = ""


async def list_jobs(connection: Connection, wanted: JobFilter, *, cursor: str = "", limit: int = 50) -> JobPage:
    """A page of jobs, newest first. Raises WrongCursor."""
    values: dict[str, Any] = {"limit": limit + 1}
    parts = []
    for name in ("by", "kind", "state"):
        if value := getattr(wanted, name):
            parts.append(f"{name} = %({name})s")
            values[name] = value
    if wanted.id:
        parts.append("id = %(id)s::uuid")
        values["id"] = wanted.id
    if cursor:
        parts.append("id < %(after)s::uuid")
        values["after"] = from_cursor(cursor, UUID)[0]
    found = await (await connection.execute(SQL["jobs"].replace("{where}", where(parts)), values)).fetchall()
    jobs = [_job(row) for row in found[:limit]]
    return JobPage(jobs, to_cursor(jobs[-1].id) if len(found) > limit else None)


class FileMaker(NamedTuple):
    """Who made a file, with the rights that they had; `is_clear`: personal data stands in it in clear text."""

    caller: Caller
    is_clear: bool


async def file_maker(connection: Connection, job_id: str) -> FileMaker:
    """With whose rights the file of a job was made. The job must be there."""
    row = await (await connection.execute(SQL["file_maker"], {"id": job_id})).fetchone()
    assert row is not None
    return FileMaker(msgspec.json.decode(row[0], type=Caller), bool(row[1]))


async def job_rows(
    connection: Connection, job_id: str, *, result: str = "", cursor: str = "", limit: int = 50,
) -> JobRows:
    """A page of a job's rows. Raises WrongCursor."""
    after = int(from_cursor(cursor, NUMBER)[0]) if cursor else 0
    found = await (await connection.execute(
        SQL["rows"], {"id": job_id, "after": after, "result": result, "limit": limit + 1})).fetchall()
    rows = [JobRow(row[1], row[2], row[3], row[4], row[0]) for row in found[:limit]]
    return JobRows(rows, to_cursor(rows[-1].no) if len(found) > limit else None)


def _job(row: Sequence[Any]) -> JobView:
    why = Words(row[10], row[11]) if row[10] else None
    file = JobFile(row[12], row[13], row[14]) if row[14] is not None else None
    return JobView(*[*row[:10], why, file])
