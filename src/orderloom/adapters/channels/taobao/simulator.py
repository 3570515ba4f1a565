"""Taobao's gateway on loopback: checks every call by TOP document 101617 and answers as the platform does.

Settings: `masked` (true: all receivers masked; false: none; absent: 30 % of the orders), `encoding` (`utf-8`, `gbk`),
`slow_seconds`, `access_seconds` and `refresh_seconds` of tokens. It has its own signature check and shares no code with
the client.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.channels.taobao.asked_fields import (
    IN_THE_LIST,
    ITEM_FIELDS,
    NOT_SHOWN,
    SKU_FIELDS,
    chosen,
    fields_of,
    only,
)
from orderloom.adapters.channels.taobao.refund_desk import refund_desk
from orderloom.adapters.channels.taobao.trade_book import (
    REFUNDS,
    Trade,
    line_id,
    listing_ids,
    refund,
    status,
    trade,
)
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import Order
from orderloom.adapters.simulated.clock import Now, local, read_local
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.shelf import Listing, Shelf
from orderloom.adapters.simulated.shop import ShopSimulator
from orderloom.adapters.simulated.tokens import Grant, NotGranted, Tokens

TOLERANCE = timedelta(minutes=10)
WINDOW_MAX = timedelta(days=1)
HISTORY_MAX = timedelta(days=93)
PAGE_SIZE_MAX = 100
SKUS_MAX = 20
MESSAGES_MAX = 200
ITEMS_MAX, ITEMS_AT_ONCE = 200, 40
LISTING = "fields status type page_no page_size use_has_next"
REMOTE = "Remote service error"
SESSION_SECONDS = REFRESH_SECONDS = 365 * 86_400
OF_THE_APP = ("taobao.top.auth.token.create", "taobao.top.auth.token.refresh", "taobao.tmc.messages.consume",
              "taobao.tmc.messages.confirm")  # fmt: skip
"""Calls for no shop: nobody's session is asked for."""
REFUNDS_OF_WHICH = frozenset(REFUNDS.values()) | {
    "WAIT_BUYER_CONFIRM_EXCHANGE_SELLER_SEND_GOODS", "EXCHANGE_TRANSFORM_TO_REFUND", "WAIT_SELLER_CONSIGN_GOODS",
}  # fmt: skip
NOES = {
    why.RATE_LIMITED: No(7, "App Call Limited", "accesscontrol.limited-by-api-access-count",
                         "This ban will last for 1 more seconds"),
    why.BUSY: No(15, REMOTE, "isp.service-unavailable", "服务暂时不可用"),
    why.EXPIRED_TOKEN: No(27, "Invalid session", "invalid-sessionkey", "SessionKey已过期"),
    why.WRONG_TOKEN: No(27, "Invalid session", "invalid-sessionkey", "SessionKey非法"),
    why.WRONG_KEY: No(29, "Invalid app Key"), why.WRONG_TIME: No(31, "Invalid timestamp"),
    why.WRONG_SIGN: No(25, "Invalid signature"), why.UNKNOWN_CALL: No(22, "Invalid Method"),
    why.MISSING: No(40, "Missing required arguments:{}"), why.WRONG_VALUE: No(41, "Invalid arguments:{}"),
    why.UNKNOWN_PARAMETER: No(41, "Invalid arguments:{}"),
    why.NOT_FOUND: No(15, REMOTE, "isv.trade-not-exist", "交易不存在"),
}  # fmt: skip
FILTER_STATUSES = {
    "ALL_WAIT_PAY": ("WAIT_BUYER_PAY", "TRADE_NO_CREATE_PAY"), "ALL_CLOSED": ("TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO"),
}  # fmt: skip
STATUSES = frozenset({
    "TRADE_NO_CREATE_PAY", "WAIT_BUYER_PAY", "PAY_PENDING", "WAIT_PRE_AUTH_CONFIRM", "PAID_FORBID_CONSIGN",
    "WAIT_SELLER_SEND_GOODS", "SELLER_CONSIGNED_PART", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_BUYER_SIGNED",
    "TRADE_FINISHED", "TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO",
})  # fmt: skip
METHODS = ("md5", "hmac", "hmac-sha256")


def external_id(n: int) -> str:
    """The n-th valid `tid`: 19 digits, beyond what a float can hold, with room for its sub-orders' ids."""
    return str(4_400_000_000_000_000_001 + n * 1_000)


