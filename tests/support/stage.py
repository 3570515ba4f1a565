"""The stage of the dated stories: one seller's hub with a clock that stands still, and its platforms over real HTTP.

Nothing on it is imitated: PostgreSQL, connectors, simulators on loopback, the webhook door, the worker's own steps.
Time moves only by `wait`, so a story has exact instants.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.carriers.kuaidi100.simulator import Simulator as Kuaidi100
from orderloom.adapters.channels.amazon.rehearsal import MARKETPLACE
from orderloom.adapters.channels.amazon.simulator import Simulator as Amazon
from orderloom.adapters.channels.shopify.rehearsal import SHOP_DOMAIN
from orderloom.adapters.channels.shopify.simulator import Simulator as Shopify
from orderloom.adapters.channels.taobao.simulator import Simulator as Taobao
from orderloom.adapters.channels.taobao.simulator import external_id as taobao_id
from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.load import load_orders
from orderloom.adapters.systems.wangdiantong.rehearsal import SHOP_NO
from orderloom.adapters.systems.wangdiantong.simulator import Simulator as Wangdiantong
from orderloom.application.ports import Item
from orderloom.application.sending import Deliverer
from orderloom.application.sources.pulling import pull_step
from orderloom.application.teach_alias import teach_alias
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.inventory.level import Level
from orderloom.domain.order import Order
from orderloom.entrypoints.http.webhooks.door import Door
from orderloom.entrypoints.worker.loops import loops
from orderloom.rehearsal.platforms import CREDENTIALS
from orderloom.rehearsal.server import Fork, serve
from orderloom.settings import Settings
from orderloom.testing.clock import FrozenClock
from orderloom.testing.drive import publish_default_blueprint
from orderloom.testing.mortal import work_until_quiet
from tests.support.by_hand import move
from tests.support.connector_folders import caller
from tests.support.proof import Snapshot, changed, snapshot

WAREHOUSES = (("HZ01", "浙江省"), ("GZ01", "广东省"))
SKUS = ("M-001", "M-002", "N-001", "N-002")
ON_HAND = 100
"""Units of each SKU in each warehouse when a story begins."""
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LOOK_SECONDS = 0.02
ACCOUNT = """
insert into account (code, family, connector, zone, base_url, credentials_cipher, settings)
values (%s, %s, %s, %s, %s, %s, %s::jsonb) returning id"""
CURSOR = "insert into pull_cursor (account_id, at, due_at) values (%s, %s, %s)"
ALIAS = """
insert into sku_alias (account_id, alias, sku_id, factor, listing, is_published)
select (select id from account where code = %s), %s, id, %s, %s::jsonb, %s from sku where code = %s"""


class Listener:
    """A subscriber's own server: keeps every webhook that it was sent; `answers` are given one per call, then 200."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.app = Starlette(routes=[Route("/{path:path}", self._hear, methods=["POST"])])

    async def _hear(self, request: Request) -> Response:
        self.heard.append((dict(request.headers), await request.body()))
        return Response(status_code=self.answers.pop(0) if self.answers else 200)


