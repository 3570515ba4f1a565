"""One order in full: a dozen reads by its id, so that the cost does not grow with the number of stored orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from orderloom.application.explain_order import Explained
from orderloom.application.masking import ReceiverView, clear, mask_nested, mask_text, masked
from orderloom.application.offer import ActionView
from orderloom.application.queries.order_columns import RowTag
from orderloom.application.queries.order_evidence import ClaimView, EventView, Matrix, Voucher
from orderloom.application.queries.order_header import HoldView, LineView, OrderCase, OrderHeader
from orderloom.application.queries.order_list import Open
from orderloom.application.queries.order_money import AfterSaleLineView, AfterSaleView, ChargeView, MoneyView
from orderloom.application.queries.order_work import (
    DecisionView,
    Looked,
    OrderDelivery,
    ParcelItemView,
    ParcelView,
    ScanView,
    StockHoldView,
    WorkLineView,
    WorkView,
)
from orderloom.application.queries.sql import Connection
from orderloom.application.write_note import NoteWritten
from orderloom.domain.draft import MILESTONES
from orderloom.domain.log import told
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)
EVENTS_MAX = 1000
"""Facts shown with an order; the trace shows five times as many."""

Names = Mapping[int, str]
T = TypeVar("T", bound=msgspec.Struct)


class OrderDetail(msgspec.Struct, frozen=True):
    """Everything of one order on one page."""

    order: OrderHeader
    receiver: ReceiverView
    lines: list[LineView]
    charges: list[ChargeView]
    money: list[MoneyView]
    matrix: Matrix
    events: list[EventView]
    holds: list[HoldView]
    works: list[WorkView]
    parcels: list[ParcelView]
    stock_holds: list[StockHoldView]
    deliveries: list[OrderDelivery]
    cases: list[OrderCase]
    vouchers: list[Voucher]
    decision: DecisionView | None
    actions: list[str] = []
    """What the one who asks may do with the order now."""
    customer: Words | None = None
    """What the buyer is told of the order's stage."""
    after_sales: list[AfterSaleView] = []
    """What the buyer asks for after the sale."""
    offers: list[ActionView] = []
    """Every verb: whether it is allowed to who asks, and why not; what helps most first."""
    explained: Explained | None = None
    """The sentence on top, limits, and the milestones as the hub finds them."""
    notes: list[NoteWritten] = []
    """What people wrote on the order, the newest first."""
    tags: list[RowTag] = []
    """What people marked it with."""
    words: dict[str, Words] = {}
    """What the codes in it are called: `stage:…`, `milestone:…`, `hold:…`, `case:…`, `deadline:…`, `mend:…`."""


async def read_order(
    connection: Connection, order_id: str, open_receiver: Open, warehouses: Names, *, is_clear: bool
) -> OrderDetail | None:
    """The order with this id. `warehouses` names the ids in routing decisions."""
    header = await _one(connection, "header", order_id)
    if header is None:
        return None
    receiver = open_receiver(header[-1])
    order = OrderHeader(*header[:-1])
    if not is_clear:
        order = msgspec.structs.replace(order, note=mask_text(order.note))
    view: ReceiverView = clear(receiver) if is_clear else masked(receiver)
    return OrderDetail(
        order, view,
        [LineView(*r) for r in await _all(connection, "lines", order_id)],
        [ChargeView(*r) for r in await _all(connection, "charges", order_id)],
        [MoneyView(*r) for r in await _all(connection, "money", order_id)],
        matrix(await _all(connection, "claims", order_id)),
        await read_events(connection, order_id, is_clear=is_clear),
        [_hold(r, is_clear) for r in await _all(connection, "holds", order_id)],
        [_work(r) for r in await _all(connection, "works", order_id)],
        _parcels(await _all(connection, "parcels", order_id), await _all(connection, "scans", order_id)),
        [StockHoldView(*r) for r in await _all(connection, "stock_holds", order_id)],
        [_masked(OrderDelivery(*r), "last_error") for r in await _all(connection, "deliveries", order_id)],
        [_masked(OrderCase(*r), "resolution") for r in await _all(connection, "cases", order_id)],
        [Voucher(*r) for r in await _all(connection, "vouchers", order_id)],
        await _decision(connection, order_id, warehouses),
        after_sales=[_after_sale(r) for r in await _all(connection, "after_sales", order_id)],
        tags=[RowTag(*r) for r in await _all(connection, "tags", order_id)],
    )


