"""AliExpress's gateways on loopback: one address for all calls, arguments as one JSON text, times in US Pacific.

Settings: `gateway` (`iop`, `top_md5`, `top_hmac`), `masked`, `slow_seconds`. It has its own signature check and shares
no code with the client.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.aliexpress.simulated_order import FINISH, PACIFIC, detail, ids, line_id, listed, status
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import PAID, Order, Parcel
from orderloom.adapters.simulated.clock import Now, read_local
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused, refuse
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import NotGranted, Tokens

TOLERANCE = timedelta(minutes=10)
PAGE_MAX, PRODUCTS_MAX, SKUS_MAX = 50, 20, 200
ACCESS_SECONDS, REFRESH_SECONDS = 30 * 86_400, 60 * 86_400
SYSTEM = "method app_key session timestamp format v sign_method sign partner_id simplify debug"
"""`partner_id` is the version of the platform's own client."""
METHODS = {"iop": "sha256", "top_md5": "md5", "top_hmac": "hmac"}
LISTS = ("create_date_start create_date_end modified_date_start modified_date_end order_status order_status_list "
         "buyer_login_id page_size current_page")  # fmt: skip
NOES = {
    why.RATE_LIMITED: No(7, "App Call Limited", "accesscontrol.limited-by-api-access-count",
                         "This ban will last for 1 more seconds"),
    why.BUSY: No(15, "Remote service error", "isp.service-unavailable", "service unavailable"),
    why.EXPIRED_TOKEN: No(27, "Invalid session"), why.WRONG_TOKEN: No(27, "Invalid session"),
    why.WRONG_KEY: No(29, "Invalid app Key"), why.WRONG_TIME: No(31, "Invalid timestamp"),
    why.WRONG_SIGN: No(25, "Invalid signature", "isv.invalid-signature"), why.UNKNOWN_CALL: No(22, "Invalid method"),
    why.MISSING: No(40, "Missing required arguments:{}"), why.WRONG_VALUE: No(41, "Invalid arguments:{}"),
    why.UNKNOWN_PARAMETER: No(41, "Invalid arguments:{}"),
    why.NOT_FOUND: No(15, "Remote service error", "isv.order-not-exist", "the order does not exist"),
}  # fmt: skip
WORDS = {7: "ApiCallLimit", 15: "ServiceTimeout", 22: "InvalidApiPath", 25: "IncompleteSignature",
         27: "IllegalAccessToken", 29: "InvalidAppKey", 31: "IllegalTimestamp", 40: "MissingParameter",
         41: "InvalidParameter"}  # fmt: skip
"""The newer gateway's own words for the same."""


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return str(3_031_265_788_145_237 + n * 1_000_000)


def expected_sign(secret: str, method: str, params: Mapping[str, str], path: str = "") -> str:
    """The signature of a call: every parameter sorted; upper case."""
    text = (path + "".join(name + params[name] for name in sorted(params) if name != "sign")).encode()
    key = secret.encode()
    if method == "md5":
        return hashlib.md5(key + text + key, usedforsecurity=False).hexdigest().upper()
    digest = hashlib.md5 if method == "hmac" else hashlib.sha256
    return hmac.new(key, text, digest).hexdigest().upper()


