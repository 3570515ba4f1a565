"""The order-family tables as the hub writes them: columns with their types, and rows made of the domain's structs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection

from orderloom.domain.axes import axes_of
from orderloom.domain.order import Claim, Hold, Line, Order, Parcel, StockHold, Work

Row = tuple[Any, ...]


class Table(NamedTuple):
    """A table, its columns with their types, and how many leading ones are its primary key."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: int


def _table(name: str, key: int, columns: str) -> Table:
    pairs = [pair.strip().split(" ", 1) for pair in columns.split(",")]
    return Table(name, tuple((column, kind) for column, kind in pairs), key)


ORDER_STATE = (
    "revision timestamptz, stage text, staged_at timestamptz, phase text, intake text, payment text, fulfilment text,"
    "parcel text, after_sales text, holds_active int2, native text, currency text, total int8, freight int8,"
    "discount int8, tax int8, paid int8, refunded int8, paid_at timestamptz, is_cancelled bool, is_short bool,"
    "flags text[], note text, receiver_stated text, event_count int4, event_head bytea"
)
ORDER_ORIGIN = (
    "number text, account_id int2, external_id text, parent_external_id text, placed_at timestamptz,"
    "source_zone text, source_placed_at text, received_at timestamptz, is_fulfilled_elsewhere bool, blueprint int4"
)
ORDER_RECEIVER = (
    "buyer_index bytea, receiver_digest text, receiver_cipher bytea, receiver_name_index bytea,"
    "receiver_phone_index bytea, receiver_phone_last4 text, receiver_country text, receiver_province text,"
    "receiver_city text, merge_key bytea"
)
ORDERS = _table("orders", 1, f"id uuid, {ORDER_STATE}, {ORDER_ORIGIN}, {ORDER_RECEIVER}")
STATE = _table("orders", 1, f"id uuid, {ORDER_STATE}")
RECEIVER = _table("orders", 1, f"id uuid, {ORDER_RECEIVER}")
LINES = _table("order_line", 2, (
    "order_id uuid, line_no int2, external_id text, sku_id int4, sku_external text, title text,"
    "quantity_ordered int4, quantity_cancelled int4, quantity_fulfilled int4, quantity_shipped int4,"
    "quantity_returned int4, factor int4, price int8, discount int8, amount int8, native text, is_closed bool,"
    "is_disputed bool"
))
CLAIMS = _table("claim", 2, (
    "order_id uuid, claim_no int2, system text, milestone text, native text, said_at timestamptz,"
    "seen_at timestamptz, waybill text, message_id uuid"
))
HOLDS = _table("hold", 2, (
    "order_id uuid, hold_no int2, type text, scope text, subject text, reason text, placed_by text,"
    "placed_at timestamptz, verbs text[], expires_at timestamptz, released_by text, released_at timestamptz"
))
STOCK_HOLDS = _table("stock_hold", 2, (
    "order_id uuid, hold_no int2, line_no int2, sku_id int4, warehouse_id int2, quantity int4, kind text, state text,"
    "held_at timestamptz"
))
WORKS = _table("work", 2, (
    "order_id uuid, work_seq int2, number text, warehouse_id int2, account_id int2, state text, negotiation text,"
    "native text, created_at timestamptz, changed_at timestamptz"
))
WORK_LINES = _table("work_line", 4, "order_id uuid, work_seq int2, line_no int2, sku_id int4, quantity int4")
PARCELS = _table("parcel", 2, (
    "order_id uuid, parcel_no int2, work_seq int2, carrier text, waybill text, state text, shipped_at timestamptz,"
    "delivered_at timestamptz, heard_at timestamptz, told text[]"
))
MONEY = _table("money_entry", 2, (
    "order_id uuid, entry_no int2, entry_key text, kind text, amount int8, currency text, said_at timestamptz,"
    "message_id uuid"
))
EVENTS = _table("order_event", 2, (
    "order_id uuid, seq int4, kind text, at timestamptz, actor text, message_id uuid, blueprint int4, facts text,"
    "hash bytea"
))
MOVEMENTS = _table("stock_movement", 0, (
    "sku_id int4, warehouse_id int2, kind text, on_hand int4, reserved int4, allocated int4, safety int4, frozen int4,"
    "cause text, reason text, actor text, at timestamptz, order_id uuid"
))
DEADLINES = _table("deadline", 0, (
    "order_id uuid, kind text, subject text, due_at timestamptz, blueprint int4, catch_up text, state text"
))
DELIVERIES = _table("delivery", 1, (
    "id uuid, account_id int2, kind text, order_id uuid, order_key text, body text, state text, due_at timestamptz,"
    "created_at timestamptz"
))
TRACKED = _table("parcel_event", 5, (
    "order_id uuid, parcel_no int2, occurred_at timestamptz, code text, location text, milestone text, text text,"
    "message_id uuid"
))


