"""A rehearsed Wangdiantong (旗舰版): the qjb protocol over HTTP, checked by itself from the documentation."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.systems.wangdiantong import simulator_replies as replies
from orderloom.adapters.systems.wangdiantong.simulator_floor import PICKED, Floor, Trade

TOLERANCE_SECONDS = 120
SPAN_SECONDS = {"wms.stockout.Sales.queryWithDetail": 3600, "wms.StockSpec.search2": 30 * 86400}
PAGED = {*SPAN_SECONDS, "sales.RawTrade.searchSelfOrder", "setting.Shop.queryShop"}
CLOSING = (80, 90)
RATE_TEXT = "超过每分钟最大调用频率限制，请稍后重试"


class WdtError(Exception):
    """The platform's no: a status and its words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Simulator:
    """One seller's Wangdiantong. `floor` holds trades and stock; `step(now)` lets its people work.

    Settings: shop_no, warehouses (list), stock {warehouse: {sku: units}}, default_stock, pace_seconds, jitter, seed,
    slow_seconds, slow_address_seconds, is_silent_when_late (a refund after shipping is taken without a word). `wall`
    is the clock of the signature check and may differ from `now`, the clock of the trade.
    """

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        self.credentials, self.now, self.settings = credentials, now, settings
        self.wall: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.floor = Floor(settings)
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self.refusals: dict[str, str] = {}
        self._faults: Counter[str] = Counter()
        self.app = Starlette(routes=[Route("/openapi", self._answer, methods=["POST"])])

    @property
    def on_handed_over(self) -> Callable[[dict[str, Any]], None]:
        return self.floor.on_handed_over

    @on_handed_over.setter
    def on_handed_over(self, told: Callable[[dict[str, Any]], None]) -> None:
        self.floor.on_handed_over = told

    @property
    def trades(self) -> dict[str, Trade]:
        return self.floor.trades

    @property
    def stock(self) -> dict[str, dict[str, int]]:
        return self.floor.stock

    def step(self, now: datetime) -> None:
        """Let the warehouse work until `now`."""
        self.floor.step(now)

    def fault(self, kind: str, count: int = 1) -> None:
        """The next `count` requests fail: status_500, broken_body, slow, rate_limited, or duplicates (rows twice)."""
        self._faults[kind] += count

    def refuse(self, tid: str, words: str) -> None:
        """Every push of `tid` comes back in the error list with these words; "" lifts it."""
        self.refusals[tid] = words

    async def _answer(self, request: Request) -> Response:
        method = request.query_params.get("method", "")
        self.requests[method] += 1
        body = await request.body()
        if self.floor.stalled_by:
            await asyncio.sleep(float(self.settings.get("slow_address_seconds", 2)))
        if self._take("slow"):
            await asyncio.sleep(float(self.settings.get("slow_seconds", 2)))
        if self._take("status_500"):
            return Response("bad gateway", 500)
        if self._take("broken_body"):
            return Response('{"status":0,"data":{"order":[{"order_no":"CK', media_type="application/json")
        try:
            if self._take("rate_limited"):
                raise WdtError(100, RATE_TEXT)
            self._verify(dict(request.query_params), body.decode())
            answer = {"status": 0, "data": self._dispatch(method, dict(request.query_params), body)}
        except WdtError as refusal:
            self.rejected.append(f"{method}: {refusal}")
            answer = {"status": refusal.status, "message": str(refusal)}
        return Response(json.dumps(answer, ensure_ascii=False), media_type="application/json")

    def _take(self, kind: str) -> bool:
        if self._faults[kind] <= 0:
            return False
        self._faults[kind] -= 1
        return True

    def _verify(self, query: dict[str, str], body: str) -> None:
        """The documented checks, in the platform's words: sid, key and salt, version, time, signature."""
        secret, salt = self.credentials["app_secret"].split(":")
        if query.get("sid") != self.credentials["sid"]:
            raise WdtError(1, "sid is not exists")
        if query.get("key") != self.credentials["app_key"] or query.get("salt") != salt:
            raise WdtError(1, "app auth fail")
        if query.get("v") != "1.0":
            raise WdtError(8, "版本错误")
        sent = int(query.get("timestamp", "0")) + int(datetime(2011, 12, 31, 16, tzinfo=UTC).timestamp())
        if abs(sent - self.wall().timestamp()) > TOLERANCE_SECONDS:
            raise WdtError(7, "时间戳错误")
        pairs = [(name, value) for name, value in query.items() if name != "sign"] + [("body", body)]
        text = secret + "".join(name + value for name, value in sorted(pairs)) + secret
        expected = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(expected, query.get("sign", "")):
            raise WdtError(1, "验证失败")

    def _dispatch(self, method: str, query: dict[str, str], body: bytes) -> Any:
        handlers: dict[str, Callable[[list[Any], dict[str, str]], Any]] = {
            "sales.RawTrade.pushSelf2": self._push,
            "sales.RawTrade.searchSelfOrder": self._stored,
            "wms.stockout.Sales.queryWithDetail": self._stockouts,
            "wms.StockSpec.search2": self._stock_list,
            "setting.Shop.queryShop": self._shops,
        }
        if method not in handlers:
            raise WdtError(100, "权限不足")
        if method in PAGED and not {"page_size", "page_no"} <= query.keys():
            raise WdtError(100, f"此方法仅支持分页查询：{method}")
        try:
            args = json.loads(body, parse_float=Decimal)
        except ValueError as error:
            raise WdtError(1, "参数错误") from error
        if not isinstance(args, list) or not args:
            raise WdtError(1, "invalid argument count")
        return handlers[method](args, query)

    def _push(self, args: list[Any], query: dict[str, str]) -> dict[str, Any]:
        if len(args) < 3:
            raise WdtError(1, "invalid argument count")
        if args[0] != self.settings.get("shop_no"):
            raise WdtError(100, "店铺编号不存在或已停用")
        counts, errors = Counter[str](), []
        for raw in args[1]:
            lines = [line for line in args[2] if line["tid"] == raw["tid"]]
            words = self.refusals.get(raw["tid"]) or replies.complaint(raw, lines, self.now())
            outcome = words or self._keep(raw, lines)
            if outcome in ("new", "changed"):
                counts[outcome] += 1
            else:
                errors.append({"no": raw["tid"], "error": outcome})
        return {"chg_count": counts["changed"], "error_list": errors, "new_count": counts["new"]}

    def _keep(self, raw: dict[str, Any], lines: list[dict[str, Any]]) -> str:
        """Store or update one trade: "new", "changed", or the words of a refusal."""
        trade, at = self.floor.trades.get(raw["tid"]), self.now()
        if raw.get("is_auto_wms") and raw.get("warehouse_no") not in self.floor.warehouses:
            return f"仓库不存在或无权限 {raw.get('warehouse_no')}"
        if trade is None:
            self.floor.accept(raw, lines, at)
            return "new"
        if raw["trade_status"] in CLOSING:
            if trade.is_out and not self.settings.get("is_silent_when_late"):
                return "订单已发货,不能退款关闭"
            if not (trade.is_closed or trade.is_out):
                self.floor.cancel(trade, at)
            return "changed"
        fields = ("receiver_name", "receiver_area", "receiver_address", "receiver_mobile")
        if any(raw[field] != trade.raw[field] for field in fields) and (trade.bits & PICKED or trade.is_closed):
            return "订单已审核,收件信息不能修改"
        trade.raw = raw
        return "changed"

    def _stored(self, args: list[Any], query: dict[str, str]) -> dict[str, Any]:
        wanted = [trade for trade in self.floor.trades.values() if args[0].get("tid") in (None, trade.tid)]
        return self._page([replies.raw_trade(trade, self.settings) for trade in wanted], "order", query)

    def _stockouts(self, args: list[Any], query: dict[str, str]) -> dict[str, Any]:
        ask = args[0]
        start, end = self._span("wms.stockout.Sales.queryWithDetail", ask)
        kind = int(ask.get("status_type", 0))
        statuses = {int(word) for word in str(ask.get("status") or "110").split(",")}
        if kind != 3:
            statuses = {0: {90, 110}, 1: {5, 10}, 2: {53, 54, 60, 70, 75, 77, 79, 90}}.get(kind, set())
        by_consigned = kind == 0
        found = []
        for trade in self.floor.trades.values():
            instant = trade.consigned if by_consigned else trade.modified
            if trade.status in statuses and instant is not None and start <= replies.whole_second(instant) <= end:
                found.append(replies.stockout(trade, self.settings))
        if self._take("duplicates"):
            found = [row for row in found for _ in range(2)]
        return self._page(found, "order", query)

    def _stock_list(self, args: list[Any], query: dict[str, str]) -> dict[str, Any]:
        ask = args[0]
        if ask.get("warehouse_no") and ask["warehouse_no"] not in self.floor.warehouses:
            raise WdtError(100, f"仓库不存在  仓库编号: {ask['warehouse_no']}")
        start, end = (None, None) if ask.get("spec_nos") else self._span("wms.StockSpec.search2", ask)
        rows, waiting = [], self.floor.waiting()
        for (warehouse, sku), modified in sorted(self.floor.stock_modified.items()):
            at = replies.whole_second(modified)
            is_asked = sku in ask["spec_nos"] if start is None or end is None else start <= at <= end
            if is_asked and ask.get("warehouse_no") in (None, "", warehouse):
                rows.append(replies.stock_row(self.floor, warehouse, sku, waiting[(warehouse, sku)]))
        return self._page(rows, "detail_list", query)

    def _shops(self, args: list[Any], query: dict[str, str]) -> dict[str, Any]:
        own = str(self.settings.get("shop_no"))
        is_asked = args[0].get("shop_no") in (None, "", own)
        row = {"shop_no": own, "shop_name": "自有平台", "platform_id": 127, "is_disabled": False, "auth_state": 1}
        return self._page([row] if is_asked else [], "details", query)

    def _span(self, method: str, ask: dict[str, Any]) -> tuple[datetime, datetime]:
        if not ask.get("start_time") or not ask.get("end_time"):
            raise WdtError(100, "参数中必须包含起止时间")
        start, end = replies.read_time(ask["start_time"]), replies.read_time(ask["end_time"])
        if (end - start).total_seconds() > SPAN_SECONDS[method]:
            raise WdtError(100, f"您的查询时间过宽,查询时间不能大于{SPAN_SECONDS[method] // 60}分钟")
        return start, end

    def _page(self, rows: list[dict[str, Any]], name: str, query: dict[str, str]) -> dict[str, Any]:
        size, number = int(query["page_size"]), int(query["page_no"])
        page: dict[str, Any] = {name: rows[number * size : (number + 1) * size]}
        return page | ({"total_count": len(rows)} if query.get("calc_total") == "1" else {})
