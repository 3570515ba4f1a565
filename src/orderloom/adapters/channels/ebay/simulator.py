"""eBay's sell APIs on loopback: orders by filter, parcels with an empty 201, stock in bulk, ECDSA notifications.

Who has not paid is not shown at all. Settings: `slow_seconds`. It makes its own key pair and shares no code with the
client.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.responses import Response

from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import PART_SHIPPED, RECEIVED, SHIPPED, UNPAID, Line, Order
from orderloom.adapters.simulated.clock import Now, read_iso
from orderloom.adapters.simulated.draw import amount, hex_token, long_number
from orderloom.adapters.simulated.paging import some
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import NotGranted, Tokens

PUSH_TOPIC = "ORDER_CONFIRMATION"
SELL, INVENTORY = "/sell/fulfillment/v1", "/sell/inventory/v1"
ACCESS_SECONDS = 7_200
HISTORY_MAX = timedelta(days=730)
KID = "9936261a-7d7b-4621-a0f1-964ddb7a5ad1"


def _no(number: int, message: str, status: int = 400) -> No:
    return No(number, message, status=status)


NOES = {
    why.RATE_LIMITED: _no(2001, "The request limit has been reached for the resource.", 429),
    why.BUSY: _no(30500, "System error", 500), why.EXPIRED_TOKEN: _no(1001, "Invalid access token", 401),
    why.WRONG_TOKEN: _no(1001, "Invalid access token", 401), why.WRONG_KEY: _no(1001, "Invalid access token", 401),
    why.UNKNOWN_CALL: _no(2002, "Resource not found", 404), why.MISSING: _no(32600, "Invalid input: {}"),
    why.WRONG_VALUE: _no(32600, "Invalid input: {}"), why.UNKNOWN_PARAMETER: _no(30700, "Invalid filter name: {}"),
    why.NOT_FOUND: _no(32100, "Invalid Order Id: {}", 404),
}  # fmt: skip
_FILTER = re.compile(r"(lastmodifieddate|creationdate):\[([^.\]]+\.[0-9]{3}Z)\.\.(?:([^\]]+))?\]")
_STATUS = re.compile(r"orderfulfillmentstatus:\{(NOT_STARTED\|IN_PROGRESS|FULFILLED\|IN_PROGRESS)\}")
_WAYBILL = re.compile(r"[A-Za-z0-9]+")


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return f"01-{n:05d}-36441"


def expected_challenge(code: str, token: str, url: str) -> str:
    """What an endpoint answers when it is tried."""
    return hashlib.sha256((code + token + url).encode()).hexdigest()


class Simulator(ShopSimulator):
    """One seller at eBay. `public_key` is what notifications can be proven with."""

    NOES = NOES

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        super().__init__(credentials, now, settings)
        self.tokens = Tokens(now, float(settings.get("access_seconds", ACCESS_SECONDS)))
        self.tokens.know(credentials.get("access_token", ""), credentials["refresh_token"])

    @property
    def public_key(self) -> str:
        """PEM, as the platform gives it: without line breaks inside."""
        pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        head, *middle, foot = pem.strip().split("\n")
        return head + "".join(middle) + foot

    def declare(self) -> dict[str, Call]:
        parcels = f"{SELL}/order/{{id}}/shipping_fulfillment"
        return {
            "token": Call(self._token, "grant_type refresh_token code redirect_uri scope",
                          at="POST /identity/v1/oauth2/token", is_open=True),
            "orders": Call(self._orders, "filter limit offset orderIds fieldGroups", at=f"GET {SELL}/order"),
            "order": Call(lambda asked: _order(self._found(asked)), "fieldGroups", at=f"GET {SELL}/order/{{id}}"),
            "ship": Call(self._ship, "lineItems shippedDate shippingCarrierCode trackingNumber", at=f"POST {parcels}",
                         is_write=True),
            "parcels": Call(self._parcels, "", at=f"GET {parcels}"),
            "items": Call(self._items, "limit offset", at=f"GET {INVENTORY}/inventory_item"),
            "stock": Call(self._stock, "requests", at=f"POST {INVENTORY}/bulk_update_price_quantity", is_write=True),
            "public_key": Call(self._public_key, "", at="GET /commerce/notification/v1/public_key/{id}"),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return bool(re.fullmatch(r"[0-9-]{14}", text))

    def line_id(self, order_id: str, place: int) -> str:
        return str(long_number(f"{order_id}/{place}", 10))

    def status(self, external_id: str) -> str:
        return str(_order(self.book.orders[external_id])["orderFulfillmentStatus"])

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        domain = "OAuth" if refused.status == 401 else "API_FULFILLMENT"
        told = {"errorId": refused.code, "domain": domain, "category": "REQUEST", "message": refused.message}
        return self.respond(orjson.dumps({"errors": [told]}), refused.status, refused.headers)

    def verify(self, asked: Asked) -> None:
        """A bearer token that is alive."""
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        assert self.tokens is not None
        if kind.lower() != "bearer" or not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN)

    def _token(self, asked: Asked) -> Response:
        pair = f"{self.credentials['client_id']}:{self.credentials['client_secret']}".encode()
        if not same(asked.headers.get("authorization", ""), "Basic " + base64.b64encode(pair).decode()):
            return self._denied("invalid_client")
        assert self.tokens is not None
        try:
            if asked.form.get("grant_type") == "client_credentials":
                grant = self.tokens.by_app("app")
            elif asked.form.get("grant_type") == "refresh_token":
                grant = self.tokens.refresh(asked.form.get("refresh_token", ""))
            else:
                grant = self.tokens.by_code(asked.form.get("code", ""))
        except NotGranted:
            return self._denied("invalid_grant")
        told = {"access_token": grant.access, "expires_in": grant.lives(self.now())[0], "refresh_token": grant.refresh,
                "token_type": "User Access Token"}  # fmt: skip
        return self.respond(orjson.dumps(told))

    def _denied(self, word: str) -> Response:
        self.rejected.append(f"token: {word}")
        return self.respond(orjson.dumps({"error": word, "error_description": "denied"}), 401)

    def _orders(self, asked: Asked) -> dict[str, Any]:
        limit = self.need_number(asked, "limit", 50, low=1, high=200)
        offset = self.need_number(asked, "offset", 0)
        found = [one for one in self.shown(self._chosen(asked)) if one.phase != UNPAID or one.cancelled_at]
        page = self.pages.by_offset(found, offset, limit)
        told: dict[str, Any] = {"href": asked.url, "total": page.total, "limit": limit, "offset": offset,
                                "orders": [_order(one) for one in page.rows]}  # fmt: skip
        return told | ({"next": f"{SELL}/order?limit={limit}&offset={offset + limit}"} if page.has_more else {})

    def _chosen(self, asked: Asked) -> list[Order]:
        if asked.text("orderIds"):
            try:
                return some(asked.text("orderIds").split(","), self.book.orders, 50)
            except ValueError as error:
                raise Refused(30_900, "more than 50 order ids", status=400) from error
        text = asked.text("filter")
        window, status = _FILTER.search(text), _STATUS.search(text)
        if _STATUS.sub("", _FILTER.sub("", text)).strip(","):
            raise Refused(30_800, f"Invalid filter value: {text}", status=400)
        start, end, by = self.now() - timedelta(days=90), self.now(), "placed_at"
        if window:
            by = "changed_at" if window[1] == "lastmodifieddate" else "placed_at"
            start, end = read_iso(window[2]), read_iso(window[3]) if window[3] else end
        if start > end or start < self.now() - HISTORY_MAX:
            raise Refused(30_840, "start is after end, or over two years ago", status=400)
        found = self.book.between(start, end, by)
        return [one for one in found if not status or one.phase not in (SHIPPED, RECEIVED)]

    def _found(self, asked: Asked) -> Order:
        key = asked.parts["id"]
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _ship(self, asked: Asked) -> Response:
        order, told = self._found(asked), asked.args.get("lineItems") or []
        waybill, carrier = asked.text("trackingNumber"), asked.text("shippingCarrierCode")
        if bool(waybill) is not bool(carrier) or not _WAYBILL.fullmatch(waybill):
            raise Refused(32_300, "Invalid tracking number or carrier", status=400)
        places = {self.line_id(order.id, line.place): line.place for line in order.lines}
        if any(str(one["lineItemId"]) not in places for one in told):
            raise Refused(32_200, "Invalid line item id", status=400)
        units = {places[str(one["lineItemId"])]: int(one["quantity"]) for one in told}
        self.ship(order.id, units or None, carrier, waybill, lambda words: Refused(32_600, words, status=400))
        return Response(b"", 201, {"location": f"{asked.url}/{waybill}"})

    def _parcels(self, asked: Asked) -> dict[str, Any]:
        order = self._found(asked)
        told = [{"fulfillmentId": one.waybill, "shipmentTrackingNumber": one.waybill,
                 "shippingCarrierCode": one.carrier, "lineItems": [
                     {"lineItemId": self.line_id(order.id, place), "quantity": count}
                     for place, count in one.quantities.items()]} for one in order.parcels]  # fmt: skip
        return {"fulfillments": told, "total": len(told)}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        told = asked.args.get("requests") or []
        if not 1 <= len(told) <= 25:
            raise Refused(25_709, "Invalid value for requests", status=400)
        lines = [(next(iter(self.shelf.offers(one["sku"])), None), one["sku"],
                  int(one["shipToLocationAvailability"]["quantity"])) for one in told]  # fmt: skip
        bad = self.put_stock(lines)
        return {"responses": [
            {"sku": sku, "statusCode": 400, "errors": [{"errorId": 25_710, "message": bad[sku]}]} if sku in bad else
            {"sku": sku, "statusCode": 200} for _, sku, _ in lines]}  # fmt: skip

    def _items(self, asked: Asked) -> dict[str, Any]:
        """`offset` is the number of a page here, from 0."""
        number, size = self.need_number(asked, "offset", 0), self.need_number(asked, "limit", 25, low=1, high=100)
        page = self.pages.by_number(self.shelf.all(), number, size, first=0)
        rows = [{"sku": one.sku, "condition": "NEW",
                 "availability": {"shipToLocationAvailability": {"quantity": self.units(one)}}} for one in page.rows]
        return {"total": page.total, "size": len(rows), "limit": size, "inventoryItems": rows}

    def _public_key(self, asked: Asked) -> dict[str, Any]:
        if asked.parts["id"] != KID:
            raise Refused(195_020, "The public key id is invalid", status=404)
        return {"algorithm": "ECDSA", "digest": "SHA1", "key": self.public_key}

    def news(self, external_id: str, topic: str) -> Push:
        """A notification for a line of an order, signed over its compact bytes."""
        order, at = self.book.orders[external_id], _time(self.now())
        body = orjson.dumps({
            "metadata": {"topic": topic or PUSH_TOPIC, "schemaVersion": "1.0", "deprecated": False},
            "notification": {
                "notificationId": hex_token(f"{external_id}/{order.revision}/{topic}"), "eventDate": at,
                "publishDate": at, "publishAttemptCount": 1,
                "data": {"orderId": external_id, "lineItemId": self.line_id(external_id, 0)},
            },
        })  # fmt: skip
        signature = self._key.sign(body, ec.ECDSA(hashes.SHA1()))
        sealed = {"alg": "ecdsa", "kid": KID, "signature": base64.b64encode(signature).decode(), "digest": "SHA1"}
        header = base64.b64encode(orjson.dumps(sealed)).decode()
        return Push(body, {"content-type": "application/json", "x-ebay-signature": header})


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _money(minor: int, order: Order) -> dict[str, str]:
    return {"value": amount(minor, order.currency), "currency": order.currency}


def _order(order: Order) -> dict[str, Any]:
    who = order.receiver
    goods = sum(line.price * line.quantity for line in order.lines)
    cut = goods - order.goods + order.discount
    asked = [one for one in order.claims if one.state == at_book.ASKED and not order.parcels]
    word = {SHIPPED: "FULFILLED", RECEIVED: "FULFILLED", PART_SHIPPED: "IN_PROGRESS"}.get(order.phase, "NOT_STARTED")
    backs = [(one.id, one.amount, one.changed_at) for one in order.claims if one.state == at_book.REFUNDED]
    if order.cancelled_at and order.paid_at:
        backs = [(f"5{long_number(order.id, 9)}", order.total, order.cancelled_at)]
    went = sum(back for _, back, _ in backs)
    paid = "PENDING" if not order.paid_at else "FULLY_REFUNDED" if went >= order.total else \
        "PARTIALLY_REFUNDED" if went else "PAID"  # fmt: skip
    cancel: dict[str, Any] = {"cancelState": "CANCELED" if order.cancelled_at else "IN_PROGRESS" if asked else
                              "NONE_REQUESTED", "cancelRequests": []}  # fmt: skip
    if order.cancelled_at:
        cancel["cancelledDate"] = _time(order.cancelled_at)
    address = {"addressLine1": who["detail"], "city": who["city"], "stateOrProvince": who["province"],
               "postalCode": who["postcode"], "countryCode": who["country"]}  # fmt: skip
    to = {"fullName": who["name"], "contactAddress": address, "primaryPhone": {"phoneNumber": who["phone"]}}
    hrefs = [f"https://api.ebay.com{SELL}/order/{order.id}/shipping_fulfillment/{one.waybill}" for one in order.parcels]
    return {
        "orderId": order.id, "legacyOrderId": order.id, "creationDate": _time(order.placed_at),
        "lastModifiedDate": _time(order.changed_at), "orderFulfillmentStatus": word, "orderPaymentStatus": paid,
        "sellerId": "demo_seller", "buyer": {"username": order.buyer}, "buyerCheckoutNotes": order.note,
        "pricingSummary": {
            "priceSubtotal": _money(goods, order), "priceDiscount": _money(-cut, order),
            "deliveryCost": _money(order.freight, order), "tax": _money(order.tax, order),
            "total": _money(order.total, order),
        },
        "cancelStatus": cancel, "paymentSummary": {
            "payments": [{"paymentMethod": "EBAY", "paymentDate": _time(order.paid_at), "paymentStatus": "PAID",
                          "amount": _money(order.total, order)}] if order.paid_at else [],
            "refunds": [{"refundId": key, "refundDate": _time(at), "amount": _money(back, order),
                         "refundStatus": "REFUNDED"} for key, back, at in backs],
        },
        "fulfillmentStartInstructions": [{"fulfillmentInstructionsType": "SHIP_TO", "shippingStep": {
            "shipTo": to, "shippingServiceCode": "Standard"}}],
        "fulfillmentHrefs": hrefs, "lineItems": [_line(order, line) for line in order.lines],
    }  # fmt: skip


def _line(order: Order, line: Line) -> dict[str, Any]:
    word = "NOT_STARTED" if not line.shipped else "IN_PROGRESS" if line.open else "FULFILLED"
    return {
        "lineItemId": str(long_number(f"{order.id}/{line.place}", 10)), "sku": line.sku, "title": line.title,
        "legacyItemId": str(long_number(f"item{line.sku}", 12)), "quantity": line.quantity, "taxes": [],
        "lineItemCost": _money(line.price * line.quantity, order), "discountedLineItemCost": _money(line.due, order),
        "lineItemFulfillmentStatus": word, "listingMarketplaceId": "EBAY_US", "purchaseMarketplaceId": "EBAY_US",
    }  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    return expected_challenge(given["challenge"], given["verification_token"], given["public_url"])
