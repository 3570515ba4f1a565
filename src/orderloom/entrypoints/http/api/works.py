"""Works that people do by hand over HTTP: the list, the pick list, a packing slip, and picked, packed, out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application import commands as c
from orderloom.application.by_hand import report_of
from orderloom.application.identity.access import Caller
from orderloom.application.queries import labels, paper
from orderloom.application.queries import works as read
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import (
    Cursor,
    Desk,
    DeskHere,
    Limit,
    Reason,
    Text,
    as_written,
    may_unmask,
    needs,
)
from orderloom.entrypoints.http.kit.printed import Form, printable, printed
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/works", tags=["works"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]
Short = Annotated[str, msgspec.Meta(max_length=500)]


class StepRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step was done."""

    reason: Short = ""


class OutRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods are out: `units` are what is in this box by SKU, empty for all that is left.

    The waybill may follow later by the same call; that of a label which was bought need not be told. `instead_of` is
    the waybill of a box that is out already and is corrected. A `reason` is needed for a parcel that moves, and for
    work that was called back and left all the same.
    """

    waybill: Annotated[str, msgspec.Meta(max_length=200)] = ""
    carrier: Annotated[str, msgspec.Meta(max_length=200)] = ""
    units: Annotated[
        dict[Annotated[str, msgspec.Meta(max_length=200)], Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]],
        msgspec.Meta(max_length=500)] = {}
    instead_of: Annotated[str, msgspec.Meta(max_length=200)] = ""
    reason: Short = ""


class Reported(msgspec.Struct, frozen=True):
    """The word is taken; `is_known`: it was known before, and nothing has changed."""

    number: str
    order_id: str
    is_known: bool


@router.get("", **spoken(read.HandPage), summary="作业单 | Works to do by hand, oldest first")
async def list_works(
    desk: DeskHere, who: Reader, warehouse: Text = "",
    state: Literal["open", "to_pick", "picked", "packed", "out", "cancelled", "any"] = "open", cursor: Cursor = "",
    limit: Limit = 50,
) -> Response:
    """Works of warehouses that have no system. Receivers are masked, whoever asks."""
    warehouse_id = await _warehouse(desk, warehouse)
    async with desk.connect() as connection:
        return reply(await read.list_works(connection, desk.hub.vault.show_receiver, warehouse_id=warehouse_id,
                                           state=state, cursor=cursor, limit=limit))


@router.get("/pick-list", **printable(read.PickList, problems=(404, 409)), summary="拣货单 | Pick list")
async def pick_list(
    desk: DeskHere, who: Reader, warehouse: Text = "",
    number: Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=read.WORKS_PICKED_MAX)] = [],  # noqa: B006
    form: Form = "json",
) -> Response:
    """Units by SKU over these works; without any over the oldest that are to be picked."""
    warehouse_id = await _warehouse(desk, warehouse)
    async with desk.connect() as connection:
        found = await read.pick_list(connection, numbers=number, warehouse_id=warehouse_id)
    if isinstance(found, Refusal):
        raise problem_of(c.Outcome(refusal=found.code, particulars=found.particulars))
    return printed(form, found, paper.pick_text, paper.pick_csv)


@router.get("/{number}", **printable(read.HandWork, problems=(404,)),
            summary="装箱单 | One work, as a packing slip if wanted")
async def show_work(desk: DeskHere, who: Reader, number: str, form: Form = "json", reason: Reason = "") -> Response:
    """One work. The receiver is clear only with a reason, which is written down, and scope pii:read.

    Until the goods are out labels:read is enough.
    """
    found = await _read(desk, number, is_clear=False)
    if may_unmask(who, reason, is_to_pack=found.state in read.TO_PACK):
        await desk.access.unmasked(who.actor, found.order_id, as_written(reason))
        found = await _read(desk, number, is_clear=True)
    return printed(form, found, paper.slip_text, lambda one: paper.slip_csv([one]))


@router.post("/{number}/picked", **spoken(Reported, takes=StepRequest, problems=(404, 409)), summary="已拣货 | Picked")
async def picked(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """The goods are off the shelf."""
    body = await body_of(request, StepRequest)
    return await _report(desk, who, number, "picked", reason=body.reason)


@router.post("/{number}/packed", **spoken(Reported, takes=StepRequest, problems=(404, 409)), summary="已打包 | Packed")
async def packed(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """The goods are in their box."""
    body = await body_of(request, StepRequest)
    return await _report(desk, who, number, "packed", reason=body.reason)


@router.post("/{number}/out", **spoken(Reported, takes=OutRequest, problems=(404, 409)), summary="出库 | Hand over")
async def out(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Goods left, all or a box of them; or the waybill of what left comes late, or was another."""
    body = await body_of(request, OutRequest)
    waybill, carrier = body.waybill, body.carrier
    if not waybill and not body.instead_of:
        async with desk.connect() as connection:
            waybill, carrier = await labels.label_for(connection, number) or ("", carrier)
    return await _report(desk, who, number, "out", body.instead_of, waybill=waybill, carrier=carrier,
                         units=body.units, reason=body.reason)


@router.get("/{number}/labels", **spoken(labels.LabelList, problems=(404,)), summary="面单 | Labels of a work")
async def list_labels(desk: DeskHere, who: Reader, number: str, reason: Reason = "") -> Response:
    """What was asked of carriers for a work, and what came of it. `prints` hold what prints each label, by its number,
    only with a reason, which is written down, and scope labels:read (until the goods are out) or pii:read."""
    work = await _read(desk, number, is_clear=False)
    is_clear = may_unmask(who, reason, is_to_pack=work.state in read.TO_PACK)
    if is_clear:
        await desk.access.unmasked(who.actor, work.order_id, as_written(reason))
    async with desk.connect() as connection:
        return reply(await labels.labels_of(connection, number, desk.hub.vault.show_text if is_clear else None))


async def _report(
    desk: Desk, who: Caller, number: str, step: str, instead_of: str = "", **told: Any,
) -> Response:
    report = report_of(number, step, desk.hub.now(), **told)
    if isinstance(report, Refusal):
        raise problem_of(c.Outcome(refusal=report.code, particulars=report.particulars))
    (outcome,) = await desk.hub.handle([
        c.ConfirmWork(actor=who.doer, account_id=None, report=report, instead_of=instead_of)])
    if outcome.refusal:
        raise problem_of(outcome)
    return reply(Reported(number, outcome.order_id or "", "moot" in outcome.particulars))


async def _read(desk: Desk, number: str, *, is_clear: bool) -> read.HandWork:
    async with desk.connect() as connection:
        found = await read.read_work(connection, number, desk.hub.vault.show_receiver, is_clear=is_clear)
    if found is None:
        raise not_found("作业单", "work done by hand", number)
    return found


async def _warehouse(desk: Desk, code: str) -> int | None:
    await desk.check(warehouse=code)
    return next((w.id for w in (await desk.directory()).warehouses if w.code == code), None) if code else None
