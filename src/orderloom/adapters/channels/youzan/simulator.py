"""Youzan's open cloud on loopback: a token in the address and no signature, details for each order, signed pushes.

It signs pushes with code of its own, by the platform's documents. The shape of gateway errors is only known by hearsay.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx2
import orjson
from starlette.responses import Response

from orderloom.adapters.channels.youzan.refund_desk import agree, look, refuse, take_back
from orderloom.adapters.channels.youzan.simulated_order import detailed, full, line_id, shown_claim, status
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import Order
from orderloom.adapters.simulated.clock import Now, from_seconds, millis, read_local, seconds
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

WINDOW_SECONDS = 92 * 86_400
ROWS_MAX = 3_000
KDT_ID = "40419900"
CREDENTIALS = {"kdt_id": KDT_ID}
"""Shops are numbers."""
SPANS = {"created": "placed_at", "update": "changed_at", "success": "received_at"}
STATUSES = frozenset({"WAIT_BUYER_PAY", "TRADE_PAID", "WAIT_CONFIRM", "WAIT_SELLER_SEND_GOODS",
                      "WAIT_BUYER_CONFIRM_GOODS", "TRADE_SUCCESS", "TRADE_CLOSED"})  # fmt: skip
TYPES = {"WAIT_BUYER_PAY": "trade_TradeCreate", "WAIT_CONFIRM": "trade_TradePaid",
         "WAIT_SELLER_SEND_GOODS": "trade_TradeBuyerPay", "WAIT_BUYER_CONFIRM_GOODS": "trade_TradeSellerShip",
         "TRADE_SUCCESS": "trade_TradeSuccess", "TRADE_CLOSED": "trade_TradeClose"}  # fmt: skip
GATEWAY = frozenset({4001, 4201, 4202, 4203, 4204, 4205})
PUSH_TOPIC = ""
"""The order as it is."""
NOES = {
    why.RATE_LIMITED: No(4205, "接口调用频率超限"), why.BUSY: No(5001, "系统繁忙"),
    why.EXPIRED_TOKEN: No(4203, "access_token已过期"), why.WRONG_TOKEN: No(4202, "access_token无效"),
    why.WRONG_KEY: No(4201, "client_id无效"), why.WRONG_SIGN: No(4201, "签名错误"),
    why.WRONG_TIME: No(4201, "时间错误"),
    why.UNKNOWN_CALL: No(4001, "接口不存在 {}"), why.UNKNOWN_PARAMETER: No(4204, "参数错误 {}"),
    why.MISSING: No(4204, "缺少参数 {}"), why.WRONG_VALUE: No(4204, "参数错误 {}"),
    why.NOT_FOUND: No(101404, "{}不存在"),
}  # fmt: skip


def external_id(n: int) -> str:
    """The n-th valid `tid`."""
    return f"E201903261017020{6_000_000 + n:08d}"


def push_signature(client_id: str, body: str, secret: str) -> str:
    """What a push is signed with."""
    return hashlib.md5(f"{client_id}{body}{secret}".encode(), usedforsecurity=False).hexdigest()


class Simulator(ShopSimulator):
    """One shop at Youzan."""

    NOES = NOES
    COMMON = frozenset({"access_token"})

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens: Tokens = Tokens(now, float(settings.get("access_seconds") or 604_800),
                                     float(settings.get("refresh_seconds") or 28 * 86_400))  # fmt: skip
        self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))
        self.companies = dict[str, str](settings.get("companies") or {})
        """Words for carriers that it takes too, and their numbers."""
        self.kdt_id = credentials.get("kdt_id", KDT_ID)
        self.pushes = Pushes(self.news, _is_thanked)

    def declare(self) -> dict[str, Call]:
        spans = " ".join(f"start_{name} end_{name}" for name in SPANS)
        calls = {
            "youzan.trades.sold.get/4.0.4": Call(self._list, f"status type {spans} page_no page_size tid"),
            "youzan.trade.get/4.0.2": Call(self._detail, "tid"),
            "youzan.logistics.online.confirm/3.0.0": Call(
                self._confirm, "tid oids is_no_express out_stype out_sid", is_write=True),
            "youzan.item.quantity.update/3.0.0": Call(self._set_stock, "item_id sku_id quantity type", is_write=True),
            "youzan.items.onsale.get/3.0.0": Call(self._items, "page_no page_size"),
            "youzan.item.get/3.0.0": Call(self._item, "item_id"),
            "youzan.trade.refund.get/3.0.0": Call(lambda asked: look(self, asked), "refund_id"),
            "youzan.trade.refund.agree/3.0.0": Call(
                lambda asked: agree(self, asked), "refund_id version", is_write=True),
            "youzan.trade.refund.refuse/3.0.0": Call(
                lambda asked: refuse(self, asked), "refund_id version remark", is_write=True),
            "youzan.trade.returngoods.agree/3.0.0": Call(
                lambda asked: take_back(self, asked), "refund_id version name mobile telephone address post remark",
                is_write=True),
            "youzan.trade.refund.search/3.0.1": Call(
                self._claims, "tid refund_id create_time_start create_time_end update_time_start update_time_end "
                              "page_no page_size"),
        }  # fmt: skip
        return {
            "auth/token": Call(
                self._token, "authorize_type client_id client_secret grant_id refresh refresh_token code redirect_uri",
                at="POST /auth/token", is_open=True),
            **{name.partition("/")[0]: call._replace(at=f"POST /api/{name}") for name, call in calls.items()},
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.startswith("E") and len(text) == 24

    def line_id(self, order_id: str, place: int) -> str:
        return line_id(order_id, place)

    def status(self, external_id: str) -> str:
        return status(self.book.orders[external_id])

    def verify(self, asked: Asked) -> None:
        """A token that is alive, in the address."""
        token = asked.query.get("access_token", "")
        if not self.tokens.holder(token):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        said = {"code": 200, "success": True, "data": content, "message": "successful", "trace_id": "yz7-demo"}
        return self.respond(orjson.dumps(said))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """The gateway says no in one shape, what stands behind it in another."""
        said: dict[str, Any]
        if refused.code in GATEWAY:
            said = {"gw_err_resp": {"err_code": refused.code, "err_msg": refused.message, "trace_id": "yz7-demo"}}
        else:
            said = {"code": refused.code, "success": False, "data": None, "message": refused.message}
        return self.respond(orjson.dumps(said))

    # Tokens

    def _token(self, asked: Asked) -> dict[str, Any]:
        kind = self.one_of(asked, "authorize_type", frozenset({"silent", "authorization_code", "refresh_token"}))
        own = (self.credentials["client_id"], self.credentials["client_secret"])
        if not all(map(same, self.need(asked, "client_id", "client_secret"), own)):
            raise self.no(why.WRONG_KEY)
        try:
            if kind == "refresh_token":
                return self._granted(self.tokens.refresh(asked.text("refresh_token")))
            if kind == "authorization_code":
                return self._granted(self.tokens.by_code(asked.text("code")))
        except NotGranted as error:
            raise Refused(4202, f"{kind} {error.reason}") from error
        if self.need(asked, "grant_id") != [self.kdt_id]:
            raise self.no(why.WRONG_VALUE, "grant_id")
        return self._granted(self.tokens.by_app())

    def _granted(self, grant: Grant) -> dict[str, Any]:
        return {"access_token": grant.access, "expires": millis(grant.access_until), "refresh_token": grant.refresh,
                "scope": "multi_store shop item trade logistics", "authority_id": self.kdt_id}  # fmt: skip

    # Orders

    def _list(self, asked: Asked) -> dict[str, Any]:
        found = list(self.shown(self.book.orders.values()))
        for name, field in SPANS.items():
            if not (asked.text(f"start_{name}") or asked.text(f"end_{name}")):
                continue
            start, end = (self.instant(asked, f"{side}_{name}", read_local) for side in ("start", "end"))
            if not 0 < (end - start).total_seconds() <= WINDOW_SECONDS:
                raise self.no(why.WRONG_VALUE, f"end_{name}")
            inside = {order.id for order in self.book.between(start, end, field)}
            found = [order for order in found if order.id in inside]
        if asked.text("status"):
            wanted = self.one_of(asked, "status", STATUSES)
            found = [order for order in found if status(order) == wanted]
        found.sort(key=lambda order: (order.placed_at, order.id), reverse=True)
        number = self.need_number(asked, "page_no", 1, low=1, high=100)
        page = self.pages.by_number(found, number, self.need_number(asked, "page_size", 20, low=1, high=100))
        rows = [full(order, is_masked=self.is_masked(order.id)) for order in page.rows]
        return {"full_order_info_list": rows, "total_results": page.total}

    def _order(self, asked: Asked) -> Order:
        (key,) = self.need(asked, "tid")
        if key not in self.book.orders:
            raise self.no(why.NOT_FOUND, key)
        return self.book.orders[key]

    def _detail(self, asked: Asked) -> dict[str, Any]:
        order = self._order(asked)
        return detailed(order, is_masked=self.is_masked(order.id))

    def _confirm(self, asked: Asked) -> dict[str, Any]:
        order = self._order(asked)
        company, waybill = self.need(asked, "out_stype", "out_sid")
        company = self.companies.get(company, company)
        if not company.isdigit():
            raise self.no(why.WRONG_VALUE, "out_stype")
        places = {line_id(order.id, line.place): line.place for line in order.lines}
        wanted = [oid for oid in asked.text("oids").split(",") if oid]
        if any(oid not in places for oid in wanted):
            raise self.no(why.WRONG_VALUE, "oids")
        chosen = {places[oid]: order.lines[places[oid]].open for oid in wanted} or None
        self.ship(order.id, chosen, company, waybill, lambda words: Refused(101411, f"发货失败 {words}"))
        return {"is_success": True}

    def _claims(self, asked: Asked) -> dict[str, Any]:
        by = "update" if asked.text("update_time_start") else "create"
        start, end = (self.instant(asked, f"{by}_time_{side}", from_seconds) for side in ("start", "end"))
        found = self.book.claims_between(start, end, "changed_at" if by == "update" else "asked_at")
        number = self.need_number(asked, "page_no", 1, low=1)
        size = self.need_number(asked, "page_size", low=1, high=100)
        if number * size > ROWS_MAX:
            raise self.no(why.WRONG_VALUE, "page_no")
        page = self.pages.by_number(found, number, size)
        return {"refunds": [shown_claim(claim) for claim in page.rows], "total": page.total}

    def _set_stock(self, asked: Asked) -> dict[str, Any]:
        item, quantity = self.need(asked, "item_id", "quantity")
        variant, is_change = asked.text("sku_id"), asked.text("type", "0") == "1"
        lines = [(self.shelf.at(item, variant if variant != "0" else ""), variant, int(quantity))]
        for words in self.put_stock(lines, is_change=is_change).values():
            raise Refused(101420, words)
        return {"is_success": True}

    def _items(self, asked: Asked) -> dict[str, Any]:
        number = self.need_number(asked, "page_no", 1, low=1)
        size = self.need_number(asked, "page_size", 20, low=1, high=100)
        page = self.pages.by_number(self.shelf.items(), number, size)
        rows = [{"item_id": int(one.item), "title": one.sku, "quantity": self.units(one)} for one in page.rows]
        return {"count": page.total, "items": rows}

    def _item(self, asked: Asked) -> dict[str, Any]:
        (item,) = self.need(asked, "item_id")
        found = [one for one in self.shelf.all() if one.item == item]
        if not found:
            raise self.no(why.NOT_FOUND, item)
        return {"item": {"item_id": int(item), "item_no": "", "quantity": sum(map(self.units, found)), "skus": [
            {"sku_id": int(one.variant), "item_no": one.sku, "quantity": self.units(one)} for one in found]}}

    # Pushes

    def news(self, external_id: str, topic: str) -> Push:
        """The order's push of now; `topic` "test" tries the address, "refund" tells its last application."""
        order = self.book.orders[external_id]
        kind = topic if topic.startswith("trade_") else TYPES[status(order)]
        message: dict[str, Any] = full(order, is_masked=self.is_masked(order.id))
        if topic == "refund" and order.claims:
            kind, message = "trade_refund_RefundCreated", {"tid": order.id, "refund_id": order.claims[-1].id}
        client, secret = self.credentials["client_id"], self.credentials["client_secret"]
        body = json.dumps({
            "client_id": client, "kdt_id": int(self.kdt_id), "kdt_name": "示例店铺", "root_kdt_id": int(self.kdt_id),
            "id": order.id, "type": kind, "status": status(order), "msg": quote(json.dumps(message), safe=""),
            "msg_id": str(long_number(f"{order.id}{order.revision}{kind}", 16)), "version": seconds(order.changed_at),
            "sendCount": 1, "mode": 1, "test": topic == "test", "sign": "",
        }, ensure_ascii=False)  # fmt: skip
        return Push(body.encode(), {"content-type": "application/json", "Event-Type": kind, "Client-Id": client,
                                    "Event-Sign": push_signature(client, body, secret)})  # fmt: skip


def _is_thanked(answer: httpx2.Response) -> bool:
    try:
        said = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return False
    return answer.status_code == 200 and isinstance(said, dict) and said.get("code") == 0


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    return push_signature(given["client_id"], given["raw_body"], given["client_secret"])
