"""A rehearsed Kuaidi100: subscriptions, signed pushes and live queries over HTTP, checked by itself."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx2
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from orderloom.adapters.carriers.kuaidi100 import simulator_parcels as road

ABORT_AFTER = timedelta(days=3)
TRIES_MAX = 3
PHONE_CARRIERS = frozenset({"shunfeng", "zhongtong"})
COMPANIES = frozenset(
    {
        *("shunfeng", "yuantong", "zhongtong", "shentong", "yunda", "jd", "ems", "youzhengguonei", "debangkuaidi"),
        *("jtexpress", "danniao", "ups", "fedex", "dhl", "usps", "yanwen", "disifang", "yuntu"),
    }
)


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()


def _no(code: str, message: str) -> dict[str, Any]:
    return {"result": False, "returnCode": code, "message": message}


class Watch(msgspec.Struct):
    """One subscription: where its pushes go, and how much was told already."""

    carrier: str
    waybill: str
    url: str
    salt: str
    is_advanced: bool
    since: datetime
    told: int = 0
    is_over: bool = False


class Push(msgspec.Struct):
    """One push on its way; `tries` counts the answers that were no thanks."""

    url: str
    salt: str
    param: str
    tries: int = 0


class Simulator:
    """Watches parcels that `hand_over` brings in. Credentials: customer, key. `fault` and `flush` make trouble.

    Settings: pace_seconds between scans, stall_share, return_share, seed, query_lock_seconds (0 is off), slow_seconds.
    """

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        self.credentials, self.now, self.settings = credentials, now, settings
        self.parcels: dict[tuple[str, str], road.Parcel] = {}
        self.watches: dict[tuple[str, str], Watch] = {}
        self.queue: list[Push] = []
        self.lost: list[Push] = []
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self._faults: Counter[str] = Counter()
        self._moving: dict[tuple[str, str], road.Parcel] = {}
        self._asked: dict[str, datetime] = {}
        self.app = Starlette(
            routes=[
                Route("/poll", self._subscribe, methods=["POST"]),
                Route("/poll/query.do", self._query, methods=["POST"]),
            ]
        )

    def hand_over(self, carrier: str, waybill: str, at: datetime, province: str = "", phone_last4: str = "") -> None:
        """A parcel reached the carrier at `at`; handing the same waybill over again changes nothing."""
        key = (carrier, waybill)
        if key not in self.parcels:
            self.parcels[key] = road.draw(carrier, waybill, at, province, phone_last4, self.settings)
            self._moving[key] = self.parcels[key]

    def step(self, now: datetime) -> None:
        """Let the scans due by `now` happen, and queue a push for each scan of a watched parcel."""
        for key, parcel in list(self._moving.items()):
            while parcel.seen < len(parcel.plan) and parcel.plan[parcel.seen].due <= now:
                parcel.seen += 1
                self._tell(key)
            if parcel.seen == len(parcel.plan):
                del self._moving[key]
        for key, watch in self.watches.items():
            if not watch.is_over and key not in self.parcels and now - watch.since >= ABORT_AFTER:
                watch.is_over = True
                self._enqueue(watch, {"status": "abort", "billstatus": "", "message": "3天查无结果", "lastResult": {}})

    def fault(self, kind: str, count: int = 1) -> None:
        """The next `count` requests fail: status_500, broken_body, slow, rate_limited, bad_signature (a push's)."""
        self._faults[kind] += count

    async def flush(
        self, http: httpx2.AsyncClient, duplicates: int = 0, is_disordered: bool = False, at_once: int = 1
    ) -> int:
        """Post the queued pushes, each `duplicates` times more, newest first if disordered; tells how many were taken.

        `at_once` pushes are under way at the same time.
        One that is not thanked stays queued, and is lost after three tries, as with the real platform.
        """
        waiting = self.queue[::-1] if is_disordered else self.queue[:]
        self.queue, thanked = [], 0
        for start in range(0, len(waiting), at_once):
            part = waiting[start : start + at_once]
            answers = await asyncio.gather(*[self._post(push, http) for push in part for _ in range(1 + duplicates)])
            for push, is_thanked in zip(part, answers[:: 1 + duplicates], strict=True):
                thanked += is_thanked
                if not is_thanked:
                    push.tries += 1
                    (self.queue if push.tries < TRIES_MAX else self.lost).append(push)
        return thanked

    async def _post(self, push: Push, http: httpx2.AsyncClient) -> bool:
        self.requests["push"] += 1
        sign = "0" * 32 if self._take("bad_signature") else _digest(push.param + push.salt)
        try:
            answer = await http.post(push.url, data={"sign": sign, "param": push.param})
        except httpx2.TransportError as error:
            self.rejected.append(f"push: {type(error).__name__}")
            return False
        is_thanked = answer.content == '{"result":true,"returnCode":"200","message":"成功"}'.encode()
        if not is_thanked:
            self.rejected.append(f"push: {answer.status_code} {answer.text[:80]}")
        return is_thanked

    def _tell(self, key: tuple[str, str]) -> None:
        watch, parcel = self.watches.get(key), self.parcels[key]
        if watch is None or watch.is_over or watch.told >= parcel.seen:
            return
        watch.told, watch.is_over = parcel.seen, parcel.is_done
        last = parcel.plan[parcel.seen - 1].code
        self._enqueue(
            watch,
            {
                "status": "shutdown" if parcel.is_done else "polling",
                "billstatus": "check" if parcel.is_done else "got" if last == "103" else "sending",
                "message": "",
                "autoCheck": "0",
                "comOld": "",
                "comNew": "",
                "lastResult": road.result(parcel, parcel.seen, watch.is_advanced),
            },
        )

    def _enqueue(self, watch: Watch, content: dict[str, Any]) -> None:
        self.queue.append(Push(watch.url, watch.salt, json.dumps(content, ensure_ascii=False)))

    async def _spoiled(self) -> Response | None:
        """The answer of an injected fault, if one is due."""
        if self._take("slow"):
            await asyncio.sleep(float(self.settings.get("slow_seconds", 2)))
        if self._take("status_500"):
            return Response("bad gateway", 500)
        if self._take("broken_body"):
            return Response('{"message":"ok","data":[{"time"', media_type="application/json")
        if self._take("rate_limited"):
            return self._reject("502", "服务器繁忙,请稍后再试")
        return None

    def _take(self, kind: str) -> bool:
        if self._faults[kind] <= 0:
            return False
        self._faults[kind] -= 1
        return True

    def _reject(self, code: str, message: str) -> Response:
        self.rejected.append(f"{code}: {message}")
        return JSONResponse(_no(code, message))

    async def _subscribe(self, request: Request) -> Response:
        self.requests["poll"] += 1
        fields = parse_qs((await request.body()).decode(), keep_blank_values=True)
        spoiled = await self._spoiled()
        if spoiled is not None:
            return spoiled
        param = json.loads(fields.get("param", ["{}"])[0])
        extra = param.get("parameters", {})
        if param.get("key") != self.credentials["key"]:
            return self._reject("600", "您不是合法的订阅者(即授权Key出错)")
        if param.get("company") not in COMPANIES and extra.get("autoCom") != "1":
            return self._reject("700", "不支持的快递公司")
        if not param.get("number") or len(param["number"]) > 32 or not extra.get("callbackurl"):
            return self._reject("702", "POLL:识别不到该单号对应的快递公司" if param.get("number") else "单号为空")
        company = param["company"] or self._company_of(param["number"])
        key = (company, param["number"])
        if key in self.watches and not self.watches[key].is_over:
            return self._reject("501", "POLL:重复订阅")
        is_advanced = extra.get("resultv2") == "4"
        self.watches[key] = Watch(*key, extra["callbackurl"], extra.get("salt", ""), is_advanced, self.now())
        if key in self.parcels:
            self._tell(key)
        return JSONResponse({"result": True, "returnCode": "200", "message": "提交成功"})

    def _company_of(self, number: str) -> str:
        return next((carrier for carrier, waybill in self.parcels if waybill == number), "")

    async def _query(self, request: Request) -> Response:
        self.requests["query"] += 1
        fields = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        spoiled = await self._spoiled()
        if spoiled is not None:
            return spoiled
        text, customer = fields.get("param", ""), self.credentials["customer"]
        expected = _digest(text + self.credentials["key"] + customer)
        if fields.get("customer") != customer or not hmac.compare_digest(expected, fields.get("sign", "")):
            return self._reject("503", "验证签名失败")
        param = json.loads(text)
        if self._is_locked(param["num"]):
            return self._reject("502", "同一单号查询过于频繁,请稍后再查")
        parcel = self.parcels.get((param["com"], param["num"]))
        if parcel is None or not parcel.seen:
            return self._reject("500", "查询无结果，请隔段时间再查")
        is_checked = parcel.carrier in PHONE_CARRIERS and bool(parcel.phone_last4)
        if is_checked and param.get("phone", "")[-4:] != parcel.phone_last4:
            return self._reject("408", "快递公司参数异常：验证码错误")
        return JSONResponse(road.result(parcel, parcel.seen, param.get("resultv2") == "4"))

    def _is_locked(self, number: str) -> bool:
        lock, last = float(self.settings.get("query_lock_seconds", 0)), self._asked.get(number)
        self._asked[number] = self.now()
        return last is not None and (self.now() - last).total_seconds() < lock
