"""A seller in memory for the pure `decide`: a directory, stock levels, and what decisions have left behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from datetime import timedelta
from functools import cache
from pathlib import Path

from moves import CARRIER, CHANNEL, COMPONENTS, SKUS, WMS, Move, command_of, step_seconds

from orderloom.application import commands as c
from orderloom.application.change import Change, Deadline, Delivery
from orderloom.application.decide import Decided, decide
from orderloom.application.directory import Directory, Sku
from orderloom.application.journey import World
from orderloom.application.ports import Account
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.assign import Warehouse
from orderloom.domain.event import Entry
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.order import Order
from orderloom.route import ROUTE
from orderloom.testing.clock import STORY_BEGINS

DEFAULT = Path(__file__).parents[2] / "blueprints" / "default"
OPENING = {(1, 1): 6, (1, 2): 7, (1, 3): 4, (2, 1): 5, (2, 3): 9, (3, 2): 9, (3, 3): 5}
"""Units by (SKU, warehouse): so few that orders run short and are split."""


@cache
def directory() -> Directory:
    """One channel, one warehouse system, one carrier; three warehouses, the third of which has no system."""
    accounts = (
        Account(CHANNEL, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {}),
        Account(WMS, "WMS", "systems", "wangdiantong", "Asia/Shanghai", "", {}, {}),
        Account(CARRIER, "KD", "carriers", "kuaidi100", "Asia/Shanghai", "", {}, {}),
    )
    return Directory(
        version=1, accounts={a.id: a for a in accounts},
        skus={no: Sku(no, code, COMPONENTS[no], {}) for code, no in SKUS.items()}, by_code=SKUS, aliases={},
        warehouses=(
            Warehouse(1, "HZ", "CN", "浙江省", WMS, 1, 1_000), Warehouse(2, "CD", "CN", "四川省", WMS, 2, 1_000),
            Warehouse(3, "XA", "CN", "陕西省", None, 3, 1_000),
        ),
        blueprints={1: compile_blueprint(load_folder(DEFAULT))}, blueprint_active=1,
    )


class Bench:
    """Feeds commands to `decide` and keeps what it gives, the way a database would."""

    def __init__(self) -> None:
        self.at = STORY_BEGINS
        self.orders: dict[str, Order] = {}
        self.levels = {key: Level(*key) for key in OPENING}
        self.ledger: list[Movement] = []
        self.log: dict[str, list[Entry]] = {}
        self.deliveries: list[Delivery] = []
        self.pending: list[Deadline] = []
        self.cases: list[tuple[str, str]] = []
        self._ids = _ids()
        for (sku, house), units in OPENING.items():
            opening = Movement(sku, house, "receive", f"opening/{sku}/{house}", "opening", "li", self.at, on_hand=units)
            apply(self.levels[sku, house], opening)
            self.ledger.append(opening)

    def play(self, moves: Sequence[Move]) -> Iterator[tuple[c.AnyCommand, Decided]]:
        """Make the moves one after another; yields after each what was asked and answered."""
        for move in moves:
            self.at += timedelta(seconds=step_seconds(move))
            command = command_of(move, list(self.orders.values()), self.pending, self.at)
            if command is not None:
                yield command, self.ask(command)[0]

    def ask(self, *batch: c.AnyCommand) -> list[Decided]:
        """Decide a batch and keep what it changes."""
        change, decided = decide(self._world(), batch, ROUTE, self._ids)
        self._keep(change, batch)
        return decided

    def order(self, external_id: str = "E0") -> Order:
        """The order that the channel knows by this id."""
        return next(o for o in self.orders.values() if o.external_id == external_id)

    def _world(self) -> World:
        world = World(directory(), self.at)
        world.orders = dict(self.orders)
        world.by_external = {(o.account_id, o.external_id): o.id for o in self.orders.values()}
        world.by_work = {w.number: o.id for o in self.orders.values() for w in o.works}
        world.by_waybill = {("", p.waybill): o.id for o in self.orders.values() for p in o.parcels}
        world.levels = {key: copy(level) for key, level in self.levels.items()}
        return world

    def _keep(self, change: Change, batch: Sequence[c.AnyCommand]) -> None:
        for order_id, (before, after) in change.orders.items():
            assert before is self.orders.get(order_id)
            self.orders[order_id] = after
        for movement in change.movements:
            apply(self.levels[movement.sku_id, movement.warehouse_id], movement)
        self.ledger += change.movements
        for entry in change.entries:
            self.log.setdefault(entry.order_id, []).append(entry)
        self.deliveries += change.deliveries
        fired = {(x.order_id, x.kind, x.subject, x.due_at) for x in batch if isinstance(x, c.FireDeadline)}
        self.pending = [d for d in self.pending if (d.order_id, d.kind, d.subject, d.due_at) not in fired]
        self.pending += change.deadlines
        self.cases += [(x.kind, x.subject) for x in change.cases]


def _ids() -> Iterator[str]:
    count = 0
    while True:
        count += 1
        yield f"00000000-0000-7000-8000-{count * 0x10001:012x}"
