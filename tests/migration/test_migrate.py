"""Migrations on a real server: nothing is applied twice, half, or onto a database of a newer build."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import psycopg
import pytest

from orderloom.adapters.db.migrate import FOLDER, files, migrate, pending
from orderloom.application.ports import DatabaseTrouble


def _write(folder: Path, **scripts: str) -> Path:
    for name, text in scripts.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(text)
    return folder


def test_an_upgrade_applies_each_file_once_and_says_which(empty_database: str) -> None:
    names = [path.stem for path in files()]
    assert pending(empty_database) == names
    assert migrate(empty_database) == names
    assert migrate(empty_database) == []
    assert pending(empty_database) == []


def test_processes_that_start_together_do_not_break_the_upgrade(empty_database: str) -> None:
    applied: list[list[str]] = []
    threads = [threading.Thread(target=lambda: applied.append(migrate(empty_database))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [[], [], [], [path.stem for path in files()]]


def test_an_old_build_does_not_write_into_a_newer_database(empty_database: str, tmp_path: Path) -> None:
    migrate(empty_database, _write(tmp_path, m0001_a="create table a (i int)", m0002_b="create table b (i int)"))
    (tmp_path / "0002_b.sql").unlink()
    with pytest.raises(DatabaseTrouble, match=r"0002.*较新") as caught:
        migrate(empty_database, tmp_path)
    assert caught.value.code == "newer_database"
    with pytest.raises(DatabaseTrouble):
        pending(empty_database, tmp_path)


def test_a_failing_file_leaves_nothing_of_itself_and_all_before_it(empty_database: str, tmp_path: Path) -> None:
    broken = "create table c (i int); select 1 / 0;"
    _write(tmp_path, m0001_a="create table a (t text); insert into a values ('100%:x')", m0002_b=broken)
    with pytest.raises(Exception, match="division by zero"):
        migrate(empty_database, tmp_path)
    with psycopg.connect(empty_database) as connection:
        found = connection.execute("select to_regclass('a')::text, to_regclass('c')::text").fetchone()
        assert found == ("a", None)
        assert connection.execute("select t from a").fetchone() == ("100%:x",)
    _write(tmp_path, m0002_b="create table c (i int)")
    assert migrate(empty_database, tmp_path) == ["0002_b"]


@pytest.mark.parametrize("name", ["0002_gap.sql", "1_short.sql", "0001-dash.sql"])
def test_a_misnumbered_migration_is_refused_before_it_runs(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("select 1")
    with pytest.raises(ValueError, match="numbered"):
        files(tmp_path)


def test_the_shipped_migrations_are_numbered_without_gaps() -> None:
    assert files(FOLDER)


def test_an_account_connected_inside_before_addresses_were_judged_stays_reachable(
    empty_database: str, tmp_path: Path
) -> None:
    names = [path.name for path in files()]
    for name in names[:next(i for i, name in enumerate(names) if name.endswith("_private_hosts.sql"))]:
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    migrate(empty_database, tmp_path)
    given = {"A": "http://192.168.1.20:8080/api", "B": "http://[::1]:80/x", "C": "https://erp.local/", "D": "http://wms/x",
             "E": "https://eco.taobao.com/router/rest", "F": ""}
    with psycopg.connect(empty_database) as connection:
        for code, url in given.items():
            connection.execute("insert into account (code, family, connector, zone, base_url, credentials_cipher)"
                               " values (%s, 'systems', 'x', 'UTC', %s, '')", (code, url))
        connection.execute("insert into account (code, family, connector, zone, base_url, credentials_cipher)"
                           " values ('S', 'subscribers', 'webhook', 'UTC', 'http://127.0.0.1/', '')")
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute("select code, settings -> 'private_hosts' from account order by code").fetchall()
    hosts = {"A": ["192.168.1.20"], "B": ["::1"], "C": ["erp.local"], "D": ["wms"], "E": None, "F": None, "S": None}
    assert dict(rows) == hosts


BOOKED = """
with n as (select gen_random_uuid() as id), p as (
    insert into pickup
    select %(code)s, n.id, 'W', 1, 'out', a.id, 'x', now(), now(), 'booked', 'B', '', 'x', now(), now()
    from n, account a where a.code = %(code)s
)
insert into delivery (id, account_id, kind, order_id, order_key, body, state, due_at, created_at, pruned_at)
select n.id, a.id, 'pickup', n.id, 'k', %(body)s, 'done', now(), now(), case when %(is_pruned)s then now() end
from n, account a where a.code = %(code)s"""


def test_a_courier_that_was_booked_before_knows_its_label_and_whether_it_ends_with_it(
    empty_database: str, tmp_path: Path
) -> None:
    names = [path.name for path in files()]
    for name in names[:next(i for i, name in enumerate(names) if name.endswith("_couriers_called_off.sql"))]:
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    migrate(empty_database, tmp_path)
    given = (("A", "sf_express", "W-1-1", False), ("B", "kdniao", "W-2-1", False), ("C", "kuaidi100", "", False),
             ("D", "jd_logistics", "W-4-1", True))
    with psycopg.connect(empty_database) as connection:
        for code, carrier, label, is_pruned in given:
            connection.execute("insert into account (code, family, connector, zone, base_url, credentials_cipher)"
                               " values (%s, 'carriers', %s, 'UTC', '', '')", (code, carrier))
            body = {} if is_pruned else {"pickup_no": code, "label_no": label}
            connection.execute(BOOKED, {"code": code, "is_pruned": is_pruned, "body": json.dumps(body)})
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        rows = connection.execute(
            "select number, state, label_no, is_of_label, is_unwanted from pickup order by 1").fetchall()
    assert rows == [("A", "booked", "W-1-1", True, False), ("B", "booked", "W-2-1", False, False),
                    ("C", "booked", "", False, False), ("D", "booked", "", False, False)]
