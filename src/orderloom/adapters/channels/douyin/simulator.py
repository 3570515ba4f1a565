"""Douyin's gateway on loopback: HMAC over the raw body, pages from 0, tokens renewed in their last hour, pushes.

It checks signatures by the platform's documents with code of its own. What is being refunded blocks shipping.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx2
import orjson
from starlette.responses import Response

from orderloom.adapters.channels.douyin.refund_desk import detail, operate
from orderloom.adapters.channels.douyin.simulated_order import (
    claim_status,
    claim_type,
    line_id,
    shown,
    shown_claim,
    status,
)
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import AGREED, ASKED, SENT_BACK, Order
from orderloom.adapters.simulated.clock import Now, from_seconds, read_local, seconds
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

TOLERANCE_SECONDS = 600
HISTORY_SECONDS = 90 * 86_400
ROWS_MAX = 50_000
RENEWED_BEFORE_SECONDS = 3_600
COMPANIES = frozenset({"shunfeng", "yuantong", "zhongtong", "shentong", "yunda", "ems", "jd", "youzhengguonei",
                       "debangkuaidi", "jtexpress", "danniao"})  # fmt: skip
"""What `order.logisticsCompanyList` would name here."""
TAGS = {1: "100", 105: "110", 2: "101", 101: "108", 3: "102", 5: "103", 4: "106"}
"""The tag of a push by what the order is."""
PUSH_TOPIC = ""
"""The order as it is."""
ORDERS_BY = (None, ["update_time desc"], ["update_time asc"], ["apply_time desc"], ["apply_time asc"])
NOES = {
    why.RATE_LIMITED: No(80000, "请求过于频繁", "isv.request-limited", "请稍后重试"),
    why.BUSY: No(20000, "服务异常", "isp.service-error", "请稍后重试"),
    why.EXPIRED_TOKEN: No(40003, "非法的参数", "isv.access-token-expired", "access_token已过期"),
    why.WRONG_TOKEN: No(40003, "非法的参数", "isv.access-token-no-existed", "access_token不存在"),
    why.WRONG_KEY: No(40003, "非法的参数", "isv.app-key-invalid", "app_key不存在"),
    why.WRONG_TIME: No(40003, "非法的参数", "isv.timestamp-invalid", "timestamp超出范围"),
    why.WRONG_SIGN: No(40003, "非法的参数", "isv.signature-invalid", "签名校验失败"),
    why.UNKNOWN_CALL: No(40003, "非法的参数", "isv.method-invalid", "{}"),
    why.UNKNOWN_PARAMETER: No(40003, "非法的参数", "isv.parameter-invalid", "{}"),
    why.WRONG_VALUE: No(40003, "非法的参数", "isv.parameter-invalid", "{}"),
    why.MISSING: No(40001, "缺少参数", "isv.missing-parameter:{}", "{}"),
    why.NOT_FOUND: No(50002, "业务处理失败", "isv.business-failed:not-found", "{}不存在"),
}


def external_id(n: int) -> str:
    """The n-th valid order id: 19 digits, beyond what a float can hold, with room for its sub-orders' ids."""
    return str(4_826_807_239_812_110_000 + n * 100)


def signature(secret: str, app_key: str, method: str, body: str, timestamp: str) -> str:
    """What a call must be signed with: HMAC-SHA256 of the sorted names and values between the secret."""
    text = f"{secret}app_key{app_key}method{method}param_json{body}timestamp{timestamp}v2{secret}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def push_signature(secret: str, app_key: str, body: str) -> str:
    """What a push is signed with."""
    return hashlib.md5(f"{app_key}{body}{secret}".encode(), usedforsecurity=False).hexdigest()


