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
from orderloom.domain.rule import Decision, Fact, Place, RowDecided
from orderloom.domain.rule_places import PLACES

AT = {"x": 0, "y": 0}


class CompiledRule:
    """A decision table, ready to be asked. `reads` are the facts that its rows ask for."""

    def __init__(self, source: TableEntry, engine: zen.ZenEngine, asked: Sequence[Fact]) -> None:
        """`source` must have passed `check_rules`."""
        self.source, self.name, self.place = source, source.name, PLACES[source.place]
        self.reads = tuple(fact.name for fact in asked)
        self.outcomes = tuple(
            RowDecided(row.id, {one.name: read_outcome(one, row.then.get(one.name)) for one in self.place.outcomes})
            for row in source.rows)
        self._engine = engine

    def decide(self, facts: Mapping[str, Any], version: int) -> Decision | None:
        """What the rule answers; None when no row matches. `facts` are plain values by name, none of `reads` missing.
        """
        seen = {name: facts[name] for name in self.reads}
        matched = [row["row"] for row in self._engine.evaluate(self.name, seen)["result"]] if seen else list(
            range(len(self.outcomes)))
        if not matched:
            return None
        won = matched[:1] if self.source.hit == "first" else matched
        return Decision(
            self.place.name, self.name, version, tuple([self.outcomes[int(n)] for n in won]),
            tuple([self.outcomes[int(n)].row for n in matched[len(won):]]), seen,
        )


class Rules(msgspec.Struct, frozen=True):
    """The rules of a blueprint, those that are off among them."""

    every: tuple[CompiledRule, ...] = ()
    asked: Mapping[str, tuple[CompiledRule, ...]] = {}
    """Those that are on, by place, in the order of their names."""

    def at(self, place: str) -> tuple[CompiledRule, ...]:
        """The rules that are asked at a place; none: the place costs nothing."""
        return self.asked.get(place, ())


def compile_rules(sources: Sequence[TableEntry]) -> Rules:
    """Compile tables that have passed `check_rules`."""
    if not sources:
        return Rules()
    tables = {source.name: _table(source, PLACES[source.place]) for source in sources}
    content = {name: table for name, (table, _) in tables.items()}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": content}})
    every = tuple(CompiledRule(source, engine, tables[source.name][1]) for source in sources)
    asked: dict[str, tuple[CompiledRule, ...]] = {}
    for rule in sorted(every, key=lambda rule: rule.name):
        if rule.source.is_on:
            asked[rule.place.name] = (*asked.get(rule.place.name, ()), rule)
    return Rules(every, asked)


def _table(source: TableEntry, place: Place) -> tuple[dict[str, Any], list[Fact]]:
    """The table as the engine reads it, and the facts that it asks for; there is no node in it but the table."""
    facts = [fact for name in source.when if (fact := place.fact(name))]
    cells = [{fact.name: render(read_cell(row.when.get(fact.name), fact), fact) for fact in facts}
             for row in source.rows]
    asked = [fact for fact in facts if any(row[fact.name] for row in cells)]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": fact.name, "name": fact.name, "field": fact.name} for fact in asked],
        "outputs": [{"id": "#", "name": "row", "field": "row"}],
        "rules": [{"_id": str(n), **{fact.name: row[fact.name] for fact in asked}, "#": str(n)}
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
