"""Accounts over HTTP. Credentials go in and never come out."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.application.authorise import (
    AuthorisationBegun,
    Authorised,
    Beginner,
    begin_authorisation,
    finish_authorisation,
)
from orderloom.application.check_contract import BYTES_MAX, check_contract
from orderloom.application.contract_sums import ContractChecked
from orderloom.application.identity.access import Caller
from orderloom.application.keep_account import NoAccount
from orderloom.application.ports import Trouble
from orderloom.application.queries import accounts as read
from orderloom.application.read_back import ReadBack, ReadWish, read_back
from orderloom.application.set_masters import Masters, set_masters
from orderloom.application.switch_account import AccountSwitched, switch_account
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.upload import file_in, is_form, takes_file
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["accounts"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
Param = Annotated[str, msgspec.Meta(max_length=4_000)]


READ_SECONDS_MAX = 100.0
"""Whoever asks by HTTP waits no longer for a platform to be read back."""


class AuthorisationAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the platform added to the callback address, `state` among it."""

    params: Annotated[dict[Param, Param], msgspec.Meta(max_length=30)]


class MastersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Such as `{"stock": "channel"}`."""

    masters: Annotated[dict[Param, Literal["hub", "channel", "system"]], msgspec.Meta(max_length=10)]


@router.get("/accounts", **spoken(read.AccountList), summary="账号 | Accounts")
async def list_accounts(
    desk: DeskHere, who: Reader,
    family: Literal["", "channels", "systems", "carriers", "subscribers", "messengers"] = "",
) -> Response:
    """Every connected account with its health and how far it was read."""
    async with desk.connect() as connection:
        return reply(await read.list_accounts(connection, desk.hub.manifests, family))


@router.post("/accounts/{code}/disable", **spoken(AccountSwitched, problems=(404,)), summary="停用账号 | Switch off")
async def disable_account(desk: DeskHere, who: Writer, code: str) -> Response:
    """Read nothing from it and send nothing to it. Orders under way go on; what is queued to it waits."""
    return reply(await switch_account(desk.ports.accounts, code, False))


@router.post("/accounts/{code}/enable", **spoken(AccountSwitched, problems=(404,)), summary="启用账号 | Switch on")
async def enable_account(desk: DeskHere, who: Writer, code: str) -> Response:
    """Read and send again; its messages that were parked meanwhile go on."""
    return reply(await switch_account(desk.ports.accounts, code, True))


@router.post("/accounts/{code}/masters", **spoken(Masters, takes=MastersRequest, problems=(404, 409)),
             summary="由谁作主 | Who decides what")
async def masters(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Set who is master of stock, shipping or receiver of an account; what is not named stays."""
    body = await body_of(request, MastersRequest)
    try:
        return reply(await set_masters(desk.ports.accounts, code, body.masters))
    except NoAccount as error:
        raise not_found("账号", "account", code) from error


Word = Annotated[str, Query(max_length=200)]


@router.post("/accounts/{code}/contract-check", **takes_file(ContractChecked, problems=(404,)),
             summary="报文体检 | Hold a payload to the contract")
async def contract_check(
    request: Request, desk: DeskHere, who: Reader, code: str, topic: Word = "", kind: Word = "", name: Word = "",
) -> Response:
    """What a payload of this account has too much or too little of; with `kind` a body that would be sent to it.

    Nothing is stored. An empty or unreadable payload is answered like any other: `is_fit` is false.
    """
    name, raw = await file_in(request, name, BYTES_MAX)
    content_type = "" if is_form(request) else request.headers.get("content-type", "")
    return reply(await check_contract(desk.hub, code, name, raw, topic, kind, content_type))


@router.post("/accounts/{code}/authorise", **spoken(AuthorisationBegun, problems=(404, 409)),
             summary="开始授权 | Begin to authorise an account")
async def begin(desk: DeskHere, who: Writer, code: str) -> Response:
    """Where to send a person to authorise it at its platform (OAuth 2.0), which sends them back to `callback`."""
    began = Beginner(who.actor, who.user, "" if who.user else who.token_id)
    try:
        return reply(await begin_authorisation(desk.hub, code, began, desk.hub.settings.address))
    except NoAccount as error:
        raise not_found("账号", "account", code) from error
    except Trouble as error:
        raise Problem("no_authorisation", error.message) from error


@router.post("/accounts/{code}/authorised", **spoken(Authorised, takes=AuthorisationAnswer, problems=(404, 409)),
             summary="完成授权 | Finish authorising an account")
async def finish(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """The same as the callback, by hand: where the platform cannot send the browser back to the hub."""
    body = await body_of(request, AuthorisationAnswer)
    try:
        return reply(await finish_authorisation(desk.hub, body.params, code=code, actor=who.actor))
    except NoAccount as error:
        raise not_found("账号", "account", code) from error
    except Trouble as error:
        raise Problem("not_authorised", error.message) from error


@router.post("/accounts/{code}/read", **spoken(ReadBack, takes=ReadWish, problems=(404, 409)),
             summary="读回平台数据并与本系统对照 | Read a platform back, beside what the hub knows")
async def read_account(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """What the platform says of its stock, of its listings, or of a day, and where the hub knows otherwise.

    `what` is one of listings, stock, outbound, ratings, as its connector offers it. Differences only, unless `is_all`;
    a page at a time (`limit`, `after`), for each of which the platform is asked anew. It reads for 100 seconds at most:
    `is_whole` says whether that was enough. Nothing is changed unless it is kept.
    """
    asked = await body_of(request, ReadWish)
    return reply(await read_back(desk.hub, desk.ports.known, code.upper(), asked, READ_SECONDS_MAX))
