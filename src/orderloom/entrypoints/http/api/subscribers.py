"""Subscribers over HTTP: where domain events are posted, signed with a secret that is shown once."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.outside import PRIVATE_HOSTS, host_name, refuse_private
from orderloom.application.change_subscriber import change_subscriber, ping_subscriber, renew_secret
from orderloom.application.identity.access import Caller
from orderloom.application.ports import Terminal
from orderloom.application.queries.subscribers import SubscriberList, list_subscribers
from orderloom.application.subscribe import end_subscription, subscribe
from orderloom.entrypoints.http.kit.guard import DeskHere, needs
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
    """

    code: Annotated[str, msgspec.Meta(pattern=CODE)]
    url: Url
    title: Title = ""
    allow_private: bool = False


class SubscriberChangeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is null stays. `allow_private` is about the `url` given with it."""

    url: Url | None = None
    title: Title | None = None
    allow_private: bool = False


class Subscribed(msgspec.Struct, frozen=True):
    """The signing secret, shown this once."""

    code: str
    secret: str


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


@router.post("", **spoken(Subscribed, takes=SubscriberRequest, status=201, problems=(409,)),
             summary="新建事件订阅 | Add a subscriber")
async def add_subscriber(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Post domain events to an address from now on, signed with a secret that is shown once."""
    body = await body_of(request, SubscriberRequest)
    settings = await _settings(body.url, body.allow_private, who)
    secret = await subscribe(desk.ports.accounts, body.code, body.title, body.url, settings)
    return reply(Subscribed(body.code, secret), 201)


@router.put("/{code}", **spoken(SubscriberChanged, takes=SubscriberChangeRequest, problems=(404,)),
            summary="修改事件订阅 | Change a subscriber")
async def change(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Post to another address, or call it otherwise; what waits for it goes to the new address too."""
    body = await body_of(request, SubscriberChangeRequest)
    settings = await _settings(body.url, body.allow_private, who) if body.url else None
    await change_subscriber(desk.ports.accounts, code, body.title, body.url, settings)
    return reply(SubscriberChanged(code))


@router.post("/{code}/secret", **spoken(Subscribed, problems=(404,)), summary="更换签名密钥 | A new signing secret")
async def renew(desk: DeskHere, who: Writer, code: str) -> Response:
    """Sign with a new secret from now on; it is shown once, and the old one signs nothing more."""
    return reply(Subscribed(code, await renew_secret(desk.ports.accounts, code)))


@router.post("/{code}/ping", **spoken(Pinged, status=201, problems=(409,)), summary="试发一条 | Post a trial event")
async def ping(desk: DeskHere, who: Writer, code: str) -> Response:
    """Queue an event of type `hub.ping`, which goes the way of all events; its delivery says how it ended."""
    return reply(Pinged(code, await ping_subscriber(desk.ports.accounts, code, desk.hub.now())), 201)


@router.delete("/{code}", **spoken(SubscriberChanged, problems=(404,)), summary="删除事件订阅 | End a subscriber")
async def end_subscriber(desk: DeskHere, who: Writer, code: str) -> Response:
    """Post nothing more to this address and forget its secret; its deliveries stay for the record."""
    if not await end_subscription(desk.ports.accounts, code):
        raise not_found("订阅", "subscriber", code)
    return reply(SubscriberChanged(code))


async def _settings(url: str, allow_private: bool, who: Caller) -> dict[str, list[str]]:
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
    return {PRIVATE_HOSTS: hosts} if hosts else {}
