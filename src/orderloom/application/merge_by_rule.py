"""Merge what waits for one receiver by itself, where a rule at the place `merge` says so.

A rule is asked about each order alone: only works of orders whose rules say yes are joined, and no more than may be.
The row that decided stands in the log of each.
"""

from __future__ import annotations

from orderloom.application.batch import Batch
from orderloom.application.commands import Outcome
from orderloom.application.merge_works import merge_all
from orderloom.application.work_commands import MergeByRule
from orderloom.domain.lifecycle import GuardFailed
from orderloom.domain.order import Order
from orderloom.domain.rule import RuleDecision
from orderloom.domain.rule_places import MERGE, MERGES
from orderloom.domain.rule_traits import SeenByRules, traits_for_rules


def merge_by_rule(batch: Batch, command: MergeByRule) -> Outcome:
    """Join those works of which the rules say yes."""
    decisions = {o.id: found for o in _orders(batch, command) if (found := decide_merge(batch, o)) is not None}
    works = [w.number for o in _orders(batch, command) for w in o.works
             if w.number in command.works and o.id in decisions]
    if len(works) < 2:
        return Outcome(particulars={"moot": "yes"})
    return merge_all(batch, tuple(works), command, decisions)


def decide_merge(batch: Batch, order: Order) -> RuleDecision | None:
    """The first rule of the order's blueprint that has a row for it, if the row says yes."""
    directory = batch.world.directory
    account = directory.accounts[order.account_id]
    seen = SeenByRules(order, account.connector, account.code, batch.world.goods.skus)
    for rule in directory.blueprints[order.blueprint].rules.at(MERGE):
        try:
            decision = rule.decide(traits_for_rules(seen, rule.reads), order.blueprint)
        except GuardFailed:
            return None
        if decision is not None:
            return decision if decision.rows[0].outcome[MERGES] else None
    return None


def _orders(batch: Batch, command: MergeByRule) -> list[Order]:
    return [batch.world.orders[one] for one in batch.world.find("together", command.works)]
