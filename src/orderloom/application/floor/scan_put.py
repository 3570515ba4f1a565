"""A scan that puts goods onto a shelf: from the dock, from another place, back from a wave's tote."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.application.floor.scan_ground import ScanAt, ScanTold, locked_wave
from orderloom.application.floor.write_wave import write_wave
from orderloom.domain.floor.place import PlacedMoves, PlaceKind
from orderloom.domain.floor.verdict import ScanJudged, ScanVerdict
from orderloom.domain.floor.verdict_put import PutGround, judge_put

NO_ROOM = ("place_full", "place_closed", "other_sku", "other_lot")


async def put(g: ScanAt) -> ScanTold:
    """Onto the place that was scanned, unless it is full, closed, or another goods'."""
    station = g.wish.station
    sources = await g.work.floor.places(g.house.id, [station] if station else [], [] if station else [PlaceKind.DOCK])
    if not sources:
        return ScanTold(ScanJudged(ScanVerdict.UNKNOWN, "no_such_place", {"place": station or "DOCK"}))
    source, wave_id = sources[0], None
    subject = wave = None
    if source.kind is PlaceKind.TOTE and (wave_id := await g.work.scans.wave_of(source.code)) is not None:
        subject, wave = await locked_wave(g, source.code, wave_id)
    targets = await g.work.floor.places(g.house.id, [g.wish.subject])
    places = await g.work.floor.lock([source.id, *[one.id for one in targets]])
    item = await g.item()
    judged = judge_put(PutGround(
        places[source.id], places[targets[0].id] if targets else None, await g.work.floor.levels(places),
        await g.work.floor.lots([item.sku_id]), await g.work.floor.not_placed(g.house.id, item.sku_id), wave), item)
    if targets and judged.reason in NO_ROOM and (other := await g.work.floor.place_with_room(
            targets[0], item.sku_id, item.units)):
        judged = replace(judged, particulars=judged.particulars | {"elsewhere": other})
    if judged.events and subject is not None and wave is not None:
        wave = await write_wave(g.work, subject, wave, judged.events, g.said, judged.moves)
    elif judged.moves:
        await g.work.floor.move(PlacedMoves(g.cause, judged.moves, g.doer.name, g.at))
    return ScanTold(judged, wave, wave_id)
