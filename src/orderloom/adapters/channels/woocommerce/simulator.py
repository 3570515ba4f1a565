"""A WooCommerce site's REST API v3 on loopback, as if behind HTTPS: a key, pages with totals, signed webhooks.

Settings: `slow_seconds`. A site tells its times twice, local (one hour east of UTC here) and UTC, and says of neither
which it is. It has its own signature check and shares no code with the client.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.woocommerce.simulated_proof import IN_QUERY, OAUTH, Proof
from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import CANCELLED, PAID, RECEIVED, SHIPPED, UNPAID, Line, Order
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.draw import EXPONENTS, amount, long_number
from orderloom.adapters.simulated.paging import link
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator

BASE = "/wp-json/wc/v3"
SITE = timezone(timedelta(hours=1))
PAGE_MAX = 100
PUSH_TOPIC = "order.updated"
NOES = {
    why.RATE_LIMITED: No("too_many_requests", "Too many requests", status=429),
    why.BUSY: No("internal_server_error", "There has been a critical error on this website.", status=503),
    why.EXPIRED_TOKEN: No("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.", status=401),
    why.WRONG_KEY: No("woocommerce_rest_authentication_error", "Consumer key is invalid.", status=401),
    why.WRONG_TOKEN: No("woocommerce_rest_authentication_error", "Consumer secret is invalid.", status=401),
    why.WRONG_SIGN: No("woocommerce_rest_authentication_error", "Invalid signature.", status=401),
    why.WRONG_TIME: No("woocommerce_rest_authentication_error", "Invalid timestamp or nonce.", status=401),
    why.UNKNOWN_CALL: No("rest_no_route", "No route was found matching the URL and request method.", status=404),
    why.MISSING: No("rest_missing_callback_param", "Missing parameter(s): {}", status=400),
    why.WRONG_VALUE: No("rest_invalid_param", "Invalid parameter(s): {}", status=400),
    why.UNKNOWN_PARAMETER: No("rest_invalid_param", "Invalid parameter(s): {}", status=400),
    why.NOT_FOUND: No("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", status=404),
}  # fmt: skip
STATUSES = {UNPAID: "pending", PAID: "processing", SHIPPED: "completed", RECEIVED: "completed",
            CANCELLED: "cancelled"}  # fmt: skip
WORDS = frozenset({"any", "trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"})


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return str(70_000 + n)


def expected_sign(secret: str, body: bytes) -> str:
    """What a webhook carries in X-WC-Webhook-Signature."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Simulator(ShopSimulator):
    """One site. A simple product has an id; a variation is known by its product's and its own."""

    NOES = NOES
    COMMON = IN_QUERY | OAUTH

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.notes: dict[str, list[str]] = {}
        self.proof = Proof(credentials)
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(_ids)
        self.stock = self.shelf.stock

    def declare(self) -> dict[str, Call]:
        times = "after before modified_after modified_before dates_are_gmt"
        return {
            "orders": Call(self._orders, f"page per_page {times} status orderby order include dp",
                           at=f"GET {BASE}/orders"),
            "order": Call(lambda asked: self._order(self._found(asked)), "dp", at=f"GET {BASE}/orders/{{id}}"),
            "order update": Call(self._update, "status meta_data", at=f"PUT {BASE}/orders/{{id}}", is_write=True),
            "note": Call(self._note, "note customer_note", at=f"POST {BASE}/orders/{{id}}/notes", is_write=True),
            "notes": Call(lambda asked: [{"note": one} for one in self.notes.get(self._found(asked).id, [])],
                          "", at=f"GET {BASE}/orders/{{id}}/notes"),
            "refunds": Call(lambda asked: _refunds(self._found(asked)), "page per_page",
                            at=f"GET {BASE}/orders/{{id}}/refunds"),
            "products": Call(self._products, "sku type status orderby order per_page page", at=f"GET {BASE}/products"),
            "variations": Call(self._variations, "per_page page", at=f"GET {BASE}/products/{{id}}/variations"),
            "reviews": Call(self._reviews, "per_page page", at=f"GET {BASE}/products/reviews"),
            "product": Call(self._stock, "manage_stock stock_quantity", at=f"PUT {BASE}/products/{{id}}",
                            is_write=True),
            "variation": Call(self._stock, "manage_stock stock_quantity",
                              at=f"PUT {BASE}/products/{{id}}/variations/{{variation}}", is_write=True),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return str(int(order_id) * 100 + place)

    def status(self, external_id: str) -> str:
        return _status(self.book.orders[external_id])

    def list_sku(self, sku: str) -> None:
        self.shelf.put_up(sku, has_variants=False)

    def list_variation(self, sku: str) -> None:
        """Put a variation of a product up for sale."""
        self.shelf.put_up(sku, f"{sku} variation")

    def write(self, content: Any, asked: Asked) -> Response:
        if isinstance(content, dict) and "rows" in content:
            return self.respond(orjson.dumps(content["rows"]), 200, content["headers"])
        return self.respond(orjson.dumps(content), 201 if asked.method == "POST" else 200)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        body = {"code": refused.code, "message": refused.message, "data": {"status": refused.status}}
        return self.respond(orjson.dumps(body), refused.status, refused.headers)

    def verify(self, asked: Asked) -> None:
        """The consumer key and secret, in one of the three ways that a site takes."""
        if complaint := self.proof.complaint(asked, self.wall()):
            raise self.no(complaint)

    def _instant(self, asked: Asked, name: str) -> datetime | None:
        if not asked.text(name):
            return None
        zone = UTC if asked.text("dates_are_gmt") in ("true", "1") else SITE
        try:
            at = datetime.fromisoformat(asked.text(name))
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, name) from error
        return at if at.tzinfo else at.replace(tzinfo=zone)

    def _orders(self, asked: Asked) -> dict[str, Any]:
        number = self.need_number(asked, "page", 1, low=1)
        size = self.need_number(asked, "per_page", 10, low=1, high=PAGE_MAX)
        by = self.one_of(asked, "orderby", frozenset({"date", "modified", "id"}), "date")
        is_falling = self.one_of(asked, "order", frozenset({"asc", "desc"}), "desc") == "desc"
        wanted = asked.text("status", "any").split(",")
        if set(wanted) - WORDS:
            raise self.no(why.WRONG_VALUE, "status")
        spans = [(field, self._instant(asked, f"{name}after"), self._instant(asked, f"{name}before"))
                 for name, field in (("modified_", "changed_at"), ("", "placed_at"))]  # fmt: skip
        include = {one for one in asked.text("include").split(",") if one}
        found = [one for one in self.shown(self.book.orders.values()) if _is_inside(one, spans)
                 and (not include or one.id in include) and ("any" in wanted or _status(one) in wanted)]  # fmt: skip
        attribute = {"date": "placed_at", "modified": "changed_at", "id": "id"}[by]
        found.sort(key=lambda one: (getattr(one, attribute), int(one.id)), reverse=is_falling)
        page = self.pages.by_number(found, number, size)
        pages = -(-page.total // size)
        headers = {"X-WP-Total": str(page.total), "X-WP-TotalPages": str(pages)}
        if page.has_more:
            headers["Link"] = link(asked.url, page=number + 1)
        return {"rows": [self._order(one) for one in page.rows], "headers": headers}

    def _order(self, order: Order) -> dict[str, Any]:
        return _order(order, self.line_id)

    def _found(self, asked: Asked) -> Order:
        key = asked.parts["id"]
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _update(self, asked: Asked) -> dict[str, Any]:
        order = self._found(asked)
        kept = {one["key"]: str(one["value"]) for one in asked.args.get("meta_data") or []}
        waybill, carrier = kept.get("_tracking_number", ""), kept.get("_tracking_provider", "")
        word = self.one_of(asked, "status", WORDS | {""})
        if words := self.check_refusal(order.id):
            raise Refused("woocommerce_rest_cannot_edit", words, status=400)
        is_told = any(parcel["waybill"] == waybill for parcel in self.shipments[order.id])
        if word == "completed" and order.phase not in (SHIPPED, RECEIVED) and not is_told:
            self.ship(order.id, None, carrier, waybill, lambda said: Refused("rest_invalid_param", said, status=400))
        elif word not in ("", "completed", _status(order)):
            raise self.no(why.WRONG_VALUE, "status")
        return self._order(order)

    def _note(self, asked: Asked) -> dict[str, Any]:
        (text,) = self.need(asked, "note")
        self.notes.setdefault(self._found(asked).id, []).append(text)
        return {"id": 1, "note": text}

    def _products(self, asked: Asked) -> list[dict[str, Any]] | dict[str, Any]:
        codes, kind = [one for one in asked.text("sku").split(",") if one], asked.text("type")
        if codes:
            return [one for one in self._sold(codes) if not kind or one["type"] == kind]
        self.one_of(asked, "status", frozenset({"publish", "any"}), "any")
        self.one_of(asked, "orderby", frozenset({"date", "id"}), "date")
        self.one_of(asked, "order", frozenset({"asc", "desc"}), "desc")
        return self._listed(asked, [_Row(one.item, {
            "id": int(one.item), "name": one.name, "type": "variable" if one.variant else "simple",
            "sku": "" if one.variant else one.sku, "manage_stock": not one.variant,
            "stock_quantity": None if one.variant else self.units(one),
        }) for one in self.shelf.items()])  # fmt: skip

    def _variations(self, asked: Asked) -> dict[str, Any]:
        return self._listed(asked, [_Row(one.variant, {
            "id": int(one.variant), "sku": one.sku, "manage_stock": True, "stock_quantity": self.units(one),
        }) for one in self.shelf.all() if one.item == asked.parts["id"] and one.variant])  # fmt: skip

    def _reviews(self, asked: Asked) -> dict[str, Any]:
        return self._listed(asked, [_Row(str(n), {
            "id": n, "date_created_gmt": one.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "rating": one.stars,
            "product_id": int(_ids(self.book.orders[one.order_id].lines[one.place].sku)[0]), "review": one.words,
            "reviewer": "Somebody", "reviewer_email": "somebody@example.com", "status": "approved", "verified": True,
        }) for n, one in enumerate(self.book.ratings, 1)])  # fmt: skip

    def _listed(self, asked: Asked, rows: list[_Row]) -> dict[str, Any]:
        number = self.need_number(asked, "page", 1, low=1)
        page = self.pages.by_number(rows, number, self.need_number(asked, "per_page", 10, low=1, high=PAGE_MAX))
        headers = {"Link": link(asked.url, page=number + 1)} if page.has_more else {}
        return {"rows": [row.told for row in page.rows], "headers": headers}

    def _sold(self, codes: list[str]) -> list[dict[str, Any]]:
        return [{"id": int(one.variant or one.item), "sku": one.sku, "type": "variation" if one.variant else "simple",
                 "parent_id": int(one.item) if one.variant else 0, "stock_quantity": self.stock.get(one.name)}
                for code in codes for one in self.shelf.offers(code)]  # fmt: skip

    def _stock(self, asked: Asked) -> dict[str, Any]:
        item, variation = asked.parts["id"], asked.parts.get("variation", "")
        offer, units = self.shelf.at(item, variation), self.need_number(asked, "stock_quantity", low=-(10**9))
        if offer is None:
            raise Refused(f"woocommerce_rest_product_{'variation_' if variation else ''}invalid_id", "Invalid ID.",
                          status=404)
        if asked.text("manage_stock") not in ("True", "true"):
            raise self.no(why.WRONG_VALUE, "manage_stock")
        for words in self.put_stock([(offer, offer.sku, units)]).values():
            raise Refused("woocommerce_rest_cannot_edit", words, status=400)
        return {"id": int(variation or item), "stock_quantity": units, "manage_stock": True}

    def news(self, external_id: str, topic: str) -> Push:
        """The order as of now; a deleted one is only its id."""
        topic = topic if topic.startswith("order.") else "order.updated"
        is_gone = topic == "order.deleted"
        order = self.book.orders[external_id]
        body = orjson.dumps({"id": int(external_id)} if is_gone else self._order(order))
        event = topic.partition(".")[2]
        return Push(body, {
            "content-type": "application/json", "user-agent": "WooCommerce/9.6.0 Hookshot (WordPress/6.7)",
            "x-wc-webhook-source": "https://shop.example.com/", "x-wc-webhook-topic": topic,
            "x-wc-webhook-resource": "order", "x-wc-webhook-event": event, "x-wc-webhook-id": "12",
            "x-wc-webhook-delivery-id": f"{external_id}-{order.revision}-{event}",
            "x-wc-webhook-signature": expected_sign(self.credentials["webhook_secret"], body),
        })  # fmt: skip


class _Row(NamedTuple):
    id: str
    told: dict[str, Any]


def _is_inside(order: Order, spans: list[tuple[str, datetime | None, datetime | None]]) -> bool:
    """`after` and `before` leave their own instant out."""
    return all((not after or getattr(order, field) > after) and (not before or getattr(order, field) < before)
               for field, after, before in spans)  # fmt: skip


def _ids(name: str) -> tuple[str, str]:
    return str(long_number(f"product{name}", 6)), str(long_number(f"variation{name}", 7))


def _status(order: Order) -> str:
    return "on-hold" if order.phase == PAID and order.is_forbidden else STATUSES.get(order.phase, "processing")


def _times(name: str, at: datetime | None) -> dict[str, str | None]:
    told = {"": SITE, "_gmt": UTC}
    return {f"{name}{end}": at.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S") if at else None
            for end, zone in told.items()}  # fmt: skip


def _refunds(order: Order) -> list[dict[str, Any]]:
    """A cancelled order's money goes back whole, an application's by itself."""
    if order.cancelled_at and order.paid_at:
        return [{"id": int(order.id) + 900_000, "reason": "", "total": f"-{amount(order.total, order.currency)}"}]
    return [{"id": int(claim.id), "reason": claim.reason, "total": f"-{amount(claim.amount, order.currency)}"}
            for claim in order.claims if claim.state == at_book.REFUNDED]  # fmt: skip


def _order(order: Order, line_id: Any) -> dict[str, Any]:
    who = order.receiver
    address = {"first_name": who["name"], "last_name": "", "company": "", "address_1": who["detail"], "address_2": "",
               "city": who["city"], "state": who["province"], "postcode": who["postcode"],
               "country": who["country"], "phone": who["phone"]}  # fmt: skip
    zero = "0" if EXPONENTS.get(order.currency) == 0 else "0.00"
    shipping = {"id": 317, "method_title": "Flat Rate", "method_id": "flat_rate", "taxes": [], "meta_data": [],
                "total": amount(order.freight, order.currency), "total_tax": zero}  # fmt: skip
    cut = sum(line.discount + line.part for line in order.lines)
    return {
        "id": int(order.id), "parent_id": int(order.parent or 0), "number": order.id, "created_via": "checkout",
        "version": "9.6.0", "status": _status(order), "currency": order.currency,
        **_times("date_created", order.placed_at), **_times("date_modified", order.changed_at),
        **_times("date_paid", order.paid_at),
        **_times("date_completed", order.shipped_at), "discount_total": amount(cut, order.currency),
        "discount_tax": zero, "shipping_total": amount(order.freight, order.currency), "shipping_tax": zero,
        "cart_tax": amount(order.tax, order.currency), "total": amount(order.total, order.currency),
        "total_tax": amount(order.tax, order.currency), "prices_include_tax": False, "customer_id": 0,
        "customer_note": order.note, "billing": {**address, "email": f"{order.buyer}@example.com"}, "shipping": address,
        "payment_method": "stripe", "payment_method_title": "Card", "transaction_id": "ch_demo", "meta_data": [],
        "line_items": [_line(order, line, line_id) for line in order.lines], "tax_lines": [], "fee_lines": [],
        "shipping_lines": [shipping], "coupon_lines": [], "refunds": _refunds(order),
    }  # fmt: skip


def _line(order: Order, line: Line, line_id: Any) -> dict[str, Any]:
    product, _ = _ids(line.sku)
    return {
        "id": int(line_id(order.id, line.place)), "name": line.title, "product_id": int(product), "variation_id": 0,
        "quantity": line.quantity, "subtotal": amount(line.price * line.quantity, order.currency),
        "subtotal_tax": "0.00", "total": amount(line.due, order.currency), "total_tax": "0.00", "taxes": [],
        "meta_data": [], "sku": line.sku,
        "price": line.due / line.quantity / 100,
    }  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return expected_sign(vector["given"]["webhook_secret"], vector["given"]["raw_body"].encode())
