"""Whether a lifecycle is sound: everything named exists, every stage can be reached, and none is a trap."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from orderloom.domain.finding import Finding, unknown
from orderloom.domain.lifecycle import (
    ACTIONS,
    ANY,
    EFFECTS,
    FACTS,
    STAGE_OVERDUE,
    Lifecycle,
    Stage,
    Transition,
    Trigger,
    leaves,
)
from orderloom.domain.phase import PHASES
from orderloom.domain.words import ROLES, Words

FILE = "lifecycle.yaml"
_STAGE, _ROLE, _PHASE = Words("环节", "stage"), Words("角色", "role"), Words("阶段", "phase")
_CASE, _HOLD = Words("异常单类型", "case kind"), Words("挂起类型", "hold type")


def validate(
    lifecycle: Lifecycle, cases: Collection[str], holds: Collection[str], deadlines: Collection[str],
    roles: Collection[str] = ROLES,
) -> tuple[Finding, ...]:
    """Return everything that is wrong with the graph.

    `cases` and `holds` are the kinds and types in the catalogues, `deadlines` the triggers that deadlines fire.
    Conditions (`when`) are text here: compiling them is the blueprint's part.
    """
    known = {stage.name: stage for stage in lifecycle.stages}
    triggers = {"fact": FACTS, "action": ACTIONS, "deadline": (*deadlines, STAGE_OVERDUE)}
    found = list(_names(lifecycle, known))
    for index, stage in enumerate(lifecycle.stages):
        found += _stage(f"stages[{index}]", stage, known, cases, roles)
    for index, transition in enumerate(lifecycle.transitions):
        place = f"transitions[{index}]"
        found += _ends(place, transition, known)
        found += _trigger(place, transition, triggers, roles)
        found += _effects(place, transition, cases, holds)
    if not found:
        found += [*_unreached(lifecycle), *_trapped(lifecycle), *_shadowed(lifecycle)]
    return tuple(found)


def _names(lifecycle: Lifecycle, known: dict[str, Stage]) -> Iterator[Finding]:
    if lifecycle.initial not in known:
        yield unknown(FILE, "initial", _STAGE, lifecycle.initial, known)
    if not any(stage.is_final for stage in lifecycle.stages):
        yield _finding("stages", "没有终态", "no stage is final", "给一个环节加 is_final: true", "mark one is_final")
    seen: set[str] = set()
    for index, stage in enumerate(lifecycle.stages):
        if stage.name in seen:
            yield _finding(
                f"stages[{index}].name",
                f"环节“{stage.name}”重复",
                f'stage "{stage.name}" is there twice',
                "改名或删去一个",
                "rename or remove one",
            )
        seen.add(stage.name)


def _stage(
    place: str, stage: Stage, known: dict[str, Stage], cases: Collection[str], roles: Collection[str],
) -> Iterator[Finding]:
    if stage.phase not in PHASES:
        yield unknown(FILE, f"{place}.phase", _PHASE, stage.phase, PHASES)
    if stage.owner not in roles:
        yield unknown(FILE, f"{place}.owner", _ROLE, stage.owner, roles)
    if stage.case and stage.case not in cases:
        yield unknown(FILE, f"{place}.case", _CASE, stage.case, cases)
    if stage.limit_seconds is not None and not stage.case:
        yield _finding(
            f"{place}.case",
            f"环节“{stage.name}”有时限，但没有超时的异常单",
            f'stage "{stage.name}" has a time limit and no case for when it is over',
            "填写 case",
            "name a case kind",
        )
    for target in stage.leads_to:
        if target not in known:
            yield unknown(FILE, f"{place}.leads_to", _STAGE, target, known)
    if stage.leads_to and not stage.is_final:
        yield _finding(
            f"{place}.leads_to",
            "只有终态才需要 leads_to",
            "only a final stage has leads_to",
            "删去 leads_to",
            "remove it",
        )


def _ends(place: str, transition: Transition, known: dict[str, Stage]) -> Iterator[Finding]:
    for source in transition.sources:
        if source != ANY and source not in known:
            yield unknown(FILE, f"{place}.from", _STAGE, source, known)
    if transition.to and transition.to not in known:
        yield unknown(FILE, f"{place}.to", _STAGE, transition.to, known)
    for source in transition.sources:
        stage = known.get(source)
        if stage and stage.is_final and transition.to not in ("", source, *stage.leads_to):
            yield _finding(
                f"{place}.to",
                f"终态“{source}”不允许变为“{transition.to}”",
                f'final stage "{source}" may not become "{transition.to}"',
                f"在 {source} 的 leads_to 里列出它，或去掉这个来源",
                f"list it in leads_to of {source}, or drop the source",
            )
    if not transition.to and not transition.effects:
        yield _finding(place, "既不换环节也不做事", "neither moves nor does anything", "填写 to 或 do", "fill to or do")


def _trigger(
    place: str, transition: Transition, triggers: dict[str, tuple[str, ...]], roles: Collection[str],
) -> Iterator[Finding]:
    if not transition.triggers:
        yield _finding(f"{place}.on", "没有触发条件", "nothing triggers it", "填写 on", "fill on")
    for kind, name in transition.triggers:
        if kind not in triggers:
            yield unknown(FILE, f"{place}.on", Words("触发方式", "kind of trigger"), kind, triggers)
        elif name not in triggers[kind]:
            yield unknown(FILE, f"{place}.on.{kind}", Words("触发", kind), name, triggers[kind])
    for role in transition.roles:
        if role not in roles:
            yield unknown(FILE, f"{place}.by", _ROLE, role, roles)
    if not transition.roles:
        yield _finding(f"{place}.by", "没有人可以执行", "nobody may do it", "填写角色", "name a role")


def _effects(place: str, transition: Transition, cases: Collection[str], holds: Collection[str]) -> Iterator[Finding]:
    catalogues = {"open_case": (_CASE, cases), "hold": (_HOLD, holds)}
    for index, effect in enumerate(transition.effects):
        at = f"{place}.do[{index}]"
        if effect.verb not in EFFECTS:
            yield unknown(FILE, at, Words("动作", "effect"), effect.verb, EFFECTS)
        elif EFFECTS[effect.verb] not in (None, bool(effect.argument)):
            needs = f"{effect.verb}:<…>" if EFFECTS[effect.verb] else effect.verb
            yield _finding(at, f"动作写法应为 {needs}", f"write the effect as {needs}", needs, needs)
        elif effect.verb in catalogues and effect.argument not in catalogues[effect.verb][1]:
            what, names = catalogues[effect.verb]
            yield unknown(FILE, at, what, effect.argument, names)


def _unreached(lifecycle: Lifecycle) -> Iterator[Finding]:
    targets = reach(lifecycle, lifecycle.initial)
    for index, stage in enumerate(lifecycle.stages):
        if stage.name not in targets:
            yield _finding(
                f"stages[{index}]",
                f"环节“{stage.name}”永远到不了",
                f'stage "{stage.name}" can never be reached',
                "加一条通向它的转移，或删去它",
                "add a transition to it, or remove it",
            )


def _trapped(lifecycle: Lifecycle) -> Iterator[Finding]:
    finals = {stage.name for stage in lifecycle.stages if stage.is_final}
    for index, stage in enumerate(lifecycle.stages):
        if not stage.is_final and not finals & reach(lifecycle, stage.name):
            yield _finding(
                f"stages[{index}]",
                f"环节“{stage.name}”走不到任何终态",
                f'no final stage can be reached from "{stage.name}"',
                "加一条走向终态的转移",
                "add a transition on a way to a final stage",
            )


def _shadowed(lifecycle: Lifecycle) -> Iterator[Finding]:
    """Find what can never be taken because an unconditional transition of the same trigger stands before it."""
    for stage in lifecycle.stages:
        closed: dict[tuple[bool, Trigger], int] = {}
        for index, transition in enumerate(lifecycle.transitions):
            for trigger in transition.triggers if leaves(transition, stage) else ():
                key = (stage.name in transition.sources, trigger)
                if key in closed:
                    yield _shadow(index, closed[key], stage.name, trigger)
                elif not transition.when:
                    closed[key] = index


def _shadow(index: int, first: int, stage: str, trigger: Trigger) -> Finding:
    return _finding(
        f"transitions[{index}]",
        f"从“{stage}”遇到 {trigger[1]} 永远轮不到它：transitions[{first}] 已无条件处理",
        f'never taken from "{stage}" on {trigger[1]}: transitions[{first}] always goes first',
        "给前一条加 when，或删去一条",
        "give the earlier one a when, or remove one",
    )


def reach(lifecycle: Lifecycle, start: str) -> set[str]:
    """Return every stage that can follow `start`, itself included."""
    stages = {stage.name: stage for stage in lifecycle.stages}
    seen, edge = {start}, [start]
    while edge:
        stage = stages[edge.pop()]
        ahead = {t.to for t in lifecycle.transitions if t.to and leaves(t, stage)} - seen
        seen |= ahead
        edge += ahead
    return seen


def _finding(place: str, zh: str, en: str, mend_zh: str, mend_en: str) -> Finding:
    return Finding(FILE, place, Words(zh, en), Words(mend_zh, mend_en))
