"""From an empty hub, by the commands of docs/start.md, to a parcel that people packed: of every seller's export."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from test_cli_answers import Cli, _json, cli

from orderloom.application.sending import Deliverer
from orderloom.bootstrap import open_hub
from orderloom.settings import Settings

__all__ = ["cli"]
EXPORTS = Path(__file__).resolve().parents[1] / "contract" / "exports"
START = Path(__file__).resolve().parents[2] / "docs" / "start.md"
ONE_FILE = (
    "订单编号,商家编码,商品标题,数量,单价,实付金额,收货人,手机,省,市,区,详细地址,下单时间,付款时间,订单状态\n"
    "T-1,A-1,马克杯,2,20.00,40.00,张三,13800000001,浙江省,杭州市,余杭区,文一西路1号,2026-11-11 10:00:00,"
    "2026-11-11 10:00:05,买家已付款，等待卖家发货\n"
)
PAID = {
    "taobao": (("taobao_orders.csv", "taobao_items.csv"), "3900000000000000011", {"A-1": 2, "B-1": 1}),
    "taobao in one file": ((), "T-1", {"A-1": 2}),
    "jd": (("jd.csv",), "290000000011", {"A-1": 2, "B-1": 1}),
    "pinduoduo": (("pinduoduo.csv",), "261111-000000000000011", {"A-1": 2}),
    "douyin": (("douyin.csv",), "6917926768800000011", {"A-1": 2, "B-1": 1}),
}


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Cli:
    """What the page says, up to the first order: a warehouse without a system, goods, stock, the files' account."""
    goods, stock = tmp_path / "goods.csv", tmp_path / "stock.csv"
    goods.write_bytes("编码,名称\nA-1,马克杯\nSPOON,勺子\n".encode("gbk"))
    stock.write_text("编码,仓库,数量\nA-1,HZ,10\nSPOON,HZ,10\n", "utf-8")
    for words in (
        ("warehouse", "add", "HZ", "--name", "杭州仓", "--province", "浙江省"), ("sku", "import", str(goods)),
        ("stock", "import", str(stock)),
        ("connect", "files", "--code", "FL01", "--setting", f"outbox={tmp_path / 'shipped'}"),
        ("alias", "add", "B-1", "SPOON", "--account", "FL01"),
    ):
        assert cli(*words)[0] == 0, words
    return cli


def _send(home: Path, database: str) -> None:
    """What the worker of `orderloom up` does: the outbox goes out."""
    async def once() -> None:
        async with open_hub(Settings(home=home), database, connections_max=4) as hub:
            deliverer = Deliverer(hub)
            await deliverer.step()
            await deliverer.drain()

    asyncio.run(once())


def _take(shop: Cli, names: Sequence[str], tmp_path: Path) -> None:
    """Import an export; rows that nobody is to send may stay."""
    paths = [str(EXPORTS / name) for name in names]
    if not paths:
        (tmp_path / "one.csv").write_text(ONE_FILE, "utf-8")
        paths = [str(tmp_path / "one.csv")]
    assert shop("import", *paths, "--account", "FL01")[0] in (0, 1)


@pytest.mark.parametrize("seller", sorted(PAID))
def test_a_paid_order_of_every_export_is_packed_sent_and_told_by_hand(
    shop: Cli, seller: str, tmp_path: Path, home: Path, database: str
) -> None:
    names, external, units = PAID[seller]
    _take(shop, names, tmp_path)
    works = {w["external_id"]: w for w in _json(shop("work", "list", "--json"))["works"]}
    work = works[external]
    number = work["number"]
    assert (work["state"], work["warehouse"], work["is_held"]) == ("to_pick", "HZ", False)
    assert (work["receiver"]["name"], work["receiver"]["phone"]) == ("张**", "138****0001")
    picks = _json(shop("work", "pick", number, "--json"))["rows"]
    assert {row["sku"]: row["units"] for row in picks} == {{"B-1": "SPOON"}.get(s, s): n for s, n in units.items()}
    slip = shop("work", "slip", number, "--reason", "写面单")[1]
    assert "张三" in slip and "13800000001" in slip and "文一西路1号" in slip and "× A-1" in slip
    assert "张三" not in shop("work", "slip", number)[1]
    for step in ("picked", "packed"):
        assert shop("work", step, number)[0] == 0
    assert _json(shop("work", "out", number, "--waybill", "SF1001", "--carrier", "顺丰", "--json"))["works"] == [
        {"number": number, "is_done": True, "is_known": False, "refusal": "", "facts": {}}]
    order = _json(shop("show", external, "--json"))
    assert order["order"]["stage"] == "shipped" and [p["waybill"] for p in order["parcels"]] == ["SF1001"]
    assert external not in {w["external_id"] for w in _json(shop("work", "list", "--json"))["works"]}
    assert _json(shop("stock", "levels", "A-1", "--json"))["levels"][0]["on_hand"] == 8
    _send(home, database)
    (file,) = (tmp_path / "shipped").iterdir()
    told = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"))))
    assert {(r["订单号"], r["承运商"], r["运单号"]) for r in told} == {(external, "shunfeng", "SF1001")}
    story = [e["what"] for e in _json(shop("trace", external, "--json"))["entries"]]
    assert "parcel_shipped" in story


