"""Simulates Aliyun SMS: RPC signature V1, templates and their variables, limits of a number, and what was sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.ear import EarSimulator
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused

STALE = timedelta(minutes=15)
A_DAY_MAX, VALUE_MAX = 50, 35
NUMBER = re.compile(r"1[3-9][0-9]{9}")
COMMON = ("AccessKeyId Action Format Version RegionId SignatureMethod SignatureVersion SignatureNonce Timestamp "
          "Signature SignatureType")
FIXED = {"Format": "JSON", "Version": "2017-05-25", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0"}
NOT_MATCHED = "Specified signature is not matched with our calculation."


class Simulator(EarSimulator):
    """One account. `settings`: sign_name; templates {code: names of its variables}."""

    COMMON = frozenset(COMMON.split())
    NOES = {
        why.RATE_LIMITED: No("Throttling.User", "Request was denied due to user flow control."),
        why.BUSY: No("isp.SYSTEM_ERROR", "系统出现错误，请重新调用"),
        why.WRONG_KEY: No("InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        why.EXPIRED_TOKEN: No("InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        why.WRONG_SIGN: No("SignatureDoesNotMatch", f"{NOT_MATCHED} server string to sign is:{{}}"),
        why.WRONG_TIME: No("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
        why.MISSING: No("MissingParameter", "{} is mandatory for this action."),
        why.UNKNOWN_PARAMETER: No("isv.INVALID_PARAMETERS", "{}"), why.UNKNOWN_CALL: No("InvalidAction.NotFound", "{}"),
        why.WRONG_VALUE: No("isv.INVALID_PARAMETERS", "{}"),
    }

    def __init__(self, credentials: dict[str, str], now: Any, settings: dict[str, Any]) -> None:
        self.nonces: set[str] = set()
        super().__init__(credentials, now, settings)

    def declare(self) -> dict[str, Call]:
        """Sending, and asking what was sent."""
        return {
            "SendSms": Call(self._send, "PhoneNumbers SignName TemplateCode TemplateParam OutId", is_write=True),
            "QuerySendDetails": Call(self._sent, "PhoneNumber SendDate PageSize CurrentPage BizId"),
        }

    def name_of(self, asked: Asked) -> str:
        """The action."""
        return asked.text("Action")

    def verify(self, asked: Asked) -> None:
        """HMAC-SHA1 over the sorted, percent-encoded parameters, keyed with the secret and an ampersand.

        The parameters stand in the body or, as Aliyun's own client sends them, in the address."""
        said = {**asked.query, **asked.form}
        self.need(asked, "AccessKeyId", "SignatureNonce", "Timestamp", "Signature", *FIXED)
        if any(said.get(name) != value for name, value in FIXED.items()) or said.get("SignatureType"):
            raise self.no(why.WRONG_VALUE, "common parameters")
        if not same(said["AccessKeyId"], self.credentials["access_key_id"]):
            raise self.no(why.WRONG_KEY)
        if abs(self.instant(asked, "Timestamp", _utc) - self.wall()) > STALE:
            raise self.no(why.WRONG_TIME)
        made = _signature(self.credentials["access_key_secret"], asked.method, said)
        if not same(said["Signature"], made):
            raise self.no(why.WRONG_SIGN, _to_sign(asked.method, said))
        if said["SignatureNonce"] in self.nonces:
            raise Refused("SignatureNonceUsed", "Specified signature nonce was used already.", status=400)
        self.nonces.add(said["SignatureNonce"])

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals of the door come with HTTP 400, those of the business with 200."""
        status = 200 if str(refused.code).startswith(("isv.", "isp.")) else 400
        content = {"Code": refused.code, "Message": refused.message, "RequestId": "sim"}
        return self.respond(orjson.dumps(content), status)

    def _send(self, asked: Asked) -> dict[str, Any]:
        number, sign, code = self.need(asked, "PhoneNumbers", "SignName", "TemplateCode")
        self._check(number, code, asked.text("TemplateParam"))
        if sign != self.settings["sign_name"]:
            raise Refused("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        if self.count(60, number) >= 1 or self.count(86_400, number) >= A_DAY_MAX:
            raise Refused("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1")
        self.hear(number, asked.text("TemplateParam"), template=code, out_id=asked.text("OutId"))
        return {"Code": "OK", "Message": "OK", "RequestId": "sim", "BizId": f"9006{len(self.heard):014d}^0"}

    def _check(self, number: str, code: str, given: str) -> None:
        """The number is one, the template is there, its variables are given and short."""
        if not NUMBER.fullmatch(number):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL", "手机号码格式错误")
        if code not in self.settings["templates"]:
            raise Refused("isv.SMS_TEMPLATE_ILLEGAL", "短信模板不合法")
        values = orjson.loads(given or "{}")
        if not set(self.settings["templates"][code]) <= set(values):
            raise Refused("isv.TEMPLATE_MISSING_PARAMETERS", "模板变量缺少参数")
        if any(not isinstance(v, str) or not 0 < len(v) <= VALUE_MAX or "\n" in v for v in values.values()):
            raise Refused("isv.PARAM_LENGTH_LIMIT", "参数超出长度限制")

    def _sent(self, asked: Asked) -> dict[str, Any]:
        number, date = self.need(asked, "PhoneNumber", "SendDate")
        self.need_number(asked, "PageSize", low=1, high=50)
        self.need_number(asked, "CurrentPage", low=1)
        if not re.fullmatch(r"20[0-9]{6}", date):
            raise self.no(why.WRONG_VALUE, "SendDate")
        found = [{"PhoneNum": number, "OutId": one["out_id"], "TemplateCode": one["template"], "SendStatus": 3}
                 for one in self.heard if one["to"] == number]
        return {"Code": "OK", "Message": "OK", "RequestId": "sim", "TotalCount": len(found),
                "SmsSendDetailDTOs": {"SmsSendDetailDTO": found}}


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["given"]["access_key_secret"], vector["given"]["method"], vector["params"])


def _signature(secret: str, method: str, form: Mapping[str, str]) -> str:
    made = hmac.new(f"{secret}&".encode(), _to_sign(method, form).encode(), hashlib.sha1).digest()
    return base64.b64encode(made).decode()


def _to_sign(method: str, form: Mapping[str, str]) -> str:
    pairs = sorted((_encoded(k), _encoded(v)) for k, v in form.items() if k != "Signature")
    return f"{method}&%2F&" + _encoded("&".join(f"{k}={v}" for k, v in pairs))
