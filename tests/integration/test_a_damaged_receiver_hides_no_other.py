"""One receiver whose stored bytes were damaged hides no other order, and whoever looks is told which one it is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from test_cli_answers import Cli, cli

from orderloom.adapters.db.audit_deep import verify_deep
from orderloom.adapters.db.audit_walk import verify_log
from orderloom.adapters.vault import Damaged, KeyMissing, load_vault
from orderloom.entrypoints.cli import doctor
from orderloom.settings import read_settings
from orderloom.testing.builders import a_receiver
from tests.support.api_hub import World, a_world

__all__ = ["cli"]
DAMAGES = (
    "set_byte(receiver_cipher, 20, get_byte(receiver_cipher, 20) # 1)", "set_byte(receiver_cipher, 0, 77)",
    "substr(receiver_cipher, 1, 9)", "''::bytea",
)
"""A flipped bit, another key's number, a cut text, nothing."""


@pytest.fixture
async def world(home: Path, database: str) -> AsyncIterator[World]:
    async with a_world(home, database, orders=3) as world:
        yield world


def _damage(dsn: str, order_id: str, how: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(f"update orders set receiver_cipher = {how} where id = %s".encode(), (order_id,))


@pytest.mark.parametrize("how", DAMAGES)
async def test_the_list_and_the_order_itself_are_shown_with_what_cannot_be_opened_named(
    world: World, how: str
) -> None:
    broken = world.order_ids[1]
    _damage(world.dsn, broken, how)
    async with await world.client("orders:read", "orders:write", "pii:read") as client:
        listed = (await client.get("/api/v1/orders")).json()["orders"]
        assert {o["id"]: o["receiver"]["is_damaged"] for o in listed} == {i: i == broken for i in world.order_ids}
        assert all(o["receiver"]["name"] for o in listed if o["id"] != broken)
        for headers in ({}, {"X-Unmask-Reason": "a call"}):
            shown = await client.get(f"/api/v1/orders/{broken}", headers=headers)
            assert shown.status_code == 200 and shown.json()["receiver"]["is_damaged"] and shown.json()["lines"]
        works = (await client.get("/api/v1/works")).json()["works"]
        assert sorted(w["receiver"]["is_damaged"] for w in works) == [False, False, True]
        slip = await client.get(f"/api/v1/works/{next(w['number'] for w in works if w['order_id'] == broken)}",
                                params={"form": "text"})
        assert slip.status_code == 200 and "打不开" in slip.text
        refused = await client.post(f"/api/v1/orders/{broken}/accept-address", json={"reason": "x"})
        assert (refused.status_code, refused.json()["code"]) == (409, "receiver_damaged")
        to = {"name": "王小明", "phone": "19912345678", "country": "CN", "province": "浙江省", "city": "杭州市",
              "district": "余杭区", "detail": "文一西路1号", "postcode": "", "reason": "asked the buyer"}
        assert (await client.post(f"/api/v1/orders/{broken}/receiver", json=to)).status_code == 200
        assert not (await client.get(f"/api/v1/orders/{broken}")).json()["receiver"]["is_damaged"]


async def test_the_doctor_and_the_audit_name_the_order(world: World, home: Path) -> None:
    settings = read_settings({"ORDERLOOM_HOME": str(home), "ORDERLOOM_DSN": world.dsn})
    assert [c.is_well for c in await doctor.check_receivers(settings)] == [True]
    _damage(world.dsn, world.order_ids[1], DAMAGES[2])
    with psycopg.connect(world.dsn) as connection:
        row = connection.execute("select number from orders where id = %s", (world.order_ids[1],)).fetchone()
    assert row is not None
    (told,) = await doctor.check_receivers(settings)
    assert not told.is_well and str(row[0]) in told.where and "--deep" in told.mend_en
    async with world.hub.pool.connection() as connection:
        report = await verify_log(world.dsn, home, lambda done, total: None)
        await verify_deep(connection, world.hub.vault, report, lambda done, total: None)
    assert (row[0], "receiver_cipher") in [(f.order, f.field) for f in report.faults]


def test_who_types_show_is_told_that_the_receiver_cannot_be_opened(cli: Cli, database: str, tmp_path: Path) -> None:
    cli("connect", "files", "--code", "F01")
    cli("sku", "add", "M-001")
    cli("warehouse", "add", "HZ", "--province", "浙江省")
    (tmp_path / "o.csv").write_text(
        "订单号,下单时间,付款时间,订单状态,订单金额,收货人,收货人手机,省份,城市,区县,详细地址,商家编码,商品名称,数量,单价\n"
        "F-1,2026-03-10 10:00:00,2026-03-10 10:00:00,已付款,100.00,王小明,19912345678,浙江省,杭州市,余杭区,文一西路1号,"
        "M-001,马克杯,1,100.00\n", "utf-8")
    cli("import", str(tmp_path / "o.csv"))
    with psycopg.connect(database) as connection:
        connection.execute(f"update orders set receiver_cipher = {DAMAGES[0]}".encode())
    code, out, _ = cli("--lang", "zh", "show", "F-1")
    assert code == 0 and "打不开" in out and "马克杯" in out
    assert cli("orders")[0] == 0


def test_a_key_that_another_process_has_just_added_is_no_damage(home: Path) -> None:
    vault = load_vault(home)
    sealed = vault.seal(a_receiver(), "b").cipher
    with pytest.raises(KeyMissing) as newer:
        vault.decrypt(bytes([vault.newest + 1]) + sealed[1:])
    assert not isinstance(newer.value, Damaged)
    for broken in (b"", sealed[:12], b"\0" + sealed[1:], b"\x4d" + sealed[1:], sealed[:-1]):
        with pytest.raises(Damaged):
            vault.open_receiver(broken)
