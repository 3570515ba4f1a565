"""A rehearsed KDNiao: subscriptions with signed pushes, live queries and labels, checked by itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import httpx2

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import local, read_local
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.labels import Labels
from orderloom.adapters.simulated.parcels import Parcel, Scan
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator, Watch

STATES = {
    "collected": ("1", "1", "【{}】快件已被揽收"), "in_transit": ("2", "2", "快件离开【{}转运中心】,发往下一站"),
    "arrived": ("2", "201", "快件到达【{}】"), "out_for_delivery": ("2", "202", "【{}】派件中"),
    "delivered": ("3", "301", "快件已签收"), "pickup_ready": ("3", "311", "快件已由驿站签收"),
    "refused": ("4", "404", "收件人拒收"), "returning": ("4", "407", "快件退回中"),
    "returned": ("4", "406", "退回件已签收"),
}  # fmt: skip
SHIPPERS = {"SF": "shunfeng", "YTO": "yuantong", "ZTO": "zhongtong", "STO": "shentong", "YD": "yunda", "EMS": "ems",
            "YZPY": "youzhengguonei", "JD": "jd", "DBL": "debangkuaidi", "JTSD": "jtexpress"}
CODES = {ours: theirs for theirs, ours in SHIPPERS.items()}
PLACES = {"1002": "/Ebusiness/EbusinessOrderHandle.aspx", "1008": "/api/dist", "1007": "/api/EOrderService",
          "1147": "/api/EOrderService", "1001": "/api/OOrderService", "1004": "/api/OOrderService",
          "1815": "/Ebusiness/EbusinessOrderHandle.aspx"}
BOOKING = ("OrderCode ShipperCode LogisticCode CustomerName CustomerPwd MonthCode PayType ExpType Quantity Weight "
           "StartDate EndDate Remark Sender Receiver Commodity")
REGION = frozenset(["ProvinceName", "CityName", "ExpAreaName"])
PARTY = frozenset(["Name", "Mobile", "ProvinceName", "CityName", "ExpAreaName", "Address"])


def _sign(text: str, key: str) -> str:
    return base64.b64encode(hashlib.md5((text + key).encode(), usedforsecurity=False).hexdigest().encode()).decode()


class Simulator(RoadSimulator):
    """One business id. Its pushes go to `push_url`, the address that was given in the back office."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("405", "请求次数超出"), why.BUSY: No("105", "系统错误"),
        why.MISSING: No("101", "缺少必要参数: {}"), why.WRONG_SIGN: No("102", "校验问题"),
        why.WRONG_VALUE: No("103", "格式问题: {}"), why.WRONG_KEY: No("104", "用户问题"),
        why.UNKNOWN_CALL: No("105", "没有此接口: {}"), why.UNKNOWN_PARAMETER: No("103", "没有此参数: {}"),
        why.NOT_FOUND: No("402", "没有单号: {}"),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.labels = Labels(lambda key: f"YT{long_number(key, 13)}")
        self.push_url = ""

    def declare(self) -> dict[str, Call]:
        """Its instructions."""
        return {
            "1147": Call(self._give_back, "ShipperCode OrderCode ExpNo CustomerName CustomerPwd", is_write=True),
            "1001": Call(self._collect, BOOKING, is_write=True),
            "1004": Call(self._call_off, "ShipperCode OrderCode LogisticCode", is_write=True),
            "1815": Call(self._price, "TransportType ShipperCode Weight Sender Receiver"),
            "1002": Call(self._query, "OrderCode ShipperCode LogisticCode CustomerName"),
            "1008": Call(self._subscribe, "OrderCode ShipperCode LogisticCode CustomerName", is_write=True),
            "1007": Call(self._buy, "OrderCode ShipperCode CustomerName CustomerPwd MonthCode PayType ExpType Quantity "
                         "Remark IsReturnPrintTemplate Sender Receiver Commodity", is_write=True),
        }

    def name_of(self, asked: Asked) -> str:
        """The instruction stands in the form, and each has its own address."""
        name = asked.form.get("RequestType", "")
        return name if PLACES.get(name) == asked.path else f"{name} at {asked.path}"

    def verify(self, asked: Asked) -> None:
        """base64 of the hexadecimal MD5 of RequestData + key."""
        if lacking := {"RequestData", "EBusinessID", "RequestType", "DataSign", "DataType"} ^ set(asked.form):
            raise self.no(why.MISSING, ", ".join(sorted(lacking)))
        if asked.form["EBusinessID"] != self.credentials["business_id"]:
            raise self.no(why.WRONG_KEY)
        if asked.form["DataType"] != "2":
            raise self.no(why.WRONG_VALUE, "DataType")
        if not same(asked.form["DataSign"], _sign(asked.form["RequestData"], self.credentials["api_key"])):
            raise self.no(why.WRONG_SIGN)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The business parameters are one JSON text."""
        try:
            found = json.loads(asked.form["RequestData"])
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "RequestData") from error
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, "RequestData")
        return found

    def write(self, content: Any, asked: Asked) -> Any:
        """Every answer names the account."""
        said = {"EBusinessID": self.credentials["business_id"], "Success": True, "Reason": "", **content}
        return self.respond(json.dumps(said, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal in HTTP 200."""
        return self.respond(json.dumps({
            "EBusinessID": self.credentials["business_id"], "Success": False, "ResultCode": str(refused.code),
            "Reason": refused.message}, ensure_ascii=False).encode())

    def _carrier(self, asked: Asked) -> str:
        (code,) = self.need(asked, "ShipperCode")
        if code not in SHIPPERS:
            raise self.no(why.WRONG_VALUE, f"ShipperCode {code}")
        return SHIPPERS[code]

    def _query(self, asked: Asked) -> dict[str, Any]:
        carrier, (number,) = self._carrier(asked), self.need(asked, "LogisticCode")
        parcel, last4 = self.find(number, carrier), asked.text("CustomerName")
        asked.text("OrderCode")  # the caller's own word, which comes back
        if parcel and carrier == "shunfeng" and parcel.phone_last4 and last4 != parcel.phone_last4:
            raise self.no(why.WRONG_VALUE, "CustomerName")
        if parcel is None or not parcel.scans:
            return {"ShipperCode": CODES[carrier], "LogisticCode": number, "State": "0", "Reason": "暂无轨迹信息",
                    "Traces": []}
        return self._track(parcel)

    def _track(self, parcel: Parcel) -> dict[str, Any]:
        state, state_ex, _ = STATES[parcel.last]
        return {
            "OrderCode": "", "ShipperCode": CODES[parcel.carrier], "LogisticCode": parcel.waybill, "Success": True,
            "Reason": "", "State": state, "StateEx": state_ex, "Location": parcel.scans[-1].place,
            "Traces": [self._trace(scan) for scan in parcel.scans],
        }

    def _trace(self, scan: Scan) -> dict[str, str]:
        _, state_ex, words = STATES[scan.word]
        return {"AcceptTime": local(scan.due), "AcceptStation": words.format(scan.place), "Location": scan.place,
                "Action": state_ex, "Remark": ""}

    def _subscribe(self, asked: Asked) -> dict[str, Any]:
        carrier, (number,) = self._carrier(asked), self.need(asked, "LogisticCode")
        if (carrier, number) not in self.watches:
            self.watch(carrier, number, self.push_url)
        return {"UpdateTime": local(self.now())}

    def _give_back(self, asked: Asked) -> dict[str, Any]:
        self._carrier(asked)
        key, number = self.need(asked, "OrderCode", "ExpNo")
        label = self.labels.sold.get(key)
        if label is None or label.waybill != number:
            raise self.no(why.NOT_FOUND, number)
        if words := self.check_refusal(key):
            raise Refused("105", words)
        self.labels.cancel(key)
        return {"ResultCode": "100", "Reason": "取消成功"}

    def _collect(self, asked: Asked) -> dict[str, Any]:
        self._carrier(asked)
        (key,) = self.need(asked, "OrderCode")
        self._check_parties(asked, PARTY, ("Name", "Mobile", "Address"))
        start, end = [self.instant(asked, name, read_local) for name in ("StartDate", "EndDate")]
        if not self.now() - timedelta(minutes=5) <= start < end:
            raise self.no(why.WRONG_VALUE, "StartDate, EndDate")
        if words := self.check_refusal(key):
            raise Refused("105", words)
        is_known = self.booking_of(key) in self.pickups
        if not is_known and self.booking_of(key):
            raise Refused("105", "该订单号已取消")
        number = self.collect(key, asked.args)
        return {"ResultCode": "106" if is_known else "100", "Success": not is_known,
                "Reason": "该订单号已下单成功" if is_known else "成功",
                "Order": {"OrderCode": key, "KDNOrderCode": f"KDN{number}", "LogisticCode": asked.text("LogisticCode")}}

    def _call_off(self, asked: Asked) -> dict[str, Any]:
        """Nobody comes for the booking; saying so again changes nothing."""
        self._carrier(asked)
        (key,) = self.need(asked, "OrderCode")
        number = self.booking_of(key)
        told = (self.pickups.get(number) or self.called_off.get(number) or {}).get("LogisticCode") or ""
        if not number or (asked.text("LogisticCode") or told) != told:
            raise self.no(why.NOT_FOUND, key)
        if words := self.check_refusal(key):
            raise Refused("105", words)
        self.call_off(number)
        return {"ResultCode": "100", "Reason": "取消成功"}

    def _price(self, asked: Asked) -> dict[str, Any]:
        self._check_parties(asked, REGION, ("ProvinceName", "CityName"))
        if asked.args.get("TransportType") != 1 or not asked.args.get("Weight"):
            raise self.no(why.WRONG_VALUE, "TransportType, Weight")
        carriers = [CODES[self._carrier(asked)]] if asked.text("ShipperCode") else ["YTO", "ZTO"]
        start, end = [asked.args[party]["ProvinceName"] for party in ("Sender", "Receiver")]
        price = self.price(start, end, asked.args["Weight"])
        return {"ResultCode": "100", "Data": [
            {"shipperCode": code, "cost": f"{(price + 100 * n) / 100:.2f}", "weight": asked.args["Weight"]}
            for n, code in enumerate(carriers)]}

    def _check_parties(self, asked: Asked, known: frozenset[str], needed: tuple[str, ...]) -> None:
        for party in ("Sender", "Receiver"):
            said = asked.args.get(party)
            if not isinstance(said, dict) or set(said) - known or not all(said.get(name) for name in needed):
                raise self.no(why.WRONG_VALUE, party)

    def _buy(self, asked: Asked) -> dict[str, Any]:
        self._carrier(asked)
        (key,) = self.need(asked, "OrderCode")
        self._check_parties(asked, PARTY, ("Name", "Mobile", "Address"))
        if words := self.check_refusal(key):
            raise Refused("105", words)
        known = self.labels.find(key)
        label = self.labels.buy(key, asked.args, self.now())
        order = {"OrderCode": key, "ShipperCode": asked.text("ShipperCode"), "LogisticCode": label.waybill}
        return {"ResultCode": "106" if known else "100", "Success": not known, "Order": order,
                "Reason": "该订单号已下单成功" if known else "成功", "PrintTemplate": f"<html>{label.waybill}</html>"}

    def news(self, watch: Watch, parcel: Parcel) -> Push:
        """Track so far, signed like a request."""
        data = {"EBusinessID": self.credentials["business_id"], "PushTime": local(self.now()), "Count": "1",
                "Data": [{"EBusinessID": self.credentials["business_id"], **self._track(parcel)}]}
        text = json.dumps(data, ensure_ascii=False)
        form = {"RequestData": text, "RequestType": "101", "DataSign": _sign(text, self.credentials["api_key"])}
        return Push(urlencode(form).encode(), {"content-type": "application/x-www-form-urlencoded"}, url=self.push_url)

    def is_thanked(self, answer: httpx2.Response) -> bool:
        """Only `Success` counts."""
        return answer.status_code == 200 and answer.json().get("Success") is True


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _sign(vector["params"]["RequestData"], vector["given"]["api_key"])
