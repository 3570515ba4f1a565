"""The command line as people and scripts use it: a real database, words in both languages, exit codes that mean it."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orderloom.adapters.manifests import manifests
from orderloom.entrypoints.cli.first_run import ensure_blueprint
from orderloom.entrypoints.cli.main import COMMANDS, answer
from orderloom.settings import Settings

Answer = tuple[int, str, str]
Cli = Callable[..., Answer]


@pytest.fixture
def cli(
    home: Path, database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Cli:
    """Runs `orderloom …` on a fresh installation; returns (exit code, stdout, stderr)."""
    ensure_blueprint(Settings(home=home), database)

    def call(*words: str, text: str = "", dsn: str = database) -> Answer:
        given = {"ORDERLOOM_HOME": str(home), "ORDERLOOM_DSN": dsn, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        capsys.readouterr()
        code = answer(list(words))
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call


def _json(answer: Answer) -> Any:
    assert answer[0] == 0, answer
    return json.loads(answer[1])


def test_status_gives_scripts_the_figures_they_rely_on(cli: Cli) -> None:
    found = _json(cli("status", "--json"))
    assert {"received", "stored", "normalised", "parked", "quarantined", "pending"} <= found["accounting"].keys()
    assert found["accounting"]["is_balanced"] is True
    assert found["orders"] == {"total": 0, "by_phase": {}, "completed_by_channel": {}}
    assert found["cases"] == {"open": 0, "by_kind": {}}
    assert all(count == 0 for count in found["backlog"].values())


def test_stock_that_is_shown_later_than_the_blueprint_promises_is_counted(cli: Cli, database: str) -> None:
    cli("connect", "files", "--code", "F01")
    push = ("insert into delivery (id, account_id, kind, order_key, body, state, due_at, created_at)"
            " select gen_random_uuid(), id, 'stock', 'x', '{}', 'due', now(), now() - %s::interval from account")
    with psycopg.connect(database) as connection:
        for age in ("5 seconds", "1 hour"):
            connection.execute(push, (age,))
    backlog = _json(cli("status", "--json"))["backlog"]
    assert (backlog["deliver"], backlog["stock_late"]) == (2, 1)


def test_every_command_explains_itself(cli: Cli) -> None:
    code, overview, _ = cli("--help")
    assert code == 0
    for name in COMMANDS:
        assert name in overview
        code, said, _ = cli(name, "--help")
        assert code == 0 and "--json" in said and "Usage" in said, name


def test_the_installed_command_runs_as_a_program_and_its_exit_code_reaches_the_shell(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "orderloom.entrypoints.cli.main"]
    environment = {"ORDERLOOM_HOME": str(tmp_path / "none"), "PATH": ""}
    done = subprocess.run([*program, "status"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "orderloom up" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_mistyped_command_or_value_is_answered_with_the_remedy(cli: Cli) -> None:
    code, _, said = cli("stauts")
    assert code == 2 and "status" in said
    assert "taobao" in (said := cli("connect", "taobo", "--code", "TB01")[2]) and "shopify" not in said
    code, _, said = cli("orders", "--limit", "many")
    assert code == 2 and "orderloom orders --help" in said
    code, _, said = cli("show", "TB01-261122-00000000-0")
    assert code == 1 and "没有订单" in said and "There is no order" in said
    assert "校验位" in said and "check character" in said
    assert "没有" not in cli("show", "nothing", "--lang", "en")[2]
    assert json.loads(cli("show", "nothing", "--json")[1])["error"]["en"].startswith("There is no order")


def test_a_database_that_is_away_is_a_sentence_and_not_a_trace(cli: Cli) -> None:
    code, _, said = cli("status", dsn="postgresql://u:secret@127.0.0.1:1/none")
    assert code == 2 and "数据库没有应答" in said and "secret" not in said


def test_a_log_that_cannot_be_sealed_is_a_sentence_and_not_a_fault_of_ours(cli: Cli, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("alter table audit_checkpoint rename to gone")
    code, _, said = cli("audit", "seal")
    assert code == 2 and "orderloom migrate" in said


@pytest.mark.parametrize("verb", ["resolve", "reopen"])
def test_a_case_is_not_closed_without_a_word_why(cli: Cli, verb: str) -> None:
    code, _, said = cli("case", verb, "01890000-0000-7000-8000-000000000000", "--reason", " ")
    assert code == 2 and "--reason" in said and "2000" in said


def test_an_account_is_asked_for_tested_and_kept_encrypted(cli: Cli, database: str, home: Path) -> None:
    code, _, said = cli("connect", "taobao", "--code", "TB01", "--set", "app_kee=1")
    assert code == 2 and "app_key" in said
    code, _, said = cli("connect", "taobao", "--code", "TB01", "--set", "app_key=1")
    assert code == 2 and "app_secret" in said and "session" not in said  # the seller agrees to that one
    inbox = home / "in"
    inbox.mkdir()
    words = ("connect", "files", "--code", "f01", "--setting", f"inbox={inbox}", "--secret-from-stdin", "--json")
    kept = _json(cli(*words, text="upload_token=open-sesame\n"))
    assert kept == {"account": "F01", "is_well": True, "message": kept["message"], "is_kept": True}
    with psycopg.connect(database) as connection:
        row = connection.execute("select credentials_cipher, settings, is_well from account").fetchone()
    assert row is not None
    assert b"open-sesame" not in row[0] and row[1]["inbox"] == str(inbox) and row[1]["settle_seconds"] == 2 and row[2]
    assert _json(cli("accounts", "list", "--json"))["accounts"][0]["code"] == "F01"
    assert "Health" in cli("accounts", "list", "--lang", "en")[1]
    assert cli("accounts", "disable", "F01")[0] == 0
    assert cli("accounts", "test", "F02")[0] == 1


def test_an_account_that_fails_its_test_is_not_kept_unless_forced(cli: Cli) -> None:
    words = ("connect", "shopify", "--code", "SH01", "--base-url", "http://127.0.0.1:9",
             "--allow-private", "127.0.0.1", "--json")
    secrets = [f"--set={field['name']}=x" for field in manifests()["shopify"].credentials]
    code, said, _ = cli(*words, *secrets)
    assert code == 1 and json.loads(said)["is_kept"] is False
    assert "网络" in said and "凭证" not in said, "nobody looked at the key"
    assert _json(cli("accounts", "list", "--json"))["accounts"] == []
    code, said, _ = cli(*words, *secrets, "--force")
    assert code == 1 and json.loads(said)["is_kept"] is True
    assert len(_json(cli("accounts", "list", "--json"))["accounts"]) == 1
    assert "network" in (said := cli("accounts", "list", "--lang", "en")[1]) and "网络" not in said


def test_a_server_of_ones_own_is_connected_when_the_administrator_names_it(cli: Cli) -> None:
    words = ("connect", "wangdiantong", "--code", "WDT9", "--set", "sid=s", "--set", "app_key=k",
             "--set", "app_secret=a:b", "--base-url", "http://127.0.0.1:9", "--force")
    code, _, told = cli(*words)
    assert code == 1 and "accounts private" in told and "--allow-private 127.0.0.1" in told and "拒绝了" not in told
    assert cli(*words, "--allow-private", "not a host")[0] == 2
    cli(*words, "--allow-private", "127.0.0.1")
    assert _json(cli("accounts", "private", "WDT9", "--json"))["private_hosts"] == ["127.0.0.1"]
    taken = cli("accounts", "private", "WDT9", "--refuse", "127.0.0.1", "--allow", "Erp.Local", "--json")
    assert _json(taken)["private_hosts"] == ["erp.local"]


def test_whoever_forgot_the_password_is_let_in_again_from_the_machine(cli: Cli) -> None:
    made = _json(cli("user", "add", "小李", "--role", "warehouse", "--json"))
    again = _json(cli("user", "reset-password", "小李", "--json"))
    assert made["name"] == again["name"] == "小李" and made["password"] != again["password"]
    assert cli("user", "disable", "小李")[0] == 0
    assert [(u["name"], u["is_active"]) for u in _json(cli("user", "list", "--json"))][-1] == ("小李", False)
    assert cli("user", "enable", "小李")[0] == 0
    assert cli("user", "reset-password", "nobody")[0] == 1
    assert cli("user", "add", "x", "--role", "king")[0] == 2
    assert cli("user", "add", "token:x")[0] == 2


def test_a_token_is_shown_once_and_can_be_revoked(cli: Cli) -> None:
    made = _json(cli("token", "create", "erp", "--scope", "orders:read", "--json"))
    assert made["token"].startswith("olt_")
    listed = cli("token", "list", "--json")[1]
    assert made["token"].split("_", 2)[2] not in listed and made["id"] in listed
    assert cli("token", "revoke", made["id"])[0] == 0
    assert cli("token", "revoke", made["id"])[0] == 1
    assert cli("token", "create", "erp", "--scope", "everything")[0] == 2


def test_a_blueprint_is_checked_compared_and_published_by_version(cli: Cli, tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "blueprints" / "default"
    assert cli("blueprint", "check", str(folder))[0] == 0
    assert _json(cli("blueprint", "diff", str(folder), "--json")) == []
    assert _json(cli("blueprint", "publish", str(folder), "--reason", "same", "--json")) == {"version": None}
    copy = tmp_path / "default"
    shutil.copytree(folder, copy)
    shares = copy / "publish.yaml"
    shares.write_text(shares.read_text("utf-8").replace("share_percent: 100", "share_percent: 90"), "utf-8")
    assert cli("blueprint", "diff", str(copy))[1].count("share_percent") >= 1
    assert _json(cli("blueprint", "publish", str(copy), "--reason", "autumn", "--json")) == {"version": 2}
    (copy / "cases/money.yaml").write_text("cases: [{kind: x}]\n", "utf-8")
    code, _, said = cli("blueprint", "check", str(copy))
    assert code == 1 and "cases/money.yaml:1" in said


@pytest.mark.parametrize("words, zh, usage", [
    (("alias", "add"), "缺少 spelling", "orderloom alias add --help"),
    (("stock", "receive", "A", "HZ", "many", "--reason", "x"), "quantity 应是整数", "orderloom stock receive --help"),
    (("warehouse", "add", "HZ", "--priority", "-5"), "--priority 不能小于 0", "orderloom warehouse add --help"),
    (("orders", "a", "b"), "多出来的参数：b", "orderloom orders --help"),
    (("orders", "--bogus"), "没有选项 --bogus", "orderloom orders --help"),
])
def test_a_mistyped_command_is_explained_in_the_asked_language(
    cli: Cli, words: tuple[str, ...], zh: str, usage: str
) -> None:
    code, _, err = cli(*words, "--lang", "zh")
    assert code == 2 and zh in err and usage in err and "Input should" not in err and "Missing" not in err


@pytest.mark.parametrize("words", [
    ("stock", "stocktake", "A", "HZ", "7"), ("hold", "X"), ("cancel", "X"), ("blueprint", "publish", "."),
])
def test_a_reason_that_says_nothing_is_not_kept_for_ever(cli: Cli, words: tuple[str, ...]) -> None:
    code, _, err = cli(*words, "--reason", "  ", "--lang", "zh")
    assert (code, err.strip()) == (2, "--reason 不能为空：写明原因。")


def test_a_code_that_stands_twice_in_a_table_with_other_values_is_asked_about(cli: Cli, tmp_path: Path) -> None:
    table = tmp_path / "goods.csv"
    table.write_text("编码,名称\nB-1,勺子\nB-1,叉子\n")
    code, _, err = cli("sku", "import", str(table), "--lang", "zh")
    assert code == 1 and "goods.csv:3 编码“B-1”与第 2 行重复" in err and _json(cli("sku", "list", "--json")) == []
    table.write_text("编码,名称\nB-1,勺子\nB-1,勺子\n")
    assert _json(cli("sku", "import", str(table), "--json"))["added"] == 1
