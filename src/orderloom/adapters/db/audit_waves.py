"""Proves that the rows of waves are what their events say, and that what lies on places is what their ledger says."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.waves import WaveBook
from orderloom.application.verify import Fault, Report
from orderloom.domain.floor.wave import Wave

COVERS = ("wave", "wave_work", "pick_task", "place_level")
PER_STEP = 100


async def verify_waves(connection: AsyncConnection[Any], report: Report) -> None:
    """Add to the report what differs. Some waves at a time are held still: who acts on one holds its subject's row."""
    report.covers = (*report.covers, *COVERS)
    ids = [row[0] for row in await _rows(connection, "subject_ids", kind="wave")]
    for start in range(0, len(ids), PER_STEP):
        async with connection.transaction():
            book = WaveBook(connection)
            for id, number, *_ in await _rows(connection, "subjects", ids=ids[start:start + PER_STEP]):
                report.add(_judged(id, number, await book.of(id), await book.kept(id)))
    for place, sku, lies, ledger in await _rows(connection, "places_differ"):
        report.add(Fault("differs", table="place_level", field="quantity", order=sku,
                         detail=f"{lies} lie on {place}, its ledger says {ledger}"))


def _judged(id: str, number: str, folded: Wave, kept: Wave) -> Fault | None:
    for name in Wave.__struct_fields__:
        if getattr(_sorted(folded), name) != getattr(_sorted(kept), name):
            return Fault("differs", number, id, table="wave", field=name, detail="is not what its events say")
    return None


def _sorted(wave: Wave) -> Wave:
    """Its works in one order, whatever the rows are read in."""
    return replace(wave, works=tuple(sorted(wave.works, key=lambda work: work.key)))


async def _rows(connection: AsyncConnection[Any], name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("audit", name), given or None)).fetchall()
