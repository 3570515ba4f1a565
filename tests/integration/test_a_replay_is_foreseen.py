"""Who mends a mapping sees which orders a replay would change, from what to what, before one of them is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from test_cli_answers import Cli, cli
from test_cli_carries_a_shop import ORDERS

from orderloom.adapters.db.directory import bump
from orderloom.application import replay_chosen
from orderloom.application.ports import Item
from orderloom.application.replay_chosen import Chosen, ReplayPreview, begin_replay, go_on_replay, preview_replay
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_text
from orderloom.bootstrap import find_mappings
from tests.support.api_hub import SAMPLES, World, a_world

__all__ = ["cli"]
FOLDER = SAMPLES / "shopify"
ORDER: dict[str, Any] = json.loads((FOLDER / "samples/webhook.in.json").read_text("utf-8"))
RUN = "01a21568-3e5f-77c7-a799-93c92130c3{:02d}"
SCOPES = ("messages:read", "messages:write")
SHOPIFY = Chosen(account="SH01")


def broken_mapping() -> Mappings:
    """Shopify's mapping with a slip of the hand: the tax is read where nothing stands, and amounts do not add up."""
    text = (FOLDER / "mapping.yaml").read_text("utf-8")
    slipped = text.replace("path: [current_total_tax, total_tax]", "path: total_taxes")
    assert slipped != text
    found = load_text(slipped, (FOLDER / "statuses.yaml").read_text("utf-8"), connector="shopify")
    assert isinstance(found, CompiledMapping), found
    return Mappings({"shopify": found})


async def land(world: World, count: int, sku: str = "M-001") -> list[str]:
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None
    items = []
    for n in range(count):
        lines = [line | {"sku": sku} for line in ORDER["line_items"]]
        order = ORDER | {"id": 9_000 + n, "name": f"#{9_000 + n}", "line_items": lines}
        items.append(Item("orders/create", json.dumps(order).encode()))
    return [one for one in await world.hub.lander.land(account, items, {}, world.hub.now()) if one]


async def foreseen(world: World, chosen: Chosen = SHOPIFY) -> ReplayPreview:
    return await preview_replay(world.hub, world.hub.ports.replays, world.hub.foreseer.foresee, chosen)


async def replayed(world: World, chosen: Chosen, number: int) -> list[str]:
    run = await begin_replay(world.hub, world.hub.ports.replays, chosen, RUN.format(number), "test")
    return await go_on_replay(world.hub, world.hub.ports.replays, run.id, "test")


def state(dsn: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        counts = ("select (select count(*) from order_event), (select count(*) from orders),"
                  " (select count(*) from case_file)")
        return [*connection.execute(counts).fetchall(),
                *connection.execute("select outcome, attempts, reason from intake order by message_id").fetchall()]


def taxes(dsn: str) -> list[int]:
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("select tax from orders order by external_id").fetchall()]


async def test_a_mapping_that_was_wrong_is_seen_in_every_order_and_nothing_is_touched(
    home: Path, database: str,
) -> None:
    async with a_world(home, database, orders=0) as world:
        world.hub.mappings = broken_mapping()
        await land(world, 3)
        await world.work()
        before = state(database)
        assert not (await foreseen(world)).orders, "with the same mapping nothing changes"
        world.hub.mappings = find_mappings()
        found = await foreseen(world)
        assert state(database) == before, "a look ahead changes nothing"
        assert (found.messages, found.orders_new, found.orders_changed) == (3, 0, 3)
        assert found.outcomes == {"normalised -> normalised": 3}
        for order in found.orders:
            changed = {one.field: (one.before, one.after) for one in order.fields}
            assert changed["tax"] == ("0", "432") and changed["holds"] == ("amount_mismatch", None), changed
        told = msgspec.json.encode(found).decode()
        address = ORDER["shipping_address"]
        assert not [word for word in (address["name"], address["address1"], address["phone"]) if word in told]


