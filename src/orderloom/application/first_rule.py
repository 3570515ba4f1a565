"""Which rule decides where one does: the first of the order's own blueprint that has a row for it."""

from __future__ import annotations

from orderloom.application.batch import BatchView
from orderloom.domain.lifecycle import GuardFailed
from orderloom.domain.order import Order
from orderloom.domain.rule import RuleDecision
from orderloom.domain.rule_traits import SeenByRules, traits_for_rules


def first_rule(world: BatchView, order: Order, place: str) -> RuleDecision | None:
    """What it answers; None when no row matches. A number that no rule can be asked about (GuardFailed) decides
    nothing: nor does a rule behind it then, which was written for what the first one leaves."""
    account = world.directory.accounts[order.account_id]
    seen = SeenByRules(order, account.connector, account.code, world.goods.skus)
    for rule in world.directory.blueprints[order.blueprint].rules.at(place):
        try:
            decision = rule.decide(traits_for_rules(seen, rule.reads), order.blueprint)
        except GuardFailed:
            return None
        if decision is not None:
            return decision
    return None
