"""Set who decides what of an account; shown stock follows: another's is told no more, and ours is told anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from orderloom.application.keep_account import NoAccount, StoredAccount
from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within
from orderloom.domain.masters import HUB, SETTING, changed, masters_of
from orderloom.domain.refusal import Refusal


class MasterStore(Protocol):
    """Where accounts are kept, in one transaction."""

    async def find(self, code: str) -> StoredAccount | None: ...
    async def codes(self) -> list[str]: ...
    async def set_setting(self, code: str, name: str, value: Any) -> None: ...
    async def end_stock(self, account_id: int) -> int:
        """Figures that are queued to it do not leave; returns how many deliveries that are."""
    async def tell_stock_anew(self, account_id: int) -> None:
        """It is told every figure again."""


class Masters(msgspec.Struct, frozen=True):
    """Who decides what: `stock`, `shipping` and `receiver`, each hub, channel or system. `ended`: stock deliveries that
    are not sent any more."""

    account: str
    masters: dict[str, str]
    ended: int = 0


async def set_masters(within: Within[MasterStore], code: str, given: Mapping[str, str]) -> Masters:
    """Change some of them, or none. Raises NoAccount, NotKept."""
    async with within() as accounts:
        found = await accounts.find(code)
        if found is None:
            raise NoAccount(code, await accounts.codes())
        before = masters_of(found.account.settings)
        after = changed(found.account.settings, given)
        if isinstance(after, Refusal):
            raise _told(after)
        ended = 0
        if after != before:
            await accounts.set_setting(code, SETTING, after)
        if after["stock"] != before["stock"]:
            if before["stock"] == HUB:
                ended = await accounts.end_stock(found.account.id)
            elif after["stock"] == HUB:
                await accounts.tell_stock_anew(found.account.id)
    return Masters(code, after, ended)


def _told(refusal: Refusal) -> NotKept:
    thing, known = refusal.particulars["thing"][:60], refusal.particulars["known"]
    if refusal.code == "unknown_master":
        master = refusal.particulars["master"][:60]
        return NotKept("wrong_value", f"{thing} 不能由“{master}”作主，只能是：{known}",
                       f'"{master}" cannot be master of {thing}; these can: {known}')
    near = refusal.particulars["near"]
    return NotKept("wrong_value", f"没有“{thing}”这一项，{f'你是不是要写 {near}？' if near else f'可设：{known}'}",
                   f'There is no "{thing}": {f"did you mean {near}?" if near else f"known: {known}"}')
