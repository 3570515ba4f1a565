"""What the hub knows of the seller's world: accounts, SKUs and their spellings, warehouses, blueprints.

It changes seldom and is read on every order, so each process keeps it and asks only whether its version moved on.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orderloom.application.ports import Account
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.assign import Warehouse
from orderloom.domain.states import LineKind

BUSINESS_ZONE = "Asia/Shanghai"


class Alias(msgspec.Struct, frozen=True):
    """A channel's spelling of a SKU; one unit of it is `factor` base units."""

    sku_id: int
    factor: int


class Sku(msgspec.Struct, frozen=True):
    """A SKU with its components (itself when it is no bundle) and its units' factors to the base unit."""

    id: int
    code: str
    components: tuple[tuple[int, int], ...]
    units: Mapping[str, int]
    is_active: bool = True
    """Off sale: channels are shown none of it; orders that come all the same are taken."""
    kind: LineKind = LineKind.GOODS

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """What a bundle is made of; nothing for everything else."""
        return () if self.components == ((self.id, 1),) else self.components


class Directory(msgspec.Struct, frozen=True):
    """A snapshot of everything above, consistent as of `version`."""

    version: int
    accounts: Mapping[int, Account]
    skus: Mapping[int, Sku]
    by_code: Mapping[str, int]
    aliases: Mapping[tuple[int, str], Alias]
    warehouses: tuple[Warehouse, ...]
    blueprints: Mapping[int, CompiledBlueprint]
    blueprint_active: int
    business_zone: str = BUSINESS_ZONE
    """Where the seller's day begins at midnight (`ORDERLOOM_BUSINESS_ZONE`)."""

    def resolve(self, account_id: int, spelling: str) -> Alias | None:
        """The SKU that a channel means: its own alias first, then one for all channels, then the code itself."""
        found = self.aliases.get((account_id, spelling)) or self.aliases.get((0, spelling))
        if found is None and (sku_id := self.by_code.get(spelling)) is not None:
            return Alias(sku_id, 1)
        return found

    def account_by_code(self, code: str) -> Account | None:
        """The account with this code."""
        return next((a for a in self.accounts.values() if a.code == code), None)

    def warehouse(self, warehouse_id: int) -> Warehouse:
        """The warehouse with this id."""
        return next(w for w in self.warehouses if w.id == warehouse_id)