class Stage:
    """A hub with its platforms; made by `open_stage`."""

    def __init__(self, hub: Hub, clock: FrozenClock) -> None:
        self.hub, self.clock = hub, clock
        self.base = ""
        self.taobao = Taobao(CREDENTIALS["taobao"], clock, {"masked": False, "encoding": "utf-8"})
        self.shopify = Shopify(CREDENTIALS["shopify"], clock, {
            "bucket_size": 1_000_000, "leak_per_second": 1_000_000, "shop_domain": SHOP_DOMAIN, "slow_seconds": 0.5,
        })
        self.amazon = Amazon(CREDENTIALS["amazon"], clock, {"horizon_seconds": 0})
        self.wms = Wangdiantong(CREDENTIALS["wangdiantong"], clock, {
            "shop_no": SHOP_NO, "warehouses": [code for code, _ in WAREHOUSES], "pace_seconds": 60, "jitter": 0,
            "slow_seconds": 0.5, "slow_address_seconds": 0.5,
        })
        self.carrier = Kuaidi100(CREDENTIALS["kuaidi100"], clock, {"pace_seconds": 100, "slow_seconds": 0.5})
        self.wms.on_handed_over = self._hand_over
        self.is_seen_by_carrier = True
        self.listener = Listener()
        self.deliverer = Deliverer(hub)
        self.steps = {loop.verb: loop.step for loop in loops(hub)}
        self.apps = {
            "taobao": self.taobao.app, "shopify": self.shopify.app, "amazon": self.amazon.app, "wms": self.wms.app,
            "carrier": self.carrier.app, "hub": Door(hub), "listener": self.listener.app,
        }

    # Setting the stage

    async def build(self, base: str, on_hand: int = ON_HAND) -> None:
        """The seller's accounts, goods, warehouses and opening stock."""
        self.base = base
        self.shopify.push_url = f"{base}/hub/webhooks/SH01"
        await publish_default_blueprint(self.hub)
        overlap = {"overlap_seconds": 120}
        await self.account("TB01", "channels", "taobao", "Asia/Shanghai", "/taobao/router/rest", overlap)
        await self.account("SH01", "channels", "shopify", "America/New_York", "/shopify",
                           {"shop_domain": SHOP_DOMAIN, **overlap})
        await self.account("AM01", "channels", "amazon", "UTC", "/amazon", {
            "marketplace_ids": [MARKETPLACE], "horizon_seconds": 0, **overlap,
        })
        await self.account("WD01", "systems", "wangdiantong", "Asia/Shanghai", "/wms",
                           {"shop_no": SHOP_NO, "stock_pull": False, **overlap})
        await self.account("KD01", "carriers", "kuaidi100", "Asia/Shanghai", "/carrier",
                           {"callback_url": f"{base}/hub/webhooks/KD01"}, is_pulled=False)
        async with self.hub.pool.connection() as connection:
            for code in SKUS:
                await connection.execute(
                    "insert into sku (code, name, hs_code) values (%s, %s, '691110')", (code, code))
            for priority, (code, province) in enumerate(WAREHOUSES, 1):
                await connection.execute(
                    "insert into warehouse (code, name, province, account_id, priority)"
                    " select %s, %s, %s, id, %s from account where code = 'WD01'", (code, code, province, priority))
            await bump(connection)
        await self.alias("AM01", "MO-001", "M-001")
        await self.alias("SH01", "m-001", "M-001")
        for sku in SKUS if on_hand else ():
            for house, _ in WAREHOUSES:
                await self.receive(sku, house, on_hand)

    async def account(
        self, code: str, family: str, connector: str, zone: str, path: str, settings: dict[str, Any] | None = None, *,
        credentials: dict[str, str] | None = None, is_pulled: bool = True,
    ) -> int:
        """Connect an account at `path` below the stage's server; a pulled one is due whenever `pull` is called."""
        chosen = {"rate": {"per_second": 2_000, "burst": 2_000}, "interval_seconds": 0, "private_hosts": ["127.0.0.1"]}
        chosen |= settings or {}
        secret = self.hub.vault.encrypt(orjson.dumps(credentials or CREDENTIALS[connector]))
        async with self.hub.pool.connection() as connection:
            row = await (await connection.execute(ACCOUNT, (
                code, family, connector, zone, f"{self.base}{path}", secret, orjson.dumps(chosen).decode(),
            ))).fetchone()
            if is_pulled:
                await connection.execute(CURSOR, (row[0], self.clock(), self.clock()))
            await bump(connection)
        return int(row[0])

    async def setting(self, code: str, **changed: Any) -> None:
        """Change an account's settings."""
        await self.run("update account set settings = settings || %s::jsonb where code = %s",
                       orjson.dumps(changed).decode(), code)

    async def alias(
        self, account: str, alias: str, sku: str, *, factor: int = 1, listing: dict[str, str] | None = None,
    ) -> None:
        """A channel's spelling of a SKU; with `listing` its shown stock is published there."""
        listed = orjson.dumps(listing or {}).decode()
        await self.run(ALIAS, account, alias, factor, listed, listing is not None, sku)

    async def teach(self, account: str, alias: str, sku: str, factor: int = 1) -> int:
        """Somebody adds a spelling in the product; returns how many messages go on by it."""
        done = await teach_alias(self.hub.ports.catalogue, alias, sku, account=account, factor=factor)
        return done.released

    async def run(self, statement: str, *given: Any) -> None:
        """Change the seller's own data and tell every process."""
        async with self.hub.pool.connection() as connection, connection.transaction():
            await connection.execute(statement.encode(), given or None)
            await bump(connection)

    async def receive(self, sku: str, house: str, units: int) -> None:
        """Goods arrive in a warehouse of the hub."""
        done = await move(self.hub, sku, house, "receive", "goods arrived", "clerk", on_hand=units)
        assert isinstance(done, Level), done

    async def count(self, sku: str, house: str, units: int) -> None:
        """A stocktake finds so many units."""
        done = await move(self.hub, sku, house, "stocktake", "counted by hand", "clerk", counted=units)
        assert isinstance(done, Level), done

    async def land(self, account: str, topic: str, *bodies: bytes, event_id: str = "") -> list[str | None]:
        """Put bytes through the door as a connector's items."""
        found = (await self.hub.directory()).account_by_code(account)
        assert found is not None
        items = [Item(topic, body, event_id) for body in bodies]
        return await self.hub.lander.land(found, items, {"content-type": "application/json"}, self.clock())

    # Letting things happen

    async def settle(self) -> None:
        """Everything that is to happen at this instant, until nothing moves any more."""
        await work_until_quiet(self.hub, self.deliverer)

    async def pull(self) -> int:
        """Read every account; returns how many items were new."""
        return await pull_step(self.hub)

    async def flow(self) -> None:
        """Read every account and settle."""
        await self.pull()
        await self.settle()

    async def wait(self, seconds: float, step: float = 60) -> None:
        """Let time pass in steps: warehouses and carriers work, push and are read, and the hub follows."""
        left = seconds
        async with caller() as http:
            while left > 0:
                now = self.clock.forward(min(step, left))
                left -= step
                self.wms.step(now)
                self.carrier.step(now)
                await self.carrier.flush(http)
                await self.flow()

    def _hand_over(self, parcel: dict[str, Any]) -> None:
        if self.is_seen_by_carrier:
            self.carrier.hand_over(parcel["carrier"], parcel["waybill"], parcel["at"], parcel["province"],
                                   parcel["phone_last4"])

    # Looking

    async def rows(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        async with self.hub.pool.connection() as connection:
            return await (await connection.execute(query.encode(), given or None)).fetchall()

    async def value(self, query: str, *given: Any) -> Any:
        """The one value of a query."""
        ((found,),) = await self.rows(query, *given)
        return found

    async def order(self, external_id: str) -> Order:
        """The one order with this id at its channel, as stored."""
        ((order_id,),) = await self.rows("select id::text from orders where external_id = %s", external_id)
        async with self.hub.pool.connection() as connection, connection.transaction():
            return (await load_orders(connection, [order_id]))[0]

    async def level(self, sku: str, house: str = "HZ01") -> Level:
        """The stock level as stored."""
        ((*found,),) = await self.rows(
            "select sku_id, warehouse_id, on_hand, reserved, allocated, l.safety, frozen, l.set_aside"
            " from stock_level l join sku s on s.id = sku_id join warehouse w on w.id = warehouse_id"
            " where s.code = %s and w.code = %s",
            sku, house)
        return Level(*found)

    async def held(self, sku: str, house: str = "HZ01") -> tuple[int, int, int]:
        """(on hand, reserved, allocated)."""
        level = await self.level(sku, house)
        return level.on_hand, level.reserved, level.allocated

    async def cases(self, *, is_open: bool = True) -> list[tuple[str, dict[str, Any]]]:
        """Kind and evidence of the cases that are open (or closed), oldest first."""
        return await self.rows("select kind, evidence from case_file where (resolved_at is null) = %s order by id",
                               is_open)

    async def kinds(self, *, is_open: bool = True) -> list[str]:
        """Kinds of the cases that are open (or closed), sorted."""
        return sorted(kind for kind, _ in await self.cases(is_open=is_open))

    async def deliveries(self, kind: str = "") -> list[tuple[str, str, int]]:
        """(kind, state, attempts) in the order in which they were queued."""
        return await self.rows("select kind, state, attempts from delivery where kind = %s or %s = ''"
                               " order by position", kind, kind)

    async def events(self, external_id: str) -> list[str]:
        """Kinds of an order's facts in their order."""
        return [kind for (kind,) in await self.rows(
            "select e.kind from order_event e join orders o on o.id = e.order_id where o.external_id = %s"
            " order by e.seq", external_id)]

    async def intake(self) -> dict[str, int]:
        """Messages by outcome."""
        return dict(await self.rows("select outcome, count(*) from intake where outcome <> 'split' group by 1"))

    async def snapshot(self) -> Snapshot:
        """Everything that a story can change, to be compared by `changed_since`."""
        async with self.hub.pool.connection() as connection:
            return await snapshot(connection)

    async def changed_since(self, before: Snapshot) -> set[str]:
        """The tables that are not as they were: what a story must name in full."""
        return changed(before, await self.snapshot())

    def __repr__(self) -> str:
        return f"<stage at {self.clock():%Y-%m-%d %H:%M:%S}>"


@asynccontextmanager
async def open_stage(
    database: str, home: Path, clock: FrozenClock | None = None, *, on_hand: int = ON_HAND, is_built: bool = False,
) -> AsyncIterator[Stage]:
    """A stage on a migrated database; with `is_built` the seller is in the database already."""
    clock = clock or FrozenClock()
    async with open_hub(Settings(home=home), database, clock=clock) as hub:
        stage = Stage(hub, clock)
        async with serve(Fork(stage.apps)) as port:
            if is_built:
                stage.base = f"http://127.0.0.1:{port}"
            else:
                await stage.build(f"http://127.0.0.1:{port}", on_hand)
            yield stage


async def until(condition: Callable[[], object], what: str, seconds_max: float = 20) -> None:
    """Wait, in real time, for something that happens by itself; fails when it does not."""
    for _ in range(int(seconds_max / LOOK_SECONDS)):
        if condition():
            return
        await asyncio.sleep(LOOK_SECONDS)
    raise AssertionError(f"{what} did not happen within {seconds_max:.0f} s")


def tid(n: int) -> str:
    """The n-th order id at Taobao."""
    return taobao_id(n)


def spare(sku: str, units: int, price: int = 10_000) -> dict[str, Any]:
    """One line of a purchase without discount."""
    return {"sku": sku, "title": sku, "quantity": units, "price": price, "discount": 0}


def plain(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Changes to `a_purchase`: these lines alone, no freight and no discount."""
    return {"lines": list(lines), "freight": 0, "discount": 0, **changes}
