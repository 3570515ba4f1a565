"""An order that was missed is sent at once: its goods found and waved, its label bought, in one call."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.commands import Outcome
from orderloom.application.identity.access import Caller
from orderloom.application.queries.rescued import order_to_rescue
from orderloom.application.rescue import RescueWish, rescue
from orderloom.application.rescue_shapes import OrderToRescue, Rescued
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken
from orderloom.entrypoints.rescued_words import in_words

router = APIRouter(prefix="/api/v1/orders", tags=["works"])
Writer = Annotated[Caller, Depends(needs("works:write"))]


@router.post("/{reference}/rescue", **spoken(Rescued, takes=RescueWish, problems=(404, 409)),
             summary="抢发漏发订单 | Send a missed order at once")
async def rescue_order(request: Request, desk: DeskHere, who: Writer, reference: str) -> Response:
    """Every work of it that people can send: a wave of its own where the warehouse is run here, else it is yours; its
    label is asked for. What could not be done stands in `refused` of the work. Called again it goes on."""
    wish = await body_of(request, RescueWish)
    order_id = await desk.order_id(reference)

    async def read() -> OrderToRescue:
        async with desk.connect() as connection:
            return await order_to_rescue(connection, order_id)

    done = await rescue(desk.hub, read, order_id, wish, who.doer, new_id)
    if isinstance(done, Refusal):
        raise problem_of(Outcome(refusal=done.code, particulars=done.particulars))
    return reply(in_words(done))
