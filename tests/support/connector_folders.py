"""Finds every connector folder and rehearses it: declaration, account on loopback, simulator behind real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import uvicorn
from starlette.applications import Starlette

from orderloom.adapters.alone import OwnLimits, OwnTokens
from orderloom.adapters.kit.declared import declare
from orderloom.adapters.kit.load import load_folder as load_declaration
from orderloom.adapters.kit.manifest import manifest_of
from orderloom.adapters.kit.plan import ConnectorPlan
from orderloom.adapters.kit.platform import Commons
from orderloom.adapters.kit.samples import RECEIVED_AT as SAMPLED_AT
from orderloom.adapters.kit.samples import read_sample
from orderloom.adapters.manifests import folders as connector_paths
from orderloom.application.ports import Account, Connector, Cursor, Item, Manifest, Page, Rate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_folder
from orderloom.rehearsal.server import open_door

FAMILIES = ("channels", "systems", "carriers")
RECEIVED_AT = SAMPLED_AT


@dataclass(frozen=True)
class Folder:
    """One connector's folder."""

    path: Path

    @property
    def family(self) -> str:
        return self.path.parent.name

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def plan(self) -> ConnectorPlan:
        return _plan(self.path)

    @property
    def manifest(self) -> Manifest:
        return manifest_of(self.plan.said)

    @property
    def capabilities(self) -> set[str]:
        return set(self.manifest.capabilities)

    def module(self, name: str) -> Any:
        return importlib.import_module(f"orderloom.adapters.{self.family}.{self.name}.{name}")

    def mappings(self) -> Mappings:
        """The folder's compiled mapping; fails with every mistake in it."""
        return Mappings({self.name: _mapping(self.path)})

    @property
    def connector(self) -> Connector:
        """With tokens and a pace of its own, so that one test's are not another's."""
        if self.plan.said.code:
            connector: Connector = self.module(self.plan.said.code).CONNECTOR
            return connector
        return declare(self.plan, Commons(OwnTokens(), OwnLimits(Rate(100_000, 100_000))))

    def credentials(self) -> dict[str, str]:
        """Made up; where the form of one matters, the folder's simulator has it."""
        own = self._own("CREDENTIALS")
        return {name: own.get(name, f"demo:{self.name}-{name}") for name in
                (str(field["name"]) for field in self.manifest.credentials)}

    def _own(self, name: str) -> dict[str, Any]:
        return getattr(self.module("simulator"), name, {}) if (self.path / "simulator.py").is_file() else {}

    def account(self, base: str = "http://127.0.0.1:9", **changes: Any) -> Account:
        """An account whose credentials and settings are the rehearsal's, else the manifest's defaults."""
        settings = {name: rule["default"] for name, rule in self.manifest.settings.items()} | self._own("SETTINGS")
        return Account(
            id=1, code="T1", family=self.family, connector=self.name, zone=self.manifest.zone,
            base_url=base + urlsplit(self.manifest.base_url).path,
            credentials=changes.pop("credentials", self.credentials()), settings=settings | changes,
        )  # fmt: skip

    def simulator(self, **settings: Any) -> Any:
        account = self.account(**settings)
        return self.module("simulator").Simulator(dict(account.credentials), now, dict(account.settings))


@cache
def _plan(path: Path) -> ConnectorPlan:
    return load_declaration(path)


@cache
def _mapping(path: Path) -> CompiledMapping:
    mapping = load_folder(path)
    assert isinstance(mapping, CompiledMapping), mapping
    return mapping


def now() -> datetime:
    """The rehearsal's clock is the real one."""
    return datetime.now(UTC)


def folders(*families: str) -> list[Folder]:
    """Every connector folder, of the given families or of all that have a simulator."""
    return [Folder(path) for path in connector_paths(*(families or FAMILIES))]


def pulled_channels() -> list[Folder]:
    """Channels that are pulled over HTTP from a simulator that takes purchases."""
    return [f for f in folders("channels") if "pull" in f.capabilities and "file" not in f.capabilities]


class _Server(uvicorn.Server):
    """Ends when it is told to, not at its next look at a clock: thousands of tests serve a platform for a moment."""

    def __init__(self, app: Starlette) -> None:
        super().__init__(uvicorn.Config(app, log_level="error", lifespan="off"))
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Take no more connections, and finish what is being answered."""
        self.should_exit = True
        self._ended.set()

    async def main_loop(self) -> None:
        ticks = 0
        while not await self.on_tick(ticks):  # it also sets the time that answers tell
            ticks += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), 0.1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for door in [*self.servers, *(sockets or [])]:
            door.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(0.002)


@asynccontextmanager
async def serve(app: Starlette) -> AsyncIterator[str]:
    """Serve an application on a free loopback port and give its address."""
    door = open_door()
    server = _Server(app)
    task = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.end()
        await task


def caller() -> httpx2.AsyncClient:
    """A client for loopback: it reads no certificates, which takes longer than most tests."""
    return httpx2.AsyncClient(timeout=10, verify=False)


def purchase(folder: Folder, n: int = 1, *, is_paid: bool = True, minutes_ago: int = 10) -> dict[str, Any]:
    """The n-th purchase: two lines, discounts of both kinds, freight; 199.00 to pay."""
    placed = (now() - timedelta(minutes=minutes_ago)).replace(microsecond=0)
    return {
        "external_id": folder.module("simulator").external_id(n), "placed_at": placed,
        "paid_at": placed + timedelta(minutes=1) if is_paid else None, "buyer": f"buyer{n}", "note": "请包好 é𠮷",
        "currency": "CNY" if folder.manifest.zone == "Asia/Shanghai" else "USD",
        "receiver": {"name": "张三", "phone": "13800138000", "country": "CN", "province": "浙江省", "city": "杭州市",
                     "district": "余杭区", "detail": "文一西路969号1幢", "postcode": "310000"},
        "lines": [{"sku": "M-001", "title": "马克杯", "quantity": 2, "price": 8_900, "discount": 800},
                  {"sku": "M-002", "title": "勺子", "quantity": 1, "price": 3_000, "discount": 0}],
        "freight": 1_000, "discount": 1_100, "tax": 0,
    }  # fmt: skip


PURCHASE_TOTAL = 2 * 8_900 - 800 + 3_000 - 1_100 + 1_000


def cursor(hours_ago: int = 1) -> Cursor:
    """A cursor that lies before the rehearsal's purchases."""
    return Cursor(now() - timedelta(hours=hours_ago))


async def pull(folder: Folder, account: Account, http: Any, since: Cursor | None = None) -> list[Page]:
    """All pages of one pull."""
    return [page async for page in folder.connector.pull(account, since or cursor(), now(), http)]


def items(pages: list[Page]) -> list[Item]:
    """The items of pages that could be read."""
    return [item for page in pages if not page.problem for item in page.items]


def sample(path: Path) -> tuple[Item, dict[str, str]]:
    """A sample as an item to translate, with headers. `NAME.item.json` beside it may state topic, headers, context."""
    found = read_sample(path)
    return found.item, found.headers
