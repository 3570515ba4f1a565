"""Terminals and what they scanned, in the caller's transaction; and what a scan names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.floor.scan_ground import InBox, ScanTold, StandingLabel, UndoneScan
from orderloom.application.floor.scan_shapes import ScanAnswer, ScanWish
from orderloom.domain.floor.place import PlaceMove

Connection = AsyncConnection[Any]


class ScanBook:
    """See `application.floor.take_scans.ScanRows`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def lock_terminal(self, device: str, house: int, at: datetime) -> None:
        """The terminal, known from now on, and locked: its scans are judged one after the other."""
        given = {"device": device, "house": house, "at": at}
        await self._connection.execute(statement("scans", "lock_terminal"), given)

    async def known(self, id: str, device: str, seq: int) -> tuple[str, int, ScanAnswer] | None:
        """The scan with this id, or with this place in the terminal's count."""
        row = await self._row("known", id=id, device=device, seq=seq)
        if row is None:
            return None
        return row[0], row[1], replace(msgspec.convert(row[2], ScanAnswer), is_known=True)

    async def add(
        self, device: str, house: int, wish: ScanWish, by: str, at: datetime, told: ScanTold, answer: ScanAnswer,
    ) -> None:
        """Keep a scan with what it was told."""
        judged = told.judged
        is_of_task = bool(judged.task) and told.wave is not None
        await self._connection.execute(statement("scans", "add"), {
            "id": wish.id, "device": device, "seq": wish.seq, "house": house, "action": wish.action, "at": wish.at,
            "received": at, "by": by, "station": wish.station, "subject": wish.subject, "code": wish.code,
            "quantity": wish.quantity, "offline": wish.is_offline, "verdict": str(judged.verdict),
            "reason": judged.reason, "wave": told.wave_id, "task": judged.task if is_of_task else None,
            "answer": msgspec.json.encode(answer).decode()})

    async def contiguous(self, device: str) -> int:
        """Up to which scan of the terminal all are here; written down. Who calls holds the terminal."""
        row = await self._row("contiguous", device=device)
        assert row is not None, "the terminal is known"
        return int(row[0])

    async def wave_of(self, number: str) -> str | None:
        """Id of a wave."""
        row = await self._row("wave_of", number=number)
        return row[0] if row else None

    async def wave_of_work(self, number: str) -> tuple[str, str] | None:
        """Number and id of the wave that a work is in, or was in last."""
        row = await self._row("wave_of_work", number=number)
        return (row[0], row[1]) if row else None

    async def work_of_waybill(self, house: int, waybill: str) -> str | None:
        """The work whose bought label has this waybill."""
        row = await self._row("work_of_waybill", house=house, waybill=waybill)
        return row[0] if row else None

    async def label_of(self, work: str) -> tuple[str, str] | None:
        """Waybill and carrier of a work's bought label."""
        row = await self._row("label_of", work=work)
        return (row[0], row[1]) if row else None

    async def in_box(self, wave_id: str, order_id: str, work_seq: int) -> list[InBox]:
        """What of a work stands packed at the bench."""
        rows = await self._connection.execute(statement("scans", "in_box"), {
            "wave": wave_id, "order": order_id, "seq": work_seq})
        return [InBox(*row) for row in await rows.fetchall()]

    async def box_label(self, work: str) -> StandingLabel:
        """The label of a work's first box, locked; without a number there is none."""
        row = await self._row("box_label", work=work)
        if row is not None:
            return StandingLabel(*row)
        round = await self._row("rounds", work=work)
        return StandingLabel(round=round[0] if round else 1)

    async def print_label(self, number: str, station: str, by: str, at: datetime) -> str:
        """Have a bought label printed at a station, unless one has; the printer, empty where there is none for it."""
        row = await self._row("print_label", number=number, station=station, by=by, at=at)
        return row[0] if row else ""

    async def send_label_to(self, number: str, station: str) -> None:
        """A label that is on its way is printed at this station, unless another one asked for it."""
        await self._connection.execute(statement("scans", "send_label_to"), {"number": number, "station": station})

    async def leaves_with(self, work: str) -> list[str]:
        """The works that leave in one parcel with this one."""
        rows = await self._connection.execute(statement("scans", "leaves_with"), {"work": work})
        return [row[0] for row in await rows.fetchall()]

    async def grams_of(self, work: str) -> int:
        """What a work's goods weigh; 0 where that is not known of all of them."""
        row = await self._row("grams_of", work=work)
        return int(row[0]) if row and row[0] else 0

    async def expected_grams(self, work: str, material: str) -> int:
        """What the box of a work should weigh, with its material; 0 where a SKU's weight is not known."""
        if not (goods := await self.grams_of(work)):
            return 0
        row = await self._row("material", code=material)
        return goods + (row[1] if row else 0)

    async def material_of(self, code: str) -> str:
        """A material that is in use; empty where none has the code."""
        row = await self._row("material", code=code)
        return row[0] if row and row[2] else ""

    async def to_undo(self, id: str, by: str, house: int) -> UndoneScan | None:
        """A right scan that fetched or packed, of this person, after which its terminal has moved nothing."""
        row = await self._row("to_undo", id=id, by=by, house=house)
        return UndoneScan(*row) if row else None

    async def moved_by(self, id: str) -> list[PlaceMove]:
        """What a scan moved."""
        rows = await self._connection.execute(statement("scans", "moved_by"), {"cause": f"scan/{id}"})
        return [PlaceMove(*row) for row in await rows.fetchall()]

    async def _row(self, name: str, /, **given: Any) -> tuple[Any, ...] | None:
        return await (await self._connection.execute(statement("scans", name), given)).fetchone()
