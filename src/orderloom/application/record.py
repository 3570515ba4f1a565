"""Make an order of what a channel stated, or bring a known one forward; never backwards, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from orderloom.application.amend import amend
from orderloom.application.batch import Batch
from orderloom.application.check import check
from orderloom.application.commands import Decided, Outcome, RecordOrder
from orderloom.application.decide import resume
from orderloom.application.echo import hear_echo, source_of
from orderloom.application.journey import Journey
from orderloom.application.lines import resolve_lines
from orderloom.application.news import FROM_THE_FUTURE, is_old
from orderloom.application.refund import record_refunds
from orderloom.application.split import look_at_kin
from orderloom.application.stated import new_claims, owing_nothing, stated_fields
from orderloom.application.take_shipments import later_facts
from orderloom.application.waits import order_key
from orderloom.domain import event as e
from orderloom.domain.evolve import begin
from orderloom.domain.lifecycle import Effect, Machine, Step, first_effects
from orderloom.domain.number import order_number
from orderloom.domain.order import Line
from orderloom.domain.traits import Traits, traits_of

AHEAD_MAX = timedelta(minutes=5)
"""Clocks differ; a revision further ahead of its receipt than this is taken to be as new as its receipt, no newer."""


def record(batch: Batch, command: RecordOrder) -> Decided:
    """Record or amend the order of a draft; every reason at once why the message has to wait."""
    if command.echo and (ours := source_of(batch, command)):
        return hear_echo(resume(batch, ours, command), command)
    draft = owing_nothing(command.draft)
    command = _not_ahead(command if draft is command.draft else replace(command, draft=draft))
    lines = resolve_lines(command, batch.world)
    if isinstance(lines, list):
        return tuple(lines)
    found = batch.world.find("external", (command.account_id, command.draft.external_id))
    if not found:
        return Outcome(_record_new(batch, command, lines))
    journey = resume(batch, found[0], command)
    if not is_old(command.draft, journey.order, batch.world.at + AHEAD_MAX):
        amend(journey, command, lines)
    look_at_kin(journey)
    return Outcome(found[0])


def _not_ahead(command: RecordOrder) -> RecordOrder:
    """A revision from the future would make every true one after it old news."""
    draft = command.draft
    if draft.revision <= command.received_at + AHEAD_MAX:
        return command
    flags = draft.flags if FROM_THE_FUTURE in draft.flags else (*draft.flags, FROM_THE_FUTURE)
    return replace(command, draft=replace(draft, revision=command.received_at, flags=flags))


def _record_new(batch: Batch, command: RecordOrder, lines: tuple[Line, ...]) -> str:
    directory, at, order_id = batch.world.directory, batch.world.at, next(batch.ids)
    draft, account = command.draft, directory.accounts[command.account_id]
    version = directory.blueprint_active
    lifecycle = directory.blueprints[version].lifecycle
    event = e.OrderRecorded(
        number=order_number(account.code, at, order_id), account_id=account.id, external_id=draft.external_id,
        placed_at=draft.placed_at, received_at=command.received_at, stage=lifecycle.initial,
        parent_external_id=draft.parent_external_id, source_zone=draft.source_zone,
        source_placed_at=draft.source_placed_at, is_fulfilled_elsewhere=draft.is_fulfilled_elsewhere,
        claims=new_claims((), draft, account.code, at), **stated_fields(draft, command.sealed, lines),
    )
    order = begin(order_id, event, version, at)
    is_paid = order.payment.is_paid_up and not draft.is_cancelled
    stage, effects = _first_stage(lifecycle, traits_of(order, account.connector, account.code), is_paid=is_paid)
    order.stage = stage
    journey = Journey(batch, order, command)
    journey.log(replace(event, stage=stage))
    batch.world.note("external", (account.id, draft.external_id), order_id)
    if (account.id, draft.external_id) in batch.world.awaited:
        journey.free(order_key(account.id, draft.external_id))
    journey.seal(command.sealed)
    journey.watch_stage()
    check(journey, command)
    if draft.parent_external_id or batch.world.find("child", (account.id, draft.external_id)):
        look_at_kin(journey)
    if draft.refunds or draft.refunded:
        record_refunds(journey, draft)
    if draft.is_cancelled:
        journey.emit(e.OrderCancelled(draft.native))
        journey.happened("cancelled")
        return order_id
    for effects_of_step in effects:
        journey.run(effects_of_step)
    later_facts(journey, draft)
    return order_id


def _first_stage(lifecycle: Machine, traits: Traits, *, is_paid: bool) -> tuple[str, list[tuple[Effect, ...]]]:
    """Stage of a new order and the effects on the way: a paid one passes the unpaid stage without stopping."""
    stage = lifecycle.initial
    steps: list[Step] = []
    for fact in ("recorded", "paid") if is_paid else ("recorded",):
        step = lifecycle.step(stage, ("fact", fact), traits)
        if isinstance(step, Step):
            stage = step.to
            steps.append(step)
    return stage, first_effects(steps)
