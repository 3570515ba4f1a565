"""Simulates WeChat messages: tokens that end, templates whose fields have types, openids, and repeated messages."""

from __future__ import annotations

import re
from typing import Any

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.ear import EarSimulator
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.tokens import Tokens

LENGTHS = {"thing": 20, "phrase": 5, "character_string": 32, "time": 32, "const": 20}
SHAPES = {
    "template": "touser template_id url miniprogram data client_msg_id",
    "subscribe": "touser template_id page miniprogram_state lang data", "custom": "touser msgtype text",
}
"""What each kind of message documents."""


class Simulator(EarSimulator):
    """One service account. `settings`: followers (openids), templates {id: keys of its fields}; `consents` of a
    subscribe message are used up one by one."""

    COMMON = frozenset({"access_token"})
    NOES = {
        why.RATE_LIMITED: No(45011, "api minute-quota reach limit"), why.BUSY: No(-1, "system error"),
        why.EXPIRED_TOKEN: No(42001, "access_token expired"),
        why.WRONG_TOKEN: No(40001, "invalid credential, access_token is invalid or not latest"),
        why.WRONG_KEY: No(40125, "invalid appsecret"), why.MISSING: No(41001, "{} missing"),
        why.UNKNOWN_PARAMETER: No(47001, "data format error: {}"), why.UNKNOWN_CALL: No(48001, "api unauthorized {}"),
        why.WRONG_VALUE: No(40097, "invalid args: {}"),
    }

    def __init__(self, credentials: dict[str, str], now: Any, settings: dict[str, Any]) -> None:
        self.consents: dict[str, int] = {}
        super().__init__(credentials, now, settings)
        self.tokens = Tokens(now, access_seconds=7_200)

    def declare(self) -> dict[str, Call]:
        """Tokens, and the three kinds of messages."""
        sending = {kind: Call(self._send, known, at=f"POST /cgi-bin/message/{kind}/send", is_write=True)
                   for kind, known in SHAPES.items()}
        known = "grant_type appid secret force_refresh"
        return {**sending, "token": Call(self._token, known, at="POST /cgi-bin/stable_token", is_open=True),
                "old_token": Call(self._token, "grant_type appid secret", at="GET /cgi-bin/token", is_open=True)}

    def verify(self, asked: Asked) -> None:
        """A token that is good now."""
        assert self.tokens is not None
        token = asked.query.get("access_token", "")
        if not token:
            raise self.no(why.MISSING, "access_token")
        if self.tokens.holder(token) is None:
            raise self.no(why.EXPIRED_TOKEN if self.tokens.was_known(token) else why.WRONG_TOKEN)

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """Refusals come as a number and words, with HTTP 200."""
        return self.respond(orjson.dumps({"errcode": refused.code, "errmsg": refused.message}))

    def _token(self, asked: Asked) -> dict[str, Any]:
        assert self.tokens is not None
        kind, appid, secret = self.need(asked, "grant_type", "appid", "secret")
        if kind != "client_credential":
            raise self.no(why.WRONG_VALUE, "grant_type")
        if not (same(appid, self.credentials["appid"]) and same(secret, self.credentials["appsecret"])):
            raise self.no(why.WRONG_KEY)
        return {"access_token": self.tokens.by_app().access, "expires_in": 7_200}

    def _send(self, asked: Asked) -> dict[str, Any]:
        (to,) = self.need(asked, "touser")
        if b"\\u" in asked.body:
            raise self.no(why.WRONG_VALUE, "escaped text")
        if to not in self.settings["followers"]:
            raise Refused(43004, "require subscribe")
        text = self._custom(asked) if asked.name == "custom" else self._filled(asked, to)
        message = {"errcode": 0, "errmsg": "ok", "msgid": 200_228_332}
        self.once(asked.text("client_msg_id"), lambda: self.hear(to, text, template=asked.text("template_id")))
        return message

    def _custom(self, asked: Asked) -> str:
        body = asked.args.get("text")
        if asked.text("msgtype") != "text" or not isinstance(body, dict) or set(body) != {"content"}:
            raise self.no(why.WRONG_VALUE, "text")
        return str(body["content"])

    def _filled(self, asked: Asked, to: str) -> str:
        code, data = asked.text("template_id"), asked.args.get("data")
        if code not in self.settings["templates"]:
            raise Refused(40037, "invalid template_id")
        if not isinstance(data, dict) or set(data) != set(self.settings["templates"][code]):
            raise Refused(47003, "argument invalid! data")
        for name, one in data.items():
            most = LENGTHS.get(re.sub(r"[0-9]+$", "", name))
            is_right = isinstance(one, dict) and set(one) == {"value"} and isinstance(one["value"], str)
            if most is None or not is_right or not 0 < len(one["value"]) <= most:
                raise Refused(47003, f"argument invalid! data.{name}.value invalid")
        if asked.name == "subscribe" and self.consents.get(to, 0) < 1:
            raise Refused(43101, "user refuse to accept the msg")
        if asked.name == "subscribe":
            self.consents[to] -= 1
        return "\n".join(one["value"] for one in data.values())
