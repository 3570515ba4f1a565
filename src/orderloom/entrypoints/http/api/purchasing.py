"""Purchasing over HTTP: suppliers and what they bring, what is to be bought, and tickets from draft to receipt."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response

from orderloom.adapters.ids import new_id
from orderloom.application.act_on_purchase import PurchaseCall, act_on_purchase
from orderloom.application.commands import Outcome
from orderloom.application.draft_purchase import (
    PurchaseDraftCall,
    PurchaseLinesWish,
    PurchaseWish,
    draft_purchase,
    purchase_lines,
)
from orderloom.application.identity.access import Caller
from orderloom.application.identity.sight import SIGHT, Rows
from orderloom.application.keep_suppliers import (
    SupplierKept,
    SupplierRow,
    SuppliesKept,
    SuppliesRow,
    keep_supplier,
    keep_supplies,
)
from orderloom.application.queries import purchases as read
from orderloom.application.queries.catalogue import sku_ids
from orderloom.application.queries.suggestions import SuggestionFilter, SuggestionPage, list_suggestions
from orderloom.domain.inventory import purchase_acts as acts
from orderloom.domain.inventory.purchase import PurchaseTicket
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.buying import point_rule, refuse_part, today
from orderloom.entrypoints.http.kit.guard import Cursor, Desk, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/purchasing", tags=["purchasing"])
Reader = Annotated[Caller, Depends(needs("purchasing:read"))]
Writer = Annotated[Caller, Depends(needs("purchasing:write"))]
Receiver = Annotated[Caller, Depends(needs("stock:write"))]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]*$",
                            description="The same key counts once, however often it is sent")]
Number = Annotated[str, Path(max_length=40, pattern=r"^[!-~]+$", description="The ticket's number, P-…")]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
LineNo = Annotated[int, msgspec.Meta(ge=1, le=500)]
Some = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
Note = Annotated[str, msgspec.Meta(max_length=100)]
State = Literal["", "draft", "ordered", "in_transit", "received", "cancelled", "open", "late"]
View = read.PurchaseView


class OrderWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it is to come; null: as long after today as the supplier takes."""

    promised_on: date | None = None


class ShippedWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The supplier sent it: under which waybill, and when it is to come if that is another day now."""

    promised_on: date | None = None
    waybill: Note = ""


class PromiseWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another day, and why."""

    promised_on: date
    reason: Why


class CameLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many units of a line came; `is_frozen`: they wait for inspection and are not sold."""

    line: LineNo
    units: Some
    is_frozen: bool = False


class ReceiptWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came, and the number of the supplier's delivery note."""

    came: Annotated[list[CameLine], msgspec.Meta(min_length=1, max_length=500)]
    note: Note = ""


class UnwaitedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many units of a line are not waited for any more."""

    line: LineNo
    units: Some


class CloseWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why, and of which lines how many; no lines: all that has not come."""

    reason: Why
    lines: Annotated[list[UnwaitedLine], msgspec.Meta(max_length=500)] = []


@router.get("/suggestions", **spoken(SuggestionPage), summary="补货建议 | What is to be bought")
async def suggestions(
    desk: DeskHere, who: Reader, supplier: Text = "", q: Text = "", cursor: Cursor = "", limit: Limit = 50,
) -> Response:
    """SKUs at their replenishment point, what runs out first in front, with the reasons of each figure."""
    refuse_part()
    rule = await point_rule(desk)
    async with desk.connect() as connection:
        return reply(await list_suggestions(
            connection, SuggestionFilter(supplier, q), rule, desk.hub.now(), cursor=cursor, limit=limit))


@router.get("/suppliers", **spoken(read.SupplierList), summary="供应商 | Suppliers")
async def suppliers(desk: DeskHere, who: Reader) -> Response:
    """All of them, those switched off last."""
    async with desk.connect() as connection:
        return reply(await read.list_suppliers(connection))


@router.put("/suppliers", **spoken(SupplierKept, takes=SupplierRow, problems=(404, 409)),
            summary="新增或更新供应商 | Keep a supplier")
async def put_supplier(request: Request, desk: DeskHere, who: Writer) -> Response:
    """What is null or left out stays as it was."""
    return reply(await keep_supplier(desk.ports.subjects, await body_of(request, SupplierRow)))


