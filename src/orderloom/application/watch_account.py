"""Only watch a connected account - it is read, its messages are mapped, and there it ends - or go live with it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from orderloom.application.directory import ACCOUNT
from orderloom.application.not_kept import unknown
from orderloom.application.within import Within

SET_ASIDE = "上线前只观察到的消息，不再处理 / seen while the account was only watched; not made into anything"


class Watching(Protocol):
    """Where accounts are kept, in one transaction."""

    async def set_watching(self, code: str, is_watching: bool) -> int | None: ...
    async def codes(self) -> list[str]: ...
    async def waiting(self, account_id: int) -> tuple[int, int]: ...
    async def release(self, account_id: int) -> int: ...
    async def drop_watched(self, account_id: int, by: str, reason: str) -> int: ...


class AccountWatched(msgspec.Struct, frozen=True):
    """Watched only: its messages wait, nothing is sent. Live: `released` of what waited go on, `set_aside` do not."""

    account: str
    is_watching: bool
    deliveries_waiting: int
    messages_waiting: int
    released: int = 0
    set_aside: int = 0


async def watch_account(within: Within[Watching], code: str) -> AccountWatched:
    """Send nothing to it and make nothing of what it says, from now on. Raises NotKept."""
    async with within() as accounts:
        account_id = await accounts.set_watching(code, True)
        if account_id is None:
            raise unknown(ACCOUNT, code, await accounts.codes())
        deliveries, messages = await accounts.waiting(account_id)
    return AccountWatched(code, True, deliveries, messages)


async def go_live(within: Within[Watching], code: str, by: str, *, is_with_seen: bool) -> AccountWatched:
    """Make orders of what it says and send to it. With `is_with_seen` also of what came while it was only watched;
    else those messages are set aside, stored and to be replayed by hand. Raises NotKept."""
    async with within() as accounts:
        account_id = await accounts.set_watching(code, False)
        if account_id is None:
            raise unknown(ACCOUNT, code, await accounts.codes())
        dropped = 0 if is_with_seen else await accounts.drop_watched(account_id, by, SET_ASIDE)
        released = await accounts.release(account_id)
        deliveries, messages = await accounts.waiting(account_id)
    return AccountWatched(code, False, deliveries, messages, released, dropped)
