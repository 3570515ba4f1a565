"""Teach channels' spellings of SKUs, or forget one: one verb with one meaning for command line, API and rehearsal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.directory import ACCOUNT, Directory
from orderloom.application.not_kept import NotKept, refuse, twin, unknown
from orderloom.application.within import Within
from orderloom.domain.cleaning import clean_text
from orderloom.domain.codes import folded, spelling_problem
from orderloom.domain.words import Words

FACTOR_MAX = 1_000_000
SPELLING = Words("写法", "spelling")


class AliasRow(msgspec.Struct, frozen=True):
    """A spelling to teach: `factor` base units of a SKU, at an account (empty: at every one). `listing`: the platform's
    own ids of what it names, none: as they were. `is_published`: whether its stock is shown there, None: as it was."""

    spelling: str
    sku: str
    factor: int = 1
    account: str = ""
    listing: dict[str, str] = {}
    is_published: bool | None = None


class KeptAlias(NamedTuple):
    """A spelling, and so many units of which SKU it stands for."""

    spelling: str
    sku_id: int
    factor: int


class Aliases(Protocol):
    """Where spellings are kept, in one transaction; `account_id` None stands for every account."""

    async def directory(self) -> Directory: ...
    async def sku_ids(self, codes: Sequence[str]) -> dict[str, int]: ...
    async def codes(self) -> list[str]: ...
    async def code_of(self, sku_id: int) -> str: ...
    async def spellings(self, account_id: int | None) -> list[KeptAlias]:
        """Every one of the account."""
    async def meanings(self, account_id: int | None, spellings: Sequence[str]) -> dict[str, KeptAlias]:
        """Those of them that have a meaning, locked."""
    async def keep_aliases(self, account_id: int | None, rows: Sequence[tuple[AliasRow, int]]) -> None:
        """Keep them, each with the id of its SKU."""
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


class AllTaught(msgspec.Struct, frozen=True):
    """So many spellings are new, so many stood; so many waiting messages go on."""

    added: int
    updated: int
    released: int


class Forgotten(msgspec.Struct, frozen=True):
    """Recorded orders keep their SKU; new ones with this spelling wait until it is taught again."""

    alias: str
    account: str | None


async def teach_alias(
    within: Within[Aliases], spelling: str, sku: str, *, account: str = "", factor: int = 1, is_replacing: bool = False,
    is_releasing: bool = True,
) -> Taught:
    """Keep the spelling, cleaned as it is when an order is read, and let go on what waited for it.

    The same again changes nothing; another meaning needs `is_replacing`. Unless it `is_releasing`, what waited for it
    waits on. Raises NotKept.
    """
    row = _cleaned(AliasRow(spelling, sku, factor))
    async with within() as aliases:
        account_id, code = account_named(await aliases.directory(), account)
        done = await _teach(aliases, account_id, code, [row], is_replacing=is_replacing,
                            is_releasing=is_releasing)
    return Taught(row.spelling, sku, code or None, factor, done.added > 0, done.released)


async def teach_aliases(
    within: Within[Aliases], rows: Sequence[AliasRow], *, is_replacing: bool = False, is_releasing: bool = True,
) -> AllTaught:
    """The same of many, all or none; each stands in one row: no stock is shown while half of them are known.

    None is replaced unless `is_replacing`. Raises NotKept.
    """
    groups: dict[str, list[AliasRow]] = {}
    for row in rows:
        groups.setdefault(row.account, []).append(_cleaned(row))
    for group in groups.values():
        _each_once([row.spelling for row in group])
    async with within() as aliases:
        directory = await aliases.directory()
        done = [await _teach(aliases, *account_named(directory, account), group, is_replacing=is_replacing,
                             is_releasing=is_releasing)
                for account, group in groups.items()]
    return AllTaught(*[sum(getattr(one, name) for one in done) for name in AllTaught.__struct_fields__])


def _each_once(spellings: Sequence[str]) -> None:
    if twice := [text[:60] for text, count in Counter(spellings).items() if count > 1]:
        raise NotKept("wrong_value", f"写法“{twice[0]}”出现了不止一次", f'spelling "{twice[0]}" stands there twice')


def _cleaned(row: AliasRow) -> AliasRow:
    refuse(SPELLING, spelling_problem(row.spelling))
    if not 1 <= row.factor <= FACTOR_MAX:
        raise NotKept("wrong_value", f"数量应是 1 到 {FACTOR_MAX}", f"factor: from 1 to {FACTOR_MAX}")
    return msgspec.structs.replace(row, spelling=clean_text(row.spelling))


async def _teach(
    aliases: Aliases, account_id: int | None, code: str, rows: Sequence[AliasRow], *, is_replacing: bool,
    is_releasing: bool,
) -> AllTaught:
    ids = await aliases.sku_ids(sorted({row.sku for row in rows}))
    for row in rows:
        if row.sku not in ids:
            raise unknown(Words("商品编码", "SKU"), row.sku, await aliases.codes())
    spellings = [row.spelling for row in rows]
    was = await aliases.meanings(account_id, spellings)
    if not is_replacing:
        meant = [KeptAlias(row.spelling, ids[row.sku], row.factor) for row in rows]
        for one in meant:
            if was.get(one.spelling, one) != one:
                before = f"{await aliases.code_of(was[one.spelling].sku_id)} × {was[one.spelling].factor}"
                raise NotKept("already_there", f"“{one.spelling}”已表示 {before}；要改请明确替换（--replace）",
                              f'"{one.spelling}" means {before} already; say that it is to be replaced (--replace)')
        if fresh := [one for one in meant if one.spelling not in was]:
            _no_twins(fresh, await aliases.spellings(account_id))
    await aliases.keep_aliases(account_id, [(row, ids[row.sku]) for row in rows])
    released = await aliases.release_spellings(code, spellings) if is_releasing else 0
    return AllTaught(len(rows) - len(was), len(was), released)


def _no_twins(fresh: Sequence[KeptAlias], known: Sequence[KeptAlias]) -> None:
    """No new spelling may differ by case or width alone from one that means something else. One pass over all."""
    plain: dict[str, list[KeptAlias]] = {}
    for one in (*known, *fresh):
        plain.setdefault(folded(one.spelling), []).append(one)
    for new in fresh:
        others = plain[folded(new.spelling)]
        twin(SPELLING, new.spelling, [one.spelling for one in others if one[1:] != new[1:]])


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
