"""The bench with a rule for gifts: buyers, and what they had once, kept the way the database keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from orderloom.application import commands as c
from orderloom.application.batch import BatchView, Buyer, GiftHad
from orderloom.application.change import Change
from orderloom.application.commands import Decided
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.compile import compile_blueprint
from orderloom.blueprint.load import load_texts, read_folder
from orderloom.blueprint.sourcing import ServiceEntry
from orderloom.bootstrap import Hub
from orderloom.domain import event as e
from orderloom.domain.evolve import begin, evolve
from orderloom.domain.gift import is_gift
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.log import decode
from orderloom.domain.order import Line, state_bytes
from tests.support.bench import DEFAULT, Shop, directory

HEAD = "name: more\nplace: review\ntitle: {zh: 赠品, en: Gifts}\n"


OF_EVERY_KIND = """
  - {id: over, when: {goods: '>= 2000'}, then: {gift: C, units: 2}}
  - {id: once, when: {skus: A}, then: {gift: C, once_per_buyer: true}}
  - {id: kit, when: {quantity: '[2..4]'}, then: {gift: KIT, keep: 3}}
  - {id: must, when: {skus: PACK}, then: {gift: B, waits: true}}
"""
"""Rows that give by amount, once, to the last units but three, and at any price of time."""


def rule(rows: str, hit: str = "every", when: str = "goods, skus, orders_before, quantity") -> str:
    """A file of a rule with these rows."""
    return f"{HEAD}hit: {hit}\nwhen: [{when}]\nthen: [gift, units, once_per_buyer, keep, waits]\nrows:\n{rows}"


async def publish_gifts(hub: Hub, rows: str, carried: tuple[ServiceEntry, ...] = (), **changes: str) -> None:
    """Publish the default blueprint with a rule for gifts, and with carriers' services."""
    texts = {**read_folder(DEFAULT), "rules/more": rule(rows, **changes)}
    told = load_texts("default", texts)
    told = replace(told, sourcing=replace(told.sourcing, services=carried))
    await publish_blueprint(hub.ports.blueprints, told, "test", "test")


class GiftShop(Shop):
    """A shop with a rule; every order is of buyer `b1` unless `buyers` says otherwise, by the channel's id."""

    def __init__(self, rows: str, hit: str = "every") -> None:
        super().__init__()
        texts = {**read_folder(DEFAULT), "rules/more": rule(rows, hit)}
        self.directory = replace(directory(), blueprints={1: compile_blueprint(load_texts("default", texts))})
        arrived = Movement(3, 1, "receive", "opening/more", "opening", "li", self.at, on_hand=4)
        apply(self.levels.setdefault((3, 1), Level(3, 1)), arrived)
        self.ledger.append(arrived)
        self.buyers: dict[str, Buyer] = {}
        self.had: dict[tuple[bytes, str], str] = {}

    def _world(self) -> BatchView:
        world = super()._world()
        world.directory = self.directory
        world.buyers = Everybody(self.buyers)
        world.gifts = {key: GiftHad(order_id, self._stands(order_id, key[1])) for key, order_id in self.had.items()}
        return world

    def _stands(self, order_id: str, gift: str) -> bool:
        order = self.orders[order_id]
        return any(line.external_id.partition(":")[2] == gift and (
            line.shipped > 0 or not (line.is_closed or order.is_cancelled)) for line in order.lines)

    def _keep(self, change: Change, batch: Sequence[c.AnyCommand]) -> None:
        super()._keep(change, batch)
        for gift in change.gifts:
            assert self.had.get((gift.buyer, gift.gift), "") == gift.instead_of
            self.had[gift.buyer, gift.gift] = gift.order_id

    def gifts(self, external: str = "E0") -> list[Line]:
        """Gifts that stand on an order."""
        return [line for line in self.order(external).lines if is_gift(line) and not line.is_closed]

    def told(self, external: str = "E0") -> list[e.GiftsReviewed]:
        """What the log says of gifts."""
        facts = [decode(entry.facts) for entry in self.log[self.order(external).id]]
        return [fact for fact in facts if isinstance(fact, e.GiftsReviewed)]

    def left_out(self, external: str = "E0") -> list[str]:
        """Why gifts were left out, one after another."""
        return [one.why for fact in self.told(external) for one in fact.left_out]

    def ask(self, *batch: c.AnyCommand) -> list[Decided]:
        """Decide; then every order is what its log folds to, stock adds up, and no gift is counted with the money."""
        decided = super().ask(*batch)
        for order in self.orders.values():
            log = self.log[order.id]
            first = decode(log[0].facts)
            assert isinstance(first, e.OrderRecorded)
            folded = begin(order.id, first, log[0].blueprint, log[0].at)
            for entry in log[1:]:
                folded = evolve(folded, decode(entry.facts), entry.at)
            folded.event_count, folded.event_head = order.event_count, order.event_head
            assert state_bytes(folded) == state_bytes(order)
            assert all(not line.price and not line.amount for line in order.lines if is_gift(line))
        for key, level in self.levels.items():
            bound = sum(b.quantity for o in self.orders.values() for b in o.bindings
                        if (b.sku_id, b.warehouse_id) == key and b.state == "active")
            assert level.reserved + level.allocated == bound
        return decided


class Everybody(dict[tuple[int, str], Buyer]):
    """Who buyers are: `b1`, who had nothing before, unless it is said otherwise."""

    def __init__(self, known: dict[str, Buyer]) -> None:
        self._known = known

    def get(self, key: Any, default: Any = None) -> Any:
        return self._known.get(key[1], Buyer(b"b1", 0))
