"""A parcel, a rider, or the buyer fetches them: what each promises, and what happens when one does not go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from msgspec.structs import replace

from orderloom.adapters.db.directory import bump
from orderloom.adapters.db.load import load_orders
from orderloom.application.meet_refusals import meet_refusals
from orderloom.application.ports import Account, Answer, Outgoing
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import load_folder
from orderloom.domain.order import Order
from orderloom.testing.drive import BLUEPRINT
from orderloom.testing.proof import prove
from tests.integration.test_a_label_is_bought_once import FIELDS, SENDER, Seller, connect_carrier, sells_labels
from tests.support.api_hub import World, a_world
from tests.support.by_hand import move
from tests.support.carried import service, services

HERE = {"province": "浙江省", "city": "杭州市"}
WAYS = (
    service("zto", "zhongtong", ["HZ"], 1, 300), service("sf", "shunfeng", ["HZ"], 1, 1_300),
    service("rider", "shunfeng", ["HZ"], 0, 900, method="rider", minutes=50, hours="00:00-23:59") | {
        "zones": [{"name": "town", "divisions": ["3301"], "days": 0, "rates": [{"to_g": 9_000, "first": 900}]}]},
    {"name": "counter", "title": {"zh": "西湖店", "en": "West Lake shop"}, "method": "pickup", "warehouses": ["MD"],
     "hours": "00:00-23:59", "minutes": 30},
)


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        async with world.hub.pool.connection() as connection, connection.transaction():
            await connection.execute(
                "insert into warehouse (code, name, province, city, kind, priority) "
                "values ('MD', '西湖店', '浙江省', '杭州市', 'shop', 9)")
            await bump(connection)
        await move(world.hub, "M-001", "MD", "receive", "shop", "test", on_hand=5)
        rule = load_folder(BLUEPRINT)
        sourcing = replace(rule.sourcing, services=services(*WAYS))
        await publish_blueprint(world.hub.ports.blueprints, replace(rule, sourcing=sourcing), "li", "ways")
        yield world


async def the_order(world: World) -> Order:
    async with world.hub.pool.connection() as connection:
        return (await load_orders(connection, world.order_ids[-1:]))[0]


class PickySeller(Seller):
    """It sells no label of one carrier, or none at all."""

    refused_carrier = ""

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        self.refusal = "refused" if self.refused_carrier in (outgoing.body["carrier"], "*") else ""
        return await super().send(outgoing, account, http)


def both_carriers(world: World) -> PickySeller:
    """A reseller of both carriers' labels."""
    sells_labels(world)
    found, known = PickySeller(), world.hub.manifests["kuaidi100"]
    world.hub.connectors = {**world.hub.connectors, "kuaidi100": found}  # type: ignore[dict-item]
    world.hub.manifests = {**world.hub.manifests, "kuaidi100": replace(
        known, carriers=["zhongtong", "shunfeng"], outbound={"label": dict.fromkeys((*FIELDS.split(), "carrier"))})}
    return found


async def test_what_a_buyer_fetches_waits_at_the_counter_and_needs_no_waybill(world: World) -> None:
    await world.record(1, is_pickup=True)
    (work,) = (await the_order(world)).works
    assert (await world.hub.directory()).warehouse(work.warehouse_id).code == "MD", "where a counter is, however far"
    assert work.service == "counter" and work.carrier == "" and work.cost == 0
    assert work.promised_at is not None and work.promised_at <= world.hub.now() + timedelta(minutes=31)
    async with await world.client("admin") as client:
        no_label = await client.post(f"/api/v1/works/{work.number}/label", json={"weight_g": 100})
        assert no_label.status_code == 409 or no_label.status_code == 404, no_label.text
        assert (await client.post(f"/api/v1/works/{work.number}/out", json={})).status_code == 200
    order = await the_order(world)
    assert [p.state for p in order.parcels] == ["delivered"] and order.stage in ("delivered", "completed")
    assert world.rows("select kind from case_file where resolved_at is null") == []
    assert world.rows("select kind from deadline where kind in ('waybill_missing', 'out_without_collection')") == []
    assert world.rows("select on_hand, allocated from stock_level l join warehouse w on w.id = l.warehouse_id "
                      "where w.code = 'MD'") == [(4, 0)]
    assert await prove(world.hub) == []


async def test_what_is_sent_never_waits_at_a_counter(world: World) -> None:
    await world.record(1)
    (work,) = (await the_order(world)).works
    assert work.service == "zto" and work.carrier == "zhongtong"


