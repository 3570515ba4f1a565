"""A rehearsed warehouse behind Qimen: orders that a floor works on, confirmations pushed, checked by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx2

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import local, read_local
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push, Pushes
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

SECONDS_OFF_MAX = 600
CARRIERS = {"shunfeng": "SF", "yuantong": "YTO", "zhongtong": "ZTO", "shentong": "STO", "yunda": "YUNDA"}
STEPS = {"accepted": "ACCEPT", "waybill": "PRINT", "picking": "PICK", "picked": "CHECK", "packed": "PACKAGE",
         "cancelled": "CANCELED", "put_back": "CANCELED", "out": "DELIVERED"}  # fmt: skip
QUERY = {"method", "app_key", "customerId", "format", "v", "sign_method", "timestamp", "sign"}
ORDER = frozenset({
    "deliveryOrderCode", "orderType", "warehouseCode", "sourcePlatformCode", "createTime", "placeOrderTime", "payTime",
    "operateTime", "shopNick", "totalAmount", "arAmount", "buyerMessage", "senderInfo", "receiverInfo",
})
LINE = frozenset({"orderLineNo", "sourceOrderCode", "subSourceOrderCode", "ownerCode", "itemCode", "itemName",
                  "planQty", "actualPrice"})  # fmt: skip
HEAD = '<?xml version="1.0" encoding="utf-8"?>'

CRITERIA = frozenset({"warehouseCode", "ownerCode", "itemCode", "inventoryType"})

class Simulator(WarehouseSimulator):
    """One owner at one warehouse. What it reports goes to `push_url` by `flush`."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("isv.flow-limit", "限流"), why.BUSY: No("isp.busy", "系统繁忙", status=503),
        why.WRONG_KEY: No("sign-app-key", "app_key 不存在", "sign-app-key"),
        why.WRONG_SIGN: No("sign-check-failure", "签名不合法", "sign-check-failure"),
        why.WRONG_TIME: No("sign-timestamp", "时间戳超时", "sign-timestamp"), why.MISSING: No("S001", "缺少{}"),
        why.WRONG_VALUE: No("S002", "{}不正确"), why.UNKNOWN_CALL: No("S003", "不支持的方法{}"),
        why.UNKNOWN_PARAMETER: No("S004", "不支持的字段{}"), why.NOT_FOUND: No("S005", "单据{}不存在"),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.push_url = ""
        self.pushes = Pushes(lambda key, topic: Push(b"", {}), self.is_thanked)
        self._told: dict[str, str] = {}

    def declare(self) -> dict[str, Call]:
        """The methods that are spoken."""
        cancel = "warehouseCode ownerCode orderCode orderType cancelReason"
        return {
            "deliveryorder.create": Call(self._create, "deliveryOrder orderLines", is_write=True),
            "order.cancel": Call(self._cancel, cancel, is_write=True),
            "inventory.query": Call(self._inventory, "criteriaList"),
        }

    def name_of(self, asked: Asked) -> str:
        """The method stands in the query."""
        return asked.query.get("method", "")

    def verify(self, asked: Asked) -> None:
        """Upper-case MD5 of the query's parameters and the very bytes of the body, the secret on both sides."""
        if lacking := QUERY ^ set(asked.query):
            raise self.no(why.MISSING, ", ".join(sorted(lacking)))
        if asked.query["app_key"] != self.credentials["app_key"]:
            raise self.no(why.WRONG_KEY)
        if not same(asked.query["sign"], self._sign(asked.query, asked.body)):
            raise self.no(why.WRONG_SIGN)
        if abs((read_local(asked.query["timestamp"]) - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)
        if asked.query["customerId"] != self.settings.get("customer_id", ""):
            raise self.no(why.WRONG_VALUE, "customerId")

    def _sign(self, query: dict[str, str], body: bytes) -> str:
        return _signature(self.credentials["app_secret"].encode(), query, body)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The elements below the root."""
        try:
            return {one.tag: one for one in ElementTree.fromstring(asked.body)}
        except ElementTree.ParseError as error:
            raise self.no(why.WRONG_VALUE, "XML") from error

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        body = f"{HEAD}<response><flag>success</flag><code>0</code><message>ok</message>{content}</response>"
        return self.respond(body.encode(), 200, {"content-type": "text/xml"})

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal; those of the gateway have a sub code."""
        sub = f"<sub_code>{escape(refused.sub_code)}</sub_code>" if refused.sub_code else ""
        body = (f"{HEAD}<response><flag>failure</flag><code>{escape(str(refused.code))}</code>"
                f"<message>{escape(refused.message)}</message>{sub}</response>")  # fmt: skip
        return self.respond(body.encode(), refused.status, {"content-type": "text/xml"})

    def _create(self, asked: Asked) -> str:
        order, lines = asked.args.get("deliveryOrder"), asked.args.get("orderLines")
        if order is None or lines is None or not len(lines):
            raise self.no(why.MISSING, "deliveryOrder, orderLines")
        said = {one.tag: one.text or "" for one in order}
        rows = [{one.tag: one.text or "" for one in line} for line in lines]
        if unknown := (set(said) - ORDER) | {name for row in rows for name in set(row) - LINE}:
            raise self.no(why.UNKNOWN_PARAMETER, ", ".join(sorted(unknown)))
        key = said.get("deliveryOrderCode", "")
        if not key or said.get("orderType") not in ("JYCK", "HHCK", "BFCK", "QTCK"):
            raise self.no(why.WRONG_VALUE, "deliveryOrderCode, orderType")
        receiver = {one.tag: one.text or "" for one in order.find("receiverInfo") or ()}
        if not receiver.get("name") or not receiver.get("detailAddress"):
            raise self.no(why.MISSING, "receiverInfo")
        if words := self.check_refusal(key):
            raise Refused("S100", words)
        job = self.floor.jobs.get(key) or self._accept(key, rows, receiver, said)
        return f"<deliveryOrderId>WMS{job.number:06d}</deliveryOrderId>"

    def _accept(self, key: str, rows: list[dict[str, str]], receiver: dict[str, str], raw: dict[str, str]) -> Job:
        wanted: dict[str, int] = {}
        for row in rows:
            wanted[row["itemCode"]] = wanted.get(row["itemCode"], 0) + int(row["planQty"])
        who = {"province": receiver.get("province", ""), "phone": receiver.get("mobile", "")}
        return self.floor.accept(key, wanted, self.now(), raw=raw, receiver=who)

    def _cancel(self, asked: Asked) -> str:
        key = asked.args["orderCode"].text if "orderCode" in asked.args else ""
        if key not in self.floor.jobs:
            raise self.no(why.NOT_FOUND, key or "")
        if not self.floor.cancel(key, self.now()):
            raise Refused("S101", f"单据{key}已出库，不能取消")
        return ""

    def _inventory(self, asked: Asked) -> str:
        """By item; what lies nowhere is not told."""
        wanted = [{part.tag: part.text or "" for part in one} for one in asked.args.get("criteriaList", ())]
        if not 1 <= len(wanted) <= 50 or any(not one.get("itemCode") for one in wanted):
            raise self.no(why.WRONG_VALUE, "criteriaList")
        if unknown := {name for one in wanted for name in one} - CRITERIA:
            raise self.no(why.UNKNOWN_PARAMETER, ", ".join(sorted(unknown)))
        codes = {one["itemCode"] for one in wanted}
        rows = [f"<item><warehouseCode>{escape(house)}</warehouseCode><itemCode>{escape(sku)}</itemCode>"
                f"<inventoryType>ZP</inventoryType><quantity>{self.floor.on_hand(house, sku)}</quantity></item>"
                for house, sku in sorted(self.floor.stock_modified) if sku in codes]  # fmt: skip
        return f"<items>{''.join(rows)}</items>"

    def step(self, now: datetime) -> None:
        """The floor works, and every step is reported."""
        super().step(now)
        for job in self.floor.jobs.values():
            if STEPS.get(job.word) and self._told.get(job.key) != job.word:
                self._told[job.key] = job.word
                for method, body in self._news(job, now):
                    self.pushes.add(self._push(method, body))

    def _news(self, job: Job, now: datetime) -> Iterator[tuple[str, str]]:
        at = local(job.out_at or now)
        yield "orderprocess.report", (
            f"<order><orderCode>{job.key}</orderCode><orderId>WMS{job.number:06d}</orderId><orderType>JYCK</orderType>"
            f"</order><process><processStatus>{STEPS[job.word]}</processStatus><operateTime>{at}</operateTime></process>")
        if not job.is_out and not job.is_cancelled:
            return
        status = "DELIVERED" if job.is_out else "CANCELED"
        items = "".join(f"<item><itemCode>{escape(sku)}</itemCode><quantity>{units}</quantity></item>"
                        for sku, units in job.wanted.items())  # fmt: skip
        package = (f"<packages><package><logisticsCode>{CARRIERS.get(job.carrier.code, '')}</logisticsCode>"
                   f"<logisticsName>{job.carrier.name}</logisticsName><expressCode>{job.waybill}</expressCode>"
                   f"<items>{items}</items></package></packages>") if job.is_out else ""  # fmt: skip
        yield "deliveryorder.confirm", (
            f"<deliveryOrder><deliveryOrderCode>{job.key}</deliveryOrderCode><orderType>JYCK</orderType>"
            f"<status>{status}</status><outBizCode>OUT-{job.number}</outBizCode><confirmType>0</confirmType>"
            f"<orderConfirmTime>{at}</orderConfirmTime></deliveryOrder>{package}")

    def _push(self, method: str, inner: str) -> Push:
        body = f"{HEAD}<request>{inner}</request>".encode()
        query = {"method": method, "app_key": self.credentials["app_key"], "format": "xml", "v": "2.0",
                 "customerId": self.settings.get("customer_id", ""), "sign_method": "md5",
                 "timestamp": local(self.wall())}  # fmt: skip
        query["sign"] = self._sign(query, body)
        return Push(body, {"content-type": "text/xml"}, query, self.push_url)

    def is_thanked(self, answer: httpx2.Response) -> bool:
        """Only the flag counts."""
        return answer.status_code == 200 and "<flag>success</flag>" in answer.text

    async def flush(
        self, http: httpx2.AsyncClient, duplicates: int = 0, is_disordered: bool = False, at_once: int = 1
    ) -> int:
        """Post what is to be reported; tells how much was taken."""
        return await self.pushes.flush(http, duplicates, is_disordered, at_once)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    return _signature(given["app_secret"].encode(), vector["query"], given["raw_body"].encode())


def _signature(secret: bytes, query: Mapping[str, str], body: bytes) -> str:
    pairs = "".join(name + value for name, value in sorted(query.items()) if name != "sign").encode()
    return hashlib.md5(secret + pairs + body + secret, usedforsecurity=False).hexdigest().upper()
