"""Connected accounts: `connect` one; `accounts list | test | rotate | authorise | enable | disable`."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import typer

from orderloom.adapters.manifests import manifests
from orderloom.adapters.outside import host_name
from orderloom.application.connect import (
    PAST_DAYS_DEFAULT,
    BadForm,
    Filled,
    Form,
    Past,
    check_code,
    check_hosts,
    check_zone,
    fill,
    form_of,
)
from orderloom.application.keep_account import (
    Connected,
    NoAccount,
    StoredAccount,
    TakenAlready,
    allow_hosts,
    connect_account,
    find_account,
    must_be_alone,
    read_past,
    renew_account,
    test_account,
)
from orderloom.application.ports import Account, Probed
from orderloom.application.queries.accounts import AccountList, TokensView, list_accounts
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.switch_account import AccountSwitched, switch_account
from orderloom.bootstrap import Hub
from orderloom.entrypoints.cli.attach import connection, hub, run
from orderloom.entrypoints.cli.authorise import authorise_command
from orderloom.entrypoints.cli.frame import group, single, unknown
from orderloom.entrypoints.cli.masters import master_command
from orderloom.entrypoints.cli.past import BackfillBegun, PastWish, past_wish, progress, tell_past
from orderloom.entrypoints.cli.reading_back import read_command
from orderloom.entrypoints.cli.screen import Stop, screen
from orderloom.entrypoints.cli.version_trial import try_version_command

connect = single()
accounts = group("账号：列表、测试、换密、停用", "accounts: list, test, rotate, disable")
accounts.command("master", help="库存、发货、收件信息由谁作主 / who decides what: accounts master TB01 stock=channel")(
    master_command)
accounts.command("try-version", help="用昨天的订单试另一个接口版本 / try another API version on yesterday's orders")(
    try_version_command)
accounts.command("authorise", help="在浏览器里授权账号 / authorise an account in a browser")(authorise_command)
accounts.command("read", help="读回平台所说的库存、某日出库等 / read back what a platform says of stock or a day")(
    read_command)
SECRET_LINES_MAX = 20
Code = Annotated[str, typer.Argument(metavar="CODE", help="账号代码，如 TB01 / the account's code")]
Set = Annotated[list[str] | None, typer.Option("--set", help="凭证 名=值 / credential name=value")]
Chosen = Annotated[list[str] | None, typer.Option("--setting", help="设置 名=值 / setting name=value")]
Stdin = Annotated[bool, typer.Option("--secret-from-stdin", help="从标准输入读机密，每行 名=值 / secrets from stdin")]
Private = Annotated[list[str] | None, typer.Option(
    "--allow", "--allow-private", metavar="HOST", help="允许访问的内网主机，可多次 / a private host it may reach")]
Since = Annotated[str, typer.Option("--since", metavar="DATE|DAYS|now", help="补拉此前订单：日期、天数或 now "
                                    "/ orders from before: a date, days, or now (none); default 30 days")]
Scope = Annotated[str, typer.Option("--orders", help="open 只补未完成的 / not finished; all 全部 / all")]
Force = Annotated[bool, typer.Option("--force", help="测试不通过也保存 / keep it though the test fails")]


class Tested(msgspec.Struct, frozen=True):
    """How an account's test went, and whether it is kept."""

    account: str
    is_well: bool
    message: str
    is_kept: bool


class PrivateHosts(msgspec.Struct, frozen=True):
    """The private hosts that an account may reach."""

    account: str
    private_hosts: list[str]


@connect.command(help="接入账号 / connect an account. orderloom connect taobao --code TB01 --set app_key=…")
def connect_command(
    connector: Annotated[str, typer.Argument(help="连接器，如 taobao、wangdiantong、kuaidi100 / connector")],
    code: Annotated[str, typer.Option("--code", help="账号代码 / code")],
    credential: Set = None, setting: Chosen = None, title: str = "", zone: str = "",
    base_url: Annotated[str, typer.Option("--base-url", help="接口地址 / address, default: the platform's")] = "",
    allow_private: Private = None, secret_from_stdin: Stdin = False, force: Force = False, since: Since = "",
    orders: Scope = "open",
) -> None:
    """Ask for what is missing, test the account, keep it."""
    form = _form(connector)
    with _refusing():
        filled = _ask(form, _given(credential, secret_from_stdin), _pairs(setting))
        wanted = Account(0, check_code(code), form.family, form.connector, check_zone(zone or form.zone),
                         base_url or form.base_url, filled.credentials, filled.settings)
        hosts = check_hosts(allow_private or [], host_name)
    given = {name: value for name, value in (("zone", zone), ("base_url", base_url)) if value}
    wish = past_wish(form.connector, wanted.zone, since, orders)
    done = run(lambda: _connect(form, wanted, title, force, given, hosts, wish))
    if done.is_off:
        screen.note(f"账号 {wanted.code} 仍处于停用：orderloom accounts enable {wanted.code}",
                    f"Account {wanted.code} is still off: orderloom accounts enable {wanted.code}")
    is_kept = done.health.is_well or done.health.is_to_authorise or force
    if is_kept:
        tell_past(done.past)
    if done.health.is_to_authorise:
        screen.note(f"请授权：orderloom accounts authorise {wanted.code}",
                    f"Authorise it: orderloom accounts authorise {wanted.code}")
    _tell(wanted.code, done.health, is_kept=is_kept)


