"""The fields that a mapping can fill: their kinds, what stands for their absence, and which must be there."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.blueprint.mapping.written import Wanted
from orderloom.domain.draft import (
    AfterSaleLine,
    AfterSaleReport,
    DraftLine,
    OrderDraft,
    Receiver,
    StatedCharge,
    StatedRefund,
    StatedShipment,
    StockFigure,
    TrackEntry,
    TrackReport,
    WorkLine,
    WorkReport,
)
from orderloom.domain.looked import ListingFigure, Rating

_KINDS = {
    **dict.fromkeys(("total", "paid", "refunded", "freight", "discount", "tax", "price", "amount", "goods"), "money"),
    **dict.fromkeys(("revision", "placed_at", "paid_at", "at", "as_of", "asked_at"), "time"),
    **dict.fromkeys(("quantity", "fulfilled", "stars"), "integer"),
    **{name: name for name in ("name", "currency", "payment", "hold", "meaning", "incident", "blame")},
}


def _fields(struct: type[msgspec.Struct], *left_out: str) -> dict[str, Wanted]:
    """Fields of a draft's struct; those without a default must be there."""
    found = {}
    for one in msgspec.structs.fields(struct):
        if one.name in left_out:
            continue
        kind = "flag" if one.name.startswith("is_") else _KINDS.get(one.name, "text")
        is_required = one.default is msgspec.NODEFAULT and one.default_factory is msgspec.NODEFAULT
        fallback: Any = None if is_required else one.default
        found[one.name] = Wanted(one.name, kind, fallback, is_required)
    return found


ORDER = _fields(OrderDraft, "lines", "receiver", "said", "flags", "facts", "charges", "refunds", "shipments")
LINE = _fields(DraftLine) | {"kind": Wanted("kind", "line_kind", "", False)}
# What is not there says that there was no such charge, refund or parcel: these parts miss nothing but their kind.
CHARGE = _fields(StatedCharge) | {
    "kind": Wanted("kind", "charge_kind", "", True),
    "amount": Wanted("amount", "money", 0, False),
}
REFUND = _fields(StatedRefund) | {
    "external_id": Wanted("external_id", "text", "", False),
    "amount": Wanted("amount", "money", 0, False),
}
SHIPMENT = _fields(StatedShipment) | {"waybill": Wanted("waybill", "text", "", False)}
RECEIVER = _fields(Receiver, "is_unsure")
WORK = _fields(WorkReport, "said", "lines")
WORK_LINE = _fields(WorkLine)
TRACK = _fields(TrackReport, "entries")
ENTRY = _fields(TrackEntry)
ENTRY["milestone"] = Wanted("milestone", "text", "", False)
FIGURE = _fields(StockFigure)
LISTING_FIGURE = _fields(ListingFigure)
RATING = _fields(Rating)
AFTER_SALE = _fields(AfterSaleReport, "lines") | {
    "kind": Wanted("kind", "after_sale_kind", None, True),
    "state": Wanted("state", "after_sale_state", None, True),
}
AFTER_SALE_LINE = _fields(AfterSaleLine)

BLOCKS = {
    "order": ("fields", "facts", "flags", "receiver", "lines", "charges", "refunds", "shipments", "said"),
    "work_report": ("fields", "lines", "said"),
    "track_report": ("fields", "entries"),
    "stock_report": ("figures",),
    "listing_report": ("figures",),
    "rating_report": ("ratings",),
    "after_sale_report": ("fields", "lines"),
    "nothing": ("reason",),
}
"""The blocks of a document by what it produces; see docs/mapping.md."""

DOCUMENT_KEYS = ("topic", "format", "produces", "root", "each", "when")
FORMATS = ("json", "xml", "rows", "form")
