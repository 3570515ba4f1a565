"""Decide a batch in memory: each command in its order, later ones seeing what earlier ones did. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from orderloom.application import commands as c
from orderloom.application.change import Change, StockClaim
from orderloom.application.journey import Effects, Journey, World, open_case, resume
from orderloom.application.record import record
from orderloom.domain.draft import Problem
from orderloom.domain.refusal import Refusal

Verb = Callable[[Journey, Any], object]
Decided = c.Outcome | tuple[Problem, ...]
MEANINGS = ("physical", "net_of_orders", "atp")


class Route(msgspec.Struct, frozen=True):
    """What `route.py` says: which verb answers which command, and what each effect of the lifecycle does."""

    verbs: Mapping[type, Verb]
    effects: Effects


def decide(
    world: World, batch: Sequence[c.AnyCommand], route: Route, ids: Iterator[str],
) -> tuple[Change, list[Decided]]:
    """Return what is to be written, and for each command its outcome or the problems for which it has to wait."""
    change = Change()
    return change, [_decide_one(world, change, command, route, ids) for command in batch]


def _decide_one(world: World, change: Change, command: c.AnyCommand, route: Route, ids: Iterator[str]) -> Decided:
    if isinstance(command, c.RecordOrder):
        result = record(command, world, change, route.effects, next(ids))
        return c.Outcome(result) if isinstance(result, str) else result
    if isinstance(command, c.StateStock):
        return _state_stock(world, change, command)
    order_id = _subject(world, command)
    if isinstance(order_id, Problem):
        return (order_id,)
    if order_id not in world.orders:
        return c.Outcome(refusal="no_such_order", facts={"order": order_id})
    journey = resume(world, change, route.effects, order_id, command.actor, command.message_id)
    answer = route.verbs[type(command)](journey, command)
    if answer is False:
        return c.Outcome(order_id, facts={"moot": "yes"})
    if isinstance(answer, Refusal):
        return c.Outcome(order_id, answer.code, answer.facts)
    return c.Outcome(order_id)


def _subject(world: World, command: c.ConfirmWork | c.TrackParcel | c.OrderCommand) -> str | Problem:
    """The order that a command is about, or why it has to wait for one."""
    if isinstance(command, c.ConfirmWork):
        number = command.report.work_no
        return world.by_work.get(number) or Problem(
            "work_unknown", "work_no", number,
            f"没有编号为 {number} 的作业单；出现后自动处理 | no fulfilment work {number}; it goes on when there is one",
            f"work:{number}",
        )
    if isinstance(command, c.TrackParcel):
        waybill = command.report.waybill
        return world.by_waybill.get(("", waybill)) or Problem(
            "waybill_unknown", "waybill", waybill,
            f"没有运单号 {waybill} 的包裹；出库后自动处理 | no parcel with waybill {waybill}; it goes on once it ships",
            f"waybill:{waybill}",
        )
    return command.order_id


def _state_stock(world: World, change: Change, command: c.StateStock) -> Decided:
    """Keep what a system says it has; a figure whose meaning is not declared is not used and opens a case."""
    directory = world.directory
    system = directory.accounts[command.account_id].code
    blueprint = directory.blueprints[directory.blueprint_active]
    houses = {w.code: w.id for w in directory.warehouses}
    for figure in command.report.figures:
        sku_id, house = directory.by_code.get(figure.sku), houses.get(figure.warehouse)
        if sku_id is None or house is None or figure.meaning not in MEANINGS:
            open_case(change, blueprint, world.at, "stock_figure_unknown", f"{system}:{figure.warehouse}:{figure.sku}",
                      {"system": system, "warehouse": figure.warehouse, "sku": figure.sku, "meaning": figure.meaning},
                      account_id=command.account_id)
            continue
        change.figures.append(StockClaim(system, house, sku_id, figure.meaning, figure.quantity, figure.as_of,
                                         command.message_id))
        _compare_stock(world, change, command, sku_id, house, figure.quantity, figure.meaning, system)
    return c.Outcome()


def _compare_stock(
    world: World, change: Change, command: c.StateStock, sku_id: int, house: int, quantity: int, meaning: str,
    system: str,
) -> None:
    level = world.levels.get((sku_id, house))
    if level is None:
        return
    ours = {"physical": level.on_hand, "net_of_orders": level.on_hand - level.allocated, "atp": level.free}[meaning]
    subject = f"{system}:{house}:{sku_id}"
    if ours == quantity:
        change.resolved.append(("stock_differs", subject))
        return
    directory = world.directory
    open_case(change, directory.blueprints[directory.blueprint_active], world.at, "stock_differs", subject,
              {"system": system, "sku": directory.skus[sku_id].code, "ours": ours, "theirs": quantity,
               "meaning": meaning}, account_id=command.account_id)
