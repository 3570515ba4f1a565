"""Paths into an answer's data, `a.b.0.c`; a list of paths gives the first that is there.

A step with `!` behind it holds a JSON text, which the next step looks into: `apiResultData!.msgData`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

Path = str | Sequence[str]
INNER = "!"
SELF = "."
"""The data as a whole."""


def look(data: Any, path: Path) -> Any:
    """What stands at the path, None where nothing does. `""` is nothing, `"."` the data itself."""
    if not isinstance(path, str):
        return next((found for found in (look(data, one) for one in path) if found is not None), None)
    if path == SELF:
        return data
    if not path:
        return None
    for said in path.split("."):
        step = said.rstrip(INNER)
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
        if said.endswith(INNER):
            data = inner(data)
        if data is None:
            return None
    return data


def several(value: Any) -> list[Any]:
    """What stands where a list is expected: one alone is a list of one, and what is nothing is none."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "", False, 0, {}) else [value]


def inner(value: Any) -> Any:
    """The data of a JSON text; None when it is none."""
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def text(value: Any) -> str:
    """A plain value as text: nothing is "", flags are true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
