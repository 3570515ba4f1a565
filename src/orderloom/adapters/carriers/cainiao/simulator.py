"""A rehearsed Cainiao LINK gateway: waybills by object id, checked by itself."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.draw import long_number
from orderloom.adapters.simulated.labels import Labels
from orderloom.adapters.simulated.parcels import Parcel
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.pushes import Push
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.road import RoadSimulator, Watch

OBJECTS_MAX = 10
KNOWN = "cpCode needEncrypt sender tradeOrderInfoDtos resourceCode storeCode dmsSorting"
FORM = {"msg_type", "logistic_provider_id", "to_code", "logistics_interface", "data_digest"}
OPTIONAL = {"logistics_interface", "to_code"}
CHANNELS = frozenset({"TB", "TM", "JD", "PDD", "DY", "OTHERS"})
OBJECT = frozenset(["objectId", "userId", "templateUrl", "logisticsServices", "orderInfo", "packageInfo", "recipient"])
PERSON = frozenset(["name", "mobile", "phone", "oaid", "tid", "address"])
PACKAGE = frozenset(["id", "items", "weight", "volume"])
ADDRESS = frozenset(["province", "city", "district", "town", "detail"])


def _digest(content: str, secret: str) -> str:
    return base64.b64encode(hashlib.md5((content + secret).encode(), usedforsecurity=False).digest()).decode()


class Simulator(RoadSimulator):
    """One resource of the gateway."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("S07", "系统繁忙,请重试"), why.BUSY: No("S07", "系统繁忙,请重试"),
        why.MISSING: No("S01", "参数缺失:{}"), why.WRONG_SIGN: No("S02", "验签或加密失败:digist sign check not pass"),
        why.WRONG_KEY: No("S03", "非法的物流公司"), why.UNKNOWN_CALL: No("S04", "非法的通知类型:{}"),
        why.WRONG_VALUE: No("S05", "非法的通知内容:{}"), why.UNKNOWN_PARAMETER: No("S05", "非法的通知内容:{}"),
    }

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.labels = Labels(lambda key: f"YT{long_number(key, 13)}")
        self.push_url = ""

    def declare(self) -> dict[str, Call]:
        """Its messages."""
        return {
            "TMS_WAYBILL_GET": Call(self._get, KNOWN, is_write=True),
            "TMS_WAYBILL_DISCARD": Call(self._discard, "cpCode waybillCode", is_write=True),
            "TMS_WAYBILL_SUBSCRIPTION_QUERY": Call(self._subscribed, "cpCode"),
        }

    def name_of(self, asked: Asked) -> str:
        """The kind of message stands in the form."""
        return asked.form.get("msg_type", "")

    def verify(self, asked: Asked) -> None:
        """base64 of the raw MD5 of content + secret."""
        if lacking := (FORM - OPTIONAL) - set(asked.form) | (set(asked.form) - FORM):
            raise self.no(why.MISSING, ", ".join(sorted(lacking)))
        if asked.form["logistic_provider_id"] != self.credentials["provider_id"]:
            raise self.no(why.WRONG_KEY)
        content = asked.form.get("logistics_interface", "")
        if not same(asked.form["data_digest"], _digest(content, self.credentials["secret"])):
            raise self.no(why.WRONG_SIGN)

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """The content is one JSON text; a question without any has none."""
        try:
            found = json.loads(asked.form.get("logistics_interface") or "{}")
        except ValueError as error:
            raise self.no(why.WRONG_VALUE, "logistics_interface") from error
        if not isinstance(found, dict):
            raise self.no(why.WRONG_VALUE, "logistics_interface")
        return found

    def write(self, content: Any, asked: Asked) -> Any:
        """A good answer."""
        return self.respond(json.dumps({"success": True, **content}, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal in HTTP 200."""
        said = {"success": False, "errorCode": str(refused.code), "errorMsg": refused.message}
        return self.respond(json.dumps(said, ensure_ascii=False).encode())

    def _subscribed(self, asked: Asked) -> dict[str, Any]:
        """What may be bought of a carrier, or of all."""
        asked.text("cpCode")
        return {"waybillApplySubscriptionCols": []}

    def _get(self, asked: Asked) -> dict[str, Any]:
        (company,) = self.need(asked, "cpCode")
        objects = asked.args.get("tradeOrderInfoDtos")
        if not isinstance(objects, list) or not 0 < len(objects) <= OBJECTS_MAX:
            raise self.no(why.WRONG_VALUE, "tradeOrderInfoDtos")
        for name in ("needEncrypt", "dmsSorting"):
            if asked.args.get(name) not in (None, True, False):
                raise self.no(why.WRONG_VALUE, name)
        self._check_person("sender", asked.args.get("sender"))
        sender = asked.args["sender"]
        return {"waybillCloudPrintResponseList": [self._label(company, sender, one) for one in objects]}

    def _label(self, company: str, sender: Any, one: Any) -> dict[str, Any]:
        self._check_names("tradeOrderInfoDtos", one, OBJECT)
        order, package = one.get("orderInfo") or {}, one.get("packageInfo") or {}
        self._check_names("packageInfo", package, PACKAGE)
        self._check_person("recipient", one.get("recipient"))
        is_told = order.get("tradeOrderList") and package.get("items")
        if order.get("orderChannelsType") not in CHANNELS or not is_told:
            raise self.no(why.WRONG_VALUE, "orderInfo, packageInfo")
        if not one.get("objectId") or not isinstance(one.get("userId"), int) or not one.get("templateUrl"):
            raise self.no(why.MISSING, "objectId, userId, templateUrl")
        if words := self.check_refusal(str(one["objectId"])):
            raise Refused("S05", words)
        key = f"{one['objectId']}/{package.get('id')}"
        label = self.labels.buy(key, {"sender": sender, **one}, self.now())
        printed = {"encryptedData": f"AES:{label.waybill}", "signature": "MD:demo", "templateURL": one["templateUrl"],
                   "ver": "waybill_print_secret_version_1"}
        return {"objectId": one["objectId"], "waybillCode": label.waybill, "cpCode": company,
                "printData": json.dumps(printed)}

    def _discard(self, asked: Asked) -> dict[str, Any]:
        _, number = self.need(asked, "cpCode", "waybillCode")
        label = self.labels.by_waybill(number)
        if label is None:
            raise Refused("S05", f"面单号不存在 {number}")
        if words := self.check_refusal(label.key.partition("/")[0]):
            raise Refused("S05", words)
        self.labels.cancel(label.key)
        return {"discardResult": True}

    def _check_person(self, what: str, said: Any) -> None:
        self._check_names(what, said, PERSON)
        self._check_names(f"{what}.address", said.get("address"), ADDRESS)
        if not said.get("name") or not said["address"].get("detail"):
            raise self.no(why.MISSING, what)
        is_masked = "*" in said["name"] + (said.get("mobile") or "")
        if is_masked and not (said.get("oaid") and said.get("tid")):
            raise self.no(why.WRONG_VALUE, f"{what}: 缺少 oaid")

    def _check_names(self, what: str, said: Any, known: frozenset[str]) -> None:
        if not isinstance(said, dict) or set(said) - known:
            raise self.no(why.WRONG_VALUE, what)

    def news(self, watch: Watch, parcel: Parcel) -> Push:
        """A callback, digested as a request is."""
        content = json.dumps({"mailNo": parcel.waybill, "status": parcel.last}, ensure_ascii=False)
        form = {"msg_type": "TMS_STATUS_NOTIFY", "logistic_provider_id": self.credentials["provider_id"],
                "logistics_interface": content, "data_digest": _digest(content, self.credentials["secret"])}
        return Push(urlencode(form).encode(), {"content-type": "application/x-www-form-urlencoded"}, url=self.push_url)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    said = vector.get("params") or given["form"]
    return _digest(said["logistics_interface"], given["secret"])
