"""Logins, passwords and users over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller, Login
from orderloom.application.identity.shapes import OneTimePassword, SecondFactorState, UserState, UserView
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, address_of, caller_of, needs, token_of
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.session import agent_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["access"])
Administrator = Annotated[Caller, Depends(needs("admin"))]
Anybody = Annotated[Caller, Depends(caller_of)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]
NewName = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\s:/]([^:/]*[^\s:/])?$")]
"""A colon would make it look like a program's name in the log, a slash cut it off in an address."""
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class LoginRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user's name and password, and a code of their second factor when they have one (401 `code_needed`)."""

    name: Name
    password: Password
    code: Annotated[str, msgspec.Meta(max_length=40)] = ""


class PasswordRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the one from now on (12 characters at least)."""

    old: Password
    new: Password


class UserRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new user and their role. `is_outside`: they sign in elsewhere by this name, and have no password here."""

    name: NewName
    role: str
    is_outside: bool = False


class RoleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role of the blueprint."""

    role: str


class UserRole(msgspec.Struct, frozen=True):
    """The role that the user has now."""

    name: str
    role: str


class UserList(msgspec.Struct, frozen=True):
    """All users by name."""

    users: list[UserView]


class LoggedOut(msgspec.Struct, frozen=True):
    """The login has ended."""

    name: str


@router.post("/login", **spoken(Login, takes=LoginRequest, problems=(401, 429), is_open=True), summary="登录 | Log in")
async def login(request: Request, desk: DeskHere) -> Response:
    """A token for twelve hours. After five failures within a quarter of an hour the name waits at this address.

    A device that sends an earlier login's token, even an expired one, in Authorization does not wait for what others
    failed.
    """
    body = await body_of(request, LoginRequest)
    return reply(await desk.access.login(
        body.name, body.password, address_of(request), token_of(request), agent_of(request), body.code))


@router.post("/logout", **spoken(LoggedOut), summary="退出登录 | Log out")
async def logout(desk: DeskHere, who: Anybody) -> Response:
    """End the login (or the program's token) that is presented."""
    await desk.access.revoke(who.token_id)
    return reply(LoggedOut(who.user))


@router.post("/password", **spoken(Login, takes=PasswordRequest, problems=(429,)), summary="改密码 | Change password")
async def change_password(request: Request, desk: DeskHere, who: Anybody) -> Response:
    """Replace one's own password; every earlier login of the user ends, and a new token is answered."""
    body = await body_of(request, PasswordRequest)
    if not who.user:
        raise Problem("no_scope", "令牌没有密码，请用登录得到的令牌 | a program's token has no password: log in")
    if not (token := token_of(request)):
        raise Problem("no_token", "浏览器请用 POST /api/v1/session/password | in a browser: that address")
    return reply(await desk.access.change_password(
        who, body.old, body.new, address_of(request), token, agent_of(request)))


@router.get("/users", **spoken(UserList), summary="用户 | Users")
async def list_users(desk: DeskHere, who: Administrator) -> Response:
    """Every user with role and state."""
    return reply(UserList(await desk.identity.users()))


@router.post("/users", **spoken(OneTimePassword, takes=UserRequest, status=201, problems=(409,)),
             summary="新建用户 | Add a user")
async def add_user(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """Create a user with a one-time password, or one who signs in elsewhere and has none."""
    body = await body_of(request, UserRequest)
    await _check_role(desk, body.role)
    if body.is_outside:
        password = "" if await desk.identity.add_person(body.name, body.role, "", "") else None
    else:
        password = await desk.access.add_user(body.name, body.role)
    if password is None:
        raise Problem("already_there", f"name: 用户 {body.name} 已存在（不分大小写） | "
                      f"user {body.name} is there already, in whatever case")
    return reply(OneTimePassword(body.name, password), 201)


@router.post("/users/{name}/role", **spoken(UserRole, takes=RoleRequest, problems=(404, 409)),
             summary="换角色 | Change a role")
async def change_role(request: Request, desk: DeskHere, who: Administrator, name: str) -> Response:
    """Give a user another role; it counts at their next request. Single sign-on may give roles of its own."""
    body = await body_of(request, RoleRequest)
    await _check_role(desk, body.role)
    done = await desk.identity.set_role(name, body.role)
    if done == "unknown":
        raise not_found("用户", "user", name)
    if done == "last_administrator":
        raise Problem("last_administrator", f"{name}: 请先新建另一位管理员 | add another administrator first")
    return reply(UserRole(name, body.role))


@router.post("/users/{name}/disable", **spoken(UserState, problems=(404, 409)), summary="停用用户 | Disable a user")
async def disable_user(desk: DeskHere, who: Administrator, name: str) -> Response:
    """Every login of the user and every token that they made end at once, in every process."""
    done = await desk.access.disable(name)
    if done == "unknown":
        raise not_found("用户", "user", name)
    if done == "last_administrator":
        raise Problem("last_administrator", f"{name}: 请先新建另一位管理员 | add another administrator first")
    return reply(UserState(name, False))


@router.post("/users/{name}/enable", **spoken(UserState, problems=(404,)), summary="启用用户 | Enable a user")
async def enable_user(desk: DeskHere, who: Administrator, name: str) -> Response:
    """Let a user log in again; tokens that ended stay ended."""
    if not await desk.access.enable(name):
        raise not_found("用户", "user", name)
    return reply(UserState(name, True))


@router.post("/users/{name}/reset-password", **spoken(OneTimePassword, problems=(404, 409)),
             summary="重置密码 | Reset a password")
async def reset_password(desk: DeskHere, who: Administrator, name: str) -> Response:
    """A new one-time password, shown this once; every login of the user ends."""
    password = await desk.access.reset_password(name)
    if password is None:
        raise not_found("用户", "user", name)
    return reply(OneTimePassword(name, password))


@router.post("/users/{name}/drop-second-factor", **spoken(SecondFactorState, problems=(404,)),
             summary="去掉第二因素 | Take a second factor off")
async def drop_second_factor(desk: DeskHere, who: Administrator, name: str) -> Response:
    """For who has lost both app and recovery codes: the password alone lets them in until they set up another."""
    if not await desk.access.second.drop(name):
        raise not_found("第二因素，用户", "second factor of user", name)
    return reply(SecondFactorState(name, False))


async def _check_role(desk: Desk, role: str) -> None:
    if role not in (roles := await desk.access.roles()):
        raise Problem("wrong_value", f"role: 只能是 | one of {', '.join(roles)}")
