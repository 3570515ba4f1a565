"""The places of a floor over HTTP: kept as rows, looked at, counted; goods received to the dock; lots blocked."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.commands import Outcome
from orderloom.application.floor import keep_places as keep
from orderloom.application.floor.receive_goods import GoodsCall, GoodsReceived, GoodsWish, receive_goods
from orderloom.application.floor.recount_place import PlaceCount, PlaceCounted, recount_place
from orderloom.application.identity.access import Caller
from orderloom.application.queries import floor as read
from orderloom.application.queries.catalogue import sku_ids
from orderloom.domain.floor.place import PlaceKind
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/floor", tags=["floor"])
Reader = Annotated[Caller, Depends(needs("works:read", "stock:read"))]
Writer = Annotated[Caller, Depends(needs("stock:write"))]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]*$",
                            description="The same key counts once, however often it is sent")]
House = Annotated[str, Query(min_length=1, max_length=200, description="Code of a warehouse that is run here")]


class FloorSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a warehouse is run here."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    is_floor: bool


class LotWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a lot may be sent; `expires_on`: its last good day, as it was when it is left out."""

    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    lot: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    is_blocked: bool
    expires_on: date | None = None


class LotKept(msgspec.Struct, frozen=True):
    """The lot stands so."""

    sku: str
    lot: str
    is_blocked: bool


@router.put("/house", **spoken(keep.FloorSwitched, takes=FloorSwitch, problems=(404, 409)),
            summary="由本系统管理现场 | Run a warehouse here, or no more")
async def switch_floor(request: Request, desk: DeskHere, who: Writer) -> Response:
    """A house that is run here gets a dock, a pack bench and a returns bench when it has none."""
    body = await body_of(request, FloorSwitch)
    return _told(await keep.switch_floor(
        desk.ports.subjects(), await desk.directory(), body.warehouse, is_floor=body.is_floor))


@router.get("/places", **spoken(read.PlacePage, problems=(404,)), summary="库位 | Places in the order of the walk")
async def list_places(
    desk: DeskHere, who: Reader, warehouse: House, kind: PlaceKind | None = None, sku: Text = "", q: Text = "",
    cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """With what lies on each. `q` begins a code; `sku`: those that it lies on."""
    await desk.check(warehouse=warehouse, sku=sku)
    async with desk.connect() as connection:
        return reply(await read.list_places(
            connection, warehouse, kind=kind or "", sku=sku, q=q, cursor=cursor, limit=limit))


@router.put("/places", **spoken(keep.PlacesKept, takes=keep.PlacesWish, problems=(404, 409)),
            summary="新建或修改库位 | Keep places")
async def put_places(request: Request, desk: DeskHere, who: Writer) -> Response:
    """All of them or none, by code. The turn in the walk is made of the code unless it is given."""
    wish = await body_of(request, keep.PlacesWish)
    return _told(await keep.keep_places(desk.ports.subjects(), await desk.directory(), wish))


@router.post("/places/count", **spoken(PlaceCounted, takes=PlaceCount, problems=(404, 409)),
             summary="改库位数量 | Say what lies on a place")
async def count_place(request: Request, desk: DeskHere, who: Writer) -> Response:
    """The difference comes from what lies on no place, or goes there; units on hand stay: those a stock document
    changes."""
    told = await body_of(request, PlaceCount)
    skus = await _skus(desk, {told.sku})
    if told.sku not in skus:
        raise _problem(Refusal("unknown_sku", {"sku": told.sku}))
    return _told(await recount_place(desk.ports.subjects, await desk.directory(), told, skus[told.sku], new_id(),
                                     who.actor, desk.hub.now()))


@router.post("/receive", **spoken(GoodsReceived, takes=GoodsWish, status=201, problems=(404, 409)),
             summary="收货到月台 | Receive goods to the dock")
async def receive(request: Request, desk: DeskHere, who: Writer, key: Key) -> Response:
    """On hand and on the dock's place in one transaction; the same key counts once."""
    wish = await body_of(request, GoodsWish)
    skus = await _skus(desk, {line.sku for line in wish.lines})
    digest = sha256(b"floor/receive" + msgspec.json.encode(wish)).digest()
    call = GoodsCall(new_id(), wish, who.actor, skus, key, digest)
    return _told(await receive_goods(desk.hub.handler.restock, call, desk.hub.now), 201)


@router.put("/lots", **spoken(LotKept, takes=LotWish, problems=(404,)),
            summary="批次停用或放行 | Block a lot, or let it go")
async def put_lot(request: Request, desk: DeskHere, who: Writer) -> Response:
    """A blocked lot is fetched by no new task."""
    wish = await body_of(request, LotWish)
    skus = await _skus(desk, {wish.sku})
    is_there = False
    async with desk.ports.subjects() as work:
        if wish.sku in skus:
            is_there = await work.floor.block_lot(skus[wish.sku], wish.lot, wish.expires_on, is_blocked=wish.is_blocked)
    if not is_there:
        raise not_found("批次", "lot", wish.lot)
    return reply(LotKept(wish.sku, wish.lot, wish.is_blocked))


@router.get("/not-placed", **spoken(read.NotPlacedPage, problems=(404,)),
            summary="没有库位的库存 | Units on hand that lie on no place")
async def not_placed(
    desk: DeskHere, who: Reader, warehouse: House, sku: Text = "", cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """Below zero: the places hold more than the book."""
    await desk.check(warehouse=warehouse, sku=sku)
    async with desk.connect() as connection:
        return reply(await read.list_not_placed(connection, warehouse, sku=sku, cursor=cursor, limit=limit))


async def _skus(desk: Desk, codes: set[str]) -> dict[str, int]:
    async with desk.connect() as connection:
        return dict(await sku_ids(connection, codes))


def _told(made: object, status: int = 200) -> Response:
    if isinstance(made, Refusal):
        raise _problem(made)
    return reply(made, status)


def _problem(refusal: Refusal) -> Exception:
    return problem_of(Outcome(refusal=refusal.code, particulars=refusal.particulars))
