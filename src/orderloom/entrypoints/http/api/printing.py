"""Printers, what they are to print, and the pull of the agents that stand beside them (docs/printing.md)."""

from __future__ import annotations

import asyncio
import base64
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from orderloom.adapters.paper.printing import document_kind, paper_as
from orderloom.application import print_papers as verb
from orderloom.application.identity.access import Caller
from orderloom.application.not_kept import NotKept
from orderloom.application.print_papers import PAPERS, Printer, PrintJob, PrintWish
from orderloom.application.queries import printing as read
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.paper_desk import good, paper_of
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.seeing import refuse_hidden
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/print", tags=["printing"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]
Keeper = Annotated[Caller, Depends(needs("skus:write"))]
Agent = Annotated[Caller, Depends(needs("labels:print"))]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_.\-]+$")]
Named = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_.\-]+$")]
JobNo = Annotated[int, Path(ge=1, le=2**62)]
State = Literal["open", "queued", "leased", "printed", "failed", "unknown", "cancelled", "any"]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
WAIT_SECONDS_MAX = 20
LOOK_SECONDS = 0.25
"""How long a waiting agent's request rests between looks: a label is taken within this of being there."""
ABOUT_MAX = 500


class PrinterRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A printer of a warehouse, at a station of it (empty: the whole warehouse). `form` is what it takes, `size` its
    paper. `is_automatic`: labels that are bought at its station are printed by themselves."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    form: Literal["zpl", "zpl_hex", "pdf", "png"] = "zpl"
    size: Literal["76x130", "100x150", "100x180", "60x40", "a4"] = "100x150"
    station: Annotated[str, msgspec.Meta(max_length=60)] = ""
    is_automatic: bool = True
    is_active: bool = True


class PrintRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper to print. `about`: of a label the work (then the box, then out or back), of a slip the work, of a pick
    list and a wave sheet the works, of labels of places the codes."""

    printer: Name
    paper: Literal["label", "slip", "pick_list", "wave_sheet", "code_labels"]
    about: Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
                     msgspec.Meta(min_length=1, max_length=ABOUT_MAX)]
    size: Annotated[str, msgspec.Meta(max_length=20)] = ""


class LeaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An agent asks for the next job of its printer, and waits for one so long. `lease` is a UUID of the agent's own:
    sent again with the same one, the answer that was lost comes again, and nothing is taken twice."""

    printer: Name
    lease: UUID
    wait_seconds: Annotated[int, msgspec.Meta(ge=0, le=WAIT_SECONDS_MAX)] = 0


class ResultRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of a job: printed; failed, surely nothing came out; unknown, a person is asked."""

    lease: UUID
    result: Literal["printed", "failed", "unknown"]
    error: Annotated[str, msgspec.Meta(max_length=200)] = ""


class CameOutRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the paper came out of the printer."""

    came_out: bool


class ReprintRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a paper is printed again; `printer` is another than before, if need be."""

    reason: Reason
    printer: Annotated[str, msgspec.Meta(max_length=60)] = ""


class PrintTask(msgspec.Struct, frozen=True):
    """What an agent is to print. `job` is null when nothing waits; `document` is base64, `form` what it is (zpl, pdf,
    png). A result has to come before `lease_seconds` are over."""

    job: int | None = None
    name: str = ""
    form: str = ""
    document: str = ""
    lease_seconds: int = verb.LEASE_SECONDS


class PrintEnded(msgspec.Struct, frozen=True):
    """The result is taken; `is_known`: it was told before."""

    job: int
    is_known: bool


@router.get("/printers", **spoken(read.PrinterList), summary="打印机 | Printers")
async def list_printers(desk: DeskHere, who: Reader) -> Response:
    """All printers, and when the agent of each last asked for work."""
    async with desk.connect() as connection:
        return reply(await read.printers_of(connection))


@router.put("/printers/{printer}", **spoken(Printer, takes=PrinterRequest, problems=(409,)),
            summary="设置打印机 | Keep a printer")
async def keep_printer(request: Request, desk: DeskHere, who: Keeper, printer: Named) -> Response:
    """Add a printer, or say anew what it is. One printer of a station prints by itself."""
    body = await body_of(request, PrinterRequest)
    await desk.check(warehouse=body.warehouse)
    house = next(w.id for w in (await desk.directory()).warehouses if w.code == body.warehouse)
    kept = Printer(printer, body.warehouse, body.station.strip(), body.form, body.size, body.is_automatic,
                   body.is_active)
    await verb.keep_printer(desk.ports.printing, kept, house)
    return reply(kept)


@router.get("/jobs", **spoken(read.PrintJobs), summary="打印任务 | Print jobs")
async def list_jobs(
    desk: DeskHere, who: Reader, printer: Text = "", state: State = "open", work: Text = "", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Jobs, newest first; taken with nothing: agents take them by `POST /print/lease`."""
    async with desk.connect() as connection:
        return reply(await read.print_jobs(
            connection, printer=printer, state=state, work=work, cursor=cursor, limit=limit))


