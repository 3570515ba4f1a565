"""What the one who is being answered may see: groups of fields that are hidden, and rows to which they are limited.

It is known once a request's caller is, and holds for all that the request reads and answers, so that no endpoint has to
remember it. Workers and the command line see everything.
"""

from __future__ import annotations

from contextvars import ContextVar

import msgspec

HIDDEN_NONE: frozenset[str] = frozenset()


class Rows(msgspec.Struct, frozen=True):
    """The rows that are seen; None: all of the kind, empty: none. Ids are the database's; `accounts` has those of
    systems and carriers as well, which belong to no channel. A SKU's code that ends in * stands for all that begin so.
    """

    warehouses: tuple[int, ...] | None = None
    accounts: tuple[int, ...] | None = None
    provinces: tuple[str, ...] | None = None
    skus: tuple[str, ...] | None = None
    suppliers: tuple[str, ...] | None = None
    """Codes: what they bring, and what was ordered of them."""

    @property
    def of_goods(self) -> bool:
        """Whether it is some goods alone that are seen."""
        return self.skus is not None or self.suppliers is not None


class Sight(msgspec.Struct, frozen=True):
    """Fields that are hidden by group, and rows that are seen (None: all)."""

    hides: frozenset[str] = HIDDEN_NONE
    rows: Rows | None = None

    def sees(self, group: str) -> bool:
        """Whether fields of this group are shown."""
        return group not in self.hides


EVERYTHING = Sight()
SIGHT: ContextVar[Sight] = ContextVar("sight", default=EVERYTHING)
"""That of the request under way."""
