"""A house that is run here, over HTTP, as tests use it: one client a person, one terminal each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2

from orderloom.adapters.ids import new_id
from tests.support.api_hub import World, a_world

ROOT = "/api/v1/floor"
SHELVES = ("A-01-01", "A-01-02", "A-02-01", "B-01-01")
_keys = count(1)


class Floor:
    """HZ with four shelves; `by` is who asks."""

    def __init__(self, world: World, by: httpx2.AsyncClient) -> None:
        self.world, self.by = world, by
        self._seqs: dict[str, Any] = {}

    async def ask(self, method: str, path: str, body: Any = None, *, status: int = 200, **params: Any) -> Any:
        """What an endpoint of the floor answers."""
        answer = await self.by.request(method, f"{ROOT}{path}", json=body, params=params,
                                       headers={"Idempotency-Key": f"floor-{next(_keys)}"})
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()

    async def lies(self, place: str) -> dict[tuple[str, str], int]:
        """Units by SKU and lot on a place."""
        page = await self.ask("GET", "/places", warehouse="HZ", q=place)
        return {(one["sku"], one["lot"]): one["quantity"] for one in page["places"][0]["lies"] if one["quantity"]}

    async def not_placed(self, sku: str = "M-001") -> int:
        """Units on hand that lie on no place."""
        found: int = (await self.ask("GET", "/not-placed", warehouse="HZ", sku=sku))["skus"][0]["not_placed"]
        return found

    async def put(self, place: str, units: int, sku: str = "M-001", **more: Any) -> Any:
        """Say that so many lie there."""
        told = {"warehouse": "HZ", "place": place, "sku": sku, "units": units, "reason": "test"} | more
        return await self.ask("POST", "/places/count", told)

    def scan(self, action: str, subject: str, code: str, quantity: int = 1, *, device: str = "T1", **more: Any) -> Any:
        """One beep of a terminal, with its next number."""
        seq = next(self._seqs.setdefault(device, count(1)))
        return {"id": new_id(), "seq": seq, "at": self.world.hub.now().isoformat(), "action": action,
                "subject": subject, "code": code, "quantity": quantity, "station": "", "device": device} | more

    async def send(self, *scans: Any, device: str = "T1", status: int = 200) -> Any:
        """A batch of a terminal; the answer."""
        body = {"device": device, "warehouse": "HZ", "scans": [
            {name: value for name, value in one.items() if name != "device"} for one in scans]}
        return await self.ask("POST", "/scans", body, status=status)

    async def beep(self, action: str, subject: str, code: str, quantity: int = 1, **more: Any) -> Any:
        """One scan, sent at once; its answer."""
        one = self.scan(action, subject, code, quantity, **more)
        return (await self.send(one, device=one["device"]))["scans"][0]


@asynccontextmanager
async def a_floor(home: Path, database: str) -> AsyncIterator[Floor]:
    """A hub whose warehouse HZ is run here."""
    async with a_world(home, database, orders=0) as world, AsyncExitStack() as stack:
        by = await stack.enter_async_context(await world.user("administrator"))
        floor = Floor(world, by)
        await floor.ask("PUT", "/house", {"warehouse": "HZ", "is_floor": True})
        await floor.ask("PUT", "/places", {"warehouse": "HZ", "places": [{"code": code} for code in SHELVES]})
        yield floor
