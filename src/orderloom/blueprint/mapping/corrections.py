"""Values that people put right in one message: its bytes stay as they came, and are read with these in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from orderloom.blueprint.mapping.fragment import corrected, steps_of


class Correction(msgspec.Struct, frozen=True):
    """Where `was` stands at `path`, `value` is read. A later one of a path counts on what an earlier one made."""

    path: str
    was: Any
    value: str | int | None


def with_corrections(data: Any, told: str) -> Any:
    """A parsed body with the corrections that its message carries."""
    for one in msgspec.json.decode(told, type=list[Correction]):
        data = corrected(data, steps_of(one.path), one.was, one.value)
    return data


def told_of(corrections: Sequence[Correction]) -> str:
    """Corrections as a message carries them."""
    return msgspec.json.encode(corrections).decode()
