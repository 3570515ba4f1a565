"""Goods that cross a border need an HS code: a SKU of such an order without one, or with a wrong one, opens a case."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from orderloom.application.batch import open_case
from orderloom.application.directory import Sku
from orderloom.application.journey import Journey
from orderloom.domain.order import Line
from orderloom.domain.states import LineKind
from orderloom.domain.tariff import code_problem, proposals

CASE = "hs_code"
HOME = "CN"
"""Where a seller without any warehouse sends from."""


def subject_of(code: str) -> str:
    """The case of a SKU: many orders of it have one, and mending the SKU closes it."""
    return f"hs:{code}"


def check_tariff(j: Journey, origins: Collection[str] = ()) -> None:
    """Open the cases of what the order sends abroad. `origins`: countries that it leaves from; none: those of the
    warehouses that work, so that an order that can go at home is not asked about before it is known to go abroad."""
    order = j.order
    if not order.country or order.is_cancelled or order.is_fulfilled_elsewhere:
        return
    homes = set(origins) or {w.country for w in j.world.directory.warehouses if w.is_active} or {HOME}
    if order.country in homes:
        return
    for line, sku in _sent(j):
        told = code_problem(sku.hs_code) if sku.hs_code else None
        if sku.hs_code and told is None:
            continue
        near = [msgspec.to_builtins(one) for one in proposals(sku.hs_code, line.title, line.sku_external)]
        open_case(j.change, j.blueprint, j.at, CASE, subject_of(sku.code), {
            "sku": sku.code, "hs_code": sku.hs_code, "why": "wrong" if sku.hs_code else "missing",
            "from": ", ".join(sorted(homes)), "to": order.country, "order": order.number, "proposals": near}, order.id)


def _sent(j: Journey) -> Iterator[tuple[Line, Sku]]:
    """What is to be sent: each line's SKU, of a bundle that has no code of its own its components."""
    skus = j.world.goods.skus
    for line in j.order.lines:
        sku = skus.get(line.sku_id) if line.kind is LineKind.GOODS and line.needed else None
        if sku is None:
            continue
        parts = [skus[part] for part, _ in sku.parts if part in skus]
        if not parts or sku.hs_code:
            yield line, sku
        else:
            yield from ((line, part) for part in parts)
