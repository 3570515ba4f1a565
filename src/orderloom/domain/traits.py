"""The traits of an order that a condition in the blueprint may name: one description, whoever speaks of the order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from orderloom.domain.gift import is_gift
from orderloom.domain.order import Order

TRAIT_SAMPLES: dict[str, str | int | bool | list[str]] = {
    "channel": "a_channel",
    "shop": "s1",
    "currency": "CNY",
    "total": 12900,
    "paid": 12900,
    "freight": 800,
    "discount": 0,
    "tax": 0,
    "payment": "paid",
    "quantity": 2,
    "line_count": 1,
    "country": "CN",
    "province": "浙江省",
    "city": "杭州市",
    "is_masked": False,
    "is_unsure": False,
    "is_cancelled": False,
    "is_fulfilled_elsewhere": False,
    "is_out": False,
    "hold": "",
    "note": "",
    "native": "WAIT_SELLER_SEND_GOODS",
    "flags": ["from_the_future"],
}
"""Every plain name that a condition may use, with a value of its type; `facts.NAME` reads a further mapped field."""
OF_BEFORE = frozenset({"is_test"})
"""Names that no new condition may use and stored ones still find: a test order never becomes an order."""


_READ: dict[str, Callable[[Order], Any]] = {
    **{name: attrgetter(name) for name in (
        "currency", "total", "paid", "freight", "discount", "tax", "payment", "country", "province", "city",
        "is_masked", "is_unsure", "is_cancelled", "is_out", "is_fulfilled_elsewhere", "note", "native", "facts",
    )},
    "quantity": lambda order: sum([
        line.ordered // line.factor for line in order.lines if not line.is_closed and not is_gift(line)]),
    "line_count": lambda order: sum([not is_gift(line) for line in order.lines]),
    "is_test": lambda order: False,
    "hold": lambda order: order.standing_hold,
    "flags": lambda order: list(order.flags),
}  # fmt: skip


class Traits(Mapping[str, Any]):
    """An order's traits, each worked out when it is asked for: most conditions ask for one."""

    __slots__ = ("_order", "_said")

    def __init__(self, order: Order, **said: str) -> None:
        self._order, self._said = order, said

    def __getitem__(self, name: str) -> Any:
        """The trait of this name. Raises KeyError when there is none."""
        read = _READ.get(name)
        return self._said[name] if read is None else read(self._order)

    def __iter__(self) -> Iterator[str]:
        """The names."""
        yield from self._said
        yield from _READ

    def __len__(self) -> int:
        """How many there are."""
        return len(self._said) + len(_READ)


def traits_of(order: Order, channel: str, shop: str = "") -> Traits:
    """Return the order's traits under the names of `TRAIT_SAMPLES`, money in minor units. No name is ever missing.

    `channel` is the connector's name and `shop` the account's code; `hold` is the newest hold that stands.
    """
    return Traits(order, channel=channel, shop=shop)
