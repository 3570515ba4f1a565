"""The door of Aliyun's RPC calls, signature V1, for whoever simulates one of its services: messages, voice calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.clock import Now
from orderloom.adapters.simulated.ear import EarSimulator
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused

STALE = timedelta(minutes=15)
NUMBER = re.compile(r"1[3-9][0-9]{9}")
COMMON = ("AccessKeyId Action Format Version RegionId SignatureMethod SignatureVersion SignatureNonce Timestamp "
          "Signature SignatureType")
FIXED = {"Format": "JSON", "Version": "2017-05-25", "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0"}
NOT_MATCHED = "Specified signature is not matched with our calculation."


class AliyunEar(EarSimulator):
    """One account. `settings`: templates {code: names of its variables}."""

    COMMON = frozenset(COMMON.split())
    NOES: ClassVar[dict[str, No]] = {
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

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        self.nonces: set[str] = set()
        super().__init__(credentials, now, settings)

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
        if not same(said["Signature"], signature(self.credentials["access_key_secret"], asked.method, said)):
            raise self.no(why.WRONG_SIGN, _to_sign(asked.method, said))
        if said["SignatureNonce"] in self.nonces:
            raise Refused("SignatureNonceUsed", "Specified signature nonce was used already.", status=400)
        self.nonces.add(said["SignatureNonce"])

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals of the door come with HTTP 400, those of the business with 200."""
        status = 200 if str(refused.code).startswith(("isv.", "isp.")) else 400
        content = {"Code": refused.code, "Message": refused.message, "RequestId": "sim"}
        return self.respond(orjson.dumps(content), status)


def signature(secret: str, method: str, said: Mapping[str, str]) -> str:
    """That of a call with these parameters."""
    made = hmac.new(f"{secret}&".encode(), _to_sign(method, said).encode(), hashlib.sha1).digest()
    return base64.b64encode(made).decode()


def proven(vector: Mapping[str, Any]) -> str:
    """The signature of one of Aliyun's vectors."""
    return signature(vector["given"]["access_key_secret"], vector["given"]["method"], vector["params"])


def _to_sign(method: str, said: Mapping[str, str]) -> str:
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in said.items() if name != "Signature")
    return f"{method}&%2F&" + _encoded("&".join(f"{name}={value}" for name, value in pairs))


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
