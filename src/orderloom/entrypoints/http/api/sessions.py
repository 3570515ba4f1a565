"""Logins that stand: one's own, and for administrators anybody's; ended one by one, or all."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.shapes import SessionView
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Uuid, caller_of, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import reply, spoken

router = APIRouter(prefix="/api/v1", tags=["access"])
Anybody = Annotated[Caller, Depends(caller_of)]
Administrator = Annotated[Caller, Depends(needs("admin"))]


class SessionList(msgspec.Struct, frozen=True):
    """Logins that stand, the one used last first; 500 at most."""

    sessions: list[SessionView]


class SessionsEnded(msgspec.Struct, frozen=True):
    """How many logins have ended."""

    ended: int


@router.get("/me/sessions", **spoken(SessionList), summary="我的登录 | My sessions")
async def mine(desk: DeskHere, who: Anybody) -> Response:
    """Where one is signed in: browser or program, address, since when, used last."""
    return await _listed(desk, who, who.user)


@router.delete("/me/sessions", **spoken(SessionsEnded), summary="全部退出 | Sign out everywhere")
async def end_mine(
    desk: DeskHere, who: Anybody,
    others: Annotated[bool, Query(description="end all but the one that asks")] = False,
) -> Response:
    """End one's own logins, at once and in every process."""
    _refuse_programs(who)
    but = who.token_id if others else None
    return reply(SessionsEnded(await desk.identity.end_sessions(who.user, desk.hub.now(), but)))


@router.delete("/me/sessions/{session_id}", **spoken(SessionsEnded, problems=(404,)),
               summary="退出一处 | End a session")
async def end_one_of_mine(desk: DeskHere, who: Anybody, session_id: Uuid) -> Response:
    """End one of one's own logins."""
    _refuse_programs(who)
    return await _ended(desk, who.user, str(session_id))


@router.get("/users/{name}/sessions", **spoken(SessionList, problems=(404,)), summary="用户的登录 | A user's sessions")
async def of_user(desk: DeskHere, who: Administrator, name: str) -> Response:
    """Where a user is signed in."""
    await _refuse_unknown(desk, name)
    return await _listed(desk, who, name)


@router.delete("/users/{name}/sessions", **spoken(SessionsEnded, problems=(404,)),
               summary="让用户全部退出 | End a user's sessions")
async def end_of_user(desk: DeskHere, who: Administrator, name: str) -> Response:
    """End every login of a user; their tokens for programs go on."""
    await _refuse_unknown(desk, name)
    return reply(SessionsEnded(await desk.identity.end_sessions(name, desk.hub.now(), None)))


@router.delete("/users/{name}/sessions/{session_id}", **spoken(SessionsEnded, problems=(404,)),
               summary="让用户退出一处 | End a session of a user")
async def end_one_of_user(desk: DeskHere, who: Administrator, name: str, session_id: Uuid) -> Response:
    """End one login of a user."""
    return await _ended(desk, name, str(session_id))


async def _listed(desk: Desk, who: Caller, name: str) -> Response:
    found = await desk.identity.sessions(name, desk.hub.now())
    return reply(SessionList([msgspec.structs.replace(s, is_this=s.id == who.token_id) for s in found]))


async def _ended(desk: Desk, name: str, session_id: str) -> Response:
    if not await desk.identity.end_session(name, session_id, desk.hub.now()):
        raise not_found("有效的登录", "session that stands", session_id)
    return reply(SessionsEnded(1))


async def _refuse_unknown(desk: Desk, name: str) -> None:
    if await desk.identity.user(name) is None:
        raise not_found("用户", "user", name)


def _refuse_programs(who: Caller) -> None:
    if not who.user:
        raise Problem("no_scope", "令牌没有登录会话 | a program's token has no sessions")
