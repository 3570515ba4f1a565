"""Merge what waits for one receiver by itself, where a rule at the place `merge` says so.

A rule is asked about each order alone: only works of orders whose rules say yes are joined, and no more than may be.
The row that decided stands in the log of each.
"""

from __future__ import annotations

from orderloom.application.batch import Batch
from orderloom.application.commands import Outcome
from orderloom.application.first_rule import first_rule
from orderloom.application.merge_works import merge_all
from orderloom.application.work_commands import MergeByRule
from orderloom.domain.order import Order
from orderloom.domain.rule import RuleDecision
from orderloom.domain.rule_places import MERGE, MERGES


def merge_by_rule(batch: Batch, command: MergeByRule) -> Outcome:
    """Join those works of which the rules say yes."""
    decisions = {o.id: found for o in _orders(batch, command) if (found := decide_merge(batch, o)) is not None}
    works = [w.number for o in _orders(batch, command) for w in o.works
             if w.number in command.works and o.id in decisions]
    if len(works) < 2:
        return Outcome(particulars={"moot": "yes"})
    return merge_all(batch, tuple(works), command, decisions)


def decide_merge(batch: Batch, order: Order) -> RuleDecision | None:
    """The rule that decides about the order, if it says yes."""
    decision = first_rule(batch.world, order, MERGE)
    return decision if decision is not None and decision.rows[0].outcome[MERGES] else None


def _orders(batch: Batch, command: MergeByRule) -> list[Order]:
    return [batch.world.orders[one] for one in batch.world.find("together", command.works)]
