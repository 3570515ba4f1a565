"""What scans at a shelf mean that take goods in: put away from the dock, put back from a tote. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from orderloom.domain.floor.place import FloorPlace, Lot, PlaceKind, PlaceLevel, PlaceMove, may_put, take_from
from orderloom.domain.floor.verdict import ItemScan, PackGround, ScanJudged, ScanVerdict, lot_of, spread, sums_of
from orderloom.domain.floor.wave import Wave
from orderloom.domain.floor.wave_event import UnitsPutBack

TAKES = (PlaceKind.PICK, PlaceKind.BULK, PlaceKind.DAMAGE, PlaceKind.QUARANTINE, PlaceKind.RETURNS_BENCH)
"""Where goods may be put by a scan."""


class PutGround(msgspec.Struct, frozen=True):
    """What is judged by: both places locked, what lies on them, and of the SKU what lies on no place. `wave`: whose
    tote the goods come out of, if it is one."""

    source: FloorPlace
    target: FloorPlace | None
    levels: Sequence[PlaceLevel]
    lots: Mapping[int, Lot]
    not_placed: int
    wave: Wave | None = None


def judge_put(g: PutGround, scan: ItemScan) -> ScanJudged:
    """Units from where they stand onto a shelf."""
    if scan.sku_id == 0:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_item")
    if g.target is None:
        return ScanJudged(ScanVerdict.UNKNOWN, "no_such_place")
    if g.target.kind not in TAKES or g.target.id == g.source.id:
        return ScanJudged(ScanVerdict.REFUSED, "not_a_shelf", {"place": g.target.code})
    taken = _taken(g, scan)
    if isinstance(taken, ScanJudged):
        return taken
    there = [one for one in g.levels if one.place_id == g.target.id]
    wanted = lot_of(g.lots, scan)
    for lot, units in taken.items():
        lands = lot if wanted is None else wanted
        no = may_put(g.target, there, scan.sku_id, lands, units if len(taken) == 1 else scan.units)
        if no is not None:
            return ScanJudged(ScanVerdict.REFUSED, no.code, dict(no.particulars))
    if g.source.kind is PlaceKind.TOTE and g.wave is not None:
        return _put_back(g, g.wave, scan, taken)
    return ScanJudged(ScanVerdict.RIGHT, "", {}, 0, (), tuple(_moves(g, scan, taken, wanted)))


def _taken(g: PutGround, scan: ItemScan) -> dict[int, int] | ScanJudged:
    """Units by lot that the source gives: of the dock also what was never put on a place, and units of no lot that get
    theirs by this scan."""
    here = [one for one in g.levels if one.place_id == g.source.id]
    lot = lot_of(g.lots, scan)
    if scan.lot and lot is None:
        return ScanJudged(ScanVerdict.REFUSED, "no_such_lot", {"lot": scan.lot})
    found = take_from(here, scan.sku_id, scan.units, lot)
    if found is None and lot is not None:
        found = take_from(here, scan.sku_id, scan.units, 0)
    if found is None and g.source.kind is PlaceKind.DOCK and g.not_placed >= scan.units:
        return {-1: scan.units}
    there = sum([one.quantity for one in here if one.sku_id == scan.sku_id])
    return found or ScanJudged(ScanVerdict.REFUSED, "not_there", {"place": g.source.code, "there": str(there)})


def _moves(g: PutGround, scan: ItemScan, taken: Mapping[int, int], wanted: int | None) -> list[PlaceMove]:
    assert g.target is not None, "it was found before"
    house, moves = g.target.warehouse_id, list[PlaceMove]()
    for lot, units in taken.items():
        lands = max(lot, 0) if wanted is None else wanted
        if lot < 0:
            moves.append(PlaceMove("put_away", house, scan.sku_id, lands, units, 0, g.target.id))
        elif lot == lands:
            moves.append(PlaceMove("put_away", house, scan.sku_id, lot, units, g.source.id, g.target.id))
        else:  # units of no lot get theirs
            moves.append(PlaceMove("put_away", house, scan.sku_id, lot, units, g.source.id, 0))
            moves.append(PlaceMove("put_away", house, scan.sku_id, lands, units, 0, g.target.id))
    return moves


def _put_back(g: PutGround, wave: Wave, scan: ItemScan, taken: Mapping[int, int]) -> ScanJudged:
    assert g.target is not None, "it was found before"
    mine = [task for task in wave.tasks if task.sku_id == scan.sku_id and task.to_put_back]
    spare = sum([task.to_put_back for task in mine])
    if scan.units > spare:
        return ScanJudged(ScanVerdict.REFUSED, "still_needed", {"spare": str(spare)})
    ground = PackGround(wave, ("", 0), 0, "", (), g.lots, g.source.id, g.target.id)
    moves = spread(mine, "put_back", ground, scan, taken)
    events = tuple([UnitsPutBack(task=no, units=units, scan=scan.id) for no, units in sums_of(moves).items()])
    return ScanJudged(ScanVerdict.RIGHT, "", {}, moves[0].task_no, events, tuple(moves))