async def read_events(
    connection: Connection, order_id: str, *, limit: int = EVENTS_MAX, is_clear: bool = False
) -> list[EventView]:
    """The first `limit` facts of an order, oldest first, free text masked unless `is_clear`."""
    return await read_facts(connection, order_id, 0, limit=limit, is_clear=is_clear)


async def read_facts(
    connection: Connection, order_id: str, after: int, *, limit: int = EVENTS_MAX, is_clear: bool = False
) -> list[EventView]:
    """The same of those behind a place in the order's log."""
    values = {"id": order_id, "from": after + 1, "limit": limit}
    rows = await (await connection.execute(SQL["events"], values)).fetchall()
    return [EventView(*(*r[:6], _facts(r[6], is_clear), r[7])) for r in rows]


def matrix(rows: Sequence[Sequence[Any]]) -> Matrix:
    """What every system said, laid out by milestone."""
    claims = [ClaimView(*r) for r in rows]
    said = {c.milestone for c in claims}
    return Matrix([m for m in MILESTONES if m in said], list(dict.fromkeys(c.system for c in claims)), claims)


async def _decision(connection: Connection, order_id: str, warehouses: Names) -> DecisionView | None:
    """The last routing decision in words instead of ids."""
    row = await _one(connection, "decision", order_id)
    if row is None:
        return None
    decided = msgspec.json.decode(row[3])
    missing = [sku_id for c in decided["candidates"] for sku_id, _ in c.get("missing", ())]
    skus: dict[int, str] = {}
    if missing:
        rows = await (await connection.execute(SQL["sku_codes"], {"ids": missing})).fetchall()
        skus = {row[0]: row[1] for row in rows}
    looked = [
        Looked(
            warehouses.get(c["warehouse_id"], str(c["warehouse_id"])), c["score"], c["distance_km"], c["verdict"],
            {skus.get(sku_id, str(sku_id)): units for sku_id, units in c.get("missing", ())},
        )
        for c in decided["candidates"]
    ]
    return DecisionView(row[0], row[1], row[2], decided["rule"], looked)


def _facts(text: str, is_clear: bool) -> dict[str, Any]:
    facts = told(text)
    facts.pop("event", None)
    if is_clear:
        return facts
    shown: dict[str, Any] = mask_nested(facts)
    return shown


def _hold(row: Sequence[Any], is_clear: bool) -> HoldView:
    view = HoldView(*row)
    return view if is_clear else _masked(view, "reason", "released_by")


def _masked(view: T, *names: str) -> T:
    """The view with free texts masked: people and targets write of receivers in them."""
    texts = {name: mask_text(text) for name in names if (text := getattr(view, name))}
    return msgspec.structs.replace(view, **texts)


def _after_sale(row: Sequence[Any]) -> AfterSaleView:
    lines = [AfterSaleLineView(*line) for line in row[12]]
    return _masked(AfterSaleView(*(*row[:12], lines, *row[13:])), "reason")


def _work(row: Sequence[Any]) -> WorkView:
    return WorkView(*(*row[:-1], [WorkLineView(**line) for line in row[-1] or ()]))


def _parcels(parcels: Sequence[Sequence[Any]], scans: Sequence[Sequence[Any]]) -> list[ParcelView]:
    by_parcel: dict[int, list[ScanView]] = {}
    for number, *scan in scans:
        code, milestone, at, location, text, *incident = scan
        by_parcel.setdefault(number, []).append(ScanView(code, milestone, at, location, mask_text(text), *incident))
    return [
        ParcelView(
            *(*p[:10], [ParcelItemView(**item) for item in p[10]], p[11], by_parcel.get(p[0], [])),
        )
        for p in parcels
    ]


async def _all(connection: Connection, name: str, order_id: str) -> Sequence[Sequence[Any]]:
    return await (await connection.execute(SQL[name], {"id": order_id})).fetchall()


async def _one(connection: Connection, name: str, order_id: str) -> Sequence[Any] | None:
    return await (await connection.execute(SQL[name], {"id": order_id})).fetchone()
