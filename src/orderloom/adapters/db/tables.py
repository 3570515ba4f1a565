"""The tables as the hub writes them row by row, made of the domain's structs."""

from __future__ import annotations

from orderloom.adapters.db.columns import Struct, Table
from orderloom.adapters.db.wire import Id, Row
from orderloom.application.sealed import SealedReceiver
from orderloom.domain.after_sale import AfterSale
from orderloom.domain.axes import axes_of
from orderloom.domain.floor.wave import PickTask, Wave, WaveWork
from orderloom.domain.inventory.document import StockDocument, StockLine
from orderloom.domain.inventory.purchase import PurchaseLine, PurchaseTicket
from orderloom.domain.order import (
    Charge,
    Claim,
    Hold,
    Line,
    MoneyEntry,
    Order,
    Parcel,
    ParcelItem,
    StockBinding,
    Work,
)

RECEIVER_NAMES = {
    "receiver": "receiver_digest", "province": "receiver_province", "country": "receiver_country",
    "city": "receiver_city",
}
BELOW = ("lines", "charges", "claims", "holds", "bindings", "works", "parcels", "money", "after_sales")
"""Parts of an order that have tables of their own."""
FIXED = (
    "number", "account_id", "external_id", "parent_external_id", "placed_at", "source_zone", "source_placed_at",
    "received_at", "is_fulfilled_elsewhere", "blueprint",
)
"""What never changes once an order is recorded."""
AXES = ("phase", "intake", "fulfilment", "parcel", "after_sales", "holds_active")
"""Derived, and kept for the lists: see `domain/axes.py`."""

ORDER = Struct("orders", Order, left_out=BELOW, renames=RECEIVER_NAMES)
STATED = Struct("orders", Order, left_out=("id", *BELOW, *FIXED, *RECEIVER_NAMES))
ORIGIN = Struct("orders", Order, only=FIXED)
SEALED = Struct("orders", SealedReceiver, left_out=("digest_before",), renames={
    "cipher": "receiver_cipher", "digest": "receiver_digest", "name_index": "receiver_name_index",
    "phone_index": "receiver_phone_index", "last4": "receiver_phone_last4", "country": "receiver_country",
    "province": "receiver_province", "city": "receiver_city",
})
LINE = Struct("order_line", Line, renames={
    "no": "line_no", "ordered": "quantity_ordered", "cancelled": "quantity_cancelled",
    "fulfilled": "quantity_fulfilled", "shipped": "quantity_shipped", "returned": "quantity_returned",
    "elsewhere": "quantity_elsewhere", "unpaid": "quantity_unpaid",
})
CHARGE = Struct("order_charge", Charge)
CLAIM = Struct("claim", Claim)
HOLD = Struct("hold", Hold, renames={"no": "hold_no", "subject": "scope_key"}, nullable=("released_by",))
# Its table, its columns and the key of its facts were named before `hold` was the orders' word alone; they stay so.
BINDING = Struct("stock_hold", StockBinding, nullable=("quota",), renames={
    "no": "hold_no", "bound_at": "held_at", "quota": "quota_id",
})
WORK = Struct("work", Work, left_out=("items",), renames={"seq": "work_seq"})
PARCEL = Struct("parcel", Parcel, left_out=("no", "id", "items", "told", "is_replaced"))
PARCEL_ITEM = Struct("parcel_item", ParcelItem)
MONEY = Struct("money_entry", MoneyEntry, renames={"key": "entry_key"})
AFTER_SALE = Struct("after_sale", AfterSale)

