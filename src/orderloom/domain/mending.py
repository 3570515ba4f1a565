"""The ways in which a case can be mended: of these words a kind of case in a blueprint names those that are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

Object = Literal["messages", "deliveries", "order", "goods", "case", "page"]


class Mender(NamedTuple):
    """What a way works on, and the scope that somebody needs for it (empty: to see the case is enough)."""

    on: Object
    scope: str = ""


MENDERS: Mapping[str, Mender] = MappingProxyType({
    "alias": Mender("messages", "skus:write"),
    "sku": Mender("messages", "skus:write"),
    "correct": Mender("messages", "messages:write"),
    "status": Mender("messages", "accounts:write"),
    "replay": Mender("messages", "messages:write"),
    "discard": Mender("messages", "messages:write"),
    "warehouse": Mender("messages", "skus:write"),
    "resend": Mender("deliveries", "deliveries:write"),
    "give_up": Mender("deliveries", "deliveries:write"),
    "release": Mender("order", "orders:read"),
    "cancel": Mender("order", "orders:read"),
    "reship": Mender("order", "orders:read"),
    "action": Mender("order", "orders:read"),
    "receiver": Mender("order", "orders:receiver"),
    "address": Mender("order", "orders:receiver"),
    "decide": Mender("order", "orders:read"),
    "hs_code": Mender("goods", "skus:write"),
    "finance": Mender("case", "cases:write"),
    "check": Mender("case", "cases:write"),
    "mapping": Mender("page", "accounts:read"),
    "account": Mender("page", "accounts:read"),
    "stock": Mender("page", "stock:read"),
    "order": Mender("page", "orders:read"),
})
"""Every way there is. What works on an order goes by that order's own commands; a page is where it is mended."""
OF_AREA: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "landing": ("replay", "discard", "mapping"), "hub": ("account",), "stock": ("stock",), "money": ("finance",),
    "order": ("action", "order"), "carrier": ("order",), "warehouse": ("order",), "after_sales": ("order",),
})
"""What is offered for a kind that names no way of its own."""
LAST = "check"
"""It was looked at and put right elsewhere, or is to stay: the case is closed with a reason. Always there."""


def menders_of(named: Sequence[str], area: str) -> tuple[str, ...]:
    """The ways for a kind of case, the right one first."""
    return tuple(dict.fromkeys((*(named or OF_AREA.get(area, ())), LAST)))
