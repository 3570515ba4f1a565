"""One row that no key opens any more holds up neither a rotation, nor the next one, nor retiring its key."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from test_cli_answers import Cli, _json, cli

__all__ = ["cli"]
ORDERS = """订单编号,商家编码,商品标题,数量,单价,实付金额,收货人,手机,省,市,区,详细地址,下单时间,订单状态
F-1,M-001,马克杯,2,10.00,20.00,张三,13800138000,浙江省,杭州市,余杭区,文一西路969号,2026-11-20 10:00:00,已付款
F-2,M-001,马克杯,1,10.00,10.00,李四,13900139000,浙江省,杭州市,西湖区,天目山路1号,2026-11-20 10:05:00,已付款
"""
DAMAGE = """update orders set receiver_cipher = overlay(receiver_cipher placing '\\x00000000'::bytea from 20)
    where external_id = 'F-1' returning id::text"""


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Cli:
    """Two orders of a file."""
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, "utf-8")
    assert cli("connect", "files", "--code", "FL01")[0] == 0
    assert cli("sku", "add", "M-001")[0] == 0
    assert cli("import", str(file))[0] == 0
    return cli


def test_a_damaged_row_is_told_and_the_rest_is_under_the_new_key(shop: Cli, database: str) -> None:
    with psycopg.connect(database) as connection:
        ((damaged,),) = connection.execute(DAMAGE).fetchall()
    first = _json(shop("keys", "rotate", "--json"))
    assert (first["key"], first["damaged"]) == (2, [{"table": "orders", "id": damaged}])
    assert first["left"] == {"message": 0, "orders": 1, "account": 0, "label": 0, "account_token": 0,
                             "recipient_address": 0, "preparation": 0, "correction": 0, "second_factor": 0}
    assert first["re_encrypted"] >= 3
    _, said, told = shop("keys", "rotate")
    assert "3" in said and damaged in said + told, "the next rotation adds a key"
    for key in ("1", "2"):
        assert shop("keys", "retire", key)[0] == 0, "what is damaged is opened by no key, and needs none kept"
    (left,) = [o for o in _json(shop("orders", "--json"))["orders"] if o["external_id"] == "F-2"]
    assert _json(shop("show", left["number"], "--json"))["receiver"]["is_damaged"] is False


def test_a_key_that_opens_something_is_not_retired_for_the_sake_of_a_damaged_row(shop: Cli, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(DAMAGE)
    assert _json(shop("keys", "rotate", "--add-only", "--json"))["damaged"] == []
    assert shop("keys", "retire", "1")[0] == 1
