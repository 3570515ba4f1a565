"""Simulates somebody's own server that hears messages: Standard Webhooks v1, checked by the specification."""

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

STALE = timedelta(minutes=5)


class Simulator(EarSimulator):
    """One address."""

    UNFIT_TROUBLE = ("broken_body", "half_body")
    NOES = {
        why.RATE_LIMITED: No("too_many", "slow down", status=429), why.BUSY: No("busy", "busy", status=503),
        why.WRONG_SIGN: No("signature", "no signature fits", status=401),
        why.EXPIRED_TOKEN: No("signature", "no signature fits", status=401),
        why.WRONG_TIME: No("time", "stale", status=401), why.MISSING: No("missing", "{}", status=400),
        why.UNKNOWN_PARAMETER: No("unknown", "{}", status=400), why.UNKNOWN_CALL: No("unknown", "{}", status=404),
        why.WRONG_VALUE: No("value", "{}", status=400),
    }

    def declare(self) -> dict[str, Call]:
        """One address that is posted to."""
        return {"message": Call(self._hear, "type timestamp data", at="POST /notify", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """HMAC-SHA256 over `id.timestamp.body`, the key what stands in base64 behind whsec_."""
        told = [asked.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")]
        if not all(told):
            raise self.no(why.MISSING, "webhook headers")
        try:
            at = from_seconds(told[1])
        except ValueError as error:
            raise self.no(why.WRONG_TIME) from error
        if abs(at - self.wall()) > STALE:
            raise self.no(why.WRONG_TIME)
        if not same(told[2], _signature(self.credentials["secret"], told[0], told[1], asked.body)):
            raise self.no(why.WRONG_SIGN)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """The status is what counts."""
        return self.respond(orjson.dumps({"error": refused.message}), refused.status)

    def _hear(self, asked: Asked) -> Response:
        data = asked.args.get("data")
        if not isinstance(data, dict) or asked.text("type") != "notification":
            raise self.no(why.WRONG_VALUE, "data")
        self.once(asked.headers["webhook-id"], lambda: self.hear(str(data.get("to", "")), str(data.get("title", "")),
                                                                 data=data))
        return Response(status_code=204)


def prove(vector: Mapping[str, Any]) -> str:
    """The signature of one of the platform's vectors by this simulator's own code."""
    given = vector["given"]
    return _signature(given["secret"], given["delivery"]["id"], given["now"], given["raw_body"].encode())


def _signature(secret: str, message_id: str, stamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode()
