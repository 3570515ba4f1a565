"""Teach a channel's spelling of a SKU, or forget one: one verb with one meaning for command line, API and rehearsal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from orderloom.application.directory import ACCOUNT, Directory
from orderloom.application.not_kept import NotKept, refuse, twin, unknown
from orderloom.application.within import Within
from orderloom.domain.cleaning import clean_text
from orderloom.domain.codes import spelling_problem
from orderloom.domain.words import Words

FACTOR_MAX = 1_000_000


class Aliases(Protocol):
    """Where spellings are kept, in one transaction; `account_id` None stands for every account."""

    async def directory(self) -> Directory: ...
    async def sku_ids(self, codes: Sequence[str]) -> dict[str, int]: ...
    async def codes(self) -> list[str]: ...
    async def code_of(self, sku_id: int) -> str: ...
    async def spellings(self, account_id: int | None, sku_id: int, factor: int) -> list[str]: ...
    async def meaning(self, account_id: int | None, spelling: str) -> tuple[int, int] | None: ...
    async def keep_alias(self, account_id: int | None, spelling: str, sku_id: int, factor: int) -> None: ...
    async def drop_alias(self, account_id: int | None, spelling: str) -> bool: ...
    async def release_spellings(self, account: str, spellings: Sequence[str]) -> int: ...


class Taught(msgspec.Struct, frozen=True):
    """The spelling stands. `released`: messages that waited for it and go on; their cases close as they do."""

    alias: str
    sku: str
    account: str | None
    factor: int
    is_new: bool
    released: int


class Forgotten(msgspec.Struct, frozen=True):
    """Recorded orders keep their SKU; new ones with this spelling wait until it is taught again."""

    alias: str
    account: str | None


async def teach_alias(
    within: Within[Aliases], spelling: str, sku: str, *, account: str = "", factor: int = 1, is_replacing: bool = False,
) -> Taught:
    """Keep the spelling, cleaned as it is when an order is read, and let go on what waited for it.

    The same again changes nothing; another meaning needs `is_replacing`. Raises NotKept.
    """
    async with within() as aliases:
        return await _teach(aliases, await aliases.directory(), spelling, sku, account, factor, is_replacing)


async def _teach(
    aliases: Aliases, directory: Directory, spelling: str, sku: str, account: str, factor: int, is_replacing: bool,
) -> Taught:
    refuse(Words("写法", "spelling"), spelling_problem(spelling))
    spelling = clean_text(spelling)
    if not 1 <= factor <= FACTOR_MAX:
        raise NotKept("wrong_value", f"数量应是 1 到 {FACTOR_MAX}", f"factor: from 1 to {FACTOR_MAX}")
    account_id, code = account_named(directory, account)
    sku_id = (await aliases.sku_ids([sku])).get(sku)
    if sku_id is None:
        raise unknown(Words("商品编码", "SKU"), sku, await aliases.codes())
    was = await aliases.meaning(account_id, spelling)
    if was is not None and was != (sku_id, factor) and not is_replacing:
        before = f"{await aliases.code_of(was[0])} × {was[1]}"
        raise NotKept("already_there", f"“{spelling}”已表示 {before}；要改请明确替换（--replace）",
                    f'"{spelling}" means {before} already; say that it is to be replaced (--replace)')
    if was is None and not is_replacing:
        twin(Words("写法", "spelling"), spelling, await aliases.spellings(account_id, sku_id, factor))
    await aliases.keep_alias(account_id, spelling, sku_id, factor)
    released = await aliases.release_spellings(code, [spelling])
    return Taught(spelling, sku, code or None, factor, was is None, released)


async def forget_alias(within: Within[Aliases], spelling: str, *, account: str = "") -> Forgotten:
    """Take a spelling away; no order, message or movement is touched. Raises NotKept."""
    spelling = clean_text(spelling)
    async with within() as aliases:
        account_id, code = account_named(await aliases.directory(), account)
        is_gone = await aliases.drop_alias(account_id, spelling)
    if not is_gone:
        where = code or "*"
        raise NotKept("not_found", f"{where} 没有写法“{spelling[:60]}”", f'{where} has no spelling "{spelling[:60]}"')
    return Forgotten(spelling, code or None)


def account_named(directory: Directory, code: str) -> tuple[int | None, str]:
    """Id and code of an account by its code in any case; (None, "") for every account. Raises NotKept."""
    if not code:
        return None, ""
    found = directory.account_by_code(code) or directory.account_by_code(code.upper())
    if found is None:
        raise unknown(ACCOUNT, code, [a.code for a in directory.accounts.values()])
    return found.id, found.code