@accounts.command("list", help="账号列表与健康 / accounts and how they are")
def list_command(family: str = "") -> None:
    """List accounts."""
    found = run(lambda: _list(family))
    if screen.answer(found):
        return
    screen.table(
        {"代码": "Code", "连接器": "Connector", "名称": "Title", "启用": "Active", "健康": "Well", "说明": "Health",
         "读到": "Read up to", "补拉": "Backfill", "漏单补回": "Found late", "授权": "Authorised",
         "接口版本": "API version",
         "最近错误": "Last error"},
        [(a.code, a.connector, a.title, a.is_active, a.is_well, screen.one_of(a.health), a.read_up_to,
          progress(a.backfill), a.found_late or "", _authorised(a.tokens),
          f"{a.version} → {a.version_ends}" if a.version_ends else a.version,
          screen.one_of(a.last_error or (a.backfill.last_error if a.backfill else ""))[:80])
         for a in found.accounts])


@accounts.command("test", help="测试账号 / test an account")
def test_command(code: Code) -> None:
    """Test an account at its platform."""
    health = run(lambda: _test(code.upper()))
    _tell(code.upper(), health, is_kept=True)


@accounts.command("rotate", help="更换凭证，先测试后保存 / replace credentials: tested first, then kept")
def rotate_command(code: Code, credential: Set = None, secret_from_stdin: Stdin = False, force: Force = False) -> None:
    """Replace credentials; those not given stay. Without any, the secret ones are asked for."""
    given = _given(credential, secret_from_stdin)
    health = run(lambda: _rotate(code.upper(), given, force))
    _tell(code.upper(), health, is_kept=health.is_well or force)


@accounts.command("backfill", help="补拉此前的订单 / read orders from before: accounts backfill TB01 --since 60")
def backfill_command(code: Code, since: Since = PAST_DAYS_DEFAULT, orders: Scope = "open") -> None:
    """Read an account's past, beside the live pull; one that is under way begins anew."""
    past = run(lambda: _backfill(code.upper(), since, orders))
    if not screen.answer(BackfillBegun(code.upper(), past.since if past else None, bool(past and past.is_all))):
        tell_past(past)


@accounts.command("enable", help="启用账号 / switch an account on")
def enable_command(code: Code) -> None:
    """Switch it on."""
    _switch(code.upper(), True)


@accounts.command("disable", help="停用账号：不再读取与发送 / switch an account off")
def disable_command(code: Code) -> None:
    """Switch it off."""
    _switch(code.upper(), False)


@accounts.command("private", help="允许或收回某账号访问内网地址 / let an account reach a private host, or no longer")
def private_command(
    code: Code, allow: Private = None,
    refuse: Annotated[list[str] | None, typer.Option("--refuse", help="收回的主机 / a host no longer allowed")] = None,
) -> None:
    """Show or change the private hosts that an account may reach."""
    with _refusing():
        given, taken = check_hosts(allow or [], host_name), check_hosts(refuse or [], host_name)
    hosts = run(lambda: _private(code.upper(), given, taken))
    if not screen.answer(PrivateHosts(code.upper(), hosts)):
        screen.say(f"账号 {code.upper()} 可访问的内网主机：{'、'.join(hosts) or '无'}",
                   f"Private hosts that account {code.upper()} may reach: {', '.join(hosts) or 'none'}")


