"""How an SP-API request proves who asks: an LWA access token, or a restricted data token where personal data are read.

There is no request signature. Tokens are kept in memory until shortly before they expire; one that the platform refuses
is dropped and fetched anew once.
"""

from __future__ import annotations

import hashlib
import time
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from orderloom.application.ports import Account, Terminal, Transient

LWA_URL = "https://api.amazon.com/auth/o2/token"
LWA_PATH = "/auth/o2/token"
RDT_PATH = "/tokens/2021-03-01/restrictedDataToken"
USER_AGENT = "Orderloom/0.1 (Language=Python)"
EARLY_SECONDS = 60
"""A token is renewed this long before its end, so that it does not expire on the way."""
REFUSED = frozenset({401, 403})
"""How the platform says that a token counts no more, also before its stated end: it is dropped and asked anew once."""
_RETRIED_LWA_ERRORS = frozenset({"server_error", "temporarily_unavailable"})


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: int


class _Restricted(msgspec.Struct, frozen=True, rename="camel"):
    restricted_data_token: str
    expires_in: int


_Answer = TypeVar("_Answer", _Token, _Restricted)


class _Kept(msgspec.Struct, frozen=True):
    value: str
    until: float


class TokenStore:
    """Access tokens and restricted data tokens of this process, by account and purpose."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], _Kept] = {}

    async def access(self, account: Account, http: httpx2.AsyncClient) -> str:
        """Answer a valid LWA access token; raises Terminal when the refresh token is not accepted."""
        key = (_identity(account), "access")
        kept = self._live(key)
        if kept:
            return kept
        form = {"grant_type": "refresh_token", **{name: account.credentials[name] for name in _NAMES}}
        response = await _send(http.build_request("POST", _lwa_url(account), data=form), http)
        token = _decode(_content(response), _Token)
        return self._keep(key, token.access_token, token.expires_in)

    async def restricted(self, account: Account, path: str, at: datetime, http: httpx2.AsyncClient) -> str:
        """Answer a token that may read buyer and address at `path` (GET); a refused access token is renewed once."""
        key = (_identity(account), path)
        kept = self._live(key)
        if kept:
            return kept
        response = await self._restrict(account, path, at, http)
        if response.status_code in REFUSED:
            self.forget(account)
            response = await self._restrict(account, path, at, http)
        token = _decode(_content(response), _Restricted)
        return self._keep(key, token.restricted_data_token, token.expires_in)

    def forget(self, account: Account) -> None:
        """Drop every token of the account: the platform refused one."""
        identity = _identity(account)
        self._kept = {key: kept for key, kept in self._kept.items() if key[0] != identity}

    async def _restrict(self, account: Account, path: str, at: datetime, http: httpx2.AsyncClient) -> httpx2.Response:
        wanted = {"method": "GET", "path": path, "dataElements": ["buyerInfo", "shippingAddress"]}
        sent = headers(await self.access(account, http), at)
        url = account.base_url + RDT_PATH
        return await _send(http.build_request("POST", url, json={"restrictedResources": [wanted]}, headers=sent), http)

    def _live(self, key: tuple[str, ...]) -> str:
        kept = self._kept.get(key)
        return kept.value if kept and time.monotonic() < kept.until else ""

    def _keep(self, key: tuple[str, ...], value: str, expires_in: int) -> str:
        self._kept[key] = _Kept(value, time.monotonic() + expires_in - EARLY_SECONDS)
        return value


_NAMES = ("client_id", "client_secret", "refresh_token")


def headers(token: str, at: datetime) -> dict[str, str]:
    """The headers that every SP-API request carries."""
    return {
        "x-amz-access-token": token,
        "x-amz-date": at.strftime("%Y%m%dT%H%M%SZ"),
        "user-agent": USER_AGENT,
        "accept": "application/json",
    }


def _identity(account: Account) -> str:
    """Account and credentials in one word: new credentials never meet an old token."""
    secret = "\n".join([account.base_url, *(account.credentials[name] for name in _NAMES)])
    return f"{account.id}:{hashlib.sha256(secret.encode()).hexdigest()}"


def _lwa_url(account: Account) -> str:
    if account.settings.get("token_url"):
        return str(account.settings["token_url"])
    host = urlsplit(account.base_url).hostname or ""
    return LWA_URL if host.endswith(".amazon.com") else account.base_url.rstrip("/") + LWA_PATH


async def _send(request: httpx2.Request, http: httpx2.AsyncClient) -> httpx2.Response:
    try:
        return await http.send(request)
    except httpx2.TransportError as error:
        raise Transient("unreachable", f"token: {type(error).__name__} {error}") from error


def _content(response: httpx2.Response) -> bytes:
    if response.status_code == 200:
        return response.content
    name = _error_name(response.content)
    if response.status_code >= 500 or response.status_code == 429 or name in _RETRIED_LWA_ERRORS:
        raise Transient(name or f"http_{response.status_code}", "token endpoint", answer=response.content)
    raise Terminal(name or f"http_{response.status_code}", "the token was refused", answer=response.content)


def _error_name(body: bytes) -> str:
    try:
        parsed: Any = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    return str(parsed.get("error", "")) if isinstance(parsed, dict) else ""


def _decode(body: bytes, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise Transient("unreadable_answer", f"token: {error}", answer=body) from error
