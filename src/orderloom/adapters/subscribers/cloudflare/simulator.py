"""Simulates a zone of Cloudflare: a cache that keeps what it has read until it is told to forget it."""

from __future__ import annotations

from typing import Any, ClassVar

import orjson
from starlette.responses import Response

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.platform import Platform, same
from orderloom.adapters.simulated.refused import No, Refused

CREDENTIALS = {"token": "rehearsal-token"}
ZONE = "023e105f4ecef8ad9ca31a8372d0c353"
FILES_MAX = 30


class Simulator(Platform):
    """One zone. `kept`: what is cached by address; `settings`: zone_id."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("971", "rate limited", status=429), why.BUSY: No("1000", "busy", status=503),
        why.WRONG_TOKEN: No("10000", "Authentication error", status=403),
        why.UNKNOWN_CALL: No("7003", "Could not route", status=404),
        why.WRONG_VALUE: No("1012", "Request must contain one of files", status=400),
        why.NOT_FOUND: No("7003", "no such zone {}", status=404),
        why.UNKNOWN_PARAMETER: No("1012", "{} is not known", status=400),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Any, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.kept: dict[str, bytes] = {}
        self.purged: list[str] = []

    def declare(self) -> dict[str, Call]:
        """One call."""
        return {"purge": Call(self._purge, "files", at="POST /client/v4/zones/{zone}/purge_cache", is_write=True)}

    def verify(self, asked: Asked) -> None:
        """The token."""
        if not same(asked.headers.get("authorization", ""), f"Bearer {self.credentials['token']}"):
            raise self.no(why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Response:
        """A good answer."""
        return self.respond(orjson.dumps({"success": True, "errors": [], "messages": [], "result": content}))

    def write_no(self, refused: Refused, asked: Asked) -> Response:
        """A refusal."""
        said = {"success": False, "errors": [{"code": int(refused.code), "message": refused.message}], "messages": [],
                "result": None}
        return self.respond(orjson.dumps(said), refused.status, refused.headers)

    def _purge(self, asked: Asked) -> dict[str, Any]:
        if asked.parts["zone"] != self.settings.get("zone_id", ZONE):
            raise self.no(why.NOT_FOUND, asked.parts["zone"])
        files = asked.args.get("files")
        if not isinstance(files, list) or not 0 < len(files) <= FILES_MAX \
                or not all(str(one).startswith("https://") for one in files):
            raise self.no(why.WRONG_VALUE)
        for one in files:
            self.kept.pop(one, None)
            self.purged.append(one)
        return {"id": asked.parts["zone"]}
