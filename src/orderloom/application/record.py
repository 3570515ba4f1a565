"""Make an order of what a channel stated, or bring a known one forward; never backwards, and nothing twice."""

from __future__ import annotations

from copy import copy
from typing import Any

from msgspec.structs import replace as _with

from orderloom.application.change import Change
from orderloom.application.check import check
from orderloom.application.commands import RecordOrder
from orderloom.application.dispatch import recall
from orderloom.application.journey import Effects, Journey, World, resume, start
from orderloom.application.line_problems import too_many, unknown_sku, unknown_unit
from orderloom.application.reserve import give_back, release
from orderloom.domain import event as e
from orderloom.domain.address_proposal import as_evidence
from orderloom.domain.draft import DraftLine, OrderDraft, Problem
from orderloom.domain.facts import facts_of
from orderloom.domain.lifecycle import Effect, Machine
from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.money import apportion
from orderloom.domain.number import order_number
from orderloom.domain.order import Claim, Line, Order

PAID = ("paid", "overcharged")
CHANNEL_HOLDS = ("channel_forbids", "refund_requested", "buyer_cancel_requested")
"""Holds that the channel places and lifts itself."""
FLAG_CASES = ("from_the_future", "broken_bytes", "address_unsure")
"""Flags of a draft that a person should see; the order goes on."""


def record(
    command: RecordOrder, world: World, change: Change, effects: Effects, new_id: str,
) -> str | tuple[Problem, ...]:
    """Return the id of the order that was recorded or amended, or every reason why the message has to wait."""
    draft = command.draft
    lines = resolve_lines(command, world)
    if lines and isinstance(lines[0], Problem):
        return tuple(p for p in lines if isinstance(p, Problem))
    known = tuple(line for line in lines if isinstance(line, Line))
    order_id = world.by_external.get((command.account_id, draft.external_id))
    if order_id is None:
        return _record_new(command, world, change, effects, new_id, known)
    journey = resume(world, change, effects, order_id, command.actor, command.message_id)
    if draft.revision >= journey.order.revision:
        _amend(journey, command, known)
    return order_id


def resolve_lines(command: RecordOrder, world: World) -> tuple[Line, ...] | tuple[Problem, ...]:
    """The draft's lines in base units of our SKUs with apportioned amounts, or all that stands in the way."""
    directory, account_id = world.directory, command.account_id
    code = directory.accounts[account_id].code
    problems: list[Problem] = []
    found: list[tuple[DraftLine, int, int]] = []
    for line in command.draft.lines:
        alias = directory.resolve(account_id, line.sku_external)
        if alias is None:
            problems.append(unknown_sku(code, line))
            continue
        factor = alias.factor * (directory.skus[alias.sku_id].units.get(line.unit, 0) if line.unit else 1)
        if factor == 0:
            problems.append(unknown_unit(code, line, directory.skus[alias.sku_id].code))
            continue
        if line.quantity * factor > UNITS_MAX:
            problems.append(too_many(line, factor))
            continue
        found.append((line, alias.sku_id, factor))
    if problems:
        return tuple(problems)
    amounts = line_amounts(command.draft)
    return tuple([
        Line(no, d.external_id, sku_id, d.sku_external, d.title, d.quantity * factor, d.price, d.discount,
             amounts[no - 1], factor, d.native, d.is_closed, d.is_disputed)
        for no, (d, sku_id, factor) in enumerate(found, 1)
    ])


def line_amounts(draft: OrderDraft) -> tuple[int, ...]:
    """What the buyer pays for each line: as stated, else the goods' part of the total by largest remainder."""
    stated = [line.amount for line in draft.lines if line.amount is not None]
    if len(stated) == len(draft.lines):
        return tuple(stated)
    goods = draft.total - draft.freight - draft.tax
    weights = [0 if line.is_closed else max(line.price * line.quantity - line.discount, 0) for line in draft.lines]
    return apportion(goods, weights if any(weights) else [1] * len(weights))


