"""Connect accounts over HTTP: begun as a draft, tried before they are kept, new credentials, the past."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from orderloom.adapters.outside import host_name
from orderloom.application.connect import (
    BadForm,
    Form,
    Past,
    check_code,
    check_hosts,
    check_zone,
    fill,
    form_of,
    past_wanted,
)
from orderloom.application.examine_account import AccountExamined, examine_account
from orderloom.application.identity.access import Caller
from orderloom.application.keep_account import (
    NoAccount,
    StoredAccount,
    TakenAlready,
    connect_account,
    find_account,
    read_past,
    renew_account,
    test_account,
)
from orderloom.application.ports import Account, PastReader, Probed, Terminal, connectable
from orderloom.application.prepare import (
    ConnectDraft,
    ConnectForm,
    OpenedDraft,
    keep_connect_draft,
    list_connect_drafts,
    open_connect_draft,
)
from orderloom.application.queries.vocabulary import UnknownWord
from orderloom.bootstrap import Hub
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, Uuid, needs
from orderloom.entrypoints.http.kit.problem import Problem, not_found
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1", tags=["accounts"])
Reader = Annotated[Caller, Depends(needs("accounts:read"))]
Writer = Annotated[Caller, Depends(needs("accounts:write"))]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Secret = Annotated[str, msgspec.Meta(max_length=20_000)]
Credentials = Annotated[dict[Name, Secret], msgspec.Meta(max_length=40)]
Scope = Literal["open", "all"]
SETTING_CHARS_MAX = 25_000


class ConnectRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new account. Empty `zone` and `base_url` are the connector's; `since` is as in `orderloom connect`.

    `is_forced` keeps it though its test failed; `is_watching`: it is only watched until somebody goes live with it.
    `allow_private` are hosts of the inside that it may reach, and folders
    among the settings are the hub's own: both need scope admin.
    """

    connector: Name
    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z][A-Za-z0-9]{1,11}$")]
    credentials: Credentials = {}
    settings: Annotated[dict[Name, Any], msgspec.Meta(max_length=100)] = {}
    title: Line = ""
    zone: Line = ""
    base_url: Annotated[str, msgspec.Meta(max_length=2_000)] = ""
    since: Line = ""
    orders: Scope = "open"
    allow_private: Annotated[list[Line], msgspec.Meta(max_length=20)] = []
    is_forced: bool = False
    is_watching: bool = False


class NewCredentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Credentials by name; those that are not given stay."""

    credentials: Credentials
    is_forced: bool = False


class PastRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From when orders are read: a number of days or a date in the account's zone; `all` takes finished ones too."""

    since: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    orders: Scope = "open"


class AccountTested(msgspec.Struct, frozen=True):
    """How the test at the platform went; `is_to_authorise`: it waits to be authorised in a browser."""

    account: str
    is_well: bool
    message: str
    is_to_authorise: bool = False
    past_since: datetime | None = None


class PastBegun(msgspec.Struct, frozen=True):
    """From when the account's orders are read beside the live ones."""

    account: str
    since: datetime | None
    is_all: bool


class ConnectDrafts(msgspec.Struct, frozen=True):
    """Accounts half connected."""

    drafts: list[ConnectDraft]


class ConnectDraftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was filled in; an empty credential is taken away."""

    connector: Name
    form: ConnectForm
    credentials: Credentials = {}
    id: Annotated[str, msgspec.Meta(max_length=36)] = ""


class DraftConnect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`is_forced` keeps the account though its test failed."""

    is_forced: bool = False


class DraftGone(msgspec.Struct, frozen=True):
    """It is forgotten."""

    id: str


@router.post("/accounts", **spoken(AccountTested, takes=ConnectRequest, status=201, problems=(409,)),
             summary="接入账号 | Connect an account")
