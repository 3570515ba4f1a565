"""Devices of floors and what they said, on PostgreSQL, in the caller's transaction. No secret is stored: it is made of
the installation's key and of what is stored with the device, anew with each new one."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.adapters.vault import Vault
from orderloom.application.floor.hear_device import SECRET_PREFIX, KnownDevice
from orderloom.domain.floor.device import DeviceKind, DeviceReading, FloorDevice, WaybillSeen

Connection = AsyncConnection[Any]


class Devices:
    """See `application.floor.hear_device.DeviceBook`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection, self._vault = connection, vault

    async def keep(self, device: FloorDevice, warehouse_id: int, *, is_secret_new: bool) -> str:
        """Add a device, or say anew what it is; its secret where that is new, else nothing."""
        salt = secrets.token_hex(16)
        row = await self._row("keep", device=device.device, warehouse=warehouse_id, kind=device.kind,
                              station=device.station, is_active=device.is_active, salt=salt, renew=is_secret_new)
        secret = base64.b64encode(self._secret(device.device, salt)).decode()
        return SECRET_PREFIX + secret if row == (salt,) else ""

    async def known(self, device: str) -> KnownDevice | None:
        """A device with its secret."""
        row = await self._row("known", device=device)
        if row is None:
            return None
        code, house, kind, station, is_active, heard_at, house_id, salt = row
        return KnownDevice(FloorDevice(code, house, DeviceKind(kind), station, is_active, heard_at), house_id,
                           self._secret(code, salt))

    async def seen(self, warehouse_id: int, waybill: str) -> WaybillSeen:
        """What is known of a waybill."""
        row = await self._row("seen", warehouse=warehouse_id, waybill=waybill.replace(" ", "").upper())
        return WaybillSeen(*row) if row else WaybillSeen()

    async def heard(self, device: str, ident: str) -> str | None:
        """The verdict on a reading that was heard before."""
        row = await self._row("heard", device=device, ident=ident)
        return str(row[0]) if row else None

    async def add(self, known: KnownDevice, ident: str, reading: DeviceReading, verdict: str, at: datetime) -> bool:
        """Write a reading down; False: another one came first."""
        value = reading.weight_g if known.device.kind is DeviceKind.SCALE else reading.value
        return await self._row(
            "add", device=known.device.device, ident=ident, warehouse=known.warehouse_id, at_device=reading.at or at,
            at=at, value=value or 0, unit="g" if known.device.kind is DeviceKind.SCALE else reading.unit,
            code=reading.waybill.replace(" ", "").upper(), verdict=verdict) is not None

    def _secret(self, device: str, salt: str) -> bytes:
        parts = [self._vault.index(f"device{n}", f"{device}/{salt}") or b"" for n in range(2)]
        return b"".join(parts)

    async def _row(self, name: str, **given: Any) -> tuple[Any, ...] | None:
        return await (await self._connection.execute(statement("devices", name), given)).fetchone()
