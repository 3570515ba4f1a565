"""A seller imports files with the command line: what becomes of each row is told at once, and nothing left unsaid."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from test_cli_answers import Cli, _json, cli

from orderloom.adapters.db.accounts import AccountStore
from orderloom.adapters.vault import load_vault
from orderloom.application.ports import Account
from orderloom.application.sources.pulling import pull_step
from orderloom.bootstrap import open_hub
from orderloom.settings import Settings

__all__ = ["cli"]
EXPORTS = Path(__file__).parents[1] / "contract" / "exports"
CASE_07 = """订单号,商家编码,数量,单价,收货人,手机,收货地址
F1-1,A-1,1,10.00,李甲,13800000001,浙江省杭州市余杭区文一西路1号
,B-1,2,5.00,,,
F1-2,A-1,1,10.00,李甲,13800000001,浙江省杭州市余杭区文一西路1号
"""


@pytest.fixture
def shop(cli: Cli, tmp_path: Path) -> Cli:
    """A files account, two SKUs with stock in one warehouse."""
    goods, stock = tmp_path / "goods.csv", tmp_path / "stock.csv"
    goods.write_text("编码,名称\nA-1,马克杯\nB-1,勺子\n", "utf-8")
    stock.write_text("编码,仓库,数量\nA-1,HZ,100\nB-1,HZ,100\n", "utf-8")
    assert cli("connect", "files", "--code", "FL01")[0] == 0
    assert cli("sku", "import", str(goods))[0] == 0
    assert cli("warehouse", "add", "HZ", "--name", "杭州仓", "--province", "浙江省")[0] == 0
    assert cli("stock", "import", str(stock))[0] == 0
    return cli


def _lines(shop: Cli, order: str) -> list[tuple[str, int]]:
    shown = _json(shop("show", order, "--json"))
    lines = shown["lines"] if "lines" in shown else shown["order"]["lines"]
    return sorted((line["sku"], line["ordered"]) for line in lines)


def _put(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def test_07_continuation_row_without_order_number(shop: Cli, tmp_path: Path) -> None:
    done = _json(shop("import", _put(tmp_path, "f1.csv", CASE_07), "--json"))
    assert (done["items"], done["outcomes"], done["stayed"]) == (2, {"normalised": 2}, [])
    assert _lines(shop, "F1-1") == [("A-1", 1), ("B-1", 2)] and _lines(shop, "F1-2") == [("A-1", 1)]


def test_each_sellers_export_becomes_orders_with_all_their_lines(shop: Cli) -> None:
    for names, number in (
        (("taobao_orders.csv", "taobao_items.csv"), "3900000000000000011"), (("jd.csv",), "290000000011"),
        (("pinduoduo.csv",), "261111-000000000000011"), (("douyin.csv",), "6917926768800000011"),
    ):
        done = _json(shop("import", *(str(EXPORTS / name) for name in names), "--json"))
        assert (done["items"], done["outcomes"], done["refused"]) == (2, {"normalised": 2}, "")
        assert ("A-1", 2) in _lines(shop, number)


def test_each_row_that_stayed_is_told_at_once_with_its_mend_and_the_exit_code(shop: Cli, tmp_path: Path) -> None:
    text = CASE_07 + "F1-3,A-1,-1,10.00,李甲,13800000001,浙江省杭州市余杭区文一西路1号\n" \
        + "F1-4,X-9,1,10.00,李甲,13800000001,浙江省杭州市余杭区文一西路1号\n"
    file = _put(tmp_path, "f2.csv", text)
    code, said, _ = shop("import", file)
    assert code == 1 and all(word in said for word in ("数量须大于 0", "商品编码未登记", "SKU is not known", "f2.csv"))
    assert "李甲" not in said and "13800000001" not in said
    told = json.loads(shop("import", file, "--json")[1])
    assert [(one["row"], one["reason"]) for one in told["stayed"]] == [
        ("5", "quantity_not_positive"), ("6", "unknown_sku")]
    assert shop("replay", "--parked", "--json")[0] == 1
    assert shop("sku", "add", "X-9", "--name", "新品")[0] == 0
    left = json.loads(shop("replay", "--parked", "--json")[1])
    assert [one["reason"] for one in left["stayed"]] == ["quantity_not_positive"]


def test_a_file_that_is_none_is_an_answer_and_no_trace(shop: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 cut off")
    code, said, _ = shop("import", str(tmp_path / "a.xlsx"), "--json")
    told = json.loads(said)
    assert (code, told["refused"], told["stayed"][0]["reason"]) == (1, "workbook_broken", "workbook_broken")


def test_two_accounts_cannot_have_one_inbox(shop: Cli, tmp_path: Path) -> None:
    inbox, link = tmp_path / "in", tmp_path / "link"
    inbox.mkdir()
    link.symlink_to(inbox)
    assert shop("connect", "files", "--code", "FL02", "--setting", f"inbox={inbox}")[0] == 0
    for name in (inbox, link):
        code, said, told = shop("connect", "files", "--code", "FL03", "--setting", f"inbox={name}", "--force")
        assert code == 1 and "FL02" in said + told
    assert shop("connect", "files", "--code", "FL02", "--setting", f"inbox={inbox}")[0] == 0
    assert shop("accounts", "disable", "FL02")[0] == 0
    assert shop("connect", "files", "--code", "FL03", "--setting", f"inbox={inbox}")[0] == 0
    assert shop("accounts", "enable", "FL02")[0] == 1


async def test_two_accounts_that_have_one_inbox_already_are_not_read(
    database: str, home: Path, tmp_path: Path, cli: Cli,
) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    async with open_hub(Settings(home=home), database) as hub:
        async with hub.pool.connection() as one:
            store = AccountStore(one, load_vault(home, ""), hub.now())
            for code in ("FL01", "FL02"):
                await store.save(_account(code, inbox), code)
        (inbox / "a.csv").write_text(CASE_07, "utf-8")
        assert await pull_step(hub) == 0 and (inbox / "a.csv").exists()
    with psycopg.connect(database) as connection:
        told = connection.execute("select health from account order by code").fetchall()
    assert ["FL02" in told[0][0], "FL01" in told[1][0]] == [True, True]


def _account(code: str, inbox: Path) -> Account:
    return Account(0, code, "channels", "files", "Asia/Shanghai", "", {}, {"inbox": str(inbox), "settle_seconds": 0})


def test_a_column_can_be_named_without_writing_json(shop: Cli, tmp_path: Path) -> None:
    file = _put(tmp_path, "own.csv", "我的单号,料,几个,单价\nO-1,A-1,2,10\n")
    assert shop("import", file)[0] == 1
    assert shop("connect", "files", "--code", "FL01", "--setting", "columns=我的单号=订单号;料=商品编码")[0] == 0
    assert shop("connect", "files", "--code", "FL01", "--setting", "columns=几个=数量")[0] == 0
    assert _json(shop("import", file, "--json"))["outcomes"] == {"normalised": 1}
    code, said, told = shop("connect", "files", "--code", "FL01", "--setting", "columns=料=没有这一列")
    assert code == 1 and "没有这一列" in said + told
