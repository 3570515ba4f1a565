"""What a warehouse's report says of a box, in units by SKU code."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.application.journey import Journey
from orderloom.domain.draft import WorkLine, WorkReport
from orderloom.domain.order import Parcel, ParcelItem, Work


def told_of(report: WorkReport) -> dict[str, int]:
    """Units by SKU code that a report names."""
    told: dict[str, int] = {}
    for line in report.lines:
        told[line.sku] = told.get(line.sku, 0) + line.quantity
    return told


def by_code(j: Journey, items: Iterable[ParcelItem]) -> dict[str, int]:
    """Units by SKU code."""
    units: dict[str, int] = {}
    for i in items:
        code = j.world.goods.skus[i.sku_id].code
        units[code] = units.get(code, 0) + i.quantity
    return units


def more_of(
    j: Journey, box: Parcel, work: Work, report: WorkReport, left: Iterable[ParcelItem],
) -> tuple[WorkLine, ...]:
    """What else of the work went into a box that is told of again with more in it: nothing unless all that it had is
    named, and what is beyond it is still to leave."""
    here = [i for p in j.order.parcels if p.id == box.id for i in p.items if i.work_seq == work.seq]
    told, known, asked = told_of(report), by_code(j, here), by_code(j, left)
    if any(told.get(sku, 0) < units for sku, units in known.items()):
        return ()
    more = {sku: units - known.get(sku, 0) for sku, units in told.items() if units > known.get(sku, 0)}
    is_left = all(units <= asked.get(sku, 0) for sku, units in more.items())
    return tuple([WorkLine(sku, units) for sku, units in more.items()]) if is_left else ()
