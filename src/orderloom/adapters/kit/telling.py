"""Tells a platform one thing - a shipment, stock, work, a message - in one call or one for each part of it.

What is refused keeps nothing else back: the rest is told first, then Terminal names what was refused. Whether something
was done already is asked on a repetition and after a refusal, where the platform can be asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.casts import to_json
from orderloom.adapters.kit.cut import parsed, records_in
from orderloom.adapters.kit.first import NOT_SO, asked_first, bad_parts
from orderloom.adapters.kit.paths import look, several, text
from orderloom.adapters.kit.plan import TellPlan
from orderloom.adapters.kit.platform import OURS, GoodAnswer, Platform
from orderloom.adapters.kit.requests import Question
from orderloom.adapters.kit.schema import DoneBlock
from orderloom.adapters.kit.spreading import spread
from orderloom.adapters.listed import apart
from orderloom.application.ports import NOT_THERE, Answer, Outgoing, Terminal, Transient, Trouble
from orderloom.domain.carriers import kept_as

ALREADY = {"state": "already_done"}
DONE_OTHERWISE = "done_otherwise"
ONCE = (
    "回答丢失，平台无法查询，为免重复没有再次请求；请到平台核对后，放弃这条推送再申请 | the answer was lost and "
    "the platform cannot be asked: not told again. Look there, then give this delivery up and ask anew"
)
SILENT = "平台没有说结果 / nothing is said of it"
UNASKED = (
    "上一次的回答丢失，平台又拒绝查询（{why}），为免重复没有再次请求；请到平台核对 | the last answer was lost and the "
    "platform does not let itself be asked ({why}): not told again. Look there"
)
ANOTHERS = (
    "平台说已经办过，但查到的不是我们的；请到平台核对 | the platform says that it was done already, yet what it shows "
    "is not ours: look there"
)


class Unit(NamedTuple):
    """What one call tells: the names it needs, and what it is called in a refusal."""

    names: Mapping[str, Any]
    label: str = ""


async def tell(platform: Platform, plan: TellPlan, outgoing: Outgoing) -> Answer:
    """Tell it. Raises Terminal naming everything that was refused, and Transient at once."""
    assert plan.question is not None
    names = names_of(outgoing)
    if lacking := [name for name in plan.said.needs if name.partition(".")[0] in names and not _has(names, name)]:
        raise Terminal("missing_field", f"{', '.join(lacking)}: 缺少，平台会拒绝 / missing: the platform would refuse")
    if outgoing.attempt > 1 and (told := await _told_before(platform, plan, names)) is not None:
        return told
    if outgoing.attempt > 1 and plan.said.once:
        raise Terminal("in_doubt", ONCE)
    names |= await asked_first(platform, plan.first, names)
    refused: list[Terminal] = []
    last: GoodAnswer | None = None
    waiting = deque(_units(platform, plan, outgoing, names))
    while waiting:
        unit = waiting.popleft()
        try:
            _must_have(plan, unit)
            question, done = _way(platform, plan, unit)
            last = await platform.ask(question, unit.names)
            refused += _refusals(platform, plan, unit, last)
            _must_be_done(question, done, last)
            if last.meaning.means == "done":
                await _must_be_ours(platform, plan, unit.names)
        except Terminal as error:
            if halves := _halves(plan, unit):
                waiting.extendleft(reversed(halves))
            elif error.code == DONE_OTHERWISE or not await _is_ours(platform, plan, unit.names):
                refused.append(Terminal(error.code, f"{unit.label}: {error.message}" if unit.label else error.message,
                                        answer=error.answer, items=_refused_items(unit, error)))
    if refused:
        named = all(one.items for one in refused)
        items = {k: v for one in refused for k, v in one.items.items()} if named else {}
        said = "; ".join(one.message for one in refused)
        raise Terminal(refused[0].code, said, answer=refused[0].answer, items=items)
    return _answer(plan, last)


async def tell_many(platform: Platform, plan: TellPlan, outgoing: Sequence[Outgoing]) -> list[Answer | Trouble]:
    """Tell several in one call; each gets its own fate. An error of the whole call is raised."""
    assert plan.question is not None and plan.said.parts is not None
    bodies = [names_of(one)[one.kind] for one in outgoing]
    answer = await platform.ask(plan.question, {**names_of(outgoing[0]), "batch": bodies})
    _must_be_done(plan.question, plan.said.done, answer)
    parts, told = plan.said.parts, dict(bad_parts(plan.said.parts, answer.data))
    keys = [_own_key(platform, plan, names_of(one)) for one in outgoing]
    if any(not key or keys.count(key) != 1 for key in told):
        # Somebody was refused and nobody knows who: asked one by one, each hears what is said of it.
        raise Terminal("unattributed", f"{plan.question.name}: the refusals name none of these", answer=answer.excerpt)
    taken = {text(look(one, parts.id)) for one in several(look(answer.data, parts.good))} if parts.good else set(keys)
    return [_fate(key, told, taken) for key in keys]


def _fate(key: str, told: Mapping[str, str], taken: Collection[str]) -> Answer | Trouble:
    """What an answer says of one of several."""
    if key in told:
        return Terminal("refused", f"{key}: {told[key]}")
    return Answer(b"", {"state": "taken"}) if key in taken else Transient("unreadable_answer", f"{key}: {SILENT}")


def names_of(outgoing: Outgoing) -> dict[str, Any]:
    """The names that a telling may use: the body by its kind, and `$delivery`. A carrier goes by our own code."""
    body = dict(outgoing.body)
    if body.get("carrier"):
        body["carrier"] = kept_as(str(body["carrier"]))
    return {outgoing.kind: body, "delivery": {"id": outgoing.id, "attempt": outgoing.attempt, "key": outgoing.key}}


def _has(names: Mapping[str, Any], dotted: str) -> bool:
    root, _, rest = dotted.partition(".")
    found = look(names.get(root), rest) if rest else names.get(root)
    return found not in (None, "", [], {})


def _must_have(plan: TellPlan, unit: Unit) -> None:
    """What a unit lacks is said with how to mend it: a SKU without the platform's own ids is not on sale there."""
    figures = unit.names.get("group", {}).get("figures", [unit.names["figure"]] if "figure" in unit.names else [])
    if below := [one for one in figures if int(one["quantity"]) < 0]:
        raise Terminal("negative_quantity", ", ".join(f"{one['sku_external']}: {one['quantity']}" for one in below))
    for name in plan.said.needs:
        root = name.partition(".")[0]
        if root in ("figure", "line") and root in unit.names and not _has(unit.names, name):
            raise Terminal("unknown_listing" if ".listing." in name else "missing_field", f"no {name}")


