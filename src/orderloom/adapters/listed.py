"""Several listings of one code at a platform: the first one's ids, and `others` beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

OTHERS = "others"
LISTINGS_MAX = 100
"""Of one code; more of one code at one shop is a mistake there."""


def together(listings: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The ids of all listings of a code as they are kept. At least one is given."""
    first, *others = listings[:LISTINGS_MAX]
    return {**first, OTHERS: [dict(one) for one in others]} if others else dict(first)


def apart(kept: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The listings that are kept as one; one without ids where there is none."""
    known = dict(kept or {})
    others = known.pop(OTHERS, [])
    return [known, *others]
