"""Hear a device of the floor: a reading that is signed, and that counts once however often it is sent.

A gate only confirms what `out` has said. A box that leaves without it is a case, which `find_unreported` opens.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.within import Within
from orderloom.domain.floor.device import DeviceKind, DeviceReading, FloorDevice, WaybillSeen, judge_reading
from orderloom.domain.refusal import Refusal

TOLERANCE = timedelta(minutes=5)
ID_MAX, WAYBILL_MAX, UNIT_MAX = 100, 64, 20
SECRET_PREFIX = "whsec_"
NOT_PROVEN = Refusal("device_not_proven", {})
YEARS = (2020, 2100)


class SignedReading(NamedTuple):
    """A reading as it came: the headers of Standard Webhooks, and the bytes that they prove."""

    device: str
    ident: str
    stamp: str
    signature: str
    body: bytes


class ReadingHeard(msgspec.Struct, frozen=True):
    """What became of a reading: `verdict` kept, out, not_out or unknown; `is_known`: it was heard before."""

    device: str
    verdict: str
    is_known: bool


class KnownDevice(NamedTuple):
    """A device with its secret."""

    device: FloorDevice
    warehouse_id: int
    secret: bytes


class DeviceBook(Protocol):
    """Where devices and their readings are kept, in one transaction."""

    async def keep(self, device: FloorDevice, warehouse_id: int, *, is_secret_new: bool) -> str:
        """Add a device, or say anew what it is; its secret where that is new, else nothing."""
    async def known(self, device: str) -> KnownDevice | None: ...
    async def seen(self, warehouse_id: int, waybill: str) -> WaybillSeen: ...
    async def heard(self, device: str, ident: str) -> str | None:
        """The verdict on a reading that was heard before."""
    async def add(self, known: KnownDevice, ident: str, reading: DeviceReading, verdict: str, at: datetime) -> bool: ...


async def hear_device(within: Within[DeviceBook], told: SignedReading, at: datetime) -> ReadingHeard | Refusal:
    """Take a reading. Refused: device_not_proven, wrong_reading."""
    async with within() as book:
        known = await book.known(told.device)
        if known is None or not known.device.is_active or not is_proven(told, known.secret, at):
            return NOT_PROVEN
        if (before := await book.heard(told.device, told.ident)) is not None:
            return ReadingHeard(told.device, before, is_known=True)
        reading = read(told.body)
        if isinstance(reading, Refusal):
            return reading
        is_gate = known.device.kind is DeviceKind.GATE
        seen = await book.seen(known.warehouse_id, reading.waybill) if is_gate else WaybillSeen()
        verdict = judge_reading(known.device.kind, reading, seen)
        if isinstance(verdict, Refusal):
            return verdict
        is_new = await book.add(known, told.ident, reading, verdict, at)
        return ReadingHeard(told.device, verdict, is_known=not is_new)


def is_proven(told: SignedReading, secret: bytes, at: datetime) -> bool:
    """Whether one of the signatures is that of `id.timestamp.body` by the secret, and not of long ago."""
    if not (0 < len(told.ident) <= ID_MAX and told.stamp.isascii() and told.stamp.isdigit() and len(told.stamp) < 12):
        return False
    if abs(at.timestamp() - int(told.stamp)) > TOLERANCE.total_seconds():
        return False
    digest = hmac.digest(secret, f"{told.ident}.{told.stamp}.".encode() + told.body, "sha256")
    return any(hmac.compare_digest(digest, given) for given in _signatures(told.signature))


def read(body: bytes) -> DeviceReading | Refusal:
    """The reading in a body that is proven."""
    try:
        reading = msgspec.json.decode(body, type=DeviceReading)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Refusal("wrong_reading", {"kind": "json", "field": str(error)[:200]})
    if reading.at is not None and (reading.at.tzinfo is None or not YEARS[0] <= reading.at.year < YEARS[1]):
        return Refusal("wrong_reading", {"kind": "time", "field": "at"})
    if len(reading.waybill) > WAYBILL_MAX or len(reading.unit) > UNIT_MAX or "\x00" in reading.waybill + reading.unit:
        return Refusal("wrong_reading", {"kind": "text", "field": "waybill, unit"})
    return reading


def _signatures(header: str) -> list[bytes]:
    found = []
    for part in header.split()[:5]:
        version, _, text = part.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(text, validate=True))
            except (binascii.Error, ValueError):
                continue
    return found
