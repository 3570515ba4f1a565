"""Read the directory and keep it while its version stands still."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import Vault
from orderloom.application.directory import BUSINESS_ZONE, Alias, Directory, Sku
from orderloom.application.ports import Account
from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.load import from_document
from orderloom.domain.assign import Warehouse
from orderloom.domain.states import LineKind

Connection = AsyncConnection[Any]


async def bump(connection: Connection) -> None:
    """Tell every process that the directory changed; call it in the transaction that changes it."""
    await connection.execute(statement("directory", "bump"))


class Shelf:
    """The directory of this process, read again when its version has moved. Blueprint versions are compiled once."""

    def __init__(self, vault: Vault, zone: str = BUSINESS_ZONE) -> None:
        self._vault, self.zone = vault, zone
        self._kept: Directory | None = None
        self._blueprints: dict[int, CompiledBlueprint] = {}

    async def get(self, connection: Connection) -> Directory:
        """The directory as of now, in the caller's transaction."""
        row = await (await connection.execute(statement("directory", "version"))).fetchone()
        version = row[0] if row else 0
        if self._kept is None or self._kept.version != version:
            self._kept = await self._read(connection, version)
        return self._kept

    async def _read(self, connection: Connection, version: int) -> Directory:
        for number, content in await _rows(connection, "blueprints", known=list(self._blueprints)):
            self._blueprints[number] = compile_blueprint(from_document(content))
        skus = await self._skus(connection)
        return Directory(
            version=version,
            accounts={r[0]: self._account(r) for r in await _rows(connection, "accounts")},
            skus=skus,
            by_code={sku.code: sku.id for sku in skus.values()},
            aliases={(r[0], r[1]): Alias(r[2], r[3]) for r in await _rows(connection, "aliases")},
            warehouses=tuple([_warehouse(r) for r in await _rows(connection, "warehouses")]),
            blueprints=dict(self._blueprints),
            blueprint_active=max(self._blueprints, default=0),
            business_zone=self.zone,
        )

    def _account(self, r: tuple[Any, ...]) -> Account:
        credentials = msgspec.json.decode(self._vault.decrypt(r[6]), type=dict[str, str])
        return Account(r[0], r[1], r[2], r[3], r[4], r[5], credentials, r[7], r[8])

    async def _skus(self, connection: Connection) -> dict[int, Sku]:
        parts: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for bundle, component, quantity in await _rows(connection, "components"):
            parts[bundle].append((component, quantity))
        units: dict[int, dict[str, int]] = defaultdict(dict)
        for sku_id, unit, factor in await _rows(connection, "units"):
            units[sku_id][unit] = factor
        return {
            sku_id: Sku(sku_id, code, tuple(parts.get(sku_id, ((sku_id, 1),))), units.get(sku_id, {}), is_active,
                        LineKind(kind))
            for sku_id, code, is_active, kind in await _rows(connection, "skus")
        }


def _warehouse(r: tuple[Any, ...]) -> Warehouse:
    return Warehouse(r[0], r[1], r[2], r[3], r[4], r[5], r[6], tuple(r[7]), r[8])


async def _rows(connection: Connection, name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("directory", name), given or None)).fetchall()
