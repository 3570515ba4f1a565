"""A rehearsed SF Express: orders that are labels, routes that are asked for and pushed, checked by itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote_plus

import httpx2

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import from_seconds, local, read_local
from orderloom.adapters.simulated.draw import hex_token, long_number
from orderloom.adapters.simulated.labels import Labels
from orderloom.adapters.simulated.parcels import Parcel, Scan
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator

SECONDS_OFF_MAX = 600
OPS = {
    "collected": ("50", "顺丰速运 已收取快件"), "in_transit": ("30", "快件在【{}】已装车,准备发往下一站"),
    "arrived": ("31", "快件到达【{}】"), "out_for_delivery": ("44", "正在派送途中,请您准备签收"),
    "delivered": ("80", "已签收,感谢使用顺丰,期待再次为您服务"), "pickup_ready": ("80", "快件已由丰巢代签收"),
    "refused": ("33", "派件不成功，收件人拒收"), "returning": ("631", "快件正在退回"),
    "returned": ("648", "退回件已由寄件人签收"),
}  # fmt: skip
ORDER = frozenset({"language", "orderId", "monthlyCard", "expressTypeId", "payMethod", "isReturnRoutelabel", "remark",
                   "cargoDetails", "contactInfoList"})
CONTACT = frozenset({"contactType", "contact", "mobile", "province", "city", "county", "address", "country"})
UPDATE = "orderId dealType isDocall sendStartTm pickupAppointEndtime totalWeight waybillNoInfoList"
PRICE = "businessType searchPrice weight monthlyCard srcAddress destAddress"
PRODUCTS = {"1": ("顺丰特快", 500), "2": ("顺丰标快", 0)}
PLACE = frozenset({"province", "city", "district"})
ROUTES = "language trackingType trackingNumber methodType checkPhoneNo"


class Simulator(RoadSimulator):
    """One customer of the open platform. Its parcels are those whose number begins with SF, or that it sold."""

    COMMON: ClassVar[frozenset[str]] = frozenset()
    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("A1005", "流量控制"), why.BUSY: No("A1009", "系统异常"),
        why.MISSING: No("A1001", "必传参数不可为空: {}"), why.WRONG_TIME: No("A1002", "请求时效已过期"),
        why.WRONG_KEY: No("A1004", "无对应服务权限"), why.WRONG_SIGN: No("A1006", "数字签名无效"),
        why.UNKNOWN_CALL: No("A1004", "无对应服务权限: {}"), why.UNKNOWN_PARAMETER: No("A1001", "不支持的参数: {}"),
        why.WRONG_VALUE: No("S0001", "参数错误: {}"), why.NOT_FOUND: No("8119", "月结卡号与下单不匹配或订单不存在: {}"),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.labels = Labels(lambda key: f"SF{long_number(key, 13)}")
        self.push_url = ""

    def declare(self) -> dict[str, Call]:
        """The services that are spoken."""
        return {
            "EXP_RECE_CREATE_ORDER": Call(self._create, " ".join(ORDER), is_write=True),
            "EXP_RECE_SEARCH_ORDER_RESP": Call(self._search, "orderId searchType"),
            "EXP_RECE_UPDATE_ORDER": Call(self._update, UPDATE, is_write=True),
            "EXP_RECE_QUERY_DELIVERTM": Call(self._prices, PRICE),
            "EXP_RECE_SEARCH_ROUTES": Call(self._routes_of, ROUTES),
        }

    def name_of(self, asked: Asked) -> str:
        """The service stands in the form."""
        return asked.form.get("serviceCode", "")

    def verify(self, asked: Asked) -> None:
        """base64(MD5(URLEncoder.encode(msgData + timestamp + checkword))) as its SDK does it, or of the bare text."""
        for name in ("partnerID", "requestID", "serviceCode", "timestamp", "msgData", "msgDigest"):
            if not asked.form.get(name):
                raise self.no(why.MISSING, name)
        if set(asked.form) - {"partnerID", "requestID", "serviceCode", "timestamp", "msgData", "msgDigest"}:
            raise self.no(why.UNKNOWN_PARAMETER, ", ".join(asked.form))
        if asked.form["partnerID"] != self.credentials["partner_id"]:
            raise self.no(why.WRONG_KEY)
        text = asked.form["msgData"] + asked.form["timestamp"] + self.credentials["checkword"]
        is_simple = self.settings.get("sign_method", "standard") == "simple"
        if not same(asked.form["msgDigest"], _of_md5(text) if is_simple else _digest(text)):
            raise self.no(why.WRONG_SIGN)
        sent = from_seconds(int(asked.form["timestamp"]) / 1_000)
        if abs((sent - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The business parameters are one JSON text."""
        try:
            found = json.loads(asked.form["msgData"])
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "msgData") from error
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, "msgData")
        return found

    def write(self, content: Any, asked: Asked) -> Any:
        """Transport and service answer, the second a JSON text in the first."""
        inner = {"success": True, "errorCode": "S0000", "errorMsg": None, "msgData": content}
        return self._outer("A1000", "", json.dumps(inner, ensure_ascii=False))

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """Codes of the transport begin with A; every other is the service's own, in a good transport answer."""
        if str(refused.code).startswith("A"):
            return self._outer(str(refused.code), refused.message, None)
        inner = {"success": False, "errorCode": str(refused.code), "errorMsg": refused.message, "msgData": None}
        return self._outer("A1000", "", json.dumps(inner, ensure_ascii=False))

    def _outer(self, code: str, message: str, data: str | None) -> Any:
        content = {"apiErrorMsg": message, "apiResponseID": hex_token(str(len(self.requests))), "apiResultCode": code,
                   "apiResultData": data}
        return self.respond(json.dumps(content, ensure_ascii=False).encode())

    def _create(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "orderId")
        contacts = asked.args.get("contactInfoList") or []
        if {one.get("contactType") for one in contacts} != {1, 2} or any(set(one) - CONTACT for one in contacts):
            raise self.no(why.WRONG_VALUE, "contactInfoList")
        for one in contacts:
            if not (one.get("contact") and one.get("mobile") and one.get("address")):
                raise self.no(why.MISSING, "contactInfoList")
        if asked.args.get("expressTypeId") not in (1, 2, 6) or asked.args.get("payMethod") not in (1, 2, 3):
            raise self.no(why.WRONG_VALUE, "expressTypeId, payMethod")
        if self.labels.find(key):
            raise Refused("8016", "重复下单")
        if words := self.check_refusal(key):
            raise Refused("8024", words)
        self.labels.buy(key, asked.args, self.now())
        return self._order(key)

    def _order(self, key: str) -> dict[str, Any]:
        label = self.labels.find(key)
        if label is None:
            raise self.no(why.NOT_FOUND, key)
        route = {"waybillNo": label.waybill, "destRouteLabel": "020", "proCode": "T4", "printIcon": "00000000",
                 "twoDimensionCode": f"MMM={{'k5':'{label.waybill}'}}"}
        return {
            "orderId": key, "originCode": "755", "destCode": "020", "filterResult": 2, "remark": "",
            "waybillNoInfoList": [{"waybillType": 1, "waybillNo": label.waybill}],
            "routeLabelInfo": [{"code": "1000", "routeLabelData": route, "message": f"{label.waybill}:"}],
        }

    def _search(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "orderId")
        self.one_of(asked, "searchType", frozenset("12"), "1")
        return self._order(key)

    def _update(self, asked: Asked) -> dict[str, Any]:
        """Confirm an order, with or without a courier, or give it back: for good, its number is not free again."""
        (key,) = self.need(asked, "orderId")
        deal, known = self.need_number(asked, "dealType", low=1, high=2), self.labels.sold.get(key)
        if known is None:
            raise self.no(why.NOT_FOUND, key)
        if known.is_cancelled:
            raise Refused("8037", "已消单")
        if words := self.check_refusal(key):
            raise Refused("8252", words)
        told = [one.get("waybillNo") for one in asked.args.get("waybillNoInfoList") or []]
        if told != [known.waybill]:
            return {"orderId": key, "resStatus": 1, "waybillNoInfoList": []}
        if deal == 2:
            self.labels.cancel(key)
            self.call_off(key)
        else:
            self._call_courier(asked, key)
        return {"orderId": key, "resStatus": 2, "waybillNoInfoList": asked.args["waybillNoInfoList"]}

    def _call_courier(self, asked: Asked, key: str) -> None:
        if asked.args.get("isDocall") != 1:
            raise self.no(why.WRONG_VALUE, "isDocall")
        start, end = [self.instant(asked, name, read_local) for name in ("sendStartTm", "pickupAppointEndtime")]
        if not self.now() - timedelta(minutes=5) <= start < end:
            raise self.no(why.WRONG_VALUE, "sendStartTm, pickupAppointEndtime")
        if key in self.pickups:
            raise Refused("8019", "订单已确认")
        self.pickups[key] = dict(asked.args)

    def _prices(self, asked: Asked) -> dict[str, Any]:
        ends = [asked.args.get(name) or {} for name in ("srcAddress", "destAddress")]
        if any(set(one) - PLACE or not (one.get("province") and one.get("city")) for one in ends):
            raise self.no(why.WRONG_VALUE, "srcAddress, destAddress")
        chosen = asked.text("businessType")
        if (chosen and chosen not in PRODUCTS) or asked.text("searchPrice") != "1":
            raise self.no(why.WRONG_VALUE, "businessType, searchPrice")
        price = self.price(ends[0]["province"], ends[1]["province"], asked.args.get("weight") or 1)
        arrives = local(self.now() + timedelta(days=2))
        return {"deliverTmDto": [
            {"businessType": code, "businessTypeDesc": name, "deliverTime": f"{arrives},{arrives}",
             "fee": (price + more) / 100, "searchPrice": "1", "closeTime": None}
            for code, (name, more) in PRODUCTS.items() if chosen in ("", code)]}

    def _routes_of(self, asked: Asked) -> dict[str, Any]:
        numbers = asked.args.get("trackingNumber")
        if asked.text("trackingType") != "1" or not isinstance(numbers, list):
            raise self.no(why.WRONG_VALUE, "trackingType, trackingNumber")
        for name, known in (("methodType", "12"), ("language", "012")):
            self.one_of(asked, name, frozenset(known), known[0])
        found, last4 = [], asked.text("checkPhoneNo")
        for number in numbers:
            parcel = self.find(number, "shunfeng")
            is_known = parcel and last4 in (parcel.phone_last4, "") and (not parcel.phone_last4 or last4)
            routes = [self._route(parcel, scan) for scan in reversed(parcel.scans)] if parcel and is_known else []
            found.append({"mailNo": number, "routes": routes})
        return {"routeResps": found}

    def _route(self, parcel: Parcel, scan: Scan) -> dict[str, str]:
        code, words = OPS[scan.word]
        return {"acceptTime": local(scan.due), "acceptAddress": scan.place, "remark": words.format(scan.place),
                "opCode": code}

    def step(self, now: datetime) -> None:
        """Scans happen; where the routes are pushed, every parcel's are (`pushes_own`: of labels that it sold)."""
        for carrier, waybill in self.parcels:
            is_meant = not self.settings.get("pushes_own") or self.labels.by_waybill(waybill)
            if self.push_url and carrier == "shunfeng" and is_meant and (carrier, waybill) not in self.watches:
                self.watch(carrier, waybill, self.push_url)
        super().step(now)

    def news(self, watch: Any, parcel: Parcel) -> Push:
        """The newest route; the platform signs nothing."""
        route = self._route(parcel, parcel.scans[-1])
        body = {"Body": {"WaybillRoute": [{
            "id": str(long_number(f"{parcel.waybill}/{parcel.seen}", 15)), "mailno": parcel.waybill, "orderid": "",
            **route, "reasonCode": "", "reasonName": ""}]}}
        headers = {"content-type": "application/json"}
        return Push(json.dumps(body, ensure_ascii=False).encode(), headers, url=self.push_url)

    def is_thanked(self, answer: httpx2.Response) -> bool:
        """Only the code counts."""
        return answer.status_code == 200 and answer.json().get("return_code") == "0000"


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    if "raw_body" in given:
        return _of_md5(given["raw_body"] + given["checkword"])
    return _digest(vector["params"]["msgData"] + given["now"] + given["checkword"])


def _digest(text: str) -> str:
    return _of_md5(quote_plus(text, safe="*-._").replace("~", "%7E"))


def _of_md5(text: str) -> str:
    return base64.b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).decode()