def test_one_pick_list_is_over_many_works_and_can_be_printed_and_opened(shop: Cli, tmp_path: Path) -> None:
    for names, _, _ in PAID.values():
        _take(shop, names, tmp_path)
    works = _json(shop("work", "list", "--json"))["works"]
    assert [w["created_at"] for w in works] == sorted(w["created_at"] for w in works)
    text = shop("work", "pick", "--warehouse", "HZ")[1]
    assert f"{sum(_units(w, 'A-1') for w in works)} × A-1" in text and "杭州" not in text
    sheet = list(csv.DictReader(io.StringIO(shop("work", "pick", "--csv")[1])))
    assert {r["商品编码"]: int(r["数量"]) for r in sheet}["A-1"] == sum(_units(w, "A-1") for w in works)
    numbers = [w["number"] for w in works]
    assert shop("work", "picked", *numbers)[0] == 0
    assert _json(shop("work", "pick", "--json"))["rows"] == []
    assert {w["state"] for w in _json(shop("work", "list", "--state", "picked", "--json"))["works"]} == {"picked"}
    first = _json(shop("work", "list", "--limit", "2", "--json"))
    rest = _json(shop("work", "list", "--after", first["next"], "--json"))
    assert [w["number"] for w in first["works"] + rest["works"]] == numbers
    slips = list(csv.DictReader(io.StringIO(shop("work", "slip", *numbers, "--csv", "--reason", "面单")[1])))
    assert len(slips) == len(works) and slips[0]["手机"] == "13800000001"


def test_a_refusal_says_what_to_do_and_the_others_of_the_call_are_done(shop: Cli, tmp_path: Path) -> None:
    _take(shop, PAID["jd"][0], tmp_path)
    number = _json(shop("work", "list", "--json"))["works"][0]["number"]
    code, said, wrong = shop("work", "packed", number, "FL01-NOWHERE-1")
    assert code == 1 and number in said and "FL01-NOWHERE-1" in wrong and "work list" in wrong
    for words, why in (
        (("--waybill", "SF1"), "--carrier"), (("--waybill", "SF1", "--carrier", "飞毛腿"), "顺丰"),
        (("--line", "A-1=9"), "A-1=2"), (("--line", "A-1"), "SKU=UNITS"),
    ):
        code, _, wrong = shop("work", "out", number, *words)
        assert code in (1, 2) and why in wrong, (words, wrong)
    assert shop("work", "out", number, "--waybill", "SF1", "--carrier", "SF", "--line", "A-1=2")[0] == 0
    assert shop("work", "out", number, "--waybill", "SF2", "--carrier", "SF", "--line", "B-1=1")[0] == 1
    assert shop("work", "out", number, "--waybill", "SF2", "--carrier", "SF", "--line", "SPOON=1")[0] == 0
    assert shop("work", "out", number, "--waybill", "SF3", "--carrier", "SF", "--instead-of", "SF1")[0] == 0
    parcels = _json(shop("show", PAID["jd"][1], "--json"))["parcels"]
    assert [p["waybill"] for p in parcels] == ["SF3", "SF2"]
    out = _json(shop("work", "list", "--state", "out", "--json"))["works"]
    assert [[b["waybill"] for b in w["boxes"]] for w in out] == [["SF3", "SF2"]]


def _units(work: dict[str, Any], sku: str) -> int:
    return sum(line["quantity"] for line in work["lines"] if line["sku"] == sku)


def test_the_commands_of_the_page_bring_an_empty_hub_to_a_parcel(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "goods.csv").write_text("编码,名称\nA-1,马克杯\nB-1,勺子\n", "utf-8")
    (tmp_path / "stock.csv").write_text("编码,仓库,数量\nA-1,HZ,10\nB-1,HZ,10\n", "utf-8")
    (tmp_path / "inbox").mkdir()
    given = {
        "goods.csv": "goods.csv", "stock.csv": "stock.csv", "inbox=/srv/orders": "inbox",
        "export.csv": str(EXPORTS / "jd.csv"),
    }
    done: list[str] = []
    for line in _commands():
        words = [str(tmp_path / given[word]) if word in given else word for word in line.split()]
        words = [f"inbox={word}" if word.endswith("/inbox") else word for word in words]
        if words[:2] == ["connect", "taobao"]:
            continue  # asks for the platform's secrets
        if words[:2] in (["work", "slip"], ["work", "picked"], ["work", "packed"], ["work", "out"]):
            words[2] = _json(cli("work", "list", "--json"))["works"][0]["number"]
        assert cli(*words)[0] == 0, words
        done.append(" ".join(words[:2]))
    assert {"warehouse add", "sku import", "stock import", "work pick", "work out"} <= set(done)
    assert _json(cli("show", PAID["jd"][1], "--json"))["order"]["stage"] == "shipped"


def _commands() -> list[str]:
    """The lines of `orderloom …` that the page shows as one piece."""
    text = START.read_text("utf-8").partition("## In a terminal")[2].partition("\n## ")[0]
    lines = [line.partition(".venv/bin/orderloom ")[2] for line in text.splitlines()]
    return [line.partition("  ")[0] for line in lines if line]
