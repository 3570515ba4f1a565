"""Pinduoduo's gateway on loopback: checks every call by the platform's signing page and answers as it does.

Settings: `masked` (false: receivers in clear while an order is to be shipped; otherwise ciphertext), `token_seconds`.
Not documented in public and so a guess here: the codes of a wrong client_id, of a time stamp too far off and of a
refusal to ship, the list of goods (`pdd.goods.list.get`), the answer of `pdd.order.list.get`, and all logistics ids
but 44. Refusals on demand: `refuse("ip", …)` (20005), `refuse("pdd.…", …)` (20031 for that call), an order's or SKU's.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.pinduoduo import simulated_order as shape
from orderloom.adapters.channels.pinduoduo.refund_desk import agree, take_back
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import Claim, Order
from orderloom.adapters.simulated.clock import Now, from_seconds
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import drawn_ids
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

TOLERANCE_SECONDS = 600
WINDOW_MAX = timedelta(minutes=30)
CONFIRM_WINDOW_MAX = timedelta(hours=24)
PAGE_SIZE_MAX = 100
TOKEN_SECONDS, REFRESH_SECONDS = 86_400, 30 * 86_400
PAGES = "page page_size use_has_next"
ROOTS = {
    "pdd.order.number.list.increment.get": "order_sn_increment_get_response",
    "pdd.order.list.get": "order_list_get_response",
    "pdd.order.information.get": "order_info_get_response",
    "pdd.order.status.get": "order_status_get_response",
    "pdd.logistics.online.send": "logistics_online_send_response",
    "pdd.logistics.companies.get": "logistics_companies_get_response",
    "pdd.order.upload.extra.logistics": "order_upload_extra_logistics_response",
    "pdd.refund.list.increment.get": "refund_increment_get_response",
    "pdd.refund.information.get": "refund_information_get_response",
    "pdd.refund.agree": "response", "pdd.refund.returngoods.agree": "response",
    "pdd.goods.quantity.update": "goods_quantity_update_response",
    "pdd.goods.list.get": "goods_list_get_response",
}
"""They do not follow from the call's name."""
COMPANIES = {1: "申通快递", 44: "顺丰快递", 85: "圆通快递", 115: "中通快递", 118: "EMS", 120: "京东快递",
             121: "韵达快递", 131: "德邦快递", 384: "极兔速递"}  # fmt: skip
NOES = {
    why.RATE_LIMITED: No(70031, "调用过于频繁，请调整调用频率"), why.BUSY: No(52101, "当前接口被限流，请稍后重试"),
    why.EXPIRED_TOKEN: No(10019, "access_token已过期"), why.WRONG_TOKEN: No(10019, "access_token已过期"),
    why.WRONG_SIGN: No(20004, "签名sign校验失败"), why.WRONG_KEY: No(10016, "client下线或者clientId不正确"),
    why.WRONG_TIME: No(10001, "参数错误", "10001", "timestamp 超出允许范围"),
    why.MISSING: No(10001, "参数错误", "10001", "{} 不能为空"),
    why.WRONG_VALUE: No(10001, "参数错误", "10001", "{} 不合法"),
    why.UNKNOWN_PARAMETER: No(10001, "参数错误", "10001", "{} 不是已知参数"),
    why.UNKNOWN_CALL: No(10001, "参数错误", "10001", "type 不存在：{}"),
    why.NOT_FOUND: No(50001, "业务服务错误", "50001", "订单不存在：{}"),
}  # fmt: skip
STATUSES = {"1": 1, "2": 2, "3": 3, "5": None}
REFUNDS = {"1": 1, "2": 2, "3": 3, "4": 4, "5": None}


def external_id(n: int) -> str:
    """The n-th valid order_sn: a date and fifteen digits."""
    return f"260501-{400_000_000_000_000 + n * 1_000:015d}"


