"""Turn the written lifecycle into the domain's graph: durations to seconds, effect texts to effects."""

from __future__ import annotations

from orderloom.blueprint.duration import seconds
from orderloom.blueprint.schema import LifecycleFile, StageEntry, TransitionEntry
from orderloom.domain.lifecycle import Effect, Lifecycle, Stage, Transition, Trigger


def build_graph(written: LifecycleFile) -> Lifecycle:
    """Return the graph. A time limit that is not a duration is left out here; `check.py` reports it."""
    return Lifecycle(
        written.initial,
        tuple(_stage(entry) for entry in written.stages),
        tuple(_transition(entry) for entry in written.transitions),
    )


def _stage(entry: StageEntry) -> Stage:
    return Stage(
        entry.name,
        entry.title,
        entry.customer,
        entry.phase,
        entry.owner,
        _limit(entry.time_limit),
        entry.case,
        entry.is_final,
        entry.leads_to,
    )


def _limit(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return seconds(text)
    except ValueError:
        return None


def _transition(entry: TransitionEntry) -> Transition:
    sources = (entry.source,) if isinstance(entry.source, str) else entry.source
    return Transition(
        sources, _triggers(entry), entry.to, entry.when, tuple(_effect(text) for text in entry.do), entry.by
    )


def _triggers(entry: TransitionEntry) -> tuple[Trigger, ...]:
    found = []
    for kind, names in entry.on.items():
        found += [(kind, name) for name in ((names,) if isinstance(names, str) else names)]
    return tuple(found)


def _effect(text: str) -> Effect:
    verb, _, argument = text.partition(":")
    return Effect(verb.strip(), argument.strip())
