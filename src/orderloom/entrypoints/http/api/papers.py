"""Papers of the warehouse over HTTP, ready for a printer: labels, slips, pick lists, wave sheets, labels of places."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Literal, NamedTuple, TypeVar

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.adapters.paper.printing import paper_as
from orderloom.application import commands as c
from orderloom.application.buy_label import BOXES_MAX
from orderloom.application.compose_paper import (
    Paper,
    compose_code_labels,
    compose_label,
    compose_pick_list,
    compose_slip,
    compose_wave_sheet,
)
from orderloom.application.identity.access import Caller
from orderloom.application.queries import labels
from orderloom.application.queries import works as read
from orderloom.domain.paper.code_label import CODE_LABEL_SIZES, CODE_LABELS_MAX
from orderloom.domain.paper.label import LABEL_SIZES
from orderloom.domain.paper.listed_paper import LISTED_SIZES
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Reason, Text, as_written, may_unmask, needs
from orderloom.entrypoints.http.kit.problem import Problem, ProblemDetails, not_found, problem_of
from orderloom.entrypoints.http.kit.seeing import refuse_hidden
from orderloom.entrypoints.http.kit.wire import spoken

T = TypeVar("T")
router = APIRouter(prefix="/api/v1", tags=["papers"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
PaperForm = Literal["pdf", "png", "zpl", "zpl_hex"]
TYPES = {"pdf": "application/pdf", "png": "image/png", "zpl": "application/zpl", "zpl_hex": "application/zpl"}
LIST_NUMBER = "PICK"
"""What a pick list is called that is of no wave."""
Numbers = Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=read.WORKS_PICKED_MAX)]
Codes = Annotated[list[Annotated[str, Query(max_length=80)]], Query(min_length=1, max_length=CODE_LABELS_MAX)]


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
        works = [await _work(desk, one, is_clear=False) for one in number]
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
    work = await _work(desk, number, is_clear=False)
    if paper == "slip":
        return await paper_reply(compose_slip(work, size), form, size, f"slip-{number}")
    refuse_hidden("receiver")
    if not may_unmask(who, reason, is_to_pack=work.state in read.TO_PACK):
        raise Problem("wrong_value", "X-Unmask-Reason：面单上有收件人，请写明为什么打印 | "
                                     "X-Unmask-Reason: a label names the receiver, say why it is printed")
    await desk.access.unmasked(who.actor, work.order_id, as_written(reason))
    made = good(await label_paper(desk, number, box, purpose, size))
    return await paper_reply(made, form, size, f"label-{number}-{box}")


@router.get("/papers/code-labels", **_paper(409), summary="打印库位标签 | Labels of places and totes")
async def code_labels(
    desk: DeskHere, who: Reader, code: Codes, title: Text = "", form: PaperForm = "pdf", size: Text = "60x40",
) -> Response:
    """A label for each code, with a barcode of it; `title` stands below, such as the warehouse's name."""
    _of_size(size, CODE_LABEL_SIZES)
    return await paper_reply(good(compose_code_labels(code, title, size)), form, size, "labels")


class Made(NamedTuple):
    """A paper, and the order that it is about."""

    paper: Paper
    order_id: str | None = None


async def paper_of(
    desk: Desk, kind: str, about: tuple[str, ...], size: str, *, is_clear: bool, is_again: bool = False,
) -> Made:
    """The paper of a print job; without `is_clear` only whether there is one. Raises Problem."""
    if kind == "label":
        work = await _work(desk, about[0], is_clear=False)
        box = int(about[1]) if about[1].isdecimal() and len(about[1]) < 4 else 0
        found = await label_paper(desk, about[0], box, about[2], size, is_again=is_again) if is_clear else Paper()
        return Made(good(found), work.order_id)
    if kind == "slip":
        work = await _work(desk, about[0], is_clear=False)
        return Made(compose_slip(work, size), work.order_id)
    if kind == "wave_sheet":
        return Made(compose_wave_sheet([await _work(desk, one, is_clear=False) for one in about], LIST_NUMBER, size))
    if kind == "code_labels":
        return Made(good(compose_code_labels(about, "", size)))
    async with desk.connect() as connection:
        return Made(compose_pick_list(good(await read.pick_list(connection, numbers=about)), LIST_NUMBER, size))


async def label_paper(
    desk: Desk, work: str, box: int, purpose: str, size: str, *, is_again: bool = False,
) -> Paper | Refusal:
    """The label of a box, with its receiver. Raises Problem for one that is not there."""
    found = await _work(desk, work, is_clear=True)
    async with desk.connect() as connection:
        listed = await labels.labels_of(connection, work, desk.hub.vault.show_text)
    mine = [one for one in listed.labels if (one.box, one.purpose) == (box, purpose) and one.state != "cancelled"]
    if not mine:
        raise not_found("面单", "label", f"{work} / {box}")
    account = (await desk.hub.directory()).account_by_code(mine[-1].account)
    sender = account.settings if account else {}
    told = listed.prints.get(mine[-1].number, "")
    return compose_label(found, mine[-1], told, sender, size, is_again=is_again)


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


def good(found: T | Refusal) -> T:
    """What was found. Raises Problem for a refusal."""
    if isinstance(found, Refusal):
        raise problem_of(c.Outcome(refusal=found.code, particulars=found.particulars))
    return found


async def _work(desk: Desk, number: str, *, is_clear: bool) -> read.HandWork:
    async with desk.connect() as connection:
        found = await read.read_work(connection, number, desk.hub.vault.show_receiver, is_clear=is_clear)
    if found is None:
        raise not_found("作业单", "work done by hand", number)
    return found
