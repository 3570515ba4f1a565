"""The ways that work on messages: what each writes, in a transaction that is kept, or undone after a look."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from orderloom.application.directory import Directory
from orderloom.application.discard import Stored
from orderloom.application.edit_mapping import MappingVersions, map_status
from orderloom.application.keep_skus import Goods, keep_skus
from orderloom.application.keep_warehouse import Houses, WarehouseRow, keep_warehouse
from orderloom.application.mends.shapes import MendWish
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Account
from orderloom.application.sku_row import SkuRow
from orderloom.application.teach_alias import Aliases, AliasRow, teach_aliases
from orderloom.application.within import Within
from orderloom.blueprint.mapping.corrections import Correction
from orderloom.blueprint.mapping.fragment import Steps, value_at

REACHES = ("shop", "connector", "all")
REASON_MAX = 2_000


class MendKept(Aliases, Goods, Houses, Protocol):
    """Where spellings, SKUs and warehouses are kept, in one transaction."""


class CorrectedMessages(Protocol):
    """Where messages are corrected and queued again, in one transaction."""

    async def correct(self, ids: Sequence[str], told: Correction, author: str, reason: str, at: datetime) -> None: ...
    async def lock(self, ids: Sequence[str]) -> list[Stored]: ...
    async def requeue(self, ids: Sequence[str], by: str, at: datetime) -> list[str]: ...


class MendSubject(NamedTuple):
    """What a mend is about: the account whose messages wait, their spelling or word, and the messages. `values`: what
    stands at each corrected path."""

    account: Account | None
    spelling: str
    word: str
    ids: Sequence[str]
    values: Mapping[str, Any]
    directory: Directory


def value_there(data: Any, steps: Steps, path: str) -> Any:
    """What stands at a place, which is to be a value; one that is not there yet must be of an object that is. Raises
    NotKept."""
    there, around = value_at(data, steps), value_at(data, steps[:-1])
    if not steps or isinstance(there, dict | list) or (there is None and not isinstance(around, dict)):
        raise NotKept("wrong_value", f"报文里没有可以更正的值 {path[:100]}",
                      f"no value at {path[:100]} can be corrected")
    return there


class MappingHub(Protocol):
    """What teaching a word needs of the hub, with the place where mappings are kept."""

    @property
    def mappings(self) -> Any: ...
    @property
    def wrong_columns(self) -> Callable[[Mapping[str, str]], list[str]]: ...
    async def directory(self) -> Directory: ...


class _Editing:
    """The hub as `map_status` asks for it, with mappings kept in a transaction that is open already."""

    def __init__(self, hub: MappingHub, within: Within[MappingVersions]) -> None:
        self.mappings, self.wrong_columns, self.directory = hub.mappings, hub.wrong_columns, hub.directory
        self.ports = _MappingsAt(within)


class _MappingsAt:
    def __init__(self, within: Within[MappingVersions]) -> None:
        self.mappings = within


async def teach_spelling(within: Within[MendKept], wish: MendWish, about: MendSubject, *, is_releasing: bool) -> int:
    """Keep the spelling for a SKU, which is made where the wish says so: all of it or nothing. Returns how many
    messages go on. Raises NotKept."""
    code = wish.new_sku.code if wish.new_sku else wish.sku
    if not code or about.account is None or not about.spelling:
        raise NotKept("wrong_value", "sku：选一个商品", "sku: choose a SKU")
    released = 0
    async with within() as kept:
        if wish.new_sku:
            if await kept.sku_ids([code]):
                raise NotKept("already_there", f"商品编码“{code}”已登记，请直接选它",
                              f'the SKU "{code}" is there already: choose it')
            row = SkuRow(code=code, name=wish.new_sku.name or None, unit=wish.new_sku.unit or None)
            released += (await keep_skus(lambda: nullcontext(kept), [row])).released
        if not (wish.new_sku and code == about.spelling and wish.factor == 1):
            rows = [AliasRow(about.spelling, code, wish.factor, account) for account in _reach(wish, about)]
            released += (await teach_aliases(lambda: nullcontext(kept), rows, is_releasing=is_releasing)).released
    return released


def _reach(wish: MendWish, about: MendSubject) -> list[str]:
    """Codes of the accounts that the spelling is taught for; an empty one stands for all."""
    assert about.account is not None
    if wish.reach not in REACHES:
        raise NotKept("wrong_value", f"reach：只能是 {'、'.join(REACHES)}", f"reach: one of {', '.join(REACHES)}")
    if wish.reach == "all":
        return [""]
    if wish.reach == "shop":
        return [about.account.code]
    like = [a.code for a in about.directory.accounts.values() if a.connector == about.account.connector]
    return sorted(like)


async def teach_word(
    hub: MappingHub, within: Within[MappingVersions], wish: MendWish, about: MendSubject, by: str,
) -> None:
    """Say what a platform's word means, for this account; what waits for it goes through again. Raises NotKept."""
    if about.account is None or not about.word:
        raise NotKept("wrong_value", "这张异常单没有状态词", "the case is about no word")
    meaning = {name: value for name, value in wish.meaning.items() if value not in ("", None, False)}
    if not meaning:
        raise NotKept("wrong_value", "meaning：说明这个词的含义", "meaning: say what the word means")
    await map_status(_Editing(hub, within), about.account.code, wish.dictionary, about.word, meaning, by,
                     wish.reason.strip() or f"{about.word} → {meaning.get('milestone') or meaning}")


async def give_warehouse(within: Within[MendKept], wish: MendWish, about: MendSubject) -> None:
    """The account manages this warehouse from now on: its reports are judged again. Raises NotKept."""
    if about.account is None or not wish.warehouse:
        raise NotKept("wrong_value", "warehouse：选一个仓库", "warehouse: choose a warehouse")
    await keep_warehouse(within, WarehouseRow(code=wish.warehouse, account=about.account.code))


async def correct_values(
    within: Within[CorrectedMessages], wish: MendWish, about: MendSubject, by: str, at: datetime, *, is_releasing: bool,
) -> int:
    """Keep other values for what stands in the messages, with author and reason, and take them through again: those in
    which something else stands are read as they are. Raises NotKept."""
    if not wish.corrections:
        raise NotKept("wrong_value", "corrections：写明哪个值改成什么", "corrections: say which value is to be what")
    if is_releasing and not 0 < len(wish.reason.strip()) <= REASON_MAX:
        raise NotKept("wrong_value", "reason：写明为什么更正", "reason: say why it is corrected")
    async with within() as messages:
        ids = [one.id for one in await messages.lock(about.ids) if one.outcome == "parked"]
        for one in wish.corrections:
            told = Correction(one.path, about.values.get(one.path), one.value)
            await messages.correct(ids, told, by, wish.reason.strip(), at)
        return len(await messages.requeue(ids, by, at)) if is_releasing else 0
