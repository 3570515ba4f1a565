"""Signing in and out with a browser."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller, Login
from orderloom.entrypoints.http.kit.guard import DeskHere, address_of, caller_of
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.session import (
    agent_of,
    cookie_of,
    csrf_of,
    drop_cookie,
    keep_cookie,
    refuse_other_pages,
)
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/session", tags=["access"])
Anybody = Annotated[Caller, Depends(caller_of)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Code = Annotated[str, msgspec.Meta(max_length=40)]


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user's name and password, and a code of their second factor when they have one."""

    name: Name
    password: Password
    code: Code = ""


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the one from now on (12 characters at least)."""

    old: Password
    new: Password


class Session(msgspec.Struct, frozen=True):
    """Who is signed in, and what X-CSRF-Token has to say. `must_change_password`: nothing but that is possible."""

    user: str
    must_change_password: bool
    expires_at: datetime
    csrf: str


class Ways(msgspec.Struct, frozen=True):
    """How one may sign in beside by password: what the system is called where people do, null when there is none."""

    elsewhere: str | None


class SignedOut(msgspec.Struct, frozen=True):
    """The session has ended."""

    user: str


@router.get("/ways", **spoken(Ways, is_open=True), summary="登录方式 | Ways to sign in")
async def ways(desk: DeskHere) -> Response:
    """Whether one may sign in elsewhere; the address is `/oidc/start?next=`."""
    oidc = desk.hub.settings.oidc
    return reply(Ways(None if oidc is None else oidc.title))


@router.post("", **spoken(Session, takes=SignIn, problems=(401, 403, 429), is_open=True), summary="登录 | Sign in")
async def sign_in(request: Request, desk: DeskHere) -> Response:
    """A session of this browser for twelve hours, kept in a cookie that no script can read; its earlier one ends.

    Waits and refuses as `POST /api/v1/login` does; a cookie of before tells that the device is known. 401
    `code_needed`: the password is right, and `code` has to be sent with it.
    """
    refuse_other_pages(request)
    body = await body_of(request, SignIn)
    before = cookie_of(request)
    login = await desk.access.login(
        body.name, body.password, address_of(request), before, agent_of(request), body.code)
    await desk.access.end(before)
    return _signed_in(request, body.name, login)


@router.delete("", **spoken(SignedOut), summary="退出登录 | Sign out")
async def sign_out(request: Request, desk: DeskHere, who: Anybody) -> Response:
    """End the session of this browser, at once and in every process."""
    await desk.access.revoke(who.token_id)
    response = reply(SignedOut(who.user))
    drop_cookie(request, response)
    return response


@router.post("/password", **spoken(Session, takes=NewPassword, problems=(429,)), summary="改密码 | Change password")
async def change_password(request: Request, desk: DeskHere, who: Anybody) -> Response:
    """Replace one's own password; every login of the user ends, and this browser goes on in a new session."""
    cookie = cookie_of(request)
    if not who.user or not cookie:
        raise Problem("no_scope", "程序请用 POST /api/v1/password | a program uses POST /api/v1/password")
    body = await body_of(request, NewPassword)
    login = await desk.access.change_password(
        who, body.old, body.new, address_of(request), cookie, agent_of(request))
    return _signed_in(request, who.user, login)


def _signed_in(request: Request, user: str, login: Login) -> Response:
    response = reply(Session(user, login.must_change_password, login.expires_at, csrf_of(login.token)))
    keep_cookie(request, response, login.token)
    return response
