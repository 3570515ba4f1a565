"""A piece of fulfilment work as Wangdiantong's raw trade: amounts that balance, times in +08, refusals in words.

The work number is the trade's `tid`, so a second push of the same work updates the trade instead of doubling it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from orderloom.application.ports import Terminal
from orderloom.domain.money import exponent

CHINA = timezone(timedelta(hours=8))
"""The platform keeps one zone, without clock changes."""

NUMBER_LENGTH_MAX = 40
AREA_LENGTH_MAX = 40
DETAIL_LENGTH_MAX = 255
"""Beyond this the warehouse's own screens stall (a 562-character address once held up every call): never sent."""

TO_SHIP, REFUNDED = 30, 80
PREPAID, ON_DELIVERY = 1, 2
"""`delivery_term`: a trade that is neither paid nor to be paid at the door waits in the warehouse for its money."""
MAY_NOT_MERGE = 3
"""`is_sealed`: merging is the hub's decision; merged behind its back, one parcel would answer for two works."""


def local_time(instant: str | None) -> str:
    """An RFC 3339 instant as the platform writes it, `yyyy-MM-dd HH:mm:ss` at +08; "" for none."""
    if not instant:
        return ""
    return datetime.fromisoformat(instant).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def amount(minor: int, currency: str) -> Decimal:
    """Minor units as the decimal number that the platform expects."""
    return Decimal(minor).scaleb(-exponent(currency))


def _refuse_what_would_stall(work: Mapping[str, Any]) -> None:
    """Raise `Terminal` for fields that the platform refuses or that would harm it, naming field and mending."""
    receiver = work["receiver"]
    if len(receiver.get("detail") or "") > DETAIL_LENGTH_MAX:
        raise Terminal("oversize_field", f"{work['work_no']}: receiver.detail is over {DETAIL_LENGTH_MAX} characters; "
                       "地址过长，请先缩短 / shorten the address")
    if "*" in (receiver.get("phone") or ""):
        raise Terminal("masked_field", f"{work['work_no']}: receiver.phone is masked; 旺店通不接受带 * 的电话 / "
                       "ship this work by its token elsewhere")
    missing = [field for field in ("name", "phone", "detail") if not receiver.get(field)]
    if missing:
        raise Terminal("missing_field", f"{work['work_no']}: receiver.{missing[0]} is empty; 收件信息不全 / fill it in")
    longest = max((len(_oid(work, line)) for line in work["lines"]), default=len(work["work_no"]))
    if longest > NUMBER_LENGTH_MAX:
        # Cut, two lines would have one number.
        raise Terminal("oversize_field", f"{work['work_no']}: 单号过长 / work_no and line_no are over "
                       f"{NUMBER_LENGTH_MAX} characters")


