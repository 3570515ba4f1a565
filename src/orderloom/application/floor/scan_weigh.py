"""A box on the scale, and what it is packed into: scans as any other, so that neither is lost nor counted twice."""

from __future__ import annotations

from orderloom.application.floor.scan_ground import ScanAt, ScanTold, locked_wave, stopped
from orderloom.application.floor.write_wave import write_wave
from orderloom.domain.floor.verdict import ScanJudged, ScanVerdict
from orderloom.domain.floor.wave import Wave, WaveWork
from orderloom.domain.floor.wave_event import AnyWaveEvent, BoxPackedIn, BoxWeighed
from orderloom.domain.floor.weigh import BoxWeight
from orderloom.domain.lifecycle import may
from orderloom.domain.subject import LoggedSubject

GRAMS_MAX = 1_000_000
"""A ton."""
OVERRIDES = ("operations",)
"""Who may say that a box is right although its weight is not."""


async def weigh(g: ScanAt) -> ScanTold:
    """Grams of a work's box. One that is off is refused with the figures, unless who may gives a reason."""
    found = await _box(g)
    if isinstance(found, ScanTold):
        return found
    subject, wave, work = found
    code = g.wish.code.strip()
    grams = int(code) if code.isascii() and code.isdigit() and len(code) < 8 else 0
    if not 0 < grams <= GRAMS_MAX:
        return _told(ScanJudged(ScanVerdict.REFUSED, "no_weight", {"most": str(GRAMS_MAX)}), wave, subject, work)
    rule = g.directory.blueprints[g.directory.blueprint_active].weight
    weight = BoxWeight(grams, await g.work.scans.expected_grams(work.number, work.material))
    figures, reason = weight.figures(rule), ""
    if weight.is_off(rule):
        reason = g.wish.note.strip()
        if not reason or not may(g.doer.roles, OVERRIDES):
            return _told(ScanJudged(ScanVerdict.REFUSED, "weight_off", figures), wave, subject, work)
    event = BoxWeighed(*work.key, grams, weight.expected, g.wish.id, g.doer.name, reason)
    told = "weight_overridden" if reason else "weight_fits" if weight.expected else "weight_unknown"
    return await _kept(g, found, event, ScanJudged(ScanVerdict.RIGHT, told, figures))


async def pack_in(g: ScanAt) -> ScanTold:
    """The material that a work's box is packed into: the last one counts."""
    found = await _box(g)
    if isinstance(found, ScanTold):
        return found
    material = await g.work.scans.material_of(g.wish.code.strip())
    if not material:
        return _told(ScanJudged(ScanVerdict.UNKNOWN, "no_such_material"), found[1], found[0], found[2])
    event = BoxPackedIn(*found[2].key, material, g.wish.id)
    return await _kept(g, found, event, ScanJudged(ScanVerdict.RIGHT, "packed_in", {"material": material}))


async def _box(g: ScanAt) -> tuple[LoggedSubject, Wave, WaveWork] | ScanTold:
    """The work's box with its wave, locked; what is told where there is none, or it is gone."""
    number = g.wish.subject
    found = await g.work.scans.wave_of_work(number)
    seen = await g.work.waves.kept(found[1]) if found else None
    if found is None or seen is None or seen.warehouse_id != g.house.id:
        return ScanTold(ScanJudged(ScanVerdict.UNKNOWN, "no_such_work"))
    loaded = await g.report(number, "packed")
    assert isinstance(loaded, tuple), "a report without a waybill can be"
    subject, wave = await locked_wave(g, *found)
    work = next(one for one in wave.works if one.number == number)
    why = stopped(loaded[0].orders[work.order_id], work.work_seq, found[0])
    if why:
        verdict = ScanVerdict.OVER if why == "out_already" else ScanVerdict.CANCELLED
        return _told(ScanJudged(verdict, why), wave, subject, work)
    return subject, wave, work


async def _kept(
    g: ScanAt, box: tuple[LoggedSubject, Wave, WaveWork], event: AnyWaveEvent, judged: ScanJudged,
) -> ScanTold:
    subject, wave, work = box
    return _told(judged, await write_wave(g.work, subject, wave, [event], g.said), subject, work)


def _told(judged: ScanJudged, wave: Wave, subject: LoggedSubject, work: WaveWork) -> ScanTold:
    return ScanTold(judged, wave, subject.id, work.key)
