"""How work is split over several parcels: by weight, by bulk, by group of goods, or as somebody says (LIF-12). Pure.

Pieces are what cannot be torn: one unit of a line, and of a bundle one bundle with all that is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.order import Line
from orderloom.domain.refusal import Refusal
from orderloom.domain.work import WorkItem

PARTS_MAX = 20
"""Works that one is split into at most; what is more goes with the last."""


class GoodsToSplit(Protocol):
    """What of a SKU splitting asks about."""

    @property
    def weight_g(self) -> int: ...
    @property
    def volume_mm3(self) -> int: ...
    @property
    def groups(self) -> tuple[str, ...]: ...


class SplitLimits(msgspec.Struct, frozen=True):
    """What a parcel may hold, 0 for anything; `by_group`: goods of different groups go apart."""

    weight_g: int = 0
    volume_cm3: int = 0
    by_group: bool = False


class SplitPiece(msgspec.Struct, frozen=True):
    """What cannot be torn: items, and what is known of their weight and bulk."""

    items: tuple[WorkItem, ...]
    weight_g: int
    volume_mm3: int
    group: str


class SplitParcel(msgspec.Struct):
    """What one parcel is to hold so far."""

    items: list[WorkItem] = []
    weight_g: int = 0
    volume_mm3: int = 0

    def add(self, piece: SplitPiece, times: int) -> int:
        """So many pieces more; tells how many."""
        self.items += [WorkItem(item.line_no, item.sku_id, item.quantity * times) for item in piece.items]
        self.weight_g += piece.weight_g * times
        self.volume_mm3 += piece.volume_mm3 * times
        return times


def split_items(
    items: Sequence[WorkItem], lines: Sequence[Line], goods: Mapping[int, GoodsToSplit], limits: SplitLimits,
) -> list[tuple[WorkItem, ...]]:
    """The items of each parcel, in their order; one parcel when nothing is to be split. A piece that is more than a
    parcel may hold has one of its own."""
    made = list[SplitParcel]()
    last: dict[str, SplitParcel] = {}
    for piece, times in pieces_of(items, lines, goods):
        group = piece.group if limits.by_group else ""
        while times:
            parcel = last.get(group)
            room = times if parcel and len(made) >= PARTS_MAX else _room(parcel, piece, limits) if parcel else 0
            if not parcel or not room:
                parcel, room = SplitParcel(), max(_room(SplitParcel(), piece, limits), 1)
                last[group] = parcel
                made.append(parcel)
            times -= parcel.add(piece, min(room, times))
    return [summed(parcel.items) for parcel in made]


def take_units(
    items: Sequence[WorkItem], lines: Sequence[Line], codes: Mapping[int, str], wanted: Mapping[str, int], work: str,
) -> tuple[tuple[WorkItem, ...], tuple[WorkItem, ...]] | Refusal:
    """What is taken off, by SKU code in base units, and what stays; of a bundle whole ones alone."""
    left, taken, stays = dict(wanted), list[WorkItem](), list[WorkItem]()
    for item in items:
        units = min(left.get(codes[item.sku_id], 0), item.quantity)
        left[codes[item.sku_id]] = left.get(codes[item.sku_id], 0) - units
        taken += [WorkItem(item.line_no, item.sku_id, units)] if units else []
        stays += [WorkItem(item.line_no, item.sku_id, item.quantity - units)] if units < item.quantity else []
    if any(left.values()) or not taken:
        there = ", ".join([f"{codes[one.sku_id]}={one.quantity}" for one in summed(items)])
        return Refusal("wrong_units", {"work": work, "left": there})
    if not stays:
        return Refusal("split_all", {"work": work})
    torn = [line for line in lines if line.parts and _is_torn(line, items, taken)]
    if torn:
        return Refusal("split_bundle", {"work": work, "line": str(torn[0].no), "sku": torn[0].sku_external[:80]})
    return tuple(taken), tuple(stays)


def pieces_of(
    items: Sequence[WorkItem], lines: Sequence[Line], goods: Mapping[int, GoodsToSplit],
) -> list[tuple[SplitPiece, int]]:
    """The pieces in the order of the lines, each with how often it is there. Of a bundle that is not whole here all
    that is here is one piece."""
    parts = {line.no: line.parts for line in lines}
    found = list[tuple[SplitPiece, int]]()
    for line_no in dict.fromkeys([item.line_no for item in items]):
        own = [item for item in items if item.line_no == line_no]
        one, times = _bundle(own, parts.get(line_no, ()))
        if one:
            found.append((_piece(one, goods), times))
        else:
            found += [(_piece((WorkItem(line_no, item.sku_id, 1),), goods), item.quantity) for item in own]
    return found


def summed(items: Sequence[WorkItem]) -> tuple[WorkItem, ...]:
    """The same units, one item for each line and SKU."""
    units: dict[tuple[int, int], int] = {}
    for item in items:
        units[item.line_no, item.sku_id] = units.get((item.line_no, item.sku_id), 0) + item.quantity
    return tuple([WorkItem(line_no, sku_id, n) for (line_no, sku_id), n in units.items()])


def _bundle(own: Sequence[WorkItem], parts: tuple[tuple[int, int], ...]) -> tuple[tuple[WorkItem, ...], int]:
    """One bundle of the line, and how many there are; nothing for goods that are no bundle."""
    if not parts:
        return (), 0
    per = dict(parts)
    times = {item.quantity // per[item.sku_id] if item.sku_id in per and item.quantity % per[item.sku_id] == 0 else 0
             for item in own}
    if len(times) == 1 and {item.sku_id for item in own} == per.keys() and (whole := times.pop()):
        return tuple([WorkItem(item.line_no, item.sku_id, per[item.sku_id]) for item in own]), whole
    return tuple(own), 1


def _is_torn(line: Line, items: Sequence[WorkItem], taken: Sequence[WorkItem]) -> bool:
    """Whether a bundle's parts would go two ways."""
    mine = {item.sku_id: item.quantity for item in items if item.line_no == line.no}
    off = {item.sku_id: item.quantity for item in taken if item.line_no == line.no}
    if not off or off == mine:
        return False
    one, times = _bundle([item for item in items if item.line_no == line.no], line.parts)
    per = {item.sku_id: item.quantity for item in one}
    whole = {off.get(sku, 0) // n if off.get(sku, 0) % n == 0 else 0 for sku, n in per.items()}
    return times < 2 or len(whole) != 1 or not all(whole)


def _piece(items: tuple[WorkItem, ...], goods: Mapping[int, GoodsToSplit]) -> SplitPiece:
    first = goods[items[0].sku_id].groups
    return SplitPiece(items, sum([goods[item.sku_id].weight_g * item.quantity for item in items]),
                      sum([goods[item.sku_id].volume_mm3 * item.quantity for item in items]), first[0] if first else "")


def _room(parcel: SplitParcel, piece: SplitPiece, limits: SplitLimits) -> int:
    """How many more of these the parcel may hold."""
    rooms = [(most - has) // each for most, has, each in (
        (limits.weight_g, parcel.weight_g, piece.weight_g),
        (limits.volume_cm3 * 1_000, parcel.volume_mm3, piece.volume_mm3)) if most and each]
    return max(min(rooms, default=UNITS_MAX), 0)
