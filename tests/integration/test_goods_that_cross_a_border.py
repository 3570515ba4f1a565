"""Goods without an HS code, or with one that is none, do not reach a border unseen; one answer mends every order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace
from test_cli_answers import Cli, cli

from orderloom.application import commands as c
from orderloom.application.keep_skus import keep_skus
from orderloom.application.not_kept import NotKept
from orderloom.application.sku_row import SkuRow
from orderloom.domain.draft import Receiver
from orderloom.testing.builders import a_draft, a_line
from tests.support.api_hub import TEST, World, a_world

__all__ = ["cli"]
ABROAD = Receiver(name="Sam Sample", phone="+16135550100", country="CA", province="Ontario", city="Ottawa",
                  detail="1 Test St", postcode="K1A 0B1")


async def record(
    world: World, number: int, receiver: Receiver | None = None, sku: str = "M-001", count: int = 1,
) -> None:
    """So many orders in one batch."""
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None
    batch = []
    for n in range(count):
        draft = a_draft(f"X-{number}-{n}", replace(a_line(), sku_external=sku, title="马克杯"), at=world.hub.now())
        draft = replace(draft, receiver=receiver or draft.receiver)
        batch.append(c.RecordOrder(
            actor=TEST, account_id=account.id, draft=draft, sealed=world.hub.vault.seal(draft.receiver, "b"),
            received_at=world.hub.now()))
    assert all(done.order_id for done in await world.hub.handle(batch))


def cases(dsn: str, *, is_open: bool = True) -> list[dict[str, Any]]:
    query = "select evidence from case_file where kind = 'hs_code' and (resolved_at is null) = %s order by subject"
    with psycopg.connect(dsn) as connection:
        found = [row[0] for row in connection.execute(query, (is_open,))]
    return [one if isinstance(one, dict) else json.loads(one) for one in found]


async def test_an_order_for_abroad_asks_for_the_code_once_with_proposals_and_the_answer_closes_it(
    home: Path, database: str,
) -> None:
    async with a_world(home, database, orders=0) as world:
        for number in range(3):
            await record(world, number, ABROAD, count=4)
        told = cases(database)
        assert [(one["sku"], one["why"], one["from"], one["to"]) for one in told] == [("M-001", "missing", "CN", "CA")]
        assert told[0]["proposals"][0]["code"] == "691110"
        await keep_skus(world.hub.ports.catalogue, [SkuRow("M-001", hs_code="6911.10")])
        assert cases(database) == [] and len(cases(database, is_open=False)) == 1
        await record(world, 9, ABROAD)
        assert cases(database) == [], "what is told is not asked again"


async def test_an_order_at_home_is_asked_for_nothing(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world:
        await record(world, 1)
    assert cases(database) == [] == cases(database, is_open=False)


async def test_a_code_that_is_none_any_more_is_found_with_those_that_come_near(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world:
        with psycopg.connect(database) as connection:
            connection.execute("update sku set hs_code = '691199' where code = 'M-001'")
        await record(world, 1, ABROAD)
    told = cases(database)[0]
    assert (told["why"], told["hs_code"], told["proposals"][0]["code"]) == ("wrong", "691199", "691190")


async def test_of_a_bundle_each_part_needs_a_code_unless_the_bundle_has_its_own(home: Path, database: str) -> None:
    async with a_world(home, database, orders=0) as world:
        await keep_skus(world.hub.ports.catalogue, [SkuRow("SET", components={"M-001": 1, "M-002": 1})])
        await record(world, 1, ABROAD, "SET")
        assert [one["sku"] for one in cases(database)] == ["M-001", "M-002"]
        await keep_skus(world.hub.ports.catalogue, [SkuRow("SET", hs_code="691110")])
        await record(world, 2, ABROAD, "SET")
        assert len(cases(database)) == 2, "those of the parts stay until somebody tells them"


async def test_a_parcel_from_a_warehouse_abroad_is_asked_about_once_it_is_known_to_go_from_there(
    home: Path, database: str,
) -> None:
    async with a_world(home, database, orders=0) as world:
        async with world.hub.pool.connection() as connection:
            await connection.execute("insert into warehouse (code, name, country) values ('TO', 'Toronto', 'CA')")
            await connection.execute("update cache_version set version = version + 1")
        await record(world, 1, ABROAD)  # the stock lies in Hangzhou
    assert [(one["from"], one["to"]) for one in cases(database)] == [("CN", "CA")]


@pytest.mark.parametrize("code", ["123", "691199", "abc", "6911.1"])
async def test_a_code_that_is_none_is_not_kept(home: Path, database: str, code: str) -> None:
    scopes = ("accounts:write", "accounts:read")
    async with a_world(home, database, orders=0) as world, await world.client(*scopes) as client:
        with pytest.raises(NotKept):
            await keep_skus(world.hub.ports.catalogue, [SkuRow("M-001", hs_code=code)])
        for given, status in ((code, 422), ("691110", 201)):
            wish = {"skus": [{"code": "M-001", "hs_code": given}]}
            assert (await client.post("/api/v1/skus", json=wish)).status_code == status
        listed = (await client.get("/api/v1/skus")).json()["skus"]
        assert {one["code"]: one["hs_code"] for one in listed}["M-001"] == "691110"
        found = (await client.get("/api/v1/hs-codes", params={"q": "cotton t-shirts"})).json()["codes"]
        assert found[0]["code"] == "610910" and found[0]["description"]


def test_codes_come_in_with_a_table_of_goods_and_are_searched_on_the_command_line(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "goods.csv"
    table.write_text("编码,名称,海关编码\nA-1,马克杯,6911.10\nA-2,纸,\n", "utf-8")
    assert cli("sku", "import", str(table))[0] == 0
    assert {one["code"]: one["hs_code"] for one in json.loads(cli("sku", "list", "--json")[1])} == {
        "A-1": "691110", "A-2": ""}
    table.write_text("编码,海关编码\nA-1,12\nA-2,691199\n", "utf-8")
    code, out, err = cli("sku", "import", str(table))
    assert code == 1 and "goods.csv:2" in out + err and "goods.csv:3" in out + err, "every mistake at once"
    assert cli("sku", "add", "A-1", "--hs-code", "")[0] == 0
    assert json.loads(cli("sku", "list", "--json")[1])[0]["hs_code"] == ""
    assert json.loads(cli("hs", "search", "马克杯", "--json")[1])[0]["code"] == "691110"
    code, out, err = cli("hs", "show", "691199")
    assert code == 1 and "691190" in out + err and cli("hs", "search", "zzz")[0] == 1
