"""The values that a question takes one after the other: a walk for each."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from orderloom.adapters.kit.platform import Platform


def loops(platform: Platform, said: Mapping[str, list[Any] | str]) -> list[dict[str, Any]]:
    """The names of each walk. A list of the account's that is empty leaves one walk without a value."""
    ways = [values if isinstance(values, list) else platform.scope({}).get(values.removeprefix("$")) or [None]
            for values in said.values()]
    return [dict(zip(said, values, strict=True)) for values in itertools.product(*ways)]
