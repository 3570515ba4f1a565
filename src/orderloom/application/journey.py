"""One order on its way through a batch: its state, what was just decided, and the lifecycle that moves it.

A verb receives a `Journey`, reads `journey.order`, and changes things only through the journey's own methods: they are
the doors out. What no single order is about goes through the `Batch`. Nothing here waits or writes.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime, timedelta
from typing import Any, Protocol

from orderloom.application.batch import BatchView, Effects, open_case
from orderloom.application.change import Change, Deadline, Delivery, Tracked
from orderloom.application.commands import Subject
from orderloom.application.notices import Notice
from orderloom.application.sealed import SealedReceiver
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain import event as e
from orderloom.domain import log
from orderloom.domain.actor import Actor
from orderloom.domain.draft import TrackEntry
from orderloom.domain.evolve import fold
from orderloom.domain.inventory.level import Level, Movement, apply
from orderloom.domain.lifecycle import Effect, Forbidden, GuardFailed, Step, Trigger
from orderloom.domain.order import Hold, Order
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import SubjectKind
from orderloom.domain.traits import Traits, traits_of

FACTS_PER_COMMAND_MAX = 32
"""A lifecycle whose effects cause each other's facts without end is stopped here; the batch then fails loudly."""


class Ground(Protocol):
    """What a journey stands on: the batch, or another journey of it."""

    @property
    def world(self) -> BatchView: ...
    @property
    def change(self) -> Change: ...
    @property
    def effects(self) -> Effects: ...


class Asked(Protocol):
    """Who asks, and by which message."""

    @property
    def actor(self) -> Actor: ...
    @property
    def message_id(self) -> str | None: ...


