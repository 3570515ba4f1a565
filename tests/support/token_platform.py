"""A platform with tokens that end: each refresh token is good once, and its second use revokes the whole grant."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from orderloom.application.ports import Account, Ask, Granted, Terminal, Tokens, Transient

CLIENT = {"client_id": "c-1", "client_secret": "client-secret-1"}
LIVES = timedelta(hours=2)


class TokenPlatform:
    """`/authorise`, `/token`, `/orders`. What it does not know it refuses."""

    def __init__(self) -> None:
        self.access, self.refresh = "access-0", "refresh-0"
        self.used: set[str] = set()
        self.codes: dict[str, str] = {}
        self.is_revoked = False
        self.counts: Counter[str] = Counter()
        self.slow = asyncio.Event()
        self.slow.set()
        self.is_away = self.gives_the_same = False
        self.shop = "shop-1"
        self.app = Starlette(routes=[
            Route("/authorise", self._authorise), Route("/token", self._token, methods=["POST"]),
            Route("/orders", self._orders)])

    def expire(self) -> None:
        """The access token ends now."""
        self.access = "ended"

    async def _authorise(self, request: Request) -> Response:
        """The person says yes at once."""
        asked = dict(request.query_params)
        if set(asked) != {"client_id", "state", "redirect_uri"} or asked["client_id"] != CLIENT["client_id"]:
            return JSONResponse({"error": "invalid_request"}, 400)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["redirect_uri"]
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}&shop={self.shop}", 302)

    async def _token(self, request: Request) -> Response:
        asked = dict(parse_qsl((await request.body()).decode(), strict_parsing=True))
        self.counts["asked"] += 1
        await self.slow.wait()
        if self.is_away:
            return JSONResponse({"error": "temporarily_unavailable"}, 503)
        if {name: asked.pop(name, "") for name in CLIENT} != CLIENT:
            return JSONResponse({"error": "invalid_client"}, 401)
        if asked.get("grant_type") == "authorization_code":
            if set(asked) != {"grant_type", "code", "redirect_uri"} \
                    or self.codes.pop(asked["code"], "") != asked["redirect_uri"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            self.is_revoked, self.used = False, set()
        elif set(asked) != {"grant_type", "refresh_token"} or asked["grant_type"] != "refresh_token":
            return JSONResponse({"error": "invalid_request"}, 400)
        elif self.is_revoked or asked["refresh_token"] in self.used or asked["refresh_token"] != self.refresh:
            self.is_revoked = True
            return JSONResponse({"error": "invalid_grant", "error_description":
                                 f"token {asked['refresh_token']} is revoked"}, 400)
        return self._grant()

    def _grant(self) -> Response:
        if not self.gives_the_same:
            self.used.add(self.refresh)
            self.counts["granted"] += 1
            self.access, self.refresh = f"access-{self.counts['granted']}", f"refresh-{self.counts['granted']}"
        return JSONResponse({"access_token": self.access, "refresh_token": self.refresh,
                             "expires_in": int(LIVES.total_seconds())})

    async def _orders(self, request: Request) -> Response:
        self.counts["read"] += 1
        is_good = request.headers.get("authorization") == f"Bearer {self.access}" and not self.is_revoked
        return JSONResponse({"orders": []} if is_good else {"error": "invalid_token"}, 200 if is_good else 401)


def asking(base: str, http: httpx2.AsyncClient) -> Ask:
    """Asks the platform for new tokens, as a connector does."""

    async def ask(credentials: Mapping[str, str]) -> Granted:
        return await granted(base, http, credentials, {
            "grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]})

    return ask


async def granted(base: str, http: httpx2.AsyncClient, credentials: Mapping[str, str], form: dict[str, str]) -> Granted:
    """What `/token` says to a form. Raises Transient, Terminal."""
    answer = await http.post(f"{base}/token", data={**{name: credentials[name] for name in CLIENT}, **form})
    said: dict[str, Any] = answer.json()
    if answer.status_code >= 500:
        raise Transient("again", said["error"])
    if answer.status_code != 200:
        raise Terminal("authorisation_refused", said.get("error_description", said["error"]))
    until = datetime.now(UTC) + timedelta(seconds=said["expires_in"])
    return Granted({"access_token": said["access_token"], "refresh_token": said["refresh_token"]},
                   {"access_token": until})


async def read_orders(tokens: Tokens, account: Account, base: str, http: httpx2.AsyncClient) -> None:
    """One call as a connector makes it: an old token is renewed, and the call made again. Raises what renewing does."""
    known = await tokens.current(account)
    for _ in range(2):
        token = known.get("access_token", "none")
        answer = await http.get(f"{base}/orders", headers={"authorization": f"Bearer {token}"})
        if answer.status_code == 200:
            return
        known = await tokens.renew(account, known, asking(base, http))
    raise AssertionError("the token was renewed and is not taken")
