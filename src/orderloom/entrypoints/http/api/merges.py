"""Works that leave in one parcel: merged, and parted again; and one that leaves in two."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.queries.seen import is_seen
from orderloom.application.queries.together import TogetherList, list_together, open_beside
from orderloom.application.work_commands import MergeWorks, PartWork, SplitWork
from orderloom.domain.merge import WORKS_MAX
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Text, needs
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/works", tags=["works"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]
WorkNo = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class MergeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`works`: the numbers of those that are to leave with it."""

    works: Annotated[list[WorkNo], msgspec.Meta(min_length=1, max_length=WORKS_MAX)]


class PartRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason`: why it goes by itself, for the log."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class WorkSplitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`units`: what leaves in a parcel of its own, by SKU code in base units."""

    units: Annotated[
        dict[Annotated[str, msgspec.Meta(min_length=1, max_length=200)],
             Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]],
        msgspec.Meta(min_length=1, max_length=500)]
    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class SplitAnswer(msgspec.Struct, frozen=True):
    """The works of the order that are open now; `number` is called back."""

    number: str
    works: list[str]


class MergeAnswer(msgspec.Struct, frozen=True):
    """The merge by its number, empty when the work is parted; `is_known`: it was so before."""

    number: str
    merge: str
    is_known: bool = False


@router.get("/together", **spoken(TogetherList, problems=(404,)),
            summary="可合单 | Works that could leave in one parcel")
async def together(desk: DeskHere, who: Reader, warehouse: Text = "") -> Response:
    """By shop, receiver, warehouse and carrier, oldest orders first; receivers masked. Nothing is merged by asking."""
    await desk.check(warehouse=warehouse)
    directory = await desk.directory()
    house = next((w.id for w in directory.warehouses if w.code == warehouse), None)
    async with desk.connect() as connection:
        return reply(await list_together(
            connection, desk.hub.vault.show_receiver, directory.accounts.values(), warehouse_id=house))


@router.post("/{number}/merge", **spoken(MergeAnswer, takes=MergeRequest, problems=(404, 409)),
             summary="合单 | Let works leave in one parcel")
async def merge(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Works of one shop's orders for one receiver, from one warehouse without a system of its own, that nobody has
    begun; all that share a merge with one of them come along. One label and one waybill are for all of them; the
    channel hears of each order by itself."""
    body = await body_of(request, MergeRequest)
    await _refuse_unseen(desk, body.works)
    return reply(await _done(desk, number, MergeWorks(
        actor=who.doer, works=tuple(dict.fromkeys((number, *body.works))))))


@router.post("/{number}/part", **spoken(MergeAnswer, takes=PartRequest, problems=(404, 409)),
             summary="拆开合单 | Let a work go by itself")
async def part(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """It leaves its merge, while nobody has begun."""
    body = await body_of(request, PartRequest)
    return reply(await _done(desk, number, PartWork(actor=who.doer, work_no=number, reason=body.reason.strip())))


@router.post("/{number}/split", **spoken(SplitAnswer, takes=WorkSplitRequest, problems=(404, 409)),
             summary="拆单 | Split a work over two parcels")
async def split(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """These units become a work of their own, and so does what stays, of the same stock, while nobody has begun. Of a
    bundle whole ones alone. The channel's order stays whole."""
    body = await body_of(request, WorkSplitRequest)
    await _done(desk, number, SplitWork(actor=who.doer, work_no=number, units=body.units, reason=body.reason.strip()))
    async with desk.connect() as connection:
        return reply(SplitAnswer(number, await open_beside(connection, number)))


async def _refuse_unseen(desk: Desk, numbers: list[str]) -> None:
    async with desk.connect() as connection:
        for number in numbers:
            if not await is_seen(connection, "number", number):
                raise not_found("作业单", "work", number)


async def _done(desk: Desk, number: str, command: MergeWorks | PartWork | SplitWork) -> MergeAnswer:
    (outcome,) = await desk.hub.handle([command])
    if outcome.refusal:
        raise problem_of(outcome)
    return MergeAnswer(number, outcome.particulars.get("merge", ""), _is_known(outcome))


def _is_known(outcome: Outcome) -> bool:
    return "moot" in outcome.particulars