async def connect(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Try a new account at its platform, keep it, and read from now on; with `since` also orders from before."""
    return reply(await _connect(desk, who, await body_of(request, ConnectRequest)), 201)


async def _connect(desk: Desk, who: Caller, body: ConnectRequest) -> AccountTested:
    """Raises Problem: wrong_value, already_there, test_failed, no_scope."""
    hub = desk.hub
    form, asked = _asked(desk, who, body)
    await _must_be_new(desk, asked.code)
    try:
        past = _past(hub, asked, body.since, body.orders)
        done = await connect_account(
            desk.ports.accounts, hub.trial, form, asked, body.title, given={},
            hosts=check_hosts(body.allow_private, host_name), past=lambda _: past, is_forced=body.is_forced,
            is_new=True)
    except (BadForm, Terminal) as error:
        raise _wrong(error) from error
    except TakenAlready as error:
        raise Problem("already_there", f"{error.zh} | {error.en}") from error
    return _kept(asked.code, done.health, past, is_forced=body.is_forced)


def _asked(desk: Desk, who: Caller, body: ConnectRequest) -> tuple[Form, Account]:
    """The account that a filled form means. Raises Problem, UnknownWord."""
    known = connectable(desk.hub.manifests)
    if body.connector not in known:
        raise UnknownWord("connector", body.connector, known)
    form = form_of(known[body.connector])
    _may_choose(who, form, body)
    try:
        filled = fill(form, body.credentials, {name: _text(name, value) for name, value in body.settings.items()})
        if filled.missing:
            names = ", ".join(field.name for field in filled.missing)
            raise BadForm(f"credentials 缺少：{names}", f"credentials lack: {names}")
        return form, Account(0, check_code(body.code), form.family, form.connector, check_zone(body.zone or form.zone),
                             body.base_url or form.base_url, filled.credentials, filled.settings,
                             is_watching=body.is_watching)
    except BadForm as error:
        raise _wrong(error) from error


@router.post("/accounts/{code}/test", **spoken(AccountTested, problems=(404,)), summary="测试账号 | Test an account")
async def test(desk: DeskHere, who: Writer, code: str) -> Response:
    """Test an account at its platform, and write down how it went."""
    stored = await _stored(desk, code)
    health = await test_account(desk.ports.accounts, desk.hub.trial, stored.account.code)
    return reply(AccountTested(stored.account.code, health.is_well, health.message, health.is_to_authorise))


@router.post("/accounts/{code}/credentials", **spoken(AccountTested, takes=NewCredentials, problems=(404, 409)),
             summary="更换凭证 | Replace credentials")
async def replace_credentials(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Replace credentials: tested first, then kept."""
    body, stored = await body_of(request, NewCredentials), await _stored(desk, code)
    try:
        form = form_of(desk.hub.manifests[stored.account.connector])
        filled = fill(form, {**stored.account.credentials, **body.credentials}, {})
    except BadForm as error:
        raise _wrong(error) from error
    health = await renew_account(desk.ports.accounts, desk.hub.trial, stored, filled.credentials,
                                 is_forced=body.is_forced)
    return reply(_kept(stored.account.code, health, None, is_forced=body.is_forced))


@router.post("/accounts/{code}/backfill", **spoken(PastBegun, takes=PastRequest, problems=(404, 409)),
             summary="补拉历史订单 | Read orders from before")
async def backfill(request: Request, desk: DeskHere, who: Writer, code: str) -> Response:
    """Read an account's past, beside the live pull; one that is under way begins anew."""
    body, account = await body_of(request, PastRequest), (await _stored(desk, code)).account
    try:
        past = _past(desk.hub, account, body.since, body.orders)
    except BadForm as error:
        raise _wrong(error) from error
    await read_past(desk.ports.accounts, account.id, past)
    return reply(PastBegun(account.code, past.since if past else None, body.orders == "all"))


@router.get("/connect-drafts", **spoken(ConnectDrafts), summary="接入草稿 | Accounts half connected")
async def list_drafts(desk: DeskHere, who: Reader) -> Response:
    """What somebody began to connect, the last touched first. Secrets never come back."""
    return reply(ConnectDrafts(await list_connect_drafts(desk.ports.preparations)))


@router.put("/connect-drafts", **spoken(ConnectDraft, takes=ConnectDraftRequest, problems=(404,)),
            summary="存接入草稿 | Keep a connection draft")
async def keep_draft(request: Request, desk: DeskHere, who: Writer) -> Response:
    """Keep what was filled in so far; credentials that are not given stay. Without an `id` a new one begins."""
    body = await body_of(request, ConnectDraftRequest)
    known = connectable(desk.hub.manifests)
    if body.connector not in known:
        raise UnknownWord("connector", body.connector, known)
    names = {one.name for one in form_of(known[body.connector]).credentials}
    given = {name: value for name, value in body.credentials.items() if name in names}
    return reply(await keep_connect_draft(desk.ports.preparations, body.id, body.connector, body.form, given,
                                          who.actor))


@router.get("/connect-drafts/{draft_id}", **spoken(ConnectDraft, problems=(404,)), summary="一份接入草稿 | One draft")
async def show_draft(desk: DeskHere, who: Reader, draft_id: Uuid) -> Response:
    """What was filled in; of credentials only which are."""
    return reply((await open_connect_draft(desk.ports.preparations, str(draft_id))).draft)


@router.delete("/connect-drafts/{draft_id}", **spoken(DraftGone, problems=(404,)),
               summary="丢弃接入草稿 | Drop a draft")
async def drop_draft(desk: DeskHere, who: Writer, draft_id: Uuid) -> Response:
    """Forget it with its keys."""
    await open_connect_draft(desk.ports.preparations, str(draft_id))
    async with desk.ports.preparations() as store:
        await store.drop_draft(str(draft_id))
    return reply(DraftGone(str(draft_id)))


@router.post("/connect-drafts/{draft_id}/examine", **spoken(AccountExamined, problems=(404,)),
             summary="测试草稿 | Test a draft check by check")
async def examine_draft(desk: DeskHere, who: Writer, draft_id: Uuid) -> Response:
    """Try it at its platform, each check with its time; nothing is kept but the draft."""
    opened = await open_connect_draft(desk.ports.preparations, str(draft_id))
    body = _request(opened, is_forced=False)
    try:
        account = desk.hub.trial.with_hosts(_asked(desk, who, body)[1], check_hosts(body.allow_private, host_name), [])
    except BadForm as error:
        raise _wrong(error) from error
    return reply(await examine_account(desk.hub, None, account))


@router.post("/connect-drafts/{draft_id}/connect", **spoken(AccountTested, takes=DraftConnect, problems=(404, 409)),
             summary="接入草稿中的账号 | Connect what a draft holds")
async def connect_draft(request: Request, desk: DeskHere, who: Writer, draft_id: Uuid) -> Response:
    """Keep the account, only watched until somebody goes live with it; the draft then only says how far its setting up
    is."""
    wish = await body_of(request, DraftConnect)
    opened = await open_connect_draft(desk.ports.preparations, str(draft_id))
    done = await _connect(desk, who, _request(opened, is_forced=wish.is_forced))
    form = msgspec.structs.replace(opened.draft.form, account=done.account, step="sample")
    emptied = dict.fromkeys(opened.credentials, "")
    await keep_connect_draft(desk.ports.preparations, str(draft_id), opened.draft.connector, form, emptied, who.actor)
    return reply(done)


def _request(opened: OpenedDraft, *, is_forced: bool) -> ConnectRequest:
    form = opened.draft.form
    return ConnectRequest(opened.draft.connector, form.code, opened.credentials, form.settings, form.title, form.zone,
                          form.base_url, form.since, allow_private=form.allow_private, is_forced=is_forced,
                          is_watching=True)


def _may_choose(who: Caller, form: Form, body: ConnectRequest) -> None:
    """Hosts of the inside and folders of the hub's machine are an administrator's to name. Raises Problem."""
    folders = [name for name in body.settings if name in form.settings and form.settings[name].is_folder]
    for what in ["allow_private"] * bool(body.allow_private) + folders:
        if not who.may("admin"):
            raise Problem("no_scope", f"{what}: 需要权限 admin | scope admin is needed")


async def _must_be_new(desk: Desk, code: str) -> None:
    try:
        await find_account(desk.ports.accounts, code)
    except NoAccount:
        return
    raise Problem("already_there", f"账号 {code} 已存在，换个代码，或更换它的凭证 | "
                                   f"account {code} is there: choose another code, or replace its credentials")


async def _stored(desk: Desk, code: str) -> StoredAccount:
    try:
        return await find_account(desk.ports.accounts, code.upper())
    except NoAccount as error:
        raise not_found("账号", "account", code) from error


def _past(hub: Hub, account: Account, since: str, orders: Scope) -> Past | None:
    """What is read of the past. Raises BadForm where the connector has none."""
    if not isinstance(hub.connectors[account.connector], PastReader):
        if since:
            raise BadForm(f"{account.connector} 没有可补拉的历史订单，去掉 since",
                          f"{account.connector} has no past orders to read: leave since out")
        return None
    days_max = hub.manifests[account.connector].pull.history_days_max
    return past_wanted(since, hub.now(), account.zone, days_max, is_all=orders == "all", is_new=True)


def _kept(code: str, health: Probed, past: Past | None, *, is_forced: bool) -> AccountTested:
    """Raises Problem when the test failed and nothing was kept."""
    if not (health.is_well or health.is_to_authorise or is_forced):
        raise Problem("test_failed", f"{health.message} | is_forced 可仍然保存 / is_forced keeps it all the same")
    return AccountTested(code, health.is_well, health.message, health.is_to_authorise, past.since if past else None)


def _text(name: str, value: Any) -> str:
    """A setting as a person would write it. Raises BadForm."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    if len(text) > SETTING_CHARS_MAX:
        raise BadForm(f"设置 {name} 最多 {SETTING_CHARS_MAX} 字",
                      f"setting {name}: {SETTING_CHARS_MAX} characters at most")
    return text


def _wrong(error: BadForm | Terminal) -> Problem:
    words = f"{error.zh} | {error.en}" if isinstance(error, BadForm) else error.message
    return Problem("wrong_value", words)