def _units(platform: Platform, plan: TellPlan, outgoing: Outgoing, names: Mapping[str, Any]) -> Iterator[Unit]:
    per, body = plan.said.per, names[outgoing.kind]
    if per == "delivery":
        yield Unit(names)
    elif plan.spread is not None:
        for parts in spread(plan.spread, platform.scope(names), body.get("lines") or []):
            yield Unit({**names, "spread": parts})
    elif per == "line":
        if not body.get("lines"):
            raise Terminal("missing_field", "lines: 没有可告知的行 / there is no line to tell")
        for line in body["lines"]:
            yield Unit({**names, "line": line}, text(line.get("sku") or line.get("external_line_id")))
    else:
        figures = [{**one, "listing": listing} for one in body["figures"] for listing in apart(one.get("listing"))]
        if per == "figure":
            for figure in figures:
                yield Unit({**names, "figure": figure}, text(figure.get("sku_external")))
        else:
            yield from _groups(plan, figures, names)


def _groups(plan: TellPlan, figures: Sequence[dict[str, Any]], names: Mapping[str, Any]) -> Iterator[Unit]:
    by, most = plan.said.group.by, plan.said.group.at_most
    groups: dict[str, list[dict[str, Any]]] = {}
    lacking: list[dict[str, Any]] = []
    for figure in figures:
        key = text(look(figure, by)) if by else ""
        is_whole = all(_has({"figure": figure}, name) for name in plan.said.needs if name.startswith("figure."))
        (groups.setdefault(key, []) if is_whole else lacking).append(figure)
    for figure in lacking:
        yield Unit({**names, "figure": figure}, text(figure.get("sku_external")))
    for key, members in groups.items():
        for start in range(0, len(members), most):
            yield _group(key, members[start:start + most], names)


