"""What terminals send and are told: shapes of the wire, which terminals that are offline keep for hours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from orderloom.domain.floor.verdict import ScanVerdict
from orderloom.domain.floor.wave import PickTask, Wave

SCANS_MAX = 100
UNITS_MAX = 100_000
Action = Literal["picked", "packed", "out", "put_away", "short", "weighed", "packed_in", "undone"]
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"


class ScanWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One beep. `id`: a UUIDv7 that the terminal made; `seq`: its own count, from 1 without a gap; `at`: its clock,
    only shown. `subject`: picked, short: the task (`W-…/3`); packed: the work, or the wave for
    the first work of it whose box wants the item; weighed, packed_in: the work; out: the work, or empty when `code` is
    the waybill of a label that was bought here; put_away: the place that takes the goods. `code`: what was scanned - an
    item, a waybill; of short the reason, of weighed the grams, of packed_in a material, of undone the id of
    one's last scan. `station`: where somebody
    stands; of put_away where the goods come from, the dock when it is empty. `is_offline`: the terminal was alone and
    told its picker yes. `note`: why a box is right although its weight is off, of who may say so."""

    id: Annotated[str, msgspec.Meta(pattern=UUID)]
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    action: Action
    code: Annotated[str, msgspec.Meta(max_length=200)]
    subject: Annotated[str, msgspec.Meta(max_length=100)] = ""
    quantity: Annotated[int, msgspec.Meta(ge=1, le=UNITS_MAX)] = 1
    station: Annotated[str, msgspec.Meta(max_length=60)] = ""
    carrier: Annotated[str, msgspec.Meta(max_length=40)] = ""
    is_offline: bool = False
    note: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ScanBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a terminal sends, in its own order; sent again until it is acknowledged."""

    device: Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    scans: Annotated[list[ScanWish], msgspec.Meta(max_length=SCANS_MAX)]


class TaskCount(msgspec.Struct, frozen=True):
    """How far a task is, by the hub's count."""

    task: str
    quantity: int
    picked: int
    short: int
    packed: int
    rest: int
    to_put_back: int


class BoxCount(msgspec.Struct, frozen=True):
    """How far a work is in its wave, by the hub's count; `units`: of its tasks."""

    work: str
    slot: int
    units: int
    picked: int
    packed: int
    is_boxed: bool
    weight_g: int = 0
    material: str = ""


class ScanAnswer(msgspec.Struct, frozen=True):
    """What a scan means. `verdict`: right and late moved units, all others did not; `reason` and `particulars` say why
    by codes; `task` and `box`: counters after it. `is_known`: judged before, and told as it was then."""

    id: str
    seq: int
    verdict: ScanVerdict
    reason: str = ""
    particulars: dict[str, str] = {}
    task: TaskCount | None = None
    box: BoxCount | None = None
    wave: str = ""
    is_known: bool = False


class ScansTaken(msgspec.Struct, frozen=True):
    """Every scan's answer, in the order of the batch. Up to `contiguous` the hub has all scans of the terminal: what is
    above it and was sent is kept, too, but something before it is missing."""

    device: str
    contiguous: int
    scans: list[ScanAnswer]


def task_count(wave: Wave, task: PickTask | None) -> TaskCount | None:
    """The task's counters."""
    if task is None:
        return None
    return TaskCount(f"{wave.number}/{task.no}", task.quantity, task.picked, task.short, task.packed,
                     task.rest, task.to_put_back)


def box_count(wave: Wave, key: tuple[str, int]) -> BoxCount | None:
    """The work's counters."""
    work, tasks = wave.work(key), wave.tasks_of(key)
    if work is None:
        return None
    return BoxCount(work.number, work.slot, sum([t.quantity - t.short for t in tasks]), sum([t.picked for t in tasks]),
                    sum([t.packed for t in tasks]), work.is_boxed, work.weight_g, work.material)
