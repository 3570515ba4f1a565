"""One's own second factor: set up with an app, recovery codes, taken off again. Each needs the password anew."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.identity.access import Caller
from orderloom.application.identity.second_factor import Enrolment, RecoveryCodes
from orderloom.application.identity.shapes import SecondFactorState
from orderloom.entrypoints.http.kit.guard import DeskHere, address_of, caller_of, token_of
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.session import cookie_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/me/second-factor", tags=["access"])


async def person(request: Request) -> Caller:
    """A dependency: somebody who logged in with a password of their own."""
    who = await caller_of(request)
    if not who.user:
        raise Problem("no_scope", "令牌没有第二因素，请登录 | a program's token has none: sign in")
    if who.is_one_time:
        raise Problem("password_to_change", "POST /api/v1/session/password {old, new}")
    return who


Person = Annotated[Caller, Depends(person)]


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The password, once more."""

    password: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class FirstCode(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The six digits that the app shows."""

    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class SecondFactor(msgspec.Struct, frozen=True):
    """Whether one has a second factor, and how many recovery codes have not been used."""

    is_on: bool
    recovery_codes_left: int


@router.get("", **spoken(SecondFactor), summary="我的第二因素 | My second factor")
async def state(desk: DeskHere, who: Person) -> Response:
    """Whether it is on."""
    second = desk.access.second
    return reply(SecondFactor(await second.is_on(who.user), await second.left(who.user)))


@router.post("", **spoken(Enrolment, takes=Proof, problems=(409, 429)), summary="设置第二因素 | Set up a second factor")
async def begin(request: Request, desk: DeskHere, who: Person) -> Response:
    """A secret for an authenticator app, shown this once; it counts after `/confirm`. Begun again, it is another."""
    await _prove(request, desk, who)
    found = await desk.access.second.enrol(who.user)
    if found is None:
        raise Problem("already_there", "第二因素已开启，请先关闭 | it is on: take it off first")
    return reply(found)


@router.post("/confirm", **spoken(RecoveryCodes, takes=FirstCode, problems=(409, 429)),
             summary="确认第二因素 | Confirm the second factor")
async def confirm(request: Request, desk: DeskHere, who: Person) -> Response:
    """Switch it on by a code of the app; answers ten recovery codes, shown this once."""
    body = await body_of(request, FirstCode)
    desk.access.failures.begin_code(who.user)
    found = await desk.access.second.confirm(who.user, body.code)
    if found is None:
        raise Problem("wrong_value", "code: 数字不对或已过期，请输入应用现在显示的 6 位 | "
                                     "not the six digits that the app shows now")
    desk.access.failures.right_code(who.user)
    return reply(found)


@router.post("/recovery-codes", **spoken(RecoveryCodes, takes=Proof, problems=(409, 429)),
             summary="换恢复码 | New recovery codes")
async def renew(request: Request, desk: DeskHere, who: Person) -> Response:
    """Ten new recovery codes, shown this once; those of before count no more."""
    await _prove(request, desk, who)
    if not await desk.access.second.is_on(who.user):
        raise Problem("not_possible", "还没有第二因素，请先设置 | there is no second factor: set one up first")
    return reply(await desk.access.second.renew(who.user))


@router.post("/disable", **spoken(SecondFactorState, takes=Proof, problems=(429,)),
             summary="关闭第二因素 | Take my second factor off")
async def disable(request: Request, desk: DeskHere, who: Person) -> Response:
    """The password alone lets in again; where the role needs a second factor, another has to be set up."""
    await _prove(request, desk, who)
    await desk.access.second.drop(who.user)
    return reply(SecondFactorState(who.user, False))


async def _prove(request: Request, desk: DeskHere, who: Caller) -> None:
    body = await body_of(request, Proof)
    device = token_of(request) or cookie_of(request)
    await desk.access.prove(who, body.password, address_of(request), device)
