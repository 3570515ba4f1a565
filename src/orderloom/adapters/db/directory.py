"""Read the directory: small things whole, kept while the version stands still; goods by key, for each batch that asks.

Every change moves the version in the transaction that makes it and writes down whose rows it changed. A batch reads the
version at its start: so it knows of all that was committed before it began, and forgets exactly what that was about,
among it texts that meant nothing until then. What it then has to read it reads in one statement together with the
version, and keeps it only when that is the version the process stands at: an answer of before can never be kept as one
of now. What is committed while a batch is under way counts as committed after it. Only for a message that has to wait
that would be wrong, since who taught what it waits for has passed by: see `current`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.goods import KEPT_MAX, GoodsMoved, KeptGoods, read_goods
from orderloom.adapters.db.statements import statement
from orderloom.adapters.manifests import follows, is_label_theirs
from orderloom.adapters.vault import Vault
from orderloom.application.directory import BUSINESS_ZONE, Directory, KnownGoods
from orderloom.application.override_account import with_overrides
from orderloom.application.ports import Account, Raced
from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import from_document
from orderloom.domain.assign import Warehouse, WarehouseKind
from orderloom.domain.carriage import CarrierStop, StopSource
from orderloom.domain.override import Override

Connection = AsyncConnection[Any]
KEYS_MAX = 2_000
"""A change of more rows than this is told as a change of everything."""
CHANGES_MAX = 1_000
"""Changes that are remembered; a process that saw none of so many forgets everything."""
TRIES_MAX = 20
"""How often reading begins anew because the directory moved on meanwhile."""
NO_GOODS_MOVED = GoodsMoved()


async def bump(connection: Connection, moved: GoodsMoved | None = None) -> None:
    """Tell every process that the directory changed; call it in the transaction that changes it.

    `moved` says whose goods; None: any may have changed. Small things are read again in any case.
    """
    skus: list[int] | None = None
    spellings: list[str] | None = None
    if moved is not None and len(moved.skus) + len(moved.spellings) <= KEYS_MAX:
        skus, spellings = list(moved.skus), list(moved.spellings)
    await connection.execute(statement("directory", "bump"), {
        "skus": skus, "spellings": spellings, "kept": CHANGES_MAX})


async def current(connection: Connection) -> int:
    """The version, which stands still from now on until this transaction ends: a change that is under way is waited
    for, and a later one waits."""
    row = await (await connection.execute(statement("directory", "current"))).fetchone()
    return row[0] if row else 0


class Shelf:
    """The directory of this process, read again when its version has moved. Blueprint versions are compiled once."""

    def __init__(self, vault: Vault, zone: str = BUSINESS_ZONE, goods_max: int = KEPT_MAX) -> None:
        self._vault, self.zone = vault, zone
        self._kept: Directory | None = None
        self._goods = KeptGoods(goods_max)
        self._blueprints: dict[int, CompiledBlueprint] = {}

    def apart(self) -> Shelf:
        """An empty shelf for one transaction that will be undone; what is compiled already it has, too."""
        other = Shelf(self._vault, self.zone)
        other._blueprints.update(self._blueprints)
        return other

    async def get(self, connection: Connection) -> Directory:
        """The directory as of now, in the caller's transaction."""
        kept = self._kept
        if kept is None or kept.version != await _version(connection):
            kept = await self._catch_up(connection)
        return kept

    async def goods(
        self, connection: Connection, spellings: Collection[str], skus: Collection[int],
    ) -> KnownGoods:
        """These and all that they need, no older than the directory that `get` gave this transaction before."""
        for _ in range(TRIES_MAX):
            kept = self._kept or await self._catch_up(connection)
            known, missing = self._goods.look_up(spellings, skus)
            if not missing.spellings and not missing.skus:
                return known
            version, found = await read_goods(connection, *missing)
            if version == kept.version and self._kept is kept:
                self._goods.keep(found)
                return KnownGoods({**known.skus, **found.skus}, {**known.spellings, **found.spellings})
            await self._catch_up(connection)
        raise Raced("the directory moves on faster than it can be read")

    async def _catch_up(self, connection: Connection) -> Directory:
        """Read what is there now. Tasks of this process that do so at once do not take each other back."""
        for _ in range(TRIES_MAX):
            before, version = self._kept, await _version(connection)
            if before is not None and before.version == version:
                return before
            fresh = await self._read(connection, version)
            changes = await _changes(connection, before.version, version) if before is not None else None
            if self._kept is before:
                self._goods.forget(changes)
                self._kept = fresh
                return fresh
        raise Raced("the directory moves on faster than it can be read")

    async def _read(self, connection: Connection, version: int) -> Directory:
        for number, content in await _rows(connection, "blueprints", known=list(self._blueprints)):
            self._blueprints[number] = compile_blueprint(from_document(content), is_stored=True)
        edited: dict[int, list[Override]] = {}
        for account_id, *told in await _rows(connection, "mappings"):
            edited.setdefault(account_id, []).append(Override(*told))
        return Directory(
            version=version,
            accounts={r[0]: self._account(r, edited.get(r[0], [])) for r in await _rows(connection, "accounts")},
            warehouses=tuple([_warehouse(r) for r in await _rows(connection, "warehouses")]),
            stops=tuple([_stop(r) for r in await _rows(connection, "stops")]),
            blueprints=dict(self._blueprints),
            blueprint_active=max(self._blueprints, default=0),
            business_zone=self.zone,
            gift_codes=frozenset().union(*[b.rules.gift_codes for b in self._blueprints.values()]),
            asks_of_buyers=any(b.rules.asks_of_buyers for b in self._blueprints.values()),
        )

    def _account(self, r: tuple[Any, ...], edited: list[Override]) -> Account:
        credentials = msgspec.json.decode(self._vault.decrypt(r[6]), type=dict[str, str])
        account = Account(r[0], r[1], r[2], r[3], r[4], r[5], credentials, r[7], r[8], follows(r[3]), r[9],
                          is_label_theirs(r[3]))
        return with_overrides(account, edited) if edited else account


async def _version(connection: Connection) -> int:
    row = await (await connection.execute(statement("directory", "version"))).fetchone()
    return row[0] if row else 0


async def _changes(connection: Connection, after: int, until: int) -> list[GoodsMoved] | None:
    """Whose rows changed between two versions; None when that was not written down, or is forgotten."""
    if not 0 < until - after <= CHANGES_MAX:
        return None
    rows = await _rows(connection, "changes", after=after, until=until)
    if len(rows) != until - after or any(skus is None or spellings is None for skus, spellings in rows):
        return None
    return [GoodsMoved(*row) for row in rows]


def _warehouse(r: tuple[Any, ...]) -> Warehouse:
    return Warehouse(r[0], r[1], r[2], r[3], r[4], r[5], r[6], tuple(r[7]), r[8], WarehouseKind(r[9]), r[10], r[11])


def _stop(r: tuple[Any, ...]) -> CarrierStop:
    return CarrierStop(r[0], r[1], r[2], r[3], r[4], r[5], StopSource(r[6]))


async def _rows(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("directory", name), given or None)).fetchall()
