"""Simulates a DingTalk group robot: token, timestamp and signature, and the block of whoever sends too fast."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import from_seconds
from orderloom.adapters.simulated.ear import EarSimulator
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused

A_MINUTE_MAX, BLOCKED = 20, timedelta(minutes=10)
STALE = timedelta(hours=1)
SHAPES = {"text": {"content"}, "markdown": {"title", "text"}}
AT = {"atMobiles", "atUserIds", "isAtAll"}


class Simulator(EarSimulator):
    """One robot in one group."""

    COMMON = frozenset({"access_token", "timestamp", "sign"})
    NOES = {
        why.RATE_LIMITED: No(130101, "send too fast, exceed 20 times per minute"), why.BUSY: No(-1, "system busy"),
        why.WRONG_TOKEN: No(300001, "token is not exist"), why.EXPIRED_TOKEN: No(300001, "token is not exist"),
        why.WRONG_SIGN: No(310000, "sign not match"), why.WRONG_TIME: No(310000, "invalid timestamp"),
        why.MISSING: No(40035, "param {} missing"), why.UNKNOWN_PARAMETER: No(40035, "unknown parameter {}"),
        why.UNKNOWN_CALL: No(40035, "no such method {}"), why.WRONG_VALUE: No(40035, "param {} error"),
    }

    def __init__(self, credentials: dict[str, str], now: Any, settings: dict[str, Any]) -> None:
        self.blocked_until: datetime | None = None
        super().__init__(credentials, now, settings)

    def declare(self) -> dict[str, Call]:
        """Sending is all that a robot can do."""
        return {"send": Call(self._send, "msgtype text markdown at", at="POST /robot/send", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """HMAC-SHA256 over `timestamp LF secret`, keyed with the secret; the timestamp at most an hour off."""
        token, stamp, sign = self.need(asked, "access_token", "timestamp", "sign")
        if not same(token, self.credentials["access_token"]):
            raise self.no(why.WRONG_TOKEN)
        if abs(self.instant(asked, "timestamp", _from_millis) - self.wall()) > STALE:
            raise self.no(why.WRONG_TIME)
        if not same(sign, _signature(self.credentials["secret"].encode(), stamp)):
            raise self.no(why.WRONG_SIGN)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals come as a number and words, with HTTP 200."""
        return self.respond(orjson.dumps({"errcode": refused.code, "errmsg": refused.message}))

    def _send(self, asked: Asked) -> dict[str, Any]:
        kind = self.one_of(asked, "msgtype", frozenset(SHAPES))
        body = asked.args.get(kind)
        if not isinstance(body, dict) or set(body) != SHAPES[kind]:
            raise self.no(why.WRONG_VALUE, kind)
        if not all(isinstance(value, str) for value in body.values()):
            raise self.no(why.WRONG_VALUE, kind)
        if not set(asked.args.get("at") or {}) <= AT or set(SHAPES) & set(asked.args) != {kind}:
            raise self.no(why.WRONG_VALUE, "at")
        now = self.now()
        is_blocked = self.blocked_until is not None and now < self.blocked_until
        if not is_blocked and self.count(60) >= A_MINUTE_MAX:
            is_blocked, self.blocked_until = True, now + BLOCKED
        if is_blocked:
            raise self.no(why.RATE_LIMITED)
        self.hear("", "\n".join(body.values()))
        return {"errcode": 0, "errmsg": "ok"}


def _from_millis(text: str) -> datetime:
    if len(text) != 13 or not text.isdecimal():
        raise ValueError(text)
    return from_seconds(int(text) / 1_000)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    return _signature(vector["given"]["secret"].encode(), vector["given"]["now"])


def _signature(secret: bytes, stamp: str) -> str:
    made = hmac.new(secret, f"{stamp}\n".encode() + secret, hashlib.sha256).digest()
    return base64.b64encode(made).decode()
