"""What the hub knows of the seller's world: accounts, warehouses, blueprints, and the goods that somebody asked for.

It changes seldom and is read on every order. What is small each process keeps whole and asks only whether its version
moved on; of the goods, which may be many, it reads what a batch names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.not_kept import unknown
from orderloom.application.ports import Account
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.blueprint.roles import RolesFile, compile_roles
from orderloom.domain.assign import Warehouse, WarehouseKind
from orderloom.domain.carriage import CarrierStop
from orderloom.domain.inventory.quota import Quota
from orderloom.domain.rights import Role
from orderloom.domain.states import LineKind
from orderloom.domain.words import Words

BUSINESS_ZONE = "Asia/Shanghai"
ACCOUNT = Words("账号", "account")


class Alias(msgspec.Struct, frozen=True):
    """A channel's spelling of a SKU; one unit of it is `factor` base units. `account_id` 0 stands for every account."""

    sku_id: int
    factor: int
    account_id: int = 0


class SkuMeaning(msgspec.Struct, frozen=True):
    """All that one text stands for: spellings of it by account, and the SKU that has it for its code."""

    aliases: tuple[Alias, ...] = ()
    coded: int | None = None

    def of(self, account_id: int) -> Alias | None:
        """The SKU that a channel means: its own alias first, then one for all channels, then the code itself."""
        for_all: Alias | None = None
        for alias in self.aliases:
            if alias.account_id == account_id:
                return alias
            if not alias.account_id:
                for_all = alias
        return Alias(self.coded, 1) if for_all is None and self.coded is not None else for_all


class Sku(msgspec.Struct, frozen=True):
    """A SKU with its components (itself when it is no bundle) and its units' factors to the base unit."""

    id: int
    code: str
    components: tuple[tuple[int, int], ...]
    units: Mapping[str, int]
    is_active: bool = True
    """Off sale: channels are shown none of it; orders that come all the same are taken."""
    kind: LineKind = LineKind.GOODS
    hs_code: str = ""
    """What customs ask for; empty: nobody told it."""
    quotas: tuple[Quota, ...] = ()
    """Open quotas of its units."""
    weight_g: int = 0
    groups: tuple[str, ...] = ()
    """Names of the group that it stands in, and of those above it."""
    paused_until: datetime | None = None
    """New orders of it wait until then: what systems say of its stock differs (`take_snapshot.py`)."""
    volume_mm3: int = 0

    @property
    def parts(self) -> tuple[tuple[int, int], ...]:
        """What a bundle is made of; nothing for everything else."""
        return () if self.components == ((self.id, 1),) else self.components


class KnownGoods(msgspec.Struct, frozen=True):
    """The SKUs and spellings that somebody asked for. To look up another one is a mistake of ours (KeyError): that a
    text was never asked for must not look as if the seller knew it not."""

    skus: Mapping[int, Sku]
    """Those asked for, those that the spellings mean, and the components of both."""
    spellings: Mapping[str, SkuMeaning]

    def resolve(self, account_id: int, spelling: str) -> Alias | None:
        """The SKU that a channel means by a spelling; None when nobody has said so."""
        return self.spellings[spelling].of(account_id)

    def sku_id(self, code: str) -> int | None:
        """The SKU with this very code."""
        return self.spellings[code].coded

    def parts(self, sku_ids: Iterable[int]) -> Iterator[int]:
        """What has to lie somewhere so that these can be sent: themselves, of bundles the components."""
        for sku_id in sku_ids:
            if (sku := self.skus.get(sku_id)) is not None:
                for part, _ in sku.components:
                    yield part


NO_GOODS = KnownGoods({}, {})


class Directory(msgspec.Struct, frozen=True):
    """A snapshot of all but the goods, consistent as of `version`."""

    version: int
    accounts: Mapping[int, Account]
    warehouses: tuple[Warehouse, ...]
    blueprints: Mapping[int, CompiledBlueprint]
    blueprint_active: int
    business_zone: str = BUSINESS_ZONE
    """Where the seller's day begins at midnight (`ORDERLOOM_BUSINESS_ZONE`)."""
    gift_codes: frozenset[str] = frozenset()
    """Codes of goods that rules of any version may give, which therefore are read with every order."""
    stops: tuple[CarrierStop, ...] = ()
    """Carriers' regions that are stopped, or will be."""
    asks_of_buyers: bool = False
    """Whether rules of any version ask what a buyer has had before."""

    def account_by_code(self, code: str) -> Account | None:
        """The account with this code."""
        return next((a for a in self.accounts.values() if a.code == code), None)

    def account_named(self, code: str) -> Account:
        """The same, for somebody who named it. Raises NotKept with the nearest code."""
        if (found := self.account_by_code(code)) is None:
            raise unknown(ACCOUNT, code, [a.code for a in self.accounts.values()])
        return found

    @property
    def roles(self) -> Mapping[str, Role]:
        """Roles by name, of the blueprint in force; the shipped ones before there is any."""
        active = self.blueprints.get(self.blueprint_active)
        return compile_roles(RolesFile()) if active is None else active.roles

    @property
    def messengers(self) -> list[Account]:
        """The accounts, switched on, that people are told by."""
        return [a for a in self.accounts.values() if a.family == "messengers" and a.is_active]

    @property
    def stocked(self) -> Mapping[str, int]:
        """Ids by code of the warehouses in which people and systems state stock: goods in transit are moved by
        documents alone."""
        return {w.code: w.id for w in self.warehouses if w.kind is not WarehouseKind.TRANSIT}

    def warehouse(self, warehouse_id: int) -> Warehouse:
        """The warehouse with this id."""
        return next(w for w in self.warehouses if w.id == warehouse_id)


def business_day(at: datetime, zone: str) -> date:
    """The day that the seller's people mean by "today": a warehouse's capacity and the rollups count by this one."""
    return at.astimezone(ZoneInfo(zone)).date()
