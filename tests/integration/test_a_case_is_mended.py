"""A case is mended where it is looked at: the right way is offered, what is shown comes true, nothing is half done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orderloom.blueprint.load import load_folder
from orderloom.domain.mending import MENDERS
from tests.support.api_hub import World, a_world, csv_file

BLUEPRINT = Path(__file__).resolve().parents[2] / "blueprints" / "default"


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=1) as world:
        yield world


async def landed(world: World, client: Any, number: str, body: bytes) -> None:
    """A file with one order."""
    told = body.replace(b"OFF1", number.encode())
    assert (await client.post(f"/api/v1/files/XLS?name={number}.csv", content=told)).status_code == 201
    await world.work()


async def case_of(client: Any, kind: str) -> dict[str, Any]:
    (found,) = (await client.get("/api/v1/cases", params={"kind": kind})).json()["cases"]
    return dict(found)


async def ways(client: Any, case: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await client.get(f"/api/v1/cases/{case['id']}/mends")
    assert answer.status_code == 200, answer.text
    return {one["mend"]: one for one in answer.json()["mends"]}


async def looked(client: Any, case: dict[str, Any], mend: str, **wish: Any) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/cases/{case['id']}/mends/{mend}/preview", json=wish)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def done(client: Any, case: dict[str, Any], mend: str, **wish: Any) -> Any:
    return await client.post(f"/api/v1/cases/{case['id']}/mends/{mend}", json=wish)


def test_every_kind_of_case_names_the_ways_that_mend_it() -> None:
    cases = load_folder(BLUEPRINT).cases
    assert [c.kind for c in cases if not c.menders] == []
    assert {name for c in cases for name in c.menders} <= set(MENDERS)


async def test_one_alias_mends_what_waits_for_it_as_it_was_foreseen(world: World) -> None:
    async with await world.client("admin") as client:
        for number in ("OFF-1", "OFF-2"):
            await landed(world, client, number, csv_file("M 001"))
        case = await case_of(client, "unknown_sku")
        alias = (await ways(client, case))["alias"]
        assert alias["is_best"] and alias["told"]["spelling"] == "M 001"
        best = alias["choices"][0]
        assert (best["key"], best["is_best"]) == ("M-001", True)
        assert {"code", "price"} & {reason["code"] for reason in best["reasons"]}
        before = world.rows("select count(*) from sku_alias")
        preview = await looked(client, case, "alias", sku="M-001")
        assert preview["counts"] == {"goes_on": 2, "held": 0, "unchanged": 0, "refused": 0}
        (stock,) = preview["stock"]
        assert (stock["sku"], stock["after"] - stock["before"]) == ("M-001", -2)
        assert preview["same_change"] == [{"field": "lines.sku", "from": "M 001", "to": "M-001"}]
        assert [row["ref"] for row in preview["rows"]] == ["OFF-1", "OFF-2"]
        assert preview["told"][0]["goods"][0]["quantity"] == 1 and preview["told"][0]["warehouse"] == "HZ"
        assert world.rows("select count(*) from sku_alias") == before, "a look keeps nothing"
        answer = await done(client, case, "alias", sku="M-001", token=preview["token"])
        assert answer.json() == {"released": 2, "closed": False}, answer.text
        await world.work()
        ended = (await client.get(f"/api/v1/cases/{case['id']}")).json()
        assert ended["resolved_at"] and [event["kind"] for event in ended["history"]] == ["mended"]
        phases = world.rows("select phase from orders where external_id like 'OFF-%'")
    assert phases == [(row["to"],) for row in preview["rows"]]


async def test_when_the_world_moved_nothing_is_done_and_the_new_effect_is_told(world: World) -> None:
    async with await world.client("admin") as client:
        await landed(world, client, "OFF-1", csv_file("NOPE"))
        case = await case_of(client, "unknown_sku")
        seen = await looked(client, case, "alias", sku="M-001")
        await landed(world, client, "OFF-2", csv_file("NOPE"))
        stale = await done(client, case, "alias", sku="M-001", token=seen["token"])
        assert (stale.status_code, stale.json()["code"]) == (409, "preview_stale")
        assert stale.json()["preview"]["counts"]["goes_on"] == 2
        assert world.rows("select count(*) from sku_alias where alias = 'NOPE'") == [(0,)]
        assert world.rows("select count(*) from intake where outcome = 'parked'") == [(2,)]


async def test_a_spelling_may_be_taught_to_all_shops_of_a_connector_without_a_replay(world: World) -> None:
    async with await world.client("admin") as client:
        await landed(world, client, "OFF-1", csv_file("BOX6"))
        case = await case_of(client, "unknown_sku")
        answer = await done(client, case, "alias", sku="M-001", factor=6, reach="connector", is_replaying=False)
        assert answer.json()["released"] == 0, answer.text
        assert world.rows("select a.code, factor from sku_alias s join account a on a.id = s.account_id"
                          " where alias = 'BOX6'") == [("XLS", 6)]
        again = await looked(client, case, "replay")
        assert again["counts"]["goes_on"] + again["counts"]["held"] == 1


async def test_goods_that_nobody_knew_are_registered_and_their_orders_go_on_in_one_act(world: World) -> None:
    async with await world.client("admin") as client:
        await landed(world, client, "OFF-1", csv_file("NEW-9"))
        case = await case_of(client, "unknown_sku")
        wish = {"new_sku": {"code": "N-009", "name": "新杯"}}
        preview = await looked(client, case, "sku", **wish)
        assert preview["counts"]["held"] == 1 and world.rows("select 1 from sku where code = 'N-009'") == []
        assert (await done(client, case, "sku", **wish, token=preview["token"])).json()["released"] == 1
        await world.work()
        assert world.rows("select phase from orders where external_id = 'OFF-1'") == [(preview["rows"][0]["to"],)]
        twice = await done(client, case, "sku", **wish)
        assert (twice.status_code, twice.json()["code"]) == (409, "already_there")


async def test_a_wrong_value_is_corrected_with_author_and_reason_and_its_bytes_stay(world: World) -> None:
    async with await world.client("admin") as client:
        body = csv_file("M-001").replace(b",1,100.00\n", ",一件,100.00\n".encode())
        await landed(world, client, "OFF-1", body)
        case = await case_of(client, "wrong_value")
        evidence = (await client.get(f"/api/v1/cases/{case['id']}/evidence")).json()
        path = evidence["payload"]["path"]
        assert path.endswith("数量")
        told = "".join(line["value"] for line in evidence["payload"]["lines"])
        assert "19912345678" not in told and "王小明" not in told
        wish = {"corrections": [{"path": path, "value": "1"}], "reason": "买家说是一件"}
        preview = await looked(client, case, "correct", **wish)
        assert preview["counts"]["goes_on"] == 1, preview
        assert (await done(client, case, "correct", corrections=wish["corrections"])).status_code == 422
        assert (await done(client, case, "correct", **wish, token=preview["token"])).json()["released"] == 1
        await world.work()
    assert world.rows("select quantity_ordered from order_line l join orders o on o.id = l.order_id"
                      " where o.external_id = 'OFF-1'") == [(1,)]
    assert world.rows("select path, reason from correction") == [(path, "买家说是一件")]


async def test_who_may_not_teach_a_spelling_sees_it_and_is_told_which_right_it_takes(world: World) -> None:
    async with await world.client("admin") as client:
        await landed(world, client, "OFF-1", csv_file("NOPE"))
        case = await case_of(client, "unknown_sku")
    async with await world.client("cases:read") as reader:
        assert (await ways(reader, case))["alias"]["scope"] == "skus:write"
        assert (await done(reader, case, "alias", sku="M-001")).status_code == 403
