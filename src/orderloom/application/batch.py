"""What one transaction works on: the world as it was read and locked, and the change that is being decided.

Commands about orders go through a `Journey` each (`journey.py`); here is what is about none, or about many.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from orderloom.application.change import CaseOpened, Change, StockClaim
from orderloom.application.directory import NO_GOODS, Directory, KnownGoods
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.assign import Ranked
from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.quota import Pool
from orderloom.domain.order import Order


class Buyer(NamedTuple):
    """Whose order it is, by a blind index (None: nobody can tell), and how many orders that telephone has had before
    (None: it is not known)."""

    key: bytes | None
    orders_before: int | None


class GiftHad(NamedTuple):
    """The order by which a buyer had a gift; `stands`: it is on its way or there, and not void with that order."""

    order_id: str
    stands: bool


Effects = Mapping[str, Callable[[Any, str], None]]


class BatchView:
    """What a batch may look at, locked: the orders it touches, the stock levels they need, the directory, the goods
    that it names, the time.

    `found` holds the ids of orders by look-up and key, as commands name them (`command.About`); `awaited` the keys of
    channels' orders (account, external id) that parked messages wait for; `pools` the counters of quotas that its
    orders may draw from, or drew from; `buyers` whose orders these are, by account and the channel's id, and `gifts`
    what those buyers have had once: both only where a rule asks for it. `merge_keys` whose orders may share a parcel,
    by the order's id, and `labelled` works that have a label: both only where a command is about works together.
    """

    __slots__ = (
        "at", "awaited", "buyers", "directory", "found", "gifts", "goods", "labelled", "levels", "loads", "merge_keys",
        "orders", "pools", "ranking",
    )  # fmt: skip
    buyers: Mapping[tuple[int, str], Buyer]
    gifts: dict[tuple[bytes, str], GiftHad]
    merge_keys: Mapping[str, bytes | None]
    labelled: frozenset[str]

    def __init__(self, directory: Directory, at: datetime, goods: KnownGoods = NO_GOODS) -> None:
        self.directory = directory
        self.goods = goods
        self.at = at
        self.orders: dict[str, Order] = {}
        self.found: dict[tuple[str, Hashable], tuple[str, ...]] = {}
        self.awaited: set[Hashable] = set()
        self.buyers, self.gifts, self.merge_keys, self.labelled = {}, {}, {}, frozenset()
        self.levels: dict[tuple[int, int], Level] = {}
        self.pools: dict[str, Pool] = {}
        self.loads: dict[int, int] = {}
        self.ranking: dict[tuple[str, str, str, int, str], tuple[Ranked, ...]] = {}

    def apart(self) -> BatchView:
        """The same world for one who only tries: what is decided on it changes nothing here."""
        other = copy(self)
        other.orders, other.found, other.loads = dict(self.orders), dict(self.found), dict(self.loads)
        other.levels = {key: copy(level) for key, level in self.levels.items()}
        other.gifts = dict(self.gifts)
        other.pools = {key: copy(pool) for key, pool in self.pools.items()}
        return other

    def find(self, look_up: str, key: Hashable) -> tuple[str, ...]:
        """Ids of the orders under a key, oldest first; none when there is no such order."""
        if look_up == "order":
            return (str(key),) if key in self.orders else ()
        return self.found.get((look_up, key), ())

    def note(self, look_up: str, key: Hashable, order_id: str) -> None:
        """Let later commands of the batch find an order by what has just become true of it."""
        known = self.found.get((look_up, key), ())
        if order_id not in known:
            self.found[look_up, key] = (*known, order_id)

    def forget(self, look_up: str, key: Hashable, order_id: str) -> None:
        """An order is no longer what is under a key: later commands of the batch do not find it there."""
        self.found[look_up, key] = tuple([known for known in self.found.get((look_up, key), ()) if known != order_id])


class Batch:
    """The doors out for what is about no single order."""

    __slots__ = ("change", "effects", "ids", "world")

    def __init__(self, world: BatchView, change: Change, effects: Effects, ids: Iterator[str]) -> None:
        self.world, self.change, self.effects, self.ids = world, change, effects, ids

    @property
    def blueprint(self) -> CompiledBlueprint:
        """The blueprint that is active now."""
        return self.world.directory.blueprints[self.world.directory.blueprint_active]

    def claim_stock(self, claim: StockClaim) -> None:
        """Keep what a system says it has."""
        self.change.figures.append(claim)

    def open_case(self, kind: str, subject: str, evidence: dict[str, Any], account_id: int | None = None) -> None:
        """Open (or see again) a case that is about no order."""
        open_case(self.change, self.blueprint, self.world.at, kind, subject, evidence, None, account_id)

    def close_case(self, kind: str, subject: str) -> None:
        """A case is put right, if one was open."""
        self.change.resolved.append((kind, subject))


def open_case(
    change: Change, blueprint: CompiledBlueprint, at: datetime, kind: str, subject: str, evidence: dict[str, Any],
    order_id: str | None = None, account_id: int | None = None, cause: str = "",
) -> None:
    """Put a case into the change with the owner and time limit of its kind."""
    rule = blueprint.case(kind)
    change.cases.append(CaseOpened(
        kind, subject, evidence, order_id, account_id, rule.owner, at + timedelta(seconds=rule.limit_seconds),
        cause, rule.group_over,
    ))
