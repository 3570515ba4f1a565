"""Devices of a floor - scales, gates, sensors - and what each can say in a reading."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.domain.refusal import Refusal
from orderloom.domain.states import State

WEIGHT_MAX = 2_000_000
"""Grams: two tons."""
VALUE_MAX = 10**15


class DeviceKind(State):
    """It weighs what lies on it; it sees boxes go through; it measures something else."""

    SCALE = "scale"
    GATE = "gate"
    SENSOR = "sensor"


class FloorDevice(msgspec.Struct, frozen=True):
    """A device of a warehouse at a station of it (empty: nowhere in particular). `heard_at`: its last reading."""

    device: str
    warehouse: str
    kind: DeviceKind
    station: str
    is_active: bool
    heard_at: datetime | None = None


class DeviceReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says: a scale `weight_g`, a gate the `waybill` that went through, a sensor a `value` in its `unit`.
    `at`: when, by its clock; now where it has none."""

    weight_g: int | None = None
    waybill: str = ""
    value: int | None = None
    unit: str = ""
    at: datetime | None = None


class WaybillSeen(msgspec.Struct, frozen=True):
    """What is known of a waybill in a warehouse: its label (empty: none of ours), and whether its work is out."""

    label: str = ""
    is_out: bool = False


def judge_reading(kind: DeviceKind, reading: DeviceReading, seen: WaybillSeen) -> str | Refusal:
    """The verdict on a reading: `kept`, and of a gate `out`, `not_out` (a box leaves that nobody reported) or
    `unknown`. Refused where it says nothing of what a device of the kind can say."""
    if kind is DeviceKind.SCALE:
        is_good = reading.weight_g is not None and 0 <= reading.weight_g <= WEIGHT_MAX
        return "kept" if is_good else Refusal("wrong_reading", {"kind": kind, "field": f"weight_g (0-{WEIGHT_MAX})"})
    if kind is DeviceKind.GATE:
        if not reading.waybill.strip():
            return Refusal("wrong_reading", {"kind": kind, "field": "waybill"})
        return "out" if seen.is_out else "not_out" if seen.label else "unknown"
    is_good = reading.value is not None and abs(reading.value) <= VALUE_MAX
    return "kept" if is_good else Refusal("wrong_reading", {"kind": kind, "field": "value"})