def _group(key: str, part: Sequence[dict[str, Any]], names: Mapping[str, Any]) -> Unit:
    label = ", ".join(text(one.get("sku_external")) for one in part)
    return Unit({**names, "group": {"key": key, "figures": list(part), "first": part[0]}}, label)


def _halves(plan: TellPlan, unit: Unit) -> list[Unit]:
    """A group that the platform takes whole or not at all, in halves, until what it refuses stands alone."""
    group = unit.names.get("group")
    if group is None or not plan.said.group.whole or len(group["figures"]) < 2:
        return []
    middle = len(group["figures"]) // 2
    return [_group(group["key"], part, unit.names) for part in (group["figures"][:middle], group["figures"][middle:])]


def _way(platform: Platform, plan: TellPlan, unit: Unit) -> tuple[Question, DoneBlock | None]:
    """The question by which a part is told, and what a success of it says."""
    assert plan.question is not None
    if plan.ways:
        return _answering(platform, plan, unit)
    if plan.otherwise is not None and (plan.when is None or plan.when(platform.scope(unit.names)) in NOT_SO):
        return plan.otherwise[1], plan.otherwise[0].done
    return plan.question, plan.said.done


def _answering(platform: Platform, plan: TellPlan, unit: Unit) -> tuple[Question, DoneBlock | None]:
    """How the seller's answer to an application is told. Raises Terminal where it is not, or lacks something."""
    answer = text(unit.names[plan.kind].get("answer"))
    if answer not in plan.ways:
        raise Terminal("answer_not_taken", f"{answer}: 请到渠道后台处理 / answer it in the channel's back office")
    way, question, needed = plan.ways[answer]
    if lacking := [name for name, value in needed.items() if value(platform.scope(unit.names)) in ("", None)]:
        raise Terminal("missing_field", f"{', '.join(lacking)}: 缺少，请在账号上设置 / missing: set it on the account")
    return question, way.done


def _must_be_done(question: Question, done: DoneBlock | None, answer: GoodAnswer) -> None:
    """Raise Transient when the answer says nothing of itself, Terminal when it says that nothing was done."""
    if done is None or answer.meaning.means == "done":
        return
    found = look(answer.data, done.at)
    if found in (None, ""):
        raise Transient("unreadable_answer", f"{question.name}: no {done.at}", answer=answer.excerpt)
    wanted = done.in_ or [done.is_]
    if not done.present and text(found) not in {text(one) for one in wanted}:
        raise Terminal("not_done", f"{question.name}: {text(found)[:100]}", answer=answer.excerpt)


def _refusals(platform: Platform, plan: TellPlan, unit: Unit, answer: GoodAnswer) -> list[Terminal]:
    """What a good answer says of its parts. Raises Terminal of a group that is refused as a whole."""
    if plan.said.parts is None:
        return []
    if plan.said.group.whole:
        for _, why in bad_parts(plan.said.parts, answer.data):
            raise Terminal(why, why, answer=answer.excerpt)
        return []
    ours, parts = _labels(platform, plan, unit), plan.said.parts
    if parts.good:
        said = {text(look(one, parts.id)) for one in several(look(answer.data, parts.good))}
        if silent := ours.keys() - said - {key for key, _ in bad_parts(parts, answer.data)}:
            names = ", ".join(ours[key] for key in sorted(silent))
            raise Transient("unreadable_answer", f"{names}: {SILENT}", answer=answer.excerpt)
    return [Terminal("refused", f"{ours.get(key, key)}: {why}", answer=answer.excerpt,
                     items={ours[key]: why} if key in ours else None)
            for key, why in bad_parts(parts, answer.data)]


def _refused_items(unit: Unit, error: Terminal) -> dict[str, str]:
    """The figures that a refused call was about; none where it is the account that is refused."""
    if error.code in OURS:
        return {}
    group = unit.names.get("group")
    figures = group["figures"] if group is not None else [unit.names["figure"]] if "figure" in unit.names else []
    return {text(one.get("sku_external")): error.message for one in figures}


