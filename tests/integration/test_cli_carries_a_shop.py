"""A seller sets up a shop with the command line alone: goods, warehouse, stock, a file of orders, decisions, proof."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_cli_answers import Cli, _json, cli

from orderloom.adapters.db.embedded_lockfile import running

__all__ = ["cli"]
ORDERS = """订单编号,商家编码,商品标题,数量,单价,实付金额,收货人,手机,省,市,区,详细地址,下单时间,订单状态
F-1,M-001,马克杯,2,10.00,20.00,张三,13800138000,浙江省,杭州市,余杭区,文一西路969号,2026-11-20 10:00:00,已付款
F-2,M-009,水壶,1,30.00,30.00,李四,13900139000,浙江省,杭州市,西湖区,天目山路1号,2026-11-20 10:05:00,已付款
"""
SECONDS_MAX = 120


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Cli:
    """A files account, two SKUs, one warehouse with stock of the first."""
    goods, stock = tmp_path / "goods.csv", tmp_path / "stock.csv"
    goods.write_bytes("商品编码,名称,单位,换算\nM-001,马克杯,件,箱=12\nM-002,勺子,件,\n".encode("gbk"))
    stock.write_text("sku,warehouse,quantity\nM-001,HZ,10\n", "utf-8")
    assert cli("connect", "files", "--code", "FL01")[0] == 0
    assert _json(cli("sku", "import", str(goods), "--json")) == {"added": 2, "updated": 0}
    assert cli("warehouse", "add", "HZ", "--name", "杭州仓", "--province", "浙江省")[0] == 0
    for _ in range(2):
        assert cli("stock", "import", str(stock))[0] == 0
    return cli


def _level(shop: Cli, sku: str = "M-001") -> dict[str, Any]:
    levels: list[dict[str, Any]] = _json(shop("stock", "levels", sku, "--json"))["levels"]
    return levels[0]


def test_importing_the_same_stock_twice_counts_once_and_a_stocktake_tells_the_truth(shop: Cli) -> None:
    assert _level(shop)["on_hand"] == 10
    assert _json(shop("stock", "receive", "M-001", "HZ", "5", "--json"))["on_hand"] == 15
    assert _json(shop("stock", "stocktake", "M-001", "HZ", "7", "--json"))["free"] == 7
    assert _json(shop("stock", "adjust", "M-001", "HZ", "--safety", "2", "--reason", "保底", "--json"))["free"] == 5
    code, _, said = shop("stock", "receive", "M-0001", "HZ", "5")
    assert code == 1 and "M-001" in said
    assert shop("stock", "receive", "M-001", "SH", "5")[0] == 1


def test_an_order_that_waits_for_its_sku_goes_on_when_the_alias_is_told(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, "utf-8")
    code, said, _ = shop("import", str(file), "--json")
    done = json.loads(said)
    assert (code, done["items"], done["duplicates"]) == (1, 2, 0)
    assert done["outcomes"] == {"normalised": 1, "parked": 1}
    assert [(one["row"], one["reason"]) for one in done["stayed"]] == [("3", "unknown_sku")]
    again = json.loads(shop("import", str(file), "--json")[1])
    assert (again["duplicates"], again["outcomes"]) == (2, done["outcomes"])
    assert _json(shop("messages", "list", "--outcome", "parked", "--json"))["messages"][0]["reason"] == "unknown_sku"
    assert _json(shop("alias", "add", "M-009", "M-002", "--account", "FL01", "--json"))["released"] == 1
    assert _json(shop("replay", "--parked", "--json"))["outcomes"] in ({}, {"normalised": 1})
    assert _json(shop("orders", "--json"))["orders"]


def test_an_import_tells_which_orders_are_held_and_each_case_how_it_is_mended(shop: Cli, tmp_path: Path) -> None:
    """A seller who reads "2 processed" goes home, and an order without an address never ships."""
    file = tmp_path / "orders.csv"
    head, first, second = ORDERS.replace("M-009", "M-002").splitlines()
    returned = second.replace("F-2", "F-3").replace(",1,", ",-1,")
    rows = [head, first.replace(",20.00,", ",19.00,"), second.replace("天目山路1号", ""), returned]
    file.write_text("\n".join(rows), "utf-8")
    code, said, _ = shop("import", str(file), "--json")
    found = json.loads(said)
    assert code == 1 and {one["external_id"]: one["holds"] for one in found["held"]} == {
        "F-1": ["amount_mismatch"], "F-2": ["no_receiver"]}
    told = shop("import", str(file), "--lang", "zh")[1]
    assert "挂起" in told and "F-2" in told and "文件有误" in told and "quantity" not in told and "row" not in told
    english = shop("import", str(file), "--lang", "en")[1]
    assert "on hold" in english and "数量须" not in english
    cases = {one["kind"]: one["id"] for one in _json(shop("cases", "--json"))["cases"]}
    amounts = shop("case", "show", cases["amount_mismatch"], "--lang", "zh")[1]
    assert "19.00 CNY" in amounts and "orderloom release FL01-" in amounts and "{" not in amounts
    assert "orderloom release" in shop("show", "F-1", "--lang", "en")[1]
    assert "total:" not in shop("show", "F-1", "--lang", "zh")[1]
    junk = shop("case", "show", cases["unreadable_body"], "--lang", "en")[1]
    assert "messages discard --case" in junk and "must be above 0" in junk and "须大于" not in junk
    assert shop("messages", "discard", "--case", cases["unreadable_body"], "--reason", "退货行")[0] == 0
    waiting = _json(shop("messages", "list", "--json"))["messages"][0]["id"]
    assert "received_at" not in shop("messages", "show", waiting)[1]


def test_hold_release_and_cancel_are_done_or_refused_in_words_and_leave_proof(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, "utf-8")
    shop("import", str(file))
    number = _json(shop("orders", "--json"))["orders"][0]["number"]
    assert _level(shop)["atp"] == 8
    assert shop("hold", number, "--reason", "看一下")[0] == 0
    code, _, said = shop("release", number, "--hold", "9", "--reason", "x")
    assert code == 1 and "no_such_hold" in said
    assert shop("release", number, "--hold", "1", "--reason", "没事")[0] == 0
    assert shop("cancel", number, "--reason", "买家不要了")[0] == 0
    assert _level(shop)["atp"] == 10
    assert shop("cancel", number, "--reason", "again")[0] == 1
    message = next(m["id"] for m in _json(shop("messages", "list", "--json"))["messages"] if m["order"] == number)
    assert shop("messages", "show", message, "--body", "--reason", " ")[0] == 2
    assert shop("messages", "show", message, "--body", "--reason", "核对地址")[0] == 0
    entries = _json(shop("trace", number, "--json"))["entries"]
    assert any(e["source"] == "unmasking" and "核对地址" in e["detail"] for e in entries), "nobody sees who looked"
    story = [entry["what"] for entry in entries]
    assert {"order_recorded", "hold_placed", "hold_released", "order_cancelled"} <= set(story)
    assert "13800138000" not in shop("show", number)[1] and number in shop("show", "F-1")[1]
    assert _json(shop("audit", "seal", "--json"))["sealed"] > 0
    found = _json(shop("audit", "verify", "--deep", "--json"))
    assert found["is_whole"] is True and found["is_deep"] is True and "stock_level" in found["covers"]
    assert shop("replay", "--check")[0] == 0


def test_a_proposed_address_is_accepted_by_one_command_and_not_twice(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS.replace("浙江省,杭州市,余杭区,文一西路969号", ",,,上海浦东张江高科88号"), "utf-8")
    shop("import", str(file))
    (case,) = _json(shop("cases", "--kind", "address_unsure", "--json"))["cases"]
    assert case["evidence"]["proposal"]["district"] == "浦东新区" and "张江" not in str(case)
    done = _json(shop("accept-address", "F-1", "--json"))
    assert (done["province"], done["city"], done["district"]) == ("上海市", "上海市", "浦东新区")
    assert _json(shop("cases", "--kind", "address_unsure", "--json"))["cases"] == []
    code, _, said = shop("accept-address", "F-1")
    assert code == 1 and "没有可接受的地址建议" in said


def test_an_order_to_nobody_is_given_its_receiver_and_goes_on(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS.replace("浙江省,杭州市,余杭区,文一西路969号", ",,,-"), "utf-8")
    shop("import", str(file))
    (case,) = _json(shop("cases", "--kind", "no_receiver", "--json"))["cases"]
    assert "orderloom receiver" in shop("case", "show", case["id"])[1]
    for given, refusal in ((("--phone", "0"), "nobody_there"), (("--address", "文一西路969号"), "place_unsure")):
        code, _, said = shop("receiver", "F-1", *given, "--reason", "问了买家")
        assert code == 1 and refusal in said and "文一西路" not in said
    assert shop("receiver", "F-1", "--reason", "什么也没给")[0] == 2
    assert _json(shop("cases", "--kind", "no_receiver", "--json"))["cases"] != []
    address = "浙江省杭州市余杭区文一西路969号"
    done = _json(shop("receiver", "F-1", "--address", address, "--reason", "问了买家", "--json"))
    assert (done["province"], done["city"], done["district"]) == ("浙江省", "杭州市", "余杭区")
    assert _json(shop("cases", "--kind", "no_receiver", "--json"))["cases"] == []
    (work,) = _json(shop("work", "list", "--json"))["works"]
    slip = shop("work", "slip", work["number"], "--reason", "面单")[1]
    assert "文一西路969号" in slip and "13800138000" in slip, "what was not said did not stay"


def test_an_accepted_place_sends_nothing_to_nobody(shop: Cli, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    place = "浙江省,杭州市,余杭区,文一西路969号"
    file.write_text(ORDERS.replace(place, ",,,上海浦东张江高科88号").replace("13800138000", "0"), "utf-8")
    shop("import", str(file))
    assert shop("accept-address", "F-1")[0] == 0
    assert _json(shop("cases", "--kind", "no_receiver", "--json"))["cases"] != []
    assert _json(shop("work", "list", "--json"))["works"] == []


def test_audit_verify_exits_1_and_names_the_order_when_a_fact_was_changed(
    shop: Cli, tmp_path: Path, database: str
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, "utf-8")
    shop("import", str(file))
    shop("audit", "seal")
    number = _json(shop("orders", "--json"))["orders"][0]["number"]
    with psycopg.connect(database) as connection:
        connection.execute("alter table order_event disable trigger all")
        connection.execute("update order_event set actor = 'nobody' where seq = 2")
        connection.execute("alter table order_event enable trigger all")
    code, said, _ = shop("audit", "verify")
    assert code == 1 and number in said and "被改动" in said and "#2" in said


def test_after_a_key_rotation_everything_is_under_the_new_key_and_still_readable(
    shop: Cli, tmp_path: Path, database: str
) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS, "utf-8")
    shop("import", str(file))
    number = _json(shop("orders", "--json"))["orders"][0]["number"]
    before = _json(shop("show", number, "--json"))["receiver"]
    assert shop("keys", "retire", "1")[0] == 1
    done = _json(shop("keys", "rotate", "--json"))
    assert done["key"] == 2 and done["re_encrypted"] > 0 and not any(done["left"].values())
    with psycopg.connect(database) as connection:
        rows = connection.execute("select distinct get_byte(body_cipher, 0) from message").fetchall()
    assert rows == [(2,)]
    assert shop("keys", "retire", "1")[0] == 0
    assert _json(shop("show", number, "--json"))["receiver"] == before
    assert shop("accounts", "test", "FL01")[0] == 0


def _until(condition: Any, what: str) -> None:
    end = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def test_up_starts_everything_revives_what_dies_and_stops_in_seconds(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = os.environ | {"ORDERLOOM_HOME": str(home), "ORDERLOOM_PORT": str(port), "DEMO": "0"}
    environment.pop("ORDERLOOM_DSN", None)
    command = [sys.executable, "-m", "orderloom.entrypoints.cli.main"]
    log = home / "said.txt"
    with log.open("wb") as out:
        up = subprocess.Popen([*command, "up"], env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        _until(lambda: "一次性密码" in log.read_text() or up.poll() is not None, "ready")
        assert f"http://127.0.0.1:{port}/" in log.read_text()
        second = subprocess.run([*command, "up"], env=environment, capture_output=True, text=True, check=False)
        assert second.returncode == 1 and str(up.pid) in second.stderr
        children = json.loads((home / "up.json").read_text())["children"]
        assert children.keys() == {"api", "worker"}
        os.kill(children["worker"]["pid"], signal.SIGKILL)
        _until(lambda: json.loads((home / "up.json").read_text())["children"]["worker"]["restarts"] >= 1, "revived")
        assert "worker 意外结束" in log.read_text()
        begun = time.monotonic()
        up.send_signal(signal.SIGINT)
        assert up.wait(timeout=30) == 0
        assert time.monotonic() - begun < 20
    finally:
        if up.poll() is None:
            up.kill()
            up.wait()
    assert running(home / "postgres") is None
    for child in children.values():
        assert not Path(f"/proc/{child['pid']}").exists()
