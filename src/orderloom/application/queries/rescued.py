"""What an order that has to leave at once needs: its goods, where they lie, its wave, its label."""

from __future__ import annotations

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.application.queries.waves import show_wave
from orderloom.application.rescue_shapes import OrderToRescue, RescueLine, RescuePick, RescueWork
from orderloom.statements import beside

SQL = beside(__file__)


async def order_to_rescue(connection: Connection, order_id: str) -> OrderToRescue:
    """The order, which is there, with its works and the tasks of those that are in a wave."""
    row = await (await connection.execute(SQL["order"], {"order": order_id})).fetchone()
    assert row is not None
    return OrderToRescue(*(*row, await _works(connection, order_id)))


async def _works(connection: Connection, order_id: str) -> list[RescueWork]:
    rows = await (await connection.execute(SQL["works"], {"order": order_id})).fetchall()
    works = [RescueWork(*(*row[:7], [RescueLine(*line) for line in row[7] or ()], *row[8:])) for row in rows]
    waves = {one.wave: found for one in works if one.is_floor and one.wave
             and (found := await show_wave(connection, one.wave)) is not None}
    return [msgspec.structs.replace(one, picks=[
        RescuePick(task.place, task.sku, task.lot, task.expires_on, task.rest) for task in waves[one.wave].tasks
        if task.work == one.number and task.rest]) if one.wave in waves else one for one in works]
