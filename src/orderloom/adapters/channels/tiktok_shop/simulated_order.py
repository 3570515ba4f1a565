"""TikTok Shop's own form of an order in the simulator: an object for each unit, ids, receiver."""

from __future__ import annotations

from functools import partial
from typing import Any

from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated.book import CANCELLED, PAID, PART_SHIPPED, RECEIVED, SHIPPED, UNPAID, Order
from orderloom.adapters.simulated.clock import seconds
from orderloom.adapters.simulated.draw import amount, long_number, share

WAREHOUSE = "7000000000000000002"
STATUSES = {UNPAID: "UNPAID", PAID: "AWAITING_SHIPMENT", PART_SHIPPED: "PARTIALLY_SHIPPING", SHIPPED: "IN_TRANSIT",
            RECEIVED: "COMPLETED", CANCELLED: "CANCELLED"}  # fmt: skip


def ids(name: str) -> tuple[str, str]:
    """The platform's own (product, SKU) of a seller's code."""
    return str(long_number(f"product{name}", 19)), str(long_number(f"sku{name}", 19))


def unit_id(order_id: str, place: int, unit: int) -> str:
    """The id of one unit of a line."""
    return f"{order_id}{place:02d}{unit:03d}"


def package(order: Order) -> str:
    """The one package of an order."""
    return str(long_number(f"package{order.id}", 19))


def status(order: Order) -> str:
    """The order's status word."""
    return "ON_HOLD" if order.phase == PAID and order.is_forbidden else STATUSES[order.phase]


def order_of(order: Order, shipping_type: str, *, is_masked: bool) -> dict[str, Any]:
    """The order as the platform knows it."""
    word, money = status(order), partial(amount, currency=order.currency)
    goods = sum(line.price * line.quantity for line in order.lines)
    times = {"paid_time": order.paid_at, "cancel_time": order.cancelled_at, "rts_time": order.shipped_at,
             "collection_time": order.shipped_at}  # fmt: skip
    told: dict[str, Any] = {
        "id": order.id, "status": word, "order_type": "NORMAL", "create_time": seconds(order.placed_at),
        "update_time": seconds(order.changed_at), **{name: seconds(at) for name, at in times.items() if at},
        "fulfillment_type": "FULFILLMENT_BY_SELLER", "shipping_type": shipping_type, "delivery_type": "HOME_DELIVERY",
        "delivery_option_id": "7000000000000000001", "delivery_option_name": "Standard Shipping",
        "warehouse_id": WAREHOUSE, "user_id": str(long_number(order.buyer, 19)), "buyer_message": order.note,
        "is_cod": False, "is_sample_order": False, "packages": [{"id": package(order)}] if order.paid_at else [],
        "is_buyer_request_cancel": word == "AWAITING_SHIPMENT" and any(c.state == at_book.ASKED for c in order.claims),
        "payment": {
            "currency": order.currency, "original_total_product_price": money(goods),
            "seller_discount": money(goods - order.goods + order.discount), "platform_discount": "0",
            "sub_total": money(order.goods - order.discount), "original_shipping_fee": money(order.freight),
            "shipping_fee": money(order.freight), "tax": money(order.tax), "total_amount": money(order.total),
        },
        "line_items": [unit for line in order.lines for unit in _unit(order, line, word)],
    }  # fmt: skip
    if word not in ("UNPAID", "ON_HOLD"):
        told["recipient_address"] = _receiver(order, is_masked)
    return told


def _unit(order: Order, line: at_book.Line, word: str) -> list[dict[str, Any]]:
    """One object for each unit; its share of the discounts to the last cent."""
    product, sku = ids(line.sku)
    money, shares = partial(amount, currency=order.currency), share(line.discount + line.part, [1] * line.quantity)
    sent = [parcel for parcel in order.parcels for _ in range(parcel.quantities.get(line.place, 0))]
    units = []
    for n in range(line.quantity):
        parcel = sent[n] if n < len(sent) else None
        shown = ("IN_TRANSIT" if parcel else "AWAITING_SHIPMENT") if word == "PARTIALLY_SHIPPING" else word
        units.append({
            "id": unit_id(order.id, line.place, n), "product_id": product, "product_name": line.title, "sku_id": sku,
            "seller_sku": line.sku, "original_price": money(line.price), "sale_price": money(line.price - shares[n]),
            "seller_discount": money(shares[n]), "platform_discount": "0", "currency": order.currency,
            "display_status": "AWAITING_SHIPMENT" if shown == "ON_HOLD" else shown, "package_id": package(order),
            "is_gift": False, **({"tracking_number": parcel.waybill, "shipping_provider_name": parcel.carrier,
                                  "rts_time": seconds(parcel.at)} if parcel else {}),
        })  # fmt: skip
    return units


def _receiver(order: Order, is_masked: bool) -> dict[str, Any]:
    who = order.receiver
    hidden = {"name": f"{who['name'][:1]}**", "phone": f"(+1){who['phone'][:1]}**-***-**{who['phone'][-2:]}",
              "detail": f"{who['detail'][:2]}*****"}  # fmt: skip
    shown = {**who, **(hidden if is_masked else {})}
    levels = [("L1", "State", who["province"]), ("L2", "City", who["city"]), ("L3", "District", who["district"])]
    return {
        "name": shown["name"], "phone_number": shown["phone"], "full_address": shown["detail"],
        "address_line1": shown["detail"], "address_line2": "", "address_detail": shown["detail"],
        "postal_code": who["postcode"], "region_code": who["country"],
        "district_info": [{"address_level": level, "address_level_name": name, "address_name": value}
                          for level, name, value in levels],
    }  # fmt: skip
