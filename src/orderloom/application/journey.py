"""One order on its way through a batch: its state, what was just decided, and the lifecycle that moves it.

Every verb receives a `Journey`, reads `journey.order`, and changes it only by `emit`. Nothing here waits or writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import datetime, timedelta
from typing import Any

from orderloom.application.change import CaseOpened, Change, Deadline
from orderloom.application.directory import Directory
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain import event as e
from orderloom.domain.assign import Ranked
from orderloom.domain.evolve import begin, fold
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.lifecycle import Effect
from orderloom.domain.order import Hold, Order

Effects = Mapping[str, Callable[["Journey", str], None]]
FACTS_PER_COMMAND_MAX = 32
"""A lifecycle whose effects cause each other's facts without end is stopped here; the batch then fails loudly."""


class World:
    """What a batch may look at, locked: the orders it touches, the stock levels they need, the directory, the time."""

    __slots__ = ("at", "by_external", "by_waybill", "by_work", "directory", "levels", "loads", "orders", "ranking")

    def __init__(self, directory: Directory, at: datetime) -> None:
        self.directory = directory
        self.at = at
        self.orders: dict[str, Order] = {}
        self.by_external: dict[tuple[int, str], str] = {}
        self.by_work: dict[str, str] = {}
        self.by_waybill: dict[tuple[str, str], str] = {}
        self.levels: dict[tuple[int, int], Level] = {}
        self.loads: dict[int, int] = {}
        self.ranking: dict[tuple[str, str], tuple[Ranked, ...]] = {}


class Journey:
    """The working set for one command on one order."""

    __slots__ = ("actor", "at", "blueprint", "change", "effects", "facts", "facts_left", "message_id", "order", "world")

    def __init__(
        self, world: World, change: Change, effects: Effects, order: Order, blueprint: CompiledBlueprint, actor: str,
        message_id: str | None,
    ) -> None:
        self.world, self.change, self.effects = world, change, effects
        self.order, self.blueprint = order, blueprint
        self.actor, self.message_id, self.at = actor, message_id, world.at
        self.facts: Mapping[str, Any] | None = None
        self.facts_left = FACTS_PER_COMMAND_MAX

    @property
    def channel(self) -> str:
        """Connector name of the order's channel."""
        return self.world.directory.accounts[self.order.account_id].connector

    def emit(self, event: e.Event) -> None:
        """Append a fact and fold it into the order."""
        fold(self.order, event, self.at)
        _append(self, self.order, event)

    def happened(self, fact: str, kind: str = "fact") -> bool:
        """Tell the lifecycle; it may move the stage and have effects. False when the trigger means nothing here."""
        self.facts_left -= 1
        assert self.facts_left > 0, f"the lifecycle goes round in circles at {self.order.stage} on {fact}"
        step = self.blueprint.lifecycle.step(self.order.stage, (kind, fact), self.facts or facts_of_order(self))
        if step is None:
            return False
        if step.to != self.order.stage:
            self.emit(e.StageMoved(step.to, f"{kind}:{fact}"))
            self.watch_stage()
        self.run(step.effects)
        return True

    def run(self, effects: tuple[Effect, ...]) -> None:
        """Do effects in their order."""
        for effect in effects:
            self.effects[effect.verb](self, effect.argument)

    def watch_stage(self) -> None:
        """Set the deadline of the stage just entered, when it has a time limit."""
        limit = self.blueprint.lifecycle.stages[self.order.stage].limit_seconds
        if limit:
            self.after(limit, "stage_overdue", self.order.stage, "fire_last")

    def deadline(self, name: str, subject: str = "") -> datetime | None:
        """Set one of the blueprint's deadlines from now on; returns when it is due (None: this order is exempt)."""
        rule = self.blueprint.deadline(name, self.channel)
        if rule.is_exempt(self.order.payment):
            return None
        return self.after(rule.after_seconds, name, subject, rule.catch_up)

    def after(self, seconds: int, kind: str, subject: str, catch_up: str) -> datetime:
        """Look at the order again in so many seconds."""
        due = self.at + timedelta(seconds=seconds)
        self.change.deadlines.append(Deadline(self.order.id, kind, subject, due, self.order.blueprint, catch_up))
        return due

    def move(self, level: Level, kind: str, cause: str, **buckets: int) -> None:
        """Write a line of the stock ledger and add it to the level that later commands of the batch see."""
        movement = Movement(
            level.sku_id, level.warehouse_id, kind, cause, self.order.number, self.actor, self.at,
            order_id=self.order.id, **buckets,
        )
        apply(level, movement)
        self.change.movements.append(movement)

    def open_case(self, kind: str, subject: str = "", *, cause: str = "", **evidence: Any) -> None:
        """Open (or see again) a case about this order. `cause`: what many such cases would have in common."""
        open_case(
            self.change, self.blueprint, self.at, kind, subject or self.order.id,
            {"order": self.order.number, **evidence}, self.order.id, self.order.account_id, cause,
        )

    def hold(self, type: str, reason: str, *, scope: str = "order", subject: str = "",
             expires_at: datetime | None = None) -> None:
        """Place a hold unless the same one stands already."""
        if any(h.type == type and h.subject == subject and h.released_at is None for h in self.order.holds):
            return
        rule = self.blueprint.hold(type)
        if expires_at is None and rule.expires_seconds:
            expires_at = self.at + timedelta(seconds=rule.expires_seconds)
        number = len(self.order.holds) + 1
        self.emit(e.HoldPlaced(Hold(
            number, type, scope, subject, reason, self.actor, self.at, tuple(sorted(rule.blocks)), expires_at,
        )))
        if expires_at:
            self.change.deadlines.append(Deadline(
                self.order.id, "hold_expired", str(number), expires_at, self.order.blueprint, "fire_last",
            ))

    def lift(self, type: str, reason: str, subject: str = "") -> bool:
        """Release the standing hold of a type; False when there is none."""
        if not self.order.holds:
            return False
        standing = [h for h in self.order.holds if h.type == type and h.subject == subject and h.released_at is None]
        for h in standing:
            self.emit(e.HoldReleased(h.no, f"{self.actor}: {reason}"))
        return bool(standing)