class Simulator(ShopSimulator):
    """One shop at Taobao; a page with one of the `poisoned` orders never parses."""

    NOES = NOES
    COMMON = frozenset({"method", "app_key", "session", "timestamp", "format", "v", "sign_method", "sign", "simplify"})

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens = Tokens(now, float(settings.get("access_seconds", SESSION_SECONDS)),
                             float(settings.get("refresh_seconds", REFRESH_SECONDS)))  # fmt: skip
        self.tokens.know(credentials.get("session", ""), credentials.get("refresh_token", ""))
        self.messages: dict[str, dict[str, Any]] = {}
        """Those that nobody confirmed yet, by id."""
        self.shelf = Shelf(_ids)
        self.stock = self.shelf.stock

    def declare(self) -> dict[str, Call]:
        return {
            "taobao.trades.sold.increment.get":
                Call(lambda asked: self._sold(asked, "modified"), f"{LISTING} start_modified end_modified"),
            "taobao.trades.sold.get":
                Call(lambda asked: self._sold(asked, "created"), f"{LISTING} start_created end_created"),
            "taobao.trade.fullinfo.get": Call(self._fullinfo, "tid fields"),
            "taobao.logistics.offline.send":
                Call(self._send, "tid out_sid company_code sub_tid is_split", is_write=True),
            "taobao.skus.quantity.update":
                Call(self._update_quantities, "num_iid skuid_quantities outerid_quantities type", is_write=True),
            "taobao.skus.custom.get": Call(self._find_skus, "outer_id fields"),
            "taobao.items.custom.get": Call(self._find_items, "outer_id fields"),
            "taobao.item.quantity.update":
                Call(self._update_item, "num_iid sku_id outer_id quantity type", is_write=True),
            "taobao.items.onsale.get": Call(
                self._on_sale, "fields page_no page_size order_by start_modified end_modified"),
            "taobao.item.skus.get": Call(self._skus_of, "fields num_iids"),
            "taobao.refunds.receive.get":
                Call(self._refunds, "fields status type start_modified end_modified page_no page_size use_has_next"),
            "taobao.refund.get": Call(self._refund, "fields refund_id"),
            **refund_desk(self),
            "taobao.top.auth.token.create": Call(self._token, "code"),
            "taobao.top.auth.token.refresh": Call(self._token, "refresh_token"),
            "taobao.tmc.messages.consume": Call(self._consume, "group_name quantity"),
            "taobao.tmc.messages.confirm": Call(self._confirm, "group_name s_message_ids f_message_ids",
                                                is_write=True),
            "authorize": Call(self.agree, "response_type client_id redirect_uri state view", "GET /authorize",
                              is_open=True),
        }  # fmt: skip

    def is_id(self, text: str) -> bool:
        return text.isdigit()

    def line_id(self, order_id: str, place: int) -> str:
        return line_id(order_id, place, len(self.book.orders[order_id].lines))

    def status(self, external_id: str) -> str:
        return status(self.book.orders[external_id])

    def list_item(self, code: str) -> None:
        """Put an item without SKUs up for sale."""
        self.shelf.put_up(code, has_variants=False)

    def say(self, external_id: str, claim_id: str = "", topic: str = "") -> str:
        """A message about a trade, or about an application after the sale; its id."""
        topic = topic or ("taobao_refund_RefundCreated" if claim_id else "taobao_trade_TradeChanged")
        about = {"refund_id": int(claim_id)} if claim_id else {}
        content = {"tid": int(external_id), "seller_nick": "demo_shop", **about}
        key = str(6_142_200_092_063_758_446 + len(self.messages) + sum(self.requests.values()))
        self.messages[key] = {"id": int(key), "topic": topic, "pub_time": local(self.now()), "user_id": 174_265_168,
                              "pub_app_key": "12497914", "user_nick": "demo_shop",
                              "content": orjson.dumps(content).decode()}  # fmt: skip
        return key

    def write(self, content: Any, asked: Asked) -> Response:
        root = asked.name.removeprefix("taobao.").replace(".", "_") + "_response"
        return self.respond(orjson.dumps({root: {**content, "request_id": f"r{sum(self.requests.values())}"}}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        body = {"code": refused.code, "msg": refused.message, "sub_code": refused.sub_code,
                "sub_msg": refused.sub_message}  # fmt: skip
        return self.respond(orjson.dumps({"error_response": body}))

    def respond(self, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        encoding = str(self.settings.get("encoding") or "utf-8").lower()
        if encoding == "utf-8":
            return Response(body, status, {"content-type": "text/javascript;charset=UTF-8"})
        return Response(body.decode().encode("gb18030"), status, {"content-type": "text/javascript;charset=GBK"})

    def verify(self, asked: Asked) -> None:
        """What every call must carry, in the platform's order: method, key, session, time, signature."""
        form = asked.form
        for name, code in (("method", 21), ("app_key", 28), ("session", 26), ("timestamp", 30), ("sign", 24)):
            if not form.get(name) and not (name == "session" and asked.name in OF_THE_APP):
                raise Refused(code, f"Missing {name}")
        if form["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if asked.name not in OF_THE_APP:
            self._check_session(form["session"])
        if abs(self.instant(asked, "timestamp", read_local) - self.wall()) > TOLERANCE:
            raise self.no(why.WRONG_TIME)
        if form.get("sign_method", "md5") not in METHODS:
            raise self.no(why.WRONG_VALUE, "sign_method")
        if not same(form["sign"], _signature(form, self.credentials["app_secret"].encode())):
            raise self.no(why.WRONG_SIGN)
        if form.get("format", "json") != "json" or form.get("simplify", "false") != "false":
            raise self.no(why.WRONG_VALUE, "format")

    def _check_session(self, session: str) -> None:
        assert self.tokens is not None
        if not self.tokens.holder(session):
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(session) else why.WRONG_TOKEN)

    def _token(self, asked: Asked) -> dict[str, Any]:
        """A session for a code or a refresh token, told as a JSON text."""
        assert self.tokens is not None
        name = "code" if asked.name.endswith("create") else "refresh_token"
        (given,) = self.need(asked, name)
        try:
            grant = self.tokens.by_code(given) if name == "code" else self.tokens.refresh(given)
        except NotGranted as refused:
            raise self.no(why.WRONG_VALUE, f"{name} {refused.reason}") from refused
        return {"token_result": orjson.dumps(_granted(grant, *grant.lives(self.now()))).decode()}

    def _sold(self, asked: Asked, by: str) -> dict[str, Any]:
        """The seller's trades of a time by its name `by`: newest change, or newest creation, first."""
        (fields,) = self.need(asked, "fields")
        start, end = (self.instant(asked, f"{side}_{by}", read_local) for side in ("start", "end"))
        size, number = asked.number("page_size", 40), asked.number("page_no", 1)
        if asked.text("status"):
            self.one_of(asked, "status", STATUSES | FILTER_STATUSES.keys())
        span = WINDOW_MAX if by == "modified" else HISTORY_MAX
        if not (start <= end <= start + span) or start < self.now() - HISTORY_MAX:
            raise Refused(15, REMOTE, "isv.invalid-parameter", f"start_{by} / end_{by}")
        if not (1 <= size <= PAGE_SIZE_MAX and number >= 1):
            raise Refused(15, REMOTE, "isv.invalid-parameter", "page_no / page_size")
        found = self.shown(self.book.between(start, end, "changed_at" if by == "modified" else "placed_at"))
        word, types = asked.text("status"), asked.text("type")
        page = self.pages.by_number([order for order in found[::-1] if _is_asked(order, word, types)], number, size)
        shown = [chosen(self._trade(order), fields) for order in page.rows]
        answer: dict[str, Any] = {"trades": {"trade": shown}} if shown else {}
        has_next = asked.text("use_has_next") == "true"
        return answer | ({"has_next": page.has_more} if has_next else {"total_results": page.total})

    def _trade(self, order: Order) -> Trade:
        return trade(order, is_masked=self.is_masked(order.id))

    def _fullinfo(self, asked: Asked) -> dict[str, Any]:
        tid, fields = self.need(asked, "tid", "fields")
        if tid not in self.book.orders:
            raise self.no(why.NOT_FOUND)
        return {"trade": chosen(self._trade(self.book.orders[tid]), fields)}

    def _refunds(self, asked: Asked) -> dict[str, Any]:
        """Applications by their time of change; only the fields that were asked for."""
        (fields,) = self.need(asked, "fields")
        start, end = (self.instant(asked, f"{side}_modified", read_local) for side in ("start", "end"))
        size, number = asked.number("page_size", 40), asked.number("page_no", 1)
        word = asked.text("status")
        if word:
            self.one_of(asked, "status", REFUNDS_OF_WHICH)
        if start > end or not (1 <= size <= PAGE_SIZE_MAX and number >= 1):
            raise Refused(15, REMOTE, "isv.invalid-parameter", "start_modified / page_no / page_size")
        names = fields_of(fields, IN_THE_LIST)
        found = [claim for claim in self.book.claims_between(start, end) if word in ("", REFUNDS[claim.state])]
        page = self.pages.by_number(found[::-1], number, size)
        shown = [only(refund(self.book.orders[claim.order_id], claim), names) for claim in page.rows]
        told = {"refunds": {"refund": shown}} if shown else {}
        if asked.text("use_has_next") == "true":
            return {**told, "has_next": page.has_more}
        return {**told, "total_results": page.total}

    def _refund(self, asked: Asked) -> dict[str, Any]:
        fields, key = self.need(asked, "fields", "refund_id")
        claim = self.book.claims.get(key)
        if claim is None:
            raise Refused(15, REMOTE, "isv.refund-not-exist", "退款单不存在")
        whole = refund(self.book.orders[claim.order_id], claim)
        return {"refund": only(whole, fields_of(fields, frozenset(whole) | NOT_SHOWN))}

    def _consume(self, asked: Asked) -> dict[str, Any]:
        """What nobody confirmed: it comes again for as long."""
        self._group(asked)
        found = list(self.messages.values())[:self.need_number(asked, "quantity", 100, low=10, high=200)]
        return {"messages": {"tmc_message": found}} if found else {}

    def _confirm(self, asked: Asked) -> dict[str, Any]:
        self._group(asked)
        ids = self.need(asked, "s_message_ids")[0].split(",")
        if len(ids) > MESSAGES_MAX:
            raise self.no(why.WRONG_VALUE, "s_message_ids")
        for key in ids:
            self.messages.pop(key, None)
        return {"is_success": True}

    def _group(self, asked: Asked) -> None:
        if asked.text("group_name", "default") != str(self.settings.get("tmc_group") or "default"):
            raise Refused(15, REMOTE, "isv.invalid-parameter", f"group {asked.text('group_name')} 不存在")

    def _send(self, asked: Asked) -> dict[str, Any]:
        tid, waybill, company = self.need(asked, "tid", "out_sid", "company_code")
        if tid not in self.book.orders:
            raise Refused(15, REMOTE, "isv.logistics-offline-service-error:B01", "订单不存在")
        wanted = set(asked.text("sub_tid").split(",")) - {""} if asked.text("is_split") == "1" else set()
        lines = self.book.orders[tid].lines
        units = {line.place: line.open for line in lines if self.line_id(tid, line.place) in wanted}
        if wanted and len(units) != len(wanted):
            raise _not_now("sub_tid")
        self.ship(tid, units or None, company, waybill, _not_now)
        return {"shipping": {"is_success": True}}

    def _find_skus(self, asked: Asked) -> dict[str, Any]:
        sku, fields = self.need(asked, "outer_id", "fields")
        found = [only({"num_iid": int(one.item), "sku_id": int(one.variant), "outer_id": sku}, set(fields.split(",")))
                 for one in self.shelf.offers(sku) if one.variant]  # fmt: skip
        return {"skus": {"sku": found}} if found else {}

    def _find_items(self, asked: Asked) -> dict[str, Any]:
        code, fields = self.need(asked, "outer_id", "fields")
        found = [only({"num_iid": int(one.item), "outer_id": code}, set(fields.split(",")))
                 for one in self.shelf.offers(code) if not one.variant]  # fmt: skip
        return {"items": {"item": found}} if found else {}

    def _on_sale(self, asked: Asked) -> dict[str, Any]:
        """Items with their stock; only one without SKUs has a seller's code itself."""
        names = fields_of(self.need(asked, "fields")[0], ITEM_FIELDS)
        size, number = asked.number("page_size", 40), asked.number("page_no", 1)
        if not (1 <= size <= ITEMS_MAX and number >= 1) or asked.text("order_by") or asked.text("start_modified"):
            raise Refused(15, REMOTE, "isv.invalid-parameter", "page_no / page_size / order_by")
        items = self.shelf.items()
        shown = [{"num_iid": int(one.item), "num": self.stock.get(one.name, 0), "modified": local(self.now()),
                  **({} if one.variant else {"outer_id": one.sku})}
                 for one in items[(number - 1) * size:number * size]]  # fmt: skip
        told = {"items": {"item": [only(one, names) for one in shown]}} if shown else {}
        return {**told, "total_results": len(items)}

    def _skus_of(self, asked: Asked) -> dict[str, Any]:
        names = fields_of(self.need(asked, "fields")[0], SKU_FIELDS)
        wanted = self.need(asked, "num_iids")[0].split(",")
        if len(wanted) > ITEMS_AT_ONCE:
            raise self.no(why.WRONG_VALUE, "num_iids")
        found = [{"num_iid": int(one.item), "sku_id": int(one.variant), "outer_id": one.sku, "status": "normal",
                  "quantity": self.stock.get(one.name, 0)}
                 for one in self.shelf.all() if one.item in wanted and one.variant]  # fmt: skip
        return {"skus": {"sku": [only(one, names) for one in found]}} if found else {}

    def _update_item(self, asked: Asked) -> dict[str, Any]:
        item, quantity = self.need(asked, "num_iid", "quantity")
        return self._take(item, [(self.shelf.at(item), f"item {item}", int(quantity))])

    def _update_quantities(self, asked: Asked) -> dict[str, Any]:
        (item,) = self.need(asked, "num_iid")
        by_id = asked.text("skuid_quantities")
        pairs = [pair.rsplit(":", 1) for pair in (by_id or self.need(asked, "outerid_quantities")[0]).split(";")]
        if len(pairs) > SKUS_MAX:
            raise Refused(15, REMOTE, "isv.invalid-parameter", "at most 20 SKUs")
        ids = [(key if by_id else str(listing_ids(key)[1]), int(quantity)) for key, quantity in pairs]
        is_change = asked.text("type", "1") != "1"
        lines = [(self.shelf.at(item, key), f"sku {key}", units) for key, units in ids]
        return self._take(item, [(offer, called, self._floored(offer, units) if is_change else units)
                                 for offer, called, units in lines])  # fmt: skip

    def _floored(self, offer: Listing | None, change: int) -> int:
        """A change below zero leaves nothing, as the platform documents it."""
        return max(0, self.stock.get(offer.name if offer else "", 0) + change)

    def _take(self, item: str, lines: list[tuple[Listing | None, str, int]]) -> dict[str, Any]:
        for called, words in self.put_stock(lines).items():
            raise Refused(15, REMOTE, "isv.item-quantity-update-error", f"{called} {words}")
        return {"item": {"num_iid": int(item), "modified": local(self.now())}}


def _ids(name: str) -> tuple[str, str]:
    item, sku = listing_ids(name)
    return str(item), str(sku)


def _granted(grant: Grant, access_seconds: int, refresh_seconds: int) -> dict[str, Any]:
    return {"access_token": grant.access, "token_type": "Bearer", "expires_in": access_seconds,
            "refresh_token": grant.refresh, "re_expires_in": refresh_seconds, "taobao_user_nick": "demo_shop",
            "taobao_user_id": "174265168"}  # fmt: skip


def _not_now(words: str) -> Refused:
    return Refused(15, REMOTE, "isv.logistics-offline-service-error:B04", f"发货状态不对 {words}")


def _is_asked(order: Order, word: str, types: str) -> bool:
    wanted = FILTER_STATUSES.get(word, (word,))
    return (not word or status(order) in wanted) and (not types or "fixed" in types.split(","))


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    method = str(vector["recipe"]).rpartition(".")[2]
    form = {**vector["params"], "sign_method": vector["params"].get("sign_method", method)}
    return _signature(form, vector["given"]["app_secret"].encode())


def _signature(form: Mapping[str, str], secret: bytes) -> str:
    pairs = sorted((name, value) for name, value in form.items() if name != "sign" and name)
    text = b"".join(name.encode() + value.encode() for name, value in pairs)
    match form.get("sign_method", "md5"):
        case "md5":
            return hashlib.md5(secret + text + secret, usedforsecurity=False).hexdigest().upper()
        case "hmac":
            return hmac.new(secret, text, hashlib.md5).hexdigest().upper()
        case _:
            return hmac.new(secret, text, hashlib.sha256).hexdigest().upper()
