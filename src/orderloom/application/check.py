"""Check a draft against the blueprint's formulas: every broken one at once, before anything is reserved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.draft import OrderDraft
from orderloom.domain.formula import Broken


def check(
    draft: OrderDraft, blueprint: CompiledBlueprint, channel: str, facts: Mapping[str, Any]
) -> tuple[Broken, ...]:
    """Return what does not add up, empty for a right order.

    Each `Broken` names the formula, the term that is off, the expected and stated amount in minor units, and the hold
    and case that it asks for. `channel` is the connector's name, for formulas that are meant for some channels only;
    `facts` are the order's (`facts_of`), for those that are meant for some orders only.
    """
    return tuple(blueprint.check_amounts(draft, channel, facts))
