"""Background work over HTTP: how far it is, what became of each row, its file, and stopping it."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response, StreamingResponse

from orderloom.application.identity.access import Caller
from orderloom.application.jobs.cancel_job import cancel_job
from orderloom.application.queries.jobs import (
    JobFilter,
    JobPage,
    JobRows,
    JobView,
    file_maker,
    job_rows,
    list_jobs,
)
from orderloom.bootstrap.jobs import TITLES
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, Uuid, signed_in
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.seeing import refuse_wider
from orderloom.entrypoints.http.kit.wire import downloaded, reply, spoken

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
Anybody = Annotated[Caller, Depends(signed_in)]
State = Literal["waiting", "running", "done", "failed", "cancelled"]
TYPES = {"csv": "text/csv; charset=utf-8",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@router.get("", **spoken(JobPage), summary="后台任务 | Background work")
async def list_all(
    desk: DeskHere, who: Anybody, kind: Text = "", state: State | None = None, cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """The caller's own, newest first; an administrator's answer has everybody's."""
    wanted = JobFilter(by=_by(who), kind=kind, state=state or "")
    async with desk.connect() as connection:
        page = await list_jobs(connection, wanted, cursor=cursor, limit=limit)
    return reply(JobPage([_titled(job) for job in page.jobs], page.next))


@router.get("/{job_id}", **spoken(JobView, problems=(404,)), summary="一项后台任务 | One job")
async def show_job(desk: DeskHere, who: Anybody, job_id: Uuid) -> Response:
    """How far it is: `done` of `row_count` rows, `refused` of those, and its file when there is one."""
    return reply(_titled(await _job(desk, who, str(job_id))))


@router.get("/{job_id}/rows", **spoken(JobRows, problems=(404,)), summary="逐行结果 | What became of each row")
async def show_rows(
    desk: DeskHere, who: Anybody, job_id: Uuid, result: Literal["done", "unchanged", "refused"] | None = None,
    cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """In the order of the job; a refused row has the code and the facts of the refusal."""
    await _job(desk, who, str(job_id))
    async with desk.connect() as connection:
        return reply(await job_rows(connection, str(job_id), result=result or "", cursor=cursor, limit=limit))


@router.post("/{job_id}/cancel", **spoken(JobView, problems=(404, 409)), summary="停止任务 | Stop a job")
async def stop_job(desk: DeskHere, who: Anybody, job_id: Uuid) -> Response:
    """What is done stands; the rest is not begun. 409 `not_possible` when it is over."""
    await _job(desk, who, str(job_id))
    await cancel_job(desk.ports.jobs, str(job_id), desk.hub.now())
    return reply(_titled(await _job(desk, who, str(job_id))))


@router.get("/{job_id}/file", **downloaded(problems=(404,)), summary="下载结果文件 | Download the result")
async def download(desk: DeskHere, who: Anybody, job_id: Uuid) -> Response:
    """The file that a job made, for who asked for it and for administrators; it is kept for seven days. Who sees less
    now than when it was made gets it no more; one with personal data in clear text is for who gave the reason alone."""
    job = await _job(desk, who, str(job_id))
    async with desk.connect() as connection:
        refuse_wider(who, *await file_maker(connection, job.id))
    pieces = desk.hub.job_files.read(job.id) if job.file else None
    if job.file is None or pieces is None:
        raise not_found("文件（已过期或还没做好）", "file: it is past its time, or not made yet:", str(job_id))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(job.file.name)}",
               "Content-Length": str(job.file.bytes)}
    kind = TYPES.get(job.file.name.rpartition(".")[2], "application/octet-stream")
    return StreamingResponse(pieces, 200, headers, kind)


def _by(who: Caller) -> str:
    """Whose jobs the caller sees; empty: everybody's."""
    return "" if who.may("admin") else who.actor


async def _job(desk: Desk, who: Caller, job_id: str) -> JobView:
    async with desk.connect() as connection:
        page = await list_jobs(connection, JobFilter(by=_by(who), id=job_id), limit=1)
    if not page.jobs:
        raise not_found("后台任务", "job", job_id)
    return page.jobs[0]


def _titled(job: JobView) -> JobView:
    return msgspec.structs.replace(job, title=TITLES.get(job.kind))
