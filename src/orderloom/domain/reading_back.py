"""What somebody outside says, beside what the hub knows: listings, stock, parcels of a day. Pure comparisons."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from orderloom.domain.draft import StockFigure, WorkReport
from orderloom.domain.looked import ListingFigure
from orderloom.domain.states import StockMeaning

LISTINGS, STOCK, OUTBOUND, RATINGS = "listings", "stock", "outbound", "ratings"
"""What can be read back: a connector declares some of them."""
SAME, DIFFERS, ONLY_THERE, ONLY_HERE, UNKNOWN = "same", "differs", "only_there", "only_here", "unknown"
"""`unknown`: what they name is nothing that the hub knows at all."""
HANDED_OVER = "handed_over"
MEANINGS = frozenset(StockMeaning)


class Compared(msgspec.Struct, frozen=True):
    """One thing - a SKU, a piece of work - as they say it and as the hub knows it, in units (None: not said).

    `place` is the warehouse, or the channel's own id of the offer. `note` tells what else differs, or that a figure is
    still on its way to them; `at` when the hub last told it, or when it went out.
    """

    about: str
    place: str
    verdict: str
    theirs: int | None
    ours: int | None
    note: str = ""
    at: datetime | None = None


class LastTold(NamedTuple):
    """What a channel was last told of a spelling; `is_waiting`: it is not there yet, or was refused."""

    quantity: int
    at: datetime
    is_waiting: bool = False


class UnitsThere(NamedTuple):
    """Units of a SKU in a warehouse."""

    on_hand: int
    allocated: int
    free: int

    def meant(self, meaning: str) -> int:
        """The number that a figure of this meaning is compared with."""
        return {StockMeaning.PHYSICAL: self.on_hand, StockMeaning.NET_OF_ORDERS: self.on_hand - self.allocated,
                StockMeaning.ATP: self.free}[StockMeaning(meaning)]


class WorkSent(NamedTuple):
    """A piece of work and what of it is out."""

    units: int
    waybills: frozenset[str]
    shipped_at: datetime | None


def compare_listings(
    figures: Iterable[ListingFigure], told: Mapping[str, LastTold], *, is_whole: bool
) -> list[Compared]:
    """Each offer beside what the hub last told of its SKU; what it told and they do not show, where all was read."""
    shown: Counter[tuple[str, str]] = Counter()
    for figure in figures:
        shown[figure.sku, figure.listing] += figure.quantity
    found = []
    for (sku, listing), theirs in shown.items():
        ours = told.get(sku)
        if ours is None:
            found.append(Compared(sku, listing, ONLY_THERE, theirs, None))
        else:
            found.append(Compared(sku, listing, SAME if ours.quantity == theirs else DIFFERS, theirs, ours.quantity,
                                  "waiting" if ours.is_waiting else "", ours.at))
    if is_whole:
        seen = {sku for sku, _ in shown}
        found += [Compared(sku, "", ONLY_HERE, None, one.quantity, "waiting" if one.is_waiting else "", one.at)
                  for sku, one in told.items() if sku not in seen]
    return found


def compare_stock(
    figures: Iterable[StockFigure], spelled: Mapping[str, str], levels: Mapping[tuple[str, str], UnitsThere],
    warehouses: frozenset[str], *, is_whole: bool,
) -> list[Compared]:
    """Each figure beside our level of the same meaning. `spelled` leads from their spelling to our SKU."""
    found, seen = [], set[tuple[str, str]]()
    for one in _summed(figures) if is_whole else _newest(figures):
        sku = spelled.get(one.sku)
        if sku is None or one.warehouse not in warehouses or one.meaning not in MEANINGS:
            found.append(Compared(one.sku, one.warehouse, UNKNOWN, one.quantity, None, one.meaning, one.as_of))
            continue
        seen.add((one.warehouse, sku))
        ours = levels.get((one.warehouse, sku), UnitsThere(0, 0, 0)).meant(one.meaning)
        verdict = SAME if ours == one.quantity else DIFFERS
        found.append(Compared(one.sku, one.warehouse, verdict, one.quantity, ours, one.meaning, one.as_of))
    if is_whole:
        found += [Compared(sku, warehouse, ONLY_HERE, None, level.on_hand)
                  for (warehouse, sku), level in levels.items() if level.on_hand and (warehouse, sku) not in seen]
    return found


def _newest(figures: Iterable[StockFigure]) -> list[StockFigure]:
    """Of what changed in a time, the last figure."""
    return list({(one.warehouse, one.sku, one.meaning): one for one in sorted(figures, key=_as_of)}.values())


def _summed(figures: Iterable[StockFigure]) -> list[StockFigure]:
    """Of all that lies somewhere, the sum of its parts: lots, owners, shelves."""
    found: dict[tuple[str, str, str], StockFigure] = {}
    for one in figures:
        key = (one.warehouse, one.sku, one.meaning)
        had = found.get(key)
        found[key] = one if had is None else msgspec.structs.replace(one, quantity=had.quantity + one.quantity)
    return list(found.values())


def _as_of(figure: StockFigure) -> datetime:
    return figure.as_of


def compare_outbound(
    reports: Sequence[WorkReport], known: Mapping[str, WorkSent], start: datetime, end: datetime, *, is_whole: bool,
) -> list[Compared]:
    """What they say went out in the time, beside the parcels that the hub knows of; `known` may hold others' too."""
    theirs: dict[str, list[WorkReport]] = defaultdict(list)
    for report in reports:
        if report.said.milestone == HANDED_OVER and start <= report.said.at < end:
            theirs[report.work_no].append(report)
    found = [_sent(number, told, known.get(number)) for number, told in theirs.items()]
    if is_whole:
        found += [Compared(number, "", ONLY_HERE, None, one.units, "/".join(sorted(one.waybills)), one.shipped_at)
                  for number, one in known.items()
                  if number not in theirs and one.shipped_at is not None and start <= one.shipped_at < end]
    return found


def _sent(number: str, told: Sequence[WorkReport], ours: WorkSent | None) -> Compared:
    # One parcel may be told several times over; several parcels have several waybills.
    parcels = {report.waybill: report for report in told}
    units = sum(line.quantity for report in parcels.values() for line in report.lines)
    theirs = units if any(report.lines for report in parcels.values()) else None
    at = max(report.said.at for report in told)
    if ours is None:
        return Compared(number, "", UNKNOWN, theirs, None, "", at)
    if ours.shipped_at is None:
        return Compared(number, "", ONLY_THERE, theirs, 0, "", at)
    waybills = {waybill for waybill in parcels if waybill}
    # Labels may be bought elsewhere: where one side knows no number nothing differs.
    strange = waybills ^ ours.waybills if waybills and ours.waybills else set[str]()
    is_same = not strange and theirs in (None, ours.units)
    return Compared(number, "", SAME if is_same else DIFFERS, theirs, ours.units, "/".join(sorted(strange)), at)
