"""A program that reads `--json` gets what docs/cli-answers.md says, of every command, and no command is left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_cli_answers import Cli, cli
from test_cli_carries_a_shop import ORDERS

from cli_page import main
from orderloom.entrypoints.cli.main import COMMANDS
from tests.support.cli_answers import Page

__all__ = ["cli"]
ROOT = Path(__file__).resolve().parents[2]

PAGE = Page()


def _commands() -> Iterator[str]:
    """Every command and verb that the command line has."""
    for name, entry in COMMANDS.items():
        app = getattr(import_module(entry.place), entry.app)
        if len(app.registered_commands) == 1 and not app.registered_commands[0].name:
            yield name
        else:
            yield from (f"{name} {verb.name}" for verb in app.registered_commands)
            for below in app.registered_groups:
                yield from (f"{name} {below.name} {verb.name}" for verb in below.typer_instance.registered_commands)
            if app.registered_callback is not None and app.registered_callback.invoke_without_command is True:
                yield name  # without a verb it answers too


def test_the_page_is_what_the_code_says_today() -> None:
    assert main(["--check"]) == 0, "run: python tools/cli_page.py"


def test_every_command_has_its_answer_on_the_page_or_says_why_it_has_none() -> None:
    documented = {name.partition(" --")[0] for name in PAGE.commands} | PAGE.silent.keys()
    assert set(_commands()) == documented


class Shop:
    """Runs commands one after the other and holds every answer to the page."""

    def __init__(self, cli: Cli, folder: Path, database: str) -> None:
        self.cli, self.folder, self.database = cli, folder, database
        self.tried: set[str] = set()

    def __call__(self, command: str, *words: str, text: str = "") -> Any:
        code, out, err = self.cli(*command.partition(" --")[0].split(), *words, "--json", text=text)
        assert code in (0, 1), (command, out, err)
        value = json.loads(out)
        assert list(PAGE.differences(value, PAGE.commands[command])) == [], command
        self.tried.add(command)
        return value


ELSEWHERE = {"accept-address", "reship", "work label", "work unlabel", "work prices", "work pickup",
             "work unpickup", "decide", "stock document approve", "stock document refuse", "stock document lose",
             "purchase show", "accounts authorise", "accounts authorise --answer",
             "accounts try-version", "accounts read", "notification acknowledge"}
"""They need what a shop of files has not; their answers are looked at in tests of their own."""
PARKED = """insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at)
    select gen_random_uuid(), id, 'stock', 'x', '{}', 'parked', now(), now() from account"""
FLOOR = """with house as (update warehouse set is_floor = true where code = 'HZ' returning id),
    shelf as (insert into place (warehouse_id, code, kind) select id, 'A-01', 'pick' from house
        returning id, warehouse_id),
    lots as (insert into lot (sku_id, code) select id, 'L9' from sku)
    insert into place_level (place_id, sku_id, lot_id, warehouse_id, quantity)
    select p.id, s.id, 0, p.warehouse_id, 9 from shelf p cross join sku s"""
LOST = """with lost as (insert into app_user (name, role, password_hash) values ('lost', 'service', '') returning name)
    insert into second_factor (user_name, secret_cipher, begun_at) select name, '\\x01', now() from lost"""


@pytest.fixture
def shop(cli: Cli, tmp_path: Path, database: str) -> Shop:
    shop = Shop(cli, tmp_path, database)
    (tmp_path / "more.csv").write_text(ORDERS.partition("F-2")[0].replace("F-1", "F-3"), "utf-8")
    (tmp_path / "again.csv").write_text(ORDERS.partition("F-2")[0].replace("F-1", "F-4"), "utf-8")
    (tmp_path / "orders.csv").write_text(ORDERS, "utf-8")
    (tmp_path / "goods.csv").write_text("编码,名称\nM-001,马克杯\n", "utf-8")
    (tmp_path / "stock.csv").write_text("编码,仓库,数量\nM-001,HZ,10\n", "utf-8")
    shop("connect", "files", "--code", "FL01", "--set", "upload_token=x", text="")
    shop("sku import", str(tmp_path / "goods.csv"))
    shop("warehouse add", "HZ", "--province", "浙江省")
    shop("stock import", str(tmp_path / "stock.csv"))
    shop("import", str(tmp_path / "orders.csv"))
    with psycopg.connect(database) as connection:
        connection.execute(PARKED)
        connection.execute(LOST)
    return shop


def test_each_command_answers_as_the_page_says(shop: Shop, tmp_path: Path) -> None:
    _catalogue(shop)
    _orders(shop)
    _accounts(shop)
    _people(shop)
    _trust(shop, tmp_path)
    assert shop.tried == PAGE.commands.keys() - ELSEWHERE, "try what is missing here"


def test_a_refusal_is_an_answer_too(cli: Cli) -> None:
    for words in (("show", "nothing"), ("orders", "--phase", "x"), ("stock", "receive", "A", "B", "1"), ("nonsense",),
                  ("accept-address", "nothing"), ("keys", "retire", "9"), ("cases", "--of", "x")):
        code, out, _ = cli(*words, "--json")
        assert code in (1, 2)
        assert list(PAGE.differences(json.loads(out), "Failed")) == [], words


def _catalogue(shop: Shop) -> None:
    shop("sku add", "A-1", "--components", "M-001=2")
    shop("sku list")
    shop("hs search", "马克杯")
    shop("hs show", "6911.10")
    shop("sku disable", "A-1")
    shop("sku enable", "A-1")
    shop("alias add", "杯", "M-001", "--account", "FL01")
    (shop.folder / "spellings.csv").write_text("渠道写法,商品编码,店铺\n杯子,M-001,FL01\n", "utf-8")
    shop("alias import", str(shop.folder / "spellings.csv"))
    shop("alias list")
    shop("alias remove", "杯", "--account", "FL01")
    shop("sku remove", "A-1")
    shop("warehouse list")
    shop("warehouse disable", "HZ")
    shop("warehouse enable", "HZ")
    shop("stock levels")
    shop("stock receive", "M-001", "HZ", "5")
    shop("stock adjust", "M-001", "HZ", "--safety", "1", "--reason", "x")
    shop("stock stocktake", "M-001", "HZ", "12")
    with psycopg.connect(shop.database) as connection:
        connection.execute("update stock_level set reserved = reserved + 1")
    shop("stock compensate", "M-001", "HZ", "--reason", "x")
    _documents(shop)
    _purchases(shop)
    kept = shop("quota open", "M-001", "HZ", "3", "--campaign", "11.11", "--reason", "x")["quotas"][0]["number"]
    shop("quota list")
    shop("stock who", "M-001")
    shop("stock snapshot")
    shop("quota resize", kept, "2", "--reason", "x")
    shop("quota close", kept, "--reason", "x")
    shop("stop list")
    stopped = shop("stop add", "浙江省", "--carrier", "中通", "--reason", "snow")["number"]
    shop("stop end", stopped)


def _purchases(shop: Shop) -> None:
    shop("purchase supplier", "EAST", "--lead-days", "9")
    shop("purchase supply", "EAST", "M-001", "--pack", "6", "--cost", "1300", "--currency", "CNY")
    shop("purchase suggest")
    assert shop("purchase list")["tickets"] == []


def _documents(shop: Shop) -> None:
    shop("warehouse add", "GZ", "--province", "广东省")
    sent = shop("stock document new", "transfer", "M-001@HZ=2", "--to", "GZ", "--reason", "x", "--submit")["number"]
    shop("stock document receive", sent, "1=1")
    large = shop("stock document new", "adjustment", "M-001@HZ=501", "--reason", "x", "--submit")["number"]
    for words in (("lose", sent, "1=1", "--reason", "x"), ("approve", large), ("refuse", large, "--reason", "x")):
        code, out, _ = shop.cli("stock", "document", *words, "--json")
        assert code == 1 and list(PAGE.differences(json.loads(out), "Failed")) == [], words
    shop("stock document cancel", large, "--reason", "x")
    counted = shop("stock document new", "count", "M-001@GZ", "--reason", "x")["number"]
    shop("stock document submit", counted)
    shop("stock document count", counted, "1=1")
    shop("stock document show", counted)
    assert [one["state"] for one in shop("stock document list")["documents"]] == ["posted", "cancelled", "posting"]


def _orders(shop: Shop) -> None:
    number = shop("orders")["orders"][0]["number"]
    assert {one["name"] for one in shop("connectors")} >= {"taobao", "files", "kuaidi100"}
    assert shop("connectors check", "taobao")["is_fit"] is True
    shop("import --preview", str(shop.folder / "orders.csv"), "--preview")
    done = shop("imports list")[-1]["id"]
    shop("imports show", done)
    shop("contract-check", str(shop.folder / "orders.csv"), "--account", "FL01")
    shop("show", number)
    shop("trace", number)
    shop("cases --of", "--of", shop("cases")["cases"][0]["id"])
    _case(shop, shop("cases")["cases"][0]["id"])
    shop("hold", number, "--reason", "x")
    shop("release", number, "--reason", "x")
    shop("receiver", number, "--phone", "13900139000", "--reason", "x")
    shop("cancel", number, "--reason", "x")
    _by_hand(shop)
    message = shop("messages list")["messages"][0]["id"]
    shop("messages show", message)
    shop("messages replay", message)
    junk = shop.folder / "junk.csv"
    junk.write_text(ORDERS.partition("F-2")[0].replace("F-1", "F-9").replace("M-001", "合计"), "utf-8")
    stayed = shop("import", str(junk))
    shop("imports errors", stayed["runs"][0]["id"], "--to", str(shop.folder / "left.csv"), "--reason", "x")
    shop("messages discard", stayed["stayed"][0]["message"], "--reason", "合计行")
    shop("replay --preview", "--preview")
    shop("replay", "--parked")
    shop("replay --runs", "--runs")
    shop("replay --check", "--check")
    assert shop("status")["orders"]["total"] == 3
    _deliveries(shop)


def _case(shop: Shop, case: str) -> None:
    shop("case show", case)
    shop("case take", case)
    shop("case assign", case, "finance")
    shop("case resolve", case, "--reason", "x")
    shop("case reopen", case, "--reason", "x")


def _by_hand(shop: Shop) -> None:
    shop("import", str(shop.folder / "more.csv"))
    work = shop("work list")["works"][0]["number"]
    shop("work pick", work)
    shop("work slip", work, "--reason", "x")
    shop("work labels", work)
    shop("work pickups", work)
    shop("work handover", "--account", "FL01")
    with psycopg.connect(shop.database) as connection:
        connection.execute(FLOOR)
    wave = shop("wave create", "HZ")["number"]
    shop("wave show", wave)
    assert shop("place set", "HZ", "Z-01-01", "--most", "9")["made"] == 1
    assert shop("place list", "HZ", "--begins", "Z-")["places"][0]["units_max"] == 9
    sku = shop("place list", "HZ", "--begins", "A-01")["places"][0]["lies"][0]["sku"]
    assert shop("lot block", sku, "L9")["is_blocked"] and not shop("lot free", sku, "L9")["is_blocked"]
    shop("rescue", shop("work list")["works"][0]["order"])
    shop("voucher back", work, "--reason", "x")
    shop("import", str(shop.folder / "again.csv"))
    assert shop("work merge", *[one["number"] for one in shop("work list")["works"]])["merge"]
    shop("work part", work)
    again = next(one["number"] for one in shop("work list")["works"] if one["number"] != work)
    assert len(shop("work split", again, "--line", "M-001=1")["works"]) == 2
    shop("voucher accept", work, "--wave", "W7")
    shop("voucher back", work)
    voucher = shop("voucher accept", work)
    assert shop("voucher show", work).keys() == voucher.keys()
    (shop.folder / "voucher.json").write_text(json.dumps(voucher), encoding="utf-8")
    shop("voucher verify", str(shop.folder / "voucher.json"))
    shop("work picked", work)
    shop("work packed", work, "NOWHERE-1")
    shop("work out", work, "--line", "M-001=1")
    shop("work out", work)
    shop("act", "F-3", "confirm", "--reason", "x")


def _deliveries(shop: Shop) -> None:
    shop("deliveries give-up", shop("deliveries list", "--state", "parked")["deliveries"][0]["id"], "--reason", "x")
    shop("deliveries show", shop("deliveries list")["deliveries"][0]["id"])
    shop("deliveries resend", "--parked")


def _accounts(shop: Shop) -> None:
    shop("accounts list")
    shop("accounts test", "FL01")
    shop("accounts rotate", "FL01", "--set", "upload_token=y")
    shop("accounts private", "FL01")
    shop("accounts master", "FL01")
    shop("accounts backfill", "FL01")
    shop("accounts disable", "FL01")
    shop("accounts enable", "FL01")
    shop("user add", "li", "--role", "service")
    shop("user list")
    shop("user reset-password", "li")
    shop("user limit", "li", "--warehouse", "HZ")
    shop("user disable", "li")
    shop("user enable", "li")
    shop("user drop-second-factor", "lost")
    token = shop("token create", "erp", "--scope", "orders:read")["id"]
    shop("token list")
    shop("token revoke", token)


def _people(shop: Shop) -> None:
    shop("connect", "wecom", "--code", "WC01", "--set", "key=x", "--force")
    shop("recipients set", "finance", "--account", "WC01")
    shop("recipients list")
    shop("recipients forget", "finance", "--account", "WC01")
    shop("notification test", "--account", "WC01")
    shop("notifications")


def _trust(shop: Shop, tmp_path: Path) -> None:
    folder = str(ROOT / "blueprints" / "default")
    for command in ("check", "diff"):
        shop(f"blueprint {command}", folder)
    shop("blueprint publish", folder, "--reason", "x")
    shop("blueprint list")
    shop("mapping show", "taobao", "--code")
    shop("keys show")
    shop("keys retire", str(min(shop("keys rotate")["key"], 2) - 1))
    shop("backup note", "backup", "--bytes", "10")
    shop("backup list")
    shop("audit seal")
    shop("audit verify")
    shop("audit export", str(tmp_path / "log.jsonl"))
    shop("migrate")
    shop("doctor")
