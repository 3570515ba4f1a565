"""Write a blueprint's lifecycle down for people: a diagram, and for every node its trigger, owner, limit and rule."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from orderloom.blueprint.compile import CompiledBlueprint, compile_blueprint
from orderloom.blueprint.duration import spell
from orderloom.blueprint.explain_notifications import explain_notifications
from orderloom.blueprint.explain_rules import explain_rules
from orderloom.blueprint.load import load_folder
from orderloom.domain.lifecycle import ANY, NOT_DONE, Stage, Transition, leaves

DRAWN_MAX = 3
"""A transition from more stages than this is drawn once."""


def explain(blueprint: CompiledBlueprint) -> str:
    """Return Markdown with a Mermaid diagram. Rules are numbered as they stand in the files, from 0."""
    lines = [
        "# Lifecycle",
        "",
        f"Generated from the blueprint `{blueprint.name}`; do not edit. "
        "Regenerate: `python -m orderloom.blueprint.explain blueprints/default > docs/lifecycle.md`.",
        "",
        *_diagram(blueprint),
        "",
        *_nodes(blueprint),
        "",
        *_rules(blueprint),
        "",
        *_not_done(blueprint),
        "",
        *_deadlines(blueprint),
        "",
        *_notifications(blueprint),
        *_tables(blueprint),
    ]
    return "\n".join(lines) + "\n"


def _diagram(blueprint: CompiledBlueprint) -> Iterator[str]:
    """Draw each pair of stages once, with all that leads from one to the other; `*` is a node of its own.

    A transition from many stages is drawn from the last of them only, marked with an asterisk.
    """
    graph = blueprint.lifecycle.graph
    yield from ("```mermaid", "stateDiagram-v2")
    yield '  state "任一未完结环节 Any open stage" as any'
    for stage in graph.stages:
        yield f'  state "{stage.title.zh} {stage.title.en}" as {stage.name}'
    yield f"  [*] --> {graph.initial}"
    edges: dict[tuple[str, str], list[str]] = {}
    for transition in graph.transitions:
        many = len(transition.sources) > DRAWN_MAX
        for source in transition.sources[-1:] if many else transition.sources:
            if transition.to and transition.to != source:
                label = edges.setdefault(("any" if source == ANY else source, transition.to), [])
                names = [name + "*" * many for _, name in transition.triggers]
                label += [name for name in names if name not in label]
    for (source, target), causes in edges.items():
        yield f"  {source} --> {target}: {', '.join(causes)}"
    for stage in graph.stages:
        if stage.is_final:
            yield f"  {stage.name} --> [*]"
    yield from ("```", "", "`*`: from the stages before it as well; the rules below name them all.")


def _nodes(blueprint: CompiledBlueprint) -> Iterator[str]:
    graph = blueprint.lifecycle.graph
    yield from ("## Stages", "")
    yield "| stage | the customer sees | phase | owner | time limit → case | entered by | left by |"
    yield "|---|---|---|---|---|---|---|"
    for stage in graph.stages:
        entered = [i for i, t in enumerate(graph.transitions) if t.to == stage.name]
        left = [i for i, t in enumerate(graph.transitions) if t.to not in ("", stage.name) and leaves(t, stage)]
        yield _row(
            f"**{stage.title.zh}** {stage.title.en} `{stage.name}`" + (" (final)" if stage.is_final else ""),
            f"{stage.customer.zh}<br>{stage.customer.en}",
            blueprint.words.phases[stage.phase].zh + f" `{stage.phase}`",
            blueprint.words.roles[stage.owner].zh + f" `{stage.owner}`",
            _limit(stage),
            _numbers(entered) + (" (start)" if stage.name == graph.initial else ""),
            _numbers(left),
        )


def _limit(stage: Stage) -> str:
    return "-" if stage.limit_seconds is None else f"{spell(stage.limit_seconds)} → `{stage.case}`"


def _numbers(indexes: list[int]) -> str:
    return ", ".join(map(str, indexes)) or "-"


def _rules(blueprint: CompiledBlueprint) -> Iterator[str]:
    yield from ("## Rules", "")
    yield from ("A stage's own rule goes before one from any open stage; the first that holds is taken.", "")
    yield "| # | from | trigger | condition | becomes | does | by |"
    yield "|---|---|---|---|---|---|---|"
    for index, transition in enumerate(blueprint.lifecycle.graph.transitions):
        yield _row(
            str(index),
            ", ".join("any open stage" if s == ANY else s for s in transition.sources),
            _causes(transition),
            f"`{transition.when}`" if transition.when else "-",
            transition.to or "(stays)",
            "、".join(_effect(blueprint, str(effect)) for effect in transition.effects) or "-",
            "、".join(blueprint.words.roles[role].zh for role in transition.roles),
        )


def _not_done(blueprint: CompiledBlueprint) -> Iterator[str]:
    yield from ("## Named, and not done", "", "| does | not when | because |", "|---|---|---|")
    for left in NOT_DONE:
        yield _row("、".join(_effect(blueprint, name) + f" `{name}`" for name in left.effects), left.when, left.why)


def _causes(transition: Transition) -> str:
    return "<br>".join(f"{kind} `{name}`" for kind, name in transition.triggers)


def _effect(blueprint: CompiledBlueprint, text: str) -> str:
    verb, _, argument = text.partition(":")
    return blueprint.words.effects[verb].zh + (f" `{argument}`" if argument else "")


def _deadlines(blueprint: CompiledBlueprint) -> Iterator[str]:
    yield from ("## Deadlines", "", "| deadline | after | fires | opens | after an outage |", "|---|---|---|---|---|")
    for deadline in blueprint.deadlines.values():
        yield _row(
            f"{deadline.title.zh}<br>{deadline.title.en} `{deadline.name}`",
            spell(deadline.after_seconds),
            f"`{deadline.fires}`" if deadline.fires else "-",
            f"`{deadline.case}`" if deadline.case else "-",
            f"`{deadline.catch_up}`",
        )


def _notifications(blueprint: CompiledBlueprint) -> Iterator[str]:
    head, *rules = explain_notifications(blueprint.source)
    yield from ("## Notifications", "", _row(*head), "|" + "---|" * len(head))
    yield from (_row(*rule) for rule in rules)


def _tables(blueprint: CompiledBlueprint) -> Iterator[str]:
    if blueprint.source.rules:
        yield from ("", "## Decision tables")
    for said, (head, *rows) in explain_rules(blueprint.source):
        yield from ("", said, "", _row(*head), "|" + "---|" * len(head))
        yield from (_row(*row) for row in rows)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(explain(compile_blueprint(load_folder(Path(sys.argv[1])))))
