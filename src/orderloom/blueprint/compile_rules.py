"""Compile decision tables into what the route asks: one engine for all rules of a blueprint, loaded once.

The engine is asked by key (`evaluate`): a decision taken out of it costs ten times as much. It says which rows match
and nothing else; what they state is looked up here, so that no number of ours ever becomes one of the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import zen

from orderloom.blueprint.cell_text import read_cell
from orderloom.blueprint.cells import render
from orderloom.blueprint.outcomes import read_outcome
from orderloom.blueprint.rules import TableEntry
from orderloom.domain.rule import RowDecided, RuleDecision, RulePlace, RuleTrait
from orderloom.domain.rule_places import BEFORE, GIFT, ONCE, PLACES, REVIEW

AT = {"x": 0, "y": 0}


class CompiledRule:
    """A decision table, ready to be asked. `reads` are the traits that its rows ask for."""

    def __init__(self, source: TableEntry, engine: zen.ZenEngine, asked: Sequence[RuleTrait]) -> None:
        """`source` must have passed `check_rules`."""
        self.source, self.name, self.place = source, source.name, PLACES[source.place]
        self.reads = tuple(trait.name for trait in asked)
        self.outcomes = tuple(
            RowDecided(row.id, {one.name: read_outcome(one, row.then.get(one.name)) for one in self.place.outcomes})
            for row in source.rows)
        self._engine = engine

    def decide(self, traits: Mapping[str, Any], version: int) -> RuleDecision | None:
        """What the rule answers; None when no row matches. `traits` are plain values by name, none of `reads` missing.
        """
        seen = {name: traits[name] for name in self.reads}
        matched = [row["row"] for row in self._engine.evaluate(self.name, seen)["result"]] if seen else list(
            range(len(self.outcomes)))
        if not matched:
            return None
        won = matched[:1] if self.source.hit == "first" else matched
        return RuleDecision(
            self.place.name, self.name, version, tuple([self.outcomes[int(n)] for n in won]),
            tuple([self.outcomes[int(n)].row for n in matched[len(won):]]), seen,
        )


class CompiledRules(msgspec.Struct, frozen=True):
    """The rules of a blueprint, those that are off among them."""

    every: tuple[CompiledRule, ...] = ()
    asked: Mapping[str, tuple[CompiledRule, ...]] = {}
    """Those that are on, by place, in the order of their names."""

    @property
    def gift_codes(self) -> frozenset[str]:
        """Codes of all that rules may give."""
        return frozenset(str(row.outcome[GIFT]) for rule in self.at(REVIEW) for row in rule.outcomes)

    @property
    def asks_of_buyers(self) -> bool:
        """Whether any rule wants to know what a buyer has had before."""
        return any(BEFORE in rule.reads or any(row.outcome[ONCE] for row in rule.outcomes) for rule in self.at(REVIEW))

    def at(self, place: str) -> tuple[CompiledRule, ...]:
        """The rules that are asked at a place; none: the place costs nothing."""
        return self.asked.get(place, ())


def compile_rules(sources: Sequence[TableEntry]) -> CompiledRules:
    """Compile tables that have passed `check_rules`."""
    if not sources:
        return CompiledRules()
    tables = {source.name: _table(source, PLACES[source.place]) for source in sources}
    content = {name: table for name, (table, _) in tables.items()}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
    every = tuple(CompiledRule(source, engine, tables[source.name][1]) for source in sources)
    asked: dict[str, tuple[CompiledRule, ...]] = {}
    for rule in sorted(every, key=lambda rule: rule.name):
        if rule.source.is_on:
            asked[rule.place.name] = (*asked.get(rule.place.name, ()), rule)
    return CompiledRules(every, asked)


def _table(source: TableEntry, place: RulePlace) -> tuple[dict[str, Any], list[RuleTrait]]:
    """The table as the engine reads it, and the traits that it asks for; there is no node in it but the table."""
    traits = [trait for name in source.when if (trait := place.trait(name))]
    cells = [{trait.name: render(read_cell(row.when.get(trait.name), trait), trait) for trait in traits}
             for row in source.rows]
    asked = [trait for trait in traits if any(row[trait.name] for row in cells)]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": trait.name, "name": trait.name, "field": trait.name} for trait in asked],
        "outputs": [{"id": "#", "name": "row", "field": "row"}],
        "rules": [{"_id": str(n), **{trait.name: row[trait.name] for trait in asked}, "#": str(n)}
                  for n, row in enumerate(cells)],
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": AT},
        {"id": "table", "type": "decisionTableNode", "name": "table", "position": AT, "content": table},
        {"id": "out", "type": "outputNode", "name": "out", "position": AT},
    ]
    edges = [{"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"}
             for a, b in (("in", "table"), ("table", "out"))]
    return {"nodes": nodes, "edges": edges}, asked