class Simulator(ShopSimulator):
    """One mall at Pinduoduo."""

    NOES = NOES
    COMMON = frozenset({"type", "client_id", "access_token", "timestamp", "data_type", "version", "sign"})

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.extra: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.tokens = Tokens(now, float(settings.get("token_seconds", TOKEN_SECONDS)), REFRESH_SECONDS)
        self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))

    def declare(self) -> dict[str, Call]:
        window = "start_updated_at end_updated_at"
        return {
            "pdd.order.number.list.increment.get":
                Call(self._changed, f"{window} {PAGES} order_status refund_status is_lucky_flag trade_type"),
            "pdd.order.list.get":
                Call(self._confirmed, f"start_confirm_at end_confirm_at {PAGES} order_status refund_status trade_type"),
            "pdd.order.information.get": Call(self._order, "order_sn"),
            "pdd.order.status.get": Call(self._statuses, "order_sns"),
            "pdd.logistics.online.send": Call(
                self._send, "order_sn logistics_id tracking_number redelivery_type refund_address_id feature",
                is_write=True),
            "pdd.logistics.companies.get": Call(self._companies),
            "pdd.order.upload.extra.logistics":
                Call(self._extra, "order_sn extra_track_type extra_track_list", is_write=True),
            "pdd.refund.list.increment.get":
                Call(self._claims, f"{window} page page_size after_sales_status after_sales_type order_sn"),
            "pdd.refund.information.get": Call(self._claim, "order_sn after_sales_id"),
            "pdd.refund.agree": Call(lambda asked: agree(self, asked), "request", is_write=True),
            "pdd.refund.returngoods.agree": Call(lambda asked: take_back(self, asked), "request", is_write=True),
            "pdd.goods.quantity.update":
                Call(self._stock, "goods_id sku_id outer_id quantity update_type", is_write=True),
            "pdd.goods.list.get": Call(self._goods, "outer_id is_onsale page page_size"),
            "token": Call(self._token, "client_secret grant_type code refresh_token redirect_uri state",
                          at="POST /oauth/token", is_open=True),
            "authorize": Call(self.agree, "response_type redirect_uri state view", at="GET /open.html", is_open=True),
        }  # fmt: skip

    def name_of(self, asked: Asked) -> str:
        return asked.text("type")

    def line_id(self, order_id: str, place: int) -> str:
        return drawn_ids(self.book.orders[order_id].lines[place].sku)[1]

    def status(self, external_id: str) -> str:
        return str(shape.order_status(self.book.orders[external_id]))

    def write(self, content: Any, asked: Asked) -> Response:
        if asked.name not in ROOTS:
            return self.respond(orjson.dumps(content))
        return self.respond(orjson.dumps({ROOTS[asked.name]: {**content, "request_id": self._request_id()}}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        sub = {"sub_code": str(refused.sub_code or refused.code), "sub_msg": refused.sub_message or refused.message}
        body = {"error_code": refused.code, "error_msg": refused.message, **sub, "request_id": self._request_id()}
        return self.respond(orjson.dumps({"error_response": body}))

    def _request_id(self) -> str:
        return str(17_672_400_000_000 + sum(self.requests.values()))

    def verify(self, asked: Asked) -> None:
        """What the platform's signing page asks of every call."""
        self.need(asked, "type", "client_id", "timestamp", "sign", "access_token")
        if asked.text("client_id") != self.credentials["client_id"]:
            raise self.no(why.WRONG_KEY)
        if words := self.check_refusal("ip"):
            raise Refused(20005, "ip无权访问接口，请加入ip白名单", "20005", words)
        sent = self.instant(asked, "timestamp", from_seconds)
        if abs((sent - self.wall()).total_seconds()) > TOLERANCE_SECONDS:
            raise self.no(why.WRONG_TIME)
        secret = self.credentials["client_secret"]
        if not same(asked.text("sign"), _signature(asked.args, secret)):
            raise self.no(why.WRONG_SIGN)
        if not self.tokens or not self.tokens.holder(asked.text("access_token")):
            raise self.no(why.EXPIRED_TOKEN)
        if words := self.check_refusal(asked.name):
            raise Refused(20031, "用户没有授权访问此接口", "20031", words)
        if asked.text("data_type", "JSON") != "JSON" or asked.text("version", "V1") != "V1":
            raise self.no(why.WRONG_VALUE, "data_type / version")

    # Orders

    def _changed(self, asked: Asked) -> dict[str, Any]:
        """Orders by their time of change, the newest first."""
        self.need(asked, "order_status", "refund_status", "is_lucky_flag")
        self.one_of(asked, "is_lucky_flag", frozenset("012"))
        found = self._window(asked, "updated_at", WINDOW_MAX, "changed_at")
        return self._listed(asked, [] if asked.text("is_lucky_flag") == "2" else found, "order_sn_list")

    def _confirmed(self, asked: Asked) -> dict[str, Any]:
        found = self._window(asked, "confirm_at", CONFIRM_WINDOW_MAX, "paid_at")
        return self._listed(asked, found, "order_list")

    def _window(self, asked: Asked, name: str, span: timedelta, by: str) -> list[Order]:
        start, end = (self.instant(asked, f"{side}_{name}", from_seconds) for side in ("start", "end"))
        if not start <= end <= start + span:
            raise self.no(why.WRONG_VALUE, f"start_{name} / end_{name}")
        return self.shown(self.book.between(start, end, by)[::-1])

    def _listed(self, asked: Asked, found: list[Order], name: str) -> dict[str, Any]:
        state = STATUSES[self.one_of(asked, "order_status", STATUSES)]
        refund = REFUNDS[self.one_of(asked, "refund_status", REFUNDS)]
        if self.one_of(asked, "trade_type", frozenset("01"), "0") == "1":
            found = []
        rows = [order for order in found if state in (None, shape.order_status(order))
                and refund in (None, shape.refund_status(order))]  # fmt: skip
        page = self.pages.by_number(rows, *self._page(asked))
        counted = {"has_next": page.has_more} if asked.text("use_has_next") == "true" else {"total_count": page.total}
        return {**counted, name: [self._shown(order) for order in page.rows]}

    def _page(self, asked: Asked) -> tuple[int, int]:
        return (self.need_number(asked, "page", 1, low=1),
                self.need_number(asked, "page_size", PAGE_SIZE_MAX, low=1, high=PAGE_SIZE_MAX))  # fmt: skip

    def _shown(self, order: Order) -> dict[str, Any]:
        said = order.purchase.get("is_masked", self.settings.get("masked"))
        return shape.shown(order, is_masked=said is not False, extra=self.extra[order.id])

    def _order(self, asked: Asked) -> dict[str, Any]:
        return {"order_info": self._shown(self._known(asked))}

    def _statuses(self, asked: Asked) -> dict[str, Any]:
        (text,) = self.need(asked, "order_sns")
        found = [self.book.orders[key] for key in text.split(",") if key in self.book.orders]
        return {"order_status_list": [{
            "orderSn": order.id, "order_status": shape.order_status(order), "refund_status": shape.refund_status(order),
        } for order in found]}  # fmt: skip

    def _known(self, asked: Asked) -> Order:
        (key,) = self.need(asked, "order_sn")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    # Parcels

    def _companies(self, asked: Asked) -> dict[str, Any]:
        return {"logistics_companies": [{"id": key, "logistics_company": name, "available": 1, "code": str(key)}
                                        for key, name in COMPANIES.items()]}  # fmt: skip

    def _send(self, asked: Asked) -> dict[str, Any]:
        order = self._known(asked)
        _, waybill = self.need(asked, "logistics_id", "tracking_number")
        company = self.need_number(asked, "logistics_id")
        if company not in COMPANIES:
            raise self.no(why.WRONG_VALUE, "logistics_id")
        again = self.one_of(asked, "redelivery_type", frozenset("12"), "1") == "2"
        if again and order.parcels:
            order.parcels[-1] = order.parcels[-1]._replace(carrier=str(company), waybill=waybill)
            self.shipments[order.id][-1] |= {"carrier": str(company), "waybill": waybill}
            self.book.note(order.id, "waybill changed", self.now())
        elif not again and shape.is_to_ship(order):
            self.ship(order.id, None, str(company), waybill, _business)
        else:
            raise _business(f"订单状态不允许发货 {shape.order_status(order)}/{shape.refund_status(order)}")
        return {"is_success": True}

    def _extra(self, asked: Asked) -> dict[str, Any]:
        order = self._known(asked)
        self.one_of(asked, "extra_track_type", frozenset("123"))
        told = asked.args.get("extra_track_list")
        rows = json.loads(told) if isinstance(told, str) else told
        if not order.parcels or not rows:
            raise _business("订单未发货，不能上传额外运单")
        if {str(row.get("shipping_id")) for row in rows} - {str(key) for key in COMPANIES}:
            raise self.no(why.WRONG_VALUE, "shipping_id")
        self.extra[order.id] += [
            {"logistics_id": int(row["shipping_id"]), "tracking_number": row["tracking_number"]} for row in rows]
        self.book.note(order.id, "more parcels", self.now())
        return {"is_success": True}

    # After the sale

    def _claims(self, asked: Asked) -> dict[str, Any]:
        """Applications by their time of change, the newest first; of one order, whatever else is asked."""
        self.need(asked, "after_sales_status", "after_sales_type")
        kind = int(self.one_of(asked, "after_sales_type", frozenset("123456")))
        start, end = (self.instant(asked, f"{side}_updated_at", from_seconds) for side in ("start", "end"))
        if not start <= end <= start + WINDOW_MAX:
            raise self.no(why.WRONG_VALUE, "start_updated_at / end_updated_at")
        found = self.book.claims_between(start, end)
        state = self.need_number(asked, "after_sales_status", high=33)
        rows = [claim for claim in found if kind in (1, shape.KINDS[claim.kind] + 1)
                and state in (1, shape.after_sales_status(claim))]  # fmt: skip
        if asked.text("order_sn"):
            rows = list(self._known(asked).claims)
        page = self.pages.by_number(rows[::-1], *self._page(asked))
        listed = [shape.in_list(self.book.orders[claim.order_id], claim) for claim in page.rows]
        return {"total_count": page.total, "refund_list": listed}

    def _claim(self, asked: Asked) -> dict[str, Any]:
        order, (key,) = self._known(asked), self.need(asked, "after_sales_id")
        claim: Claim | None = self.book.claims.get(key)
        if claim is None or claim.order_id != order.id:
            raise _business(f"售后单不存在 {key}")
        return shape.in_detail(order, claim)

    # Stock

    def _stock(self, asked: Asked) -> dict[str, Any]:
        (goods,) = self.need(asked, "goods_id")
        sku = asked.text("sku_id")
        if not sku:
            (code,) = self.need(asked, "outer_id")
            sku = next((offer.variant for offer in self.shelf.offers(code) if offer.item == goods), code)
        quantity = self.need_number(asked, "quantity", low=-(10**9))
        is_change = self.one_of(asked, "update_type", frozenset("12"), "1") == "2"
        lines = [(self.shelf.at(goods, sku), f"sku {sku}", quantity)]
        for called, words in self.put_stock(lines, is_change=is_change).items():
            raise _business(f"{called} {words}")
        return {"is_success": True}

    def _goods(self, asked: Asked) -> dict[str, Any]:
        self.one_of(asked, "is_onsale", frozenset("01"), "1")  # nothing is ever off the shelves here
        offers = self.shelf.offers(asked.text("outer_id")) if asked.text("outer_id") else self.shelf.all()
        page = self.pages.by_number(offers, *self._page(asked))
        rows = [{
            "goods_id": int(offer.item), "goods_name": offer.sku, "goods_quantity": self.units(offer),
            "sku_list": [{"sku_id": int(offer.variant), "outer_id": offer.sku, "is_sku_onsale": 1, "spec": "",
                          "sku_quantity": self.units(offer)}],
        } for offer in page.rows]  # fmt: skip
        return {"total_count": page.total, "goods_list": rows}

    # Tokens

    def _token(self, asked: Asked) -> dict[str, Any]:
        self.need(asked, "client_id", "client_secret", "grant_type")
        given = (asked.text(name) for name in ("client_id", "client_secret"))
        if not all(same(text, self.credentials[name]) for text, name in zip(
                given, ("client_id", "client_secret"), strict=True)):  # fmt: skip
            raise self.no(why.WRONG_KEY)
        assert self.tokens
        try:
            if self.one_of(asked, "grant_type", frozenset({"refresh_token", "authorization_code"})) == "refresh_token":
                grant = self.tokens.refresh(*self.need(asked, "refresh_token"))
            else:
                grant = self.tokens.by_code(*self.need(asked, "code"))
        except NotGranted as refused:
            raise Refused(10001, "参数错误", "10001", f"refresh_token / code {refused.reason}") from refused
        return self._granted(grant)

    def _granted(self, grant: Grant) -> dict[str, Any]:
        access, refresh = grant.lives(self.now())
        return {"access_token": grant.access, "expires_in": access, "refresh_token": grant.refresh,
                "refresh_token_expires_in": refresh, "scope": list(ROOTS), "owner_id": "171504183",
                "owner_name": "demo_mall"}  # fmt: skip


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "now" in given:  # the address of the message socket: the digest's digits, written in base64
        plain = (given["client_id"] + given["now"] + given["client_secret"]).encode()
        return base64.b64encode(hashlib.md5(plain, usedforsecurity=False).hexdigest().encode()).decode()
    return _signature(vector["params"], given["client_secret"])


def _signature(params: Mapping[str, Any], secret: str) -> str:
    pairs = sorted((name, _text(value)) for name, value in params.items() if name != "sign")
    text = secret + "".join(name + value for name, value in pairs) + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _business(words: str) -> Refused:
    return Refused(50001, "业务服务错误", "50001", words)


def _text(value: Any) -> str:
    """How a value stands in the text that is signed: compact JSON for what holds something, lower-case booleans."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