class _refusing:
    """A bad form, an account that is not there and a thing that is another's become refusals."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadForm):
            raise Stop(error.zh, error.en, code=2) from error
        if isinstance(error, TakenAlready):
            raise Stop(error.zh, error.en) from error
        if isinstance(error, NoAccount):
            raise unknown("账号", "account", error.code, error.known) from error


def _authorised(tokens: TokensView | None) -> str:
    """Until when, or why not."""
    if tokens is None:
        return ""
    last = tokens.lasts or max(tokens.ends.values(), default=None)
    words = screen.words("失效", "gone", between=" ") if tokens.is_final else f"{last:%Y-%m-%d %H:%M}" if last else "✓"
    return f"{words}: {screen.one_of(tokens.failure)}"[:60] if tokens.failure else words


def _form(name: str) -> Form:
    known = manifests()
    manifest = known.get(name)
    if manifest is None:
        raise unknown("连接器", "connector", name, difflib.get_close_matches(name, known, n=3) or sorted(known))
    return form_of(manifest)


def _pairs(words: list[str] | None) -> dict[str, str]:
    pairs = {}
    for word in words or []:
        name, sign, value = word.partition("=")
        if not sign:
            raise Stop(f"“{word}”应写成 名=值。", f'"{word}" must be name=value.', code=2)
        pairs[name.strip()] = value
    return pairs


def _given(words: list[str] | None, is_stdin: bool) -> dict[str, str]:
    """Credentials from the command line and, for secrets that must not be seen there, from standard input."""
    lines = [line.rstrip("\r\n") for line in sys.stdin.readlines()[:SECRET_LINES_MAX]] if is_stdin else []
    return _pairs(words) | _pairs([line for line in lines if line.strip()])


def _ask(form: Form, credentials: Mapping[str, str], settings: Mapping[str, str]) -> Filled:
    """Prompt for what is missing when a person is there; secrets are not echoed."""
    filled = fill(form, credentials, settings)
    if filled.missing and not (sys.stdin.isatty() and not screen.is_json):
        names = ", ".join(field.name for field in filled.missing)
        raise BadForm(f"缺少凭证：{names}。用 --set 名=值 或 --secret-from-stdin 给出。",
                      f"Missing credentials: {names}. Give them by --set name=value or --secret-from-stdin.")
    answers = {f.name: typer.prompt(f"{f.title.zh} / {f.title.en}", hide_input=f.is_secret) for f in filled.missing}
    return msgspec.structs.replace(filled, credentials={**filled.credentials, **answers}, missing=())


async def _connect(
    form: Form, account: Account, title: str, is_forced: bool, given: Mapping[str, str], hosts: list[str],
    wish: PastWish | None,
) -> Connected:
    async with hub() as opened:
        at = opened.now()
        with _refusing():
            return await connect_account(
                opened.ports.accounts, opened.trial, form, account, title, given=given, hosts=hosts,
                past=lambda is_new: wish.at(at, is_new=is_new) if wish else None, is_forced=is_forced)


async def _list(family: str) -> AccountList:
    async with connection() as (opened, one):
        Vocabulary(await opened.directory()).check(family=family)
        return await list_accounts(one, manifests(), family)


async def _known(opened: Hub, code: str) -> StoredAccount:
    with _refusing():
        return await find_account(opened.ports.accounts, code)


async def _test(code: str) -> Probed:
    async with hub() as opened:
        with _refusing():
            return await test_account(opened.ports.accounts, opened.trial, code)


async def _private(code: str, given: list[str], taken: list[str]) -> list[str]:
    async with hub() as opened:
        with _refusing():
            return await allow_hosts(opened.ports.accounts, opened.trial, code, given, taken)


async def _rotate(code: str, given: dict[str, str], is_forced: bool) -> Probed:
    async with hub() as opened:
        found = await _known(opened, code)
        form = _form(found.account.connector)
        with _refusing():
            old = {} if given else {f.name: v for f in form.credentials if not f.is_secret
                                    and (v := found.account.credentials.get(f.name))}
            base: dict[str, Any] = dict(found.account.credentials) if given else old
            filled = _ask(form, {**base, **given}, {})
        return await renew_account(opened.ports.accounts, opened.trial, found, filled.credentials, is_forced=is_forced)


async def _backfill(code: str, since: str, orders: str) -> Past | None:
    async with hub() as opened:
        account = (await _known(opened, code)).account
        wish = past_wish(account.connector, account.zone, since, orders)
        past = wish.at(opened.now(), is_new=True) if wish else None
        await read_past(opened.ports.accounts, account.id, past)
        return past


def _switch(code: str, is_active: bool) -> None:
    done = run(lambda: _set_active(code, is_active))
    if screen.answer(done):
        return
    if is_active:
        screen.say(f"账号 {code} 已启用；{done.released} 条搁置的消息继续处理，"
                   f"{done.deliveries_waiting} 条推送继续发送。",
                   f"Account {code} is on; {done.released} parked messages go on, {done.deliveries_waiting} deliveries "
                   "are sent.")
        return
    screen.say(f"账号 {code} 已停用：不再读取与推送。进行中的订单照常继续；"
               f"{done.deliveries_waiting} 条推送和新到的消息等到启用后再处理。",
               f"Account {code} is off: nothing is read from it or sent to it. Orders under way go on; "
               f"{done.deliveries_waiting} deliveries, and messages that still come, wait until it is on again.")


async def _set_active(code: str, is_active: bool) -> AccountSwitched:
    async with hub() as opened:
        with _refusing():
            if is_active:
                await _may_be_on(opened, code)
            return await switch_account(opened.ports.accounts, code, is_active)


async def _may_be_on(opened: Hub, code: str) -> None:
    try:
        found = await find_account(opened.ports.accounts, code)
    except NoAccount:
        return  # `switch_account` says so, with the codes that are near
    await must_be_alone(opened.ports.accounts, opened.trial, found.account)


def _tell(code: str, health: Probed, *, is_kept: bool) -> None:
    if not screen.answer(Tested(code, health.is_well, health.message, is_kept)):
        text = f"{'✓' if health.is_well else '✗'} {code}: {screen.one_of(health.message)}"
        screen.say(text, text, style="green" if health.is_well else "red")
        if not is_kept:
            screen.say("测试未通过，没有保存。修正后重试，或加 --force 仍然保存。",
                       "The test failed, nothing was kept. Mend it and try again, or add --force.")
    if not health.is_well:
        raise typer.Exit(1)
