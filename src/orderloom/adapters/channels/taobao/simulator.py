"""Taobao's gateway on loopback: checks every call by TOP document 101617 and answers as the platform does.

Settings: `masked` (true: all receivers masked; false: none; absent: 30 % of the orders), `encoding` (`utf-8`, `gbk`),
`slow_seconds`. It has its own signature check and shares no code with the client.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.channels.taobao.trade_book import CHINA, Trade, TradeBook, listing_ids, local
from orderloom.adapters.hiding import Hiding

TOLERANCE = timedelta(minutes=10)
WINDOW_MAX = timedelta(days=1)
HISTORY_MAX = timedelta(days=93)
PAGE_SIZE_MAX = 100
SKUS_MAX = 20
COMMON = frozenset({"method", "app_key", "session", "timestamp", "format", "v", "sign_method", "sign", "simplify"})
LISTING = frozenset({"fields", "status", "type", "page_no", "page_size", "use_has_next"})
KNOWN = {
    "taobao.trades.sold.increment.get": LISTING | {"start_modified", "end_modified"},
    "taobao.trades.sold.get": LISTING | {"start_created", "end_created"},
    "taobao.trade.fullinfo.get": frozenset({"tid", "fields"}),
    "taobao.logistics.offline.send": frozenset({"tid", "out_sid", "company_code", "sub_tid", "is_split"}),
    "taobao.skus.quantity.update": frozenset({"num_iid", "skuid_quantities", "outerid_quantities", "type"}),
    "taobao.skus.custom.get": frozenset({"outer_id", "fields"}),
    "taobao.items.custom.get": frozenset({"outer_id", "fields"}),
    "taobao.item.quantity.update": frozenset({"num_iid", "sku_id", "outer_id", "quantity", "type"}),
}
"""The documented parameters that are honoured here; any other is refused."""
FILTER_STATUSES = {
    "ALL_WAIT_PAY": ("WAIT_BUYER_PAY", "TRADE_NO_CREATE_PAY"), "ALL_CLOSED": ("TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO"),
}  # fmt: skip
STATUSES = frozenset({
    "TRADE_NO_CREATE_PAY", "WAIT_BUYER_PAY", "PAY_PENDING", "WAIT_PRE_AUTH_CONFIRM", "PAID_FORBID_CONSIGN",
    "WAIT_SELLER_SEND_GOODS", "SELLER_CONSIGNED_PART", "WAIT_BUYER_CONFIRM_GOODS", "TRADE_BUYER_SIGNED",
    "TRADE_FINISHED", "TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO",
})  # fmt: skip
RECEIVER_FIELDS = frozenset({"receiver_name", "receiver_address", "created"})
Arguments = Mapping[str, str]


class TopError(Exception):
    """The platform's `error_response`."""

    def __init__(self, code: int, message: str, sub_code: str = "", sub_message: str = "") -> None:
        super().__init__(message)
        self.body = {"code": code, "msg": message, "sub_code": sub_code, "sub_msg": sub_message}


def external_id(n: int) -> str:
    """The n-th valid `tid`: 19 digits, beyond what a float can hold, with room for its sub-orders' ids."""
    return str(4_400_000_000_000_000_001 + n * 1_000)


