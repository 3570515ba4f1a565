"""Which fields Taobao's calls know, and a record with those that were asked for."""

from __future__ import annotations

from typing import Any

from orderloom.adapters.channels.taobao.trade_book import Trade
from orderloom.adapters.simulated.refused import Refused

ITEM_FIELDS = frozenset({
    "approve_status", "num_iid", "title", "nick", "type", "cid", "pic_url", "num", "props", "valid_thru", "list_time",
    "price", "has_discount", "has_invoice", "has_warranty", "has_showcase", "modified", "delist_time", "postage_id",
    "seller_cids", "outer_id", "sold_quantity",
})  # fmt: skip
SKU_FIELDS = frozenset({
    "sku_id", "iid", "num_iid", "properties", "properties_name", "quantity", "price", "outer_id", "created",
    "modified", "status", "sku_spec_id", "barcode",
})  # fmt: skip
IN_THE_LIST = frozenset({
    "refund_id", "tid", "title", "buyer_nick", "seller_nick", "total_fee", "status", "created", "refund_fee", "oid",
    "good_status", "company_name", "sid", "payment", "reason", "desc", "has_good_return", "modified", "order_status",
    "refund_phase", "dispute_type",
})  # fmt: skip
NOT_SHOWN = frozenset({
    "alipay_no", "price", "num_iid", "good_return_time", "address", "shipping_type", "refund_remind_timeout",
    "operation_contraint", "attribute", "sku", "cs_status", "advance_status",
})  # fmt: skip
"""Further fields of a single refund that the platform knows, and that no order here has."""
RECEIVER_FIELDS = frozenset({"receiver_name", "receiver_address", "created"})


def chosen(trade: Trade, fields: str) -> Trade:
    """Only the fields that were asked for; the receiver's token only together with the receiver."""
    names = {field.strip().split(".")[0] for field in fields.split(",")}
    phone_asked = names & {"receiver_mobile", "receiver_phone"}
    if not (names >= RECEIVER_FIELDS and phone_asked):
        names.discard("oaid")
    return {name: value for name, value in trade.items() if name in names}


def fields_of(fields: str, known: frozenset[str]) -> set[str]:
    """The fields that are asked for. Raises Refused for one that there is not."""
    names = {field.strip() for field in fields.split(",")}
    if names - known:
        raise Refused(41, f"Invalid arguments:fields {','.join(sorted(names - known))}")
    return names


def only(whole: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Of a record these fields."""
    return {name: value for name, value in whole.items() if name in names}
