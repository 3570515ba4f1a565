"""Texts with named fields, `{order}`: filled in, and shortened in the right field where a messenger takes no more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

FIELD = re.compile(r"\{([a-z_]+)\}")
COMMON = ("rule", "severity", "at")
FIELDS: dict[str, tuple[str, ...]] = {
    "case": (*COMMON, "kind", "subject", "order", "account", "owner", "due_at", "mend", "case"),
    "not_taken": (*COMMON, "kind", "subject", "order", "account", "owner", "due_at", "mend", "case"),
    "backlog": (*COMMON, "owner", "count", "over"),
    "lifecycle": (*COMMON, "order", "account", "stage", "customer"),
    "token_ends": (*COMMON, "account", "token", "ends_at"),
    "digest": ("count", "lines", "severity", "at"),
}
"""What a template may name, by what its rule waits for; `digest` is what many messages in one are made of."""
SHORTENED = "…"
Value = str | Sequence[str]
"""A field's text; several lines can be left out one by one."""


def fields_of(text: str) -> tuple[str, ...]:
    """The fields that a text names, in their order."""
    return tuple(FIELD.findall(text))


def is_broken(text: str) -> bool:
    """Whether a brace stands where no field is."""
    return "{" in (bare := FIELD.sub("", text)) or "}" in bare


def render(text: str, values: Mapping[str, Value], most: int | None, cut: Sequence[str], more: str) -> str:
    """The text with its fields put in, of at most so many characters.

    What is too long is taken from the fields in `cut`, in their order, then from the others, the last first; lines are
    left out from the end, and `more` (with `{count}`) says how many. The text between the fields stays if it can.
    """
    filled = {name: values.get(name, "") for name in fields_of(text)}
    told = _put(text, filled, more, {})
    if most is None or len(told) <= most:
        return told
    left: dict[str, int] = {}
    for name in (*[c for c in cut if c in filled], *[n for n in reversed(filled) if n not in cut]):
        _shorten(text, filled, more, left, name, most)
        told = _put(text, filled, more, left)
        if len(told) <= most:
            return told
    return told[: most - 1] + SHORTENED if most > 1 else told[:most]


def _shorten(
    text: str, filled: dict[str, Value], more: str, left: dict[str, int], name: str, most: int,
) -> None:
    """Take from one field what is too much, or all that it has."""
    value = filled[name]
    if isinstance(value, str):
        times = max(1, fields_of(text).count(name))
        over = len(_put(text, filled, more, left)) - most
        keep = len(value) - -(-over // times) - len(SHORTENED)
        filled[name] = value[:keep] + SHORTENED if keep > 0 else ""
        return
    lines = list(value)
    while lines and len(_put(text, filled, more, left)) > most:
        lines.pop()
        filled[name] = lines
        left[name] = left.get(name, 0) + 1


def _put(text: str, values: Mapping[str, Value], more: str, left: Mapping[str, int]) -> str:
    return FIELD.sub(lambda match: _shown(match[1], values[match[1]], more, left), text)


def _shown(name: str, value: Value, more: str, left: Mapping[str, int]) -> str:
    if isinstance(value, str):
        return value
    said = [more.replace("{count}", str(left[name]))] if left.get(name) else []
    return "\n".join([*value, *said])
