"""A hub with orders, stock, a case, a parked and a quarantined message, and clients of its API with given scopes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import orjson
import psycopg
from fastapi import FastAPI

from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.identity import ensure_administrator
from orderloom.adapters.db.publishing import publish_events
from orderloom.application import commands as c
from orderloom.application.accept_address import proposed
from orderloom.application.sending import Deliverer
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import Actor
from orderloom.entrypoints.http.app import create_app
from orderloom.settings import Settings
from orderloom.sign_in_settings import OidcSettings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.drive import publish_default_blueprint
from tests.support.accounts import ACCOUNT
from tests.support.by_hand import move

SECRET = "shpss_for_tests"
SHOP = "orderloom-test.myshopify.com"
SAMPLES = Path(__file__).resolve().parents[2] / "src/orderloom/adapters/channels"
CSV = (
    "订单号,下单时间,付款时间,订单状态,币种,订单金额,收货人,收货人手机,省份,城市,区县,详细地址,商家编码,商品名称,数量,单价\n"
    "OFF1,{at},{at},已付款,CNY,100.00,王小明,19912345678,浙江省,杭州市,余杭区,文一西路1号,{sku},马克杯,1,100.00\n"
)

TEST = Actor("test")

class World:
    """The hub under test with its application."""

    def __init__(self, hub: Hub, dsn: str) -> None:
        self.hub, self.dsn = hub, dsn
        self.app: FastAPI = create_app(hub)
        self.order_ids: list[str] = []
        self.password = ""

    async def send(self, times: int = 1) -> None:
        """What is queued leaves, as often as the hub would try."""
        for _ in range(times):
            with psycopg.connect(self.dsn, autocommit=True) as connection:
                connection.execute("update delivery set due_at = now() where state = 'due'")
            deliverer = Deliverer(self.hub)
            await deliverer.step()
            await deliverer.drain()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query of the hub's database finds."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(query.encode()).fetchall()

    async def client(self, *scopes: str, address: str = "127.0.0.1") -> httpx2.AsyncClient:
        """A client whose token has these scopes; none: no token at all."""
        headers = {}
        if scopes:
            made = await self.app.state.desk.access.make_token("test", scopes, "test")
            headers["Authorization"] = f"Bearer {made.token}"
        transport = httpx2.ASGITransport(app=self.app, client=(address, 50_000), raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)

    async def user(self, role: str, limits: dict[str, list[str]] | None = None) -> httpx2.AsyncClient:
        """A client of a person who has this role, logged in with a password of their own."""
        access = self.app.state.desk.access
        first = await access.add_user(f"{role}-user", role)
        login = await access.login(f"{role}-user", first, "127.0.0.1")
        caller = await access.caller(login.token)
        if limits is None:
            limits = {kind: ["*"] for kind in (await access.roles())[role].limits}
        await self.app.state.desk.identity.limit(f"{role}-user", limits)
        login = await access.change_password(caller, first, f"{first}-of-mine", "127.0.0.1", "")
        client = await self.client()
        client.headers["Authorization"] = f"Bearer {login.token}"
        return client

    async def record(self, count: int, **changes: Any) -> list[str]:
        """Record paid orders of one piece each, in one batch; returns their ids."""
        directory = await self.hub.directory()
        account = directory.account_by_code("SH01")
        assert account is not None
        batch = []
        for number in range(count):
            draft = a_draft(f"EXT-{len(self.order_ids) + number:05d}", a_line(), at=self.hub.now(), **changes)
            batch.append(c.RecordOrder(
                actor=TEST, account_id=account.id, draft=draft,
                sealed=self.hub.vault.seal(draft.receiver, "b-1"),
                received_at=self.hub.now(), proposal=proposed(draft.receiver),
            ))
        made = [o.order_id for o in await self.hub.handle(batch)]
        assert all(made)
        self.order_ids += [i for i in made if i]
        return [i for i in made if i]

    async def discard_parked(self, reason: str) -> None:
        """Take all that is parked out."""
        async with await self.client("admin") as client:
            waiting = (await client.get("/api/v1/messages", params={"outcome": "parked"})).json()["messages"]
            wish = {"reason": reason, "ids": [m["id"] for m in waiting]}
            assert (await client.post("/api/v1/messages/discard", json=wish)).status_code == 200

    async def publish(self) -> None:
        """Carry new facts into the search."""
        async with self.hub.pool.connection() as connection:
            await publish_events(connection, await self.hub.directory(), self.hub.now())

    async def work(self) -> None:
        """Take what landed through the route."""
        while await self.hub.handler.handle_messages():
            pass


def csv_file(sku: str) -> bytes:
    """A file with one order of a SKU."""
    return CSV.format(sku=sku, at=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")).encode("utf-8-sig")


@asynccontextmanager
async def a_world(
    home: Path, dsn: str, *, orders: int = 3, oidc: OidcSettings | None = None
) -> AsyncIterator[World]:
    """An open hub with two channel accounts, a warehouse, a SKU with stock, and paid orders."""
    with psycopg.connect(dsn) as connection:
        password = ensure_administrator(connection)
    assert password is not None
    async with open_hub(Settings(home=home, oidc=oidc), dsn, connections_max=6) as hub:
        world = World(hub, dsn)
        world.password = password
        await publish_default_blueprint(hub)
        async with hub.pool.connection() as connection, connection.transaction():
            await _rows(connection, hub)
            await bump(connection)
        await move(hub, "M-001", "HZ", "receive", "opening", "test", on_hand=1_000)
        if orders:
            await world.record(orders)
        await world.publish()
        yield world


async def _rows(connection: Any, hub: Hub) -> None:
    shopify = {"client_secret": SECRET, "access_token": "x"}
    for code, connector, credentials, settings in (
        ("SH01", "shopify", shopify, {"shop_domain": SHOP}), ("XLS", "files", {}, {}),
    ):
        await connection.execute(ACCOUNT, {
            "code": code, "family": "channels", "connector": connector, "title": code, "zone": "Asia/Shanghai",
            "base_url": "", "credentials": hub.vault.encrypt(msgspec.json.encode(credentials)),
            "settings": orjson.dumps(settings).decode(),
        })
    await connection.execute("insert into sku (code, name) values ('M-001', '马克杯'), ('M-002', '勺子')")
    await connection.execute("insert into warehouse (code, name, province) values ('HZ', '杭州仓', '浙江省')")
