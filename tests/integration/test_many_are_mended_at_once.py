"""One fault behind many cases or orders is mended once: looked at before, and what became of each is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db.directory import bump
from orderloom.application.jobs.run_jobs import Runner
from orderloom.bootstrap.jobs import job_kinds
from orderloom.testing.proof import prove
from tests.support.accounts import ACCOUNT
from tests.support.api_hub import World, a_world, csv_file

MEND = "/api/v1/cases/bulk-mend"
REPLAY = "/api/v1/orders/bulk-replay"


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


async def landed(world: World, client: Any, sku: str, number: str, account: str = "XLS") -> None:
    """A file with one order."""
    body = csv_file(sku).replace(b"OFF1", number.encode())
    assert (await client.post(f"/api/v1/files/{account}?name={number}.csv", content=body)).status_code == 201
    await world.work()


async def second_shop(world: World) -> None:
    async with world.hub.pool.connection() as connection, connection.transaction():
        await connection.execute(ACCOUNT, {
            "code": "XL2", "family": "channels", "connector": "files", "title": "XL2", "zone": "Asia/Shanghai",
            "base_url": "", "credentials": world.hub.vault.encrypt(b"{}"), "settings": "{}"})
        await bump(connection)


async def told(world: World, client: Any, begun: Any) -> list[dict[str, Any]]:
    """The job is done: its rows."""
    assert begun.status_code == 202, begun.text
    runner = Runner(world.hub, job_kinds(world.hub))
    while await runner.step():
        pass
    return list((await client.get(f"/api/v1/jobs/{begun.json()['job']}/rows")).json()["rows"])


async def cases(client: Any, kind: str = "unknown_sku") -> list[dict[str, Any]]:
    return list((await client.get("/api/v1/cases", params={"kind": kind})).json()["cases"])


async def ways(client: Any, chosen: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await client.post(f"{MEND}/ways", json=chosen)
    assert answer.status_code == 200, answer.text
    return {one["mend"]: one for one in answer.json()["ways"]}


async def test_a_pile_is_replayed_and_what_would_still_wait_comes_first(world: World) -> None:
    async with await world.client("admin") as client:
        for sku in ("NOPE-1", "NOPE-2"):
            await landed(world, client, sku, f"OFF-{sku}")
        pile = {"pile": {"kind": "unknown_sku"}}
        found = await ways(client, pile)
        assert found["replay"]["cases"] == 2 and "alias" not in found, "two spellings are not one"
        (first,) = [case for case in await cases(client) if case["subject"].endswith("NOPE-1")]
        alias = {"sku": "M-001", "is_replaying": False}
        assert (await client.post(f"/api/v1/cases/{first['id']}/mends/alias", json=alias)).status_code == 200
        ahead = (await client.post(f"{MEND}/preview", json={"mend": "replay", "cases": pile})).json()
        assert (ahead["cases"], ahead["left_out"]) == (2, 0)
        assert next(row["outcome"] for row in ahead["preview"]["rows"]) == "refused"
        assert ahead["preview"]["counts"]["refused"] == 1
        assert world.rows("select count(*) from intake where outcome = 'parked'") == [(2,)], "a look keeps nothing"
        wish = {"mend": "replay", "cases": pile, "token": ahead["preview"]["token"]}
        rows = await told(world, client, await client.post(MEND, json=wish))
        assert {(row["facts"]["subject"][-6:], row["result"], row["code"]) for row in rows} == {
            ("NOPE-1", "done", ""), ("NOPE-2", "refused", "still_waits")}
        ended = (await client.get(f"/api/v1/cases/{first['id']}")).json()
        assert ended["resolved_at"] and ended["history"][-1]["detail"]["mend"] == "replay"
        stale = await client.post(MEND, json=wish)
        assert (stale.status_code, stale.json()["code"]) == (409, "preview_stale")
    assert await prove(world.hub) == []


async def test_one_spelling_of_several_shops_is_taught_to_all_of_them_at_once(world: World) -> None:
    await second_shop(world)
    async with await world.client("admin") as client:
        for account in ("XLS", "XL2"):
            await landed(world, client, "M 001", f"OFF-{account}", account)
        chosen = {"ids": [case["id"] for case in await cases(client)]}
        assert len(chosen["ids"]) == 2
        alias = (await ways(client, chosen))["alias"]
        assert (alias["cases"], alias["spelling"], alias["scope"]) == (2, "M 001", "")
        wish = {"mend": "alias", "cases": chosen, "sku": "M-001"}
        ahead = (await client.post(f"{MEND}/preview", json=wish)).json()["preview"]
        assert ahead["counts"]["goes_on"] == 2
        assert world.rows("select count(*) from sku_alias") == [(0,)]
        rows = await told(world, client, await client.post(MEND, json=wish | {"token": ahead["token"]}))
        assert [row["result"] for row in rows] == ["done", "done"] and await cases(client) == []
        assert world.rows("select count(*) from sku_alias where alias = 'M 001'") == [(2,)]
        assert world.rows("select count(*) from orders where external_id like 'OFF-%'") == [(2,)]


async def test_junk_is_discarded_with_a_reason_by_who_may(world: World) -> None:
    async with await world.client("admin") as client:
        for sku in ("NOPE-1", "NOPE-2"):
            await landed(world, client, sku, f"OFF-{sku}")
        chosen = {"ids": [case["id"] for case in await cases(client)]}
        wish = {"mend": "discard", "cases": chosen}
        assert (await client.post(MEND, json=wish)).status_code == 422, "why is to be said"
        assert (await client.post(MEND, json=wish | {"cases": {}, "reason": "测试单"})).status_code == 422
        key = {"Idempotency-Key": "k1"}
        begun = await client.post(MEND, json=wish | {"reason": "测试单"}, headers=key)
        assert begun.json() == (await client.post(MEND, json=wish | {"reason": "测试单"}, headers=key)).json()
        rows = await told(world, client, begun)
        assert [(row["result"], row["facts"]["count"]) for row in rows] == [("done", "1"), ("done", "1")]
        assert await cases(client) == []
        none = await client.post(MEND, json=wish | {"reason": "测试单"})
        assert (none.status_code, none.json()["code"]) == (409, "nothing_waits")
    async with await world.client("cases:read") as reader:
        await landed_by_admin(world, "NOPE-3")
        chosen = {"ids": [case["id"] for case in await cases(reader)]}
        assert (await ways(reader, chosen))["discard"]["scope"] == "messages:write"
        refused = await reader.post(MEND, json=wish | {"cases": chosen, "reason": "测试单"})
        assert refused.status_code == 403


async def landed_by_admin(world: World, sku: str) -> None:
    async with await world.client("admin") as client:
        await landed(world, client, sku, f"OFF-{sku}")


async def test_orders_go_through_the_mapping_again_with_a_row_for_each(world: World) -> None:
    async with await world.client("admin") as client:
        await landed(world, client, "M-001", "OFF-1")
        [(number,)] = world.rows("select number from orders where external_id = 'OFF-1'")
        wish = {"orders": [number, world.order_ids[0]]}
        same = (await client.post(f"{REPLAY}/preview", json=wish)).json()
        assert (same["orders"], same["looked_at"]) == (2, 2)
        assert same["preview"]["messages"] == 1 and same["preview"]["orders_changed"] == 0
        rows = await told(world, client, await client.post(REPLAY, json=wish))
        assert {(row["ref"], row["result"], row["code"]) for row in rows} == {
            (number, "unchanged", ""), (rows[1]["ref"], "unchanged", "nothing_to_replay")}
        assert (await client.post(REPLAY, json={"orders": []})).status_code == 422
        assert (await client.post(REPLAY, json={"orders": ["NO-1"]})).status_code == 404
    async with await world.user("service") as other:
        assert (await other.post(f"{REPLAY}/preview", json=wish)).status_code == 403
    assert await prove(world.hub) == []
