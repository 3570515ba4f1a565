"""Connections over HTTP: how each is and what it costs, tried check by check, settings, watched only or live."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.application.connect import BadForm, Field, Form, Setting, check_zone, fill, form_of
from orderloom.application.directory import ACCOUNT
from orderloom.application.examine_account import AccountExamined, examine_account
from orderloom.application.identity.access import Caller
from orderloom.application.keep_account import NoAccount, TakenAlready, connect_account, find_account
from orderloom.application.not_kept import unknown
from orderloom.application.ports import Account, Terminal
from orderloom.application.queries.connections import (
    ConnectionList,
    ConnectionView,
    HourOfAccount,
    hours_of,
    list_connections,
)
from orderloom.application.queries.mappings import MappingVersionView, list_versions
from orderloom.application.watch_account import AccountWatched, go_live, watch_account
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["accounts"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
HOURS = timedelta(days=2)


class SetCredential(msgspec.Struct, frozen=True):
    """A credential of the form: whether the account has it, never what it is."""

    field: Field
    is_set: bool


class SetSetting(msgspec.Struct, frozen=True):
    """A setting of the form with what the account has."""

    setting: Setting
    value: Any
    is_own: bool
    """False: as the connector declares it."""


class ConnectionDetail(msgspec.Struct, frozen=True):
    """One connection whole. `webhook_url` is where the platform may push to, empty where it does not."""

    connection: ConnectionView
    credentials: list[SetCredential]
    credentials_at: datetime | None
    settings: dict[str, SetSetting]
    capabilities: list[str]
    webhook_url: str
    hours: list[HourOfAccount]
    mappings: list[MappingVersionView]
    """Edited mappings in force, and drafts."""


class LiveRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`seen`: what becomes of the messages that came while it was only watched: through the route, or set aside."""

    seen: Literal["process", "set_aside"]


class SettingsRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is left out stays. It is tried before it is kept; `is_forced` keeps it though the test failed."""

    title: Annotated[str, msgspec.Meta(max_length=200)] = ""
    zone: Annotated[str, msgspec.Meta(max_length=200)] = ""
    base_url: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    settings: Annotated[dict[str, Any], msgspec.Meta(max_length=100)] = {}
    is_forced: bool = False


class SettingsKept(msgspec.Struct, frozen=True):
    """How the test with the new settings went."""

    account: str
    is_well: bool
    message: str


@router.get("/connections", **spoken(ConnectionList), summary="连接与健康 | Connections and their health")
async def list_all(desk: DeskHere, who: Reader) -> Response:
    """Every connection, the ill ones first: since when, why, and what waits for it."""
    directory = await desk.directory()
    async with desk.connect() as connection:
        return reply(await list_connections(connection, desk.hub.manifests, directory.accounts, desk.hub.now()))


@router.get("/connections/{code}", **spoken(ConnectionDetail, problems=(404,)), summary="一个连接 | One connection")
async def show(desk: DeskHere, who: Reader, code: str) -> Response:
    """One connection with its settings, which credentials are set, its last two days, its mappings."""
    directory, now = await desk.directory(), desk.hub.now()
    account = directory.account_named(code.upper())
    async with desk.connect() as connection:
        found = await list_connections(connection, desk.hub.manifests, directory.accounts, now, account.code)
        hours = await hours_of(connection, account.id, now - HOURS)
        mappings = await list_versions(connection, account.id, states=("draft", "in_force"))
    if not found.connections:
        raise unknown(ACCOUNT, code, [one.code for one in directory.accounts.values()])
    view, raw = found.connections[0], await _stored(desk, account.code)
    manifest = desk.hub.manifests.get(account.connector)
    form = form_of(manifest) if manifest else None
    pushes = manifest is not None and "push" in manifest.capabilities
    return reply(ConnectionDetail(
        view, [SetCredential(one, bool(account.credentials.get(one.name))) for one in form.credentials] if form else [],
        view.account.credentials_at, _settings(form, raw) if form else {},
        list(manifest.capabilities) if manifest else [],
        f"{desk.hub.settings.address}/webhooks/{account.code}" if pushes else "", hours, mappings))


@router.post("/accounts/{code}/examine", **spoken(AccountExamined, problems=(404,)),
             summary="逐项测试 | Test an account check by check")
async def examine(desk: DeskHere, who: Writer, code: str) -> Response:
    """Address, connection and key one after the other, each with its time, and which field to mend where."""
    stored = await _stored(desk, code)
    return reply(await examine_account(desk.hub, desk.ports.accounts, stored))


@router.put("/accounts/{code}/settings", **spoken(SettingsKept, takes=SettingsRequest, problems=(404, 409)),
            summary="修改设置 | Change an account's settings")
async def change(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Title, zone, address and settings; what is not given stays. Folders and hosts of the inside: scope admin."""
    body, kept = await body_of(request, SettingsRequest), await _stored(desk, code)
    manifest = desk.hub.manifests.get(kept.connector)
    if manifest is None:
        raise not_found("连接器", "connector", kept.connector)
    form = form_of(manifest)
    for name in body.settings:
        if name in form.settings and form.settings[name].is_folder and not who.may("admin"):
            raise Problem("no_scope", f"{name}: 需要权限 admin | scope admin is needed")
    given = {name: value for name, value in (("zone", body.zone), ("base_url", body.base_url)) if value}
    try:
        filled = fill(form, kept.credentials, {name: _text(value) for name, value in body.settings.items()})
        asked = Account(0, kept.code, form.family, form.connector, check_zone(body.zone or kept.zone),
                        body.base_url or kept.base_url, {}, filled.settings, is_watching=kept.is_watching)
        done = await connect_account(desk.ports.accounts, desk.hub.trial, form, asked, body.title, given=given,
                                     hosts=[], past=lambda _: None, is_forced=body.is_forced)
    except BadForm as error:
        raise Problem("wrong_value", f"{error.zh} | {error.en}") from error
    except Terminal as error:
        raise Problem("wrong_value", error.message) from error
    except TakenAlready as error:
        raise Problem("already_there", f"{error.zh} | {error.en}") from error
    if not (done.health.is_well or done.health.is_to_authorise or body.is_forced):
        raise Problem("test_failed", done.health.message)
    return reply(SettingsKept(kept.code, done.health.is_well, done.health.message))


@router.post("/accounts/{code}/watch", **spoken(AccountWatched, problems=(404,)), summary="仅观察 | Only watch")
async def watch(desk: DeskHere, who: Writer, code: str) -> Response:
    """Go on reading and mapping; make nothing of it and send nothing. What it says waits until the account is live."""
    return reply(await watch_account(desk.ports.accounts, code.upper()))


@router.post("/accounts/{code}/live", **spoken(AccountWatched, takes=LiveRequest, problems=(404,)),
             summary="上线 | Go live")
async def live(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Make orders of what it says and send to it, from now on; and say what becomes of what was only watched."""
    body = await body_of(request, LiveRequest)
    return reply(await go_live(desk.ports.accounts, code.upper(), who.actor, is_with_seen=body.seen == "process"))


async def _stored(desk: Desk, code: str) -> Account:
    try:
        return (await find_account(desk.ports.accounts, code.upper())).account
    except NoAccount as error:
        raise not_found("账号", "account", code) from error


def _settings(form: Form, account: Account) -> dict[str, SetSetting]:
    own = account.settings
    return {name: SetSetting(one, own.get(name, one.default), own.get(name, one.default) != one.default)
            for name, one in form.settings.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
