"""What a rule is: a decision table at a place of ours, which says what may be asked about and what may be answered.

The set of places is closed, in code (`rule_places.py`); rules are data, in the blueprint. A rule states an outcome and
no more: the verb of the place carries it out, and stock, money and evidence are below every rule.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from orderloom.domain.words import Words

NUMBER_MAX = 2**53 - 1
"""Beyond it the engine's numbers are no longer whole ones; what is larger is refused, never rounded."""
Hit = Literal["first", "every"]
"""Which of the rows that match decide: the uppermost alone, or each."""
Value = str | int | bool


class TraitType(StrEnum):
    """What a trait is made of: money in minor units, an instant in seconds since 1970, `texts` several at once."""

    NUMBER = "number"
    MONEY = "money"
    TEXT = "text"
    FLAG = "flag"
    INSTANT = "instant"
    TEXTS = "texts"

    @property
    def is_number(self) -> bool:
        """Whether its values are compared by size."""
        return self in (TraitType.NUMBER, TraitType.MONEY, TraitType.INSTANT)


class RuleTrait(msgspec.Struct, frozen=True):
    """What a place lets rules ask about: a sample of it as the engine sees it; `values` where the set is closed.

    A trait may be unknown of one order (null): then only an empty cell matches it."""

    name: str
    type: TraitType
    title: Words
    sample: Value | tuple[str, ...]
    values: tuple[str, ...] = ()


class OutcomeColumn(msgspec.Struct, frozen=True):
    """What a row may state: a `sku` (a code of ours), a number within its bounds, a flag, or one of the `values`.

    `default` is what an empty cell means; None: every row must say it."""

    name: str
    type: Literal["sku", "number", "flag", "choice"]
    title: Words
    default: Value | None = None
    least: int = 0
    most: int = NUMBER_MAX
    values: tuple[str, ...] = ()


class RulePlace(msgspec.Struct, frozen=True):
    """A point of the route where rules are asked: the traits it offers, what they may answer, the hits it allows."""

    name: str
    title: Words
    traits: tuple[RuleTrait, ...]
    outcomes: tuple[OutcomeColumn, ...]
    hits: tuple[Hit, ...]

    def trait(self, name: str) -> RuleTrait | None:
        """The trait of this name."""
        return next((trait for trait in self.traits if trait.name == name), None)


class RowDecided(msgspec.Struct, frozen=True):
    """A row that decided, and what it states, all columns of its place."""

    row: str
    outcome: dict[str, Value]


class RuleDecision(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one rule answered, as the log keeps it: by which version of the blueprint, by which rows, and the rows that
    matched as well and lost. `traits` are those that the rule asked about, as they were."""

    place: str
    rule: str
    version: int
    rows: tuple[RowDecided, ...]
    candidates: tuple[str, ...] = ()
    traits: dict[str, str | int | bool | list[str] | None] = {}
