"""What a carrier asks for a parcel by its contract: steps of weight, rounding, a minimum, light and bulky goods.

Integers only: grams, cubic millimetres, minor units of money. Every number is a term of a contract, none is ours.
Contracts count kilograms of bulk as cubic centimetres over a divisor: cubic millimetres over it are grams.
"""

from __future__ import annotations

import msgspec


class RateStep(msgspec.Struct, frozen=True):
    """Up to `to_g` grams: `first` for the first `first_g`, then `step` for each `step_g` begun. `step_g` 0: one price
    for all of it (一口价)."""

    to_g: int
    first: int
    first_g: int = 0
    step_g: int = 0
    step: int = 0

    def price(self, grams: int) -> int:
        """The price of so many grams."""
        if not self.step_g or grams <= self.first_g:
            return self.first
        return self.first + -(-(grams - self.first_g) // self.step_g) * self.step


class RateTable(msgspec.Struct, frozen=True):
    """The steps of one zone, lightest first. `divisor` 0: bulk does not count; it does from `volumetric_from_g` of real
    weight on. Weight is rounded up to `round_g`, and nothing costs less than `minimum`."""

    steps: tuple[RateStep, ...]
    minimum: int = 0
    divisor: int = 0
    volumetric_from_g: int = 0
    round_g: int = 1

    def billed_g(self, weight_g: int, volume_mm3: int) -> int:
        """Grams that are paid for: the real weight or the bulk, whichever is more, rounded up.

        >>> RateTable((), divisor=8_000, round_g=500).billed_g(300, 30 * 20 * 20 * 1_000)
        1500
        """
        grams = weight_g
        if self.divisor and weight_g >= self.volumetric_from_g:
            grams = max(grams, -(-volume_mm3 // self.divisor))
        return -(-grams // self.round_g) * self.round_g

    def price(self, weight_g: int, volume_mm3: int) -> int | None:
        """What the parcel costs; None: the contract carries nothing so heavy."""
        grams = self.billed_g(weight_g, volume_mm3)
        for step in self.steps:
            if grams <= step.to_g:
                return max(step.price(grams), self.minimum)
        return None