async def test_a_carrier_that_sells_no_label_is_followed_by_the_next_one(world: World) -> None:
    for code in ("ZT01", "SF01"):
        await connect_carrier(world, code, SENDER)
    seller = both_carriers(world)
    seller.refused_carrier = "zhongtong"
    await world.record(1)
    (work,) = (await the_order(world)).works
    async with await world.client("admin") as client:
        await client.post(f"/api/v1/works/{work.number}/label",
                          json={"account": "ZT01", "carrier": "zhongtong", "weight_g": 700})
        await world.send()
        assert await meet_refusals(world.hub, world.hub.ports, frozenset()) == 1
        assert await meet_refusals(world.hub, world.hub.ports, frozenset()) == 0, "each refusal is met once"
        await world.send()
        (label,) = (await client.get(f"/api/v1/works/{work.number}/labels")).json()["labels"]
        assert (label["state"], label["carrier"]) == ("bought", "shunfeng")
        routing = (await client.get(f"/api/v1/orders/{world.order_ids[-1]}/routing")).json()
    (after,) = (await the_order(world)).works
    assert (after.service, after.cost) == ("rider", 900) and [b["weight_g"] for b in seller.bodies] == [700, 700]
    moved = routing["promises"][-1]
    assert (moved["service"], moved["refused_by"]) == ("rider", "zhongtong"), "the log says who refused"


async def test_works_that_share_a_parcel_go_on_to_the_next_carrier_together(world: World) -> None:
    await connect_carrier(world, "ZT01", SENDER)
    seller = both_carriers(world)
    seller.refused_carrier = "zhongtong"
    await world.record(2)
    one, two = [row[0] for row in world.rows("select number from work order by order_id")]
    async with await world.client("admin") as client:
        assert (await client.post(f"/api/v1/works/{one}/merge", json={"works": [two]})).status_code == 200
        await client.post(f"/api/v1/works/{one}/label", json={"carrier": "zhongtong", "weight_g": 700})
        await world.send()
        assert await meet_refusals(world.hub, world.hub.ports, frozenset()) == 1
        await world.send()
        (label,) = (await client.get(f"/api/v1/works/{one}/labels")).json()["labels"]
    assert (label["state"], label["carrier"]) == ("bought", "shunfeng")
    assert world.rows("select distinct service, carrier from work") == [("rider", "shunfeng")]
    assert await prove(world.hub) == []


async def test_when_no_carrier_sells_one_the_label_stays_with_people(world: World) -> None:
    await connect_carrier(world, "SF01", SENDER)
    seller = both_carriers(world)
    seller.refused_carrier = "*"
    await world.record(1)
    (work,) = (await the_order(world)).works
    async with await world.client("admin") as client:
        await client.post(f"/api/v1/works/{work.number}/label", json={"carrier": "zhongtong", "weight_g": 700})
        for _ in range(4):
            await world.send()
            await meet_refusals(world.hub, world.hub.ports, frozenset())
        (label,) = (await client.get(f"/api/v1/works/{work.number}/labels")).json()["labels"]
        routing = (await client.get(f"/api/v1/orders/{world.order_ids[-1]}/routing")).json()
    assert (label["state"], len(seller.bodies)) == ("refused", 2), "each carrier is asked once"
    assert [p["service"] for p in routing["promises"]] == ["zto", "rider"]


async def test_ways_are_recommended_by_place_before_anything_is_sold(world: World) -> None:
    async with await world.client("orders:read") as client:
        async def ask(**more: Any) -> Any:
            answer = await client.get("/api/v1/delivery-options", params=HERE | {"sku": "M-001"} | more)
            return answer.json() if answer.status_code == 200 else answer.status_code

        near = (await ask())["options"]
        assert [(o["service"], o["warehouse"]) for o in near] == [
            ("zto", "HZ"), ("rider", "HZ"), ("sf", "HZ"), ("counter", "MD")]
        assert [o["is_recommended"] for o in near] == [True, False, False, False]
        assert near[1]["promised_at"] < near[0]["promised_at"] and near[1]["cost"] == 900
        far = (await ask(province="四川省", city="成都市"))["options"]
        assert [o["service"] for o in far] == ["zto", "sf", "counter"], "no rider goes to another town"
        assert [o["service"] for o in (await ask(sku="M-001:6"))["options"]] == ["zto", "rider", "sf"], "it has five"
        assert (await ask(sku="M-001:2000"))["options"] == []
        for bad in ({"sku": "NONE"}, {"sku": "M-001:0"}, {"sku": "M-001:99999999999999999999"}, {"province": "月球"}):
            assert await ask(**bad) == 422, bad
