"""Accounts and subscribers over HTTP. Credentials go in and never come out."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from orderloom.adapters.outside import PRIVATE_HOSTS, host_name, refuse_private
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
from orderloom.application.identity.limits import checked_sight
from orderloom.application.keep_account import NoAccount
from orderloom.application.ports import Terminal, Trouble
from orderloom.application.queries import accounts as read
from orderloom.application.read_back import ReadBack, ReadWish, read_back
from orderloom.application.set_masters import Masters, set_masters
from orderloom.application.subscribe import LISTEN, end_subscription, sees_as, subscribe
from orderloom.application.switch_account import AccountSwitched, switch_account
from orderloom.domain.rights import ADMIN, LIMIT_WORDS
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.upload import file_in, is_form, takes_file
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["accounts"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
Param = Annotated[str, msgspec.Meta(max_length=4_000)]
CODE = r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"


class SubscriberRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where domain events are to be posted (Standard Webhooks).

    `allow_private` lets the address be a private one, such as a server of one's own network; it needs scope admin.
    It is told as somebody of `role` and `limits` would be: none given, as whoever adds it. Others need scope admin.
    """

    code: Annotated[str, msgspec.Meta(pattern=CODE)]
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=2000)]
    title: Annotated[str, msgspec.Meta(max_length=200)] = ""
    allow_private: bool = False
    role: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    limits: Annotated[dict[str, list[str]], msgspec.Meta(max_length=len(LIMIT_WORDS))] | None = None


READ_SECONDS_MAX = 100.0
"""Whoever asks by HTTP waits no longer for a platform to be read back."""


class Subscribed(msgspec.Struct, frozen=True):
    """The signing secret, shown this once. `role` (empty: none) and `limits`: as whom it is told."""

    code: str
    secret: str
    role: str = ""
    limits: dict[str, list[str]] = {}


class AuthorisationAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the platform added to the callback address, `state` among it."""

    params: Annotated[dict[Param, Param], msgspec.Meta(max_length=30)]


class MastersRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Such as `{"stock": "channel"}`."""

    masters: Annotated[dict[Param, Literal["hub", "channel", "system"]], msgspec.Meta(max_length=10)]


class Ended(msgspec.Struct, frozen=True):
    """It gets no more events."""

    code: str


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


@router.post("/subscribers", **spoken(Subscribed, takes=SubscriberRequest, status=201, problems=(409,)),
             tags=["subscribers"], summary="新建事件订阅 | Add a subscriber")
async def add_subscriber(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Post domain events to an address from now on, signed with a secret that is shown once."""
    body = await body_of(request, SubscriberRequest)
    hosts = await _private_hosts(body, who)
    settings = {PRIVATE_HOSTS: hosts} if hosts else {}
    role, limits = await _told_as(desk, body, who)
    if role or limits:
        settings |= sees_as(role, limits)
    secret = await subscribe(desk.ports.accounts, body.code, body.title, body.url, settings)
    return reply(Subscribed(body.code, secret, role, limits), 201)


@router.delete("/subscribers/{code}", **spoken(Ended, problems=(404,)), tags=["subscribers"],
               summary="停止订阅 | End a subscriber")
async def end_subscriber(desk: DeskHere, who: Writer, code: str) -> Response:
    """Post nothing more to this address; its deliveries stay for the record."""
    if not await end_subscription(desk.ports.accounts, code):
        raise not_found("订阅", "subscriber", code)
    return reply(Ended(code))


async def _told_as(desk: Desk, body: SubscriberRequest, who: Caller) -> tuple[str, dict[str, list[str]]]:
    """The role and limits of a new subscriber: its maker's own, unless an administrator says otherwise. Raises Problem.
    """
    directory = await desk.directory()
    if body.role is None and body.limits is None:
        own = next(iter(who.roles)) if who.user or who.hides else ""
        role, limits = own, {kind: list(values) for kind, values in who.limits.items()}
    elif who.may(ADMIN):
        role, limits = body.role or "", body.limits or {}
    else:
        raise Problem("no_scope", "role: 指定角色或范围需要权限 admin | scope admin is needed to name a role or limits")
    if role in directory.roles and LISTEN not in directory.roles[role].scopes:
        raise Problem("wrong_value", f"role: 角色 {role} 没有权限 {LISTEN} | role {role} has no scope {LISTEN}")
    return role, checked_sight(role, limits, directory)


async def _private_hosts(body: SubscriberRequest, who: Caller) -> list[str]:
    """The private host that an administrator allows for this subscriber. Raises Problem for one that nobody allowed."""
    if body.allow_private and not who.may("admin"):
        raise Problem("no_scope", "allow_private: 需要权限 admin | scope admin is needed")
    hosts = [host_name(body.url)] if body.allow_private else []
    try:
        await refuse_private(body.url, frozenset(hosts))
    except Terminal as error:
        told = error.message if error.code == "wrong_address" else (
            "内网或本机地址，须由管理员加 allow_private | a private address: an administrator has to set allow_private")
        raise Problem("wrong_value", f"url: {told}") from error
    return hosts
