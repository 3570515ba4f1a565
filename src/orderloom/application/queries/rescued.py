"""What an order that has to leave at once needs: its goods, where they lie, its wave, its label."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.application.queries.waves import show_wave
from orderloom.statements import beside

SQL = beside(__file__)


class RescueLine(msgspec.Struct, frozen=True):
    """Units of a SKU in a work."""

    sku: str
    name: str
    units: int


class RescuePick(msgspec.Struct, frozen=True):
    """Where units are to be fetched, of which lot; only in warehouses that are run here."""

    place: str
    sku: str
    lot: str
    expires_on: date | None
    units: int


class RescueStep(msgspec.Struct, frozen=True):
    """A step that could not be done: pick or label, and the refusal's code with its particulars."""

    step: str
    code: str
    particulars: dict[str, str]
    detail: str = ""
    """In words, Chinese first."""


class RescueWork(msgspec.Struct, frozen=True):
    """A work of the order. `system`: the warehouse's system that has it in hand, empty where people work from the
    hub's list; `label` with its state and waybill is that of the first box."""

    number: str
    warehouse: str
    is_floor: bool
    state: str
    system: str
    accepted_by: str
    wave: str
    lines: list[RescueLine]
    label: str
    label_state: str
    waybill: str
    picks: list[RescuePick] = []
    refused: list[RescueStep] = []

    @property
    def is_open(self) -> bool:
        """Whether people of ours can still send it."""
        return not self.system and self.state not in ("handed_over", "cancelled", "recalling")


class Rescued(msgspec.Struct, frozen=True):
    """The order, and its works as they stand after the call."""

    order: str
    order_id: str
    stage: str
    works: list[RescueWork]


class OrderToRescue(NamedTuple):
    """Where the order stands."""

    number: str
    stage: str
    is_cancelled: bool
    holds: int


async def order_to_rescue(connection: Connection, order_id: str) -> OrderToRescue:
    """The order, which is there."""
    row = await (await connection.execute(SQL["order"], {"order": order_id})).fetchone()
    assert row is not None
    return OrderToRescue(*row)


async def works_to_rescue(connection: Connection, order_id: str) -> list[RescueWork]:
    """Its works, with the tasks of those that are in a wave."""
    rows = await (await connection.execute(SQL["works"], {"order": order_id})).fetchall()
    works = [RescueWork(*(*row[:7], [RescueLine(*line) for line in row[7] or ()], *row[8:])) for row in rows]
    waves = {one.wave: found for one in works if one.is_floor and one.wave
             and (found := await show_wave(connection, one.wave)) is not None}
    return [msgspec.structs.replace(one, picks=[
        RescuePick(task.place, task.sku, task.lot, task.expires_on, task.rest) for task in waves[one.wave].tasks
        if task.work == one.number and task.rest]) if one.wave in waves else one for one in works]
