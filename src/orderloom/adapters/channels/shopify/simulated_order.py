"""Builds the REST order resource that Shopify would show for a purchase of the rehearsed world."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.adapters.simulated.draw import amount, share

COUNTRIES = {"CN": "China", "US": "United States", "CA": "Canada", "JP": "Japan", "DE": "Germany"}
LOCATION_ID = 61001


def inventory_item_id(sku: str) -> int:
    """The id that the simulated shop keeps stock of `sku` under."""
    return 71_000_000_000 + zlib.crc32(sku.encode())


def stamp(at: datetime, zone: ZoneInfo) -> str:
    """An instant as REST gives it: whole seconds with the shop's offset at that moment."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def build(purchase: dict[str, Any], changed_at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The order resource of a purchase (amounts in minor units), as of `changed_at`."""
    currency, key = purchase["currency"], int(purchase["external_id"])
    paid_at = purchase.get("paid_at")
    lines = _lines(purchase, key)
    return {
        "id": key,
        "admin_graphql_api_id": f"gid://shopify/Order/{key}",
        "name": f"#{1000 + key % 1_000_000}",
        "number": key % 1_000_000,
        "order_number": 1000 + key % 1_000_000,
        "email": _email(purchase["buyer"]),
        "phone": None,
        "created_at": stamp(purchase["placed_at"], zone),
        "updated_at": stamp(changed_at, zone),
        "processed_at": stamp(paid_at or purchase["placed_at"], zone),
        "cancelled_at": None,
        "cancel_reason": None,
        "closed_at": None,
        "test": bool(purchase.get("test", False)),
        "currency": currency,
        "presentment_currency": currency,
        **_totals(purchase),
        "taxes_included": False,
        "financial_status": "paid" if paid_at else "pending",
        "fulfillment_status": None,
        "payment_gateway_names": ["shopify_payments"],
        "source_name": "web",
        "tags": "",
        "note": purchase.get("note") or None,
        "note_attributes": [],
        "customer": {"id": zlib.crc32(purchase["buyer"].encode()), "first_name": purchase["buyer"], "last_name": None},
        "shipping_address": _address(purchase.get("receiver")),
        "shipping_lines": [{"id": key + 1, "title": "Standard", "price": amount(purchase["freight"], currency)}],
        "discount_codes": [],
        "line_items": lines,
        "fulfillments": [],
        "refunds": [],
        "location_id": None,
    }


def _totals(purchase: dict[str, Any]) -> dict[str, Any]:
    currency = purchase["currency"]
    goods = sum(line["price"] * line["quantity"] for line in purchase["lines"])
    discounts = sum(line.get("discount", 0) for line in purchase["lines"]) + purchase["discount"]
    total = goods - discounts + purchase["freight"] + purchase["tax"]
    freight = {"amount": amount(purchase["freight"], currency), "currency_code": currency}
    outstanding = 0 if purchase.get("paid_at") else total
    return {
        "total_line_items_price": amount(goods, currency),
        "total_discounts": amount(discounts, currency),
        "current_total_discounts": amount(discounts, currency),
        "subtotal_price": amount(goods - discounts, currency),
        "total_shipping_price_set": {"shop_money": freight, "presentment_money": freight},
        "total_tax": amount(purchase["tax"], currency),
        "current_total_tax": amount(purchase["tax"], currency),
        "total_price": amount(total, currency),
        "current_total_price": amount(total, currency),
        "total_outstanding": amount(outstanding, currency),
        "total_tip_received": amount(0, currency),
    }


def _lines(purchase: dict[str, Any], key: int) -> list[dict[str, Any]]:
    """The order's own discount is spread over the lines, as Shopify does with a code that applies `across`."""
    currency = purchase["currency"]
    spread = share(purchase["discount"], [
        line["price"] * line["quantity"] - line.get("discount", 0) for line in purchase["lines"]])
    lines = []
    for index, (line, part) in enumerate(zip(purchase["lines"], spread, strict=True)):
        allocated = [(line.get("discount", 0), 0), (part, 1)]
        is_known = bool(line["sku"])
        lines.append(
            {
                "id": key * 100 + index + 1,
                "variant_id": zlib.crc32(line["sku"].encode()) if is_known else None,
                "product_id": zlib.crc32(line["title"].encode()) if is_known else None,
                "sku": line["sku"],
                "title": line["title"],
                "name": line["title"],
                "quantity": line["quantity"],
                "current_quantity": line["quantity"],
                "fulfillable_quantity": line["quantity"],
                "fulfillment_status": None,
                "fulfillment_service": "manual",
                "price": amount(line["price"], currency),
                "total_discount": amount(0, currency),
                "discount_allocations": [
                    {"amount": amount(minor, currency), "discount_application_index": application}
                    for minor, application in allocated
                    if minor
                ],
                "requires_shipping": is_known,
                "gift_card": False,
                "properties": [],
            }
        )
    return lines


def _address(receiver: dict[str, Any] | None) -> dict[str, Any] | None:
    if not receiver:
        return None
    country = receiver.get("country") or "CN"
    return {
        "first_name": receiver["name"],
        "last_name": None,
        "name": receiver["name"],
        "address1": receiver["detail"],
        "address2": receiver.get("district") or None,
        "city": receiver.get("city", ""),
        "province": receiver.get("province", ""),
        "zip": receiver.get("postcode", ""),
        "country": COUNTRIES.get(country, country),
        "country_code": country,
        "phone": receiver.get("phone") or None,
    }


def _email(buyer: str) -> str:
    return buyer if "@" in buyer else f"{buyer}@example.com"
