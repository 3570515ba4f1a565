"""Whether a box weighs what its goods and its material do. Pure; grams."""

from __future__ import annotations

import msgspec


class WeightRule(msgspec.Struct, frozen=True):
    """How far a box may be off: so many per cent of what is expected, and never less than so many grams. `is_needed`: a
    box leaves only when it was weighed."""

    percent: int = 5
    grams: int = 20
    is_needed: bool = False


class BoxWeight(msgspec.Struct, frozen=True):
    """What stood on the scale, and what was expected: 0 where a SKU's weight is not known."""

    weighed: int
    expected: int

    def band(self, rule: WeightRule) -> int:
        """How far it may be off."""
        return max(rule.grams, self.expected * rule.percent // 100)

    def is_off(self, rule: WeightRule) -> bool:
        """Whether something is too much in the box, or too little."""
        return self.expected > 0 and abs(self.weighed - self.expected) > self.band(rule)

    def figures(self, rule: WeightRule) -> dict[str, str]:
        """For whoever is told."""
        return {"weighed": str(self.weighed), "wanted": str(self.expected), "band": str(self.band(rule))}
