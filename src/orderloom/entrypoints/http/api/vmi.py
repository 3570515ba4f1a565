"""A supplier's view over HTTP: their own SKUs and tickets, to read only. No other route takes their scope."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.queries.vmi import VmiPage, VmiTickets, list_vmi, list_vmi_tickets
from orderloom.entrypoints.http.kit.buying import point_rule, refuse_part, today
from orderloom.entrypoints.http.kit.guard import DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/purchasing/vmi", tags=["purchasing"])
Viewer = Annotated[Caller, Depends(needs("vmi:read"))]


@router.get("", **spoken(VmiPage), summary="供应商视图：商品 | A supplier's SKUs")
async def vmi(desk: DeskHere, who: Viewer, supplier: Text = "", q: Text = "") -> Response:
    """Stock, mean sales, point and what is wanted of the SKUs that the caller brings."""
    refuse_part()
    rule = await point_rule(desk)
    async with desk.connect() as connection:
        return reply(await list_vmi(connection, rule, desk.hub.now(), supplier=supplier, q=q))


@router.get("/tickets", **spoken(VmiTickets), summary="供应商视图：采购单 | A supplier's tickets")
async def vmi_tickets(
    desk: DeskHere, who: Viewer, supplier: Text = "", cursor: Annotated[str, Query(max_length=40)] = "",
    limit: Limit = 50,
) -> Response:
    """Tickets of the caller, from when they were ordered on, the newest first."""
    day = await today(desk)
    async with desk.connect() as connection:
        return reply(await list_vmi_tickets(connection, day, supplier=supplier, cursor=cursor, limit=limit))