@router.get("/supplies", **spoken(read.SupplyList), summary="供应商供货 | What suppliers bring")
async def supplies(desk: DeskHere, who: Reader, supplier: Text = "", sku: Text = "") -> Response:
    """By supplier and SKU, with minimum, pack, cost and priority."""
    async with desk.connect() as connection:
        return reply(await read.list_supplies(connection, supplier, sku))


@router.put("/supplies", **spoken(SuppliesKept, takes=SuppliesRow, problems=(404, 409)),
            summary="改供货条件 | Keep what suppliers bring")
async def put_supplies(request: Request, desk: DeskHere, who: Writer) -> Response:
    """All rows or none; `is_active` false: the supplier brings it no more."""
    body = await body_of(request, SuppliesRow)
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {row.sku for row in body.supplies})
    return reply(await keep_supplies(desk.ports.subjects, body.supplies, ids))


@router.get("/tickets", **spoken(read.PurchasePage), summary="采购单列表 | Purchase tickets")
async def tickets(
    desk: DeskHere, who: Reader, state: State = "", supplier: Text = "", warehouse: Text = "", sku: Text = "",
    q: Text = "", cursor: Annotated[str, Query(max_length=40)] = "", limit: Limit = 50,
) -> Response:
    """The newest first. `state` open: ordered or in transit, late: beyond its day. `q` begins a number or stands in a
    reason."""
    await desk.check(warehouse=warehouse)
    wanted = read.PurchaseFilter(state, supplier, warehouse, sku, q)
    async with desk.connect() as connection:
        return reply(await read.list_purchases(connection, wanted, await today(desk), cursor=cursor, limit=limit))


@router.get("/tickets/{purchase}", **spoken(View, problems=(404,)), summary="一张采购单 | One purchase ticket")
async def one_ticket(desk: DeskHere, who: Reader, purchase: Number) -> Response:
    """With its lines, history and what may be done to it."""
    return reply(await _seen(desk, purchase))


@router.post("/tickets", **spoken(View, takes=PurchaseWish, status=201, problems=(404, 409)),
             summary="起草采购单 | Draft a purchase ticket")
async def draft(request: Request, desk: DeskHere, who: Writer, key: Key) -> Response:
    """Nothing is ordered yet; a line without `cost` takes the supplier's."""
    wish = await body_of(request, PurchaseWish)
    seen = (SIGHT.get().rows or Rows()).suppliers
    if seen is not None and wish.supplier not in seen:
        raise _problem(Refusal("unknown_supplier", {"supplier": wish.supplier}))
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {line.sku for line in wish.lines})
    call = PurchaseDraftCall(new_id(), wish, who.doer, ids, key, _digest("purchase", wish))
    houses = (await desk.directory()).stocked
    return await _told(desk, await draft_purchase(desk.ports.subjects, call, houses, desk.hub.now()), 201)


@router.put("/tickets/{purchase}/lines", **spoken(View, takes=PurchaseLinesWish, problems=(404, 409)),
            summary="改草稿的明细 | Replace a draft's lines")
async def put_lines(request: Request, desk: DeskHere, who: Writer, purchase: Number, key: Key) -> Response:
    """All lines at once."""
    wish, seen = await body_of(request, PurchaseLinesWish), await _seen(desk, purchase)
    async with desk.connect() as connection:
        ids = await sku_ids(connection, {line.sku for line in wish.lines})
        terms = await read.terms_of(connection, seen.supplier, list(ids.values()))
    lines = purchase_lines(wish.lines, seen.supplier, ids, terms)
    if isinstance(lines, Refusal):
        raise _problem(lines)
    return await _act(desk, who, purchase, key, wish, lambda g: acts.restate(g, lines.lines, lines.currency))


@router.post("/tickets/{purchase}/order", **spoken(View, takes=OrderWish, problems=(404, 409)),
             summary="下单 | Order it")
async def order(request: Request, desk: DeskHere, who: Writer, purchase: Number, key: Key) -> Response:
    """From now on its units count as on their way."""
    body = await body_of(request, OrderWish)
    return await _act(desk, who, purchase, key, ("order", body), lambda g: acts.order(g, body.promised_on))


