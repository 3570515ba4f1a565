"""A wave: its works, its tasks and how far each is, and how it is folded from its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec.structs import replace

from orderloom.domain.floor import wave_event as e
from orderloom.domain.floor.wave_states import WaveKind, WaveState

WorkKey = tuple[str, int]
"""(order id, number of the work within it)"""


class WaveWork(msgspec.Struct, frozen=True):
    """A work of the wave. `is_live`: nobody else's until the wave is over or the work has left it; `is_boxed`: its box
    is closed; `weight_g`: what it weighed on the scale, 0 for never; `material`: what it is packed into."""

    order_id: str
    work_seq: int
    number: str
    slot: int
    is_live: bool = True
    is_boxed: bool = False
    weight_g: int = 0
    material: str = ""

    @property
    def key(self) -> WorkKey:
        """What it is known by."""
        return self.order_id, self.work_seq


class PickTask(msgspec.Struct, frozen=True):
    """Units to fetch from a place for a work. `extra`: fetched beyond it by a terminal that was alone; `returned`: put
    back; `is_dropped`: nothing more is to be fetched, its work has left; `picker`: who fetched of it last."""

    no: int
    order_id: str
    work_seq: int
    place_id: int
    sku_id: int
    lot_id: int
    sequence: int
    quantity: int
    picked: int = 0
    short: int = 0
    extra: int = 0
    packed: int = 0
    returned: int = 0
    is_dropped: bool = False
    picker: str = ""

    @property
    def key(self) -> WorkKey:
        """Its work."""
        return self.order_id, self.work_seq

    @property
    def rest(self) -> int:
        """Units that are still to be fetched."""
        return 0 if self.is_dropped else self.quantity - self.picked - self.short

    @property
    def in_tote(self) -> int:
        """Units that were fetched and are neither packed nor put back."""
        return self.picked + self.extra - self.packed - self.returned

    @property
    def to_pack(self) -> int:
        """Units in the tote that its box lacks."""
        return 0 if self.is_dropped else min(self.in_tote, self.picked - self.packed)

    @property
    def to_put_back(self) -> int:
        """Units in the tote that nobody needs."""
        return self.in_tote - self.to_pack


class Wave(msgspec.Struct, frozen=True):
    """A wave as its events leave it."""

    number: str
    warehouse_id: int
    kind: WaveKind
    rule: str
    maker: str
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None = None
    state: WaveState = WaveState.PLANNED
    works: tuple[WaveWork, ...] = ()
    tasks: tuple[PickTask, ...] = ()

    def task(self, no: int) -> PickTask | None:
        """The task with this number."""
        return self.tasks[no - 1] if 0 < no <= len(self.tasks) else None

    def work(self, key: WorkKey) -> WaveWork | None:
        """The work, if it is the wave's."""
        return next((one for one in self.works if one.key == key), None)

    def tasks_of(self, key: WorkKey) -> list[PickTask]:
        """The tasks of a work."""
        return [task for task in self.tasks if task.key == key]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to fetch, to pack or to put back."""
        return self.state is WaveState.RELEASED and all(not task.rest and not task.in_tote for task in self.tasks)


def fold(before: Wave | None, event: e.AnyWaveEvent, at: datetime) -> Wave:
    """The wave after an event; the first one makes it."""
    if isinstance(event, e.WavePlanned):
        works = tuple([WaveWork(one.order_id, one.work_seq, one.number, one.slot) for one in event.works])
        return Wave(event.number, event.warehouse_id, event.kind, event.rule, event.maker, at, at, event.due_at,
                    works=works)
    assert before is not None, "a wave begins with being planned"
    return replace(_folded(before, event), changed_at=at)


def fold_all(wave: Wave, events: Iterable[e.AnyWaveEvent], at: datetime) -> Wave:
    """The wave after several events of one moment."""
    for event in events:
        wave = fold(wave, event, at)
    return wave


def _folded(w: Wave, event: e.AnyWaveEvent) -> Wave:
    match event:
        case e.WaveReleased() | e.WaveTasksAdded():
            made = tuple([PickTask(*msgspec.structs.astuple(one)) for one in event.tasks])
            return replace(w, state=WaveState.RELEASED, tasks=(*w.tasks, *made))
        case e.WaveClosed():
            return replace(w, state=WaveState.CLOSED, works=tuple([replace(one, is_live=False) for one in w.works]))
        case e.WaveCancelled():
            return replace(w, state=WaveState.CANCELLED, works=tuple([replace(one, is_live=False) for one in w.works]),
                           tasks=tuple([replace(one, is_dropped=not _is_boxed(w, one.key)) for one in w.tasks]))
        case e.WorkLeftWave(order_id=order_id, work_seq=seq):
            key = order_id, seq
            return replace(
                w, works=tuple([replace(one, is_live=False) if one.key == key else one for one in w.works]),
                tasks=tuple([replace(one, is_dropped=True) if one.key == key and not _is_boxed(w, key) else one
                             for one in w.tasks]))
        case e.BoxClosed(order_id=order_id, work_seq=seq):
            return _change_work(w, (order_id, seq), is_boxed=True)
        case e.BoxWeighed(order_id=order_id, work_seq=seq, weight_g=grams):
            return _change_work(w, (order_id, seq), weight_g=grams)
        case e.BoxPackedIn(order_id=order_id, work_seq=seq, material=material):
            return _change_work(w, (order_id, seq), material=material)
    return _folded_task(w, event)


def _change_work(w: Wave, key: WorkKey, **changed: bool | int | str) -> Wave:
    return replace(w, works=tuple([replace(one, **changed) if one.key == key else one for one in w.works]))


def _is_boxed(w: Wave, key: WorkKey) -> bool:
    work = w.work(key)
    return work is not None and work.is_boxed


def _folded_task(w: Wave, event: e.AnyWaveEvent) -> Wave:
    match event:
        case e.UnitsPicked(task=no, units=units, is_late=is_late, by=by):
            return _change(w, no, by, extra=units) if is_late else _change(w, no, by, picked=units)
        case e.UnitsPacked(task=no, units=units):
            return _change(w, no, packed=units)
        case e.UnitsPutBack(task=no, units=units):
            return _change(w, no, returned=units)
        case e.ScanUndone(task=no, units=units, is_packed=is_packed):
            return _change(w, no, packed=-units) if is_packed else _change(w, no, picked=-units)
        case e.TaskShort(task=no, units=units):
            return _change(w, no, short=units)
    raise AssertionError(f"not an event of a wave: {type(event).__name__}")


def _change(w: Wave, no: int, picker: str = "", **more: int) -> Wave:
    task = w.tasks[no - 1]
    changed = replace(task, picker=picker or task.picker,
                      **{name: getattr(task, name) + units for name, units in more.items()})
    return replace(w, tasks=(*w.tasks[:no - 1], changed, *w.tasks[no:]))