class Simulator(ShopSimulator):
    """One shop at Douyin; `renewals` of its tokens: `tokens.renewals`."""

    NOES = NOES

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens: Tokens = Tokens(now, float(settings.get("access_seconds") or 604_800),
                                     float(settings.get("refresh_seconds") or 1_209_600),
                                     grace_seconds=RENEWED_BEFORE_SECONDS)  # fmt: skip
        self._grant = self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))
        self.pushes = Pushes(self.news, _is_thanked)

    def declare(self) -> dict[str, Call]:
        return {
            "token.create": Call(self._create, "code grant_type shop_id"),
            "token.refresh": Call(self._refresh, "grant_type refresh_token"),
            "order.searchList": Call(
                self._list, "create_time_start create_time_end update_time_start update_time_end order_by order_asc "
                            "size page order_status"),
            "order.orderDetail": Call(self._detail, "shop_order_id"),
            "order.logisticsAdd": Call(
                self._send, "order_id company_code logistics_code is_reject_refund", is_write=True),
            "order.logisticsAddSinglePack": Call(
                self._send_single, "order_id_list shipped_order_info logistics_code company_code request_id",
                is_write=True),
            "afterSale.List": Call(
                self._claims, "start_time end_time update_start_time update_end_time page size order_by"),
            "afterSale.Detail": Call(lambda asked: detail(self, asked), "after_sale_id need_operation_record"),
            "afterSale.operate": Call(lambda asked: operate(self, asked), "type items store_id", is_write=True),
            "product.listV2": Call(self._products, "status page size"),
            "sku.list": Call(self._skus, "product_id"),
            "sku.syncStock": Call(
                self._sync, "sku_id code product_id stock_num incremental idempotent_id", is_write=True),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.isdigit() and len(text) == 19

    def line_id(self, order_id: str, place: int) -> str:
        return line_id(order_id, place)

    def status(self, external_id: str) -> str:
        return str(status(self.book.orders[external_id]))

    def read_args(self, asked: Asked) -> dict[str, Any]:
        found = asked.json if asked.body else {}
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, "param_json")
        return found

    def verify(self, asked: Asked) -> None:
        """App, method, version, time, token and signature, which stand in the query; the body is signed as it came."""
        query = asked.query
        needed = ["app_key", "method", "timestamp", "v", "sign", "sign_method"]
        needed += [] if asked.name.startswith("token.") else ["access_token"]
        for name in needed:
            if not query.get(name):
                raise self.no(why.MISSING, name)
        if query["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if query["v"] != "2" or query["sign_method"] != "hmac-sha256":
            raise self.no(why.WRONG_VALUE, "v, sign_method")
        if asked.path.strip("/") != query["method"].replace(".", "/") or asked.method != "POST":
            raise self.no(why.UNKNOWN_CALL, asked.path)
        if abs((self._sent(query["timestamp"]) - self.wall()).total_seconds()) > TOLERANCE_SECONDS:
            raise self.no(why.WRONG_TIME)
        wanted = signature(self.credentials["app_secret"], query["app_key"], query["method"],
                           asked.body.decode("utf-8", "replace"), query["timestamp"])  # fmt: skip
        if not same(query["sign"], wanted):
            raise self.no(why.WRONG_SIGN)
        token = query.get("access_token", "")
        if "access_token" in needed and not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        return self._say(10000, "success", "", "", content)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        return self._say(int(refused.code), refused.message, refused.sub_code, refused.sub_message, None)

    def _say(self, code: int, words: str, sub_code: str, sub_words: str, data: Any) -> Response:
        return self.respond(orjson.dumps({
            "code": code, "msg": words, "sub_code": sub_code, "sub_msg": sub_words,
            "log_id": f"20260101{sum(self.requests.values()):08d}", **({} if data is None else {"data": data}),
        }))  # fmt: skip

    def _sent(self, text: str) -> datetime:
        """Seconds, or Beijing's time as the older documents have it."""
        try:
            return from_seconds(text) if text.isdecimal() else read_local(text)
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "timestamp") from error

    # Tokens

    def _create(self, asked: Asked) -> dict[str, Any]:
        kind = self.one_of(asked, "grant_type", frozenset({"authorization_code", "authorization_self"}))
        try:
            self._grant = self.tokens.by_code(asked.text("code")) if kind == "authorization_code" \
                else self.tokens.by_app()  # fmt: skip
        except NotGranted as error:
            raise Refused(50002, "业务处理失败", "isv.business-failed:code", error.reason) from error
        return self._granted(self._grant)

    def _refresh(self, asked: Asked) -> dict[str, Any]:
        """Before the last hour the same token is given once more; in it a new one, and the old one lives an hour on."""
        self.one_of(asked, "grant_type", frozenset({"refresh_token"}))
        (refresh,) = self.need(asked, "refresh_token")
        left = self._grant.lives(self.now())[0]
        if refresh == self._grant.refresh and left > RENEWED_BEFORE_SECONDS:
            return self._granted(self._grant)
        try:
            self._grant = self.tokens.refresh(refresh)
        except NotGranted as error:
            raise Refused(40003, "非法的参数", "isv.refresh-token-no-existed", error.reason) from error
        return self._granted(self._grant)

    def _granted(self, grant: Grant) -> dict[str, Any]:
        return {"access_token": grant.access, "refresh_token": grant.refresh, "shop_id": 1234567,
                "expires_in": grant.lives(self.now())[0], "scope": "SCOPE", "shop_name": "示例抖店"}  # fmt: skip

    # Orders

    def _list(self, asked: Asked) -> dict[str, Any]:
        by = self.one_of(asked, "order_by", frozenset({"create_time", "update_time"}), "create_time")
        start, end = self._window(asked, by)
        found = self.shown(self.book.between(start, end, "changed_at" if by == "update_time" else "placed_at"))
        wanted = set(asked.text("order_status").split(",")) - {""}
        if wanted - {"1", "105", "2", "101", "3", "4", "5"}:
            raise self.no(why.WRONG_VALUE, "order_status")
        found = [order for order in found if not wanted or str(status(order)) in wanted]
        if asked.args.get("order_asc") is not True:
            found = found[::-1]
        number, size = self._page(asked)
        page = self.pages.by_number(found, number, size, first=0)
        return {"page": number, "size": size, "total": page.total,
                "shop_order_list": [self._shown(order) for order in page.rows]}  # fmt: skip

    def _window(self, asked: Asked, by: str) -> tuple[Any, Any]:
        start, end = (self.instant(asked, f"{by}_{side}", from_seconds) for side in ("start", "end"))
        if start > end or (self.now() - start).total_seconds() > HISTORY_SECONDS:
            raise self.no(why.WRONG_VALUE, f"{by}_start")
        return start, end

    def _page(self, asked: Asked) -> tuple[int, int]:
        number, size = self.need_number(asked, "page"), self.need_number(asked, "size", low=1, high=100)
        if (number + 1) * size > ROWS_MAX:
            raise self.no(why.WRONG_VALUE, "page")
        return number, size

    def _shown(self, order: Order) -> dict[str, Any]:
        return shown(order, is_masked=self.is_masked(order.id))

    def _detail(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "shop_order_id")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return {"shop_order_detail": self._shown(self.book.orders[key])}

    # Shipments and stock

    def _send(self, asked: Asked) -> dict[str, Any]:
        key, company, waybill = self.need(asked, "order_id", "company_code", "logistics_code")
        self._check_parcel(key, company, is_forced=asked.args.get("is_reject_refund") is True)
        self.ship(key, None, company, waybill, _not_now)
        return {"pack_id": f"pk{len(self.book.orders[key].parcels)}"}

    def _send_single(self, asked: Asked) -> dict[str, Any]:
        company, waybill, key = self.need(asked, "company_code", "logistics_code", "request_id")
        keys, chosen = asked.args.get("order_id_list"), asked.args.get("shipped_order_info")
        if not isinstance(keys, list) or len(keys) != 1 or not isinstance(chosen, list) or not chosen:
            raise self.no(why.WRONG_VALUE, "order_id_list, shipped_order_info")
        return dict(self.once(key, lambda: self._send_some(str(keys[0]), company, waybill, chosen)))

    def _send_some(self, key: str, company: str, waybill: str, chosen: list[Any]) -> dict[str, Any]:
        self._check_parcel(key, company)
        places = {line_id(key, line.place): line.place for line in self.book.orders[key].lines}
        units: dict[int, int] = {}
        for one in chosen:
            if str(one.get("shipped_order_id")) not in places or not isinstance(one.get("shipped_num"), int):
                raise self.no(why.WRONG_VALUE, "shipped_order_info")
            units[places[str(one["shipped_order_id"])]] = one["shipped_num"]
        self.ship(key, units, company, waybill, _not_now)
        return {"pack_id": f"pk{len(self.book.orders[key].parcels)}"}

    def _check_parcel(self, key: str, company: str, *, is_forced: bool = False) -> None:
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        if company not in COMPANIES:
            raise self.no(why.WRONG_VALUE, "company_code")
        if not is_forced and any(one.state in (ASKED, AGREED, SENT_BACK) for one in self.book.orders[key].claims):
            raise Refused(50002, "业务处理失败", "isv.business-failed:refund", "订单有待处理的售后，不能发货")

    def _sync(self, asked: Asked) -> dict[str, Any]:
        quantity, is_change = self.need_number(asked, "stock_num", low=-(10**9)), asked.args.get("incremental") is True
        if is_change:
            self.need(asked, "idempotent_id")
        code, variant = asked.text("code"), asked.text("sku_id")
        if not (code or variant):
            raise self.no(why.MISSING, "sku_id")
        offer = self.shelf.at("", variant) if variant else next(iter(self.shelf.offers(code)), None)
        for words in self.put_stock([(offer, code or variant, quantity)], is_change=is_change).values():
            raise Refused(50002, "业务处理失败", "isv.business-failed:stock", words)
        return {"stock_num": quantity}

    def _products(self, asked: Asked) -> dict[str, Any]:
        number, size = self.need_number(asked, "page", low=1), self.need_number(asked, "size", low=1, high=100)
        self.one_of(asked, "status", frozenset("012"), "0")
        page = self.pages.by_number(self.shelf.items(), number, size)
        rows = [{"product_id": int(one.item), "name": one.sku, "status": 0, "check_status": 3} for one in page.rows]
        return {"page": number, "size": size, "total": page.total, "data": rows}

    def _skus(self, asked: Asked) -> list[dict[str, Any]]:
        (item,) = self.need(asked, "product_id")
        found = [one for one in self.shelf.all() if one.item == item]
        if not found:
            raise self.no(why.NOT_FOUND, item)
        return [{"id": int(one.variant), "product_id": int(one.item), "code": one.sku, "stock_num": self.units(one),
                 "sku_type": 0} for one in found]  # fmt: skip

    # After the sale

    def _claims(self, asked: Asked) -> dict[str, Any]:
        is_update = bool(asked.text("update_start_time"))
        names = ("update_start_time", "update_end_time") if is_update else ("start_time", "end_time")
        start, end = (self.instant(asked, name, from_seconds) for name in names)
        found = self.book.claims_between(start, end, "changed_at" if is_update else "asked_at")
        number, size = self._page(asked)
        if asked.args.get("order_by") not in ORDERS_BY:
            raise self.no(why.WRONG_VALUE, "order_by")
        if asked.args.get("order_by") not in (["update_time asc"], ["apply_time asc"]):
            found = found[::-1]
        page = self.pages.by_number(found, number, size, first=0)
        return {"page": number, "size": size, "total": page.total, "has_more": page.has_more,
                "items": [shown_claim(claim, self.book.orders[claim.order_id]) for claim in page.rows]}  # fmt: skip

    # Pushes

    def news(self, external_id: str, topic: str) -> Push:
        """The order's push of now; `topic` "refund" tells its last application, "0" is the trial of the address."""
        order = self.book.orders.get(external_id)
        tag, told = ("0", {}) if order is None or topic == "0" else self._told(order, topic)
        number = f"{external_id}:{tag}:{order.revision if order else 0}"
        message = [{"tag": tag, "msg_id": number, "data": json.dumps(told, ensure_ascii=False)}]
        body = json.dumps(message, ensure_ascii=False)
        sign = push_signature(self.credentials["app_secret"], self.credentials["app_key"], body)
        return Push(body.encode(), {"content-type": "application/json", "event-sign": sign,
                                    "app-id": self.credentials["app_key"]})  # fmt: skip

    def _told(self, order: Order, topic: str) -> tuple[str, dict[str, Any]]:
        below = [int(line_id(order.id, line.place)) for line in order.lines]
        told = {"p_id": int(order.id), "shop_id": 1234567, "s_ids": below}
        if topic == "refund" and order.claims:
            claim = order.claims[-1]
            return "200", {**told, "s_id": int(line_id(order.id, claim.place)), "aftersale_id": int(claim.id),
                           "aftersale_status": claim_status(claim), "aftersale_type": claim_type(claim, order),
                           "refund_amount": claim.amount, "update_time": seconds(claim.changed_at)}  # fmt: skip
        word = status(order)
        return topic if topic.isdigit() else TAGS[word], {**told, "order_status": word, "order_type": 0, "biz": 2,
                                     "update_time": seconds(order.changed_at)}  # fmt: skip


def _not_now(words: str) -> Refused:
    return Refused(50002, "业务处理失败", "isv.business-failed:ship", f"发货失败 {words}")


def _is_thanked(answer: httpx2.Response) -> bool:
    """Anything but HTTP 200 with a code of 0 is sent again."""
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return False
    return answer.status_code == 200 and isinstance(said, dict) and said.get("code") == 0


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given, said = vector["given"], vector.get("params", {})
    if "raw_body" in given:
        return push_signature(given["app_secret"], given["app_key"], given["raw_body"])
    return signature(given["app_secret"], said["app_key"], said["method"], said["param_json"], said["timestamp"])
