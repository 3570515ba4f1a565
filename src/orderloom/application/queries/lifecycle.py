"""The lifecycle in force, drawn and documented from the blueprint, with the orders that stand in its stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, cast

import msgspec

from orderloom.application.identity.sight import Rows
from orderloom.application.queries.sql import Connection
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.lifecycle import ANY, NOT_DONE, STAGE_OVERDUE, Effect, Stage, Transition, leaves
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)
COUNTED_MOST, COUNTED_MOST_LIMITED = 100_000, 10_000
"""Orders of a stage that are counted; more are told as so many and more."""


class Standing(msgspec.Struct, frozen=True):
    """Orders in a stage: `is_more` when there are more than `orders`; how long the middle one has been in it, and how
    many longer than the stage's time limit. Of final stages only how many."""

    orders: int = 0
    is_more: bool = False
    median_seconds: int | None = None
    overdue: int = 0


class TriggerView(msgspec.Struct, frozen=True):
    """What sets a rule off; `title` where the blueprint words it."""

    kind: Literal["fact", "action", "deadline"]
    name: str
    title: Words | None


class EffectView(msgspec.Struct, frozen=True):
    """What a rule does, such as `open_case` with the kind `short_stock`."""

    verb: str
    argument: str
    title: Words


class RuleView(msgspec.Struct, frozen=True):
    """A rule, numbered as it stands in the files; `to` empty: the stage stays. `sources`: names of stages, or `*`."""

    number: int
    sources: list[str]
    triggers: list[TriggerView]
    when: str
    to: str
    does: list[EffectView]
    by: list[Words]


class NodeView(msgspec.Struct, frozen=True):
    """A stage: what it is called, by us and to the buyer, who owns it, how long it may last and what opens then, the
    rules that lead in and out."""

    name: str
    title: Words
    customer: Words
    phase: str
    owner: str
    owner_title: Words
    limit_seconds: int | None
    case: str
    case_title: Words | None
    is_initial: bool
    is_final: bool
    entered_by: list[int]
    left_by: list[int]
    stays_by: list[int]
    standing: Standing


class EdgeView(msgspec.Struct, frozen=True):
    """An arrow between two stages, with the rules that make it. `source` `*`: any stage that is not final."""

    source: str
    target: str
    rules: list[int]


class NotDoneView(msgspec.Struct, frozen=True):
    """What a lifecycle names and is not done: when, and why."""

    effects: list[Words]
    when: str
    why: str


class LifecycleView(msgspec.Struct, frozen=True):
    """The blueprint's lifecycle, as of an instant."""

    version: int
    blueprint: str
    as_of: datetime
    nodes: list[NodeView]
    edges: list[EdgeView]
    rules: list[RuleView]
    not_done: list[NotDoneView]


async def read_standing(
    connection: Connection, blueprint: CompiledBlueprint, at: datetime, rows: Rows,
) -> dict[str, Standing]:
    """The orders in each stage, of those that are seen."""
    stages = blueprint.lifecycle.graph.stages
    still = [s for s in stages if not s.is_final]
    seen = {"accounts": _list(rows.accounts), "provinces": _list(rows.provinces), "warehouses": _list(rows.warehouses)}
    counted = COUNTED_MOST if rows == Rows() else COUNTED_MOST_LIMITED
    given = {"at": at, "most": counted + 1, "stages": [s.name for s in still],
             "limits": [s.limit_seconds for s in still], **seen}
    found = {
        str(r[0]): Standing(min(r[1], counted), r[1] > counted,
                            None if r[2] is None else max(round((at - r[2]).total_seconds()), 0), r[3])
        for r in await (await connection.execute(SQL["standing"], given)).fetchall()
    }
    ended = {"most": counted + 1, "stages": [s.name for s in stages if s.is_final], **seen}
    for name, count in await (await connection.execute(SQL["ended"], ended)).fetchall():
        found[name] = Standing(min(count, counted), count > counted)
    return found


def _list(values: Sequence[object] | None) -> list[object] | None:
    return None if values is None else list(values)


def lifecycle_view(
    blueprint: CompiledBlueprint, version: int, standing: Mapping[str, Standing], as_of: datetime,
) -> LifecycleView:
    """The drawing and its documentation."""
    graph = blueprint.lifecycle.graph
    return LifecycleView(
        version, blueprint.name, as_of, [_node(blueprint, s, standing.get(s.name, Standing())) for s in graph.stages],
        list(_edges(blueprint)), [_rule(blueprint, n, t) for n, t in enumerate(graph.transitions)],
        [NotDoneView([blueprint.words.effects[e] for e in n.effects], n.when, n.why) for n in NOT_DONE],
    )


def _node(blueprint: CompiledBlueprint, stage: Stage, standing: Standing) -> NodeView:
    graph = blueprint.lifecycle.graph
    rules = list(enumerate(graph.transitions))
    case = blueprint.cases.get(stage.case)
    return NodeView(
        stage.name, stage.title, stage.customer, stage.phase, stage.owner, blueprint.words.roles[stage.owner],
        stage.limit_seconds, stage.case, case.title if case else None, stage.name == graph.initial, stage.is_final,
        [n for n, t in rules if t.to == stage.name], [n for n, t in rules if _moves(t, stage)],
        [n for n, t in rules if t.to in ("", stage.name) and leaves(t, stage)], standing,
    )


def _moves(transition: Transition, stage: Stage) -> bool:
    return transition.to not in ("", stage.name) and leaves(transition, stage)


def _edges(blueprint: CompiledBlueprint) -> Iterator[EdgeView]:
    """Each pair of stages once, in the order of the rules."""
    found: dict[tuple[str, str], list[int]] = {}
    for number, transition in enumerate(blueprint.lifecycle.graph.transitions):
        for source in transition.sources:
            if transition.to and transition.to != source:
                found.setdefault((source, transition.to), []).append(number)
    return (EdgeView(source, target, rules) for (source, target), rules in found.items())


def _rule(blueprint: CompiledBlueprint, number: int, transition: Transition) -> RuleView:
    return RuleView(
        number, [ANY if s == ANY else s for s in transition.sources],
        [TriggerView(cast(Literal["fact", "action", "deadline"], kind), name, _trigger(blueprint, kind, name))
         for kind, name in transition.triggers],
        transition.when, transition.to, [_effect(blueprint, e) for e in transition.effects],
        [blueprint.words.roles[role] for role in transition.roles],
    )


def _trigger(blueprint: CompiledBlueprint, kind: str, name: str) -> Words | None:
    if kind == "fact":
        return blueprint.words.milestones.get(name)
    if kind == "deadline" and name != STAGE_OVERDUE:
        return next((d.title for d in blueprint.deadlines.values() if name in (d.name, d.fires)), None)
    return None


def _effect(blueprint: CompiledBlueprint, effect: Effect) -> EffectView:
    """The effect in words, with what it is about."""
    verb = blueprint.words.effects[effect.verb]
    case, hold = blueprint.cases.get(effect.argument), blueprint.holds.get(effect.argument)
    thing = {"open_case": case, "hold": hold}.get(effect.verb)
    about = thing.title if thing else None
    title = Words(f"{verb.zh}：{about.zh}", f"{verb.en}: {about.en}") if about else verb
    return EffectView(effect.verb, effect.argument, title)
