"""A rehearsed Jushuitan: orders that a floor works on, what became of them, stock and tokens, checked by itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import CHINA, from_seconds, local, read_local
from orderloom.adapters.simulated.draw import number
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.tokens import NotGranted, Tokens
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

SECONDS_OFF_MAX, DAYS_MAX, PAGE_MAX, ORDERS_MAX = 600, 7, 50, 50
STATUS = {"new": "WaitConfirm", "short": "Question", "accepted": "WaitConfirm", "waybill": "Delivering",
          "picking": "Delivering", "picked": "Delivering", "packed": "Delivering", "out": "Sent",
          "cancelled": "Cancelled", "put_back": "Cancelled"}  # fmt: skip
CARRIERS = {"shunfeng": "SF", "yuantong": "YTO", "zhongtong": "ZTO", "shentong": "STO", "yunda": "YUNDA"}
ORDER = frozenset(
    {
        "shop_id",
        "so_id",
        "order_date",
        "shop_modified",
        "shop_status",
        "shop_buyer_id",
        "receiver_state",
        "receiver_city",
        "receiver_district",
        "receiver_address",
        "receiver_name",
        "receiver_phone",
        "receiver_zip",
        "pay_amount",
        "freight",
        "is_cod",
        "buyer_message",
        "remark",
        "items",
        "pay",
        "labels",
    }
)
ITEM = frozenset(
    {"sku_id", "shop_sku_id", "name", "qty", "base_price", "price", "amount", "outer_oi_id", "properties_value"}
)
NEEDED = ("so_id", "order_date", "shop_status", "shop_buyer_id", "receiver_state", "receiver_city", "receiver_address",
          "receiver_name", "receiver_phone", "items")  # fmt: skip


class Simulator(WarehouseSimulator):
    """One company with one own shop. `floor` works; a merged or split order is made with `rename`."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No(200, "调用过于频繁"),
        why.BUSY: No(1, "系统繁忙", status=503),
        why.EXPIRED_TOKEN: No(100, "access_token 已过期"),
        why.WRONG_TOKEN: No(100, "无效的 access_token"),
        why.WRONG_KEY: No(11, "app_key 不存在"),
        why.WRONG_SIGN: No(12, "签名错误"),
        why.WRONG_TIME: No(13, "timestamp 超时"),
        why.MISSING: No(20, "缺少 {}"),
        why.WRONG_VALUE: No(21, "{} 不正确"),
        why.UNKNOWN_CALL: No(14, "没有接口 {}"),
        why.UNKNOWN_PARAMETER: No(22, "没有参数 {}"),
        why.NOT_FOUND: No(23, "没有 {}"),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, {**settings, "warehouses": settings.get("warehouses") or ["0"]})
        self.tokens = Tokens(now, access_seconds=2_592_000)
        self.tokens.know(credentials.get("access_token", ""), credentials.get("refresh_token", ""))

    def declare(self) -> dict[str, Call]:
        """The calls that are spoken."""
        page = "page_index page_size"
        return {
            "upload": Call(self._upload, "orders", at="POST /open/jushuitan/orders/upload", is_write=True),
            "cancel": Call(
                self._cancel, "o_ids cancel_type remark", at="POST /open/jushuitan/orderbyoid/cancel", is_write=True
            ),
            "orders": Call(
                self._orders, f"shop_id so_ids modified_begin modified_end {page}", at="POST /open/orders/single/query"
            ),
            "inventory": Call(
                self._inventory, f"sku_ids modified_begin modified_end {page}", at="POST /open/inventory/query"
            ),
            "shops": Call(
                lambda asked: self._page(asked, "datas", [
                    {"shop_id": self.settings.get("shop_id"), "shop_name": "织单"}]),
                page,
                at="POST /open/shops/query",
            ),
            "refresh": Call(self._refresh, "", at="POST /openWeb/auth/refreshToken"),
            "token": Call(self._code, "", at="POST /openWeb/auth/accessToken"),
        }

    def verify(self, asked: Asked) -> None:
        """Lower-case MD5, the secret in front alone."""
        is_auth = asked.name in ("refresh", "token")
        for name in (
            "app_key",
            "timestamp",
            "charset",
            "sign",
            *(() if is_auth else ("access_token", "version", "biz")),
        ):
            if not asked.form.get(name):
                raise self.no(why.MISSING, name)
        if asked.form["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if not same(asked.form["sign"], _signature(self.credentials["app_secret"], asked.form)):
            raise self.no(why.WRONG_SIGN)
        if abs((from_seconds(asked.form["timestamp"]) - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)
        assert self.tokens is not None
        if not is_auth and not self.tokens.holder(asked.form["access_token"]):
            known = self.tokens.was_known(asked.form["access_token"])
            raise self.no(why.EXPIRED_TOKEN if known else why.WRONG_TOKEN)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """`biz` is a block, of an upload the list of orders."""
        if asked.name in ("refresh", "token"):
            return {}
        try:
            found = json.loads(asked.form["biz"])
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "biz") from error
        if asked.name == "upload" and isinstance(found, list):
            return {"orders": found}
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, "biz")
        return found

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        return self.respond(json.dumps({"code": 0, "msg": "执行成功", "data": content}, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal in HTTP 200."""
        said = {"code": refused.code, "msg": refused.message, "data": None}
        return self.respond(json.dumps(said, ensure_ascii=False).encode(), refused.status)

    def _upload(self, asked: Asked) -> dict[str, Any]:
        orders = asked.args["orders"]
        if not 0 < len(orders) <= ORDERS_MAX:
            raise self.no(why.WRONG_VALUE, "biz")
        return {"datas": [self._take(order) for order in orders]}

    def _take(self, order: Any) -> dict[str, Any]:
        key = str(order.get("so_id"))
        words = self.check_refusal(key) or self._wrong(order)
        job = self.floor.jobs.get(key)
        if not words and job is not None and job.is_out:
            words = "已发货的订单不能更新"
        if words:
            return {"so_id": key, "o_id": 0, "issuccess": False, "msg": words}
        if job is None:
            wanted: dict[str, int] = {}
            for item in order["items"]:
                wanted[item["sku_id"]] = wanted.get(item["sku_id"], 0) + item["qty"]
            receiver = {"province": order["receiver_state"], "phone": order["receiver_phone"]}
            job = self.floor.accept(key, wanted, self.now(), raw=order, receiver=receiver)
        job.raw = order
        return {"so_id": key, "o_id": job.number, "issuccess": True, "msg": ""}

    def _wrong(self, order: dict[str, Any]) -> str:
        if unknown := (set(order) - ORDER) | {n for item in order.get("items") or () for n in set(item) - ITEM}:
            return f"没有字段 {', '.join(sorted(unknown))}"
        if lacking := [name for name in NEEDED if not order.get(name)]:
            return f"缺少 {', '.join(lacking)}"
        if order.get("shop_id") != self.settings.get("shop_id"):
            return "店铺不存在"
        read_local(order["order_date"])
        goods = sum(Decimal(str(item["amount"])) for item in order["items"])
        if goods + Decimal(str(order.get("freight", 0))) != Decimal(str(order["pay_amount"])):
            return "订单金额不平"
        is_paid = order["shop_status"] == "WAIT_SELLER_SEND_GOODS"
        if is_paid and not order.get("is_cod") and not (order.get("pay") or {}).get("pay_date"):
            return "缺少支付信息"
        return ""

    def _cancel(self, asked: Asked) -> dict[str, Any]:
        ids = asked.args.get("o_ids")
        if not isinstance(ids, list) or not ids:
            raise self.no(why.MISSING, "o_ids")
        by_number = {job.number: job for job in self.floor.jobs.values()}
        for o_id in ids:
            if o_id not in by_number:
                raise self.no(why.NOT_FOUND, str(o_id))
            if not self.floor.cancel(by_number[o_id].key, self.now()):
                raise Refused(150, f"订单 {by_number[o_id].key} 已发货，不能取消")
        return {"datas": [{"o_id": o_id, "issuccess": True} for o_id in ids]}

    def _orders(self, asked: Asked) -> dict[str, Any]:
        if asked.text("shop_id", own := str(self.settings.get("shop_id"))) != own:
            return self._page(asked, "orders", [])
        if asked.args.get("so_ids"):
            jobs = [job for key in asked.args["so_ids"] if (job := self.floor.jobs.get(key))]
        else:
            jobs = self.floor.between(*self._window(asked))
        return self._page(asked, "orders", [self._order(job) for job in jobs])

    def _window(self, asked: Asked) -> tuple[datetime, datetime]:
        start, end = (self.instant(asked, name, read_local) for name in ("modified_begin", "modified_end"))
        if end - start > timedelta(days=DAYS_MAX):
            raise self.no(why.WRONG_VALUE, "modified_end")
        return start, end

    def _page(self, asked: Asked, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        index = self.need_number(asked, "page_index", 1, low=1)
        size = self.need_number(asked, "page_size", 30, low=1, high=PAGE_MAX)
        pages = -(-len(rows) // size)
        return {
            "page_index": index,
            "page_size": size,
            "data_count": len(rows),
            "page_count": pages,
            "has_next": index < pages,
            name: rows[(index - 1) * size : index * size],
        }

    def _order(self, job: Job) -> dict[str, Any]:
        is_out = job.is_out
        return {
            "o_id": job.number,
            "so_id": job.key,
            "shop_id": self.settings.get("shop_id"),
            "status": STATUS[job.word],
            "order_date": job.raw["order_date"],
            "modified": local(job.modified),
            "wms_co_id": 0,
            "send_date": local(job.out_at) if job.out_at else None,
            "l_id": job.waybill if is_out else "",
            "lc_id": CARRIERS.get(job.carrier.code, "") if is_out else "",
            "logistics_company": job.carrier.name if is_out else "",
            "items": [
                {
                    "sku_id": item["sku_id"],
                    "qty": item["qty"],
                    "outer_oi_id": item["outer_oi_id"],
                    "raw_so_id": job.key,
                    "sku_type": "normal",
                }
                for item in job.raw["items"]
            ],
        }

    def _inventory(self, asked: Asked) -> dict[str, Any]:
        start, end = self._window(asked)
        waiting = self.floor.waiting()
        rows = [
            {
                "sku_id": sku,
                "wms_co_id": int(house),
                "qty": self.floor.on_hand(house, sku),
                "pick_lock": 0,
                "order_lock": waiting[house, sku],
                "virtual_qty": 0,
                "modified": local(at, CHINA),
                "i_id": str(number(sku, 8)),
            }
            for (house, sku), at in sorted(self.floor.stock_modified.items())
            if start <= at.replace(microsecond=0) <= end
        ]
        wanted = asked.text("sku_ids").split(",")
        return self._page(asked, "inventorys", [row for row in rows if wanted == [""] or row["sku_id"] in wanted])

    def _refresh(self, asked: Asked) -> dict[str, Any]:
        assert self.tokens is not None
        try:
            grant = self.tokens.refresh(asked.form.get("refresh_token", ""))
        except NotGranted as refused:
            raise Refused(100, refused.reason) from refused
        return {"access_token": grant.access, "refresh_token": grant.refresh, "expires_in": grant.lives(self.now())[0]}

    def _code(self, asked: Asked) -> dict[str, Any]:
        assert self.tokens is not None
        try:
            grant = self.tokens.by_code(asked.form.get("code", ""))
        except NotGranted as refused:
            raise Refused(100, refused.reason) from refused
        return {"access_token": grant.access, "refresh_token": grant.refresh, "expires_in": grant.lives(self.now())[0]}


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "partnerkey" in given:  # the older door signs four values in a fixed order
        text = f"{given['api']}{given['partnerid']}token{given['token']}ts{given['now']}{given['partnerkey']}"
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return _signature(given["app_secret"], vector["params"])


def _signature(secret: str, form: Mapping[str, str]) -> str:
    text = secret + "".join(name + value for name, value in sorted(form.items()) if name != "sign")
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
