"""Exports that platforms write in English, by their documented columns, and what these are called in the mapping."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec


class Profile(msgspec.Struct, frozen=True):
    """An export that has all of these columns; `names` are theirs → the mapping's, compared as `columns.plain`."""

    name: str
    needs: tuple[str, ...]
    names: Mapping[str, str]


_AMAZON = {
    "item_price": "line_total", "item_status": "子订单状态", "order_item_id": "line_id", "ship_city": "city",
    "ship_state": "province", "ship_postal_code": "zip", "ship_country": "country", "purchase_date": "order_date",
    "payments_date": "paid_at", "last_updated_date": "updated_at", "quantity_purchased": "quantity",
    "recipient_name": "recipient", "ship_address_1": "address1", "ship_phone_number": "phone",
}
PROFILES = (
    # help.shopify.com, "Order export CSV structure": further lines repeat the order's name and leave the rest blank.
    Profile("shopify", ("name", "financial_status", "lineitem_quantity", "lineitem_price"), {
        "name": "order_no", "financial_status": "order_status", "lineitem_fulfillment_status": "子订单状态",
        "lineitem_quantity": "quantity", "lineitem_price": "price", "lineitem_sku": "sku",
        "lineitem_name": "product_name", "subtotal": "order_subtotal", "taxes": "order_taxes", "duties": "duty",
        "shipping_name": "recipient", "shipping_street": "address", "shipping_city": "city", "shipping_zip": "zip",
        "shipping_province": "province", "shipping_country": "country", "shipping_phone": "ship_to_phone",
        "shipping": "freight", "discount_amount": "discount_told", "notes": "note",
    }),
    # developer-docs.amazon.com, "Order Tracking reports attributes" (all orders) and "Order reports attributes" (new
    # ones): tab separated, a row per item, amounts of all its units.
    Profile("amazon", ("amazon_order_id", "sku", "quantity", "item_price"), {
        "amazon_order_id": "order_id", "merchant_order_id": "seller_order", **_AMAZON}),
    Profile("amazon", ("order_id", "order_item_id", "sku", "quantity_purchased", "item_price"), _AMAZON),
)


def profile_of(names: Collection[str]) -> Profile | None:
    """The export that has such columns."""
    have = set(names)
    return next((one for one in PROFILES if have.issuperset(one.needs)), None)
