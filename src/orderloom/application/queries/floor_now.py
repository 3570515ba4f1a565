"""The floor as it is now: devices and what they said last, stations, hot places, works that stand still."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.domain.floor.device import DeviceKind
from orderloom.statements import beside

SQL = beside(__file__)
LISTED_MAX = 500
HOUR, PACE, STUCK = timedelta(hours=1), timedelta(minutes=10), timedelta(hours=2)
"""How far back picks are counted, of what span a station's pace is the mean, and when a work counts as stuck."""


class DeviceView(msgspec.Struct, frozen=True):
    """A device with its last reading: `value` in `unit` (grams of a scale), or the `code` that a gate saw."""

    device: str
    warehouse: str
    kind: DeviceKind
    station: str
    is_active: bool
    heard_at: datetime | None
    value: int | None
    unit: str
    code: str
    verdict: str


class DeviceList(msgspec.Struct, frozen=True):
    """Devices by name."""

    devices: list[DeviceView]


class StationView(msgspec.Struct, frozen=True):
    """A station, or a terminal that names none: right scans of the last hour, of the last ten minutes each minute in
    tenths, its last scan, and what its scale weighed last."""

    station: str
    scans: int
    per_minute_tenths: int
    wrong: int
    last_at: datetime
    weight_g: int | None
    weighed_at: datetime | None


class HotPlace(msgspec.Struct, frozen=True):
    """Picks of the last hour at a place, and units that open tasks will still fetch there."""

    place: str
    sequence: int
    picks: int
    units: int
    open_units: int


class StuckWork(msgspec.Struct, frozen=True):
    """A work that is not out and of which nothing was heard for two hours."""

    work: str
    order: str
    state: str
    wave: str
    since: datetime


class FloorNow(msgspec.Struct, frozen=True):
    """How a floor stands at `as_of`."""

    warehouse: str
    as_of: datetime
    stations: list[StationView]
    places: list[HotPlace]
    stuck: list[StuckWork]


async def devices_of(connection: Connection, warehouse: str) -> DeviceList:
    """The devices of a warehouse, or (empty) of all."""
    rows = await (await connection.execute(SQL["devices"], {"warehouse": warehouse, "limit": LISTED_MAX})).fetchall()
    return DeviceList([DeviceView(row[0], row[1], DeviceKind(row[2]), *row[3:]) for row in rows])


async def floor_now(connection: Connection, warehouse: str, at: datetime) -> FloorNow:
    """How a warehouse stands now."""
    given = {"warehouse": warehouse, "hour": at - HOUR, "pace": at - PACE, "stuck": at - STUCK, "limit": LISTED_MAX,
             "minutes": int(PACE.total_seconds() // 60)}
    found = {name: await (await connection.execute(SQL[name], given)).fetchall()
             for name in ("stations", "places", "stuck")}
    return FloorNow(warehouse, at, [StationView(*row) for row in found["stations"]],
                    [HotPlace(*row) for row in found["places"]], [StuckWork(*row) for row in found["stuck"]])
