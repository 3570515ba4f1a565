"""Who picks a piece of work: the first to answer has it, and gets a signed voucher that proves it offline."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.notary import Notary, key_id
from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.queries.allocation_vouchers import voucher_of
from orderloom.application.work_commands import AcceptWork, GiveWorkBack
from orderloom.domain.allocation_voucher import AllocationVoucher, Flattened, compact, flattened, statement_of
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/works", tags=["works"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Writer = Annotated[Caller, Depends(needs("works:write"))]


class AcceptanceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`wave`: your own word for the wave in which you pick it."""

    wave: Annotated[str, msgspec.Meta(max_length=64)] = ""


class GivenBackRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`reason` is needed to give back what somebody else accepted."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class GivenBack(msgspec.Struct, frozen=True):
    """The work that anybody may have now."""

    number: str


class VoucherAnswer(msgspec.Struct, frozen=True):
    """The claims, and the signed voucher twice: compact (`jws`), and in the JSON form that `orderloom voucher verify`
    reads from a file as well."""

    voucher: AllocationVoucher
    jws: str
    json: Flattened


@router.post("/{number}/acceptance", **spoken(VoucherAnswer, takes=AcceptanceRequest, problems=(404, 409)),
             summary="接单 | Answer first that you pick it")
async def accept(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """The work is yours, unless somebody else answered before (409 says who). Asking again with the same wave gives a
    new voucher for the same answer."""
    body = await body_of(request, AcceptanceRequest)
    await _handle(desk, AcceptWork(actor=who.doer, work_no=number, wave=body.wave.strip()))
    return await _voucher(desk, number)


@router.post("/{number}/acceptance/back", **spoken(GivenBack, takes=GivenBackRequest, problems=(404, 409)),
             summary="退单 | Give it back")
async def give_back(request: Request, desk: DeskHere, who: Writer, number: str) -> Response:
    """Others may have it, while nothing of it is out."""
    body = await body_of(request, GivenBackRequest)
    await _handle(desk, GiveWorkBack(actor=who.doer, work_no=number, reason=body.reason.strip()))
    return reply(GivenBack(number))


@router.get("/{number}/voucher", **spoken(VoucherAnswer, problems=(404, 409)), summary="占用凭证 | Its signed voucher")
async def show_voucher(desk: DeskHere, who: Reader, number: str) -> Response:
    """Of work that somebody accepted: a warehouse's system by taking it, people and programs by the call above."""
    return await _voucher(desk, number)


async def _handle(desk: Desk, command: AcceptWork | GiveWorkBack) -> None:
    (outcome,) = await desk.hub.handle([command])
    if outcome.refusal:
        raise problem_of(outcome)


async def _voucher(desk: Desk, number: str) -> Response:
    async with desk.connect() as connection:
        found = await voucher_of(connection, number, desk.hub.now())
    if isinstance(found, Refusal):
        raise problem_of(Outcome(refusal=found.code, particulars=found.particulars))
    notary = _notary(desk.hub.settings.home)
    statement = statement_of(found, key_id(notary.public_key))
    signature = notary.sign(statement)
    return reply(VoucherAnswer(found, compact(statement, signature), flattened(statement, signature)))


@cache
def _notary(home: Path) -> Notary:
    return Notary(home)