class Journey:
    """The working set for one command on one order."""

    __slots__ = (
        "actor", "at", "beside", "blueprint", "change", "effects", "facts_left", "message_id", "order", "world",
    )  # fmt: skip
    beside: dict[str, Any]
    """What the cases that this command opens are to say beside their own evidence."""

    def __init__(self, batch: Ground, order: Order, command: Asked) -> None:
        self.world, self.change = batch.world, batch.change
        self.effects = batch.effects
        self.order = order
        self.blueprint: CompiledBlueprint = batch.world.directory.blueprints[order.blueprint]
        self.actor, self.message_id, self.at = command.actor, command.message_id, self.world.at
        self.facts_left, self.beside = FACTS_PER_COMMAND_MAX, {}

    def to(self, order_id: str) -> Journey:
        """Another order of the batch, for the same reason; a copy of its own, as ours is."""
        return Journey(self, copy(self.world.orders[order_id]), self)

    @property
    def channel(self) -> str:
        """Connector name of the order's channel."""
        return self.world.directory.accounts[self.order.account_id].connector

    @property
    def subject(self) -> Subject:
        """The order as the subject of holds and deadlines."""
        return Subject(SubjectKind.ORDER, self.order.id)

    def traits(self) -> Traits:
        """The order's traits under the names that conditions use."""
        account = self.world.directory.accounts[self.order.account_id]
        return traits_of(self.order, account.connector, account.code)

    def emit(self, event: e.Event) -> None:
        """Append a fact and fold it into the order."""
        fold(self.order, event, self.at)
        self.log(event)

    def log(self, event: e.Event) -> None:
        """Chain a fact that the order already is the fold of."""
        o = self.order
        entry = log.entry_of(
            event, o.event_head or o.id.encode(), o.id, o.event_count + 1, self.at, self.actor.name, self.message_id,
            o.blueprint,
        )
        o.event_count, o.event_head = entry.seq, entry.hash
        self.change.entries.append(entry)
        if self.message_id:
            self.change.evidence[o.id] = self.message_id
        known = self.change.orders.get(o.id)
        if known is None or known[1] is not o:
            self.change.orders[o.id] = (known[0] if known else self.world.orders.get(o.id), o)
            self.world.orders[o.id] = o

    def happened(self, fact: str, kind: str = "fact") -> bool:
        """Tell the lifecycle; it may move the stage and have effects. False when the trigger means nothing here."""
        self.facts_left -= 1
        assert self.facts_left > 0, f"the lifecycle goes round in circles at {self.order.stage} on {fact}"
        trigger: Trigger = (kind, fact)
        step = self.blueprint.lifecycle.step(self.order.stage, trigger, self.traits(), self.actor.roles)
        if not isinstance(step, Step):
            return False
        self.take(step, trigger)
        return True

    def take(self, step: Step, trigger: Trigger) -> None:
        """Go where the step leads, and do its effects."""
        if step.to != self.order.stage:
            self.emit(e.StageMoved(step.to, ":".join(trigger)))
            self.watch_stage()
        self.run(step.effects)

    def step_for(self, action: str) -> Step | Refusal:
        """The step that the actor's button makes now, or why it may not. It is asked for before anything is emitted:
        a condition is about the order as it was when the button was pressed."""
        where = {"order": self.order.number, "stage": self.order.stage, "action": action}
        try:
            step = self.blueprint.lifecycle.step(self.order.stage, ("action", action), self.traits(), self.actor.roles)
        except GuardFailed as failed:
            return Refusal("rule_fails", {**where, "why": str(failed)})
        if isinstance(step, Forbidden):
            return Refusal("not_allowed", {**where, "roles": ", ".join(step.roles)})
        return step or Refusal("too_late", where)

    def run(self, effects: tuple[Effect, ...]) -> None:
        """Do effects in their order."""
        for effect in effects:
            self.effects[effect.verb](self, effect.argument)

    def watch_stage(self) -> None:
        """Set the deadline of the stage just entered, when it has a time limit."""
        limit = self.blueprint.lifecycle.stages[self.order.stage].limit_seconds
        if limit:
            self.after(limit, "stage_overdue", self.order.stage, "fire_last")

    def deadline(self, name: str, of: str = "") -> datetime | None:
        """Set one of the blueprint's deadlines from now on; returns when it is due.

        None: the order is exempt, or the blueprint does not watch this."""
        rule = self.blueprint.deadline(name, self.channel)
        if rule is None or rule.is_exempt(self.order.payment):
            return None
        return self.after(rule.after_seconds, name, of, rule.catch_up)

    def after(self, seconds: int, kind: str, of: str, catch_up: str) -> datetime:
        """Look at the order again in so many seconds."""
        due = self.at + timedelta(seconds=seconds)
        self.change.deadlines.append(Deadline(self.subject, kind, of, due, self.order.blueprint, catch_up))
        return due

    def draw(self, quota: str, units: int, *, is_presale: bool = False) -> int:
        """Draw units from a quota, or give them back (negative); returns what comes to what is set aside."""
        pool = self.world.pools[quota]
        kept = -units if pool.is_open and not is_presale else 0
        pool.kept += kept
        pool.drawn += units
        pool.left -= units if is_presale else 0
        moved = self.change.quotas.setdefault(quota, [0, 0])
        moved[0] += kept
        moved[1] += units
        return kept

    def move(self, level: Level, kind: str, cause: str, **buckets: int) -> None:
        """Write a line of the stock ledger and add it to the level that later commands of the batch see."""
        movement = Movement(
            level.sku_id, level.warehouse_id, kind, cause, self.order.number, self.actor.name, self.at,
            order_id=self.order.id, **buckets,
        )
        apply(level, movement)
        self.change.movements.append(movement)

    def tell(self, account_id: int, kind: str, body: dict[str, Any], key: str = "") -> None:
        """Queue a message to an account; those of one order leave in their order, unless `key` is another."""
        self.change.deliveries.append(Delivery(account_id, kind, self.order.id, key or self.order.id, body))

    def take_back(self, work_no: str) -> None:
        """Work that has not left is not to leave any more, and what was bought of carriers for it is not needed."""
        self.change.recalled.append((self.order.id, work_no))

    def count_load(self, warehouse_id: int) -> None:
        """A warehouse got one more piece of work today."""
        self.change.loads[warehouse_id] = self.change.loads.get(warehouse_id, 0) + 1

    def seal(self, sealed: SealedReceiver) -> None:
        """Keep the receiver as it is now."""
        self.change.receivers[self.order.id] = sealed

    def keep_scan(self, parcel_no: int, entry: TrackEntry) -> None:
        """Keep what a carrier said of a parcel."""
        self.change.tracked.append(Tracked(self.order.id, parcel_no, entry, self.message_id))

    def free(self, park_key: str) -> None:
        """Messages that were parked under the key may go on."""
        self.change.released_keys.add(park_key)

    def open_case(self, kind: str, subject: str = "", *, cause: str = "", **evidence: Any) -> None:
        """Open (or see again) a case about this order, or a part of it; `cause` is what many have in common."""
        open_case(
            self.change, self.blueprint, self.at, kind, self.case_subject(subject),
            {"order": self.order.number, **self.beside, **evidence}, self.order.id, self.order.account_id, cause,
        )

    def notify(self, name: str) -> None:
        """Have people told who are to hear of this stage, or of `name`, by the rules in force now.

        Nothing is kept where no rule is about it, or no messenger is there to tell by."""
        directory, order = self.world.directory, self.order
        rules = directory.blueprints[directory.blueprint_active].notifications.of_lifecycle
        heard = {rule.name: rule for key in (order.stage, name) for rule in rules.get(key, ())}
        if heard and directory.messengers:
            told = {"order": order.number, "account": directory.accounts[order.account_id].code, "stage": order.stage}
            subject = f"{order.id}:{name or order.stage}:{order.event_count}"
            owner = self.blueprint.lifecycle.stages[order.stage].owner
            self.change.notices += [
                Notice(rule, subject, "medium", owner, told, self.at, self.at, None, order.id, order.account_id)
                for rule in heard
            ]

    def close_case(self, kind: str, subject: str = "") -> None:
        """A case about this order is put right, if one was open."""
        self.change.resolved.append((kind, self.case_subject(subject)))

    def case_subject(self, part: str) -> str:
        """The subject of a case about a part of the order, or about the whole of it."""
        return f"{self.order.id}/{part}" if part else self.order.id

    def hold(self, type: str, reason: str, *, scope: str = "order", subject: str = "",
             expires_at: datetime | None = None) -> None:
        """Place a hold unless the same one stands already, and stands as long."""
        rule = self.blueprint.hold(type)
        until = expires_at
        if until is None and rule.expires_seconds:
            until = self.at + timedelta(seconds=rule.expires_seconds)
        for h in self.order.holds:
            if (h.type, h.subject, h.released_at) == (type, subject, None) and (
                h.expires_at is None or (until is not None and (expires_at is None or until <= h.expires_at))
            ):
                return
        if "dispatch" in rule.blocks:
            self.part("held")
        expires_at = until
        number = len(self.order.holds) + 1
        self.emit(e.HoldPlaced(Hold(
            number, type, scope, subject, reason, self.actor.name, self.at, tuple(sorted(rule.blocks)), expires_at,
        )))
        if expires_at:
            self.change.deadlines.append(Deadline(
                self.subject, "hold_expired", str(number), expires_at, self.order.blueprint, "fire_last",
            ))

    def part(self, reason: str) -> None:
        """The order's works leave the parcels that they were to share: others do not wait for it, or go elsewhere."""
        for work in self.order.works:
            if work.merge_no and not work.state.is_ended:
                self.emit(e.WorkParted(work.seq, work.merge_no, reason))

    def lift(self, type: str, reason: str, subject: str = "") -> bool:
        """Release the standing hold of a type; False when there is none."""
        if not self.order.holds:
            return False
        standing = [h for h in self.order.holds if h.type == type and h.subject == subject and h.released_at is None]
        for h in standing:
            self.emit(e.HoldReleased(h.no, f"{self.actor.name}: {reason}"))
        return bool(standing)