def _record_new(
    command: RecordOrder, world: World, change: Change, effects: Effects, order_id: str, lines: tuple[Line, ...],
) -> str:
    draft, sealed = command.draft, command.sealed
    account = world.directory.accounts[command.account_id]
    blueprint = world.directory.blueprints[world.directory.blueprint_active]
    facts = facts_of(draft, account.connector, account.code)
    stage, steps = _first_stage(blueprint.lifecycle, draft, facts)
    journey = start(world, change, effects, order_id, e.OrderRecorded(
        number=order_number(account.code, world.at, order_id), account_id=account.id, external_id=draft.external_id,
        revision=draft.revision, placed_at=draft.placed_at, received_at=command.received_at, currency=draft.currency,
        total=draft.total, freight=draft.freight, discount=draft.discount, tax=draft.tax, payment=draft.payment,
        paid=draft.paid, native=draft.native, lines=lines, stage=stage, receiver=sealed.digest,
        province=sealed.province, country=sealed.country, paid_at=draft.paid_at,
        parent_external_id=draft.parent_external_id, source_zone=draft.source_zone,
        source_placed_at=draft.source_placed_at, note=draft.note,
        is_fulfilled_elsewhere=draft.is_fulfilled_elsewhere, flags=draft.flags,
        claims=new_claims((), draft, account.code, world),
    ), command.actor, command.message_id)
    world.by_external[account.id, draft.external_id] = order_id
    change.receivers[order_id] = sealed
    journey.facts = facts
    journey.watch_stage()
    _judge(journey, command)
    if draft.is_cancelled:
        journey.emit(e.OrderCancelled(draft.native))
        journey.happened("cancelled")
        return order_id
    for effects_of_step in steps:
        journey.run(effects_of_step)
    _later_facts(journey, draft)
    return order_id


def _first_stage(
    lifecycle: Machine, draft: OrderDraft, facts: dict[str, Any],
) -> tuple[str, list[tuple[Effect, ...]]]:
    """Stage of a new order and the effects on the way: a paid one passes the unpaid stage without stopping."""
    stage, steps = lifecycle.initial, list[tuple[Effect, ...]]()
    wanted = ["recorded", "paid"] if draft.payment in PAID and not draft.is_cancelled else ["recorded"]
    for fact in wanted:
        step = lifecycle.step(stage, ("fact", fact), facts)
        if step is not None:
            stage = step.to
            steps.append(step.effects)
    if len(steps) > 1 and any(effect.verb == "allocate" for effect in steps[-1]):
        steps[0] = tuple(effect for effect in steps[0] if effect.verb != "reserve")
    return stage, steps


def _amend(j: Journey, command: RecordOrder, lines: tuple[Line, ...]) -> None:
    """Bring a known order to a newer revision."""
    draft, before = command.draft, copy(j.order)
    account = j.world.directory.accounts[before.account_id]
    if fresh := new_claims(before.claims, draft, account.code, j.world):
        j.emit(e.MilestoneClaimed(fresh))
    merged = _merge_lines(before, lines)
    stated = (draft.total, draft.freight, draft.discount, draft.tax, draft.payment, draft.paid, draft.native,
              command.sealed.digest, draft.note, merged)
    is_other = stated != (before.total, before.freight, before.discount, before.tax, before.payment, before.paid,
                          before.native, before.receiver_stated, before.note, before.lines)
    if is_other or draft.revision > before.revision:
        j.emit(e.OrderAmended(
            revision=draft.revision, currency=draft.currency, total=draft.total, freight=draft.freight,
            discount=draft.discount, tax=draft.tax, payment=draft.payment, paid=draft.paid, native=draft.native,
            lines=merged, receiver=command.sealed.digest, province=command.sealed.province,
            country=command.sealed.country, paid_at=draft.paid_at, note=draft.note, flags=draft.flags,
        ))
        if draft.paid != before.paid:
            j.emit(e.MoneyRecorded(
                f"{account.code}:{len(before.money) + 1}:{draft.paid}",
                "payment" if draft.paid > before.paid else "refund",
                draft.paid - before.paid, draft.currency, draft.paid_at or draft.revision,
            ))
        if command.sealed.digest != before.receiver_stated:
            j.change.receivers[before.id] = command.sealed
            if not draft.receiver.is_unsure:
                j.change.resolved.append(("address_unsure", before.id))
    j.facts = facts_of(draft, account.connector, account.code)
    _judge(j, command)
    _tell_lifecycle(j, draft, before, _demand_of(merged) != _demand_of(before.lines))


