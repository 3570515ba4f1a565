"""Try the rules of a blueprint on a stored order: what each would decide now, and all that it sees. Nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from orderloom.application.give_gifts import seen_of
from orderloom.application.journey import Journey
from orderloom.application.not_kept import NotKept
from orderloom.blueprint.compile_rules import CompiledRule
from orderloom.domain.lifecycle import GuardFailed
from orderloom.domain.rule import RowDecided, RuleDecision
from orderloom.domain.rule_places import ORDER_TRAITS
from orderloom.domain.rule_traits import traits_for_rules
from orderloom.domain.words import Words


class RuleAnswer(msgspec.Struct, frozen=True):
    """The rows that decide with what they state, the rows that match and lose, and what was asked of the order."""

    rows: list[RowDecided]
    candidates: list[str]
    traits: dict[str, str | int | bool | list[str] | None]


class RuleTried(msgspec.Struct, frozen=True):
    """What a rule decides for the order; null: no row matches. One that is off is tried all the same."""

    rule: str
    title: Words
    place: str
    is_on: bool
    decision: RuleAnswer | None


class RulesTried(msgspec.Struct, frozen=True):
    """What the rules of a version decide for an order as it is now. `traits`: all that they could ask, null what is not
    known. Its own gifts no rule sees."""

    order: str
    version: int
    traits: dict[str, str | int | bool | list[str] | None]
    rules: list[RuleTried]


def try_rules(j: Journey, version: int | None, only: str = "") -> RulesTried:
    """Try every rule of a version (none: the one in force), or the one of this name. Raises NotKept for a version or
    rule that is not there, and for an order that no rule can be asked about."""
    directory = j.world.directory
    number = directory.blueprint_active if version is None else version
    blueprint = directory.blueprints.get(number)
    if blueprint is None:
        raise NotKept("not_found", f"没有第 {number} 版蓝图", f"there is no version {number} of the blueprint")
    rules: Sequence[CompiledRule] = blueprint.rules.every
    if only:
        rules = [rule for rule in rules if rule.name == only]
        if not rules:
            known = ", ".join(rule.name for rule in blueprint.rules.every) or "-"
            raise NotKept("not_found", f"第 {number} 版没有规则“{only}”，有：{known}",
                          f'version {number} has no rule "{only}"; it has: {known}')
    names = [trait.name for trait in ORDER_TRAITS] + [trait.name for rule in rules for trait in rule.place.traits]
    try:
        traits = traits_for_rules(seen_of(j), dict.fromkeys(names))
    except GuardFailed as failed:
        raise NotKept("wrong_value", f"这张订单不能用规则判断：{failed}", f"no rule can be asked: {failed}") from failed
    return RulesTried(j.order.number, number, traits, [
        RuleTried(rule.name, rule.source.title, rule.place.name, rule.source.is_on,
                  _answer(rule.decide(traits, number)))
        for rule in rules
    ])


def _answer(decision: RuleDecision | None) -> RuleAnswer | None:
    """All of it, what a log leaves out too."""
    return None if decision is None else RuleAnswer(
        list(decision.rows), list(decision.candidates), decision.traits)
