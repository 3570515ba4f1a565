"""Check a blueprint's meaning before it can run: names exist, formulas compile, times parse, the graph is sound."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

from msgspec.structs import asdict

from orderloom.blueprint import guard
from orderloom.blueprint.arithmetic import BadExpression, compile_terms
from orderloom.blueprint.check_notifications import check_notifications
from orderloom.blueprint.check_rules import check_rules
from orderloom.blueprint.desk import check_desk
from orderloom.blueprint.documents import check_documents
from orderloom.blueprint.duration import seconds
from orderloom.blueprint.floor import check_floor
from orderloom.blueprint.goods import check_goods
from orderloom.blueprint.graph import build_graph
from orderloom.blueprint.load import Origins, from_document, parse_texts, read_folder
from orderloom.blueprint.places import Origin
from orderloom.blueprint.publish import check_publish
from orderloom.blueprint.purchasing import check_purchasing
from orderloom.blueprint.roles import check_roles, known_roles
from orderloom.blueprint.schema import Blueprint, DeadlineEntry, FormulaEntry
from orderloom.blueprint.sourcing import check_services
from orderloom.blueprint.watch import check_watch
from orderloom.domain import lifecycle_check
from orderloom.domain.draft import MILESTONES
from orderloom.domain.finding import Finding, unknown
from orderloom.domain.lifecycle import EFFECTS, Trigger
from orderloom.domain.mending import MENDERS
from orderloom.domain.phase import AXES, PHASES
from orderloom.domain.words import CATCH_UPS, DEADLINES, ROLES, SEVERITIES, VERBS, Words

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
Inspect = Callable[[str, str, str], list[Finding]]
"""What is wrong with a condition of a file, at a place."""
_ROLE, _CASE, _HOLD = Words("角色", "role"), Words("异常单类型", "case kind"), Words("挂起类型", "hold type")


def check_folder(folder: Path) -> tuple[Finding, ...]:
    """Return everything that is wrong with a folder of YAML files, each with file and line; empty when it may run."""
    document, origins, shape = parse_texts(folder.name, read_folder(folder))
    if shape:
        return shape
    blueprint = from_document(document)
    found = (*check_blueprint(blueprint), *_idle(blueprint), *_torn(blueprint, origins["lifecycle"]))
    return tuple(_located(finding, origins) for finding in found)


def check_blueprint(blueprint: Blueprint, *, is_stored: bool = False) -> tuple[Finding, ...]:
    """Return everything that is wrong with the meaning; places count through all files of a list.

    `is_stored`: it was published already, perhaps by an earlier build.
    """
    inspect = partial(guard.inspect, is_stored=is_stored)
    found = [*_catalogues(blueprint), *_lifecycle(blueprint, inspect), *_numbers(blueprint), *_words(blueprint),
             *check_notifications(blueprint), *check_roles(blueprint.roles),
             *check_desk(blueprint.desk, known_roles(blueprint.roles)), *check_rules(blueprint.rules)]
    cases, holds = {c.kind for c in blueprint.cases}, {h.type for h in blueprint.holds}
    for index, formula in enumerate(blueprint.formulas):
        found += _formula(f"formulas[{index}]", formula, cases, holds, inspect)
    for index, deadline in enumerate(blueprint.deadlines):
        found += _deadline(f"deadlines[{index}]", deadline, cases)
    return tuple(found)


def _idle(blueprint: Blueprint) -> Iterator[Finding]:
    """What would never do anything. Versions that run already may have it: only who writes is told."""
    for index, deadline in enumerate(blueprint.deadlines):
        yield from _members("deadlines", f"deadlines[{index}]", Words("时限", "deadline"), (deadline.name,), DEADLINES)


def _torn(blueprint: Blueprint, origin: Origin) -> Iterator[Finding]:
    """Rules of one stage and trigger in two files: which is tried first is their order, and it could not be read."""
    first: dict[tuple[str, Trigger], str] = {}
    for index, transition in enumerate(build_graph(blueprint.lifecycle).transitions):
        file = origin.file_of("transitions", index)
        for source, trigger in product(transition.sources, transition.triggers):
            other = first.setdefault((source, trigger), file)
            if other != file:
                yield Finding(
                    lifecycle_check.FILE, f"transitions[{index}]",
                    Words(f"环节“{source}”的同一触发“{trigger[1]}”在 {other}.yaml 里也有规则，看不出先后",
                          f'"{source}" has a rule on "{trigger[1]}" in {other}.yaml too: which goes first is unseen'),
                    Words("放进同一个文件", "put them into one file"))


def _located(finding: Finding, origins: Origins) -> Finding:
    return origins[finding.file.removesuffix(".yaml")].located(finding)


def _lifecycle(blueprint: Blueprint, inspect: Inspect) -> Iterator[Finding]:
    written = blueprint.lifecycle
    fires = {deadline.fires for deadline in blueprint.deadlines if deadline.fires}
    cases, holds = {c.kind for c in blueprint.cases}, {h.type for h in blueprint.holds}
    yield from lifecycle_check.validate(build_graph(written), cases, holds, fires, known_roles(blueprint.roles))
    for index, stage in enumerate(written.stages):
        yield from _name(lifecycle_check.FILE, f"stages[{index}].name", stage.name)
        if stage.time_limit is not None:
            yield from _duration(lifecycle_check.FILE, f"stages[{index}].time_limit", stage.time_limit)
    for index, transition in enumerate(written.transitions):
        if transition.when:
            yield from inspect(transition.when, lifecycle_check.FILE, f"transitions[{index}].when")


def _catalogues(blueprint: Blueprint) -> Iterator[Finding]:
    roles = known_roles(blueprint.roles)
    keyed = {
        "cases": [case.kind for case in blueprint.cases],
        "holds": [hold.type for hold in blueprint.holds],
        "deadlines": [deadline.name for deadline in blueprint.deadlines],
        "formulas": [formula.name for formula in blueprint.formulas],
    }
    for file, names in keyed.items():
        for name, count in Counter(names).items():
            yield from _name(f"{file}.yaml", f"{file}[{names.index(name)}]", name)
            if count > 1:
                yield _finding(file, f"{file}[{names.index(name)}]", f"“{name}”重复", f'"{name}" is there twice')
    for index, case in enumerate(blueprint.cases):
        place = f"cases[{index}]"
        yield from _members("cases", f"{place}.owner", _ROLE, (case.owner,), roles)
        yield from _members("cases", f"{place}.severity", Words("严重程度", "severity"), (case.severity,), SEVERITIES)
        yield from _members("cases", f"{place}.menders", Words("修复方式", "mender"), case.menders, MENDERS)
        yield from _duration("cases.yaml", f"{place}.time_limit", case.time_limit)
    for index, hold in enumerate(blueprint.holds):
        place = f"holds[{index}]"
        yield from _members("holds", f"{place}.blocks", Words("步骤", "verb"), hold.blocks, VERBS)
        yield from _members("holds", f"{place}.release", _ROLE, hold.release, roles)
        if not hold.blocks or not hold.release:
            yield _finding("holds", place, "要拦住某步，且有人能释放", "must block a verb and be releasable")
        if hold.expires is not None:
            yield from _duration("holds.yaml", f"{place}.expires", hold.expires)


def _formula(
    place: str, formula: FormulaEntry, cases: Collection[str], holds: Collection[str], inspect: Inspect,
) -> Iterator[Finding]:
    names: set[str] = set()
    for field in ("stated", "expr"):
        try:
            terms = compile_terms(getattr(formula, field), formula.terms)
            names |= {term.name for term in terms}
            if field == "stated" and len(terms) != 1:
                yield _finding("formulas", f"{place}.stated", "只能是一项", "must be a single amount")
        except BadExpression as error:
            yield _finding("formulas", f"{place}.{field}", error.reason.zh, error.reason.en)
            return
    yield from _members("formulas", f"{place}.terms", Words("项", "term"), formula.terms, names)
    modes = ("equal", "at_most")
    yield from _members("formulas", f"{place}.compare", Words("比较方式", "comparison"), (formula.compare,), modes)
    yield from _members("formulas", f"{place}.missing", Words("处理", "choice"), (formula.missing,), ("skip", "break"))
    yield from _members("formulas", f"{place}.hold", _HOLD, filter(None, (formula.hold,)), holds)
    yield from _members("formulas", f"{place}.case", _CASE, filter(None, (formula.case,)), cases)
    if formula.tolerance < 1:
        yield _finding("formulas", f"{place}.tolerance", "至少为 1（最小货币单位）", "must be at least 1 minor unit")
    if not formula.hold and not formula.case:
        yield _finding("formulas", place, "不成立时什么也不会发生", "nothing happens then: name a hold or case")
    if formula.when:
        yield from inspect(formula.when, "formulas.yaml", f"{place}.when")


def _deadline(place: str, deadline: DeadlineEntry, cases: Collection[str]) -> Iterator[Finding]:
    yield from _duration("deadlines.yaml", f"{place}.after", deadline.after)
    for channel, text in deadline.channels.items():
        yield from _duration("deadlines.yaml", f"{place}.channels.{channel}", text)
    what = Words("补发方式", "catch-up")
    yield from _members("deadlines", f"{place}.catch_up", what, (deadline.catch_up,), CATCH_UPS)
    yield from _members("deadlines", f"{place}.case", _CASE, filter(None, (deadline.case,)), cases)
    payments, what = AXES["payment"], Words("付款状态", "payment")
    yield from _members("deadlines", f"{place}.exempt_payments", what, deadline.exempt_payments, payments)
    if not deadline.fires and not deadline.case:
        yield _finding("deadlines", place, "到期后什么也不会发生", "nothing happens when it is due: name fires or case")


def _numbers(blueprint: Blueprint) -> Iterator[Finding]:
    sourcing = blueprint.sourcing
    for weights in [asdict(one) for one in (sourcing.weights, *[arm.weights for arm in sourcing.arms]) if one]:
        if min(weights.values()) < 0 or not sum(weights.values()):
            yield _finding("sourcing", "weights", "权重不能为负，也不能全为零",
                           "weights are not negative and not all zero")
    if not 1 <= sourcing.candidates_max <= 100:
        yield _finding("sourcing", "candidates_max", "应在 1 到 100 之间", "must be from 1 to 100")
    yield from check_services(sourcing)
    yield from _duration("sourcing.yaml", "stops.silent", sourcing.stops.silent)
    yield from _duration("sourcing.yaml", "stops.moves_by", sourcing.stops.moves_by)
    yield from _duration("publish.yaml", "within", blueprint.publish.within)
    yield from check_publish(blueprint.publish)
    yield from check_goods(blueprint.goods)
    yield from check_watch(blueprint.watch)
    yield from check_purchasing(blueprint.purchasing)
    yield from check_floor(blueprint.floor)
    yield from check_documents(blueprint.documents, known_roles(blueprint.roles))


def _words(blueprint: Blueprint) -> Iterator[Finding]:
    words, titled = blueprint.words, {role.name for role in blueprint.roles.roles}
    needed = {
        "milestones": (words.milestones, MILESTONES),
        "phases": (words.phases, PHASES),
        "roles": (words.roles, ROLES),
        "effects": (words.effects, tuple(EFFECTS)),
        "verbs": (words.verbs, VERBS),
    }
    for place, (have, names) in needed.items():
        known = known_roles(blueprint.roles) if place == "roles" else names
        yield from _members("words", place, Words("词", "word"), have, known)
        for name in names:
            if name not in have and not (place == "roles" and name in titled):
                yield _finding("words", place, f"缺少“{name}”的中英文叫法", f'"{name}" has no words')


def _members(file: str, place: str, what: Words, values: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    for value in values:
        if value not in known:
            yield unknown(f"{file}.yaml", place, what, value, known)


def _duration(file: str, place: str, text: str) -> Iterator[Finding]:
    try:
        seconds(text)
    except ValueError:
        mend = Words("写成 90s、15m、48h、3d 或 1h30m", "write 90s, 15m, 48h, 3d or 1h30m")
        yield Finding(file, place, Words(f"“{text}”不是时长", f'"{text}" is not a duration'), mend)


def _name(file: str, place: str, name: str) -> Iterator[Finding]:
    if not _NAME.fullmatch(name):
        mend = Words("小写英文字母、数字、下划线，最多 64 个", "lower-case letters, digits and _, at most 64")
        yield Finding(file, place, Words(f"“{name}”不能作名字", f'"{name}" cannot be a name'), mend)


def _finding(file: str, place: str, zh: str, en: str) -> Finding:
    return Finding(f"{file}.yaml", place, Words(zh, en), Words("对照 docs/blueprint.md 修改", "see docs/blueprint.md"))
