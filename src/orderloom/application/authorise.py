"""Have a person authorise an account at its platform (OAuth 2.0): send them there, and keep what comes back of it.

What ties the two together is a random state that is known here by its digest alone: good once, for ten minutes, for one
account, and for whoever began; a user who may not keep accounts any more has begun nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec
import structlog

from orderloom.application.keep_account import AccountStore, AccountTrial, find_account, test_account
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account, Authorises, Terminal, Tokens, Transient
from orderloom.application.sources.hub import OutwardHub
from orderloom.application.within import Within

LASTS = timedelta(minutes=10)
EXCHANGE_SECONDS_MAX = 40.0
PATH = "/oauth/callback"
"""Where platforms send people back to, below the hub's public address."""
SECRET_CHARACTERS_MIN = 6
log = structlog.get_logger()


class Beginner(NamedTuple):
    """Who begins an authorisation: as the log names them; and the user's name, or the id of a program's token.

    Neither: whoever has the machine.
    """

    actor: str
    user: str = ""
    token_id: str = ""


class Pending(NamedTuple):
    """An authorisation that was begun; `is_over`, `was_used`: it cannot be finished any more."""

    code: str
    redirect: str
    began: Beginner
    is_over: bool
    was_used: bool


class Book(Protocol):
    """Where authorisations under way are written down, in one transaction."""

    async def begin(self, state_index: bytes, account_id: int, redirect: str, began: Beginner, at: datetime,
                    ends_at: datetime) -> None: ...
    async def find(self, state_index: bytes, at: datetime) -> Pending | None:
        """It is locked."""
    async def use(self, state_index: bytes, at: datetime) -> None: ...
    async def may_still(self, began: Beginner) -> bool:
        """Whether the user is not disabled, or the token not revoked, and may keep accounts."""


class AuthorisingPorts(Protocol):
    """Where it is written down."""

    @property
    def accounts(self) -> Within[AccountStore]: ...
    @property
    def authorisations(self) -> Within[Book]: ...


class AuthorisingHub(OutwardHub, Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> AuthorisingPorts: ...
    @property
    def tokens(self) -> Tokens: ...
    @property
    def trial(self) -> AccountTrial: ...


class AuthorisationBegun(msgspec.Struct, frozen=True):
    """Open `url` in a browser before `ends_at`. `callback` has to be registered at the platform."""

    account: str
    url: str
    callback: str
    ends_at: datetime


class Authorised(msgspec.Struct, frozen=True):
    """The account is authorised, `lasts` until then (null: the platform does not say); and how its test went."""

    account: str
    lasts: datetime | None
    is_well: bool
    message: str


async def begin_authorisation(hub: AuthorisingHub, code: str, began: Beginner, base: str) -> AuthorisationBegun:
    """Where a person is sent; `base` is the hub's public address. Raises NoAccount, NotKept, Terminal."""
    account = (await find_account(hub.ports.accounts, code)).account
    state, redirect, ends_at = secrets.token_urlsafe(32), base.rstrip("/") + PATH, hub.now() + LASTS
    url = _connector(hub, account).authorise_url(account, state, redirect)
    async with hub.ports.authorisations() as book:
        await book.begin(_index(state), account.id, redirect, began, hub.now(), ends_at)
    return AuthorisationBegun(account.code, url, redirect, ends_at)


async def finish_authorisation(
    hub: AuthorisingHub, params: Mapping[str, str], *, code: str = "", actor: str = "",
) -> Authorised:
    """Keep the tokens for what the platform added to the callback address, `state` among it.

    `code`, `actor`: the account and the person that it must be of, where that is known. Raises NotKept, NoAccount,
    Transient, Terminal; the text of none of them holds what was added.
    """
    pending = await _take(hub, params.get("state", ""), code, actor)
    account = (await find_account(hub.ports.accounts, pending.code)).account
    if params.get("error"):
        raise NotKept("not_authorised", f"平台没有授权（{params['error'][:60]}），请重新开始授权",
                      f"the platform did not authorise it ({params['error'][:60]}): begin again")
    connector, http = _connector(hub, account), hub.outside.client(account)
    try:
        async with asyncio.timeout(EXCHANGE_SECONDS_MAX):
            granted = await connector.exchange(account, params, pending.redirect, http)
    except (Transient, Terminal) as no:
        raise type(no)(no.code, without(no.message, params.values())) from None
    except TimeoutError:
        raise Transient("no_answer", "平台没有应答，请重新授权 | the platform did not answer: begin again") from None
    await hub.tokens.keep(account, granted)
    log.info("account_authorised", account=account.code, by=pending.began.actor)
    health = await test_account(hub.ports.accounts, hub.trial, account.code)
    return Authorised(account.code, granted.lasts, health.is_well, health.message)


async def _take(hub: AuthorisingHub, state: str, code: str, actor: str) -> Pending:
    """The authorisation that this state stands for, which can be finished once. Raises NotKept."""
    index, at = _index(state), hub.now()
    async with hub.ports.authorisations() as book:
        pending = await book.find(index, at)
        wrong = _wrong(pending, code, actor)
        if wrong is None and pending is not None and not await book.may_still(pending.began):
            wrong = NotKept("wrong_state", "发起授权的人已停用或无权管理账号，请换人重新发起",
                            "who began it is disabled or may not keep accounts: somebody else has to begin")
        if wrong is not None or pending is None:
            raise wrong or _unknown()
        await book.use(index, at)
    return pending


def _wrong(pending: Pending | None, code: str, actor: str) -> NotKept | None:
    if pending is None:
        return _unknown()
    if pending.was_used:
        return NotKept("wrong_state", "这次授权已经用过，请重新开始授权",
                       "this authorisation was used already: begin again")
    if pending.is_over:
        return NotKept("wrong_state", "这次授权已超过 10 分钟，请重新开始授权",
                       "this authorisation is over ten minutes old: begin again")
    if code and code != pending.code:
        return NotKept("wrong_state", "这次授权是为另一个账号发起的", "this authorisation is for another account")
    if actor and actor != pending.began.actor:
        return NotKept("wrong_state", "这次授权是别人发起的，请自己重新发起",
                       "somebody else began it: begin it yourself")
    return None


def _unknown() -> NotKept:
    return NotKept("wrong_state", "没有这次授权，请从账号处重新开始授权",
                   "there is no such authorisation: begin again from the account")


def _connector(hub: AuthorisingHub, account: Account) -> Authorises:
    connector = hub.connectors.get(account.connector)
    if not isinstance(connector, Authorises):
        able = ", ".join([name for name, one in hub.connectors.items() if isinstance(one, Authorises)])
        raise NotKept("no_authorisation", f"{account.connector} 不需要在浏览器里授权（需要的有：{able or '无'}）",
                      f"{account.connector} is not authorised in a browser (those that are: {able or 'none'})")
    return connector


def _index(state: str) -> bytes:
    return sha256(state.encode()).digest()


def without(text: str, values: Iterable[str]) -> str:
    """A text without the values that it may quote."""
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SECRET_CHARACTERS_MIN:
            text = text.replace(value, "***")
    return text
