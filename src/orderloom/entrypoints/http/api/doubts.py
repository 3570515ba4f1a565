"""The desk of doubts over HTTP: labels and couriers whose answer was lost, and a person's word on a label."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application import commands as c
from orderloom.application.attest_label import attest_label
from orderloom.application.buy_label import Label
from orderloom.application.identity.access import Caller
from orderloom.application.queries import labels
from orderloom.application.queries.doubts import DoubtList, doubts_of
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/works", tags=["works"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Attester = Annotated[Caller, Depends(needs("deliveries:write"))]
ASKED_FOR = timedelta(minutes=5)
"""A request that nobody has answered for so long is shown with those in doubt."""


class AttestRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The label of a box was bought after all: the `waybill`, and where it was seen (`evidence`)."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    waybill: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    evidence: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


@router.get("/doubts", **spoken(DoubtList), summary="存疑台 | Labels and couriers in doubt")
async def list_doubts(desk: DeskHere, who: Reader) -> Response:
    """Oldest first. Ask again by `POST /deliveries/{delivery}/resend`: the carrier is asked whether it has it, and it
    is never bought twice; or give it up with a reason (`…/give-up`) when the carrier says that it has none."""
    async with desk.connect() as connection:
        return reply(await doubts_of(connection, desk.hub.now() - ASKED_FOR))


@router.post("/{number}/label/attest", **spoken(Label, takes=AttestRequest, problems=(404, 409)),
             summary="登记运单号 | The label was bought after all")
async def attest(request: Request, desk: DeskHere, who: Attester, number: str) -> Response:
    """A person found the label of this work at the carrier; what they saw is kept with the request."""
    body = await body_of(request, AttestRequest)
    async with desk.connect() as connection:
        mine = (await labels.labels_of(connection, number, None)).labels
    if body.label not in {one.number for one in mine}:
        raise not_found("面单", "label", body.label)
    refused = await attest_label(desk.hub.handler.handle, desk.ports, body.label, body.waybill, body.evidence.strip(),
                                 who.doer, desk.hub.now())
    if refused is not None:
        raise problem_of(c.Outcome(refusal=refused.code, particulars=refused.particulars))
    async with desk.connect() as connection:
        return reply(await labels.label_of(connection, body.label))