async def test_a_replay_does_what_was_foreseen(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world:
        world.hub.mappings = broken_mapping()
        await land(world, 3)
        await world.work()
        wrong = taxes(database)
        world.hub.mappings = find_mappings()
        wanted = [int(next(one.after or "0" for one in order.fields if one.field == "tax"))
                  for order in (await foreseen(world)).orders]
        assert len(await replayed(world, SHOPIFY, 1)) == 3
        await world.work()
        assert taxes(database) == wanted != wrong
        assert (await foreseen(world)).orders == [], "done twice it changes nothing more"


async def test_what_would_still_wait_is_told_with_its_mend(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world:
        await land(world, 2, "NEW-1")
        await world.work()
        found = await foreseen(world, Chosen(account="SH01", outcomes=("parked",)))
        assert found.outcomes == {"parked -> parked": 2} and not found.orders and not found.differing
        async with world.hub.pool.connection() as connection:  # known since, and nobody was told to go on
            await connection.execute("insert into sku (code, name) values ('NEW-1', 'x')")
            await bump(connection)
        found = await foreseen(world, Chosen(account="SH01", outcomes=("parked",)))
        assert found.outcomes == {"parked -> normalised": 2}
        assert (found.orders_new, found.orders_changed) == (2, 0) and all(order.is_new for order in found.orders)
        assert {one.after for one in found.differing} == {"normalised"}


async def test_a_replay_that_dies_goes_on_where_it_was(
    home: Path, database: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replay_chosen, "CHUNK", 2)
    async with a_world(home, database, orders=0) as world:
        ids = await land(world, 7)
        await world.work()
        run = await begin_replay(world.hub, world.hub.ports.replays, SHOPIFY, RUN.format(1), "test")

        def die(done: int, total: int) -> None:
            if done >= 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await go_on_replay(world.hub, world.hub.ports.replays, run.id, "test", die)
        await world.work()
        async with await world.client("messages:read") as client:
            half = (await client.get(f"/api/v1/replays/{run.id}")).json()
        assert (half["done"], half["total"], half["ended_at"]) == (4, 7, None)
        rest = await go_on_replay(world.hub, world.hub.ports.replays, run.id, "test")
        assert sorted(rest) == sorted(ids)[4:], "none is left out and none goes twice"
        assert await go_on_replay(world.hub, world.hub.ports.replays, run.id, "test") == []


async def test_a_message_that_came_later_is_none_of_a_replays_business(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world:
        first = await land(world, 2)
        await world.work()
        run = await begin_replay(world.hub, world.hub.ports.replays, SHOPIFY, RUN.format(1), "test")
        await land(world, 4)
        await world.work()
        assert sorted(await go_on_replay(world.hub, world.hub.ports.replays, run.id, "test")) == sorted(first)


@pytest.mark.parametrize(("chosen", "count"), [
    ({}, 2), ({"account": "XLS"}, 0), ({"topic": "orders/*"}, 2), ({"topic": "orders_create"}, 0),
    ({"reason": "sku_unknown"}, 0), ({"until": "2020-01-01T00:00:00Z"}, 0), ({"since": "2020-01-01T00:00:00Z"}, 2),
    ({"outcomes": ["parked"]}, 0), ({"limit": 1}, 1),
])
async def test_only_what_was_chosen_is_replayed(
    home: Path, database: str, chosen: dict[str, Any], count: int,
) -> None:
    async with a_world(home, database, orders=0) as world, await world.client(*SCOPES) as client:
        await land(world, 2)
        await world.work()
        ahead = await client.post("/api/v1/replays/preview", json=chosen)
        assert (ahead.status_code, ahead.json()["messages"]) == (200, count), ahead.text
        begun = await client.post("/api/v1/replays", json=chosen)
        assert (begun.status_code, begun.json()["total"], begun.json()["done"]) == (201, count, count)
        assert begun.json()["waiting"] == count and begun.json()["ended_at"]
        await world.work()
        listed = (await client.get("/api/v1/replays")).json()["replays"]
        assert [one["waiting"] for one in listed] == [0] and listed[0]["by"]
        again = await client.post(f"/api/v1/replays/{begun.json()['id']}/resume")
        assert (again.status_code, again.json()["done"]) == (200, count)


@pytest.mark.parametrize(("chosen", "status"), [
    ({"account": "NONE"}, 404), ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, 422),
    ({"outcomes": ["quarantined"]}, 422), ({"since": "2026-01-02T00:00:00"}, 422), ({"surprise": 1}, 422),
])
async def test_a_choice_that_nobody_can_have_meant_replays_nothing(
    home: Path, database: str, chosen: dict[str, Any], status: int,
) -> None:
    async with a_world(home, database, orders=0) as world, await world.client(*SCOPES) as client:
        for place in ("", "/preview"):
            answer = await client.post(f"/api/v1/replays{place}", json=chosen)
            assert answer.status_code == status and answer.json()["detail"], answer.text
        assert (await client.get("/api/v1/replays")).json()["replays"] == []


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Iterator[Cli]:
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    cli("connect", "files", "--code", "FL01")
    cli("import", str(tmp_path / "orders.csv"))
    yield cli


def test_on_the_command_line_a_replay_is_looked_at_run_and_listed(shop: Cli) -> None:
    ahead = json.loads(shop("replay", "--preview", "--json")[1])
    assert ahead["messages"] == 2 and ahead["outcomes"] == {"parked -> parked": 2}
    code, _, err = shop("replay", "--account", "fl01")
    assert code == 1 and "--resume" in err, "both wait for their SKU again"
    runs = json.loads(shop("replay", "--runs", "--json")[1])
    assert [(one["done"], one["total"], one["waiting"]) for one in runs] == [(2, 2, 0)]
    assert shop("replay", "--resume", runs[0]["id"])[0] == 0
    for words in (("--since", "yesterday"), ("--outcome", "quarantined"), ("--resume", "x"), ()):
        assert shop("replay", *words)[0] == 2, words
    code, out, err = shop("replay", "--preview", "--account", "NONE")
    assert code == 1 and "NONE" in out + err
