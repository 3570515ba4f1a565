"""Keep a connected account: connect it, renew its credentials, let it reach a private host, read its past.

An account is tested at its platform outside any transaction; what was refused there is kept only if somebody insists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.connect import Form, Past, merged
from orderloom.application.ports import Account, Granted, Probed
from orderloom.application.within import Within


class StoredAccount(msgspec.Struct, frozen=True):
    """An account as stored."""

    account: Account
    title: str
    is_active: bool


class AccountStore(Protocol):
    """Where accounts are kept, in one transaction."""

    async def find(self, code: str) -> StoredAccount | None:
        """Switched-off ones too."""
    async def codes(self) -> list[str]: ...
    async def save(self, account: Account, title: str, *, is_new: bool = False) -> int | None:
        """Its id; None when the code is another connector's meanwhile, or with `is_new` anybody's."""
    async def begin_tokens(self, account: Account, granted: Granted | None) -> None:
        """Tokens of before are gone; the first of these credentials are those granted, if any."""
    async def note_health(self, account_id: int, health: Probed) -> None: ...
    async def backfill(self, account_id: int, since: datetime, *, is_all: bool) -> None: ...


class AccountTrial(Protocol):
    """What the outside says of an account before it is kept."""

    async def probe(self, account: Account) -> Probed: ...
    def gained(self, account: Account) -> Granted | None:
        """The tokens that the platform granted when the account was tried, if it did: they may be good once only."""
    async def check_address(self, account: Account) -> None:
        """Raises Terminal for an address of the inside that nobody allowed."""
    async def clash(self, account: Account, others: Sequence[Account]) -> tuple[str, str] | None:
        """A setting that only one account may have so, and the other account that has it."""
    def with_hosts(self, account: Account, allowed: Sequence[str], disallowed: Sequence[str]) -> Account: ...
    def hosts(self, account: Account) -> list[str]:
        """Private hosts that it may reach."""


class NoAccount(LookupError):
    """There is no account with this code; `known` are the codes that there are."""

    def __init__(self, code: str, known: list[str]) -> None:
        super().__init__(code)
        self.code, self.known = code, known


class TakenAlready(ValueError):
    """Something is another account's: its code, or a setting that only one may have. `zh` and `en` say which."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


class Connected(msgspec.Struct, frozen=True):
    """How the test went, what of the past is read, and whether the account was known and is switched off."""

    health: Probed
    past: Past | None
    is_off: bool = False


async def find_account(within: Within[AccountStore], code: str) -> StoredAccount:
    """The account with this code. Raises NoAccount."""
    async with within() as accounts:
        found = await accounts.find(code)
        if found is None:
            raise NoAccount(code, await accounts.codes())
    return found


async def connect_account(
    within: Within[AccountStore], trial: AccountTrial, form: Form, asked: Account, title: str, *,
    given: Mapping[str, str], hosts: Sequence[str], past: Callable[[bool], Past | None], is_forced: bool,
    is_new: bool = False,
) -> Connected:
    """Test an account and keep it. Of one that is known only what is `given` changes, and it stays on or off.

    It is read from now on at once; with `past` (asked whether it is new), the orders from before beside that. With
    `is_new` the code must be nobody's, also of two who connect it at once. Raises TakenAlready, Terminal.
    """
    before = await _before(within, asked)
    if before is not None and is_new:
        raise _taken(asked.code)
    account = trial.with_hosts(_merged(asked, before, form, given), hosts, [])
    if before is not None and dict(before.account.credentials) == dict(account.credentials):
        account = msgspec.structs.replace(account, id=before.account.id)  # its tokens are kept, and so used
    await trial.check_address(account)
    await must_be_alone(within, trial, account)
    wanted = past(before is None)
    title = title or (before.title if before else "") or form.title.zh
    health = await _keep(within, trial, account, title, is_forced=is_forced, past=wanted, is_new=before is None)
    return Connected(health, wanted, before is not None and not before.is_active)


