"""Devices of a floor over HTTP: kept, looked at, and heard - a signed reading of a scale, a gate or a sensor - and how
the floor is now: stations, hot places, works that stand still."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Header, Path, Query, Request
from starlette.responses import Response

from orderloom.application.commands import Outcome
from orderloom.application.floor.hear_device import ReadingHeard, SignedReading, hear_device
from orderloom.application.floor.weigh_works import WorkPriorities, weigh_works
from orderloom.application.identity.access import Caller
from orderloom.application.queries import floor_now as read
from orderloom.domain.floor.choose import WaveRule
from orderloom.domain.floor.device import DeviceKind, DeviceReading, FloorDevice
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import DeskHere, Text, needs
from orderloom.entrypoints.http.kit.problem import problem_of
from orderloom.entrypoints.http.kit.seeing import refuse_limited_but_by
from orderloom.entrypoints.http.kit.wire import body_of, read_bytes, reply, spoken

router = APIRouter(prefix="/api/v1/floor", tags=["floor"])
Reader = Annotated[Caller, Depends(needs("works:read"))]
Keeper = Annotated[Caller, Depends(needs("skus:write"))]
DeviceName = Annotated[str, Path(max_length=60, pattern=r"^[A-Za-z0-9_.\-]+$")]
Sign = Annotated[str, Header(max_length=1_000)]
House = Annotated[str, Query(min_length=1, max_length=200, description="Code of a warehouse that is run here")]
BODY_BYTES_MAX = 4_096


class DeviceWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a device is. `is_secret_new`: it gets another secret, and readings by the old one are not believed."""

    warehouse: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: DeviceKind
    station: Annotated[str, msgspec.Meta(max_length=60)] = ""
    is_active: bool = True
    is_secret_new: bool = False


class DeviceKept(msgspec.Struct, frozen=True):
    """The device stands so. `secret` is told this once: when the device is new, or its secret is."""

    device: FloorDevice
    secret: str


@router.get("/devices", **spoken(read.DeviceList, problems=(404,)), summary="现场设备 | Devices of a floor")
async def list_devices(desk: DeskHere, who: Reader, warehouse: Text = "") -> Response:
    """Scales, gates and sensors with what each said last."""
    await desk.check(warehouse=warehouse)
    async with desk.connect() as connection:
        return reply(await read.devices_of(connection, warehouse))


@router.put("/devices/{device}", **spoken(DeviceKept, takes=DeviceWish, problems=(404,)),
            summary="登记现场设备 | Keep a device")
async def keep_device(request: Request, desk: DeskHere, who: Keeper, device: DeviceName) -> Response:
    """Add a device, or say anew what it is."""
    body = await body_of(request, DeviceWish)
    await desk.check(warehouse=body.warehouse)
    house = next(w.id for w in (await desk.directory()).warehouses if w.code == body.warehouse)
    kept = FloorDevice(device, body.warehouse, body.kind, body.station.strip(), body.is_active)
    async with desk.ports.devices() as book:
        return reply(DeviceKept(kept, await book.keep(kept, house, is_secret_new=body.is_secret_new)))


@router.post("/devices/{device}/readings", **spoken(
    ReadingHeard, takes=DeviceReading, problems=(401,), is_open=True), summary="设备读数 | A device's reading")
async def hear(
    request: Request, desk: DeskHere, device: DeviceName, ident: Annotated[Sign, Header(alias="webhook-id")] = "",
    stamp: Annotated[Sign, Header(alias="webhook-timestamp")] = "",
    signature: Annotated[Sign, Header(alias="webhook-signature")] = "",
) -> Response:
    """Signed as Standard Webhooks are, by the device's secret; the same id counts once."""
    told = SignedReading(device, ident, stamp, signature, await read_bytes(request, BODY_BYTES_MAX))
    heard = await hear_device(desk.ports.devices, told, desk.hub.now())
    if isinstance(heard, Refusal):
        raise problem_of(Outcome(refusal=heard.code, particulars=heard.particulars))
    return reply(heard)


@router.get("/priorities", **spoken(WorkPriorities, problems=(404, 409)),
            summary="先拣哪张 | What to pick first, and why")
async def priorities(
    desk: DeskHere, who: Reader, warehouse: House, slack_minutes: Annotated[int, Query(ge=0, le=10_080)] = 120,
) -> Response:
    """Works that wait, in the order in which a wave takes them, each with its reasons in minutes."""
    await desk.check(warehouse=warehouse)
    refuse_limited_but_by("warehouses")
    found = await weigh_works(desk.ports.subjects(), warehouse, WaveRule(slack_minutes=slack_minutes), desk.hub.now())
    if isinstance(found, Refusal):
        raise problem_of(Outcome(refusal=found.code, particulars=found.particulars))
    return reply(found)


@router.get("/now", **spoken(read.FloorNow, problems=(404,)), summary="现场此刻 | The floor now")
async def now(desk: DeskHere, who: Reader, warehouse: House) -> Response:
    """Stations with their pace, places by picks of the last hour, and works that stand still for two hours."""
    await desk.check(warehouse=warehouse)
    async with desk.connect() as connection:
        return reply(await read.floor_now(connection, warehouse, desk.hub.now()))
