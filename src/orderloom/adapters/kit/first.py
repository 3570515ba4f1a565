"""Asks what other questions need to know first, and reads what an answer says of each of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orderloom.adapters.kit.paths import look, several, text
from orderloom.adapters.kit.plan import FirstPlan
from orderloom.adapters.kit.platform import Platform
from orderloom.adapters.kit.schema import PartsBlock
from orderloom.application.ports import Terminal, Transient

NOT_SO = (None, False, 0, "")
"""Values of a `when` that does not hold."""
_PLACE = re.compile(r"(^|\.)[0-9]+(?=\.|$)")


async def asked_first(
    platform: Platform, first: Mapping[str, FirstPlan], names: Mapping[str, Any],
) -> dict[str, Any]:
    """The answers by name; each may use those before it. Raises Transient or Terminal."""
    found: dict[str, Any] = {}
    for name, plan in first.items():
        known = {**names, **found}
        if plan.when is not None and plan.when(platform.scope(known)) in NOT_SO:
            continue
        answer = await platform.ask(plan.question, known)
        if plan.said.parts is not None and (bad := list(bad_parts(plan.said.parts, answer.data))):
            raise Terminal("refused", "; ".join(f"{key}: {why}" for key, why in bad), answer=answer.excerpt)
        value = look(answer.data, plan.said.take)
        if value is None and plan.said.needed:
            if not _is_told(answer.data, plan.said.take):
                raise Transient("unreadable_answer", f"{plan.question.name}: no {name}", answer=answer.excerpt)
            raise Terminal("not_found", f"{plan.question.name}: 没有 / gives no {name}", answer=answer.excerpt)
        if value is not None:
            found[name] = value
    return found


def _is_told(data: Any, take: str | Sequence[str]) -> bool:
    """Whether an answer that gives nothing says so: a list of which one is wanted is there, and empty."""
    paths = [take] if isinstance(take, str) else take
    lists = [path[:at.start()] or "." for path in paths if (at := _PLACE.search(path))]
    return not lists or any(look(data, path) == [] for path in lists)


def bad_parts(said: PartsBlock, data: Any) -> Iterator[tuple[str, str]]:
    """What an answer refuses of its parts: by the platform's id, why."""
    for record in several(look(data, said.bad)):
        is_good = any(text(look(record, path)) in {text(v) for v in values} for path, values in said.unless.items())
        if not is_good:
            yield text(look(record, said.id)), text(look(record, said.why))[:200] or "refused"
