"""A rehearsed JD Logistics: orders that are labels, and traces that are asked for, checked by itself."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import local, read_local
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.labels import Label, Labels
from orderloom.adapters.simulated.parcels import Scan
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator

SECONDS_OFF_MAX = 600
REASON_MAX = 30
STATES = {
    "collected": (30, "您的快件已揽收"), "in_transit": (51, "您的快件已发往【{}分拣中心】"),
    "arrived": (52, "您的快件到达【{}】"), "out_for_delivery": (110, "您的快件由配送员正在派送"),
    "delivered": (150, "您的快件已签收"), "pickup_ready": (150, "您的快件已由代收点签收"),
    "refused": (80, "收件人拒收"), "returning": (90, "您的快件正在退回"), "returned": (91, "您的快件已退回签收"),
}  # fmt: skip
CANCEL = "waybillCode orderOrigin customerCode cancelReason cancelReasonCode cancelType"
MODIFY = "waybillCode orderOrigin customerCode pickupType pickupStartTime pickupEndTime"
PRICE = "orderOrigin customerCode productsReq senderContact receiverContact cargoes"
GIVEN_BACK = 690
QUERY = {"LOP-DN", "app_key", "access_token", "timestamp", "v", "sign", "algorithm"}
CREATE = frozenset({"orderId", "orderOrigin", "customerCode", "settleType", "productsReq", "senderContact",
                    "receiverContact", "cargoes", "remark"})


class Simulator(RoadSimulator):
    """One merchant at the ECAP domain."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("9", "请求过于频繁", status=429), why.BUSY: No("1", "系统繁忙", status=503),
        why.MISSING: No("2", "缺少参数 {}"), why.WRONG_SIGN: No("12", "无效签名"),
        why.WRONG_TIME: No("13", "时间戳过期"),
        why.WRONG_KEY: No("19", "无效的 access_token"), why.WRONG_VALUE: No("3", "参数错误 {}"),
        why.UNKNOWN_CALL: No("4", "没有接口 {}"), why.UNKNOWN_PARAMETER: No("3", "没有参数 {}"),
        why.NOT_FOUND: No("100", "单据不存在 {}"),
    }
    GATE = ("12", "13", "19", "2", "4")
    """Refusals of the gateway, which never reach the service."""

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.labels = Labels(lambda key: f"JDV{long_number(key, 12)}")

    def declare(self) -> dict[str, Call]:
        """Its services."""
        return {
            "create": Call(self._create, " ".join(CREATE), at="POST /ecap/v1/orders/create", is_write=True),
            "status": Call(self._status, "orderId orderOrigin customerCode", at="POST /ecap/v1/orders/status/get"),
            "cancel": Call(self._cancel, CANCEL, at="POST /ecap/v1/orders/cancel", is_write=True),
            "modify": Call(self._modify, MODIFY, at="POST /ecap/v1/orders/modify", is_write=True),
            "precheck": Call(self._price, PRICE, at="POST /ecap/v1/orders/precheck"),
            "trace": Call(self._trace, "waybillCode customerCode orderOrigin", at="POST /ecap/v1/orders/trace/query"),
        }

    def verify(self, asked: Asked) -> None:
        """The parts in their fixed order, the secret on both sides, digested as the merchant agreed."""
        if lacking := QUERY ^ set(asked.query):
            raise self.no(why.MISSING, ", ".join(sorted(lacking)))
        q, secret = asked.query, self.credentials["app_secret"]
        if (q["app_key"], q["access_token"]) != (self.credentials["app_key"], self.credentials["access_token"]):
            raise self.no(why.WRONG_KEY)
        if (q["LOP-DN"], q["v"], q["algorithm"]) != ("ECAP", "2.0", self.settings.get("algorithm", "md5-salt")):
            raise self.no(why.WRONG_VALUE, "LOP-DN, v, algorithm")
        if not same(q["sign"], _signature(secret, q, asked.path, asked.body.decode())):
            raise self.no(why.WRONG_SIGN)
        zone = timezone(timedelta(hours=int(asked.headers.get("lop-tz", "8"))))
        if abs((read_local(q["timestamp"], zone) - self.wall()).total_seconds()) > SECONDS_OFF_MAX:
            raise self.no(why.WRONG_TIME)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The body is a list of one argument."""
        said = asked.json
        if not (isinstance(said, list) and len(said) == 1 and isinstance(said[0], dict)):
            raise self.no(why.WRONG_VALUE, "body")
        return dict(said[0])

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        return self.respond(json.dumps({"code": 0, "msg": "success", "success": True, "data": content},
                                       ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """The gateway's no differs in form from the service's."""
        if str(refused.code) in self.GATE:
            said: dict[str, Any] = {"error_response": {"code": str(refused.code), "zh_desc": refused.message}}
        else:
            said = {"code": int(refused.code), "msg": refused.message, "success": False, "data": None}
        return self.respond(json.dumps(said, ensure_ascii=False).encode(), refused.status, refused.headers)

    def _check(self, asked: Asked) -> None:
        if asked.args.get("orderOrigin") != 1 or asked.text("customerCode") != self.settings.get("customer_code", ""):
            raise self.no(why.WRONG_VALUE, "orderOrigin, customerCode")

    def _create(self, asked: Asked) -> dict[str, Any]:
        self._check(asked)
        (key,) = self.need(asked, "orderId")
        for party in ("senderContact", "receiverContact"):
            said = asked.args.get(party) or {}
            if set(said) != {"name", "mobile", "fullAddress"} or not all(said.values()):
                raise self.no(why.WRONG_VALUE, party)
        product = (asked.args.get("productsReq") or {}).get("productCode")
        if not product or asked.args.get("settleType") not in (1, 2, 3):
            raise self.no(why.WRONG_VALUE, "productsReq, settleType")
        if words := self.check_refusal(key):
            raise Refused(101, words)
        if self.labels.find(key):
            raise Refused(102, f"orderId 重复 {key}")
        label = self.labels.buy(key, asked.args, self.now())
        return {"orderId": key, "waybillCode": label.waybill, "statusCode": 0}

    def _status(self, asked: Asked) -> dict[str, Any]:
        self._check(asked)
        (key,) = self.need(asked, "orderId")
        label = self.labels.sold.get(key)
        if label is None:
            raise self.no(why.NOT_FOUND, key)
        return {"orderId": key, "waybillCode": label.waybill, "statusCode": GIVEN_BACK if label.is_cancelled else 0}

    def _order(self, asked: Asked) -> Label:
        self._check(asked)
        (number,) = self.need(asked, "waybillCode")
        label = self.labels.by_waybill(number)
        if label is None:
            raise self.no(why.NOT_FOUND, number)
        if label.is_cancelled:
            raise Refused(103, f"订单已取消 {number}")
        if words := self.check_refusal(label.key):
            raise Refused(104, words)
        return label

    def _cancel(self, asked: Asked) -> dict[str, Any]:
        label = self._order(asked)
        (reason,) = self.need(asked, "cancelReason")
        if len(reason) > REASON_MAX or asked.text("cancelReasonCode") not in ("1", "2") or \
                asked.args.get("cancelType") != 1:
            raise self.no(why.WRONG_VALUE, "cancelReason, cancelReasonCode, cancelType")
        self.labels.cancel(label.key)
        self.call_off(label.key)
        return {"waybillCode": label.waybill, "resultType": 1}

    def _modify(self, asked: Asked) -> dict[str, Any]:
        label = self._order(asked)
        start, end = [self.need_number(asked, name, high=10**14) for name in ("pickupStartTime", "pickupEndTime")]
        if asked.args.get("pickupType") != 1 or not (self.now().timestamp() - 300) * 1_000 <= start < end:
            raise self.no(why.WRONG_VALUE, "pickupType, pickupStartTime, pickupEndTime")
        self.pickups[label.key] = dict(asked.args)
        return {"orderCode": f"EBU{long_number(label.key, 10)}", "waybillCode": label.waybill}

    def _price(self, asked: Asked) -> dict[str, Any]:
        self._check(asked)
        ends = [asked.args.get(name) or {} for name in ("senderContact", "receiverContact")]
        cargo = (asked.args.get("cargoes") or [{}])[0]
        if any(set(one) != {"fullAddress"} or len(one["fullAddress"]) < 2 for one in ends) or not cargo.get("weight"):
            raise self.no(why.WRONG_VALUE, "senderContact, receiverContact, cargoes")
        product = (asked.args.get("productsReq") or {}).get("productCode")
        if product not in ("ed-m-0001", "ed-m-0002"):
            raise self.no(why.WRONG_VALUE, "productsReq")
        price = self.price(ends[0]["fullAddress"][:3], ends[1]["fullAddress"][:3], cargo["weight"])
        return {"productCode": product, "totalFreightPre": price / 100,
                "estimatedArrivalTime": local(self.now() + timedelta(days=2))}

    def _trace(self, asked: Asked) -> dict[str, Any]:
        self._check(asked)
        (number,) = self.need(asked, "waybillCode")
        parcel = self.find(number, "jd")
        traces = [self._scan(scan) for scan in reversed(parcel.scans)] if parcel else []
        return {"waybillCode": number, "traceDetails": traces}

    def _scan(self, scan: Scan) -> dict[str, Any]:
        state, words = STATES[scan.word]
        return {"operateTime": local(scan.due), "operateState": state, "operateRemark": words.format(scan.place),
                "operateSite": scan.place}


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    said = given | {"timestamp": given["now"], "algorithm": vector["recipe"].rpartition(".")[2]}
    return _signature(given["app_secret"], said, given["path"], given["raw_body"])


def _signature(secret: str, said: Mapping[str, str], path: str, body: str) -> str:
    content = (f"{secret}access_token{said['access_token']}app_key{said['app_key']}method{path}param_json"
               f"{body}timestamp{said['timestamp']}v2.0{secret}")
    if said["algorithm"] == "HMacSHA256":
        return base64.b64encode(hmac.new(secret.encode(), content.encode(), hashlib.sha256).digest()).decode()
    return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest().upper()
