"""The trades that the Taobao simulator keeps: built from purchases, moved by payment, shipping, closing and refunds."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
CLOSED = ("TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO")
MASKED_PERCENT = 30
"""Share of orders whose receiver is masked when the settings do not say."""

Trade = dict[str, Any]


def local(at: datetime) -> str:
    """China time to the second, the only form of time that Taobao writes."""
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def number(text: str, digits: int) -> int:
    """A number of `digits` digits that depends on the text alone."""
    return int(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % 10**digits)


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` by weight; the rounding rest goes to the lines with the largest fractions, first ones first."""
    whole = sum(weights) or 1
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


class TradeBook:
    """Trades by `tid` in the platform's own form."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.trades: dict[str, Trade] = {}
        self._masked = settings.get("masked")

    def place(self, purchase: Mapping[str, Any]) -> None:
        """Record a purchase as a trade; raises ValueError when the id is taken or is no `tid`."""
        tid = str(purchase["external_id"])
        if tid in self.trades or not tid.isdigit():
            raise ValueError(f"{tid} is already placed or no number")
        self.trades[tid] = _trade(tid, purchase, self._is_masked(tid))
        self._touch(tid, purchase["placed_at"])
        if purchase.get("paid_at"):
            self.pay(tid, purchase["paid_at"])

    def pay(self, tid: str, at: datetime) -> None:
        """The buyer pays an unpaid trade."""
        self._expect(tid, "WAIT_BUYER_PAY")
        self._set_all(tid, "WAIT_SELLER_SEND_GOODS")
        self.trades[tid]["pay_time"] = local(at)
        self._touch(tid, at)

    def forbid(self, tid: str, at: datetime) -> None:
        """The platform forbids shipping a paid trade (a group purchase that is not complete)."""
        self._expect(tid, "WAIT_SELLER_SEND_GOODS")
        self._set_all(tid, "PAID_FORBID_CONSIGN")
        self._touch(tid, at)

    def cancel(self, tid: str, at: datetime) -> None:
        """Close a trade: before payment by the platform, afterwards by a refund."""
        unpaid = self.trades[tid]["status"] == "WAIT_BUYER_PAY"
        self._set_all(tid, "TRADE_CLOSED_BY_TAOBAO" if unpaid else "TRADE_CLOSED")
        if not unpaid:
            for order in self.orders(tid):
                order["refund_status"] = "SUCCESS"
        self.trades[tid]["end_time"] = local(at)
        self._touch(tid, at)

    def ask_refund(self, tid: str, oid: str, at: datetime) -> None:
        """The buyer asks for a refund of one sub-order; its status word stays as it was."""
        for order in self.orders(tid):
            if order["oid_str"] == oid:
                order["refund_status"] = "WAIT_SELLER_AGREE"
                order["refund_id"] = str(number(f"refund{oid}", 18))
        self._touch(tid, at)

    def finish(self, tid: str, at: datetime) -> None:
        """The buyer confirms receipt."""
        self._expect(tid, "WAIT_BUYER_CONFIRM_GOODS")
        self._set_all(tid, "TRADE_FINISHED")
        self.trades[tid]["end_time"] = local(at)
        self._touch(tid, at)

    def ship(self, tid: str, oids: Sequence[str], company: str, waybill: str, at: datetime) -> list[dict[str, Any]]:
        """Mark sub-orders (all open ones when none are named) as shipped; raises ValueError when that cannot be."""
        due = [o for o in self.orders(tid) if o["status"] == "WAIT_SELLER_SEND_GOODS"]
        chosen = [o for o in due if not oids or o["oid_str"] in oids]
        if not chosen or (oids and len(chosen) != len(set(oids))):
            raise ValueError("the order or a sub-order does not wait for shipment")
        for order in chosen:
            order.update(status="WAIT_BUYER_CONFIRM_GOODS", invoice_no=waybill, logistics_company=company)
            order["consign_time"] = local(at)
        rest = len(due) > len(chosen)
        self.trades[tid]["status"] = "SELLER_CONSIGNED_PART" if rest else "WAIT_BUYER_CONFIRM_GOODS"
        self.trades[tid]["is_part_consign"] = rest
        self.trades[tid].setdefault("consign_time", local(at))
        self._touch(tid, at)
        return [{"external_line_id": o["oid_str"], "quantity": o["num"]} for o in chosen]

    def orders(self, tid: str) -> list[dict[str, Any]]:
        """The sub-orders of a trade."""
        orders: list[dict[str, Any]] = self.trades[tid]["orders"]["order"]
        return orders

    def between(self, start: datetime, end: datetime, by: str = "modified") -> list[Trade]:
        """Trades changed (or created, by its name) in [start, end], the newest first, as the platform lists them."""
        low, high = local(start), local(end)
        found = [trade for trade in self.trades.values() if low <= trade[by] <= high]
        return sorted(found, key=lambda trade: (trade[by], trade["tid_str"]), reverse=True)

    def _expect(self, tid: str, status: str) -> None:
        if self.trades[tid]["status"] != status:
            raise ValueError(f"{tid} is {self.trades[tid]['status']}, not {status}")

    def _set_all(self, tid: str, status: str) -> None:
        self.trades[tid]["status"] = status
        for order in self.orders(tid):
            if order["status"] not in CLOSED:
                order["status"] = status

    def _touch(self, tid: str, at: datetime) -> None:
        self.trades[tid]["modified"] = local(at)

    def _is_masked(self, tid: str) -> bool:
        return bool(self._masked) if self._masked is not None else number(tid, 2) < MASKED_PERCENT


def _trade(tid: str, purchase: Mapping[str, Any], is_masked: bool) -> Trade:
    orders = _orders(tid, purchase)
    goods = sum(line["price"] * line["quantity"] - line["discount"] for line in purchase["lines"])
    total = goods - purchase["discount"] + purchase["freight"] + purchase["tax"]
    return {
        "tid": int(tid), "tid_str": tid, "status": "WAIT_BUYER_PAY", "type": "fixed", "trade_from": "WAP,WAP",
        "shipping_type": "express", "created": local(purchase["placed_at"]), "modified": "",
        "payment": yuan(total), "total_fee": yuan(goods), "post_fee": yuan(purchase["freight"]),
        "discount_fee": yuan(purchase["discount"]), "adjust_fee": "0.00", "order_tax_fee": yuan(purchase["tax"]),
        "received_payment": "0.00", "num": orders[0]["num"] if len(orders) == 1 else 0,
        "seller_nick": "demo_shop", "buyer_nick": purchase["buyer"],
        "buyer_open_uid": f"AAH{number(purchase['buyer'], 18)}", "buyer_message": purchase["note"],
        "seller_flag": 0, "is_part_consign": False, **_receiver(purchase["receiver"], is_masked),
        "orders": {"order": orders},
    }  # fmt: skip


def _orders(tid: str, purchase: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = purchase["lines"]
    payments = [line["price"] * line["quantity"] - line["discount"] for line in lines]
    shares = share(purchase["discount"], payments)
    orders = []
    for n, (line, payment, part) in enumerate(zip(lines, payments, shares, strict=True), start=1):
        oid = int(tid) + (n if len(lines) > 1 else 0)
        item, sku = listing_ids(line["sku"])
        orders.append({
            "oid": oid, "oid_str": str(oid), "status": "WAIT_BUYER_PAY", "refund_status": "NO_REFUND",
            "num": line["quantity"], "price": yuan(line["price"]), "total_fee": yuan(payment),
            "discount_fee": yuan(line["discount"]), "adjust_fee": "0.00", "payment": yuan(payment),
            "divide_order_fee": yuan(payment - part), "part_mjz_discount": yuan(part), "num_iid": item,
            "sku_id": str(sku), "outer_iid": line["sku"], "outer_sku_id": line["sku"], "title": line["title"],
        })  # fmt: skip
    return orders


def listing_ids(sku: str) -> tuple[int, int]:
    """Taobao's own (`num_iid`, `sku_id`) of a seller's code."""
    return 600_000_000_000 + number(f"item{sku}", 11), 5_000_000_000_000 + number(f"sku{sku}", 12)


def _receiver(receiver: Mapping[str, str], is_masked: bool) -> dict[str, str]:
    fields = {
        "receiver_state": receiver["province"], "receiver_city": receiver["city"],
        "receiver_district": receiver["district"], "receiver_zip": receiver["postcode"],
    }  # fmt: skip
    if not is_masked:
        clear = {"receiver_name": receiver["name"], "receiver_mobile": receiver["phone"]}
        return fields | clear | {"receiver_address": receiver["detail"]}
    secret = "|".join(receiver[key] for key in ("name", "phone", "province", "city", "district", "detail"))
    oaid = "1" + base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()
    hidden = {"receiver_name": f"{receiver['name'][:1]}**", "receiver_mobile": f"{receiver['phone'][:1]}**********"}
    return fields | hidden | {"receiver_address": f"{receiver['detail'][:1]}***", "oaid": oaid}
