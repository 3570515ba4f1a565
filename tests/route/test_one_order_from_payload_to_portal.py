"""One Taobao order, from the bytes at the gateway to "completed": a dated story in which every row is accounted for.

Saturday, 21 November 2026. Time stands still between the lines; at each instant the test says which rows came to be, in
every table of the hub, and that no other row did.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import orjson
import pytest

from orderloom.application.sending import Deliverer
from orderloom.application.sources.pulling import pull_step
from orderloom.bootstrap import open_hub
from orderloom.rehearsal import SMOOTH, World, WorldOptions, open_world
from orderloom.settings import Settings
from orderloom.testing.builders import a_purchase
from orderloom.testing.clock import FrozenClock
from orderloom.testing.drive import drive
from orderloom.testing.proof import prove

TID = "4400000000000077001"
NINE = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
"""Nine in the morning in China."""
OPTIONS = WorldOptions(
    seed=3, sku_count=40, shares=SMOOTH, opening_stock=100, wms_pace_seconds=60, carrier_pace_seconds=100
)
NOT_COUNTED = ("pull_cursor", "account", "token_bucket", "pace", "account_token", "account_sign", "cache_version",
               "watermark", "schema_revision", "pull_walk")
"""Their rows are there from the beginning and only carry clocks."""


class Story:
    """The hub, its seller's world, and a clock that only the story moves."""

    def __init__(self, world: World, clock: FrozenClock, http: httpx2.AsyncClient) -> None:
        self.world, self.hub, self.clock, self.http = world, world.hub, clock, http
        self.deliverer = Deliverer(world.hub)
        self.counted: dict[str, int] = {}

    async def pull(self) -> None:
        """Every account is read once."""
        self.clock.forward(5)
        await pull_step(self.hub)

    async def handle(self) -> None:
        """What landed goes through the route."""
        while await self.hub.handler.handle_messages():
            pass

    async def deliver(self) -> None:
        """What is queued leaves."""
        await self.deliverer.step()
        await self.deliverer.drain()

    async def warehouse(self, seconds: int) -> None:
        """The warehouse works on; the hub hears of it."""
        self.clock.forward(seconds)
        self.world.platforms.wms.step(self.clock())
        await self.pull()
        await self.handle()

    async def carrier(self, seconds: int) -> None:
        """The parcel travels on; the carrier's service pushes each scan to the hub's door."""
        self.clock.forward(seconds)
        self.world.platforms.carrier.step(self.clock())
        await self.world.platforms.carrier.flush(self.http)
        await self.handle()

    async def new_rows(self) -> dict[str, int]:
        """Rows that each table gained since the last look, tables that gained none left out."""
        tables = await self.world.ask(
            "select tablename from pg_tables where schemaname = 'public' and tablename <> all (%s) order by 1",
            list(NOT_COUNTED),
        )
        counts = {name: (await self.world.ask(f"select count(*) from {name}"))[0][0] for (name,) in tables}
        gained = {name: count - self.counted.get(name, 0) for name, count in counts.items()}
        self.counted = counts
        return {name: count for name, count in gained.items() if count}

    async def one(self, query: str) -> Any:
        """The one row of a query."""
        (row,) = await self.world.ask(query)
        return row[0] if len(row) == 1 else row


@pytest.fixture
async def story(database: str, home: Path) -> AsyncIterator[Story]:
    clock = FrozenClock(NINE)
    async with open_hub(Settings(home=home), database, clock=clock) as hub, drive(hub, only=("none",)) as url:
        options = WorldOptions(**{name: getattr(OPTIONS, name) for name in OPTIONS.__slots__} | {"hub_url": url})
        async with open_world(hub, options) as world, httpx2.AsyncClient() as http:
            told = Story(world, clock, http)
            await told.new_rows()
            yield told


async def test_one_order_goes_from_the_gateway_to_the_buyer_and_leaves_nothing_unexplained(story: Story) -> None:
    await nine_oclock_somebody_pays(story)
    await it_becomes_an_order_with_stock_and_work(story)
    await the_warehouse_gets_it(story)
    await the_warehouse_packs_it(story)
    await it_leaves_and_taobao_is_told(story)
    await it_travels_and_arrives(story)
    assert await prove(story.hub) == []


async def nine_oclock_somebody_pays(story: Story) -> None:
    lines = [{"sku": "M-001", "title": "马克杯", "quantity": 2, "price": 8_900, "discount": 800},
             {"sku": "SET-001", "title": "组合装", "quantity": 1, "price": 3_000, "discount": 0}]  # fmt: skip
    story.world.platforms.channels["taobao"].place(a_purchase(TID, NINE, lines=lines))
    await story.pull()
    assert await story.new_rows() == {"message": 1, "intake": 1, "tally": 1}
    cipher, digest, topic, at = await story.one("select body_cipher, digest, topic, received_at from message")
    body = story.hub.vault.decrypt_voucher(cipher)
    assert sha256(body).digest() == digest and orjson.loads(body)["tid_str"] == TID
    assert (topic, at) == ("trade", story.clock())
    assert "文一西路".encode() in body and "文一西路".encode() not in cipher


