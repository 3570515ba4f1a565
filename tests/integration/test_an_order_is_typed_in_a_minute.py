"""Who takes an order on the phone pastes the receiver and sees what it comes to before it is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.api_hub import World, a_world
from tests.support.by_hand import manual_account


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        await manual_account(world.hub, "PH01")
        yield world


async def test_a_pasted_receiver_is_taken_apart_and_what_is_unsure_is_named(world: World) -> None:
    async with await world.client("orders:enter") as client:
        sure = (await client.post("/api/v1/addresses/split", json={
            "text": "王小明 19912345678 浙江省杭州市余杭区文一西路1号"})).json()
        unsure = (await client.post("/api/v1/addresses/split", json={"text": "李雷 人民路2号"})).json()
    assert (sure["name"], sure["phone"], sure["city"], sure["detail"]) == (
        "王小明", "19912345678", "杭州市", "文一西路1号") and sure["unsure"] == []
    assert {"phone", "city", "detail"} <= set(unsure["unsure"])


async def test_the_sum_is_told_before_there_is_a_receiver_and_nothing_is_kept(world: World) -> None:
    line = {"sku": "M-001", "quantity": 2, "price": "59.90", "discount": "9.80"}
    async with await world.client("orders:enter") as client:
        seen = (await client.post("/api/v1/orders/entered/look", json={"lines": [line], "freight": "10"})).json()
        wrong = (await client.post("/api/v1/orders/entered/look", json={"lines": [{**line, "sku": "NOPE"}]})).json()
    assert seen["total"] == 12_000 and "receiver.phone" in seen["wrong"]
    assert wrong["total"] is None and "lines.0.sku" in wrong["wrong"]
    assert world.rows("select count(*) from message") == [(0,)]
