"""What a terminal carries along when it loses its network: tasks, boxes, places and barcodes of a house. No buyer."""

from __future__ import annotations

import msgspec

from orderloom.application.queries.sql import Connection
from orderloom.application.queries.waves import PickTaskView, WaveWorkView, tasks_of
from orderloom.domain.floor.wave_states import WaveKind
from orderloom.statements import beside

SQL = beside(__file__)
WAVES_MAX = 50
PLACES_MAX = 5_000


class ListedWork(msgspec.Struct, frozen=True):
    """A work of a wave, as the bench needs it: units by SKU that its box wants, and what is packed of each. `label`:
    the state of its first box's label, empty where none was asked for; `waybill`: of one that was bought.
    `material`: what it is packed into; `fits`: the smallest that its goods fit into by volume, with 15 % to spare."""

    work: WaveWorkView
    wants: dict[str, int]
    has: dict[str, int]
    label: str = ""
    waybill: str = ""
    weight_g: int = 0
    material: str = ""
    fits: str = ""


class ListedWave(msgspec.Struct, frozen=True):
    """A wave under way, or one of which something is still to be put back or to go out."""

    number: str
    kind: WaveKind
    state: str
    tote: str
    works: list[ListedWork]
    tasks: list[PickTaskView]


class ListedPlace(msgspec.Struct, frozen=True):
    """A place that a terminal may name."""

    code: str
    kind: str
    sequence: int
    is_closed: bool


class ListedMaterial(msgspec.Struct, frozen=True):
    """What a box may be packed into."""

    code: str
    name: str


class FloorList(msgspec.Struct, frozen=True):
    """The list. `barcodes`: SKU by barcode, of the goods in it and at the dock; a SKU's own code counts, too.
    `pictures`: of SKUs to be fetched, the names of their pictures; `stations`: benches that print by themselves."""

    warehouse: str
    waves: list[ListedWave]
    places: list[ListedPlace]
    barcodes: dict[str, str]
    pictures: dict[str, str] = {}
    stations: list[str] = []
    materials: list[ListedMaterial] = []


async def floor_list(connection: Connection, warehouse: str) -> FloorList:
    """The list of a house."""
    heads = await (await connection.execute(SQL["waves"], {"warehouse": warehouse, "limit": WAVES_MAX})).fetchall()
    numbers = [row[0] for row in heads]
    tasks: dict[str, list[PickTaskView]] = {number: [] for number in numbers}
    for task in await tasks_of(connection, numbers):
        tasks[task.task.rpartition("/")[0]].append(task)
    works: dict[str, list[ListedWork]] = {number: [] for number in numbers}
    for row in await (await connection.execute(SQL["works"], {"numbers": numbers})).fetchall():
        works[row[0]].append(ListedWork(WaveWorkView(*row[1:10]), row[10], _packed(tasks[row[0]], row[1]),
                                        *row[11:16]))
    places = await (await connection.execute(SQL["places"], {"warehouse": warehouse, "limit": PLACES_MAX})).fetchall()
    codes = await (await connection.execute(SQL["barcodes"], {"warehouse": warehouse, "numbers": numbers})).fetchall()
    pictures = await (await connection.execute(SQL["pictures"], {"numbers": numbers})).fetchall()
    stations = await (await connection.execute(SQL["stations"], {"warehouse": warehouse})).fetchall()
    materials = await (await connection.execute(SQL["materials"])).fetchall()
    return FloorList(
        warehouse, [ListedWave(row[0], WaveKind(row[1]), row[2], row[0], works[row[0]], tasks[row[0]])
                    for row in heads],
        [ListedPlace(*row) for row in places], {row[0]: row[1] for row in codes},
        {row[0]: row[1] for row in pictures}, [row[0] for row in stations],
        [ListedMaterial(*row) for row in materials])


async def picture_of(connection: Connection, sku: str) -> str:
    """The name of a SKU's picture; empty where it has none."""
    row = await (await connection.execute(SQL["picture"], {"sku": sku})).fetchone()
    return row[0] if row else ""


def _packed(tasks: list[PickTaskView], work: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for task in tasks:
        if task.work == work:
            found[task.sku] = found.get(task.sku, 0) + task.packed
    return found
