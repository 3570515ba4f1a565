"""The search box of the console: one text, answers of every kind that the caller may see."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT
from orderloom.application.ports import TooLong
from orderloom.application.queries.order_query import is_phone
from orderloom.application.queries.search import (
    Hit,
    SearchFound,
    search_cases,
    search_exact,
    search_parcels,
    search_skus,
    search_text,
)
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1/search", tags=["orders"])
Reader = Annotated[Caller, Depends(needs("orders:read", "skus:read"))]
TEXT_SECONDS = 0.08
"""How long texts of orders are looked through: numbers are found in any case."""


@router.get("", **spoken(SearchFound), summary="搜索一切 | Search everything")
async def search(desk: DeskHere, who: Reader, q: Annotated[str, Query(min_length=2, max_length=64)]) -> Response:
    """Orders by number, channel's number, phone or text, waybills, SKUs and cases. An exact hit says so, and stands
    first; of an order with just that number the text is not looked for elsewhere."""
    text = q.strip()
    phone = desk.hub.vault.phone_index(text) if is_phone(text) and SIGHT.get().sees("receiver") else None
    hits: list[Hit] = []
    is_cut = False
    async with desk.connect() as connection:
        if who.may("orders:read"):
            exact, is_number = await search_exact(connection, text, phone)
            hits += [*exact, *await search_parcels(connection, text)]
            if who.may("cases:read"):
                hits += await search_cases(connection, exact)
        if who.may("skus:read"):
            hits += await search_skus(connection, text)
    if who.may("orders:read") and not is_number:
        found, is_cut = await _by_text(desk, text, phone)
        known = {hit.ref for hit in hits}
        hits += [hit for hit in found if hit.ref not in known]
    return reply(SearchFound(sorted(hits, key=lambda hit: not hit.is_exact), is_cut))


async def _by_text(desk: Desk, text: str, phone: bytes | None) -> tuple[list[Hit], bool]:
    try:
        async with desk.briefly(TEXT_SECONDS) as connection:
            return await search_text(connection, text, phone), False
    except TooLong:
        return [], True
