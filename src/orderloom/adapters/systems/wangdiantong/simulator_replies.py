"""What the Wangdiantong simulator writes: stock-outs, raw trades and stock rows in the platform's mixed forms."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from orderloom.adapters.simulated.clock import CHINA, local, millis, read_local
from orderloom.adapters.systems.wangdiantong.simulator_floor import LOGISTICS, Trade, TradeFloor

ADVANCE = timedelta(seconds=120)


def complaint(raw: dict[str, Any], lines: list[dict[str, Any]], now: datetime) -> str:
    """Why the platform would not take a trade, in its words; "" when it would."""
    if not raw["tid"] or not lines:
        return f"原始单号或货品为空{raw['tid']}"
    if "*" in f"{raw['receiver_mobile']}{raw['receiver_telno']}":
        return "电话号码不能包含*"
    for field in ("buyer_nick", "receiver_name", "receiver_address"):
        if not raw[field]:
            return f"昵称/收件人姓名/收件人地址/买家留言包含非法字符或为空,原始单号为：{raw['tid']}"
    if read_local(raw["trade_time"]) > now + ADVANCE:
        return f"下单时间非法,原始单号为：{raw['tid']}"
    if raw["order_count"] != len(lines) or raw["goods_count"] != sum(line["num"] for line in lines):
        return f"订单货品数量不一致{raw['tid']}"
    return "" if raw["trade_status"] in (80, 90) else _imbalance(raw, lines)


def _imbalance(raw: dict[str, Any], lines: list[dict[str, Any]]) -> str:
    """The documented balance of line and order; anything off blocks the order."""
    for line in lines:
        total = Decimal(line["price"]) * line["num"] + Decimal(line["adjust_amount"]) - Decimal(line["discount"])
        if total != Decimal(line["total_amount"]):
            return f"子订单金额不平 {line['oid']}"
    shares = sum((Decimal(line["total_amount"]) - Decimal(line["share_discount"]) for line in lines), Decimal(0))
    sum_due = shares + Decimal(raw["post_amount"]) + Decimal(raw.get("other_amount") or 0) - Decimal(raw["discount"])
    return "" if sum_due == Decimal(raw["receivable"]) else f"订单金额不平 {raw['tid']}"


def stockout(trade: Trade, settings: dict[str, Any]) -> dict[str, Any]:
    """A stock-out as `wms.stockout.Sales.queryWithDetail` gives it (the fields that integrations read)."""
    raw, has_waybill, kind = trade.raw, trade.has_waybill, LOGISTICS[trade.carrier.code]
    row: dict[str, Any] = {
        "stockout_id": 700_000 + trade.number,
        "order_no": f"CK{trade.created.astimezone(CHINA):%Y%m%d}{trade.number:06d}",
        "src_order_no": f"JY{trade.created.astimezone(CHINA):%Y%m%d}{trade.number:06d}",
        "trade_no": f"JY{trade.created.astimezone(CHINA):%Y%m%d}{trade.number:06d}",
        "src_trade_no": trade.tid,
        "shop_no": settings.get("shop_no", ""),
        "warehouse_no": trade.warehouse,
        "warehouse_name": trade.warehouse,
        "order_type": 1,
        "status": trade.status,
        "trade_status": 95 if trade.is_out else 5 if trade.is_cancelled else 55,
        "consign_status": trade.bits,
        "block_reason": 2 if trade.is_cancelled else 0,
        "bad_reason": 0,
        "refund_status": 3 if trade.is_cancelled else 0,
        "logistics_type": kind if has_waybill else 0,
        "logistics_code": f"WL{kind:04d}" if has_waybill else "",
        "logistics_name": trade.carrier.name if has_waybill else "未知",
        "logistics_no": trade.waybill if has_waybill else "",
        "receiver_area": raw["receiver_area"],
        "receiver_address": raw["receiver_address"],
        "receiver_name": raw["receiver_name"],
        "receiver_mobile": raw["receiver_mobile"],
        "trade_time": millis(read_local(raw["trade_time"])),
        "created": millis(trade.created),
        "stock_check_time": millis(trade.begun or trade.created),
        "modified": local(trade.modified),
        "goods_count": sum(trade.wanted.values()),
        "receivable": _number(raw["receivable"]),
        "post_amount": f"{Decimal(raw['post_amount']):.4f}",
        "weight": 0,
        "error_info": "",
        "details_list": [_detail(trade, line, index) for index, line in enumerate(trade.lines)],
        "logistics_list": [{"logistics_no": trade.waybill, "package_name": "无包装"}] if has_waybill else [],
    }
    return row | ({"consign_time": local(trade.out_at)} if trade.out_at else {})


def _detail(trade: Trade, line: dict[str, Any], index: int) -> dict[str, Any]:
    return {
        "rec_id": trade.number * 100 + index,
        "src_tid": line["tid"],
        "src_oid": line["oid"],
        "spec_no": line["spec_no"],
        "goods_no": line["goods_no"],
        "goods_name": line["goods_name"],
        "num": _number(line["num"]),
        "goods_count": _number(line["num"]),
        "share_amount": _number(line["total_amount"]),
        "gift_type": 0,
        "refund_status": 5 if trade.is_cancelled else 0,
    }


def raw_trade(trade: Trade, settings: dict[str, Any]) -> dict[str, Any]:
    """A trade as `sales.RawTrade.searchSelfOrder` gives it back."""
    process = 40 if trade.is_out else 70 if trade.is_cancelled else 20
    kept = {name: _number(value) for name, value in trade.raw.items()}
    state = {"process_status": process}
    lines = [{name: _number(value) for name, value in line.items()} | state for line in trade.lines]
    return kept | {
        "rec_id": 5_000_000 + trade.number,
        "shop_no": settings.get("shop_no", ""),
        "process_status": process,
        "modified": local(trade.modified),
        "created": local(trade.created),
        "trade_orders": lines,
        "discount_list": [],
    }


def stock_row(floor: TradeFloor, warehouse: str, sku: str, waiting: int) -> dict[str, Any]:
    """One SKU in one warehouse as `wms.StockSpec.search2` gives it: on the shelf, and free of open trades."""
    units = floor.on_hand(warehouse, sku)
    return {
        "spec_no": sku,
        "goods_no": sku,
        "goods_name": sku,
        "warehouse_no": warehouse,
        "warehouse_type": 1,
        "defect": False,
        "status": 1,
        "stock_num": units,
        "available_send_stock": units - waiting,
        "sending_num": waiting,
        "lock_num": 0,
        "modified": millis(floor.stock_modified[(warehouse, sku)]),
    }


def _number(value: Any) -> Any:
    """Decimals leave as JSON numbers, which is what the platform sends."""
    return float(value) if isinstance(value, Decimal) else value
