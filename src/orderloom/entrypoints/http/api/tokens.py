"""API tokens over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.identity.access import LOGIN, Caller, NewToken
from orderloom.application.identity.limits import checked_sight
from orderloom.application.identity.roles import SCOPES
from orderloom.application.identity.shapes import Revoked, TokenView
from orderloom.domain.rights import LIMIT_WORDS
from orderloom.entrypoints.http.kit.guard import DeskHere, Uuid, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["access"])
Administrator = Annotated[Caller, Depends(needs("admin"))]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]


class TokenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token for a program: what it is for, what it may, how long it lasts (null: until revoked).

    With a `role` it sees what the role sees and may what both say; no scopes: all that the role may. `limits`: of which
    rows alone it sees any, as a user's.
    """

    name: Name
    scopes: Annotated[list[str], msgspec.Meta(max_length=len(SCOPES))] = []
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None
    role: Annotated[str, msgspec.Meta(max_length=100)] = ""
    limits: Annotated[dict[str, list[str]], msgspec.Meta(max_length=len(LIMIT_WORDS))] = {}


class TokenList(msgspec.Struct, frozen=True):
    """500 tokens."""

    tokens: list[TokenView]


@router.get("/tokens", **spoken(TokenList), summary="令牌 | Tokens")
async def list_tokens(desk: DeskHere, who: Administrator) -> Response:
    """Tokens that stand, logins that stand, then revoked tokens, each newest first.

    Secrets are not stored and cannot be shown.
    """
    return reply(TokenList(await desk.identity.tokens(desk.hub.now())))


@router.post("/tokens", **spoken(NewToken, takes=TokenRequest, status=201, problems=(404,)),
             summary="新建令牌 | Make a token")
async def make_token(request: Request, desk: DeskHere, who: Administrator) -> Response:
    """A token for a program; its secret is shown this once."""
    body = await body_of(request, TokenRequest)
    unknown = sorted(set(body.scopes) - set(SCOPES))
    if unknown or body.name == LOGIN:
        raise Problem("wrong_value", f"scopes: {', '.join(unknown)} 未知 | unknown; known: {', '.join(SCOPES)}"
                      if unknown else "name: login 是保留名 | login is a reserved name")
    if not (body.scopes or body.role):
        raise Problem("wrong_value", "scopes: 请给出权限或角色 | give scopes or a role")
    limits = checked_sight(body.role, body.limits, await desk.directory())
    lasts = None if body.days is None else timedelta(days=body.days)
    by = who.user or who.actor
    return reply(await desk.access.make_token(
        body.name, tuple(dict.fromkeys(body.scopes)), by, lasts, role=body.role, limits=limits), 201)


@router.delete("/tokens/{token_id}", **spoken(Revoked, problems=(404,)), summary="吊销令牌 | Revoke a token")
async def revoke_token(desk: DeskHere, who: Administrator, token_id: Uuid) -> Response:
    """End a token, at once and in every process."""
    if not await desk.access.revoke(str(token_id)):
        raise not_found("有效令牌", "token that stands", str(token_id))
    return reply(Revoked(str(token_id)))