def _tell_lifecycle(j: Journey, draft: OrderDraft, before: Order, is_other_demand: bool) -> None:
    """What the newer revision means for the order's way, most final first."""
    if draft.is_cancelled:
        if not before.is_cancelled:
            j.emit(e.OrderCancelled(draft.native))
            j.happened("cancelled")
        return
    if is_other_demand:
        recall(j)
        release(j)
    if draft.payment in PAID and before.payment not in PAID:
        j.happened("paid")
    elif is_other_demand:
        j.happened("amended")
    _later_facts(j, draft)


def _later_facts(j: Journey, draft: OrderDraft) -> None:
    """Milestones beyond payment that the channel knows: it may be the first to tell."""
    for said in draft.said:
        if said.milestone in ("confirmed", "delivered", "refunded"):
            j.happened(said.milestone)


def _judge(j: Journey, command: RecordOrder) -> None:
    """Amount formulas, holds that the channel asks for, and flags that a person should see."""
    draft, standing = command.draft, len(j.order.holds)
    is_stated = "awaiting_payment" not in draft.flags and not draft.is_cancelled
    # Before payment and after cancelling a channel may state no amounts, or zero units: nothing there can add up.
    broken = check(draft, j.blueprint, j.channel) if is_stated else ()
    for b in broken:
        if b.hold:
            j.hold(b.hold, f"{b.formula}: {b.term} {b.reason.en}")
        if b.case:
            j.open_case(b.case, formula=b.formula, term=b.term, expected=b.expected, stated=b.stated,
                        difference=b.difference, currency=b.currency, line=b.line, zh=b.reason.zh, en=b.reason.en)
    if any(b.hold for b in broken):
        give_back(j, j.order.active_stock("reservation"), "amount_mismatch")
    elif not broken and j.lift("amount_mismatch", "amounts add up now"):
        j.change.resolved.append(("amount_mismatch", j.order.id))
        j.happened("released")
    _channel_hold(j, draft)
    if len(j.order.holds) > standing:
        j.happened("held")
    for flag in FLAG_CASES:
        if flag in draft.flags or (flag == "address_unsure" and _is_still_unsure(j, draft)):
            told = as_evidence(command.proposal) if flag == "address_unsure" else {}
            j.open_case(flag, placed_at=draft.source_placed_at, zone=draft.source_zone, **told)


def _is_still_unsure(j: Journey, draft: OrderDraft) -> bool:
    """A person's correction stands, whatever the channel repeats."""
    return draft.receiver.is_unsure and j.order.receiver == j.order.receiver_stated


def _channel_hold(j: Journey, draft: OrderDraft) -> None:
    is_disputed = any(line.is_disputed for line in draft.lines)
    wanted = {draft.hold} if draft.hold else set()
    if is_disputed:
        wanted.add("refund_requested")
    for type in sorted(wanted):
        j.hold(type, draft.native or "asked by the channel")
    lifted = [j.lift(t, "the channel lifted it") for t in CHANNEL_HOLDS
              if t not in wanted]
    if any(lifted):
        j.happened("released")


def new_claims(known: tuple[Claim, ...], draft: OrderDraft, system: str, world: World) -> tuple[Claim, ...]:
    """Milestones that this system had not claimed before."""
    seen = {(c.milestone, c.native) for c in known if c.system == system}
    return tuple([
        Claim(system, s.milestone, s.native, s.at, world.at)
        for s in draft.said if (s.milestone, s.native) not in seen
    ])


def _merge_lines(before: Order, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The newer lines with the counters of those they continue; a line that is gone is closed and costs nothing."""
    old = {line.external_id: line for line in before.lines}
    merged, number = [], len(before.lines)
    for line in lines:
        past = old.pop(line.external_id, None)
        if past is None:
            number += 1
            merged.append(_with(line, no=number))
        else:
            merged.append(_continue(past, line))
    merged += [_with(line, is_closed=True, amount=0) for line in old.values()]
    return tuple(sorted(merged, key=lambda line: line.no))


def _continue(past: Line, line: Line) -> Line:
    """The newer line with the older one's counters; what is in work or out beyond a lowered order is not the line's."""
    cancelled = min(past.cancelled, line.ordered)
    most = line.ordered - cancelled
    return _with(line, no=past.no, cancelled=cancelled, fulfilled=min(past.fulfilled, most),
                 shipped=min(past.shipped, most), returned=min(past.returned, most))


def _demand_of(lines: tuple[Line, ...]) -> list[tuple[int, int, int]]:
    return [(line.no, line.sku_id, 0 if line.is_closed else line.ordered) for line in lines]
