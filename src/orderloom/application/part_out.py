"""Take a person's word on what of an order is out already, where its source says only that a part of it is."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from orderloom.application.dispatch import recall
from orderloom.application.journey import Journey
from orderloom.application.reserve import has_too_much, release
from orderloom.application.stated import as_known
from orderloom.domain import event as e
from orderloom.domain.order import Line
from orderloom.domain.refusal import Refusal


def take_as_out(j: Journey, out: Mapping[str, int]) -> Refusal | None:
    """Units by SKU that somebody else sent: they are not sent again, and the rest is. Nothing changes on a refusal."""
    left, lines = dict(out), list[Line]()
    for line in j.order.lines:
        sku = j.world.goods.skus.get(line.sku_id)
        name = sku.code if sku is not None and sku.code in left else line.sku_external
        units = min(left.get(name, 0), line.open_quantity)
        if units > 0:
            left[name] -= units
            line = replace(line, elsewhere=line.elsewhere + units)
        lines.append(line)
    if any(units > 0 for units in left.values()):
        return Refusal("not_left", {"order": j.order.number, "left": ", ".join([
            f"{line.sku_external} {line.open_quantity}" for line in j.order.lines if line.open_quantity])})
    j.emit(e.OrderAmended(**as_known(j.order, tuple(lines))))
    numbers = {line.no for line in lines}
    for give in (release, recall):
        if has_too_much(j, numbers):
            give(j)
    return None
