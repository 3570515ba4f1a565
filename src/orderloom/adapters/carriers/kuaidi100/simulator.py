"""A rehearsed Kuaidi100 on loopback: subscriptions, pushes and queries, checked by itself from the documentation."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2
import orjson
from starlette.responses import Response

from orderloom.adapters.carriers.kuaidi100 import simulator_parcels as shape
from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.parcels import COLLECTED, Parcel
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator, Watch

ABORT_AFTER = timedelta(days=3)
PHONE_CARRIERS = frozenset({"shunfeng", "zhongtong"})
COMPANIES = frozenset(
    {
        *("shunfeng", "yuantong", "zhongtong", "shentong", "yunda", "jd", "ems", "youzhengguonei", "debangkuaidi"),
        *("jtexpress", "danniao", "ups", "fedex", "dhl", "usps", "yanwen", "disifang", "yuntu"),
    }
)
NOES = {
    why.RATE_LIMITED: No("502", "服务器繁忙,请稍后再试"), why.BUSY: No("501", "服务器错误"),
    why.WRONG_SIGN: No("503", "验证签名失败"), why.WRONG_KEY: No("600", "您不是合法的订阅者(即授权Key出错)"),
    why.WRONG_VALUE: No("400", "提交的数据不完整，或者贵公司没授权 {}"), why.MISSING: No("400", "提交的数据不完整 {}"),
    why.UNKNOWN_PARAMETER: No("400", "未知参数 {}"), why.UNKNOWN_CALL: No("404", "不存在 {}", status=404),
    why.NOT_FOUND: No("500", "查询无结果，请隔段时间再查"),
}  # fmt: skip
PRICED = frozenset({"kuaidiCom", "sendManPrintAddr", "recManPrintAddr", "weight"})
NEEDED = ("recManName", "recManMobile", "sendManName", "sendManMobile", "cargo", "dayType", "pickupStartTime",
          "pickupEndTime", "weight")
ORDERS = {
    "price": PRICED, "bOrder": PRICED | {*NEEDED, "callBackUrl", "payment", "remark", "salt"},
    "cancel": frozenset({"taskId", "orderId", "cancelMsg"}), "detail": frozenset({"taskId"}),
}  # fmt: skip
THANKED = '{"result":true,"returnCode":"200","message":"成功"}'.encode()


class Simulator(RoadSimulator):
    """Watches parcels that `hand_over` brings in. Credentials: customer, key.

    Settings: pace_seconds between scans, stall_share, return_share, seed, query_lock_seconds (0 is off), slow_seconds.
    `fault("bad_signature")` lets the next push carry a wrong one.
    """

    NOES = NOES
    OWN_TROUBLE = ("bad_signature",)

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self._asked: dict[str, datetime] = {}

    def declare(self) -> dict[str, Call]:
        return {
            "poll": Call(self._subscribe, "schema param", at="POST /poll", is_write=True),
            "query": Call(self._query, "customer sign param", at="POST /poll/query.do"),
            "order": Call(self._order, "method key t sign param", at="POST /order/borderapi.do", is_write=True),
        }

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        content = {"result": False, "returnCode": refused.code, "message": refused.message}
        return self.respond(orjson.dumps(content), refused.status)

    def verify(self, asked: Asked) -> None:
        """A query is signed; a subscription shows the key inside."""
        if asked.name == "query":
            text, customer = asked.form.get("param", ""), self.credentials["customer"]
            expected = _digest(text + self.credentials["key"] + customer)
            if asked.form.get("customer") != customer or not same(expected, asked.form.get("sign", "")):
                raise self.no(why.WRONG_SIGN)

        if asked.name == "order":
            self._verify_order(asked.form)

    def _verify_order(self, form: Mapping[str, str]) -> None:
        """Shipping is signed with a secret of its own, over text, time and key."""
        if form.get("key") != self.credentials["key"]:
            raise self.no(why.WRONG_KEY)
        text = form.get("param", "") + form.get("t", "") + self.credentials["key"] + self.credentials["secret"]
        if not same(_digest(text), form.get("sign", "")) or not form.get("t", "").isdecimal():
            raise self.no(why.WRONG_SIGN)

    def step(self, now: datetime) -> None:
        """Let the scans due by `now` happen; who waits three days for a parcel that nobody saw is told so."""
        super().step(now)
        for key, watch in self.watches.items():
            if not watch.is_over and key not in self.parcels and now - watch.since >= ABORT_AFTER:
                watch.is_over = True
                content = {"status": "abort", "billstatus": "", "message": "3天查无结果", "lastResult": {}}
                self.pushes.add(self._push(watch, content))

    def news(self, watch: Watch, parcel: Parcel) -> Push:
        return self._push(watch, {
            "status": "shutdown" if parcel.is_done else "polling",
            "billstatus": "check" if parcel.is_done else "got" if parcel.last == COLLECTED else "sending",
            "message": "", "autoCheck": "0", "comOld": "", "comNew": "",
            "lastResult": shape.result(parcel, watch.agreed["is_advanced"]),
        })  # fmt: skip

    def usual(self) -> dict[str, Any]:
        return {"salt": self.credentials["salt"], "is_advanced": True}

    def is_thanked(self, answer: httpx2.Response) -> bool:
        return answer.content == THANKED

    def sending(self, message: Push) -> Push:
        self.requests["push"] += 1
        if self.trouble.take("bad_signature"):
            return message._replace(body=message.body.replace(b"sign=", b"sign=0", 1))
        return message

    def _push(self, watch: Watch, content: dict[str, Any]) -> Push:
        param = json.dumps(content, ensure_ascii=False)
        body = urlencode({"sign": _digest(param + watch.agreed["salt"]), "param": param})
        return Push(body.encode(), {"content-type": "application/x-www-form-urlencoded"}, url=watch.url)

    def _subscribe(self, asked: Asked) -> dict[str, Any]:
        param = self._param(asked)
        extra, company, number = param.get("parameters", {}), param.get("company"), param.get("number")
        if param.get("key") != self.credentials["key"]:
            raise self.no(why.WRONG_KEY)
        if company not in COMPANIES and extra.get("autoCom") != "1":
            raise Refused("700", "不支持的快递公司")
        if not number or len(number) > 32 or not extra.get("callbackurl"):
            raise Refused("702", "POLL:识别不到该单号对应的快递公司" if number else "单号为空")
        company = company or next((carrier for carrier, waybill in self.parcels if waybill == number), "")
        watch = self.watches.get((company, number))
        if watch and not watch.is_over:
            raise Refused("501", "POLL:重复订阅")
        self.watch(company, number, extra["callbackurl"], salt=extra.get("salt", ""),
                   is_advanced=extra.get("resultv2") == "4")  # fmt: skip
        return {"result": True, "returnCode": "200", "message": "提交成功"}

    def _query(self, asked: Asked) -> dict[str, Any]:
        param = self._param(asked)
        if self._is_locked(param["num"]):
            raise Refused("502", "同一单号查询过于频繁,请稍后再查")
        parcel = self.parcels.get((param["com"], param["num"]))
        if parcel is None or not parcel.seen:
            raise self.no(why.NOT_FOUND)
        is_checked = parcel.carrier in PHONE_CARRIERS and bool(parcel.phone_last4)
        if is_checked and param.get("phone", "")[-4:] != parcel.phone_last4:
            raise Refused("408", "快递公司参数异常：验证码错误")
        return shape.result(parcel, param.get("resultv2") == "4")

    def _order(self, asked: Asked) -> dict[str, Any]:
        param, method = self._param(asked), self.one_of(asked, "method", ORDERS)
        if unknown := set(param) - ORDERS[method]:
            raise self.no(why.UNKNOWN_PARAMETER, ", ".join(sorted(unknown)))
        if method in ("cancel", "detail"):
            return {"result": True, "returnCode": "200", "message": "成功", "data": self._of_booking(method, param)}
        if param.get("kuaidiCom") not in COMPANIES:
            raise self.no(why.WRONG_VALUE, "kuaidiCom")
        ends = [param.get(name) or "" for name in ("sendManPrintAddr", "recManPrintAddr")]
        if not all(ends):
            raise self.no(why.MISSING, "sendManPrintAddr, recManPrintAddr")
        if method == "price":
            price = self.price(ends[0][:3], ends[1][:3], param.get("weight") or 1)
            data = {"price": f"{price / 100:.2f}", "kuaidiCom": param["kuaidiCom"]}
        else:
            data = self._collect(param)
        return {"result": True, "returnCode": "200", "message": "提交成功", "data": data}

    def _collect(self, param: Mapping[str, Any]) -> dict[str, Any]:
        """A booking is another one each time: nothing of the caller's names it."""
        if lacking := [name for name in NEEDED if not param.get(name)]:
            raise self.no(why.MISSING, ", ".join(lacking))
        if param["dayType"] not in ("今天", "明天", "后天") or param["pickupStartTime"] >= param["pickupEndTime"]:
            raise self.no(why.WRONG_VALUE, "dayType, pickupStartTime, pickupEndTime")
        if words := self.check_refusal(param["recManMobile"]):
            raise Refused("400", words)
        task = self.collect("", param)
        return {"taskId": task, "orderId": task[::-1], "kuaidinum": f"KD{task}"}

    def _of_booking(self, method: str, param: Mapping[str, Any]) -> dict[str, Any] | None:
        """How a booking stands, or nobody comes for it: one that is off is not called off again."""
        if lacking := [name for name in sorted(ORDERS[method]) if not param.get(name)]:
            raise self.no(why.MISSING, ", ".join(lacking))
        task = str(param["taskId"])
        if task not in self.pickups and task not in self.called_off:
            raise Refused("500", "订单不存在")
        if method == "detail":
            return {"taskId": task, "orderId": task[::-1], "status": "0" if task in self.pickups else "99"}
        if param["orderId"] != task[::-1]:
            raise Refused("500", "订单不存在")
        if task in self.called_off:
            raise Refused("500", "订单已取消")
        if words := self.check_refusal(task):
            raise Refused("500", words)
        self.call_off(task)
        return None

    def _param(self, asked: Asked) -> dict[str, Any]:
        try:
            held: dict[str, Any] = orjson.loads(*self.need(asked, "param"))
        except orjson.JSONDecodeError as error:
            raise self.no(why.WRONG_VALUE, "param") from error
        return held

    def _is_locked(self, number: str) -> bool:
        lock, last = float(self.settings.get("query_lock_seconds", 0)), self._asked.get(number)
        self._asked[number] = self.now()
        return last is not None and (self.now() - last).total_seconds() < lock


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "salt" in given:
        return _digest(given["form.param"] + given["salt"])
    if "userid" in given:
        return _digest(given["key"] + given["userid"])
    if "secret" in given:
        return _digest(given["param"] + given["now"] + given["key"] + given["secret"])
    return _digest(vector["params"]["param"] + given["key"] + given["customer"])


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper()
