"""Lazada's Open Platform on loopback: sorted signature, one item a unit, pack and ready-to-ship, stock as XML, pushes.

The platform gives every parcel its number: none is told to it. Settings: `masked`, `slow_seconds`. It has its own
signature check and shares no code with the client.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.lazada.return_desk import update
from orderloom.adapters.channels.lazada.simulated_order import ids, items_of, order_of, reverse_of, units
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import PAID, PART_SHIPPED, Order
from orderloom.adapters.simulated.clock import Now, seconds
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

PUSH_TOPIC = "0"
GIVES_WAYBILLS = True
"""The platform makes the numbers of the parcels."""
TOLERANCE = timedelta(hours=2)
OFFSET_MAX, LIMIT_MAX, ORDERS_MAX, STOCK_MAX = 5_000, 100, 50, 50
ACCESS_SECONDS, REFRESH_SECONDS = 30 * 86_400, 180 * 86_400
SYSTEM = "app_key timestamp sign_method access_token sign partner_id debug"
"""`partner_id` is the version of the platform's own client, `debug` its own as well."""
NOES = {
    why.RATE_LIMITED: No("ApiCallLimit", "The request is too frequent, this ban will last 1 second"),
    why.BUSY: No("E006", "Unexpected internal error"),
    why.EXPIRED_TOKEN: No("IllegalAccessToken", "The specified access token is invalid or expired"),
    why.WRONG_TOKEN: No("IllegalAccessToken", "The specified access token is invalid or expired"),
    why.WRONG_KEY: No("InvalidAppKey", "The specified App Key is invalid"),
    why.WRONG_TIME: No("IllegalTimestamp", "The specified timestamp is expired"),
    why.WRONG_SIGN: No("IncompleteSignature", "The request signature does not conform to platform standards"),
    why.UNKNOWN_CALL: No("InvalidApiPath", "The specified API path {} is invalid"),
    why.MISSING: No("MissingParameter", "The input parameter {} is missing"),
    why.WRONG_VALUE: No("E019", "Invalid {}"), why.UNKNOWN_PARAMETER: No("InvalidParameter", "Invalid {}"),
    why.NOT_FOUND: No("E016", "Invalid order id {}"),
}  # fmt: skip
STATUSES = frozenset({
    "unpaid", "pending", "packed", "repacked", "ready_to_ship_pending", "topack", "toship", "ready_to_ship", "shipped",
    "shipping", "delivered", "returned", "canceled", "failed", "lost",
})  # fmt: skip
_SKU = re.compile(r"<Sku>(.*?)</Sku>", re.DOTALL)
_TAG = re.compile(r"<(ItemId|SkuId|SellerSku|SellableQuantity)>([^<]*)</\1>")
_PAYLOAD = re.compile(r"\s*<Request>\s*<Product>\s*<Skus>.*</Skus>\s*</Product>\s*</Request>\s*", re.DOTALL)


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return str(260_422_900_000_001 + n * 1_000)


def expected_sign(secret: str, path: str, params: Mapping[str, str]) -> str:
    """The signature of a call: path, then every parameter sorted; upper case."""
    text = path + "".join(name + params[name] for name in sorted(params) if name != "sign")
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


