"""A day of a hub whose houses are run here: its server and its workers as processes that can be killed, and people who
ask them over HTTP again until they are answered."""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import orjson

from orderloom.adapters.ids import new_id
from orderloom.bootstrap import find_connectors, open_hub
from orderloom.entrypoints.http.app import create_app
from orderloom.entrypoints.worker.loops import run
from orderloom.rehearsal.server import serve
from orderloom.settings import Settings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LOOPS = ("handle", "wake", "publish_events", "publish_stock", "watch_stock", "tend_quotas", "tend_waves", "find_leaks")
BASKETS: tuple[tuple[tuple[str, int], ...], ...] = (
    (("A", 1),), (("A", 2),), (("KIT", 1),), (("KIT", 1), ("B", 1)), (("PACK", 1),), (("C", 3), ("A", 1)), (("B", 1),),
)
CAMPAIGNS = ("", "", "11.11", "11.11", "vip", "staff")
FLOORS = ("HZ", "XA")
LOTS = ("", "L1", "L2")
ANSWERED_SECONDS_MAX = 60
TRANSFERS_TRIED_MAX = 20
find_connectors()


def serve_hub(dsn: str, home: str, port: int) -> None:
    """The server, until it is killed."""
    asyncio.run(_serve(dsn, Path(home), port))


async def _serve(dsn: str, home: Path, port: int) -> None:
    async with open_hub(Settings(home=home), dsn, connections_max=8) as hub, serve(create_app(hub), port) as taken:
        assert taken == port
        await asyncio.Event().wait()


def work_hub(dsn: str, home: str) -> None:
    """A worker, until it is killed."""
    asyncio.run(_work(dsn, Path(home)))


async def _work(dsn: str, home: Path) -> None:
    async with open_hub(Settings(home=home), dsn, connections_max=6) as hub:
        await run(hub, asyncio.Event(), LOOPS)


class Caller:
    """Somebody who asks again, by the same key, until the server answers: it is killed now and then."""

    def __init__(self, http: httpx2.AsyncClient, headers: dict[str, str] | None = None) -> None:
        self._http, self._headers = http, headers or {}

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """What is answered, be it a no."""
        content = body if isinstance(body, bytes) else None if body is None else orjson.dumps(body)
        sent = {"content-type": "application/json", "Idempotency-Key": new_id()} | self._headers | headers
        end = time.monotonic() + ANSWERED_SECONDS_MAX
        while True:
            try:
                answer = await self._http.request(method, path, content=content, headers=sent)
            except httpx2.HTTPError:
                answer = None
            if answer is not None and answer.status_code < 500 and answer.status_code != 429:
                return answer
            assert time.monotonic() < end, (method, path, answer and answer.text)
            await asyncio.sleep(0.1)  # the server is being started anew


class Sender:
    """A site's queue of messages: orders, payments and cancellations, signed."""

    def __init__(self, caller: Caller, name: str, shop: str) -> None:
        self._caller, self._dice, self._name, self._shop = caller, Random(name), name, shop

    async def send(self, attempts: int) -> None:
        """Place so many orders; some are paid later, some are called off."""
        for number in range(attempts):
            order = self._order(number)
            await self._tell("order.created", order)
            later = self._dice.random()
            if later < 0.3:
                order |= {"status": "cancelled"} if later < 0.15 else {"payment": "paid", "paid_at": order["placed_at"]}
                await self._tell("order.updated", order | {"updated_at": _later(order["updated_at"])})

    def _order(self, number: int) -> dict[str, Any]:
        lines = [{"id": f"{no}", "sku": sku, "title": sku, "quantity": units, "price": "1.00"}
                 for no, (sku, units) in enumerate(self._dice.choice(BASKETS), 1)]
        at = datetime.now(UTC).isoformat()
        payment = "paid" if self._dice.random() < 0.6 else "unpaid"
        return {
            "id": f"{self._name}-{number}", "status": "open", "payment": payment, "placed_at": at, "updated_at": at,
            "currency": "CNY", "total": f"{sum(line['quantity'] for line in lines)}.00", "lines": lines,
            "campaign": self._dice.choice(CAMPAIGNS), "receiver": {
                "name": "张三", "phone": "13800138000", "country": "CN", "city": "杭州市", "address": "文一西路1号",
                "province": self._dice.choice(("浙江省", "四川省", "陕西省"))},
        } | ({"paid_at": at} if payment == "paid" else {})

    async def _tell(self, kind: str, order: dict[str, Any]) -> None:
        """A signed message; one that got no answer is sent again as it was."""
        body = orjson.dumps({"type": kind, "timestamp": order["updated_at"], "data": order})
        ident, stamp = new_id(), str(int(time.time()))
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        sign = base64.b64encode(hmac.digest(key, f"{ident}.{stamp}.".encode() + body, "sha256")).decode()
        answer = await self._caller.ask("POST", f"/webhooks/{self._shop}", body, **{
            "webhook-id": ident, "webhook-timestamp": stamp, "webhook-signature": f"v1,{sign}"})
        assert answer.status_code == 200, answer.text


def _later(at: str) -> str:
    return (datetime.fromisoformat(at) + timedelta(seconds=1)).isoformat()


