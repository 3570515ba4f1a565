"""Spreads the lines that are told over what a platform still has open of them, by the places in which it does.

Some platforms split an order by themselves - by location, by package - and take a parcel only in their own parts. What
carries the waybill already is taken off first, so that a telling whose answer was lost can be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from orderloom.adapters.kit.casts import CASTS
from orderloom.adapters.kit.paths import look, several, text
from orderloom.adapters.kit.plan import SpreadPlan
from orderloom.adapters.kit.schema import OpenBlock
from orderloom.adapters.kit.scope import CallNames
from orderloom.application.ports import Terminal

EVERYTHING = 2**31 - 1
Part = dict[str, Any]
"""{"record": one of the platform's parts, "lines": [{"record": a line of it, "quantity": units}]}."""


def spread(plan: SpreadPlan, scope: CallNames, lines: list[dict[str, Any]]) -> Iterator[list[Part]]:
    """The parts that one call each tells; none when all of it carries the waybill already.

    Raises Terminal when less is open than is told: a parcel that the platform could only take in part is a person's
    question, not a half-told one. Without lines it is all that is open.
    """
    wanted = Counter[str]()
    for line in lines:
        wanted[text(line["external_line_id"])] += int(line["quantity"])
    told = _told(plan, scope)
    left = wanted - told
    if wanted and not left:
        return
    parts = [one for one in several(plan.over(scope)) if isinstance(one, dict)]
    groups = _chosen(plan, parts, left, takes_rest=not wanted)
    if not groups and told:
        return
    taken = sum(line["quantity"] for group in groups.values() for part in group for line in part["lines"])
    if not groups or taken < left.total():
        _refuse(plan, parts, left.total(), taken)
    yield from groups.values()


def _told(plan: SpreadPlan, scope: CallNames) -> Counter[str]:
    """Units of each line that the platform has under what is told already."""
    told = Counter[str]()
    if plan.told is None:
        return told
    said, over, where = plan.told
    wanted = {path: text(value(scope)) for path, value in where.items()}
    for record in several(over(scope)):
        is_ours = all(any(text(one) == value for one in _all(record, path)) for path, value in wanted.items())
        if is_ours and not _is_one_of(record, said.unless):
            for line in several(look(record, said.lines)):
                told[_key(line, said)] += int(look(line, said.quantity) or 0)
    return told


def _all(record: Any, path: str) -> list[Any]:
    """What stands at a path; where it leads into a list, in each of its members."""
    found = [record]
    for step in path.split("."):
        found = [inner for one in found for inner in several(look(one, step))]
    return found


def _chosen(
    plan: SpreadPlan, parts: list[dict[str, Any]], wanted: Counter[str], *, takes_rest: bool,
) -> dict[str, list[Part]]:
    said, left = plan.said, Counter(wanted)
    groups: dict[str, list[Part]] = {}
    for record in parts:
        if not _is_one_of(record, said.open):
            continue
        lines = []
        for line in several(look(record, said.lines)):
            key = _key(line, said)
            units = min(int(look(line, said.quantity) or 0), EVERYTHING if takes_rest else left[key])
            if units > 0:
                left[key] -= units
                lines.append({"record": line, "quantity": units})
        if lines:
            groups.setdefault(text(look(record, said.by)), []).append({"record": record, "lines": lines})
    return groups


def _key(line: Any, said: OpenBlock) -> str:
    """The order's line that a line of a part is about, as we know it."""
    found = look(line, said.line)
    return text(CASTS[said.as_](found, None)) if said.as_ else text(found)  # type: ignore[arg-type]


def _is_one_of(record: Any, words: Mapping[str, list[Any]]) -> bool:
    return any(text(look(record, path)) in {text(one) for one in known} for path, known in words.items())


def _refuse(plan: SpreadPlan, parts: list[dict[str, Any]], wanted: int, taken: int) -> None:
    held = [text(look(one, plan.said.id)) for one in parts if _is_one_of(one, plan.said.held)]
    if held:
        raise Terminal("on_hold", f"{', '.join(held)}: 平台暂停了发货，请先在平台解除 / on hold, release it at the "
                                  "platform first")
    raise Terminal("nothing_open", f"要发 {wanted or '全部'} 件，平台只剩 {taken} 件可发 / "
                                   f"{wanted or 'all'} units told, {taken} are open at the platform")
