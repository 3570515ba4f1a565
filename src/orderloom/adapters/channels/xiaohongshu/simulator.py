"""Xiaohongshu's ARK gateway on loopback: one address, system parameters signed, lists of 30 minutes, then details.

It checks signatures by the platform's documents with code of its own. The numbers of the gateway's errors are not
documented; those here are made up, and their words are what a client may go by.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import orjson
from starlette.responses import Response

from orderloom.adapters.channels.xiaohongshu.after_sale_desk import after_sale_desk
from orderloom.adapters.channels.xiaohongshu.simulated_order import (
    brief,
    open_address,
    shown,
    shown_claim,
    sku_id,
    status,
)
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import Order
from orderloom.adapters.simulated.clock import Now, from_seconds, millis
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import Shelf
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

TOLERANCE_SECONDS = 600
RENEWED_BEFORE_SECONDS, GRACE_SECONDS = 1_800, 300
WINDOWS = {"1": timedelta(hours=24), "2": timedelta(minutes=30)}
BY = {"1": "placed_at", "2": "changed_at"}
COMPANIES = frozenset({"shunfeng", "yuantong", "zto", "shentong", "yunda", "ems", "jd", "youzhengguonei",
                       "debangkuaidi", "jtexpress", "danniao"})  # fmt: skip
PUSH_TOPIC = ""
"""The order as it is."""
NOES = {
    why.RATE_LIMITED: No(-101, "请求被限流，请稍后重试"), why.BUSY: No(-102, "系统繁忙，请稍后重试"),
    why.EXPIRED_TOKEN: No(-103, "accessToken已过期"), why.WRONG_TOKEN: No(-104, "accessToken无效"),
    why.WRONG_KEY: No(-105, "appId不存在"), why.WRONG_TIME: No(-106, "timestamp超出范围"),
    why.WRONG_SIGN: No(-107, "签名校验失败"), why.UNKNOWN_CALL: No(-108, "method不存在：{}"),
    why.UNKNOWN_PARAMETER: No(-109, "参数错误：{}"), why.MISSING: No(-109, "缺少参数：{}"),
    why.WRONG_VALUE: No(-109, "参数错误：{}"), why.NOT_FOUND: No(-110, "{}不存在"),
}
OPEN_CALLS = ("oauth.getAccessToken", "oauth.refreshToken")


def external_id(n: int) -> str:
    """The n-th valid order id."""
    return f"P{700_000_000_000_000_000 + n}"


def signature(secret: str, method: str, app_id: str, timestamp: str, version: str) -> str:
    """What a call must be signed with: the system parameters alone."""
    text = f"{method}?appId={app_id}&timestamp={timestamp}&version={version}{secret}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def push_signature(secret: str, url: str, app_key: str, timestamp: str) -> str:
    """What a push is signed with: the path and every parameter of the address, with key and time among them."""
    parts = urlsplit(url)
    named = {**dict(parse_qsl(parts.query)), "app-key": app_key, "timestamp": timestamp}
    text = f"{parts.path}?{'&'.join(f'{name}={named[name]}' for name in sorted(named))}{secret}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class Simulator(ShopSimulator):
    """One shop at Xiaohongshu."""

    NOES = NOES
    COMMON = frozenset({"method", "appId", "timestamp", "version", "sign", "accessToken"})

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.shelf = Shelf(lambda name: (sku_id(f"item{name}"), sku_id(name)))
        self.stock = self.shelf.stock
        self.tokens: Tokens = Tokens(now, float(settings.get("access_seconds") or 604_800),
                                     float(settings.get("refresh_seconds") or 1_209_600), is_single_use=True,
                                     grace_seconds=GRACE_SECONDS)  # fmt: skip
        self._grant = self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))
        self.pushes = Pushes(self.news, _is_thanked, tries_max=2)

    def declare(self) -> dict[str, Call]:
        return {
            "oauth.getAccessToken": Call(self._create, "code"),
            "oauth.refreshToken": Call(self._refresh, "refreshToken"),
            "order.getOrderList": Call(self._list, "startTime endTime timeType orderType orderStatus pageNo pageSize"),
            "order.getOrderDetail": Call(self._detail, "orderId"),
            "order.getOrderReceiverInfo": Call(self._receivers, "receiverQueries isReturn"),
            "order.orderDeliver": Call(
                self._deliver, "orderId expressNo expressCompanyCode expressCompanyName deliveringTime unpack "
                               "skuIdList", is_write=True),
            "afterSale.listAfterSaleInfos": Call(
                self._claims, "pageNo pageSize orderId statuses returnTypes startTime endTime timeType"),
            **after_sale_desk(self),
            "product.getDetailSkuList": Call(self._skus, "buyable pageNo pageSize"),
            "inventory.syncSkuStock": Call(self._sync, "skuId qty", is_write=True),
            "inventory.getSkuStock": Call(self._stock, "skuId"),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.startswith("P") and text[1:].isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return sku_id(self.book.orders[order_id].lines[place].sku)

    def status(self, external_id: str) -> str:
        return str(status(self.book.orders[external_id]))

    def verify(self, asked: Asked) -> None:
        """App, time, version, signature and token, which stand in the body beside what is asked."""
        method, app_id, timestamp, version, sign = self.need(
            asked, "method", "appId", "timestamp", "version", "sign")
        if app_id != self.credentials["app_id"]:
            raise self.no(why.WRONG_KEY)
        if version != "2.0":
            raise self.no(why.WRONG_VALUE, "version")
        if abs((self.instant(asked, "timestamp", from_seconds) - self.wall()).total_seconds()) > TOLERANCE_SECONDS:
            raise self.no(why.WRONG_TIME)
        if not same(sign, signature(self.credentials["app_secret"], method, app_id, timestamp, version)):
            raise self.no(why.WRONG_SIGN)
        if method in OPEN_CALLS:
            return
        (token,) = self.need(asked, "accessToken")
        if not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        """The newer calls have an envelope of their own."""
        if asked.name.startswith("afterSale."):
            return self.respond(orjson.dumps({"code": 0, "msg": "success", "success": True, "data": content}))
        return self.respond(orjson.dumps({"error_code": 0, "error_msg": "", "success": True, "data": content}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        said = {"error_code": refused.code, "error_msg": refused.message, "success": False}
        return self.respond(orjson.dumps(said))

    # Tokens

    def _create(self, asked: Asked) -> dict[str, Any]:
        try:
            self._grant = self.tokens.by_code(asked.text("code"))
        except NotGranted as error:
            raise Refused(-111, f"code无效 {error.reason}") from error
        return self._granted(self._grant)

    def _refresh(self, asked: Asked) -> dict[str, Any]:
        """With more than 30 minutes left nothing changes; later both are new and the old one has five minutes."""
        (refresh,) = self.need(asked, "refreshToken")
        if refresh == self._grant.refresh and self._grant.lives(self.now())[0] > RENEWED_BEFORE_SECONDS:
            return self._granted(self._grant)
        try:
            self._grant = self.tokens.refresh(refresh)
        except NotGranted as error:
            raise Refused(-112, f"refreshToken无效 {error.reason}") from error
        return self._granted(self._grant)

    def _granted(self, grant: Grant) -> dict[str, Any]:
        return {"accessToken": grant.access, "accessTokenExpiresAt": millis(grant.access_until),
                "refreshToken": grant.refresh, "refreshTokenExpiresAt": millis(grant.refresh_until),
                "sellerId": "seller-1", "sellerName": "示例店铺"}  # fmt: skip

    # Orders

    def _list(self, asked: Asked) -> dict[str, Any]:
        kind = self.one_of(asked, "timeType", WINDOWS)
        start, end = (self.instant(asked, name, from_seconds) for name in ("startTime", "endTime"))
        if not start <= end <= start + WINDOWS[kind]:
            raise self.no(why.WRONG_VALUE, "endTime")
        found = self.shown(self.book.between(start, end, BY[kind]))[::-1]
        if asked.text("orderStatus"):
            found = [order for order in found if str(status(order)) == asked.text("orderStatus")]
        number = self.need_number(asked, "pageNo", 1, low=1, high=100)
        size = self.need_number(asked, "pageSize", 50, low=1, high=100)
        page = self.pages.by_number(found, number, size)
        return {"total": page.total, "pageNo": number, "pageSize": size, "maxPageNo": -(-page.total // size),
                "orderList": [brief(order) for order in page.rows]}  # fmt: skip

    def _order(self, key: str) -> Order:
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _detail(self, asked: Asked) -> dict[str, Any]:
        order = self._order(self.need(asked, "orderId")[0])
        return shown(order, is_masked=self.is_masked(order.id))

    def _receivers(self, asked: Asked) -> dict[str, Any]:
        wanted = asked.args.get("receiverQueries")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= 100:
            raise self.no(why.WRONG_VALUE, "receiverQueries")
        found = []
        for one in wanted:
            order = self._order(str(one.get("orderId")))
            who, is_same = order.receiver, one.get("openAddressId") == open_address(order)
            found.append({"orderId": order.id, "matched": is_same, **({
                "receiverProvinceName": who["province"], "receiverCityName": who["city"],
                "receiverDistrictName": who["district"], "receiverName": who["name"], "receiverPhone": who["phone"],
                "receiverAddress": who["detail"]} if is_same else {})})  # fmt: skip
        return {"receiverInfos": found}

    def _deliver(self, asked: Asked) -> dict[str, Any]:
        key, waybill, company = self.need(asked, "orderId", "expressNo", "expressCompanyCode")
        order = self._order(key)
        if company not in COMPANIES:
            raise self.no(why.WRONG_VALUE, "expressCompanyCode")
        chosen = None
        if asked.args.get("unpack") is True:
            wanted = asked.args.get("skuIdList")
            places = {sku_id(line.sku): line.place for line in order.lines}
            if not isinstance(wanted, list) or not wanted or any(one not in places for one in wanted):
                raise self.no(why.WRONG_VALUE, "skuIdList")
            chosen = {places[one]: order.lines[places[one]].open for one in wanted}
        self.ship(key, chosen, company, waybill, lambda words: Refused(-120, f"发货失败 {words}"))
        return {}

    # After the sale, stock

    def _claims(self, asked: Asked) -> dict[str, Any]:
        kind = self.one_of(asked, "timeType", WINDOWS)
        start, end = (self.instant(asked, name, lambda text: from_seconds(int(text) / 1000))
                      for name in ("startTime", "endTime"))  # fmt: skip
        if not start < end <= start + WINDOWS[kind]:
            raise self.no(why.WRONG_VALUE, "endTime")
        found = self.book.claims_between(start, end, "asked_at" if kind == "1" else "changed_at")[::-1]
        number = self.need_number(asked, "pageNo", low=1)
        page = self.pages.by_number(found, number, self.need_number(asked, "pageSize", low=1, high=100))
        rows = [shown_claim(claim, self.book.orders[claim.order_id]) for claim in page.rows]
        return {"afterSaleBasicInfos": rows, "totalCount": page.total, "pageNo": number}

    def _sync(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "skuId")
        offer = self.shelf.at("", key)
        for words in self.put_stock([(offer, key, self.need_number(asked, "qty"))]).values():
            raise Refused(-9001, words)
        return {**self._figures(key), "response": {"success": True, "message": "同步成功", "code": 0}}

    def _stock(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "skuId")
        return self._figures(key)

    def _skus(self, asked: Asked) -> dict[str, Any]:
        number = self.need_number(asked, "pageNo", 1, low=1)
        sold = self.shelf.all() if asked.args.get("buyable", True) is True else []
        page = self.pages.by_number(sold, number, self.need_number(asked, "pageSize", 50, low=1, high=100))
        rows = [{"item": {"id": one.item, "name": one.sku}, "sku": {
            "id": one.variant, "erpCode": one.sku, "buyable": True, "stock": self.units(one)}} for one in page.rows]
        return {"pageNo": number, "total": page.total, "data": rows}

    def _figures(self, key: str) -> dict[str, Any]:
        offer = self.shelf.at("", key)
        if offer is None:
            raise self.no(why.NOT_FOUND, key)
        units = self.stock.get(offer.name, 0)
        return {"skuId": key, "apiVersion": "V1",
                "skuStock": {"available": units, "total": units, "occupiedQuantity": 0}}  # fmt: skip

    # Pushes

    def news(self, external_id: str, topic: str) -> Push:
        """The order's push of now; `topic` "refund" tells its last application, "test" tries the address."""
        order = self.book.orders.get(external_id)
        if order is None or topic == "test":
            body = b'{"test":true}'
        else:
            tag, told = "msg_fulfillment_status_change", {
                "orderId": order.id, "orderStatus": status(order), "updateTime": millis(order.changed_at)}
            if topic == "refund" and order.claims:
                tag, told = "msg_after_sale_create", {"returnsId": f"R{order.claims[-1].id}", "orderId": order.id}
            message = [{"msgTag": topic if topic.startswith("msg_") else tag, "sellerId": "seller-1",
                        "data": json.dumps(told)}]  # fmt: skip
            body = orjson.dumps(message)
        timestamp, key = str(int(self.wall().timestamp())), self.credentials["app_id"]
        sign = push_signature(self.credentials["app_secret"], self.push_url, key, timestamp)
        return Push(body, {"content-type": "application/json", "timestamp": timestamp, "app-key": key, "sign": sign})


def _is_thanked(answer: httpx2.Response) -> bool:
    """HTTP 200 that says success; what is not is sent once more."""
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return False
    return answer.status_code == 200 and isinstance(said, dict) and said.get("success") is True


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given, said = vector["given"], vector["params"]
    if "path" in given:
        query = "&".join(f"{name}={value}" for name, value in said.items())
        return push_signature(given["app_secret"], f"{given['path']}?{query}", said["app-key"], said["timestamp"])
    return signature(given["app_secret"], said["method"], said["appId"], said["timestamp"], said["version"])
