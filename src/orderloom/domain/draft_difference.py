"""In what two statements of one order differ, field by field, in texts that name nobody. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from orderloom.domain.draft import OrderDraft
from orderloom.domain.shown import shown_of

_WORDS = ("native", "said", "flags", "source_placed_at", "revision")
"""Each version of an API has words of its own: what they mean stands in other fields."""


def draft_differences(one: OrderDraft, other: OrderDraft) -> dict[str, tuple[str, str]]:
    """Fields of which the two say something else, with both values; lines are compared by their ids, milestones as
    such. Of people nothing is quoted."""
    old, new = dict(_told(one)), dict(_told(other))
    return {
        field: (_shown(field, old.get(field)), _shown(field, new.get(field)))
        for field in dict.fromkeys((*old, *new)) if old.get(field) != new.get(field)
    }


def _told(draft: OrderDraft) -> Iterator[tuple[str, Any]]:
    for name in draft.__struct_fields__:
        if name not in _WORDS:
            yield from _parts(name, msgspec.to_builtins(getattr(draft, name)))
    yield "milestones", ", ".join(sorted({said.milestone for said in draft.said}))


def _parts(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in _WORDS:
                yield from _parts(f"{name}.{key}", part)
    elif isinstance(value, list | tuple):
        yield f"{name}.count", len(value)
        for place, part in enumerate(value):
            id = part.get("external_id") or part.get("waybill") or place if isinstance(part, dict) else place
            yield from _parts(f"{name}[{id}]", part)
    else:
        yield name, value


def _shown(field: str, value: Any) -> str:
    return shown_of(field, value) or ("" if value in (None, "") else "***")
