"""Papers of the warehouse over HTTP, ready for a printer: labels, slips, pick lists, wave sheets, labels of places."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from orderloom.adapters.paper.printing import paper_as
from orderloom.application.buy_label import BOXES_MAX
from orderloom.application.identity.access import Caller
from orderloom.application.queries import works as read
from orderloom.application.queries.compose_paper import (
    compose_code_labels,
    compose_pick_list,
    compose_sheet_of,
    compose_slip,
    compose_wave_picks,
    compose_wave_sheet,
)
from orderloom.application.queries.waves import show_wave
from orderloom.domain.paper.code_label import CODE_LABEL_SIZES, CODE_LABELS_MAX
from orderloom.domain.paper.label import LABEL_SIZES
from orderloom.domain.paper.listed_paper import LISTED_SIZES
from orderloom.domain.paper.sheet import Paper
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import DeskHere, Reason, Text, as_written, may_unmask, needs
from orderloom.entrypoints.http.kit.paper_desk import LIST_NUMBER, good, label_paper, work_by_hand
from orderloom.entrypoints.http.kit.problem import Problem, ProblemDetails, not_found
from orderloom.entrypoints.http.kit.seeing import refuse_hidden
from orderloom.entrypoints.http.kit.wire import spoken

router = APIRouter(prefix="/api/v1", tags=["papers"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
PaperForm = Literal["pdf", "png", "zpl", "zpl_hex"]
TYPES = {"pdf": "application/pdf", "png": "image/png", "zpl": "application/zpl", "zpl_hex": "application/zpl"}
Numbers = Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=read.WORKS_PICKED_MAX)]
Codes = Annotated[list[Annotated[str, Query(max_length=60)]], Query(min_length=1, max_length=CODE_LABELS_MAX)]


def _paper(*problems: int) -> dict[str, Any]:
    """Documents an operation that answers a paper."""
    told = spoken(ProblemDetails, problems=problems)
    told["responses"][200]["content"] = {
        kind: {"schema": {"type": "string", "format": "binary"}} for kind in sorted(set(TYPES.values()))}
    return told


@router.get("/works/pick-list/paper", **_paper(404, 409), summary="打印拣货单 | Pick list or wave sheet")
async def pick_list_paper(
    desk: DeskHere, who: Reader, warehouse: Text = "", number: Numbers = [], paper: Literal["pick", "wave"] = "pick",  # noqa: B006
    form: PaperForm = "pdf", size: Text = "a4",
) -> Response:
    """What to fetch for these works, without any for the oldest that are to be picked; or which works they are, each
    with a slot (`paper=wave`, works have to be named)."""
    _of_size(size, LISTED_SIZES)
    if paper == "wave" and not number:
        raise Problem("wrong_value", "number：写明是哪些作业单 | number: name the works")
    await desk.check(warehouse=warehouse)
    houses = (await desk.directory()).warehouses if warehouse else ()
    house = next((w.id for w in houses if w.code == warehouse), None)
    if paper == "wave":
        works = [await work_by_hand(desk, one, is_clear=False) for one in number]
        return await paper_reply(compose_wave_sheet(works, LIST_NUMBER, size), form, size, "wave")
    async with desk.connect() as connection:
        found = good(await read.pick_list(connection, numbers=number, warehouse_id=house))
    return await paper_reply(compose_pick_list(found, LIST_NUMBER, size), form, size, "pick-list")


@router.get("/works/{number}/paper", **_paper(404, 409), summary="打印面单、装箱单 | Label or packing slip")
async def work_paper(
    desk: DeskHere, who: Reader, number: str, paper: Literal["label", "slip"] = "slip",
    box: Annotated[int, Query(ge=1, le=BOXES_MAX)] = 1, purpose: Literal["out", "back"] = "out",
    form: PaperForm = "pdf", size: Text = "100x150", reason: Reason = "",
) -> Response:
    """The packing slip of a work, without prices and without a receiver; or the label of its box, which names one: with
    a reason, which is written down, and scope labels:read (until the goods are out) or pii:read."""
    _of_size(size, LABEL_SIZES if paper == "label" else LISTED_SIZES)
    work = await work_by_hand(desk, number, is_clear=False)
    if paper == "slip":
        return await paper_reply(compose_slip(work, size), form, size, f"slip-{number}")
    refuse_hidden("receiver")
    if not may_unmask(who, reason, is_to_pack=work.state in read.TO_PACK):
        raise Problem("wrong_value", "X-Unmask-Reason：面单上有收件人，请写明为什么打印 | "
                                     "X-Unmask-Reason: a label names the receiver, say why it is printed")
    await desk.access.unmasked(who.actor, work.order_id, as_written(reason))
    made = good(await label_paper(desk, number, box, purpose, size))
    return await paper_reply(made, form, size, f"label-{number}-{box}")


@router.get("/floor/waves/{wave}/paper", **_paper(404), summary="打印波次的单据 | A wave on paper")
async def wave_paper(
    desk: DeskHere, who: Reader, wave: Annotated[str, Path(max_length=40, pattern=r"^[!-~]+$")],
    paper: Literal["pick", "wave"] = "pick", form: PaperForm = "pdf", size: Text = "a4",
) -> Response:
    """For who picks from paper: what is still to be fetched, in the order of the walk, with places, lots and slots;
    or the wave's works, each with its slot."""
    _of_size(size, LISTED_SIZES)
    async with desk.connect() as connection:
        found = await show_wave(connection, wave)
    if found is None:
        raise not_found("波次", "wave", wave)
    made = compose_wave_picks(found, size) if paper == "pick" else compose_sheet_of(found, size)
    return await paper_reply(made, form, size, f"{paper}-{wave}")


@router.get("/papers/code-labels", **_paper(409), summary="打印库位标签 | Labels of places and totes")
async def code_labels(
    desk: DeskHere, who: Reader, code: Codes, title: Text = "", form: PaperForm = "pdf", size: Text = "60x40",
) -> Response:
    """A label for each code, with a barcode of it; `title` stands below, such as the warehouse's name."""
    _of_size(size, CODE_LABEL_SIZES)
    return await paper_reply(good(compose_code_labels(code, title, size)), form, size, "labels")


async def paper_reply(paper: Paper, form: PaperForm, size: str, name: str) -> Response:
    """A paper as the answer, drawn beside the loop. Raises NotKept."""
    content = await asyncio.to_thread(paper_as, form, paper, size)
    ending = form.removesuffix("_hex")
    safe = "".join([sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in name])
    return Response(content, 200, {
        "Content-Disposition": f'inline; filename="{safe}.{ending}"', "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store"}, TYPES[form])


def _of_size(size: str, known: tuple[str, ...]) -> None:
    if size not in known:
        good(Refusal("wrong_size", {"size": size[:20], "known": ", ".join(known)}))