def _labels(platform: Platform, plan: TellPlan, unit: Unit) -> dict[str, str]:
    """The seller's own code by what the platform calls an item."""
    figures = unit.names.get("group", {}).get("figures") or [unit.names["figure"]] if "figure" in unit.names or \
        "group" in unit.names else []
    return {_own_key(platform, plan, {**unit.names, "figure": one}): text(one.get("sku_external")) for one in figures}


def _own_key(platform: Platform, plan: TellPlan, names: Mapping[str, Any]) -> str:
    return text(plan.of_part(platform.scope(names))) if plan.of_part is not None else ""


async def _told_before(platform: Platform, plan: TellPlan, names: Mapping[str, Any]) -> Answer | None:
    """The answer of an attempt before, when the platform says that it was done; None when it says that it was not.

    Raises Transient or Terminal where it does not say: telling then might be telling twice.
    """
    if plan.doubt is None or (wanted := _wanted(platform, plan, names)) is None:
        return None
    try:
        return await _found(platform, plan, names, wanted)
    except NotTheAnswer as problem:
        raise Transient("unreadable_answer", f"{plan.doubt[1].name}: {problem}") from None
    except Terminal as error:
        if error.code == NOT_THERE:
            return None
        if error.code in OURS:
            raise
        raise Terminal("in_doubt", UNASKED.format(why=f"{error.code}: {error.message}"), answer=error.answer) from None


async def _is_ours(platform: Platform, plan: TellPlan, names: Mapping[str, Any]) -> bool:
    """Whether what was refused had been done already; where nothing can be learnt, the refusal stands."""
    if plan.doubt is None or (wanted := _wanted(platform, plan, names)) is None:
        return False
    try:
        return await _found(platform, plan, names, wanted) is not None
    except (Terminal, NotTheAnswer):
        return False


async def _must_be_ours(platform: Platform, plan: TellPlan, names: Mapping[str, Any]) -> None:
    """What the platform calls done already may be somebody else's: raises Terminal where it shows that it is.

    Where it does not let itself be asked, its word is taken.
    """
    if plan.doubt is None or (wanted := _wanted(platform, plan, names)) is None:
        return
    try:
        found = await _found(platform, plan, names, wanted)
    except (Terminal, NotTheAnswer):
        return
    if found is None:
        raise Terminal(DONE_OTHERWISE, ANOTHERS)


def _wanted(platform: Platform, plan: TellPlan, names: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """By what a record of ours is told from another's; None where nothing that is ours is known.
    Where the question alone asks for ours (`where` is empty), every record is."""
    assert plan.doubt is not None
    scope = platform.scope(names)
    wanted = {path: value(scope) for path, value in plan.doubt[2].items()}
    return wanted if not wanted or any(value not in (None, "") for value in wanted.values()) else None


async def _found(
    platform: Platform, plan: TellPlan, names: Mapping[str, Any], wanted: Mapping[str, Any],
) -> Answer | None:
    """What the platform has of it. Raises as `ask`, and NotTheAnswer."""
    assert plan.doubt is not None
    said, question, _ = plan.doubt
    answer = await platform.ask(question, names)
    for body in records_in(answer.heard.body, said.cut):
        record = parsed(body)
        if all(_fits(look(record, path), value) for path, value in wanted.items()):
            return Answer(b"", {**ALREADY, **{name: _kept(look(record, path)) for name, path in said.take.items()}})
    return None


def _fits(found: Any, wanted: Any) -> bool:
    """Whether a field has the value, or one of several; nothing wanted is always there, and capitals do not count."""
    wanted = wanted if isinstance(wanted, list) else [wanted]
    return wanted == [None] or _spelt(found) in {_spelt(one) for one in wanted}


def _spelt(value: Any) -> str:
    return text(value).strip().casefold()


def _answer(plan: TellPlan, last: GoodAnswer | None) -> Answer:
    if last is None:
        return Answer(b"", ALREADY)
    said = {name: _kept(look(last.data, path)) for name, path in plan.said.said.items()}
    state = "already_done" if last.meaning.means == "done" else "done"
    return Answer(last.excerpt, {"state": state, **{k: v for k, v in said.items() if v}})


def _kept(value: Any) -> str:
    """What is kept of an answer: a block or list of it (what prints a label) as JSON."""
    return to_json(value) if isinstance(value, dict | list) else text(value)
