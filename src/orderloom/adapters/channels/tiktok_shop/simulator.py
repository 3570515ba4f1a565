"""TikTok Shop's partner API on loopback: signature over path, query and exact body, unit by unit, pages by token.

Settings: `shipping_type` (`SELLER`, `TIKTOK`), `masked`, `slow_seconds`. It has its own signature check and shares no
code with the client.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.tiktok_shop.return_desk import return_desk
from orderloom.adapters.channels.tiktok_shop.simulated_order import (
    STATUSES,
    WAREHOUSE,
    ids,
    order_of,
    package,
    status,
    unit_id,
)
from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import SHIPPED, Claim, Order
from orderloom.adapters.simulated.clock import Now, from_seconds, seconds
from orderloom.adapters.simulated.draw import amount, long_number
from orderloom.adapters.simulated.paging import Page, some
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

EARLY, LATE = timedelta(minutes=5), timedelta(seconds=30)
ACCESS_SECONDS, REFRESH_SECONDS = 7 * 86_400, 365 * 86_400
NAMES = ("USPS", "UPS", "FedEx", "DHL Express", "SF Express", "YTO Express", "ZTO Express", "STO Express", "4PX",
         "Yanwen", "Yunda Express", "JD Logistics", "China Post", "EMS", "Deppon Express", "J&T Express",
         "Danniao", "YunExpress")  # fmt: skip
PROVIDERS = {str(long_number(f"provider{name}", 19)): name for name in NAMES}
GENERIC = 36_009_004
PUSH_TOPIC = "1"
NOES = {
    why.RATE_LIMITED: No(36_009_002, "Too many requests.", status=429), why.BUSY: No(36_009_003, "Internal error."),
    why.EXPIRED_TOKEN: No(105_002, "Expired credentials. The 'access_token' has expired."),
    why.WRONG_TOKEN: No(GENERIC, "Invalid credentials. The 'access_token' is invalid."),
    why.WRONG_KEY: No(GENERIC, "Invalid credentials. The 'app_key' query parameter is invalid."),
    why.WRONG_TIME: No(GENERIC, "Invalid timestamp."),
    why.WRONG_SIGN: No(106_001, "Invalid credentials. The 'sign' query parameter is invalid."),
    why.UNKNOWN_CALL: No(36_009_009, "Invalid path {}."), why.MISSING: No(GENERIC, "{} is missing."),
    why.WRONG_VALUE: No(25_001_001, "Invalid parameter {}."),
    why.UNKNOWN_PARAMETER: No(25_001_001, "Invalid parameter {}."), why.NOT_FOUND: No(25_020_001, "{} not found."),
}  # fmt: skip
RETURNS = {at_book.ASKED: "RETURN_OR_REFUND_REQUEST_PENDING", at_book.AGREED: "AWAITING_BUYER_SHIP",
           at_book.SENT_BACK: "BUYER_SHIPPED_ITEM", at_book.REFUSED: "REFUND_OR_RETURN_REQUEST_REJECT",
           at_book.REFUNDED: "RETURN_OR_REFUND_REQUEST_COMPLETE",
           at_book.WITHDRAWN: "RETURN_OR_REFUND_REQUEST_CANCEL"}  # fmt: skip
CANCELLATIONS = {at_book.ASKED: "PENDING", at_book.AGREED: "SUCCESS", at_book.SENT_BACK: "SUCCESS",
                 at_book.REFUSED: "CANCELLED", at_book.REFUNDED: "COMPLETE",
                 at_book.WITHDRAWN: "CANCELLED"}  # fmt: skip
TYPES = {at_book.REFUND: "REFUND", at_book.RETURN: "RETURN_AND_REFUND", at_book.EXCHANGE: "REPLACEMENT"}
SEARCH = "page_size page_token sort_field sort_order update_time_ge update_time_lt create_time_ge create_time_lt"


def external_id(n: int) -> str:
    """The n-th valid order id: 18 digits, as a text."""
    return str(577_486_316_900_000_001 + n)


def expected_sign(secret: str, path: str, query: dict[str, str], body: bytes) -> str:
    """The signature of a call, as "Sign your API request" describes it."""
    pairs = "".join(name + query[name] for name in sorted(query) if name not in ("sign", "access_token"))
    text = secret.encode() + path.encode() + pairs.encode() + body + secret.encode()
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class Simulator(ShopSimulator):
    """One shop at TikTok."""

    NOES = NOES
    COMMON = frozenset({"app_key", "timestamp", "sign", "shop_cipher"})
    RATES = {"*": (50, 50)}

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(ids)
        self.stock = self.shelf.stock
        self.tokens = Tokens(now, float(settings.get("access_seconds", ACCESS_SECONDS)), REFRESH_SECONDS)
        self.tokens.know(credentials["access_token"], credentials["refresh_token"])

    def declare(self) -> dict[str, Call]:
        orders = f"{SEARCH} order_status shipping_type buyer_user_id is_buyer_request_cancel warehouse_ids"
        return {
            "orders/search": Call(self._search, orders, at="POST /order/202309/orders/search"),
            "orders": Call(self._details, "ids", at="GET /order/202507/orders"),
            "returns/search": Call(
                self._returns, f"{SEARCH} return_ids order_ids return_types return_status locale",
                at="POST /return_refund/202309/returns/search"),
            "cancellations/search": Call(
                self._cancellations, f"{SEARCH} cancel_ids order_ids cancel_types cancel_status locale",
                at="POST /return_refund/202309/cancellations/search"),
            **return_desk(self),
            "packages/ship": Call(self._ship, "handover_method pickup_slot self_shipment",
                                  at="POST /fulfillment/202309/packages/{id}/ship", is_write=True),
            "orders/packages": Call(
                self._mark_shipped, "order_line_item_ids tracking_number shipping_provider_id",
                at="POST /fulfillment/202309/orders/{id}/packages", is_write=True),
            "shipping_providers": Call(
                lambda _: {"shipping_providers": [{"id": key, "name": name} for key, name in PROVIDERS.items()]},
                at="GET /logistics/202309/delivery_options/{id}/shipping_providers"),
            "products/search": Call(self._products, "page_size page_token seller_skus status",
                                    at="POST /product/202502/products/search"),
            "inventory/update": Call(self._stock, "skus", at="POST /product/202309/products/{id}/inventory/update",
                                     is_write=True),
            "shops": Call(lambda _: {"shops": [{"id": self.credentials["shop_id"], "name": "Demo",
                                                "cipher": self.credentials["shop_cipher"]}]},
                          at="GET /authorization/202309/shops"),
            "token/get": Call(self._token, "app_key app_secret auth_code grant_type", at="GET /api/v2/token/get",
                              is_open=True),
            "token/refresh": Call(self._token, "app_key app_secret refresh_token grant_type",
                                  at="GET /api/v2/token/refresh", is_open=True),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return len(text) == 18 and text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return unit_id(order_id, place, 0)

    def status(self, external_id: str) -> str:
        return status(self.book.orders[external_id])

    def write(self, content: Any, asked: Asked) -> Response:
        return self.respond(orjson.dumps({"code": 0, "message": "Success", "request_id": "r", "data": content}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        body = {"code": refused.code, "message": refused.message, "request_id": "r", "data": None}
        return self.respond(orjson.dumps(body), refused.status, refused.headers)

    def verify(self, asked: Asked) -> None:
        """Key, time, signature, token, shop."""
        query = asked.query
        for name in ("app_key", "timestamp", "sign"):
            if not query.get(name):
                raise self.no(why.MISSING, name)
        if query["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        sent, now = self.instant(asked, "timestamp", from_seconds), self.wall()
        if not now - EARLY <= sent <= now + LATE:
            raise self.no(why.WRONG_TIME)
        if not same(query["sign"], expected_sign(self.credentials["app_secret"], asked.path, query, asked.body)):
            raise self.no(why.WRONG_SIGN)
        token = asked.headers.get("x-tts-access-token", "")
        assert self.tokens is not None
        if not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)
        if asked.name == "shops":
            return
        if query.get("shop_cipher") != self.credentials["shop_cipher"]:
            raise Refused(106_013, "The 'shop_cipher' query parameter is missing or invalid.")

    def _token(self, asked: Asked) -> dict[str, Any]:
        if asked.text("app_key") != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if not same(asked.text("app_secret"), self.credentials["app_secret"]):
            raise Refused(GENERIC, "Invalid app_secret.")
        kind = {"token/get": ("authorized_code", "auth_code"), "token/refresh": ("refresh_token", "refresh_token")}
        grant_type, name = kind[asked.name]
        (value,) = self.need(asked, name)
        assert self.tokens is not None
        if asked.text("grant_type") != grant_type:
            raise self.no(why.WRONG_VALUE, "grant_type")
        try:
            grant = self.tokens.by_code(value) if name == "auth_code" else self.tokens.refresh(value)
        except NotGranted as no:
            raise Refused(105_001, f"{name} is {no.reason}") from no
        return _granted(grant)

    def _window(self, asked: Asked) -> tuple[datetime, datetime, str]:
        for by, attribute in (("update_time", "changed_at"), ("create_time", "placed_at")):
            if asked.text(f"{by}_ge"):
                start, end = (self.instant(asked, f"{by}_{side}", from_seconds) for side in ("ge", "lt"))
                if start >= end:
                    raise self.no(why.WRONG_VALUE, f"{by}_ge")
                return start, end - timedelta(seconds=1), attribute
        raise self.no(why.MISSING, "update_time_ge")

    def _page(self, asked: Asked, rows: list[Any], most: int) -> Page[Any]:
        self.one_of(asked, "sort_field", frozenset({"create_time", "update_time"}), "create_time")
        is_falling = self.one_of(asked, "sort_order", frozenset({"ASC", "DESC"}), "DESC") == "DESC"
        size = self.need_number(asked, "page_size", 20, low=1, high=most)
        try:
            return self.pages.by_cursor(rows[::-1] if is_falling else rows, asked.text("page_token"), size)
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "page_token") from error

    def _search(self, asked: Asked) -> dict[str, Any]:
        start, end, by = self._window(asked)
        wanted = self.one_of(asked, "order_status", frozenset({"", "ON_HOLD", *STATUSES.values()}))
        found = [one for one in self.shown(self.book.between(start, end, by)) if not wanted or status(one) == wanted]
        page = self._page(asked, found, 100)
        return {"orders": [self._order(one) for one in page.rows], "next_page_token": page.next,
                "total_count": page.total}  # fmt: skip

    def _details(self, asked: Asked) -> dict[str, Any]:
        (wanted,) = self.need(asked, "ids")
        try:
            return {"orders": [self._order(one) for one in some(wanted.split(","), self.book.orders, 50)]}
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "ids") from error

    def _order(self, order: Order) -> dict[str, Any]:
        return order_of(order, str(self.settings.get("shipping_type") or "SELLER"), is_masked=self.is_masked(order.id))

    def _claims(self, asked: Asked, *, are_sent: bool) -> Page[Claim]:
        if ids := asked.args.get("return_ids" if are_sent else "cancel_ids"):
            claims = [self.book.claims[str(one)] for one in ids if str(one) in self.book.claims]
        else:
            start, end, by = self._window(asked)
            claims = self.book.claims_between(start, end, "asked_at" if by == "placed_at" else by)
        return self._page(asked, [one for one in claims if self._is_return(one) is are_sent], 50)

    def _is_return(self, claim: Claim) -> bool:
        """Before anything is sent an order is cancelled; afterwards it is returned."""
        return bool(self.book.orders[claim.order_id].parcels)

    def _returns(self, asked: Asked) -> dict[str, Any]:
        page = self._claims(asked, are_sent=True)
        return {"return_orders": [self._return(one) for one in page.rows], "total_count": page.total,
                "next_page_token": page.next}  # fmt: skip

    def _return(self, claim: Claim) -> dict[str, Any]:
        return {
            "return_id": claim.id, "order_id": claim.order_id, "return_type": TYPES[claim.kind],
            "return_status": RETURNS[claim.state], "role": "BUYER", "return_reason_text": claim.reason,
            "return_tracking_number": claim.waybill, "return_provider_name": claim.carrier,
            "create_time": seconds(claim.asked_at), "update_time": seconds(claim.changed_at),
            "refund_amount": self._back(claim), "return_line_items": self._units(claim),
        }  # fmt: skip

    def _cancellations(self, asked: Asked) -> dict[str, Any]:
        page = self._claims(asked, are_sent=False)
        rows = [{
            "cancel_id": one.id, "order_id": one.order_id, "cancel_type": "BUYER_CANCEL", "role": "BUYER",
            "cancel_status": f"CANCELLATION_REQUEST_{CANCELLATIONS[one.state]}", "cancel_reason_text": one.reason,
            "create_time": seconds(one.asked_at), "update_time": seconds(one.changed_at),
            "refund_amount": self._back(one), "cancel_line_items": self._units(one),
        } for one in page.rows]  # fmt: skip
        return {"cancellations": rows, "total_count": page.total, "next_page_token": page.next}

    def _back(self, claim: Claim) -> dict[str, str]:
        currency = self.book.orders[claim.order_id].currency
        return {"currency": currency, "refund_total": amount(claim.amount, currency)}

    def _units(self, claim: Claim) -> list[dict[str, str]]:
        line = self.book.orders[claim.order_id].lines[claim.place]
        return [{"order_line_item_id": unit_id(claim.order_id, claim.place, n), "sku_id": ids(line.sku)[1],
                 "seller_sku": line.sku} for n in range(claim.quantity)]  # fmt: skip

    def _ship(self, asked: Asked) -> dict[str, Any]:
        order = next((one for one in self.book.orders.values() if package(one) == asked.parts["id"]), None)
        if order is None:
            raise self.no(why.NOT_FOUND, "package")
        own, is_platform = asked.args.get("self_shipment"), self.settings.get("shipping_type") == "TIKTOK"
        if is_platform:
            self.one_of(asked, "handover_method", frozenset({"PICKUP", "DROP_OFF"}))
        if (own is not None) is is_platform:
            raise self.no(why.WRONG_VALUE, "self_shipment")
        waybill, provider = f"94{long_number(order.id, 20)}", next(iter(PROVIDERS))
        if own is not None:
            waybill, provider = str(own.get("tracking_number") or ""), str(own.get("shipping_provider_id") or "")
        self._send(order, None, waybill, provider)
        return {}

    def _mark_shipped(self, asked: Asked) -> dict[str, Any]:
        waybill, provider = self.need(asked, "tracking_number", "shipping_provider_id")
        order = self.book.orders.get(asked.parts["id"])
        if order is None:
            raise self.no(why.NOT_FOUND, "order")
        places = {unit_id(order.id, line.place, n): line.place for line in order.lines for n in range(line.quantity)}
        wanted = [str(one) for one in asked.args.get("order_line_item_ids") or []]
        if any(one not in places for one in wanted):
            raise self.no(why.WRONG_VALUE, "order_line_item_ids")
        units: dict[int, int] = {}
        for one in wanted:
            units[places[one]] = units.get(places[one], 0) + 1
        self._send(order, units or None, waybill, provider)
        return {"order_id": order.id, "order_line_item_ids": wanted, "package_id": package(order)}

    def _send(self, order: Order, units: dict[int, int] | None, waybill: str, provider: str) -> None:
        if order.phase == SHIPPED:
            raise Refused(11_006_021, "Package has been shipped. Please not ship the package again.")
        if provider not in PROVIDERS:
            raise Refused(11_028_006, "This tracking number cannot be matched to any carrier")
        self.ship(order.id, units, PROVIDERS[provider], waybill, lambda words: Refused(21_001_001, words))
        sent = order.parcels[-1].quantities
        self.shipments[order.id][-1]["lines"] = [
            {"external_line_id": unit_id(order.id, place, n), "quantity": 1} for place, count in sent.items()
            for n in range(order.lines[place].shipped - count, order.lines[place].shipped)]

    def _products(self, asked: Asked) -> dict[str, Any]:
        codes = asked.args.get("seller_skus") or []
        if len(codes) > 10:
            raise Refused(12_019_027, 'The maximum count of "seller_skus" in the search filter is 10.')
        size = self.need_number(asked, "page_size", low=1, high=100)
        offers = [one for code in codes for one in self.shelf.offers(code)] if codes else self.shelf.all()
        if asked.text("status", "ALL") not in ("ALL", "ACTIVATE"):
            offers = []
        try:
            page = self.pages.by_cursor(offers, asked.text("page_token"), size)
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "page_token") from error
        found = [{"id": one.item, "title": one.name, "status": "ACTIVATE",
                  "skus": [{"id": one.variant, "seller_sku": one.sku,
                            "inventory": [{"warehouse_id": WAREHOUSE, "quantity": self.units(one)}]}]}
                 for one in page.rows]  # fmt: skip
        return {"products": found, "total_count": page.total, "next_page_token": page.next}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        told = asked.args.get("skus") or []
        if not told:
            raise self.no(why.MISSING, "skus")
        lines = []
        for one in told:
            if any(place.get("warehouse_id", WAREHOUSE) != WAREHOUSE for place in one["inventory"]):
                raise Refused(12_052_097, "The warehouse does not exist")
            lines.append((self.shelf.at(asked.parts["id"], one["id"]), one["id"], int(one["inventory"][0]["quantity"])))
        bad = self.put_stock(lines)
        return {"errors": [{"code": 12_052_990, "message": words, "detail": {"sku_id": key}}
                           for key, words in bad.items()]}  # fmt: skip

    def news(self, external_id: str, topic: str) -> Push:
        """Webhook 1: the order's status, with CANCEL for CANCELLED; other types name the order alone."""
        order, kind = self.book.orders[external_id], int(topic or 1)
        word = {"CANCELLED": "CANCEL", "PARTIALLY_SHIPPING": "AWAITING_SHIPMENT"}.get(status(order), status(order))
        data: dict[str, Any] = {"order_id": order.id, "update_time": seconds(order.changed_at)}
        if kind in (11, 12) and order.claims:
            data["cancel_id" if kind == 11 else "return_id"] = order.claims[-1].id
        body = orjson.dumps({
            "type": kind, "tts_notification_id": str(long_number(f"{order.id}/{order.revision}/{kind}", 19)),
            "shop_id": self.credentials["shop_id"], "timestamp": seconds(self.now()),
            "data": {**data, "order_status": word, "is_on_hold_order": False} if kind == 1 else data,
        })  # fmt: skip
        signed = _of_push(self.credentials, body)
        return Push(body, {"content-type": "application/json", "authorization": signed})


def _granted(grant: Grant) -> dict[str, Any]:
    """Ends are instants here, not durations."""
    return {"access_token": grant.access, "refresh_token": grant.refresh, "user_type": 0, "seller_name": "Demo",
            "access_token_expire_in": seconds(grant.access_until),
            "refresh_token_expire_in": seconds(grant.refresh_until)}  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "app_key" in given:
        return _of_push(given, given["raw_body"].encode())
    return expected_sign(given["app_secret"], given["path"], vector["query"], given.get("raw_body", "").encode())


def _of_push(credentials: Mapping[str, str], body: bytes) -> str:
    key, secret = credentials["app_key"].encode(), credentials["app_secret"].encode()
    return hmac.new(secret, key + body, hashlib.sha256).hexdigest()