MESSAGE_TABLE = Table(
    "message", 1, "id", "account_id", "event_id", "topic", "received_at", "body_cipher", "body_size", "digest",
    "headers", "parent_id",
)
INTAKE_TABLE = Table("intake", 1, "message_id", "account_id", "lane", "outcome", "reason", "landed_at")
STATE_TABLE = Table("orders", 1, "id", *STATED.names, *AXES)
RECEIVER_TABLE = Table("orders", 1, "id", *SEALED.names)
ORDER_TABLE = Table("orders", 1, "id", *STATED.names, *AXES, *ORIGIN.names, *SEALED.names)
LINE_TABLE = Table("order_line", 2, "order_id", *LINE.names)
CHARGE_TABLE = Table("order_charge", 2, "order_id", "charge_no", *CHARGE.names)
CLAIM_TABLE = Table("claim", 2, "order_id", "claim_no", *CLAIM.names, "message_id")
HOLD_TABLE = Table("hold", 3, "subject_kind", "subject_id", *HOLD.names)
BINDING_TABLE = Table("stock_hold", 2, "order_id", *BINDING.names)
WORK_TABLE = Table("work", 2, "order_id", *WORK.names)
WORK_LINE_TABLE = Table("work_line", 4, "order_id", "work_seq", "line_no", "sku_id", "quantity")
PARCEL_TABLE = Table("parcel", 1, "id", *PARCEL.names)
PARCEL_ITEM_TABLE = Table(
    "parcel_item", 5, "order_id", "parcel_no", *PARCEL_ITEM.names, "parcel_id", "told", "is_replaced"
)
MONEY_TABLE = Table("money_entry", 2, "order_id", "entry_no", *MONEY.names, "currency", "message_id")
AFTER_SALE_TABLE = Table("after_sale", 2, "order_id", "after_sale_no", *AFTER_SALE.names, "message_id")
EVENT_TABLE = Table(
    "order_event", 2, "order_id", "seq", "kind", "at", "actor", "message_id", "blueprint", "facts", "hash"
)
SUBJECT_TABLE = Table("subject", 1, "id", "kind", "number", "opened_at", "event_count", "event_head")
SUBJECT_EVENT_TABLE = Table(
    "subject_event", 2, "subject_id", "seq", "kind", "at", "actor", "message_id", "blueprint", "facts", "hash"
)
DOCUMENT = Struct("stock_document", StockDocument, left_out=("lines", "to"))
DOCUMENT_LINE = Struct("stock_document_line", StockLine, left_out=("counts",), renames={"no": "line_no"})
PURCHASE = Struct("purchase_ticket", PurchaseTicket, left_out=("lines",))
PURCHASE_LINE = Struct("purchase_line", PurchaseLine, renames={"no": "line_no"})
PURCHASE_TABLE = Table("purchase_ticket", 1, "id", *PURCHASE.names, "amount", "line_count")
PURCHASE_LINE_TABLE = Table("purchase_line", 2, "ticket_id", *PURCHASE_LINE.names, "supplier_id", "warehouse_id")
DOCUMENT_TABLE = Table("stock_document", 1, "id", *DOCUMENT.names, "to_id", "line_count")
DOCUMENT_LINE_TABLE = Table("stock_document_line", 2, "document_id", *DOCUMENT_LINE.names, "to_id", "counts")
WAVE = Struct("wave", Wave, left_out=("works", "tasks"))
WAVE_WORK = Struct("wave_work", WaveWork)
PICK_TASK = Struct("pick_task", PickTask, renames={"no": "task_no"})
WAVE_TABLE = Table("wave", 1, "id", *WAVE.names)
WAVE_WORK_TABLE = Table("wave_work", 3, "wave_id", *WAVE_WORK.names)
PICK_TASK_TABLE = Table("pick_task", 2, "wave_id", *PICK_TASK.names)
MOVEMENT_TABLE = Table(
    "stock_movement", 0, "sku_id", "warehouse_id", "kind", "on_hand", "reserved", "allocated", "safety", "frozen",
    "set_aside", "cause", "reason", "actor", "at", "order_id",
)
DEADLINE_TABLE = Table(
    "deadline", 0, "subject_kind", "subject_id", "kind", "of", "due_at", "blueprint", "catch_up", "state"
)
DELIVERY_TABLE = Table(
    "delivery", 1, "id", "account_id", "kind", "order_id", "order_key", "body", "state", "due_at", "created_at"
)
SCAN_TABLE = Table(
    "parcel_event", 5, "order_id", "parcel_no", "occurred_at", "code", "location", "milestone", "text", "message_id",
    "incident", "blame",
)


def state_row(o: Order, oid: Id) -> Row:
    """The columns of STATE_TABLE."""
    axes = axes_of(o)
    active = len([h for h in o.holds if h.released_at is None])
    return (
        oid, *STATED.values(o), axes.phase, axes.intake, axes.fulfilment, axes.parcel, axes.after_sales, active,
    )
