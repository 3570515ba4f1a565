"""Simulates a WeCom group robot: its key, the lengths in bytes that it takes, and twenty messages a minute."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.ear import EarSimulator
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused

A_MINUTE_MAX = 20
BYTES_MAX = {"text": 2_048, "markdown": 4_096}
SHAPES = {"text": {"content", "mentioned_list", "mentioned_mobile_list"}, "markdown": {"content"}}


class Simulator(EarSimulator):
    """One robot in one group."""

    COMMON = frozenset({"key"})
    NOES = {
        why.RATE_LIMITED: No(45009, "api freq out of limit"), why.BUSY: No(-1, "system busy"),
        why.WRONG_KEY: No(93000, "invalid webhook url"), why.EXPIRED_TOKEN: No(93000, "invalid webhook url"),
        why.MISSING: No(93000, "{} is missing"), why.UNKNOWN_PARAMETER: No(40058, "unknown parameter {}"),
        why.UNKNOWN_CALL: No(40058, "no such call {}"), why.WRONG_VALUE: No(40058, "{} invalid Request Parameter"),
    }

    def declare(self) -> dict[str, Call]:
        """Sending is all that a robot can do here."""
        return {"send": Call(self._send, "msgtype text markdown", at="POST /cgi-bin/webhook/send", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """The key is all there is."""
        if not same(asked.query.get("key", ""), self.credentials["key"]):
            raise self.no(why.WRONG_KEY)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals come as a number and words, with HTTP 200."""
        return self.respond(orjson.dumps({"errcode": refused.code, "errmsg": refused.message}))

    def _send(self, asked: Asked) -> dict[str, Any]:
        kind = self.one_of(asked, "msgtype", frozenset(SHAPES))
        body = asked.args.get(kind)
        if not isinstance(body, dict) or not set(body) <= SHAPES[kind] or not isinstance(body.get("content"), str):
            raise self.no(why.WRONG_VALUE, kind)
        if len(body["content"].encode()) > BYTES_MAX[kind]:
            raise self.no(why.WRONG_VALUE, f"{kind}.content exceed max length {BYTES_MAX[kind]}.")
        if self.count(60) >= A_MINUTE_MAX:
            raise self.no(why.RATE_LIMITED)
        self.hear("", body["content"])
        return {"errcode": 0, "errmsg": "ok"}