@router.post("/jobs", **spoken(PrintJob, takes=PrintRequest, problems=(404, 409)), summary="打印 | Print a paper")
async def print_paper(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Have a paper printed. It is drawn when the printer's agent takes the job."""
    body = await body_of(request, PrintRequest)
    about = tuple(body.about)
    if body.paper == "label":
        about = (*about, *("1", "out")[len(about) - 1:])[:3]
    paper = await paper_of(desk, body.paper, about, PAPERS[body.paper][0], is_clear=False)
    await _printer_seen(desk, body.printer)
    wish = PrintWish(body.printer, body.paper, about, paper.order_id, body.size)
    job = good(await verb.queue_print(desk.ports.printing, wish, who.actor, desk.hub.now()))
    return reply(await _job(desk, job))


@router.post("/lease", **spoken(PrintTask, takes=LeaseRequest, problems=(404, 409)), summary="领取打印 | Take a job")
async def lease(request: Request, desk: DeskHere, who: Agent) -> Response:
    """The next job of a printer with its document, for its agent alone; `job` is null when none came in time.

    A paper that cannot be made is failed, with the reason, and `job` is null: ask again for the one behind it."""
    body = await body_of(request, LeaseRequest)
    await _printer_seen(desk, body.printer)
    until = asyncio.get_running_loop().time() + body.wait_seconds
    while True:
        job = await verb.lease_print(desk.ports.printing, body.printer, body.lease, desk.hub.now())
        if job is not None:
            task = await _drawn(desk, who, job, body.lease)
            return reply(task)
        if asyncio.get_running_loop().time() >= until or await request.is_disconnected():
            return reply(PrintTask())
        await asyncio.sleep(LOOK_SECONDS)


@router.post("/jobs/{print_job}/result", **spoken(PrintEnded, takes=ResultRequest, problems=(404, 409)),
             summary="回报打印结果 | What became of a job")
async def result(request: Request, desk: DeskHere, who: Agent, print_job: JobNo) -> Response:
    """Counts once for a lease."""
    body = await body_of(request, ResultRequest)
    is_known = good(await verb.finish_print(
        desk.ports.printing, print_job, body.lease, body.result, body.error, desk.hub.now()))
    return reply(PrintEnded(print_job, is_known))


@router.post("/jobs/{print_job}/answer", **spoken(PrintJob, takes=CameOutRequest, problems=(404, 409)),
             summary="打出来了吗 | Did it come out?")
async def answer(request: Request, desk: DeskHere, who: Writer, print_job: JobNo) -> Response:
    """A person looked: it came out, or it did not. Nothing is printed again by this."""
    body = await body_of(request, CameOutRequest)
    await _job(desk, print_job)
    _no(await verb.answer_print(desk.ports.printing, print_job, body.came_out, who.actor, desk.hub.now()))
    return reply(await _job(desk, print_job))


@router.post("/jobs/{print_job}/reprint", **spoken(PrintJob, takes=ReprintRequest, problems=(404, 409)),
             summary="补打 | Print again")
async def reprint(request: Request, desk: DeskHere, who: Writer, print_job: JobNo) -> Response:
    """A job of its own, with the reason; a label bears 补打."""
    body = await body_of(request, ReprintRequest)
    await _job(desk, print_job)
    if body.printer:
        await _printer_seen(desk, body.printer)
    job = good(await verb.reprint(
        desk.ports.printing, print_job, body.printer, body.reason.strip(), who.actor, desk.hub.now()))
    return reply(await _job(desk, job))


@router.post("/jobs/{print_job}/cancel", **spoken(PrintJob, problems=(404, 409)), summary="撤回打印 | Take a job back")
async def cancel(desk: DeskHere, who: Writer, print_job: JobNo) -> Response:
    """Only one that no agent has taken."""
    await _job(desk, print_job)
    _no(await verb.cancel_print(desk.ports.printing, print_job, who.actor, desk.hub.now()))
    return reply(await _job(desk, print_job))


async def _drawn(desk: Desk, who: Caller, job: PrintJob, lease: UUID) -> PrintTask:
    """A job with its document; one that cannot be made is failed, and is no task."""
    try:
        if job.paper == "label":
            refuse_hidden("receiver")
        made = await paper_of(desk, job.paper, tuple(job.about), job.size, is_clear=True,
                              is_again=job.reprint_of is not None)
        if made.order_id and job.paper == "label":
            await desk.access.unmasked(who.actor, made.order_id, f"打印 print {job.id}")
        async with desk.connect() as connection:
            printers = (await read.printers_of(connection)).printers
        form = next(one.form for one in printers if one.name == job.printer)
        content = await asyncio.to_thread(paper_as, form, made.paper, job.size)
    except (Problem, NotKept) as error:
        why = error.code
        await verb.finish_print(desk.ports.printing, job.id, lease, "failed", why, desk.hub.now())
        return PrintTask()
    return PrintTask(job.id, f"{job.paper} {' '.join(job.about)}"[:120], document_kind(content),
                     base64.b64encode(content).decode())


async def _printer_seen(desk: Desk, name: str) -> None:
    async with desk.connect() as connection:
        printers = (await read.printers_of(connection)).printers
    if name not in {one.name for one in printers}:
        raise not_found("打印机", "printer", name)


async def _job(desk: Desk, number: int) -> PrintJob:
    async with desk.connect() as connection:
        found = await read.print_job_of(connection, number)
    if found is None:
        raise not_found("打印任务", "print job", str(number))
    return found


def _no(refusal: Refusal | None) -> None:
    if refusal is not None:
        good(refusal)
