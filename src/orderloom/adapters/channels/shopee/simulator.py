"""Shopee's Open Platform v2 on loopback: checks every call by its guide, ships by the one mode that is open, pushes.

Settings: `shipping_mode` (`non_integrated`, `pickup`, `dropoff`), `masked`, `slow_seconds`, `push_key`. It has its own
signature check and shares no code with the client.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.shopee import simulated_goods as goods
from orderloom.adapters.channels.shopee import simulated_order as shape
from orderloom.adapters.channels.shopee.return_desk import return_desk
from orderloom.adapters.simulated import book as at_book
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import SHIPPED, Claim, Order
from orderloom.adapters.simulated.clock import Now, from_seconds, seconds
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.paging import some
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import NotGranted, Tokens

TOLERANCE = timedelta(minutes=5)
WINDOW_MAX = timedelta(days=15)
DETAILS_MAX, PAGE_MAX, STOCK_MAX = 50, 100, 50
ACCESS_SECONDS, REFRESH_SECONDS = 14_400, 30 * 86_400
NOES = {
    why.RATE_LIMITED: No("error_rate_limit", "Too many requests.", status=429),
    why.BUSY: No("error_server", "Something wrong. Please try later."),
    why.EXPIRED_TOKEN: No("error_auth", "Invalid access_token."),
    why.WRONG_TOKEN: No("error_auth", "Invalid access_token."), why.WRONG_KEY: No("error_param", "Invalid partner_id."),
    why.WRONG_TIME: No("error_param", "Invalid timestamp"), why.WRONG_SIGN: No("error_sign", "Wrong sign."),
    why.UNKNOWN_CALL: No("error_not_found", "no such api {}"), why.MISSING: No("error_param", "There is no {}."),
    why.WRONG_VALUE: No("error_param", "Wrong parameters, detail: {}."),
    why.UNKNOWN_PARAMETER: No("error_param", "Wrong parameters, detail: {}."),
    why.NOT_FOUND: No("error_not_found", "Wrong parameters, detail: {}."),
}  # fmt: skip
FILTERS = frozenset({"UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "COMPLETED", "IN_CANCEL", "CANCELLED",
                     "INVOICE_PENDING", "TO_CONFIRM_RECEIVE", "TO_RETURN", "RETRY_SHIP"})  # fmt: skip
CLAIMS = {at_book.ASKED: "REQUESTED", at_book.AGREED: "ACCEPTED", at_book.SENT_BACK: "ACCEPTED",
          at_book.REFUSED: "SELLER_DISPUTE", at_book.REFUNDED: "ACCEPTED", at_book.WITHDRAWN: "CANCELLED"}  # fmt: skip
ALWAYS = frozenset({"order_sn", "region", "currency", "cod", "order_status", "message_to_seller", "create_time",
                    "update_time", "days_to_ship", "ship_by_date", "booking_sn"})  # fmt: skip
PICKUP = {"address_id": 234, "pickup_time_id": "1772416800_1"}
PUBLIC = ("/api/v2/auth/token/get", "/api/v2/auth/access_token/get")


def external_id(n: int) -> str:
    """The n-th valid `order_sn`."""
    return f"2603015XB{n:05d}"


class Simulator(ShopSimulator):
    """One shop at Shopee."""

    NOES = NOES
    COMMON = frozenset({"partner_id", "timestamp", "sign", "access_token", "shop_id"})

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(goods.ids)
        self.stock = self.shelf.stock
        self.tokens = Tokens(
            now, float(settings.get("access_seconds", ACCESS_SECONDS)),
            float(settings.get("refresh_seconds", REFRESH_SECONDS)), is_single_use=True)
        self.tokens.know(credentials["access_token"], credentials["refresh_token"], credentials["shop_id"])

    def declare(self) -> dict[str, Call]:
        window = "time_range_field time_from time_to page_size cursor order_status response_optional_fields"
        return {
            "get_order_list": Call(self._list, f"{window} request_order_status_pending",
                                   at="GET /api/v2/order/get_order_list"),
            "get_order_detail": Call(
                self._details, "order_sn_list response_optional_fields request_order_status_pending",
                at="GET /api/v2/order/get_order_detail"),
            "get_return_list": Call(
                self._returns, "page_no page_size create_time_from create_time_to update_time_from update_time_to "
                "status", at="GET /api/v2/returns/get_return_list"),
            "get_return_detail": Call(self._return, "return_sn", at="GET /api/v2/returns/get_return_detail"),
            **return_desk(self),
            "get_shipping_parameter": Call(self._modes, "order_sn package_number",
                                           at="GET /api/v2/logistics/get_shipping_parameter"),
            "ship_order": Call(self._ship, "order_sn package_number pickup dropoff non_integrated",
                               at="POST /api/v2/logistics/ship_order", is_write=True),
            "get_tracking_number": Call(self._tracking, "order_sn package_number",
                                        at="GET /api/v2/logistics/get_tracking_number"),
            "get_item_list": Call(self._items, "offset page_size item_status", at="GET /api/v2/product/get_item_list"),
            "get_item_base_info": Call(self._item, "item_id_list", at="GET /api/v2/product/get_item_base_info"),
            "get_model_list": Call(self._models, "item_id", at="GET /api/v2/product/get_model_list"),
            "get_comment": Call(self._comments, "cursor page_size", at="GET /api/v2/product/get_comment"),
            "update_stock": Call(self._stock, "item_id stock_list", at="POST /api/v2/product/update_stock",
                                 is_write=True),
            "token_get": Call(self._token, "code partner_id shop_id", at=f"POST {PUBLIC[0]}"),
            "access_token_get": Call(self._renew, "refresh_token partner_id shop_id", at=f"POST {PUBLIC[1]}"),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return len(text) == 14 and text.isalnum()

    def line_id(self, order_id: str, place: int) -> str:
        return ":".join(goods.ids(self.book.orders[order_id].lines[place].sku))

    def status(self, external_id: str) -> str:
        return shape.status(self.book.orders[external_id])

    def write(self, content: Any, asked: Asked) -> Response:
        body = content if asked.path in PUBLIC else {"response": content}
        return self.respond(orjson.dumps({"error": "", "message": "", "request_id": "r", **body}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        body = {"error": refused.code, "message": refused.message, "request_id": "r"}
        return self.respond(orjson.dumps(body), refused.status, refused.headers)

    def verify(self, asked: Asked) -> None:
        """Partner, time and signature; the text signed depends on whether the call is the shop's or the app's."""
        query, is_public = asked.query, asked.path in PUBLIC
        for name in ("partner_id", "timestamp", "sign", *(() if is_public else ("access_token", "shop_id"))):
            if not query.get(name):
                raise self.no(why.MISSING, f"{name} in query")
        if query["partner_id"] != self.credentials["partner_id"]:
            raise self.no(why.WRONG_KEY)
        if abs(self.instant(asked, "timestamp", from_seconds) - self.wall()) > TOLERANCE:
            raise self.no(why.WRONG_TIME)
        text = query["partner_id"] + asked.path + query["timestamp"]
        if not is_public:
            text += query["access_token"] + query["shop_id"]
        if not same(query["sign"], self._digest("partner_key", text.encode())):
            raise self.no(why.WRONG_SIGN)
        if is_public:
            return
        if query["shop_id"] != self.credentials["shop_id"]:
            raise Refused("error_shop", "shopid is invalid")
        assert self.tokens is not None
        if not self.tokens.holder(query["access_token"]):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(query["access_token"]) else why.WRONG_TOKEN)

    def _digest(self, key: str, text: bytes) -> str:
        return _signature(self.credentials[key], text)

    def _token(self, asked: Asked) -> dict[str, Any]:
        (code,) = self.need(asked, "code")
        assert self.tokens is not None
        try:
            return self._grant(self.tokens.by_code(code))
        except NotGranted as no:
            raise Refused("error_auth", f"Invalid code: {no.reason}") from no

    def _renew(self, asked: Asked) -> dict[str, Any]:
        (token,) = self.need(asked, "refresh_token")
        assert self.tokens is not None
        try:
            return self._grant(self.tokens.refresh(token))
        except NotGranted as no:
            raise Refused("error_auth", f"Invalid refresh_token: {no.reason}") from no

    def _grant(self, grant: Any) -> dict[str, Any]:
        return {"access_token": grant.access, "refresh_token": grant.refresh,
                "expire_in": grant.lives(self.now())[0], "shop_id": _id(self.credentials["shop_id"])}  # fmt: skip

    def _list(self, asked: Asked) -> dict[str, Any]:
        by = self.one_of(asked, "time_range_field", frozenset({"create_time", "update_time"}))
        start, end = (self.instant(asked, name, from_seconds) for name in ("time_from", "time_to"))
        size = self.need_number(asked, "page_size", low=1, high=PAGE_MAX)
        if not start <= end <= start + WINDOW_MAX:
            raise Refused("order.order_list_invalid_time", "Start time must be earlier than end time, within 15 days")
        wanted = self.one_of(asked, "order_status", FILTERS | {""})
        found = self.shown(self.book.between(start, end, "changed_at" if by == "update_time" else "placed_at"))
        tell = shape.teller(asked)
        try:
            page = self.pages.by_cursor([one for one in found if not wanted or tell(one) == wanted],
                                        asked.text("cursor"), size)  # fmt: skip
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "cursor") from error
        with_status = "order_status" in asked.text("response_optional_fields").split(",")
        rows = [{"order_sn": one.id} | ({"order_status": tell(one)} if with_status else {}) for one in page.rows]
        return {"more": page.has_more, "next_cursor": page.next, "order_list": rows}

    def _details(self, asked: Asked) -> dict[str, Any]:
        (ids,) = self.need(asked, "order_sn_list")
        try:
            found = some(ids.split(","), self.book.orders, DETAILS_MAX)
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "order_sn_list") from error
        wanted = ALWAYS | set(asked.text("response_optional_fields").split(","))
        tell = shape.teller(asked)
        whole = [shape.order_of(one, is_masked=self.is_masked(one.id)) | {"order_status": tell(one)} for one in found]
        return {"order_list": [{name: value for name, value in one.items() if name in wanted} for one in whole]}

    def _returns(self, asked: Asked) -> dict[str, Any]:
        by, attribute = ("update_time", "changed_at") if asked.text("update_time_from") else ("create_time", "asked_at")
        start, end = (self.instant(asked, f"{by}_{side}", from_seconds) for side in ("from", "to"))
        size, number = self.need_number(asked, "page_size", 40, low=1, high=100), self.need_number(asked, "page_no", 0)
        if not start <= end <= start + WINDOW_MAX:
            raise self.no(why.WRONG_VALUE, "The period must not more than 15 days")
        claims = self.book.claims_between(start, end, attribute)
        wanted = self.one_of(asked, "status", frozenset({"", "JUDGING", "CLOSED", "PROCESSING", *CLAIMS.values()}))
        asked_for = [one for one in claims if not wanted or CLAIMS[one.state] == wanted]
        page = self.pages.by_number(asked_for, number, size, 0)
        return {"more": page.has_more, "return": [self._claim(one) for one in page.rows]}

    def _return(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "return_sn")
        if key not in self.book.claims:
            raise self.no(why.NOT_FOUND, "return_sn")
        return self._claim(self.book.claims[key])

    def _claim(self, claim: Claim) -> dict[str, Any]:
        order = self.book.orders[claim.order_id]
        line, (item, model) = order.lines[claim.place], goods.ids(order.lines[claim.place].sku)
        return {
            "return_sn": claim.id, "order_sn": order.id, "status": CLAIMS[claim.state], "reason": "CHANGE_MIND",
            "text_reason": claim.reason, "refund_amount": shape.money(claim.amount, order), "currency": order.currency,
            "create_time": seconds(claim.asked_at), "update_time": seconds(claim.changed_at),
            "needs_logistics": claim.kind != at_book.REFUND, "return_solution": int(claim.kind == at_book.REFUND),
            "tracking_number": claim.waybill, "negotiation_status": "PENDING_RESPOND",
            "item": [{"item_id": int(item), "model_id": int(model), "name": line.title, "amount": claim.quantity,
                      "item_price": shape.money(line.price, order), "item_sku": "", "variation_sku": line.sku}],
        }  # fmt: skip

    def _found(self, asked: Asked) -> Order:
        (key,) = self.need(asked, "order_sn")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, "order_sn")
        return self.book.orders[key]

    def _mode(self) -> str:
        return str(self.settings.get("shipping_mode") or "non_integrated")

    def _modes(self, asked: Asked) -> dict[str, Any]:
        self._expect_ready(self._found(asked))
        needed = {"pickup": [*PICKUP], "dropoff": [], "non_integrated": ["tracking_number"]}[self._mode()]
        slots = [{"date": 1_772_416_800, "time_text": "", "pickup_time_id": PICKUP["pickup_time_id"]}]
        address = {"address_id": PICKUP["address_id"], "address_flag": ["pickup_address"], "time_slot_list": slots}
        pickup = {"address_list": [address]} if self._mode() == "pickup" else None
        return {"info_needed": {self._mode(): needed}, "dropoff": None, "pickup": pickup}

    def _expect_ready(self, order: Order) -> None:
        if order.phase == SHIPPED:
            raise Refused("logistics.package_already_shipped", "The package has been shipped.")
        if shape.status(order) not in ("READY_TO_SHIP", "PROCESSED"):
            raise Refused("logistics.ship_order_not_ready_to_ship", "The order is not ready to ship.")

    def _ship(self, asked: Asked) -> dict[str, Any]:
        order, modes = self._found(asked), [n for n in ("pickup", "dropoff", "non_integrated") if n in asked.args]
        self._expect_ready(order)
        if modes != [self._mode()]:
            raise Refused("logistics.ship_order_only_support_one_type", f"only {self._mode()} is supported")
        said = asked.args[modes[0]]
        if modes == ["pickup"] and said != PICKUP:
            raise self.no(why.WRONG_VALUE, "pickup.address_id, pickup.pickup_time_id")
        waybill = said.get("tracking_number") or f"MY{long_number(order.id, 12)}"
        self.ship(order.id, None, order.purchase.get("carrier", "Standard Delivery"), waybill,
                  lambda words: Refused("logistics.error_param", words))
        return {}

    def _tracking(self, asked: Asked) -> dict[str, Any]:
        parcels = self._found(asked).parcels
        return {"tracking_number": parcels[0].waybill if parcels else "", "hint": ""}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        (item,) = self.need(asked, "item_id")
        told = asked.args.get("stock_list")
        if not isinstance(told, list) or not 1 <= len(told) <= STOCK_MAX:
            raise self.no(why.WRONG_VALUE, "stock_list")
        lines = [(self.shelf.at(item, str(one["model_id"])), str(one["model_id"]), int(one["seller_stock"][0]["stock"]))
                 for one in told]  # fmt: skip
        bad = self.put_stock(lines)
        return {"failure_list": [{"model_id": int(key), "failed_reason": words} for key, words in bad.items()],
                "success_list": [{"model_id": int(key), "location_id": "", "stock": units}
                                 for _, key, units in lines if key not in bad]}  # fmt: skip

    def _items(self, asked: Asked) -> dict[str, Any]:
        self.one_of(asked, "item_status", frozenset({"NORMAL"}))
        offset, size = self.need_number(asked, "offset"), self.need_number(asked, "page_size", low=1, high=100)
        page = self.pages.by_offset(self.shelf.items(), offset, size)
        rows = [{"item_id": int(one.item), "item_status": "NORMAL"} for one in page.rows]
        return {"item": rows, "total_count": page.total, "has_next_page": page.has_more, "next_offset": offset + size}

    def _item(self, asked: Asked) -> dict[str, Any]:
        wanted = set(self.need(asked, "item_id_list")[0].split(","))
        if len(wanted) > 50:
            raise self.no(why.WRONG_VALUE, "item_id_list")
        return {"item_list": [goods.item(one, self.units(one)) for one in self.shelf.items() if one.item in wanted]}

    def _models(self, asked: Asked) -> dict[str, Any]:
        (item,) = self.need(asked, "item_id")
        found = [one for one in self.shelf.all() if one.item == item and one.variant]
        return {"model": [goods.model(one, self.units(one)) for one in found]}

    def _comments(self, asked: Asked) -> dict[str, Any]:
        size = self.need_number(asked, "page_size", low=1, high=100)
        told = [goods.Comment(str(n), one) for n, one in enumerate(self.book.ratings, 1)]
        page = self.pages.by_cursor(told[::-1], asked.text("cursor"), size)
        rows = [goods.comment(row, self.book.orders[row.said.order_id].lines[row.said.place].sku) for row in page.rows]
        return {"item_comment_list": rows, "more": page.has_more, "next_cursor": page.next}

    def news(self, external_id: str, topic: str) -> Push:
        """Code 3, or 4 once it has a waybill and the topic asks for it: a hint that names the order `ordersn`."""
        order, code = self.book.orders[external_id], 4 if topic == "4" else 3
        data: dict[str, Any] = {"ordersn": order.id, "status": shape.status(order), "items": [],
                                "completed_scenario": "", "update_time": seconds(order.changed_at)}  # fmt: skip
        if code == 4:
            data = {"ordersn": order.id, "package_number": shape.package(order),
                    "tracking_no": order.parcels[-1].waybill if order.parcels else ""}  # fmt: skip
        body = orjson.dumps({"data": data, "shop_id": _id(self.credentials["shop_id"]), "code": code,
                             "timestamp": seconds(self.now()), "msg_id": f"m{order.revision}"})  # fmt: skip
        key = "push_key" if self.credentials.get("push_key") else "partner_key"
        signed = self._digest(key, self.push_url.encode() + b"|" + body)
        return Push(body, {"content-type": "application/json", "authorization": signed})


def _id(text: str) -> int | str:
    """Shops are numbers, where they are."""
    return int(text) if text.isdigit() else text


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "raw_body" in given:
        key = given.get("push_key") or given["partner_key"]
        return _signature(key, f"{given['public_url']}|{given['raw_body']}".encode())
    names = ("partner_id", "path", "now", "access_token", "shop_id")
    return _signature(given["partner_key"], "".join(str(given.get(name, "")) for name in names).encode())


def _signature(key: str, text: bytes) -> str:
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()
