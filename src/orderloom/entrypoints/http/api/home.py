"""Home over HTTP: one answer for the whole page, by the caller's rights, and the guide to the first order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT
from orderloom.application.ports import StoreAway
from orderloom.application.queries import home as read
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1", tags=["insight"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]


@router.get("/home", **spoken(read.Home), summary="首页 | Home")
async def home(desk: DeskHere, who: Reader) -> Response:
    """Everything that Home shows, about a second old; while the database is away the last known live numbers.

    Who sees a part of the orders only is told of their own shops and work, not of the whole hub.
    """
    now, rows = await desk.board.current(), SIGHT.get().rows
    has_cases = who.may("cases:read")
    shared, mine = read.NOTHING_SHARED, read.NO_WORK
    if now.is_database_up:
        try:
            shared = await desk.kept.get(("home", rows, has_cases), lambda: _shared(desk, now.at, has_cases))
            mine = await desk.kept.get(("mine", who.user, who.roles), lambda: _mine(desk, who, now.at))
        except StoreAway:
            pass  # it went away a moment ago: the next answer says so
    return reply(read.home_of(now, shared, mine, sees_all=rows is None))


@router.get("/guide", **spoken(read.Guide), summary="起步向导 | The way to the first order")
async def guide(desk: DeskHere, who: Reader) -> Response:
    """Which of the five steps to the first order are done, by what is really there."""
    async with desk.connect() as connection:
        return reply(await read.read_guide(connection))


async def _shared(desk: Desk, at: datetime, has_cases: bool) -> read.Shared:
    rows = SIGHT.get().rows
    async with desk.connect() as connection:
        return await read.read_shared(
            connection, at, desk.hub.settings.business_zone, rows.accounts if rows else None, has_cases=has_cases)


async def _mine(desk: Desk, who: Caller, at: datetime) -> read.MyWork:
    if not who.may("cases:read"):
        return read.NO_WORK
    async with desk.connect() as connection:
        return await read.read_my_work(connection, who.user, sorted(who.roles), at)