class Clerk:
    """Receives, transfers, recounts, keeps back and changes quotas. Nothing is lost that day."""

    def __init__(self, caller: Caller, name: str, quotas: list[str]) -> None:
        self._caller, self._dice, self._quotas = caller, Random(name), quotas
        self.done: dict[str, int] = {}

    async def work(self, is_over: Callable[[], bool]) -> None:
        """Each act once, then what comes until it is over."""
        begun = self._acts()
        while begun or not is_over():
            name, act = begun.pop() if begun else self._dice.choice(self._acts())
            answer = await act()
            if answer is not None and answer.is_success:
                self.done[name] = self.done.get(name, 0) + 1

    def _acts(self) -> list[tuple[str, Callable[[], Any]]]:
        return [("receive", self._receive), ("adjust", self._adjust), ("protect", self._protect),
                ("resize", self._resize), ("count", self._count), ("transfer", self._transfer)]

    async def _receive(self) -> httpx2.Response:
        """Goods with a lot, to the dock of a floor."""
        line = {"sku": self._dice.choice("ABC"), "quantity": self._dice.randrange(1, 3), "lot": self._dice.choice(LOTS)}
        return await self._caller.ask("POST", "/api/v1/floor/receive", {
            "warehouse": self._dice.choice(FLOORS), "reason": "到货", "lines": [line]})

    async def _transfer(self) -> httpx2.Response:
        """The first of a few that can be: what is bound stays where it is."""
        for _ in range(TRANSFERS_TRIED_MAX):
            here, there = self._dice.sample(("HZ", "CD", "XA"), 2)
            moved = await self._move("transfer", here, self._dice.randrange(1, 4), there)
            if moved.is_success:
                break
        return moved

    async def _adjust(self) -> httpx2.Response:
        return await self._move("adjust", self._dice.choice(("HZ", "CD", "XA")), 1)

    async def _protect(self) -> httpx2.Response:
        return await self._move("protect", self._dice.choice(("HZ", "CD", "XA")), self._dice.randrange(0, 2))

    async def _move(self, act: str, house: str, units: int, to: str = "") -> httpx2.Response:
        line = {"sku": self._dice.choice("ABC"), "warehouse": house, "quantity": units, "to": to}
        return await self._caller.ask("POST", "/api/v1/stock/moves", {"act": act, "reason": "清点", "lines": [line]})

    async def _resize(self) -> httpx2.Response:
        quota = self._dice.choice(self._quotas)
        return await self._caller.ask("POST", f"/api/v1/stock/quotas/{quota}/resize", {
            "quantity": self._dice.randrange(0, 30), "reason": "调整"})

    async def _count(self) -> httpx2.Response | None:
        """A blind count that finds what the books say, or is called off: what is free is frozen meanwhile."""
        sku, house, root = self._dice.choice("ABC"), self._dice.choice(("HZ", "CD", "XA")), "/api/v1/stock/documents"
        drafted = await self._caller.ask("POST", root, {
            "kind": "count", "reason": "盘点", "lines": [{"sku": sku, "warehouse": house}]})
        if not drafted.is_success:
            return drafted
        number = drafted.json()["number"]
        await self._caller.ask("POST", f"{root}/{number}/submit", {})
        page = (await self._caller.ask("GET", f"/api/v1/stock/sku?sku={sku}")).json()
        told = [one["figures"]["on_hand"] for one in page["row"]["levels"] if one["warehouse"] == house]
        await self._caller.ask("POST", f"{root}/{number}/count", {"counts": [{"line": 1, "units": told[0]}]})
        return await self._caller.ask("POST", f"{root}/{number}/cancel", {"reason": "以后再盘"})


class Picker:
    """Plans waves in a house and scans them to the door with one terminal."""

    def __init__(self, caller: Caller, name: str, house: str) -> None:
        self._caller, self._dice, self._name, self._house = caller, Random(name), name, house
        self._seq = 0
        self.verdicts: dict[str, int] = {}

    async def work(self, is_over: Callable[[], bool]) -> None:
        """Until it is over, put away what stands on the dock, then make a wave and pick it."""
        while not is_over():
            for sku in "ABC":
                for lot in LOTS:
                    await self._scan("put_away", "A-01-01", f"(01){sku}(10){lot}" if lot else sku,
                                     self._dice.randrange(1, 4))
            planned = await self._caller.ask("POST", "/api/v1/floor/waves", {
                "warehouse": self._house, "rule": {"kind": "cluster", "orders_max": 6}})
            if planned.status_code == 201:
                await self._pick(planned.json())
            else:
                await asyncio.sleep(0.2)  # nothing is there to be picked yet

    async def _pick(self, wave: dict[str, Any]) -> None:
        for task in wave["tasks"]:
            if self._dice.random() < 0.05:
                await self._scan("short", task["task"], "damaged")
                continue
            if await self._scan("picked", task["task"], task["sku"], task["quantity"]) != "right":
                continue
            await self._scan("packed", task["work"], task["sku"], task["quantity"])
        for work in wave["works"]:
            await self._scan("out", work["work"], f"SF{time.monotonic_ns() % 10**10:010}", carrier="shunfeng")

    async def _scan(self, action: str, subject: str, code: str, quantity: int = 1, carrier: str = "") -> str:
        self._seq += 1
        one = {"id": new_id(), "seq": self._seq, "at": datetime.now(UTC).isoformat(), "action": action,
               "subject": subject, "code": code, "quantity": quantity, "station": "", "carrier": carrier}
        answer = await self._caller.ask("POST", "/api/v1/floor/scans", {
            "device": self._name, "warehouse": self._house, "scans": [one]})
        assert answer.status_code == 200, answer.text
        verdict = str(answer.json()["scans"][0]["verdict"])
        key = f"{action} {verdict}"
        self.verdicts[key] = self.verdicts.get(key, 0) + 1
        return verdict
