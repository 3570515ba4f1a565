"""Simulates Aliyun voice calls: RPC signature V1, the template that is read, and a number's limits."""

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
LIMITS = ((60, 1), (3_600, 5), (86_400, 20))
"""(seconds, calls) to one number."""
NUMBER = re.compile(r"1[3-9][0-9]{9}")
COMMON = ("AccessKeyId Action Format Version RegionId SignatureMethod SignatureVersion SignatureNonce Timestamp "
          "Signature SignatureType")
NOT_MATCHED = "Specified signature is not matched with our calculation."


class Simulator(EarSimulator):
    """One account. `settings`: templates {code: names of its variables}."""

    COMMON = frozenset(COMMON.split())
    NOES = {
        why.RATE_LIMITED: No("Throttling.User", "Request was denied due to user flow control."),
        why.BUSY: No("isp.SYSTEM_ERROR", "isp.SYSTEM_ERROR"),
        why.WRONG_KEY: No("InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        why.EXPIRED_TOKEN: No("InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        why.WRONG_SIGN: No("SignatureDoesNotMatch", f"{NOT_MATCHED} server string to sign is:{{}}"),
        why.WRONG_TIME: No("InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
        why.MISSING: No("MissingParameter", "{} is mandatory for this action."),
        why.UNKNOWN_PARAMETER: No("isv.INVALID_PARAMETERS", "{}"), why.UNKNOWN_CALL: No("InvalidAction.NotFound", "{}"),
        why.WRONG_VALUE: No("isv.INVALID_PARAMETERS", "{}"),
    }

    def declare(self) -> dict[str, Call]:
        """A call to one number."""
        known = "CalledShowNumber CalledNumber TtsCode TtsParam PlayTimes Volume Speed OutId"
        return {"SingleCallByTts": Call(self._call, known, is_write=True)}

    def name_of(self, asked: Asked) -> str:
        """The action."""
        return asked.text("Action")

    def verify(self, asked: Asked) -> None:
        """As all of Aliyun's RPC calls: HMAC-SHA1 over the sorted parameters, of the body or of the address."""
        said = {**asked.query, **asked.form}
        self.need(asked, "AccessKeyId", "SignatureNonce", "Timestamp", "Signature", "Version", "Format")
        if not same(said["AccessKeyId"], self.credentials["access_key_id"]):
            raise self.no(why.WRONG_KEY)
        if abs(self.instant(asked, "Timestamp", _utc) - self.wall()) > STALE:
            raise self.no(why.WRONG_TIME)
        made = _signature(self.credentials["access_key_secret"], said, asked.method)
        if not same(said["Signature"], made):
            raise self.no(why.WRONG_SIGN, _to_sign(said, asked.method))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals of the door come with HTTP 400, those of the business with 200."""
        status = 200 if str(refused.code).startswith(("isv.", "isp.")) else 400
        content = {"Code": refused.code, "Message": refused.message, "RequestId": "sim"}
        return self.respond(orjson.dumps(content), status)

    def _call(self, asked: Asked) -> dict[str, Any]:
        number, code = self.need(asked, "CalledNumber", "TtsCode")
        for name, usual, low, high in (("PlayTimes", 1, 1, 3), ("Volume", 100, 0, 100), ("Speed", 0, -500, 500)):
            self.need_number(asked, name, usual, low, high)
        if not NUMBER.fullmatch(number):
            raise Refused("isv.MOBILE_NUMBER_ILLEGAL", "号码格式错误")
        if code not in self.settings["templates"]:
            raise Refused("isv.TTS_TEMPLATE_ILLEGAL", "文本转语音模板不合法")
        values = orjson.loads(asked.text("TtsParam") or "{}")
        if not set(self.settings["templates"][code]) <= set(values):
            raise Refused("isv.TEMPLATE_PARAMS_ILLEGAL", "模板变量不合法")
        if any(self.count(seconds, number) >= most for seconds, most in LIMITS):
            raise Refused("isv.BUSINESS_LIMIT_CONTROL", "触发流控")
        self.hear(number, asked.text("TtsParam"), template=code, out_id=asked.text("OutId"))
        return {"Code": "OK", "Message": "OK", "RequestId": "sim", "CallId": f"1160{len(self.heard):08d}^1028"}


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["given"]["access_key_secret"], vector["params"], vector["given"]["method"])


def _signature(secret: str, said: Mapping[str, str], method: str) -> str:
    made = hmac.new((secret + "&").encode(), _to_sign(said, method).encode(), hashlib.sha1).digest()
    return base64.b64encode(made).decode()


def _to_sign(said: Mapping[str, str], method: str) -> str:
    form = {k: v for k, v in said.items() if k != "Signature"}
    canonical = "&".join(f"{quote(k, safe='-_.~')}={quote(form[k], safe='-_.~')}" for k in sorted(form))
    return f"{method}&%2F&{quote(canonical, safe='-_.~')}"
