"""Who saw whose personal data, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.queries.unmaskings import UnmaskingPage, list_unmaskings
from orderloom.entrypoints.http.kit.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/unmaskings", tags=["access"])
Administrator = Annotated[Caller, Depends(needs("admin"))]


@router.get("", **spoken(UnmaskingPage, problems=(404,)), summary="查看明文的记录 | Who saw clear text")
async def unmaskings(
    desk: DeskHere, who: Administrator, limit: Limit = 50, cursor: Cursor = "",
    by: Annotated[Text, Query(description="actor, as `user:li` or `token:erp`")] = "",
    order: Annotated[Text, Query(description="number or id of an order")] = "",
) -> Response:
    """Every time that somebody saw personal data: whose, who, when and why; the newest first."""
    order_id = await desk.order_id(order) if order else None
    async with desk.connect() as connection:
        return reply(await list_unmaskings(connection, limit=limit, cursor=cursor, who=by, order_id=order_id))
