"""Signing in at another system by OpenID Connect: the browser leaves here, and comes back here.

What has to be kept between the two travels in a cookie that is encrypted, bound to the browser, and good for ten
minutes and one return. What stands in the address of the return goes into no log, no error text and no other site's
`Referer`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlsplit

import msgspec
import structlog
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from orderloom.adapters.oidc import OpenIdProvider
from orderloom.adapters.vault import KeyMissing
from orderloom.application.identity.denied import Denied
from orderloom.application.identity.elsewhere import Flow, NotVouched, ProviderAway, sign_in
from orderloom.application.identity.store import Whence
from orderloom.entrypoints.http.kit.front import host_of
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, address_of
from orderloom.entrypoints.http.kit.problem import not_found
from orderloom.entrypoints.http.kit.session import (
    agent_of,
    cookie_of,
    drop_named,
    keep_cookie,
    keep_named,
    named,
)

router = APIRouter(prefix="/oidc", include_in_schema=False)
BACK = "/oidc/callback"
SIGN_IN = "/sign-in"
COOKIE = "_oidc"
KEPT_SECONDS = 600
NEXT_CHARACTERS_MAX = 1_000
PARAMS_MAX, CHARACTERS_MAX = 30, 8_000
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder
log = structlog.get_logger()


class RoundTrip(msgspec.Struct, frozen=True):
    """One attempt: what the provider's answer is held against, where the person wanted to go, and since when."""

    flow: Flow
    next: str
    at: datetime


@router.get("/start")
async def start(
    request: Request, desk: DeskHere, next: Annotated[str, Query(max_length=NEXT_CHARACTERS_MAX)] = "/"
) -> Response:
    """Send the browser to the provider; it comes back to the public address, so it leaves from there too."""
    provider, home, wanted = _provider(request), desk.hub.settings.address, own_path(next)
    if host_of(request.scope) != (urlsplit(home).hostname or ""):
        return _go(f"{home}/oidc/start?next={quote(wanted, safe='')}")
    try:
        address, flow = await provider.send_away(home + BACK)
    except ProviderAway as away:
        log.warning("provider_away", why=str(away))
        return _back_to_sign_in("elsewhere_away", wanted)
    response = _go(address)
    sealed = desk.hub.vault.encrypt(_encode(RoundTrip(flow, wanted, desk.hub.now())))
    keep_named(request, response, COOKIE, base64.urlsafe_b64encode(sealed).decode(), KEPT_SECONDS)
    return response


@router.get("/callback")
async def callback(request: Request, desk: DeskHere) -> Response:
    """Judge what the provider says of who came back, and sign them in."""
    provider, kept = _provider(request), _kept(desk, named(request, COOKIE))
    if kept is None:
        response = _back_to_sign_in("elsewhere_failed", "/")
    else:
        response = await _finished(request, desk, provider, kept)
    drop_named(request, response, COOKIE)
    return response


async def _finished(request: Request, desk: Desk, provider: OpenIdProvider, kept: RoundTrip) -> Response:
    told, settings = _bounded(request.query_params), desk.hub.settings
    assert settings.oidc is not None
    try:
        claims = await provider.claims(kept.flow, settings.address + BACK, told)
        whence = Whence(address_of(request), agent_of(request))
        _, login = await sign_in(desk.identity, desk.access, settings.oidc, claims, whence)
    except NotVouched as no:
        log.warning("not_vouched", why=str(no))
        return _back_to_sign_in("elsewhere_failed", kept.next)
    except ProviderAway as away:
        log.warning("provider_away", why=str(away))
        return _back_to_sign_in("elsewhere_away", kept.next)
    except Denied as no:
        return _back_to_sign_in(no.code, kept.next)
    await desk.access.end(cookie_of(request))
    response = _go(kept.next)
    keep_cookie(request, response, login.token)
    return response


def own_path(wanted: str) -> str:
    """A path of the hub's own to go to; its start for whatever could lead elsewhere."""
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_own and "\\" not in wanted else "/"


def _provider(request: Request) -> OpenIdProvider:
    found: OpenIdProvider | None = request.app.state.provider
    if found is None:
        raise not_found("单点登录", "single sign-on", "ORDERLOOM_OIDC_ISSUER")
    return found


def _kept(desk: Desk, cookie: str) -> RoundTrip | None:
    """The attempt that this browser began; None when it began none, or too long ago."""
    try:
        kept = _decode(RoundTrip).decode(desk.hub.vault.decrypt(base64.urlsafe_b64decode(cookie)))
    except (KeyMissing, msgspec.DecodeError, ValueError):
        return None
    return kept if 0 <= (desk.hub.now() - kept.at).total_seconds() <= KEPT_SECONDS else None


def _bounded(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters of the return; none of them when there are too many."""
    told = dict(params)
    is_much = len(told) > PARAMS_MAX or sum(len(name) + len(value) for name, value in told.items()) > CHARACTERS_MAX
    return {} if is_much else told


def _back_to_sign_in(trouble: str, wanted: str) -> Response:
    return _go(f"{SIGN_IN}?trouble={trouble}&next={quote(wanted, safe='')}")


def _go(address: str) -> Response:
    return Response(status_code=303, headers={**HEADERS, "Location": quote(address, safe=":/%#?=@[]!$&'()*+,;~")})