class Simulator:
    """One shop at Taobao. `requests` counts calls by API, `rejected` tells why calls were refused.

    A page with one of the `poisoned` orders never parses. `wall` is the clock of the signature check and may differ
    from `now`, the clock of the trade.
    """

    def __init__(
        self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]
    ) -> None:
        self._credentials, self._now, self.settings = credentials, now, settings
        self.wall: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._faults: list[str] = []
        self._book = TradeBook(settings)
        self._skus: dict[int, str] = {}
        self._items: dict[int, str] = {}
        """Items without SKUs: the seller's code is on the item itself."""
        self._again: dict[int, str] = {}
        """SKUs that stand on a further item under the same code."""
        self.hiding = Hiding()
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self.poisoned: set[str] = set()
        self.shipments: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.stock: dict[str, int] = {}
        self.app = Starlette(routes=[Route("/{path:path}", self._answer, methods=["POST"])])
        self._calls: dict[str, Callable[[Arguments], dict[str, Any]]] = {
            "taobao.trades.sold.increment.get": lambda form: self._sold(form, "modified"),
            "taobao.trades.sold.get": lambda form: self._sold(form, "created"),
            "taobao.trade.fullinfo.get": self._fullinfo,
            "taobao.logistics.offline.send": self._send,
            "taobao.skus.quantity.update": self._update_quantities,
            "taobao.skus.custom.get": self._find_skus,
            "taobao.items.custom.get": self._find_items,
            "taobao.item.quantity.update": self._update_item,
        }

    def fault(self, kind: str, count: int = 1) -> None:
        """Let the next `count` requests fail: status_500, broken_body, slow, rate_limited."""
        self._faults += [kind] * count

    def place(self, purchase: dict[str, Any]) -> None:
        """A buyer orders; with `paid_at` the order is paid as well."""
        self._book.place(purchase)
        for line in purchase["lines"]:
            self._skus[listing_ids(line["sku"])[1]] = line["sku"]

    def list_sku(self, sku: str) -> None:
        """Put a SKU up for sale, so that its stock can be set before anybody ordered it."""
        self._skus[listing_ids(sku)[1]] = sku

    def list_item(self, code: str) -> None:
        """Put an item without SKUs up for sale."""
        self._items[listing_ids(code)[0]] = code

    def list_again(self, sku: str) -> None:
        """Sell a SKU on one more item."""
        self.list_sku(sku)
        self._again[listing_ids(f"{sku} again")[1]] = sku

    def pay(self, external_id: str, at: datetime) -> None:
        """The buyer pays."""
        self._book.pay(external_id, at)

    def cancel(self, external_id: str, at: datetime) -> None:
        """The order closes, with a refund if it was paid."""
        self._book.cancel(external_id, at)

    def forbid(self, external_id: str, at: datetime) -> None:
        """The platform forbids shipping the paid order."""
        self._book.forbid(external_id, at)

    def ask_refund(self, external_id: str, line: int, at: datetime) -> None:
        """The buyer asks for a refund of the line at index `line`."""
        self._book.ask_refund(external_id, self._book.orders(external_id)[line]["oid_str"], at)

    def finish(self, external_id: str, at: datetime) -> None:
        """The buyer confirms receipt of the shipped order."""
        self._book.finish(external_id, at)

    def status(self, external_id: str) -> str:
        """The platform's own status word of an order."""
        return str(self._book.trades[external_id]["status"])

    async def _answer(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        api = form.get("method", "")
        self.requests[api] += 1
        fault = self._faults.pop(0) if self._faults else ""
        if fault == "slow":
            await asyncio.sleep(float(self.settings.get("slow_seconds", 2)))
        if fault == "status_500":
            return Response("Internal Server Error", 500)
        if fault == "broken_body":
            return self._respond(b'{"trades_sold_increment_get_response":{"trades":{"trade":[{"tid":44')
        try:
            if fault == "rate_limited":
                reason = "This ban will last for 1 more seconds"
                raise TopError(7, "App Call Limited", "accesscontrol.limited-by-api-access-count", reason)
            self._verify(form)
            if api not in self._calls:
                raise TopError(22, "Invalid Method")
            _refuse_unknown(form, KNOWN[api])
            root = api.removeprefix("taobao.").replace(".", "_") + "_response"
            answer = {root: {**self._calls[api](form), "request_id": f"r{sum(self.requests.values())}"}}
        except TopError as error:
            self.rejected.append(f"{api}: {error.body['code']} {error.body['msg']} {error.body['sub_code']}")
            answer = {"error_response": error.body}
        body = orjson.dumps(answer)
        is_spoilt = any(f'"tid":{tid},' in body.decode() for tid in self.poisoned)
        return self._respond(body[:-9] if is_spoilt else body)

    def _respond(self, body: bytes) -> Response:
        encoding = str(self.settings.get("encoding") or "utf-8").lower()
        if encoding == "utf-8":
            return Response(body, headers={"content-type": "text/javascript;charset=UTF-8"})
        return Response(body.decode().encode("gb18030"), headers={"content-type": "text/javascript;charset=GBK"})

    def _verify(self, form: Arguments) -> None:
        """Check what every call must carry, in the platform's order: method, key, session, time, signature."""
        for name, code in (("method", 21), ("app_key", 28), ("session", 26), ("timestamp", 30), ("sign", 24)):
            if not form.get(name):
                raise TopError(code, f"Missing {name}")
        if form["app_key"] != self._credentials["app_key"]:
            raise TopError(29, "Invalid app Key")
        if form["session"] != self._credentials["session"]:
            raise TopError(27, "Invalid session", "invalid-sessionkey", "SessionKey非法")
        if abs(_instant(form["timestamp"], "timestamp") - self.wall()) > TOLERANCE:
            raise TopError(31, "Invalid timestamp")
        if not hmac.compare_digest(form["sign"], self._expected_sign(form)):
            raise TopError(25, "Invalid signature")

    def _expected_sign(self, form: Arguments) -> str:
        secret = self._credentials["app_secret"].encode()
        pairs = sorted((name, value) for name, value in form.items() if name != "sign" and name)
        text = b"".join(name.encode() + value.encode() for name, value in pairs)
        match form.get("sign_method", "md5"):
            case "md5":
                digest = hashlib.md5(secret + text + secret, usedforsecurity=False).hexdigest()
            case "hmac":
                digest = hmac.new(secret, text, hashlib.md5).hexdigest()
            case "hmac-sha256":
                digest = hmac.new(secret, text, hashlib.sha256).hexdigest()
            case _:
                raise TopError(41, "Invalid arguments:sign_method")
        return digest.upper()

    def _sold(self, form: Arguments, by: str) -> dict[str, Any]:
        """The seller's trades of a time by its name `by`: newest change, or newest creation, first."""
        fields = _required(form, "fields")
        start, end = (_instant(_required(form, f"{side}_{by}"), f"{side}_{by}") for side in ("start", "end"))
        size, number = int(form.get("page_size", "40")), int(form.get("page_no", "1"))
        if form.get("status") and form["status"] not in STATUSES | FILTER_STATUSES.keys():
            raise TopError(41, "Invalid arguments:status")
        span = WINDOW_MAX if by == "modified" else HISTORY_MAX
        if not (start <= end <= start + span) or start < self._now() - HISTORY_MAX:
            raise TopError(15, "Remote service error", "isv.invalid-parameter", f"start_{by} / end_{by}")
        if not (1 <= size <= PAGE_SIZE_MAX and number >= 1):
            raise TopError(15, "Remote service error", "isv.invalid-parameter", "page_no / page_size")
        found = [trade["tid_str"] for trade in self._book.between(start, end, by) if self._is_asked(trade, form)]
        page = self.hiding.page(found[(number - 1) * size : number * size], is_following=number > 1)
        shown = [_chosen(self._book.trades[tid], fields) for tid in page]
        answer: dict[str, Any] = {"trades": {"trade": shown}} if shown else {}
        if form.get("use_has_next") == "true":
            return answer | {"has_next": len(found) > number * size}
        return answer | {"total_results": len(found)}

    def _is_asked(self, trade: Trade, form: Arguments) -> bool:
        status, types = form.get("status", ""), form.get("type", "")
        wanted = FILTER_STATUSES.get(status, (status,))
        return (
            self.hiding.is_there(trade["tid_str"], self._now())
            and (not status or trade["status"] in wanted) and (not types or trade["type"] in types.split(","))
        )  # fmt: skip

    def _fullinfo(self, form: Arguments) -> dict[str, Any]:
        trade = self._book.trades.get(_required(form, "tid"))
        if trade is None:
            raise TopError(15, "Remote service error", "isv.trade-not-exist", "交易不存在")
        return {"trade": _chosen(trade, _required(form, "fields"))}

    def _send(self, form: Arguments) -> dict[str, Any]:
        tid, waybill, company = _required(form, "tid"), _required(form, "out_sid"), _required(form, "company_code")
        if tid not in self._book.trades:
            raise TopError(15, "Remote service error", "isv.logistics-offline-service-error:B01", "订单不存在")
        oids = [oid for oid in form.get("sub_tid", "").split(",") if oid] if form.get("is_split") == "1" else []
        try:
            lines = self._book.ship(tid, oids, company, waybill, self._now())
        except ValueError as error:
            sub_code = "isv.logistics-offline-service-error:B04"
            raise TopError(15, "Remote service error", sub_code, f"发货状态不对 {error}") from error
        self.shipments[tid].append({"waybill": waybill, "carrier": company, "lines": lines})
        return {"shipping": {"is_success": True}}

    def _find_skus(self, form: Arguments) -> dict[str, Any]:
        sku = _required(form, "outer_id")
        if sku not in self._skus.values():
            return {}
        places = [listing_ids(sku)] + [listing_ids(f"{sku} again")] * (sku in self._again.values())
        return {"skus": {"sku": [{"num_iid": item, "sku_id": one, "outer_id": sku} for item, one in places]}}

    def _find_items(self, form: Arguments) -> dict[str, Any]:
        code = _required(form, "outer_id")
        found = [item for item, own in self._items.items() if own == code]
        return {"items": {"item": [{"num_iid": item, "outer_id": code} for item in found]}} if found else {}

    def _update_item(self, form: Arguments) -> dict[str, Any]:
        item, quantity = int(_required(form, "num_iid")), int(_required(form, "quantity"))
        if item not in self._items or quantity < 0:
            raise TopError(15, "Remote service error", "isv.item-quantity-update-error", f"item {item}")
        self.stock[self._items[item]] = quantity
        return {"item": {"num_iid": item, "modified": local(self._now())}}

    def _pairs(self, form: Arguments) -> list[list[str]]:
        """(`sku_id`, quantity), named by Taobao's id or by the seller's own code."""
        if form.get("skuid_quantities"):
            return [pair.split(":") for pair in form["skuid_quantities"].split(";")]
        pairs = [pair.rsplit(":", 1) for pair in _required(form, "outerid_quantities").split(";")]
        return [[str(listing_ids(code)[1]), quantity] for code, quantity in pairs]

    def _update_quantities(self, form: Arguments) -> dict[str, Any]:
        item = _required(form, "num_iid")
        pairs = self._pairs(form)
        if len(pairs) > SKUS_MAX:
            raise TopError(15, "Remote service error", "isv.invalid-parameter", "at most 20 SKUs")
        for sku_id, quantity in pairs:
            known, name = self._skus.get(int(sku_id)), f"{self._again.get(int(sku_id))} again"
            sku = known or (name if int(sku_id) in self._again else None)
            if sku is None or str(listing_ids(sku)[0]) != item:
                raise TopError(15, "Remote service error", "isv.item-quantity-update-error", f"sku {sku_id}")
            if form.get("type", "1") == "1" and int(quantity) < 0:
                raise TopError(15, "Remote service error", "isv.invalid-parameter", "quantity below zero")
            before = 0 if form.get("type", "1") == "1" else self.stock.get(sku, 0)
            self.stock[sku] = max(0, before + int(quantity))
        return {"item": {"num_iid": int(item), "modified": local(self._now())}}


def _refuse_unknown(form: Arguments, known: frozenset[str]) -> None:
    for name in form:
        if name not in known | COMMON:
            raise TopError(41, f"Invalid arguments:{name}")
    if form.get("format", "json") != "json" or form.get("simplify", "false") != "false":
        raise TopError(41, "Invalid arguments:format")


def _required(form: Arguments, name: str) -> str:
    if not form.get(name):
        raise TopError(40, f"Missing required arguments:{name}")
    return form[name]


def _instant(text: str, name: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError as error:
        raise TopError(41, f"Invalid arguments:{name}") from error


def _chosen(trade: Trade, fields: str) -> Trade:
    """Only the fields that were asked for; the receiver's token only together with the receiver."""
    names = {field.strip().split(".")[0] for field in fields.split(",")}
    phone_asked = names & {"receiver_mobile", "receiver_phone"}
    if not (names >= RECEIVER_FIELDS and phone_asked):
        names.discard("oaid")
    return {name: value for name, value in trade.items() if name in names}
