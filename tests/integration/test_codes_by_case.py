"""`HZ` and `hz` are one warehouse to whoever types them: no slip of the shift key may split stock over two."""

from __future__ import annotations

from pathlib import Path

import psycopg
from test_cli_answers import Cli, cli

__all__ = ["cli"]


def test_a_second_spelling_of_a_warehouse_sku_alias_or_user_is_refused_with_the_first(
    cli: Cli, database: str, tmp_path: Path
) -> None:
    assert cli("warehouse", "add", "HZ")[0] == cli("sku", "add", "M-001")[0] == cli("sku", "add", "M-002")[0] == 0
    cli("connect", "files", "--code", "fl01")
    assert cli("alias", "add", "Mug-A", "M-001", "--account", "FL01")[0] == 0
    assert cli("user", "add", "Li", "--role", "service")[0] == 0
    for words, meant in (
        (("warehouse", "add", "hz"), "HZ"), (("sku", "add", "m-001"), "M-001"), (("sku", "add", "Ｍ-001"), "M-001"),
        (("alias", "add", "mug-a", "M-002", "--account", "FL01"), "Mug-A"), 
        (("user", "add", "li", "--role", "service"), ""),
    ):
        code, _, said = cli(*words, "--lang", "zh")
        assert code == 1 and meant in said, words
    (tmp_path / "goods.csv").write_text("编码\nN-1\nn-1\n")
    assert cli("sku", "import", str(tmp_path / "goods.csv"))[0] == 1
    assert "M-001" in cli("stock", "receive", "m-001", "HZ", "1", "--lang", "zh")[2]
    assert "HZ" in cli("stock", "receive", "M-001", "hz", "1", "--lang", "zh")[2]
    with psycopg.connect(database) as connection:
        count = "select (select count(*) from warehouse), (select count(*) from sku)"
        assert connection.execute(count).fetchone() == (1, 2)


def test_twins_that_are_there_already_go_on_as_before(cli: Cli, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("insert into warehouse (code, name) values ('HZ', ''), ('hz', '')")
        connection.execute("insert into sku (code) values ('A-1'), ('a-1')")
        connection.execute("insert into cache_version (name, version) values ('directory', 99) on conflict (name) "
                           "do update set version = 99")
    assert cli("warehouse", "add", "hz", "--priority", "3")[0] == cli("sku", "add", "a-1", "--name", "勺子")[0] == 0
    assert cli("alias", "add", "A-1 red", "A-1")[0] == cli("alias", "add", "a-1 RED", "A-1")[0] == 0