class Simulator(ShopSimulator):
    """One seller at AliExpress. `parts`: parcels told of an order before its last one."""

    NOES = NOES
    COMMON = frozenset(SYSTEM.split())

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.parts: dict[str, list[Parcel]] = defaultdict(list)
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(ids)
        self.stock = self.shelf.stock
        self.tokens = Tokens(now, float(settings.get("access_seconds", ACCESS_SECONDS)), REFRESH_SECONDS)
        self.tokens.know(credentials["access_token"], credentials["refresh_token"])

    @property
    def gateway(self) -> str:
        return str(self.settings.get("gateway") or "iop")

    def declare(self) -> dict[str, Call]:
        return {
            "aliexpress.solution.order.get": Call(self._orders, LISTS),
            "aliexpress.solution.order.info.get": Call(self._order, "order_id ext_info_bit_flag"),
            "aliexpress.solution.order.fulfill": Call(
                self._fulfill, "service_name logistics_no send_type out_ref description tracking_website",
                is_write=True),
            "aliexpress.solution.product.list.get": Call(self._products, "aeop_a_e_product_list_query"),
            "aliexpress.solution.product.info.get": Call(self._product_info, "product_id"),
            "aliexpress.solution.batch.product.inventory.update": Call(
                self._stock, "mutiple_product_update_list", is_write=True),
            "auth/token/create": Call(self._token, "code", "POST /rest/auth/token/create"),
            "auth/token/refresh": Call(self._token, "refresh_token", "POST /rest/auth/token/refresh"),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return line_id(self.book.orders[order_id], place)

    def status(self, external_id: str) -> str:
        return status(self.book.orders[external_id], self.parts[external_id])

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The two calls that take one block take it as JSON text, each by a name of its own."""
        packed = {"aliexpress.solution.order.get": "param0", "aliexpress.solution.order.info.get": "param1"}
        name = packed.get(asked.name)
        if name is None:
            return asked.args
        found = orjson.loads(self.need(asked, name)[0])
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, name)
        return {key: value for key, value in asked.args.items() if key != name} | found

    def write(self, content: Any, asked: Asked) -> Response:
        if asked.name.startswith("auth/"):
            return self.respond(orjson.dumps({"code": "0", "request_id": "r", **content}))
        return self.respond(orjson.dumps({f"{asked.name.replace('.', '_')}_response": {"request_id": "r", **content}}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        if asked.path.startswith("/rest"):
            return self.respond(orjson.dumps({"code": refused.code, "type": "ISV", "message": refused.message}))
        body = {"code": refused.code, "msg": refused.message, "sub_code": refused.sub_code,
                "sub_msg": refused.sub_message, "request_id": "r"}  # fmt: skip
        return self.respond(orjson.dumps({"error_response": body}))

    def no(self, word: str, about: str = "") -> Refused:
        found = NOES[word]
        code = WORDS.get(int(found.code), found.code) if self.gateway == "iop" else found.code
        return refuse(found._replace(code=code), about)

    def verify(self, asked: Asked) -> None:
        """Key, time, signature over every parameter, token; of the newer gateway's own form where it is that one."""
        is_auth = asked.name.startswith("auth/")
        given = {name: str(value) for name, value in {**asked.query, **asked.form}.items()}
        self.need(asked, "app_key", "timestamp", "sign_method", "sign", *(() if is_auth else ("method", "session")))
        if given["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        reader = _from_millis if is_auth or self.gateway == "iop" else read_local
        if abs(self.instant(asked, "timestamp", reader) - self.wall()) > TOLERANCE:
            raise self.no(why.WRONG_TIME)
        method = "sha256" if is_auth else METHODS[self.gateway]
        self.one_of(asked, "sign_method", frozenset({method}))
        path = f"/{asked.name}" if is_auth else ""
        if not same(given["sign"], expected_sign(self.credentials["app_secret"], method, given, path)):
            raise self.no(why.WRONG_SIGN)
        assert self.tokens is not None
        if not is_auth and not self.tokens.holder(given["session"]):
            raise self.no(why.EXPIRED_TOKEN)

    def _token(self, asked: Asked) -> dict[str, Any]:
        name = "code" if asked.name.endswith("create") else "refresh_token"
        (value,) = self.need(asked, name)
        assert self.tokens is not None
        try:
            grant = self.tokens.by_code(value) if name == "code" else self.tokens.refresh(value)
        except NotGranted as no:
            raise Refused("InvalidRefreshToken" if name != "code" else "InvalidCode", no.reason) from no
        access, refresh = grant.lives(self.now())
        return {"access_token": grant.access, "refresh_token": grant.refresh, "expires_in": access,
                "refresh_expires_in": refresh, "user_nick": "demo_seller"}  # fmt: skip

    def _orders(self, asked: Asked) -> dict[str, Any]:
        """Orders of a time; those that are finished only where FINISH is asked for."""
        is_changed = bool(asked.text("modified_date_start"))
        side, by = ("modified_date", "changed_at") if is_changed else ("create_date", "placed_at")
        start, end = (self.instant(asked, f"{side}_{edge}", _pacific) for edge in ("start", "end"))
        size = self.need_number(asked, "page_size", low=1, high=PAGE_MAX)
        number = self.need_number(asked, "current_page", low=1)
        wanted = asked.text("order_status")
        found = [one for one in self.shown(self.book.between(start, end, by)) if
                 (self.status(one.id) == wanted if wanted else self.status(one.id) != FINISH)]  # fmt: skip
        page = self.pages.by_number(found, number, size)
        return {"result": {
            "success": True, "error_code": "", "error_message": "", "current_page": number, "page_size": size,
            "total_count": page.total, "total_page": -(-page.total // size), "time_stamp": _told(self.now()),
            "target_list": [listed(one, self.parts[one.id]) for one in page.rows],
        }}  # fmt: skip

    def _found(self, key: str) -> Order:
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND)
        return self.book.orders[key]

    def _order(self, asked: Asked) -> dict[str, Any]:
        order = self._found(self.need(asked, "order_id")[0])
        told = detail(order, self.parts[order.id], is_masked=self.is_masked(order.id))
        return {"result": {"success": True, "data": told}}

    def _fulfill(self, asked: Asked) -> dict[str, Any]:
        """All of an order, or a part of which nobody says what it is."""
        service, waybill, key = self.need(asked, "service_name", "logistics_no", "out_ref")
        kind = self.one_of(asked, "send_type", frozenset({"all", "part"}))
        order = self._found(key)
        if service == "Other":
            self.need(asked, "tracking_website")
        if kind == "all":
            self.ship(key, None, service, waybill, _not_now)
            return {"result": {"result_success": True}}
        if words := self.check_refusal(key):
            raise _not_now(words)
        if order.phase != PAID or order.is_forbidden:
            raise _not_now(f"{key} is not to be shipped")
        self.parts[key].append(Parcel(service, waybill, {}, self.now().replace(microsecond=0)))
        self.shipments[key].append({"waybill": waybill, "carrier": service, "lines": []})
        self.book.note(key, "part sent", self.now())
        return {"result": {"result_success": True}}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        told = orjson.loads(self.need(asked, "mutiple_product_update_list")[0])
        if not 1 <= len(told) <= PRODUCTS_MAX or any(
            not 1 <= len(one["multiple_sku_update_list"]) <= SKUS_MAX for one in told
        ):
            raise self.no(why.WRONG_VALUE, "mutiple_product_update_list")
        failed = [{"product_id": one["product_id"], "error_code": "F00-00-10007", "error_message": words}
                  for one in told if (words := self._product(one))]  # fmt: skip
        return {"update_success": not failed, "update_failed_list": failed}

    def _products(self, asked: Asked) -> dict[str, Any]:
        query = orjson.loads(self.need(asked, "aeop_a_e_product_list_query")[0])
        unknown = query.keys() - {"product_status_type", "current_page", "page_size"}
        number, size = int(query.get("current_page", 1)), int(query.get("page_size", 20))
        if unknown or query.get("product_status_type") != "onSelling" or number < 1 or not 1 <= size <= 100:
            raise self.no(why.WRONG_VALUE, "aeop_a_e_product_list_query")
        page = self.pages.by_number(self.shelf.all(), number, size)
        rows = [{"product_id": int(one.item), "subject": one.sku} for one in page.rows]
        return {"result": {"success": True, "current_page": number, "product_count": page.total,
                           "aeop_a_e_product_display_d_t_o_list": {"item_display_dto": rows}}}  # fmt: skip

    def _product_info(self, asked: Asked) -> dict[str, Any]:
        (item,) = self.need(asked, "product_id")
        found = [one for one in self.shelf.all() if one.item == item]
        if not found:
            raise self.no(why.NOT_FOUND, item)
        skus = [{"id": "<none>", "sku_code": one.sku, "ipm_sku_stock": self.units(one), "sku_stock": True}
                for one in found]  # fmt: skip
        return {"result": {"product_id": int(item), "aeop_ae_product_s_k_us": {"global_aeop_ae_product_sku": skus}}}

    def _product(self, told: dict[str, Any]) -> str:
        """Take the figures of one product. Returns why not."""
        offer = self.shelf.at(str(told["product_id"]))
        lines = [(offer if offer and offer.sku == one["sku_code"] else None, one["sku_code"], int(one["inventory"]))
                 for one in told["multiple_sku_update_list"]]  # fmt: skip
        return "; ".join(f"{code}: {words}" for code, words in self.put_stock(lines).items())


def _not_now(words: str) -> Refused:
    return Refused(15, "Remote service error", "isv.logistics-error", words)


def _from_millis(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1_000, UTC)


def _pacific(text: str) -> datetime:
    return read_local(text, PACIFIC)


def _told(at: datetime) -> str:
    return at.astimezone(PACIFIC).strftime("%Y-%m-%d %H:%M:%S")


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return expected_sign(vector["given"]["app_secret"], vector["params"]["sign_method"], vector["params"])