async def copy_in(connection: AsyncConnection[Any], table: Table, rows: Sequence[Row]) -> None:
    """Insert rows by binary COPY; a row that exists already is an error."""
    if not rows:
        return
    columns = ", ".join(name for name, _ in table.columns)
    text = f"copy {table.name} ({columns}) from stdin (format binary)"
    async with connection.cursor() as cursor, cursor.copy(text) as copy:
        copy.set_types([kind for _, kind in table.columns])
        for row in rows:
            await copy.write_row(row)


async def upsert(connection: AsyncConnection[Any], table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, or bring the ones that exist to the same values."""
    if not rows:
        return
    names = [name for name, _ in table.columns]
    holes = ", ".join(f"%s::{kind}" for _, kind in table.columns)
    rest = ", ".join(f"{name} = excluded.{name}" for name in names[table.key:])
    text = (
        f"insert into {table.name} ({', '.join(names)}) values ({holes}) "
        f"on conflict ({', '.join(names[:table.key])}) do {f'update set {rest}' if rest else 'nothing'}"
    )
    async with connection.cursor() as cursor:
        await cursor.executemany(text, rows)


async def update(connection: AsyncConnection[Any], table: Table, rows: Sequence[Row]) -> None:
    """Set every column after the key of rows that exist."""
    if not rows:
        return
    rest = ", ".join(f"{name} = %s::{kind}" for name, kind in table.columns[table.key:])
    text = f"update {table.name} set {rest} where {table.columns[0][0]} = %s::uuid"
    async with connection.cursor() as cursor:
        await cursor.executemany(text, [(*row[1:], row[0]) for row in rows])


def state_row(o: Order, oid: UUID) -> Row:
    """The columns of ORDER_STATE with the id in front."""
    axes = axes_of(o)
    active = len([h for h in o.holds if h.released_at is None])
    return (
        oid, o.revision, o.stage, o.staged_at, axes.phase, axes.intake, axes.payment, axes.fulfilment, axes.parcel,
        axes.after_sales, active, o.native, o.currency, o.total, o.freight, o.discount, o.tax, o.paid, o.refunded,
        o.paid_at, o.is_cancelled, o.is_short, list(o.flags), o.note, o.receiver_stated, o.event_count, o.event_head,
    )


def origin_row(o: Order) -> Row:
    """The columns of ORDER_ORIGIN."""
    return (
        o.number, o.account_id, o.external_id, o.parent_external_id, o.placed_at, o.source_zone, o.source_placed_at,
        o.received_at, o.is_fulfilled_elsewhere, o.blueprint,
    )


def line_row(oid: UUID, x: Line) -> Row:
    """A row of order_line."""
    return (
        oid, x.no, x.external_id, x.sku_id, x.sku_external, x.title, x.ordered, x.cancelled, x.fulfilled, x.shipped,
        x.returned, x.factor, x.price, x.discount, x.amount, x.native, x.is_closed, x.is_disputed,
    )


def claim_row(oid: UUID, no: int, x: Claim, message_id: UUID | None) -> Row:
    """A row of claim."""
    return (oid, no, x.system, x.milestone, x.native, x.said_at, x.seen_at, x.waybill, message_id)


def hold_row(oid: UUID, x: Hold) -> Row:
    """A row of hold."""
    return (
        oid, x.no, x.type, x.scope, x.subject, x.reason, x.placed_by, x.placed_at, list(x.verbs), x.expires_at,
        x.released_by or None, x.released_at,
    )


def stock_hold_row(oid: UUID, x: StockHold) -> Row:
    """A row of stock_hold."""
    return (oid, x.no, x.line_no, x.sku_id, x.warehouse_id, x.quantity, x.kind, x.state, x.held_at)


def work_row(oid: UUID, x: Work) -> Row:
    """A row of work."""
    return (
        oid, x.seq, x.number, x.warehouse_id, x.account_id, x.state, x.negotiation, x.native, x.created_at,
        x.changed_at,
    )


def work_line_rows(oid: UUID, x: Work) -> Iterable[Row]:
    """The rows of work_line of one piece of work."""
    return [(oid, x.seq, i.line_no, i.sku_id, i.quantity) for i in x.items]


def parcel_row(oid: UUID, x: Parcel) -> Row:
    """A row of parcel."""
    return (
        oid, x.no, x.work_seq, x.carrier, x.waybill, x.state, x.shipped_at, x.delivered_at, x.heard_at, list(x.told),
    )


def money_rows(oid: UUID, o: Order, past: int, at: datetime, message_id: UUID | None) -> Iterable[Row]:
    """The rows of money_entry beyond the first `past` ones."""
    return [
        (oid, number, key, "payment" if amount > 0 else "refund", amount, o.currency, at, message_id)
        for number, (key, amount) in enumerate(o.money[past:], past + 1)
    ]
