"""What a rule sees of an order: plain values by name, money in minor units, instants in seconds, nothing of the person
but the region. One description, whichever place asks; conditions of the lifecycle read theirs in `traits.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, Protocol

import msgspec

from orderloom.domain.gift import is_gift
from orderloom.domain.lifecycle import GuardFailed
from orderloom.domain.order import Line, Order
from orderloom.domain.rule import NUMBER_MAX
from orderloom.domain.states import LineKind

Plain = str | int | bool | list[str] | None


class GoodsSeen(Protocol):
    """What of a SKU rules may ask about; `groups` are the names of its group and those above it, `weight_g` 0: nobody
    has weighed it."""

    @property
    def code(self) -> str: ...
    @property
    def groups(self) -> tuple[str, ...]: ...
    @property
    def weight_g(self) -> int: ...


class SeenByRules(msgspec.Struct, frozen=True):
    """What rules are asked about: an order, its channel, its SKUs, and how many orders its buyer has had before (None:
    who it is cannot be told)."""

    order: Order
    channel: str
    shop: str
    goods: Mapping[int, GoodsSeen]
    orders_before: int | None = None

    @property
    def lines(self) -> list[Line]:
        """What the buyer ordered and still wants, but for what waits for its money; a gift is no reason for gifts."""
        return [line for line in self.order.lines
                if not line.is_closed and not is_gift(line) and line.ordered - line.cancelled > line.unpaid]


def traits_for_rules(seen: SeenByRules, names: Iterable[str]) -> dict[str, Plain]:
    """The traits of these names. Raises GuardFailed for a number that the engine could not keep whole."""
    return {name: _kept(name, _READ[name](seen)) for name in names}


def _kept(name: str, value: Plain) -> Plain:
    if isinstance(value, int) and abs(value) > NUMBER_MAX:
        raise GuardFailed(f"{name} {value} is beyond {NUMBER_MAX}: no rule can be asked about it")
    return value


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _weight(seen: SeenByRules) -> int | None:
    """Grams of all goods; not known while nobody has weighed one of them."""
    total = 0
    for line in seen.lines:
        for sku_id, units in (line.parts or ((line.sku_id, 1),)) if line.kind is LineKind.GOODS else ():
            goods = seen.goods.get(sku_id)
            if goods is None or not goods.weight_g:
                return None
            total += goods.weight_g * units * (line.ordered - line.cancelled)
    return total


def _named(seen: SeenByRules, read: Callable[[GoodsSeen], tuple[str, ...]]) -> list[str]:
    known = [goods for line in seen.lines if (goods := seen.goods.get(line.sku_id)) is not None]
    return list(dict.fromkeys([name for goods in known for name in read(goods)]))


def _of_order(name: str) -> Callable[[SeenByRules], Any]:
    read = attrgetter(name)
    return lambda seen: read(seen.order)


_READ: Mapping[str, Callable[[SeenByRules], Plain]] = {
    **{name: _of_order(name) for name in (
        "currency", "total", "paid", "freight", "discount", "tax", "country", "province", "city", "native")},
    "channel": lambda seen: seen.channel,
    "shop": lambda seen: seen.shop,
    "payment": lambda seen: str(seen.order.payment),
    "goods": lambda seen: sum([line.amount for line in seen.lines]),
    "quantity": lambda seen: sum([(line.ordered - line.cancelled) // line.factor for line in seen.lines]),
    "line_count": lambda seen: len(seen.lines),
    "skus": lambda seen: _named(seen, lambda goods: (goods.code,)),
    "categories": lambda seen: _named(seen, lambda goods: goods.groups),
    "weight_g": _weight,
    "flags": lambda seen: list(seen.order.flags),
    "campaign": lambda seen: str(seen.order.facts.get("campaign") or ""),
    "placed_at": lambda seen: _seconds(seen.order.placed_at),
    "paid_at": lambda seen: _seconds(seen.order.paid_at),
    "orders_before": lambda seen: seen.orders_before,
}
"""How each trait is read; `rule_places.py` says which place offers which."""
