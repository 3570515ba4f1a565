"""A rehearsed Wangdiantong enterprise edition: trades that a floor works on, stock-outs, stock, checked by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import from_seconds, local, read_local
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

SECONDS_OFF_MAX, MINUTES_MAX, PAGE_MAX = 600, 60, 100
STATUS = {"new": 50, "short": 51, "accepted": 53, "waybill": 75, "picking": 77, "picked": 79, "packed": 79, "out": 110,
          "cancelled": 5, "put_back": 10}  # fmt: skip
LOGISTICS = {"shunfeng": 8, "yuantong": 4, "zhongtong": 5, "shentong": 6, "yunda": 9, "jtexpress": 108}
TRADE = frozenset(
    [
        "tid",
        "trade_status",
        "pay_status",
        "delivery_term",
        "trade_time",
        "pay_time",
        "buyer_nick",
        "buyer_email",
        "pay_id",
        "pay_account",
        "receiver_name",
        "receiver_province",
        "receiver_city",
        "receiver_district",
        "receiver_address",
        "receiver_mobile",
        "receiver_telno",
        "receiver_zip",
        "logistics_type",
        "invoice_type",
        "invoice_title",
        "buyer_message",
        "seller_memo",
        "seller_flag",
        "post_amount",
        "cod_amount",
        "ext_cod_fee",
        "paid",
        "order_list",
        "warehouse_no",
    ]
)
LINE = frozenset(
    [
        "oid",
        "num",
        "price",
        "status",
        "refund_status",
        "goods_id",
        "spec_id",
        "goods_no",
        "spec_no",
        "goods_name",
        "spec_name",
        "adjust_amount",
        "discount",
        "share_discount",
        "cid",
    ]
)


def _packed(params: Mapping[str, str]) -> str:
    """Each name and value behind its length in characters."""
    return ";".join(f"{len(k):02d}-{k}:{len(v):04d}-{v}" for k, v in sorted(params.items()) if k != "sign")


class Simulator(WarehouseSimulator):
    """One seller."""

    COMMON: ClassVar[frozenset[str]] = frozenset({"sid", "appkey", "timestamp", "sign"})
    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No(1020, "接口调用频率超限"),
        why.BUSY: No(1, "系统繁忙", status=503),
        why.WRONG_KEY: No(1001, "sid或appkey错误"),
        why.WRONG_SIGN: No(1002, "sign签名错误"),
        why.WRONG_TIME: No(1003, "时间戳错误"),
        why.MISSING: No(1010, "缺少参数{}"),
        why.WRONG_VALUE: No(1011, "参数{}不正确"),
        why.UNKNOWN_CALL: No(1004, "接口{}不存在", status=404),
        why.UNKNOWN_PARAMETER: No(1012, "没有参数{}"),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)

    def declare(self) -> dict[str, Call]:
        """The calls that are spoken."""
        window = "start_time end_time page_no page_size"
        return {
            "trade_push": Call(
                self._push, "shop_no switch trade_list", at="POST /openapi2/trade_push.php", is_write=True
            ),
            "stockout": Call(self._stockouts, f"shop_no {window}", at="POST /openapi2/stockout_order_query_trade.php"),
            "stock": Call(self._stock, f"{window} warehouse_no spec_no", at="POST /openapi2/stock_query.php"),
            "shop": Call(self._shop, "shop_no page_no page_size", at="POST /openapi2/shop.php"),
        }

    def verify(self, asked: Asked) -> None:
        """Lower-case MD5 of the packed parameters and the secret."""
        for name in ("sid", "appkey", "timestamp", "sign"):
            if not asked.form.get(name):
                raise self.no(why.MISSING, name)
        if (asked.form["sid"], asked.form["appkey"]) != (self.credentials["sid"], self.credentials["app_key"]):
            raise self.no(why.WRONG_KEY)
        if not same(asked.form["sign"], _signature(asked.form, self.credentials["app_secret"])):
            raise self.no(why.WRONG_SIGN)
        if abs((from_seconds(asked.form["timestamp"]) - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        return self.respond(json.dumps({"code": 0, "message": "", **content}, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal in HTTP 200."""
        said = {"code": refused.code, "message": refused.message}
        return self.respond(json.dumps(said, ensure_ascii=False).encode(), refused.status)

    def _push(self, asked: Asked) -> dict[str, Any]:
        shop, text = self.need(asked, "shop_no", "trade_list")
        if shop != self.settings.get("shop_no") or asked.text("switch") not in ("0", "1"):
            raise self.no(why.WRONG_VALUE, "shop_no, switch")
        new = changed = 0
        for trade in json.loads(text):
            key = str(trade.get("tid") or "")
            if words := self.check_refusal(key) or self._wrong(trade):
                raise Refused(2001, f"{key}:{words}")
            job = self.floor.jobs.get(key)
            if job is None:
                wanted: dict[str, int] = {}
                for line in trade["order_list"]:
                    wanted[line["spec_no"]] = wanted.get(line["spec_no"], 0) + line["num"]
                receiver = {"province": trade["receiver_province"], "phone": trade["receiver_mobile"]}
                house = trade["warehouse_no"] if trade.get("warehouse_no") in self.floor.warehouses else ""
                self.floor.accept(key, wanted, self.now(), raw=trade, receiver=receiver, warehouse=house)
                new += 1
            elif job.raw != trade:
                job.raw, changed = trade, changed + 1
        return {"new_count": new, "chg_count": changed}

    def _wrong(self, trade: dict[str, Any]) -> str:
        lines = trade.get("order_list") or []
        if unknown := (set(trade) - TRADE) | {name for line in lines for name in set(line) - LINE}:
            return f"没有字段 {', '.join(sorted(unknown))}"
        needed = ("tid", "trade_time", "receiver_name", "receiver_province", "receiver_address", "receiver_mobile")
        if lacking := [name for name in needed if not trade.get(name)]:
            return f"缺少 {', '.join(lacking)}"
        if not lines:
            return "没有商品"
        if "*" in trade["receiver_mobile"]:
            return "手机号不能带*"
        read_local(trade["trade_time"])
        due = sum(Decimal(line["price"]) * line["num"] - Decimal(line["discount"]) for line in lines)
        if due + Decimal(trade["post_amount"]) != Decimal(trade["paid"]) + Decimal(trade["cod_amount"]):
            return "订单金额不平"
        return ""

    def _window(self, asked: Asked) -> tuple[datetime, datetime]:
        start, end = (self.instant(asked, name, read_local) for name in ("start_time", "end_time"))
        if end - start > timedelta(minutes=MINUTES_MAX):
            raise self.no(why.WRONG_VALUE, "end_time")
        return start, end

    def _page(self, asked: Asked, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        index, size = self.need_number(asked, "page_no"), self.need_number(asked, "page_size", low=1, high=PAGE_MAX)
        return {"total_count": len(rows), name: rows[index * size : (index + 1) * size]}

    def _stockouts(self, asked: Asked) -> dict[str, Any]:
        jobs = self.floor.between(*self._window(asked))
        if asked.text("shop_no", own := str(self.settings.get("shop_no"))) != own:
            jobs = []
        return self._page(asked, "stockout_list", [self._stockout(job) for job in jobs])

    def _stockout(self, job: Job) -> dict[str, Any]:
        bits = (1 if job.word in ("packed", "out") else 0) + (16 if job.is_picked else 0)
        return {
            "stockout_no": f"CK{job.number:08d}",
            "src_trade_no": job.key,
            "warehouse_no": job.warehouse,
            "status": str(STATUS[job.word]),
            "consign_status": bits,
            "modified": local(job.modified),
            "consign_time": local(job.out_at) if job.out_at else "",
            "logistics_type": LOGISTICS.get(job.carrier.code, -1),
            "logistics_name": job.carrier.name,
            "logistics_no": job.waybill if job.is_out else "",
            "details_list": [{"spec_no": sku, "goods_count": f"{units}.0000"} for sku, units in job.wanted.items()],
        }

    def _stock(self, asked: Asked) -> dict[str, Any]:
        start, end = self._window(asked)
        place, code = asked.text("warehouse_no"), asked.text("spec_no")
        rows = [
            {
                "spec_no": sku,
                "warehouse_no": house,
                "stock_num": f"{self.floor.on_hand(house, sku)}.0000",
                "modified": local(at),
            }
            for (house, sku), at in sorted(self.floor.stock_modified.items())
            if start <= at.replace(microsecond=0) <= end
            and place in ("", house)
            and code in ("", sku)
        ]
        return self._page(asked, "stocks", rows)

    def _shop(self, asked: Asked) -> dict[str, Any]:
        (shop,) = self.need(asked, "shop_no")
        found = [{"shop_no": shop, "shop_name": "织单自有商城"}] if shop == self.settings.get("shop_no") else []
        return self._page(asked, "shoplist", found)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["params"], vector["given"]["app_secret"])


def _signature(form: Mapping[str, str], secret: str) -> str:
    return hashlib.md5((_packed(form) + secret).encode(), usedforsecurity=False).hexdigest()
