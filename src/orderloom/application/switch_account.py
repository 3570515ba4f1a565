"""Switch a connected account off and on: nothing is read or sent while it is off, and nothing that waits is lost."""

from __future__ import annotations

from typing import Protocol

import msgspec

from orderloom.application.directory import ACCOUNT
from orderloom.application.not_kept import unknown
from orderloom.application.within import Within


class Switches(Protocol):
    """Where accounts are kept, in one transaction."""

    async def set_active(self, code: str, is_active: bool) -> int | None: ...
    async def codes(self) -> list[str]: ...
    async def waiting(self, account_id: int) -> tuple[int, int]: ...
    async def release(self, account_id: int) -> int: ...


class AccountSwitched(msgspec.Struct, frozen=True):
    """Off: what is queued to it waits, and its messages are parked. On: `released` of them go on."""

    account: str
    is_active: bool
    deliveries_waiting: int
    messages_waiting: int
    released: int


async def switch_account(within: Within[Switches], code: str, is_active: bool) -> AccountSwitched:
    """Switch it; orders of it that are under way go on. Raises NotKept."""
    async with within() as accounts:
        account_id = await accounts.set_active(code, is_active)
        if account_id is None:
            raise unknown(ACCOUNT, code, await accounts.codes())
        released = await accounts.release(account_id) if is_active else 0
        deliveries, messages = await accounts.waiting(account_id)
    return AccountSwitched(code, is_active, deliveries, messages, released)