async def it_becomes_an_order_with_stock_and_work(story: Story) -> None:
    await story.handle()
    assert await story.new_rows() == {
        "orders": 1, "order_line": 2, "order_event": 3, "claim": 2, "stock_hold": 3, "stock_movement": 3, "work": 1,
        "work_line": 3, "warehouse_load": 1, "delivery": 1, "deadline": 1, "money_entry": 1,
    }  # fmt: skip
    order = "select external_id, stage, phase, payment, fulfilment, currency, total, paid, freight, discount " \
            "from orders"  # fmt: skip
    assert await story.one(order) == (TID, "paid", "ready", "paid", "allocated", "CNY", 19_900, 19_900, 1_000, 1_100)
    amounts = await story.world.ask("select sku_external, quantity_ordered, amount from order_line order by line_no")
    assert amounts == [("M-001", 2, 16_065), ("SET-001", 1, 2_835)] and sum(a[2] for a in amounts) == 18_900
    kinds = [k for (k,) in await story.world.ask("select kind from order_event order by seq")]
    assert kinds == ["order_recorded", "stock_held", "work_assigned"]
    held = "select w.code, sum(h.quantity), min(h.kind), min(h.state) from stock_hold h join warehouse w " \
           "on w.id = h.warehouse_id group by 1"  # fmt: skip
    bundle = story.world.catalogue.by_code["SET-001"].components
    assert await story.one(held) == ("HZ01", 2 + sum(units for _, units in bundle), "allocation", "active")
    assert await story.one("select outcome, order_id is not null from intake") == ("normalised", True)
    stored = await story.one("select body from delivery")
    assert "文一西路" not in stored and "199000" not in stored


async def the_warehouse_gets_it(story: Story) -> None:
    await story.deliver()
    assert await story.new_rows() == {"order_event": 1, "deadline": 2}
    assert await story.one("select state, attempts from delivery") == ("done", 1)
    (trade,) = story.world.platforms.wms.trades.values()
    assert trade.tid == await story.one("select number from work")
    assert trade.warehouse == "HZ01" and trade.raw["receiver_name"] == "林清和"
    assert trade.raw["receiver_address"] == "文一西路100号1幢202室"
    assert (trade.raw["receivable"], trade.raw["pay_status"]) == (Decimal("199.00"), 2)
    assert await story.one("select state, negotiation from work") == ("released", "accepted")


async def the_warehouse_packs_it(story: Story) -> None:
    stages = []
    for _ in range(24):
        await story.warehouse(15)
        stage = await story.one("select stage from orders")
        stages += [stage] if stage not in stages[-1:] else []
        if stage == "shipped":
            break
    assert stages == ["paid", "picking", "packing", "awaiting_collection", "shipped"]
    gained = await story.new_rows()
    assert gained["parcel"] == 1 and gained["delivery"] == 2 and gained["stock_movement"] == 3
    told = gained["message"]
    assert gained["intake"] == told and gained["claim"] <= told
    assert set(gained) == {"message", "intake", "tally", "order_event", "claim", "parcel", "parcel_item", "delivery",
                           "stock_movement", "deadline"}  # fmt: skip


async def it_leaves_and_taobao_is_told(story: Story) -> None:
    waybill, carrier, state = await story.one("select waybill, carrier, state from parcel")
    left = await story.world.ask("select on_hand, allocated from stock_movement where kind = 'ship'")
    assert len(left) == 3 and all(on_hand == allocated < 0 for on_hand, allocated in left)
    assert await story.one("select count(*) from stock_hold where state = 'consumed'") == 3
    await story.deliver()
    assert await story.new_rows() == {}
    taobao = story.world.platforms.channels["taobao"]
    (parcel,) = taobao.shipments[TID]
    assert parcel["waybill"] == waybill and taobao.status(TID) == "WAIT_BUYER_CONFIRM_GOODS"
    assert (carrier, waybill) in story.world.platforms.carrier.watches and state == "label_ready"


async def it_travels_and_arrives(story: Story) -> None:
    for _ in range(48):
        await story.carrier(60)
        if await story.one("select stage from orders") == "completed":
            break
    parcels = "select p.state, i.told from parcel p join parcel_item i on i.parcel_id = p.id limit 1"
    assert await story.one(parcels) == ("delivered", ["TB01", "KD01"])
    assert await story.one("select stage, phase, parcel, holds_active from orders") == (
        "completed", "delivered", "delivered", 0)  # fmt: skip
    gained = await story.new_rows()
    scans = gained.pop("parcel_event")
    assert gained.pop("message") == gained.pop("intake") == scans == gained.pop("claim")
    assert set(gained) == {"tally", "order_event", "deadline"}
    assert await story.world.ask("select kind, evidence from case_file") == []
    assert await story.one("select count(*) from delivery where state <> 'done'") == 0
    others = story.world.platforms.channels
    assert not others["shopify"].orders and not others["amazon"].shipments and not others["files"].purchases
    order_id = await story.one("select id from orders")
    assert isinstance(order_id, UUID) and order_id.version == 7
