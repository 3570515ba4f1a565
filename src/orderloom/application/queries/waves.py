"""Waves as they are shown: a list, and one with its works, tasks, pickers and history. No buyer stands in them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import msgspec

from orderloom.application.floor.label_wave import WorkToLabel
from orderloom.application.queries.sql import Connection, from_cursor, to_cursor, where
from orderloom.application.queries.subjects import SubjectFact, history_of
from orderloom.domain.floor.wave_states import WaveKind, WaveState
from orderloom.statements import beside

SQL = beside(__file__)
WAVE_NUMBER = re.compile(r"W-[0-9]{8}-[0-9]{4,9}")


class WaveRow(msgspec.Struct, frozen=True):
    """A wave in the list: how many works and units it has, and how many units are picked, short and packed."""

    number: str
    warehouse: str
    kind: WaveKind
    state: WaveState
    rule: str
    maker: str
    due_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    works: int
    units: int
    picked: int
    short: int
    packed: int


class WavePage(msgspec.Struct, frozen=True):
    """A page of waves, the newest first."""

    waves: list[WaveRow]
    next: str | None


class WaveWorkView(msgspec.Struct, frozen=True):
    """A work of a wave; `slot` 0: none. `is_live`: it has not left; `is_boxed`: its box is closed; `units` are all that
    it sends."""

    work: str
    order: str
    slot: int
    state: str
    is_live: bool
    is_boxed: bool
    units: int
    picked: int
    packed: int


class PickTaskView(msgspec.Struct, frozen=True):
    """Units to fetch; `task` is what a terminal names in a scan. `rest`: still to be fetched; `to_put_back`: in the
    tote and nobody's."""

    task: str
    no: int
    work: str
    slot: int
    place: str
    sequence: int
    sku: str
    name: str
    lot: str
    expires_on: date | None
    quantity: int
    picked: int
    short: int
    packed: int
    extra: int
    returned: int
    rest: int
    to_put_back: int
    picker: str


class WaveView(msgspec.Struct, frozen=True):
    """A wave whole. `tote` is the place that its units are in between shelf and bench."""

    number: str
    warehouse: str
    kind: WaveKind
    state: WaveState
    rule: str
    maker: str
    due_at: datetime | None
    opened_at: datetime
    changed_at: datetime
    tote: str
    works: list[WaveWorkView]
    tasks: list[PickTaskView]
    history: list[SubjectFact]


async def list_waves(
    connection: Connection, *, warehouse: str = "", state: str = "", work: str = "", cursor: str = "", limit: int = 50,
) -> WavePage:
    """A page of waves. Raises WrongCursor."""
    parts, values = list[str](), dict[str, Any](limit=limit + 1)
    if warehouse:
        parts.append("h.code = %(warehouse)s")
        values["warehouse"] = warehouse
    if state:
        parts.append("v.state = %(state)s")
        values["state"] = state
    if work:
        parts.append("exists (select from wave_work k where k.wave_id = v.id and k.number = %(work)s)")
        values["work"] = work
    if cursor:
        parts.append("v.number < %(after)s")
        (values["after"],) = from_cursor(cursor, WAVE_NUMBER)
    rows = await (await connection.execute(SQL["list"].replace("{where}", where(parts)), values)).fetchall()
    found = [WaveRow(row[0], row[1], WaveKind(row[2]), WaveState(row[3]), *row[4:]) for row in rows[:limit]]
    return WavePage(found, to_cursor(found[-1].number) if len(rows) > limit else None)


async def show_wave(connection: Connection, number: str) -> WaveView | None:
    """The wave with this number."""
    row = await (await connection.execute(SQL["one"], {"number": number})).fetchone()
    if row is None:
        return None
    works = await (await connection.execute(SQL["works"], {"id": row[-1]})).fetchall()
    tasks = await tasks_of(connection, [number])
    return WaveView(row[0], row[1], WaveKind(row[2]), WaveState(row[3]), row[4], row[5], row[6], row[7], row[8], row[0],
                    [WaveWorkView(*one) for one in works], tasks, await history_of(connection, number))


async def tasks_of(connection: Connection, numbers: list[str]) -> list[PickTaskView]:
    """The tasks of these waves, in the order of the walk."""
    rows = await (await connection.execute(SQL["tasks"], {"numbers": numbers})).fetchall()
    return [PickTaskView(*one) for one in rows]


async def to_label(connection: Connection, number: str) -> list[WorkToLabel]:
    """The works of a wave that want a label."""
    rows = await (await connection.execute(SQL["to_label"], {"number": number})).fetchall()
    return [WorkToLabel(*row) for row in rows]
