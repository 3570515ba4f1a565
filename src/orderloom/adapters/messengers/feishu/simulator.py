"""Simulates a Feishu custom robot: its signature over an empty message, 20 KB, five a second and a hundred a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import from_seconds
from orderloom.adapters.simulated.ear import EarSimulator
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused

A_SECOND_MAX, A_MINUTE_MAX, BYTES_MAX = 5, 100, 20 << 10
STALE = timedelta(hours=1)
NOT_SIGNED = "sign match fail or timestamp is not within one hour from current time"


class Simulator(EarSimulator):
    """One robot in one group."""

    NOES = {
        why.RATE_LIMITED: No(11232, "frequency limited"), why.BUSY: No(11232, "frequency limited"),
        why.WRONG_KEY: No(19001, "param invalid: incoming webhook access token invalid"),
        why.EXPIRED_TOKEN: No(19001, "param invalid: incoming webhook access token invalid"),
        why.WRONG_SIGN: No(19021, NOT_SIGNED), why.WRONG_TIME: No(19021, NOT_SIGNED),
        why.MISSING: No(9499, "Bad Request"), why.UNKNOWN_PARAMETER: No(9499, "Bad Request"),
        why.UNKNOWN_CALL: No(9499, "Bad Request"), why.WRONG_VALUE: No(9499, "Bad Request"),
    }

    def declare(self) -> dict[str, Call]:
        """Sending is all that a robot can do."""
        known = "timestamp sign msg_type content"
        return {"send": Call(self._send, known, at="POST /open-apis/bot/v2/hook/{hook}", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """HMAC-SHA256 over nothing, keyed with `timestamp LF secret`; the timestamp, a text, at most an hour off."""
        if not same(asked.parts.get("hook", ""), self.credentials["hook"]):
            raise self.no(why.WRONG_KEY)
        stamp, sign = self.need(asked, "timestamp", "sign")
        if not isinstance(asked.args["timestamp"], str) or (
                abs(self.instant(asked, "timestamp", from_seconds) - self.wall()) > STALE):
            raise self.no(why.WRONG_TIME)
        if not same(sign, _signature(self.credentials["secret"], stamp)):
            raise self.no(why.WRONG_SIGN)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals come as a number and words."""
        return self.respond(orjson.dumps({"code": refused.code, "msg": refused.message, "data": {}}))

    def _send(self, asked: Asked) -> dict[str, Any]:
        self.one_of(asked, "msg_type", frozenset({"text"}))
        content = asked.args.get("content")
        if not isinstance(content, dict) or set(content) != {"text"} or not isinstance(content["text"], str):
            raise self.no(why.WRONG_VALUE, "content")
        if len(asked.body) > BYTES_MAX:
            raise self.no(why.WRONG_VALUE, "body")
        if self.count(1) >= A_SECOND_MAX or self.count(60) >= A_MINUTE_MAX:
            raise self.no(why.RATE_LIMITED)
        self.hear("", content["text"])
        return {"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"}


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["given"]["secret"], vector["given"]["now"])


def _signature(secret: str, stamp: str) -> str:
    return base64.b64encode(hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
