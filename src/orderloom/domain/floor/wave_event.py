"""What happened to a wave: facts in past tense, from which it is folded (`domain/floor/wave.py`)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.fact import Event
from orderloom.domain.floor.wave_states import WaveKind


class WaveSlot(msgspec.Struct, frozen=True, omit_defaults=True):
    """A work that the wave took, by its number; `slot` of the cart or the wall, from 1."""

    order_id: str
    work_seq: int
    number: str
    slot: int


class TaskStated(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units of a SKU and lot that somebody is to fetch from a place for a work."""

    no: int
    order_id: str
    work_seq: int
    place_id: int
    sku_id: int
    lot_id: int
    sequence: int
    quantity: int


class WavePlanned(Event, frozen=True, kw_only=True, tag="wave_planned"):
    """Works were chosen, by hand or by a rule; `due_at`: when the first of them has to be out."""

    number: str
    warehouse_id: int
    kind: WaveKind
    rule: str
    maker: str
    works: tuple[WaveSlot, ...]
    due_at: datetime | None = None


class WaveReleased(Event, frozen=True, tag="wave_released"):
    """What is to be fetched is known, lot by lot, and promised on its places."""

    tasks: tuple[TaskStated, ...]


class WaveTasksAdded(Event, frozen=True, tag="wave_tasks_added"):
    """What a place lacked is fetched from others."""

    tasks: tuple[TaskStated, ...]


class UnitsPicked(Event, frozen=True, kw_only=True, tag="wave_units_picked"):
    """A scan fetched units of a task. `is_late`: beyond what was asked, judged by a terminal that was alone."""

    task: int
    units: int
    scan: str
    by: str
    is_late: bool = False


class UnitsPacked(Event, frozen=True, kw_only=True, tag="wave_units_packed"):
    """A scan put units of a task into its work's box."""

    task: int
    units: int
    scan: str


class UnitsPutBack(Event, frozen=True, kw_only=True, tag="wave_units_put_back"):
    """A scan put units that nobody needs any more onto a shelf."""

    task: int
    units: int
    scan: str


class ScanUndone(Event, frozen=True, kw_only=True, tag="wave_scan_undone"):
    """Somebody took their last scan back: units of a task are where they were before, on the shelf or in the tote."""

    task: int
    units: int
    scan: str
    is_packed: bool


class TaskShort(Event, frozen=True, kw_only=True, tag="wave_task_short"):
    """The place lacks units: why, and which document counts them."""

    task: int
    units: int
    reason: str
    document: str


class BoxClosed(Event, frozen=True, tag="wave_box_closed"):
    """The last right scan closed the box of a work."""

    order_id: str
    work_seq: int


class BoxWeighed(Event, frozen=True, tag="wave_box_weighed"):
    """A box stood on the scale: grams, and what was expected, 0 where that is not known. `reason`: why it is right
    although it is off."""

    order_id: str
    work_seq: int
    weight_g: int
    expected_g: int
    scan: str
    by: str
    reason: str = ""


class BoxPackedIn(Event, frozen=True, tag="wave_box_packed_in"):
    """A box is packed into a material."""

    order_id: str
    work_seq: int
    material: str
    scan: str


class WorkLeftWave(Event, frozen=True, tag="wave_work_left"):
    """A work is the wave's no more: cancelled, out, done another way, not on shelves."""

    order_id: str
    work_seq: int
    why: str


class WaveClosed(Event, frozen=True, tag="wave_closed"):
    """Nothing is left to fetch, to pack or to put back."""


class WaveCancelled(Event, frozen=True, tag="wave_cancelled"):
    """Somebody gave it up; what was fetched is to be put back."""

    by: str
    reason: str


AnyWaveEvent = (
    WavePlanned | WaveReleased | WaveTasksAdded | UnitsPicked | UnitsPacked | UnitsPutBack | TaskShort | BoxClosed
    | BoxWeighed | BoxPackedIn | ScanUndone
    | WorkLeftWave | WaveClosed | WaveCancelled
)
