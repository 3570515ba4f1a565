"""Accounts, SKU aliases and subscribers over HTTP. Credentials go in and never come out."""

from __future__ import annotations

import base64
import secrets
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.db.directory import bump
from orderloom.adapters.outside import PRIVATE_HOSTS, host_name, refuse_private
from orderloom.application.identity.access import Caller
from orderloom.application.ports import Terminal
from orderloom.application.queries import accounts as read
from orderloom.application.queries.sql import statements
from orderloom.entrypoints.http.guard import Cursor, DeskHere, Limit, Text, needs
from orderloom.entrypoints.http.problem import Problem, not_found
from orderloom.entrypoints.http.wire import body_of, reply, spoken

SQL = statements(__file__, "upkeep")
router = APIRouter(prefix="/api/v1", tags=["accounts"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
CODE = r"^[A-Za-z0-9][A-Za-z0-9-]{0,31}$"


class AliasRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A channel's spelling of a SKU; `account` null or empty means every account. One of it is `factor` base units."""

    alias: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    sku: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    account: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    factor: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1


class AliasAdded(msgspec.Struct, frozen=True):
    """The alias stands; so many parked messages go on because of it."""

    released: int


class SubscriberRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where domain events are to be posted (Standard Webhooks).

    `allow_private` lets the address be a private one, such as a server of one's own network; it needs scope admin.
    """

    code: Annotated[str, msgspec.Meta(pattern=CODE)]
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/@]+(/\S*)?$", max_length=2000)]
    title: Annotated[str, msgspec.Meta(max_length=200)] = ""
    allow_private: bool = False


class Subscribed(msgspec.Struct, frozen=True):
    """The signing secret, shown this once."""

    code: str
    secret: str


class Ended(msgspec.Struct, frozen=True):
    """It gets no more events."""

    code: str


@router.get("/accounts", **spoken(read.AccountList), summary="账号 | Accounts")
async def list_accounts(
    desk: DeskHere, who: Reader, family: Literal["", "channels", "systems", "carriers", "subscribers"] = ""
) -> Response:
    """Every connected account with its health and how far it was read."""
    async with desk.connect() as connection:
        return reply(await read.list_accounts(connection, family))


@router.get("/aliases", **spoken(read.AliasPage), summary="商品别名 | SKU aliases")
async def list_aliases(
    desk: DeskHere, who: Reader, account: Text = "", sku: Text = "", cursor: Cursor = "", limit: Limit = 50
) -> Response:
    """How channels spell our SKUs."""
    account_id = await desk.account_id(account)
    async with desk.connect() as connection:
        return reply(await read.list_aliases(
            connection, account_id=account_id, sku=sku, cursor=cursor, limit=limit))


@router.post("/aliases", **spoken(AliasAdded, takes=AliasRequest, status=201, problems=(404, 409)),
             summary="建立别名 | Add an alias")
async def add_alias(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Say what a spelling means; messages that waited for it go on by themselves."""
    body = await body_of(request, AliasRequest)
    account_id = await desk.account_id(body.account or "")
    directory = await desk.directory()
    sku_id = directory.by_code.get(body.sku)
    if sku_id is None:
        raise not_found("商品", "SKU", body.sku)
    codes = [body.account] if body.account else [a.code for a in directory.accounts.values()]
    given = {"account": account_id, "alias": body.alias, "sku": sku_id, "factor": body.factor}
    async with desk.connect() as connection, connection.transaction():
        added = await connection.execute(SQL["add_alias"], given)
        if added.rowcount == 0:
            raise Problem("already_there", f"alias: {body.alias} 已有含义 | it has a meaning already")
        keys = [f"sku:{code}:{body.alias}" for code in codes]
        released = await connection.execute(SQL["release_parked"], {"keys": keys})
        await bump(connection)
    return reply(AliasAdded(released.rowcount), 201)


@router.post("/subscribers", **spoken(Subscribed, takes=SubscriberRequest, status=201, problems=(409,)),
             tags=["subscribers"], summary="新建事件订阅 | Add a subscriber")
async def add_subscriber(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Post domain events to an address from now on, signed with a secret that is shown once."""
    body = await body_of(request, SubscriberRequest)
    hosts = await _private_hosts(body, who)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    sealed = desk.hub.vault.encrypt(msgspec.json.encode({"secret": secret}))
    given = {"code": body.code, "title": body.title, "url": body.url, "credentials": sealed,
             "settings": msgspec.json.encode({PRIVATE_HOSTS: hosts} if hosts else {}).decode()}
    async with desk.connect() as connection, connection.transaction():
        added = await connection.execute(SQL["add_subscriber"], given)
        if added.rowcount == 0:
            raise Problem("already_there", f"code: 账号 {body.code} 已存在 | account {body.code} is there already")
        await bump(connection)
    return reply(Subscribed(body.code, secret), 201)


@router.delete("/subscribers/{code}", **spoken(Ended, problems=(404,)), tags=["subscribers"],
               summary="停止订阅 | End a subscriber")
async def end_subscriber(desk: DeskHere, who: Writer, code: str) -> Response:
    """Post nothing more to this address; its deliveries stay for the record."""
    async with desk.connect() as connection, connection.transaction():
        ended = await connection.execute(SQL["end_subscriber"], {"code": code})
        if ended.rowcount == 0:
            raise not_found("订阅", "subscriber", code)
        await bump(connection)
    return reply(Ended(code))


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
