"""Logins, passwords, users and API tokens over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.entrypoints.http.access import ROLE_SCOPES, SCOPES, SQL, Caller, Login, NewToken
from orderloom.entrypoints.http.guard import DeskHere, Uuid, address_of, caller_of, needs
from orderloom.entrypoints.http.problem import Problem, not_found
from orderloom.entrypoints.http.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["access"])
Administrator = Annotated[Caller, Depends(needs("admin"))]
Anybody = Annotated[Caller, Depends(caller_of)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class LoginRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user's name and password."""

    name: Name
    password: Password


class PasswordRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the one from now on (12 characters at least)."""

    old: Password
    new: Password


class UserRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new user and their role."""

    name: Name
    role: str


class UserAdded(msgspec.Struct, frozen=True):
    """The one-time password, shown this once; it must be replaced at the first login."""

    name: str
    password: str


class TokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token for a program: what it is for, what it may, how long it lasts (null: until revoked)."""

    name: Name
    scopes: Annotated[list[str], msgspec.Meta(min_length=1, max_length=len(SCOPES))]
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None


class TokenView(msgspec.Struct, frozen=True):
    """A token without its secret."""

    id: str
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_at: datetime | None


class TokenList(msgspec.Struct, frozen=True):
    """The newest 500 tokens."""

    tokens: list[TokenView]


class Revoked(msgspec.Struct, frozen=True):
    """The token counts no more."""

    id: str


@router.post("/login", **spoken(Login, takes=LoginRequest, problems=(401, 429), is_open=True), summary="登录 | Log in")
async def login(request: Request, desk: DeskHere) -> Response:
    """A token for twelve hours. After five failures within a quarter of an hour the name waits."""
    body = await body_of(request, LoginRequest)
    return reply(await desk.access.login(body.name, body.password, address_of(request)))


@router.post("/password", **spoken(Login, takes=PasswordRequest, problems=(429,)), summary="改密码 | Change password")
async def change_password(request: Request, desk: DeskHere, who: Anybody) -> Response:
    """Replace one's own password; every earlier login of the user ends, and a new token is answered."""
    body = await body_of(request, PasswordRequest)
    if not who.user:
        raise Problem("no_scope", "令牌没有密码，请用登录得到的令牌 | a program's token has no password: log in")
    return reply(await desk.access.change_password(who, body.old, body.new, address_of(request)))


@router.post("/users", **spoken(UserAdded, takes=UserRequest, status=201, problems=(409,)),
             summary="新建用户 | Add a user")
async def add_user(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """Create a user with a one-time password."""
    body = await body_of(request, UserRequest)
    if body.role not in ROLE_SCOPES:
        raise Problem("wrong_value", f"role: 只能是 | one of {', '.join(ROLE_SCOPES)}")
    password = await desk.access.add_user(body.name, body.role)
    if password is None:
        raise Problem("already_there", f"name: 用户 {body.name} 已存在 | user {body.name} is there already")
    return reply(UserAdded(body.name, password), 201)


@router.get("/tokens", **spoken(TokenList), summary="令牌 | Tokens")
async def list_tokens(desk: DeskHere, who: Administrator) -> Response:
    """Tokens and logins, newest first; secrets are not stored and cannot be shown."""
    async with desk.connect() as connection:
        rows = await (await connection.execute(SQL["tokens"])).fetchall()
    return reply(TokenList([TokenView(*row) for row in rows]))


@router.post("/tokens", **spoken(NewToken, takes=TokenRequest, status=201), summary="新建令牌 | Make a token")
async def make_token(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """A token for a program; its secret is shown this once."""
    body = await body_of(request, TokenRequest)
    unknown = sorted(set(body.scopes) - set(SCOPES))
    if unknown or body.name == "login":
        raise Problem("wrong_value", f"scopes: {', '.join(unknown)} 未知 | unknown; known: {', '.join(SCOPES)}"
                      if unknown else "name: login 是保留名 | login is a reserved name")
    lasts = None if body.days is None else timedelta(days=body.days)
    by = who.user or who.actor
    return reply(await desk.access.make_token(body.name, tuple(dict.fromkeys(body.scopes)), by, lasts), 201)


@router.delete("/tokens/{token_id}", **spoken(Revoked, problems=(404,)), summary="吊销令牌 | Revoke a token")
async def revoke_token(desk: DeskHere, who: Administrator, token_id: Uuid) -> Response:
    """End a token: at once in this process, within a minute in others."""
    if not await desk.access.revoke(str(token_id)):
        raise not_found("有效令牌", "token that stands", str(token_id))
    return reply(Revoked(str(token_id)))
