"""Every simulated messenger with the account that speaks to it: what a test needs to send a message for real."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

from orderloom.rehearsal.server import serve

PHONE, OPENID = "13800000000", "oDemoOpenId"
TEMPLATE = {"code_case": "T1", "code_digest": "T2", "code_other": "T3"}
MESSENGERS: dict[str, tuple[dict[str, str], dict[str, Any], dict[str, Any], str]] = {
    "dingtalk": ({"access_token": "tok", "secret": "SECabcdef"}, {}, {}, ""),
    "wecom": ({"key": "k-1"}, {}, {}, ""),
    "feishu": ({"hook": "h-1", "secret": "demo"}, {}, {}, ""),
    "sms": ({"access_key_id": "id", "access_key_secret": "key"}, {**TEMPLATE, "sign_name": "织单"},
            {"sign_name": "织单", "templates": {"T1": ["kind"], "T2": ["count"], "T3": []}}, PHONE),
    "voice": ({"access_key_id": "id", "access_key_secret": "key"}, TEMPLATE,
              {"templates": {"T1": ["kind"], "T2": ["count"], "T3": []}}, PHONE),
    "wechat": ({"appid": "wx1", "appsecret": "s"}, {
        **TEMPLATE, "field_names": {"kind": "thing1", "severity": "phrase2", "count": "character_string3"}},
        {"followers": [OPENID], "templates": {"T1": ["thing1", "phrase2"], "T2": ["phrase2", "character_string3"]}},
        OPENID),
    "hook": ({"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, {}, {}, ""),
}
"""By connector: credentials, the account's settings, the simulator's, and an address that it knows."""


class EarAccount:
    """A simulator that is served, and how an account reaches it."""

    def __init__(self, connector: str, ear: Any, base_url: str) -> None:
        self.connector, self.ear, self.base_url = connector, ear, base_url
        self.credentials, self.settings, _, self.address = MESSENGERS[connector]


@asynccontextmanager
async def an_ear(connector: str, now: Callable[[], datetime]) -> AsyncIterator[EarAccount]:
    """The simulator of a messenger, served on loopback."""
    credentials, _, settings, _ = MESSENGERS[connector]
    ear = import_module(f"orderloom.adapters.messengers.{connector}.simulator").Simulator(credentials, now, settings)
    async with serve(ear.app, 0) as port:
        path = {"hook": "/notify", "sms": "/", "voice": "/"}.get(connector, "")
        yield EarAccount(connector, ear, f"http://127.0.0.1:{port}{path}")
