"""SKUs and spellings by key: what was asked for lately is kept, and forgotten key by key as changes are committed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.directory import Alias, KnownGoods, Sku, SkuMeaning
from orderloom.domain.codes import can_be_stored
from orderloom.domain.inventory.quota import Quota
from orderloom.domain.states import LineKind

Connection = AsyncConnection[Any]
KEPT_MAX = 50_000
"""Spellings, and as many SKUs, that a process keeps: some 30 MiB when full."""
CODE = -1
"""Stands in a row for the account of a text that is a SKU's own code."""
UNKNOWN = SkuMeaning()
K = TypeVar("K")
V = TypeVar("V")


class GoodsMoved(NamedTuple):
    """Whose row changed: ids of SKUs, and texts whose meaning (of any account, or as a code) is another one now."""

    skus: Collection[int] = ()
    spellings: Collection[str] = ()


class Recent(Generic[K, V]):
    """The values used last, in two generations: when the young one is full the old one is given up, and nobody counts
    uses."""

    def __init__(self, most: int) -> None:
        self._half = max(most // 2, 1)
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._young) + len(self._old)

    def get(self, key: K) -> V | None:
        """The value, None when it is not kept (any more)."""
        found = self._young.get(key)
        if found is None and (found := self._old.pop(key, None)) is not None:
            self.put(key, found)
        return found

    def put(self, key: K, value: V) -> None:
        """Keep a value."""
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[key] = value

    def forget(self, key: K) -> None:
        """The value is true no more."""
        self._young.pop(key, None)
        self._old.pop(key, None)

    def clear(self) -> None:
        """Nothing that is kept can be relied on."""
        self._young.clear()
        self._old.clear()


class Missing(NamedTuple):
    """What has to be read."""

    spellings: list[str]
    skus: list[int]


class KeptGoods:
    """What a process knows of the goods. No IO: who looks, reads and keeps is the `Shelf`."""

    def __init__(self, most: int) -> None:
        self._skus: Recent[int, Sku] = Recent(most)
        self._spellings: Recent[str, SkuMeaning] = Recent(most)

    def look_up(self, spellings: Iterable[str], skus: Iterable[int]) -> tuple[KnownGoods, Missing]:
        """What is known of these, with all that they need, and what is not."""
        meanings: dict[str, SkuMeaning] = {}
        missing = Missing([], [])
        wanted = set(skus)
        for text in spellings:
            meaning = self._spellings.get(text)
            if meaning is None:
                missing.spellings.append(text)
                continue
            meanings[text] = meaning
            if meaning is not UNKNOWN:
                wanted.update(skus_of(meaning))
        known: dict[int, Sku] = {}
        while wanted:
            further = set[int]()
            for sku_id in wanted:
                sku = self._skus.get(sku_id)
                if sku is None:
                    missing.skus.append(sku_id)
                    continue
                known[sku_id] = sku
                further.update([part for part, _ in sku.parts])
            wanted = further - known.keys() - set(missing.skus)
        return KnownGoods(known, meanings), missing

    def keep(self, found: KnownGoods) -> None:
        """Keep what was read."""
        for sku_id, sku in found.skus.items():
            self._skus.put(sku_id, sku)
        for text, meaning in found.spellings.items():
            self._spellings.put(text, meaning)

    def forget(self, changes: Sequence[GoodsMoved] | None) -> None:
        """Give up what these changes were about; None: it is not known what changed."""
        if changes is None:
            self._skus.clear()
            self._spellings.clear()
            return
        for moved in changes:
            for sku_id in moved.skus:
                self._skus.forget(sku_id)
            for text in moved.spellings:
                self._spellings.forget(text)


def skus_of(meaning: SkuMeaning) -> list[int]:
    """Every SKU that a text may stand for."""
    ids = [alias.sku_id for alias in meaning.aliases]
    return ids if meaning.coded is None else [*ids, meaning.coded]


async def read_goods(
    connection: Connection, spellings: Sequence[str] = (), skus: Sequence[int] = (),
) -> tuple[int, KnownGoods]:
    """These and what they need as they are now, and the version of the directory that this is: one statement, one
    snapshot."""
    rows = await connection.execute(statement("directory", "goods"), {"spellings": list(spellings), "skus": list(skus)})
    version, aliases, coded, found = 0, dict[str, list[Alias]](), dict[str, int](), dict[int, Sku]()
    for as_of, text, sku_id, account, factor, is_active, kind, parts, units, *more in await rows.fetchall():
        if text is None:
            version = as_of
        elif kind is not None:
            components = tuple([(part, count) for part, count in parts]) if parts else ((sku_id, 1),)
            hs_code, quotas, weight_g, groups, paused, volume = more
            found[sku_id] = Sku(sku_id, text, components, units or {}, is_active, LineKind(kind), hs_code,
                                tuple([_quota(q) for q in quotas or ()]), weight_g, tuple(groups or ()), paused, volume)
        elif account == CODE:
            coded[text] = sku_id
        else:
            aliases.setdefault(text, []).append(Alias(sku_id, factor, account))
    meanings = {
        text: SkuMeaning(tuple(aliases.get(text, ())), coded.get(text)) if text in aliases or text in coded else UNKNOWN
        for text in spellings
    }
    return version, KnownGoods(found, meanings)


async def sku_ids(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """Ids of the SKUs among these codes, as they are now."""
    given = {"codes": [code for code in codes if can_be_stored(code)]}
    rows = await connection.execute(statement("catalogue", "sku_ids"), given)
    return dict(await rows.fetchall())


async def all_codes(connection: Connection) -> list[str]:
    """Every SKU's code: for a person who named one that is not there. No order needs it."""
    return [row[0] for row in await (await connection.execute(statement("catalogue", "codes"))).fetchall()]


def _quota(row: Sequence[Any]) -> Quota:
    """An open quota as the statement tells it: a day is a text in it."""
    promised_on = date.fromisoformat(row[7]) if row[7] else None
    return Quota(row[0], row[1], row[2], row[3], row[4], row[5], row[6], promised_on)