class Simulator(ShopSimulator):
    """One seller at Lazada."""

    NOES = NOES
    COMMON = frozenset(SYSTEM.split())

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.packed: dict[str, str] = {}
        """The package of each unit that was packed."""
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(ids)
        self.stock = self.shelf.stock
        self.tokens = Tokens(now, float(settings.get("access_seconds", ACCESS_SECONDS)), REFRESH_SECONDS)
        self.tokens.know(credentials["access_token"], credentials["refresh_token"])

    def declare(self) -> dict[str, Call]:
        times = "created_after created_before update_after update_before"
        lines = "ReverseOrderLineModifiedTimeRangeStart ReverseOrderLineModifiedTimeRangeEnd"
        calls = {
            "orders/get": (self._orders, f"{times} status sort_by sort_direction limit offset"),
            "order/get": (self._order, "order_id"),
            "order/items/get": (lambda asked: self._items(self._found(asked)), "order_id"),
            "orders/items/get": (self._many_items, "order_ids"),
            "reverse/getreverseordersforseller": (
                self._reverse, f"page_no page_size {lines} request_type_list reverse_order_id trade_order_id"),
            "products/get": (self._products, "filter sku_seller_list limit offset options"),
        }  # fmt: skip
        writes = {
            "order/fulfill/pack": (self._pack, "packReq"), "order/package/rts": (self._ready, "readyToShipReq"),
            "product/stock/sellable/update": (self._stock, "payload"),
            "order/reverse/return/update": (
                lambda asked: update(self, asked),
                "action reverse_order_id reverse_order_item_ids reason_id comment image_info"),
        }  # fmt: skip
        found = {name: Call(answer, known, f"GET /rest/{name}") for name, (answer, known) in calls.items()}
        found |= {name: Call(answer, known, f"POST /rest/{name}", is_write=True)
                  for name, (answer, known) in writes.items()}  # fmt: skip
        for name, known in (("create", "code"), ("refresh", "refresh_token")):
            found[f"auth/token/{name}"] = Call(self._token, known, f"POST /rest/auth/token/{name}")
        return found

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return next(one for one, at in units(self.book.orders[order_id]) if at == place)

    def status(self, external_id: str) -> str:
        return ",".join(order_of(self.book.orders[external_id], self.packed, is_masked=False)["statuses"])

    def write(self, content: Any, asked: Asked) -> Response:
        is_plain = isinstance(content, dict) and ("result" in content or "access_token" in content)
        body = content if is_plain else {"data": content}
        return self.respond(orjson.dumps({"code": "0", "request_id": "r", **body}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        body = {"code": refused.code, "type": "ISV", "message": refused.message, "request_id": "r"}
        return self.respond(orjson.dumps(body))

    def verify(self, asked: Asked) -> None:
        """Key, time, signature over every parameter, token."""
        is_auth = asked.name.startswith("auth/")
        self.need(asked, "app_key", "timestamp", "sign_method", "sign", *(() if is_auth else ("access_token",)))
        if asked.text("app_key") != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        sent = self.instant(asked, "timestamp", _from_millis)
        if abs(sent - self.wall()) > TOLERANCE:
            raise self.no(why.WRONG_TIME)
        self.one_of(asked, "sign_method", frozenset({"sha256"}))
        given = {name: str(value) for name, value in {**asked.query, **asked.form}.items()}
        if not same(given["sign"], expected_sign(self.credentials["app_secret"], f"/{asked.name}", given)):
            raise self.no(why.WRONG_SIGN)
        assert self.tokens is not None
        if not is_auth and not self.tokens.holder(asked.text("access_token")):
            raise self.no(why.EXPIRED_TOKEN)

    def _token(self, asked: Asked) -> dict[str, Any]:
        name = "code" if asked.name.endswith("create") else "refresh_token"
        (value,) = self.need(asked, name)
        assert self.tokens is not None
        try:
            grant = self.tokens.by_code(value) if name == "code" else self.tokens.refresh(value)
        except NotGranted as no:
            raise Refused("InvalidRefreshToken" if name != "code" else "InvalidCode", no.reason) from no
        return self._granted(grant)

    def _granted(self, grant: Grant) -> dict[str, Any]:
        access, refresh = grant.lives(self.now())
        return {"access_token": grant.access, "refresh_token": grant.refresh, "expires_in": access,
                "refresh_expires_in": refresh, "account_platform": "seller_center",
                "country_user_info": [{"country": "vn", "seller_id": "1234567"}]}  # fmt: skip

    def _orders(self, asked: Asked) -> dict[str, Any]:
        by = "changed_at" if asked.text("update_after") else "placed_at"
        names = ("update_after", "update_before") if by == "changed_at" else ("created_after", "created_before")
        start = self.instant(asked, names[0], _with_offset)
        end = self.instant(asked, names[1], _with_offset) if asked.text(names[1]) else self.now()
        limit = self.need_number(asked, "limit", 100, low=1, high=LIMIT_MAX)
        offset = self.need_number(asked, "offset", 0)
        if offset > OFFSET_MAX:
            raise Refused("E014", "Invalid offset")
        self.one_of(asked, "sort_by", frozenset({"created_at", "updated_at"}), "created_at")
        is_falling = self.one_of(asked, "sort_direction", frozenset({"ASC", "DESC"}), "ASC") == "DESC"
        wanted = self.one_of(asked, "status", STATUSES | {""})
        told = [self._shape(one) for one in self.shown(self.book.between(start, end, by))]
        rows = [_Row(one) for one in told if not wanted or wanted in one["statuses"]]
        page = self.pages.by_offset(rows[::-1] if is_falling else rows, offset, limit)
        return {"countTotal": page.total, "count": len(page.rows), "orders": [row.told for row in page.rows]}

    def _shape(self, order: Order) -> dict[str, Any]:
        return order_of(order, self.packed, is_masked=self.is_masked(order.id))

    def _found(self, asked: Asked) -> Order:
        (key,) = self.need(asked, "order_id")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _order(self, asked: Asked) -> dict[str, Any]:
        return self._shape(self._found(asked))

    def _items(self, order: Order) -> list[dict[str, Any]]:
        return items_of(order, self.packed)

    def _many_items(self, asked: Asked) -> list[dict[str, Any]]:
        (text,) = self.need(asked, "order_ids")
        wanted = [str(one) for one in orjson.loads(text)]
        if not 1 <= len(wanted) <= ORDERS_MAX:
            raise self.no(why.WRONG_VALUE, "order_ids")
        return [{"order_id": int(key), "order_number": int(key), "order_items": self._items(self.book.orders[key])}
                for key in wanted if key in self.book.orders]  # fmt: skip

    def _reverse(self, asked: Asked) -> dict[str, Any]:
        number, size = self.need_number(asked, "page_no", 1, low=1), self.need_number(asked, "page_size", 10, low=1)
        if key := asked.text("reverse_order_id") or asked.text("trade_order_id"):
            claims = [one for one in self.book.claims.values() if key in (one.id, one.order_id)]
        else:
            start, end = (self.instant(asked, f"ReverseOrderLineModifiedTimeRange{side}", _from_millis)
                          for side in ("Start", "End"))  # fmt: skip
            claims = self.book.claims_between(start, end)
        page = self.pages.by_number(claims, number, size)
        found = [reverse_of(self.book.orders[one.order_id], one) for one in page.rows]
        return {"result": {"success": True, "page_no": number, "page_size": size, "total": page.total, "items": found}}

    def _pack(self, asked: Asked) -> dict[str, Any]:
        (text,) = self.need(asked, "packReq")
        request = orjson.loads(text)
        if request.get("delivery_type") != "dropship" or request.get("shipping_allocate_type") not in ("TFS", "NTFS"):
            raise self.no(why.WRONG_VALUE, "packReq")
        told = []
        for one in request["pack_order_list"]:
            order = self.book.orders.get(str(one["order_id"]))
            if order is None:
                raise self.no(why.NOT_FOUND, str(one["order_id"]))
            told.append({"order_id": one["order_id"], "order_item_list": [
                self._packed(order, str(item)) for item in one["order_item_list"]]})
        return {"result": {"success": True, "error_code": "", "error_msg": "", "data": {"pack_order_list": told}}}

    def _packed(self, order: Order, item: str) -> dict[str, Any]:
        """One unit into the package of its order, or why not."""
        words = self.check_refusal(order.id)
        is_open = order.phase in (PAID, PART_SHIPPED) and item in dict(units(order)) and item not in self.packed
        told = {"order_item_id": int(item), "retry": False, "tracking_number": "", "package_id": ""}
        if words or not is_open or order.is_forbidden:
            return told | {"item_err_code": "700000", "msg": words or "PACKAGE_STATUS_NOT_ALLOW_TO_OP"}
        package = self.packed[item] = f"FP{long_number(f'{order.id}/{len(order.parcels)}', 10)}"
        self.book.note(order.id, "packed", self.now())
        return told | {"item_err_code": "0", "msg": "success", "package_id": package,
                       "tracking_number": f"LX{package[2:]}", "shipment_provider": "LEX VN"}  # fmt: skip

    def _ready(self, asked: Asked) -> dict[str, Any]:
        (text,) = self.need(asked, "readyToShipReq")
        told = []
        for one in orjson.loads(text)["packages"]:
            try:
                self._send(str(one["package_id"]))
                code, words = "0", "success"
            except Refused as refused:
                code, words = str(refused.code), refused.message
            told.append({"package_id": one["package_id"], "item_err_code": code, "msg": words, "retry": False})
        return {"result": {"success": True, "error_code": "", "error_msg": "", "data": {"packages": told}}}

    def _send(self, package: str) -> None:
        inside = [item for item, where in self.packed.items() if where == package]
        order = next((one for one in self.book.orders.values() if set(inside) & set(dict(units(one)))), None)
        if order is None:
            raise Refused("700001", "PACKAGE_NOT_EXIST")
        if any(parcel.waybill == f"LX{package[2:]}" for parcel in order.parcels):
            raise Refused("700002", "PACKAGE_ALREADY_READY_TO_SHIP")
        places = [dict(units(order))[item] for item in inside]
        quantities = {place: places.count(place) for place in places}
        self.ship(order.id, quantities, "LEX VN", f"LX{package[2:]}", lambda words: Refused("700000", words))
        self.shipments[order.id][-1]["lines"] = [{"external_line_id": item, "quantity": 1} for item in inside]

    def _products(self, asked: Asked) -> dict[str, Any]:
        self.one_of(asked, "filter", frozenset({"live", "all"}), "all")
        codes = orjson.loads(asked.text("sku_seller_list") or "[]")
        offers = [one for code in codes for one in self.shelf.offers(code)] if codes else self.shelf.all()
        page = self.pages.by_offset(offers, self.need_number(asked, "offset", 0),
                                    self.need_number(asked, "limit", 20, low=1, high=50))  # fmt: skip
        found = [{"item_id": int(one.item), "skus": [
            {"SellerSku": one.sku, "SkuId": int(one.variant), "quantity": self.units(one), "Available": self.units(one)}
        ]} for one in page.rows]  # fmt: skip
        return {"total_products": page.total, "products": found}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        (payload,) = self.need(asked, "payload")
        rows = [dict(_TAG.findall(one)) for one in _SKU.findall(payload)]
        if not _PAYLOAD.fullmatch(payload) or not rows or any("SellableQuantity" not in row for row in rows):
            raise self.no(why.WRONG_VALUE, "payload")
        if len(rows) > STOCK_MAX:
            raise Refused("E204", "Too many SKUs in one request")
        lines = [(self.shelf.at(row.get("ItemId", ""), row.get("SkuId", "")), row.get("SkuId", ""),
                  int(row["SellableQuantity"])) for row in rows]  # fmt: skip
        for called, words in self.put_stock(lines).items():
            raise Refused("501", f"{called}: {words}")
        return {}

    def news(self, external_id: str, topic: str) -> Push:
        """Type 0 names an order and one of its units, type 10 an application; the latter writes ids as numbers."""
        order, kind = self.book.orders[external_id], int(topic or 0)
        data: dict[str, Any] = {
            "trade_order_id": order.id, "trade_order_line_id": self.line_id(order.id, 0),
            "order_status": self.status(order.id).split(",")[0], "status_update_time": seconds(order.changed_at),
        }  # fmt: skip
        if kind == 10 and order.claims:
            told = reverse_of(order, order.claims[-1])
            line = told["reverse_order_lines"][0]
            data = {"reverse_order_id": told["reverse_order_id"], "reverse_status": line["reverse_status"],
                    "trade_order_id": int(order.id), "trade_order_line_id": line["trade_order_line_id"],
                    "reverse_order_line_id": line["reverse_order_line_id"]}  # fmt: skip
        seller = self.credentials.get("seller_id") or "1234567"
        body = orjson.dumps({"seller_id": seller, "message_type": kind, "data": data, "site": "lazada_vn",
                             "timestamp": seconds(self.now()) * (1 if kind else 1_000)})  # fmt: skip
        signed = _of_push(self.credentials, body)
        return Push(body, {"content-type": "application/json", "authorization": signed})


class _Row:
    """An order as it stands in a list, by its id."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.id, self.told = str(told["order_id"]), told


def _from_millis(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1_000, UTC)


def _with_offset(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an offset is needed")
    return at


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "raw_body" in given:
        return _of_push(given, given["raw_body"].encode())
    return expected_sign(given["app_secret"], given["path"], vector["params"])


def _of_push(credentials: Mapping[str, str], body: bytes) -> str:
    key, secret = credentials["app_key"].encode(), credentials["app_secret"].encode()
    return hmac.new(secret, key + body, hashlib.sha256).hexdigest()
