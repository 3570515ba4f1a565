"""What every request meets first: is it meant for this hub? And no cache keeps an answer, no browser guesses its kind.

A page elsewhere can point a name of its own at this machine and have a browser read from it what is open to this
machine alone. Its requests carry that name as Host, so only names that are known here are answered. Webhooks prove by
signature where they come from, and load balancers ask for health by address: both are answered under any name.
"""

from __future__ import annotations

from collections.abc import Collection, MutableMapping
from ipaddress import ip_address
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from orderloom.application.identity.sight import EVERYTHING, SIGHT
from orderloom.entrypoints.http.kit.problem import CAREFUL, Problem, answer

OPEN_PATHS = ("/health", "/ready")
OPEN_BELOW = "/webhooks/"
LOCAL_NAMES = ("localhost", "ip6-localhost")


class Front:
    """Middleware: the host check, and the headers of every answer. `hosts` are the names known beside loopback's; what
    comes to the `door` of webhooks goes there straight."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], door: ASGIApp) -> None:
        self._app, self._hosts, self._door = app, frozenset(hosts), door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it here. What its caller may see holds for this request alone."""
        before = SIGHT.set(EVERYTHING)
        try:
            await self._pass(scope, receive, send)
        finally:
            SIGHT.reset(before)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def carefully(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in CAREFUL.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["path"].startswith(OPEN_BELOW):
            await self._door(scope, receive, carefully)
            return
        if self._is_meant(scope):
            await self._app(scope, receive, carefully)
            return
        host = host_of(scope)
        await answer(Request(scope), Problem(
            "wrong_host", f"Host {host[:100]!r}: 请在 ORDERLOOM_HOSTS 中加入此域名 | name it in ORDERLOOM_HOSTS",
        ))(scope, receive, carefully)

    def _is_meant(self, scope: Scope) -> bool:
        path = str(scope["path"])
        host = host_of(scope)
        return path in OPEN_PATHS or is_local(host) or host in self._hosts


def host_of(scope: Scope) -> str:
    """The host that the request names, without port, in small letters; empty when there is none, or several."""
    named = [value for name, value in scope["headers"] if name == b"host"]
    text = named[0].decode("latin-1").strip().lower() if len(named) == 1 else ""
    host, _, port = text.rpartition(":")
    bare = host if host and port.isdigit() else text
    return bare.strip("[]").rstrip(".")


def is_local(host: str) -> bool:
    """Whether a host is this machine's own name for itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in LOCAL_NAMES