async def renew_account(
    within: Within[AccountStore], trial: AccountTrial, found: StoredAccount, credentials: Mapping[str, str], *,
    is_forced: bool,
) -> Probed:
    """Replace credentials: tested first, then kept."""
    account = msgspec.structs.replace(found.account, id=0, credentials=credentials)
    return await _keep(within, trial, account, found.title, is_forced=is_forced)


async def test_account(within: Within[AccountStore], trial: AccountTrial, code: str) -> Probed:
    """Test an account at its platform, and write down how it went. Raises NoAccount."""
    account = (await find_account(within, code)).account
    health = await trial.probe(account)
    async with within() as accounts:
        await accounts.note_health(account.id, health)
    return health


async def allow_hosts(
    within: Within[AccountStore], trial: AccountTrial, code: str, allowed: Sequence[str], disallowed: Sequence[str],
) -> list[str]:
    """The private hosts that an account may reach, after these came and went. Raises NoAccount."""
    found = await find_account(within, code)
    account = trial.with_hosts(found.account, allowed, disallowed)
    if allowed or disallowed:
        async with within() as accounts:
            await accounts.save(account, found.title)
    return trial.hosts(account)


async def read_past(within: Within[AccountStore], account_id: int, past: Past | None) -> None:
    """Read orders from before, beside the live pull; what is under way begins anew."""
    if past is not None and past.since is not None:
        async with within() as accounts:
            await accounts.backfill(account_id, past.since, is_all=past.is_all)


async def must_be_alone(within: Within[AccountStore], trial: AccountTrial, account: Account) -> None:
    """A folder that two accounts read would give each of them some of the orders. Raises TakenAlready."""
    async with within() as accounts:
        kept = [one for code in await accounts.codes() if (one := await accounts.find(code))]
    if clash := await trial.clash(account, [one.account for one in kept if one.is_active]):
        raise TakenAlready(f"{clash[0]} 已由账号 {clash[1]} 使用，两个账号不能共用；请换一个，或先停用 {clash[1]}。",
                    f"{clash[0]} is account {clash[1]}'s and cannot be shared: choose another, or disable {clash[1]}.")


async def _before(within: Within[AccountStore], asked: Account) -> StoredAccount | None:
    async with within() as accounts:
        before = await accounts.find(asked.code)
    if before is not None and before.account.connector != asked.connector:
        raise TakenAlready(f"账号 {asked.code} 已用于 {before.account.connector}，请换一个代码。",
                    f"Account {asked.code} is taken by {before.account.connector}: choose another code.")
    return before


def _merged(asked: Account, before: StoredAccount | None, form: Form, given: Mapping[str, str]) -> Account:
    """What is asked for on top of what was kept; a new account has the form's defaults below it."""
    if before is None:
        defaults = {name: one.default for name, one in form.settings.items() if not one.goes_with_connector}
        return msgspec.structs.replace(asked, settings={**defaults, **asked.settings})
    kept = before.account
    return msgspec.structs.replace(
        asked, settings=merged(kept.settings, asked.settings), zone=given.get("zone", kept.zone),
        base_url=given.get("base_url", kept.base_url), credentials={**kept.credentials, **asked.credentials})


async def _keep(
    within: Within[AccountStore], trial: AccountTrial, account: Account, title: str, *, is_forced: bool,
    past: Past | None = None, is_new: bool = False,
) -> Probed:
    """Account 0 has new credentials: its tokens begin with what the platform grants when it is tried."""
    health = await trial.probe(account)
    if health.is_well or health.is_to_authorise or is_forced:
        async with within() as accounts:
            account_id = await accounts.save(account, title, is_new=is_new)
            if account_id is None:
                raise _taken(account.code)
            if not account.id:
                kept = msgspec.structs.replace(account, id=account_id)
                await accounts.begin_tokens(kept, trial.gained(account))
            await accounts.note_health(account_id, health)
            if past is not None and past.since is not None:
                await accounts.backfill(account_id, past.since, is_all=past.is_all)
    return health


def _taken(code: str) -> TakenAlready:
    return TakenAlready(f"账号 {code} 已存在，换个代码，或更换它的凭证",
                        f"account {code} is there: choose another code, or replace its credentials")