def start(
    world: World, change: Change, effects: Effects, order_id: str, event: e.OrderRecorded, actor: str,
    message_id: str | None,
) -> Journey:
    """Begin the journey of a new order; the blueprint that is active now decides for it from here on."""
    version = world.directory.blueprint_active
    order = begin(order_id, event, version, world.at)
    journey = Journey(world, change, effects, order, world.directory.blueprints[version], actor, message_id)
    _append(journey, order, event)
    return journey


def resume(
    world: World, change: Change, effects: Effects, order_id: str, actor: str, message_id: str | None,
) -> Journey:
    """Go on with an order that the batch has loaded (and perhaps changed before), on a copy of its own."""
    order = copy(world.orders[order_id])
    return Journey(world, change, effects, order, world.directory.blueprints[order.blueprint], actor, message_id)


def open_case(
    change: Change, blueprint: CompiledBlueprint, at: datetime, kind: str, subject: str, evidence: dict[str, Any],
    order_id: str | None = None, account_id: int | None = None, cause: str = "",
) -> None:
    """Put a case into the change with the owner and time limit of its kind."""
    rule = blueprint.case(kind)
    change.cases.append(CaseOpened(
        kind, subject, evidence, order_id, account_id, rule.owner, at + timedelta(seconds=rule.limit_seconds), cause,
        rule.group_over,
    ))


def _append(journey: Journey, after: Order, event: e.Event) -> None:
    before = after.event_head or after.id.encode()
    seq = after.event_count + 1
    facts, kind = e.encode(event), e.kind_of(event)
    head = e.chain(
        before, after.id, seq, kind, journey.at, journey.actor, journey.message_id, after.blueprint, facts,
    )
    after.event_count, after.event_head = seq, head
    journey.change.entries.append(e.Entry(
        after.id, seq, kind, journey.at, journey.actor, journey.message_id, after.blueprint, facts, head,
    ))
    if journey.message_id:
        journey.change.evidence[after.id] = journey.message_id
    orders = journey.change.orders
    known = orders.get(after.id)
    orders[after.id] = (known[0] if known else journey.world.orders.get(after.id), after)
    journey.world.orders[after.id] = after


def facts_of_order(journey: Journey) -> dict[str, Any]:
    """The order's facts under the names that conditions use (`domain/facts.py`), when no draft is at hand."""
    o = journey.order
    account = journey.world.directory.accounts[o.account_id]
    return {
        "channel": account.connector, "shop": account.code, "currency": o.currency, "total": o.total, "paid": o.paid,
        "freight": o.freight, "discount": o.discount, "tax": o.tax, "payment": o.payment,
        "quantity": sum(line.ordered for line in o.lines), "line_count": len(o.lines), "country": o.country,
        "province": o.province, "city": "", "is_masked": False, "is_unsure": "address_unsure" in o.flags,
        "is_cancelled": o.is_cancelled, "is_test": False, "is_fulfilled_elsewhere": o.is_fulfilled_elsewhere,
        "hold": "", "note": o.note, "native": o.native, "flags": list(o.flags), "facts": {},
    }


def new_orders(change: Change) -> Iterator[Order]:
    """Orders that the batch created, in the order of creation."""
    return (after for before, after in change.orders.values() if before is None)
