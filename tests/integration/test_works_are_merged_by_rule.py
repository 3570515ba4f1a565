"""What could leave in one parcel is shown, and joined by itself where a rule says so; the log says by which row."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orderloom.application.commands import CancelOrder
from orderloom.application.merge_waiting import merge_waiting
from orderloom.application.publish_blueprint import publish_blueprint
from orderloom.blueprint.load import load_texts, read_folder
from orderloom.domain.actor import person
from orderloom.testing.builders import a_receiver
from tests.support.api_hub import World, a_world
from tests.support.bench import DEFAULT

RULE = """
name: merge
place: merge
title: {zh: 自动合单, en: Merging}
hit: first
when: [quantity]
then: [merges]
rows:
  - {id: many, when: {quantity: "> 1"}, then: {merges: false}}
  - {id: one, when: {quantity: 1}, then: {merges: true}}
"""


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=0) as world:
        yield world


async def _publish(world: World) -> None:
    told = load_texts("default", read_folder(DEFAULT) | {"rules/merge": RULE})
    await publish_blueprint(world.hub.ports.blueprints, told, "test", "test")


async def test_what_waits_for_one_receiver_is_shown_until_it_is_merged(world: World) -> None:
    orders = await world.record(3)
    async with await world.client("admin") as client:
        page = (await client.get("/api/v1/works/together")).json()
        (group,) = page["groups"]
        assert (len(group["works"]), group["parcels_less"], group["warehouse"], page["is_more"]) == (3, 2, "HZ", False)
        assert {one["order_id"] for one in group["works"]} == set(orders) and "*" in group["receiver"]["name"]
        first, second, third = [one["number"] for one in group["works"]]
        await client.post(f"/api/v1/works/{first}/merge", json={"works": [second]})
        (group,) = (await client.get("/api/v1/works/together", params={"warehouse": "HZ"})).json()["groups"]
        assert group["parcels_less"] == 1 and [bool(one["merge"]) for one in group["works"]] == [True, True, False]
        await client.post(f"/api/v1/works/{first}/merge", json={"works": [third]})
        assert (await client.get("/api/v1/works/together")).json()["groups"] == []
        assert (await client.get("/api/v1/works/together", params={"warehouse": "NOWHERE"})).status_code == 422


LEFT: dict[tuple[str, ...], datetime] = {}
"""What a worker remembers; each test begins with another database, and so with other groups."""


async def _merge(world: World, later: timedelta = timedelta()) -> int:
    return await merge_waiting(world.hub, LEFT, world.hub.now() + later)


async def test_groups_that_rules_leave_apart_hold_up_no_others(
    world: World, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("orderloom.application.merge_waiting.ASKED_MAX", 1)
    LEFT.clear()
    await world.record(2)
    await _publish(world)
    await world.record(2, receiver=a_receiver(name="李四", phone="13911112222", detail="别处的路2号"))
    assert await _merge(world) == 0, "the oldest group came with the rules of before"
    assert await _merge(world) == 1, "it holds up no other"
    assert len(LEFT) == 1 and await _merge(world, timedelta(minutes=11)) == 0
    await world.record(1)
    assert await _merge(world) == 0 and len(LEFT) == 1, "with another work it is asked anew"


async def test_a_rule_joins_what_it_says_yes_to_and_the_log_names_the_row(world: World) -> None:
    await world.record(2)
    assert await _merge(world) == 0, "the example of the default blueprint is off"
    await _publish(world)
    early = [row[0] for row in world.rows("select order_id::text from work")]
    await world.record(3)
    assert await _merge(world) == 1 and await _merge(world) == 0
    merged = {row[0] for row in world.rows("select order_id::text from work where merge_no <> ''")}
    assert merged == set(world.order_ids) - set(early), "an order keeps the rules that it came with"
    rows = world.rows("select facts::jsonb -> 'decision' from order_event where kind = 'work_merged'")
    assert {(one["place"], one["rule"], one["version"], one["rows"][0]["row"]) for (one,) in rows} == {
        ("merge", "merge", 2, "one")}
    await world.hub.handle([CancelOrder(actor=person("li", "administrator"), order_id=sorted(merged)[0], reason="x")])
    assert len(world.rows("select 1 from work where merge_no <> ''")) == 2
