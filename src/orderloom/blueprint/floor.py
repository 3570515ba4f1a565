"""The shape of `floor.yaml`: how far a box on the scale may be off, and whether every box is weighed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding
from orderloom.domain.floor.weigh import WeightRule
from orderloom.domain.words import Words

FILE = "floor.yaml"
PERCENT_MAX, GRAMS_MAX = 100, 1_000_000


class WeighingEntry(Shape, frozen=True):
    """`weighing` of `floor.yaml`."""

    percent: int = 5
    grams: int = 20
    is_needed: bool = False


class FloorFile(Shape, frozen=True):
    """`floor.yaml`."""

    weighing: WeighingEntry = msgspec.field(default_factory=WeighingEntry)


def check_floor(floor: FloorFile) -> Iterator[Finding]:
    """What is wrong with it."""
    for name, number, most in (("percent", floor.weighing.percent, PERCENT_MAX),
                               ("grams", floor.weighing.grams, GRAMS_MAX)):
        if not 0 <= number <= most:
            yield Finding(FILE, f"weighing.{name}", Words(f"{number} 不能用", f"{number} cannot be"),
                          Words(f"0 到 {most}", f"0 to {most}"))


def compile_weighing(floor: FloorFile) -> WeightRule:
    """What the domain decides by."""
    return WeightRule(floor.weighing.percent, floor.weighing.grams, floor.weighing.is_needed)
