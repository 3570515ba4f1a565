"""Kuaishou's gateway on loopback: three secrets, a JSON text that is signed, cursors that end with `nomore`.

It checks signatures by the platform's documents with code of its own. The numbers of token, signature and limit errors
are not documented; those here follow what is said of them, and their words are what a client may go by.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.kuaishou.refund_desk import refund_desk
from orderloom.adapters.channels.kuaishou.simulated_order import line_id, shown, shown_claim, status
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import Now, from_seconds
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

TOLERANCE_SECONDS = 600
HISTORY = timedelta(days=90)
ORDERS_SPAN, CLAIMS_SPAN = timedelta(days=7), timedelta(days=1)
NOMORE = "nomore"
SIGNED = ("access_token", "appkey", "method", "param", "signMethod", "timestamp", "version")
BY = {"1": "placed_at", "2": "changed_at"}
VIEWS = {"1": None, "2": {10}, "3": {30}, "4": {40}, "5": {50}, "6": {70}, "7": {80}}
NOES = {
    why.RATE_LIMITED: No(109, "请求频率超限"), why.BUSY: No(2, "系统繁忙"),
    why.EXPIRED_TOKEN: No(28, "access_token已过期"), why.WRONG_TOKEN: No(24, "access_token无效"),
    why.WRONG_KEY: No(21, "appkey无效"), why.WRONG_TIME: No(23, "timestamp无效"),
    why.WRONG_SIGN: No(100, "签名校验失败"), why.UNKNOWN_CALL: No(22, "method不存在 {}"),
    why.UNKNOWN_PARAMETER: No(2001, "{}无效"),
    why.MISSING: No(2001, "缺少{}"), why.WRONG_VALUE: No(2001, "{}无效"), why.NOT_FOUND: No(2002, "{}不存在"),
}  # fmt: skip


def external_id(n: int) -> str:
    """The n-th valid order id, with room for what stands below it."""
    return str(2_600_100_000_000_000 + n * 100)


def signature(secret: str, said: dict[str, str]) -> str:
    """What a call must be signed with: seven parameters by name, then the secret; MD5, or HMAC-SHA256 in base64."""
    text = "&".join(f"{name}={said.get(name, '')}" for name in SIGNED) + f"&signSecret={secret}"
    if said.get("signMethod") == "HMAC_SHA256":
        return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Simulator(ShopSimulator):
    """One shop at Kuaishou."""

    NOES = NOES

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens: Tokens = Tokens(now, float(settings.get("access_seconds") or 172_800),
                                     float(settings.get("refresh_seconds") or 180 * 86_400))  # fmt: skip
        self.companies = dict[str, str](settings.get("companies") or {})
        self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))

    def declare(self) -> dict[str, Call]:
        return {
            "oauth2.access_token": Call(self._create, "grant_type app_id app_secret code",
                                        at="GET /oauth2/access_token", is_open=True),
            "oauth2.refresh_token": Call(self._refresh, "grant_type app_id app_secret refresh_token",
                                         at="POST /oauth2/refresh_token", is_open=True),
            "open.order.cursor.list": Call(
                self._list, "orderViewStatus pageSize sort queryType beginTime endTime cpsType cursor"),
            "open.order.detail": Call(self._detail, "oid"),
            "open.seller.order.goods.deliver": Call(self._deliver, "orderId expressCode expressNo", is_write=True),
            "open.order.goods.split.deliver": Call(self._split, "mainOrderId deliveryItemInfoList", is_write=True),
            "open.seller.order.refund.pcursor.list": Call(
                self._claims, "beginTime endTime type pageSize sort queryType pcursor currentPage status "
                              "negotiateStatus"),
            **refund_desk(self),
            "open.item.sku.stock.update": Call(
                self._change_stock, "kwaiItemId skuId skuChangeStock changeType", is_write=True),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return line_id(order_id, place)

    def status(self, external_id: str) -> str:
        return str(status(self.book.orders[external_id]))

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The business parameters are one JSON text; those of the token addresses stand for themselves."""
        if asked.name.startswith("oauth2."):
            return asked.args
        try:
            found = orjson.loads(asked.args.get("param") or "{}")
        except orjson.JSONDecodeError as error:
            raise self.no(why.WRONG_VALUE, "param") from error
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, "param")
        return found

    def verify(self, asked: Asked) -> None:
        """Key, method, time, signature and token; reads come as GET, writes as a form."""
        said = {name: str(value) for name, value in asked.args.items()}
        for name in ("appkey", "method", "access_token", "signMethod", "timestamp", "version", "sign"):
            if not said.get(name):
                raise self.no(why.MISSING, name)
        if said.keys() - {*SIGNED, "sign"}:
            raise self.no(why.UNKNOWN_PARAMETER, ",".join(sorted(said.keys() - {*SIGNED, "sign"})))
        call = self.calls.get(asked.name)
        if asked.path.strip("/") != said["method"].replace(".", "/") or call is None \
                or asked.method != ("POST" if call.is_write else "GET"):  # fmt: skip
            raise self.no(why.UNKNOWN_CALL, f"{asked.method} {asked.path}")
        if said["appkey"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if said["version"] != "1" or said["signMethod"] not in ("MD5", "HMAC_SHA256"):
            raise self.no(why.WRONG_VALUE, "version, signMethod")
        if abs((self.instant(asked, "timestamp", _millis) - self.wall()).total_seconds()) > TOLERANCE_SECONDS:
            raise self.no(why.WRONG_TIME)
        if not same(said["sign"], signature(self.credentials["sign_secret"], said)):
            raise self.no(why.WRONG_SIGN)
        if not self.tokens.holder(said["access_token"]):
            known = self.tokens.was_known(said["access_token"])
            raise self.no(why.EXPIRED_TOKEN if known else why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        return self.respond(orjson.dumps({"result": 1, "code": "1", "msg": "成功", "data": content}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Errors come in two spellings; here the one that the documents show."""
        said = {"result": int(refused.code), "subCode": str(refused.code), "subMsg": refused.message,
                "error_msg": refused.message}  # fmt: skip
        return self.respond(orjson.dumps(said))

    # Tokens

    def _create(self, asked: Asked) -> Response:
        self._check_app(asked, "code")
        try:
            return self._granted(self.tokens.by_code(asked.text("code")))
        except NotGranted as error:
            raise Refused(100200101, f"code {error.reason}") from error

    def _refresh(self, asked: Asked) -> Response:
        self._check_app(asked, "refresh_token")
        try:
            return self._granted(self.tokens.refresh(asked.text("refresh_token")))
        except NotGranted as error:
            raise Refused(100200102, f"refresh_token {error.reason}") from error

    def _check_app(self, asked: Asked, kind: str) -> None:
        if asked.text("grant_type") != kind:
            raise self.no(why.WRONG_VALUE, "grant_type")
        if asked.text("app_id") != self.credentials["app_key"] or \
                asked.text("app_secret") != self.credentials["app_secret"]:  # fmt: skip
            raise self.no(why.WRONG_KEY)

    def _granted(self, grant: Grant) -> Response:
        access, refresh = grant.lives(self.now())
        return self.respond(orjson.dumps({
            "result": 1, "access_token": grant.access, "expires_in": access, "refresh_token": grant.refresh,
            "refresh_token_expires_in": refresh, "open_id": "seller-open", "scopes": ["merchant_order"]}))  # fmt: skip

    # Orders

    def _window(self, asked: Asked, most: timedelta) -> tuple[datetime, datetime]:
        start, end = (self.instant(asked, name, _millis) for name in ("beginTime", "endTime"))
        if not start < end <= start + most or start < self.now() - HISTORY:
            raise self.no(why.WRONG_VALUE, "endTime")
        return start, end

    def _list(self, asked: Asked) -> dict[str, Any]:
        start, end = self._window(asked, ORDERS_SPAN)
        self.one_of(asked, "cpsType", frozenset({"0"}), "0")
        view = VIEWS[self.one_of(asked, "orderViewStatus", VIEWS)]
        by = BY[self.one_of(asked, "queryType", BY, "1")]
        if "cursor" not in asked.args:
            raise self.no(why.MISSING, "cursor")
        found = [order for order in self.shown(self.book.between(start, end, by)) if not view or status(order) in view]
        page = self.pages.by_cursor(found if self._is_rising(asked) else found[::-1], asked.text("cursor"),
                                    self.need_number(asked, "pageSize", low=1, high=50))  # fmt: skip
        return {"pageSize": asked.number("pageSize", 50), "cursor": page.next or NOMORE,
                "orderList": [shown(order, is_masked=self.is_masked(order.id)) for order in page.rows]}  # fmt: skip

    def _is_rising(self, asked: Asked) -> bool:
        return self.one_of(asked, "sort", frozenset({"1", "2"}), "1") == "2"

    def _detail(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "oid")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return shown(self.book.orders[key], is_masked=self.is_masked(key))

    def _deliver(self, asked: Asked) -> None:
        key, company, waybill = self.need(asked, "orderId", "expressCode", "expressNo")
        self._take(key, {0: self.book.orders[key].lines[0].open} if key in self.book.orders else None, company, waybill)

    def _split(self, asked: Asked) -> None:
        (key,) = self.need(asked, "mainOrderId")
        parcels = asked.args.get("deliveryItemInfoList")
        if not isinstance(parcels, list) or not parcels:
            raise self.no(why.WRONG_VALUE, "deliveryItemInfoList")
        for parcel in parcels:
            order = self.book.orders.get(key)
            places = {line_id(key, line.place): line.place for line in order.lines} if order else {}
            units: dict[int, int] = {}
            for one in parcel.get("deliveryGoodsInfoList") or []:
                if str(one.get("oid")) not in places or not isinstance(one.get("deliveryNum"), int):
                    raise self.no(why.WRONG_VALUE, "deliveryGoodsInfoList")
                units[places[str(one["oid"])]] = one["deliveryNum"]
            if not units:
                raise self.no(why.WRONG_VALUE, "deliveryGoodsInfoList")
            self._take(key, units, str(parcel.get("expressCode")), str(parcel.get("expressNo") or ""))

    def _take(self, key: str, units: dict[int, int] | None, company: str, waybill: str) -> None:
        """A parcel; the carrier is a number of Kuaishou's own. Setting `companies`: numbers of words that it takes."""
        company = self.companies.get(company, company)
        if not company.isdigit() or not waybill:
            raise self.no(why.WRONG_VALUE, "expressCode")
        self.ship(key, units, company, waybill, lambda words: Refused(2003, f"发货失败 {words}"))

    # After the sale, stock

    def _claims(self, asked: Asked) -> dict[str, Any]:
        start, end = self._window(asked, CLAIMS_SPAN)
        self.one_of(asked, "type", frozenset({"9"}))
        self.need_number(asked, "currentPage", 1, low=1)
        by = "asked_at" if self.one_of(asked, "queryType", BY, "1") == "1" else "changed_at"
        if "pcursor" not in asked.args:
            raise self.no(why.MISSING, "pcursor")
        found = self.book.claims_between(start, end, by)
        page = self.pages.by_cursor(found if self._is_rising(asked) else found[::-1], asked.text("pcursor"),
                                    self.need_number(asked, "pageSize", low=1, high=100))  # fmt: skip
        rows = [shown_claim(claim, self.book.orders[claim.order_id]) for claim in page.rows]
        return {"pageSize": asked.number("pageSize", 100), "pcursor": page.next or NOMORE, "refundOrderInfoList": rows}

    def _change_stock(self, asked: Asked) -> None:
        """There is no way to set a figure: only so many more, or so many fewer."""
        item, variant = self.need(asked, "kwaiItemId", "skuId")
        kind = self.one_of(asked, "changeType", frozenset({"1", "2"}))
        units = self.need_number(asked, "skuChangeStock", low=1) * (1 if kind == "1" else -1)
        for words in self.put_stock([(self.shelf.at(item, variant), variant, units)], is_change=True).values():
            raise Refused(2004, words)


def _millis(text: str) -> datetime:
    return from_seconds(int(text) / 1000)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return signature(vector["given"]["sign_secret"], vector["params"])