def _oid(work: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    return f"{work['work_no']}-{line['line_no']}"


def _line(work: Mapping[str, Any], line: Mapping[str, Any]) -> dict[str, Any]:
    """One raw line: what list price and share differ by is its discount, or its adjustment when the share is higher."""
    currency = work["currency"]
    listed = line["price"] * line["quantity"]
    share = listed if line.get("amount") is None else line["amount"]
    return {
        "tid": work["work_no"],
        "oid": _oid(work, line),
        "order_type": 0,
        "status": TO_SHIP,
        "refund_status": 0,
        "goods_id": line["sku"],
        "spec_id": line["sku"],
        "goods_no": line["sku"],
        "spec_no": line["sku"],
        "goods_name": (line.get("title") or line["sku"])[:255],
        "num": line["quantity"],
        "price": amount(line["price"], currency),
        "discount": amount(max(listed - share, 0), currency),
        "adjust_amount": amount(max(share - listed, 0), currency),
        "share_discount": amount(0, currency),
        "total_amount": amount(share, currency),
        "share_amount": amount(share, currency),
        "refund_amount": 0,
        "cid": "",
        "remark": "",
        "json": "",
    }


class _Balance(NamedTuple):
    """Minor units, such that the lines' shares + freight + other - discount = receivable = paid + collect or more."""

    discount: int
    other: int
    receivable: int
    paid: int
    collect: int


def _balance(work: Mapping[str, Any]) -> _Balance:
    """An order discount that is in the lines' shares already counts only when the sum says so.

    Where money is collected at the door, exactly what is owed is receivable: a fee on top is other, a rebate discount.
    """
    shares = sum(
        line["price"] * line["quantity"] if line.get("amount") is None else line["amount"] for line in work["lines"]
    )
    full, paid = shares + int(work.get("freight") or 0), int(work.get("paid") or 0)
    collect = int(work.get("to_collect") or 0)
    if collect:
        due = paid + collect
        return _Balance(max(full - due, 0), max(due - full, 0), due, paid, collect)
    discount = int(work.get("discount") or 0)
    if not discount or full - discount != paid:
        discount = 0
    receivable = full - discount
    return _Balance(discount, 0, receivable, min(paid, receivable), 0)


def compose(work: Mapping[str, Any], settings: Mapping[str, Any]) -> list[Any]:
    """Arguments of `sales.RawTrade.pushSelf2` for one work: [shop_no, [trade], [lines]].

    `work` is a body of `docs/deliveries.md`. Raises `Terminal` for what the platform would refuse or choke on.
    """
    _refuse_what_would_stall(work)
    lines = [_line(work, line) for line in work["lines"]]
    discount, other, receivable, paid, collect = _balance(work)
    currency, receiver = work["currency"], work["receiver"]
    area = " ".join(part for part in (receiver.get("province"), receiver.get("city"), receiver.get("district")) if part)
    phone = receiver["phone"]
    trade = {
        "tid": work["work_no"],
        "process_status": 10,
        "trade_status": TO_SHIP,
        "refund_status": 0,
        "pay_status": 2 if paid >= receivable else 1 if paid > 0 else 0,
        "order_count": len(lines),
        "goods_count": sum(line["quantity"] for line in work["lines"]),
        "pay_method": 1,
        "trade_time": local_time(work["placed_at"]),
        "pay_time": local_time(work.get("paid_at")) if paid or not collect else "",
        "end_time": None,
        "buyer_nick": f"{work['channel']}:{work['external_id']}"[:100],
        "buyer_message": (work.get("note") or "")[:1024],
        "buyer_email": "",
        "buyer_area": "",
        "receiver_name": receiver["name"],
        "receiver_area": area[:AREA_LENGTH_MAX],
        "receiver_address": receiver["detail"],
        "receiver_zip": receiver.get("postcode") or "",
        "receiver_mobile": phone,
        "receiver_telno": phone if re.fullmatch(r"0\d{2,3}-?\d{7,8}", phone) else "",
        "post_amount": amount(int(work.get("freight") or 0), currency),
        "other_amount": amount(other, currency),
        "discount": amount(discount, currency),
        "receivable": amount(receivable, currency),
        "paid": amount(paid, currency),
        "received": amount(paid, currency),
        "platform_cost": 0,
        "invoice_type": 0,
        "logistics_type": -1,
        "delivery_term": ON_DELIVERY if collect else PREPAID,
        "cod_amount": amount(collect, currency),
        "remark": work["order_no"],
        "remark_flag": 0,
        "is_auto_wms": bool(settings.get("is_auto_wms", True)) and bool(work.get("warehouse")),
        "warehouse_no": work.get("warehouse") or "",
        "is_sealed": MAY_NOT_MERGE,
    }
    return [settings["shop_no"], [trade], lines]


PUSHED_FIELDS = frozenset(
    {
        *("tid", "process_status", "pay_status", "order_count", "goods_count", "pay_method", "delivery_term"),
        *("trade_time", "pay_time", "buyer_nick", "buyer_message", "buyer_email", "buyer_area", "remark"),
        *("receiver_name", "receiver_area", "receiver_address", "receiver_zip", "receiver_mobile", "receiver_telno"),
        *("post_amount", "other_amount", "discount", "receivable", "paid", "received", "platform_cost"),
        *("is_auto_wms", "warehouse_no", "cod_amount"),
    }
)
"""What a stored raw trade gives back that may be pushed again."""

LINE_FIELDS = frozenset(
    {
        *("tid", "oid", "order_type", "goods_id", "spec_id", "goods_no", "spec_no", "goods_name", "num", "price"),
        *("discount", "adjust_amount", "share_discount", "total_amount", "share_amount", "cid", "remark"),
    }
)


_NUMBERS = msgspec.json.Decoder(float_hook=Decimal)


def exact(body: bytes) -> Any:
    """The `data` of an answer, decimals exact: what is pushed again must be what was stored."""
    answer = _NUMBERS.decode(body)
    return answer.get("data") if isinstance(answer, dict) else None


def cancelled(stored: Mapping[str, Any], shop_no: str) -> list[Any]:
    """Arguments that push a stored raw trade (as `searchSelfOrder` answers it) again, wholly refunded."""
    trade = {field: value for field, value in stored.items() if field in PUSHED_FIELDS}
    trade |= {"trade_status": REFUNDED, "refund_status": 3, "is_sealed": MAY_NOT_MERGE, "end_time": None}
    lines = [
        {field: value for field, value in line.items() if field in LINE_FIELDS}
        | {"status": REFUNDED, "refund_status": 5, "refund_amount": line.get("share_amount", 0), "json": ""}
        for line in stored["trade_orders"]
    ]
    return [shop_no, [trade], lines]
