"""Subscribers over HTTP: where domain events are posted, signed with a secret that is shown once."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.outside import PRIVATE_HOSTS, host_name, refuse_private
from orderloom.application.change_subscriber import change_subscriber, ping_subscriber, renew_secret
from orderloom.application.identity.access import Caller
from orderloom.application.identity.limits import checked_sight
from orderloom.application.ports import Terminal
from orderloom.application.queries.subscribers import SubscriberList, list_subscribers
from orderloom.application.subscribe import LISTEN, SEES_AS, end_subscription, sees_as, subscribe
from orderloom.domain.rights import ADMIN, LIMIT_WORDS
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/subscribers", tags=["subscribers"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
CODE = r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"
Url = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=2000)]
Title = Annotated[str, msgspec.Meta(max_length=200)]


class SubscriberRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where domain events are to be posted (Standard Webhooks).

    `allow_private` lets the address be a private one, such as a server of one's own network; it needs scope admin.
    It is told as somebody of `role` and `limits` would be: none given, as whoever adds it. Others need scope admin.
    """

    code: Annotated[str, msgspec.Meta(pattern=CODE)]
    url: Url
    title: Title = ""
    allow_private: bool = False
    role: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    limits: Annotated[dict[str, list[str]], msgspec.Meta(max_length=len(LIMIT_WORDS))] | None = None


class SubscriberChangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is null stays. `allow_private` is about the `url` given with it."""

    url: Url | None = None
    title: Title | None = None
    allow_private: bool = False


class Subscribed(msgspec.Struct, frozen=True):
    """The signing secret, shown this once. `role` (empty: none) and `limits`: as whom it is told."""

    code: str
    secret: str
    role: str = ""
    limits: dict[str, list[str]] = {}


class SubscriberChanged(msgspec.Struct, frozen=True):
    """It is as it was asked to be."""

    code: str


class Pinged(msgspec.Struct, frozen=True):
    """The delivery that says how the trial event ended."""

    code: str
    delivery_id: str


@router.get("", **spoken(SubscriberList), summary="事件订阅 | Subscribers")
async def list_all(desk: DeskHere, who: Reader) -> Response:
    """Every subscriber: where its events go, when it last took one, and what waits for it."""
    async with desk.connect() as connection:
        return reply(await list_subscribers(connection))


@router.post("", **spoken(Subscribed, takes=SubscriberRequest, status=201, problems=(404, 409)),
             summary="新建事件订阅 | Add a subscriber")
async def add_subscriber(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Post domain events to an address from now on, signed with a secret that is shown once."""
    body = await body_of(request, SubscriberRequest)
    hosts = await _private_hosts(body.url, body.allow_private, who)
    settings: dict[str, Any] = {PRIVATE_HOSTS: hosts} if hosts else {}
    role, limits = await _told_as(desk, body, who)
    if role or limits:
        settings |= sees_as(role, limits)
    secret = await subscribe(desk.ports.accounts, body.code, body.title, body.url, settings)
    return reply(Subscribed(body.code, secret, role, limits), 201)


@router.put("/{code}", **spoken(SubscriberChanged, takes=SubscriberChangeRequest, problems=(404,)),
            summary="修改事件订阅 | Change a subscriber")
async def change(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Post to another address, or call it otherwise; what waits for it goes to the new address too."""
    body = await body_of(request, SubscriberChangeRequest)
    if body.url and not who.may(ADMIN):
        await _refuse_redirect(desk, code, who)
    hosts = await _private_hosts(body.url, body.allow_private, who) if body.url else None
    await change_subscriber(desk.ports.accounts, code, body.title, body.url, hosts)
    return reply(SubscriberChanged(code))


@router.post("/{code}/secret", **spoken(Subscribed, problems=(404,)), summary="更换签名密钥 | A new signing secret")
async def renew(desk: DeskHere, who: Writer, code: str) -> Response:
    """Sign with a new secret from now on; it is shown once, and the old one signs nothing more."""
    return reply(Subscribed(code, await renew_secret(desk.ports.accounts, code)))


@router.post("/{code}/ping", **spoken(Pinged, status=201, problems=(404, 409)), summary="试发一条 | Post a trial event")
async def ping(desk: DeskHere, who: Writer, code: str) -> Response:
    """Queue an event of type `hub.ping`, which goes the way of all events; its delivery says how it ended."""
    return reply(Pinged(code, await ping_subscriber(desk.ports.accounts, code, desk.hub.now())), 201)


@router.delete("/{code}", **spoken(SubscriberChanged, problems=(404,)), summary="删除事件订阅 | End a subscriber")
async def end_subscriber(desk: DeskHere, who: Writer, code: str) -> Response:
    """Post nothing more to this address and forget its secret; its deliveries stay for the record."""
    if not await end_subscription(desk.ports.accounts, code):
        raise not_found("订阅", "subscriber", code)
    return reply(SubscriberChanged(code))


async def _told_as(desk: Desk, body: SubscriberRequest, who: Caller) -> tuple[str, dict[str, list[str]]]:
    """The role and limits of a new subscriber: its maker's own, unless an administrator says otherwise. Raises Problem.
    """
    directory = await desk.directory()
    if body.role is None and body.limits is None:
        role, limits = _own(who)
    elif who.may(ADMIN):
        role, limits = body.role or "", body.limits or {}
    else:
        raise Problem("no_scope", "role: 指定角色或范围需要权限 admin | scope admin is needed to name a role or limits")
    if role in directory.roles and LISTEN not in directory.roles[role].scopes:
        raise Problem("wrong_value", f"role: 角色 {role} 没有权限 {LISTEN} | role {role} has no scope {LISTEN}")
    return role, checked_sight(role, limits, directory)


def _own(who: Caller) -> tuple[str, dict[str, list[str]]]:
    """The role and limits of whoever asks."""
    role = next(iter(who.roles)) if who.user or who.hides else ""
    return role, {kind: list(values) for kind, values in who.limits.items()}


async def _refuse_redirect(desk: Desk, code: str, who: Caller) -> None:
    """What is told as somebody else may not be sent to another address by who would not see it. Raises Problem."""
    account, (role, limits) = (await desk.ports.directory()).account_by_code(code), _own(who)
    own = sees_as(role, limits)[SEES_AS] if role or limits else None
    if account is not None and account.settings.get(SEES_AS) != own:
        raise Problem("no_scope", "url: 这个订阅按别人的角色推送，改地址需要权限 admin | "
                                  "it is told as another role: scope admin is needed to change its address")


async def _private_hosts(url: str, allow_private: bool, who: Caller) -> list[str]:
    """The private host that an administrator allows for this subscriber. Raises Problem for one that nobody allowed."""
    if allow_private and not who.may("admin"):
        raise Problem("no_scope", "allow_private: 需要权限 admin | scope admin is needed")
    hosts = [host_name(url)] if allow_private else []
    try:
        await refuse_private(url, frozenset(hosts))
    except Terminal as error:
        told = error.message if error.code == "wrong_address" else (
            "内网或本机地址，须由管理员加 allow_private | a private address: an administrator has to set allow_private")
        raise Problem("wrong_value", f"url: {told}") from error
    return hosts