@router.post("/tickets/{purchase}/ship", **spoken(View, takes=ShippedWish, problems=(404, 409)),
             summary="供应商已发货 | The supplier sent it")
async def ship(request: Request, desk: DeskHere, who: Writer, purchase: Number, key: Key) -> Response:
    """What is in transit to us."""
    body = await body_of(request, ShippedWish)
    return await _act(desk, who, purchase, key, ("ship", body),
                      lambda g: acts.ship(g, body.promised_on, body.waybill.strip()))


@router.post("/tickets/{purchase}/promise", **spoken(View, takes=PromiseWish, problems=(404, 409)),
             summary="改到货日期 | Another day")
async def promise(request: Request, desk: DeskHere, who: Writer, purchase: Number, key: Key) -> Response:
    """The day that was said first stays beside it."""
    body = await body_of(request, PromiseWish)
    return await _act(desk, who, purchase, key, ("promise", body),
                      lambda g: acts.promise(g, body.promised_on, body.reason))


@router.post("/tickets/{purchase}/receive", **spoken(View, takes=ReceiptWish, problems=(404, 409)),
             summary="采购收货 | Receive goods of it")
async def receive(request: Request, desk: DeskHere, who: Receiver, purchase: Number, key: Key) -> Response:
    """What came, as often as goods come: booked at once, then orders that wait and presales are served. More than is
    waited for is found goods with a case, or refused, as `purchasing.yaml` says."""
    body = await body_of(request, ReceiptWish)
    came = [acts.UnitsCame(one.line, one.units, one.is_frozen) for one in body.came]
    _once([one.line for one in body.came])
    return await _act(desk, who, purchase, key, ("receive", body), lambda g: acts.take_in(g, came, body.note.strip()))


@router.post("/tickets/{purchase}/close", **spoken(View, takes=CloseWish, problems=(404, 409)),
             summary="关闭 | Close it")
async def close(request: Request, desk: DeskHere, who: Writer, purchase: Number, key: Key) -> Response:
    """What has not come, or what is named of it, is not waited for any more; a draft is given up."""
    body = await body_of(request, CloseWish)
    _once([one.line for one in body.lines])
    gone = {one.line: one.units for one in body.lines}
    return await _act(desk, who, purchase, key, ("close", body), lambda g: acts.close(g, gone, body.reason))


async def _act(
    desk: Desk, who: Caller, number: str, key: str, asked: object, act: acts.PurchaseAct,
) -> Response:
    seen = await _seen(desk, number)
    if seen.lines_hidden or seen.warehouse is None:
        raise Problem("limited_rows", f"{number} 有 {seen.lines_hidden} 行不在你的范围内 | "
                                      f"{seen.lines_hidden} lines of {number} are out of your sight")
    async with desk.connect() as connection:
        skus = await read.skus_of_purchase(connection, number)
    call = PurchaseCall(number, who.doer, act, skus, key, _digest(number, asked))
    return await _told(desk, await act_on_purchase(desk.hub.handler.restock, call, desk.hub.now))


async def _told(desk: Desk, made: PurchaseTicket | Refusal, status: int = 200) -> Response:
    if isinstance(made, Refusal):
        raise _problem(made)
    return reply(await _seen(desk, made.number), status)


async def _seen(desk: Desk, number: str) -> View:
    """The ticket as the caller sees it. Raises Problem `not_found`."""
    day = await today(desk)
    async with desk.connect() as connection:
        found = await read.purchase_of(connection, number, day)
    if found is None:
        raise not_found("采购单", "purchase ticket", number)
    return found


def _once(lines: list[int]) -> None:
    if len(set(lines)) != len(lines):
        raise Problem("line_counted_twice", "一次里同一行只报一个数 | tell one figure for each line")


def _digest(about: str, asked: object) -> bytes:
    """What is asked, to tell a repeated call from another one with its key."""
    return sha256(about.encode() + msgspec.json.encode(asked)).digest()


def _problem(refusal: Refusal) -> Problem:
    return problem_of(Outcome(refusal=refusal.code, particulars=refusal.particulars))
