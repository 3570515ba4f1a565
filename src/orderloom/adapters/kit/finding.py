"""Finds the platform's own ids of what is for sale, by the seller's codes: several ways, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orderloom.adapters.halving import NotTheAnswer
from orderloom.adapters.kit.cut import parsed, records
from orderloom.adapters.kit.loops import loops
from orderloom.adapters.kit.paths import SELF, look, several, text
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.requests import Question
from orderloom.adapters.kit.schema import ListingsBlock
from orderloom.adapters.kit.values import Value
from orderloom.adapters.listed import together
from orderloom.application.ports import Transient


async def find(platform: Platform, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The ids by code, of codes that are on sale. Raises Transient or Terminal."""
    found: dict[str, list[dict[str, str]]] = {}
    for way, question, values in platform.plan.listings:
        for names in loops(platform, way.loop):
            left = [code for code in codes if code not in found]
            for start in range(0, len(left), way.at_once):
                await _ask(platform, way, question, values, left[start:start + way.at_once], names, found)
    return {code: together(listings) for code, listings in found.items()}


async def _ask(
    platform: Platform, way: ListingsBlock, question: Question, values: Mapping[str, Value], codes: Sequence[str],
    looped: Mapping[str, Any], found: dict[str, list[dict[str, str]]],
) -> None:
    answer = await platform.ask(question, {**looped, "codes": list(codes), "code": codes[0]})
    try:
        bodies = records(answer.heard.body, way.cut or SELF)
    except NotTheAnswer as error:
        raise Transient("unreadable_answer", f"{question.name}: {error}", answer=answer.excerpt) from error
    for record in map(parsed, bodies):
        for one in several(look(record, way.inner)) if way.inner else (record,):
            code = text(look(one, way.sku)) if way.sku else codes[0]
            names = platform.scope({**looped, "record": one})
            told = {name: values[name](names) if name in values else _kept(one, record, path)
                    for name, path in way.keep.items()}
            ids = {name: text(value) for name, value in told.items() if text(value)}
            is_meant = not way.without or look(one, way.without) is None
            if code in codes and ids and ids.keys() >= set(way.needs) and is_meant:
                found.setdefault(code, []).append(ids)


def _kept(one: Any, record: Any, path: str | list[str]) -> Any:
    """What stands at a path of a record; `^.` in front leads to the one that it stands within."""
    is_outer = isinstance(path, str) and path.startswith("^.")
    return look(record, path[2:]) if is_outer else look(one, path)
