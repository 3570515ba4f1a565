"""A rehearsed Wangdiantong (旗舰版): the qjb protocol over HTTP, checked by itself from the documentation."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import Now, read_local, whole
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.trouble import wait
from orderloom.adapters.simulated.warehouse import WarehouseSimulator
from orderloom.adapters.systems.wangdiantong import simulator_replies as replies
from orderloom.adapters.systems.wangdiantong.simulator_floor import Trade, TradeFloor, receiver

TOLERANCE_SECONDS = 120
SPAN_SECONDS = {"wms.stockout.Sales.queryWithDetail": 3600, "wms.StockSpec.search2": 30 * 86400}
PAGED = {*SPAN_SECONDS, "sales.RawTrade.searchSelfOrder", "setting.Shop.queryShop"}
CLOSING = (80, 90)
EPOCH = int(datetime(2011, 12, 31, 16, tzinfo=UTC).timestamp())
NOES = {
    why.RATE_LIMITED: No(100, "超过每分钟最大调用频率限制，请稍后重试"),
    why.BUSY: No(100, "超过每分钟最大并发次数限制，请稍后重试"),
    why.WRONG_KEY: No(1, "app auth fail"), why.WRONG_SIGN: No(1, "验证失败"), why.WRONG_TIME: No(7, "时间戳错误"),
    why.UNKNOWN_CALL: No(100, "权限不足"), why.UNKNOWN_PARAMETER: No(1, "参数错误 {}"),
    why.WRONG_VALUE: No(1, "参数错误"), why.MISSING: No(1, "invalid argument count"),
}  # fmt: skip


class Simulator(WarehouseSimulator):
    """One seller's Wangdiantong. `floor` holds trades and stock; `step(now)` lets its people work.

    Settings: shop_no, warehouses (list), stock {warehouse: {sku: units}}, default_stock, pace_seconds, jitter, seed,
    slow_seconds, slow_address_seconds, is_silent_when_late (a refund after shipping is taken without a word).
    `refuse(tid, words)`: every push of `tid` comes back in the error list; `fault("duplicates")`: rows twice.
    """

    NOES = NOES
    COMMON = frozenset({"sid", "key", "salt", "method", "timestamp", "v", "sign", "page_size", "page_no", "calc_total"})
    OWN_TROUBLE = ("duplicates",)

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.floor: TradeFloor = TradeFloor(settings)

    @property
    def trades(self) -> dict[str, Trade]:
        return self.floor.trades

    def declare(self) -> dict[str, Call]:
        return {
            "sales.RawTrade.pushSelf2": Call(self._push, is_write=True),
            "sales.RawTrade.searchSelfOrder": Call(self._stored),
            "wms.stockout.Sales.queryWithDetail": Call(self._stockouts),
            "wms.StockSpec.search2": Call(self._stock_list),
            "setting.Shop.queryShop": Call(self._shops),
        }

    def name_of(self, asked: Asked) -> str:
        return asked.query.get("method", "")

    async def before(self, asked: Asked) -> None:
        """An address without end in the house slows every call down."""
        if self.floor.stalled_by:
            await wait(float(self.settings.get("slow_address_seconds", 2)))

    def verify(self, asked: Asked) -> None:
        """The documented checks, in the platform's words: sid, key and salt, version, time, signature."""
        query, (secret, salt) = asked.query, self.credentials["app_secret"].split(":")
        if query.get("sid") != self.credentials["sid"]:
            raise Refused(1, "sid is not exists")
        if query.get("key") != self.credentials["app_key"] or query.get("salt") != salt:
            raise self.no(why.WRONG_KEY)
        if query.get("v") != "1.0":
            raise Refused(8, "版本错误")
        if abs(int(query.get("timestamp", "0")) + EPOCH - self.wall().timestamp()) > TOLERANCE_SECONDS:
            raise self.no(why.WRONG_TIME)
        if not same(_signature({**query, "body": asked.body.decode()}, secret), query.get("sign", "")):
            raise self.no(why.WRONG_SIGN)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        if asked.name in PAGED and not {"page_size", "page_no"} <= asked.query.keys():
            raise Refused(100, f"此方法仅支持分页查询：{asked.name}")
        return dict(asked.query)

    def write(self, content: Any, asked: Asked) -> Response:
        return self._text({"status": 0, "data": content})

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        return self._text({"status": refused.code, "message": refused.message})

    def _text(self, content: Any) -> Response:
        return self.respond(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())

    def _said(self, asked: Asked) -> list[Any]:
        """The body: a list of arguments, at least one."""
        try:
            args = json.loads(asked.body, parse_float=Decimal)
        except ValueError as error:
            raise self.no(why.WRONG_VALUE) from error
        if not isinstance(args, list) or not args:
            raise self.no(why.MISSING)
        return args

    def _push(self, asked: Asked) -> dict[str, Any]:
        args = self._said(asked)
        if len(args) < 3:
            raise self.no(why.MISSING)
        if args[0] != self.settings.get("shop_no"):
            raise Refused(100, "店铺编号不存在或已停用")
        counts, errors = Counter[str](), []
        for raw in args[1]:
            lines = [line for line in args[2] if line["tid"] == raw["tid"]]
            words = self.check_refusal(raw["tid"]) or replies.complaint(raw, lines, self.now())
            outcome = words or self._keep(raw, lines)
            if outcome in ("new", "changed"):
                counts[outcome] += 1
            else:
                errors.append({"no": raw["tid"], "error": outcome})
        return {"chg_count": counts["changed"], "error_list": errors, "new_count": counts["new"]}

    def _keep(self, raw: dict[str, Any], lines: list[dict[str, Any]]) -> str:
        """Store or update one trade: "new", "changed", or the words of a refusal."""
        trade, at = self.trades.get(raw["tid"]), self.now()
        if raw.get("is_auto_wms") and raw.get("warehouse_no") not in self.floor.warehouses:
            return f"仓库不存在或无权限 {raw.get('warehouse_no')}"
        if trade is None:
            self.floor.take(raw, lines, at)
            return "new"
        if raw["trade_status"] in CLOSING:
            if trade.is_out and not self.settings.get("is_silent_when_late"):
                return "订单已发货,不能退款关闭"
            if not (trade.is_cancelled or trade.is_out):
                self.floor.cancel(trade.key, at)
            return "changed"
        fields = ("receiver_name", "receiver_area", "receiver_address", "receiver_mobile")
        if any(raw[field] != trade.raw[field] for field in fields) and (trade.is_picked or trade.is_cancelled):
            return "订单已审核,收件信息不能修改"
        trade.raw, trade.receiver = raw, receiver(raw)
        return "changed"

    def _stored(self, asked: Asked) -> dict[str, Any]:
        tid = self._said(asked)[0].get("tid")
        wanted = [trade for trade in self.trades.values() if tid in (None, trade.tid)]
        return self._page([replies.raw_trade(trade, self.settings) for trade in wanted], "order", asked)

    def _stockouts(self, asked: Asked) -> dict[str, Any]:
        ask = self._said(asked)[0]
        start, end = self._span(asked.name, ask)
        kind = int(ask.get("status_type", 0))
        statuses = {int(word) for word in str(ask.get("status") or "110").split(",")}
        if kind != 3:
            statuses = {0: {90, 110}, 1: {5, 10}, 2: {53, 54, 60, 70, 75, 77, 79, 90}}.get(kind, set())
        found = []
        for trade in self.trades.values():
            instant = trade.out_at if kind == 0 else trade.modified
            if trade.status in statuses and instant is not None and start <= whole(instant) <= end:
                found.append(replies.stockout(trade, self.settings))
        if self.trouble.take("duplicates"):
            found = [row for row in found for _ in range(2)]
        return self._page(found, "order", asked)

    def _stock_list(self, asked: Asked) -> dict[str, Any]:
        ask = self._said(asked)[0]
        if ask.get("warehouse_no") and ask["warehouse_no"] not in self.floor.warehouses:
            raise Refused(100, f"仓库不存在  仓库编号: {ask['warehouse_no']}")
        start, end = (None, None) if ask.get("spec_nos") else self._span(asked.name, ask)
        rows, waiting = [], self.floor.waiting()
        for (warehouse, sku), modified in sorted(self.floor.stock_modified.items()):
            at = whole(modified)
            is_asked = sku in ask["spec_nos"] if start is None or end is None else start <= at <= end
            if is_asked and ask.get("warehouse_no") in (None, "", warehouse):
                rows.append(replies.stock_row(self.floor, warehouse, sku, waiting[(warehouse, sku)]))
        return self._page(rows, "detail_list", asked)

    def _shops(self, asked: Asked) -> dict[str, Any]:
        own = str(self.settings.get("shop_no"))
        is_asked = self._said(asked)[0].get("shop_no") in (None, "", own)
        row = {"shop_no": own, "shop_name": "自有平台", "platform_id": 127, "is_disabled": False, "auth_state": 1}
        return self._page([row] if is_asked else [], "details", asked)

    def _span(self, method: str, ask: dict[str, Any]) -> tuple[datetime, datetime]:
        if not ask.get("start_time") or not ask.get("end_time"):
            raise Refused(100, "参数中必须包含起止时间")
        start, end = read_local(ask["start_time"]), read_local(ask["end_time"])
        if (end - start).total_seconds() > SPAN_SECONDS[method]:
            raise Refused(100, f"您的查询时间过宽,查询时间不能大于{SPAN_SECONDS[method] // 60}分钟")
        return start, end

    def _page(self, rows: list[dict[str, Any]], name: str, asked: Asked) -> dict[str, Any]:
        size, number = int(asked.query["page_size"]), int(asked.query["page_no"])
        page: dict[str, Any] = {name: rows[number * size : (number + 1) * size]}
        return page | ({"total_count": len(rows)} if asked.query.get("calc_total") == "1" else {})


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["params"], vector["given"]["secret"])


def _signature(query: Mapping[str, str], secret: str) -> str:
    text = secret + "".join(name + value for name, value in sorted(query.items()) if name != "sign") + secret
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
