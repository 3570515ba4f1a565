"""The cookie of a browser that is signed in, and the proof that a request comes from a page of the hub's own.

The cookie carries a login's token, which no script can read. A page elsewhere can make a browser send it, so whatever
changes something also needs the header X-CSRF-Token, which only a page that may read the hub's answers knows, and a
sign of the browser that its own page asks.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from orderloom.application.identity.access import DEVICE_LASTS
from orderloom.entrypoints.http.kit.front import host_of
from orderloom.entrypoints.http.kit.problem import Problem

CSRF_HEADER = "x-csrf-token"
AGENT_CHARACTERS_MAX = 200
_READING = ("GET", "HEAD")


def agent_of(request: Request) -> str:
    """What the program calls itself that sends the request."""
    return request.headers.get("user-agent", "")[:AGENT_CHARACTERS_MAX]


def cookie_of(request: Request) -> str:
    """The token in the cookie, empty when there is none."""
    return named(request, "")


def csrf_of(token: str) -> str:
    """What a page proves with that it may read what this session is answered."""
    digest = hmac.digest(token.encode("utf-8", "surrogatepass"), b"csrf", "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def keep_cookie(request: Request, response: Response, token: str) -> None:
    """Let the browser keep a session. It stays longer than the session: an expired one still tells of the device."""
    keep_named(request, response, "", token, int(DEVICE_LASTS.total_seconds()))


def drop_cookie(request: Request, response: Response) -> None:
    """Let the browser forget the session."""
    drop_named(request, response, "")


def named(request: Request, part: str) -> str:
    """The value of the hub's cookie with this part in its name, empty when there is none."""
    return request.cookies.get(_name(request, part), "")


def keep_named(request: Request, response: Response, part: str, value: str, seconds: int) -> None:
    """Let the browser keep a cookie that no script reads; other sites' pages send it with nobody but their links."""
    response.set_cookie(_name(request, part), value, max_age=seconds, path="/", httponly=True, samesite="lax",
                        secure=is_secure(request))


def drop_named(request: Request, response: Response, part: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(_name(request, part), path="/", httponly=True, samesite="lax", secure=is_secure(request))


def is_secure(request: Request) -> bool:
    """Whether the browser came by https: to a proxy that says so, or under the public address, when that is one."""
    public = urlsplit(_public_url(request))
    return request.url.scheme == "https" or (
        public.scheme == "https" and host_of(request.scope) == (public.hostname or ""))


def refuse_forged(request: Request, token: str) -> None:
    """What changes something must be asked by a page of the hub's own. Raises Problem `csrf`."""
    if request.method in _READING:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), csrf_of(token).encode()):
        raise Problem("csrf", f"{CSRF_HEADER}: 请刷新页面后重试 | reload the page and try again")
    if is_from_own_page(request) is not True:
        raise _of_another_page()


def refuse_other_pages(request: Request) -> None:
    """Nobody is signed in by a page elsewhere; what is no browser says nothing of pages. Raises Problem `csrf`."""
    if is_from_own_page(request) is False:
        raise _of_another_page()


def is_from_own_page(request: Request) -> bool | None:
    """Whether the browser says that a page of the hub's own asks; None when it says nothing of it."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if origin is None and site is None:
        return None
    return site in (None, "same-origin") and (origin is None or origin in _own_origins(request))


def _own_origins(request: Request) -> set[str]:
    host = request.headers.get("host", "").lower()
    public = urlsplit(_public_url(request))
    scheme = "https" if is_secure(request) else "http"
    return {f"{scheme}://{host}", f"{public.scheme}://{public.netloc}".lower()}


def _name(request: Request, part: str) -> str:
    """Of hubs at several ports of one machine each has a cookie of its own: browsers do not tell ports apart."""
    if is_secure(request):
        return f"__Host-orderloom{part}"
    return f"orderloom{part}_{request.app.state.desk.hub.settings.port}"


def _public_url(request: Request) -> str:
    address: str = request.app.state.desk.hub.settings.address
    return address


def _of_another_page() -> Problem:
    return Problem("csrf", "这个请求不是本系统的页面发出的 | no page of this hub asks for it")
