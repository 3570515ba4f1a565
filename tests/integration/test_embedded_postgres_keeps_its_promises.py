"""The embedded database against what kills databases: kill -9, strange lock files, two starters, a full disk."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from orderloom.adapters.db import embedded_cluster, server_log
from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.embedded_account import server_account
from orderloom.adapters.db.embedded_lockfile import running
from orderloom.application.ports import DatabaseTrouble

SECONDS_MAX = 60
STARTER = """
import sys, time
from pathlib import Path
from orderloom.adapters.db.embedded import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]))
print(postgres.start(), postgres.is_starter, flush=True)
time.sleep(600)
"""


def _starter(home: Path) -> tuple[subprocess.Popen[str], str, bool]:
    """Another process that starts (or attaches to) the database and then does nothing."""
    child = subprocess.Popen([sys.executable, "-c", STARTER, str(home)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    dsn, is_starter = child.stdout.readline().split()
    return child, dsn, is_starter == "True"


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def _kill(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _pid(postgres: EmbeddedPostgres) -> int:
    live = running(postgres.data)
    assert live is not None
    return live.pid


def test_what_was_committed_is_there_after_everything_was_killed(home: Path) -> None:
    child, dsn, _ = _starter(home)
    postgres = EmbeddedPostgres(home)
    with psycopg.connect(dsn) as connection:
        connection.execute("create table kept as select generate_series(1, 20000) as i")
    server = _pid(postgres)
    os.kill(server, signal.SIGKILL)
    _kill(child)
    with postgres:
        assert postgres.is_starter
        with psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("select count(*) from kept").fetchone() == (20000,)


def test_a_server_that_dies_while_it_is_greeted_is_started_anew(home: Path) -> None:
    child, _, _ = _starter(home)
    postgres = EmbeddedPostgres(home, seconds_max=SECONDS_MAX)
    server = _pid(postgres)
    os.kill(server, signal.SIGSTOP)
    assert postgres.is_running()
    threading.Timer(1, os.kill, (server, signal.SIGKILL)).start()
    with postgres:
        assert postgres.is_starter and _pid(postgres) != server
    _kill(child)


def test_a_database_does_not_run_on_when_the_hub_was_killed(home: Path) -> None:
    child, _, is_starter = _starter(home)
    assert is_starter
    postgres = EmbeddedPostgres(home)
    assert postgres.is_running()
    _kill(child)
    _until(lambda: "database system is shut down" in (home / "postgres.log").read_text())
    assert not postgres.is_running()


def test_the_log_of_a_running_server_stays_bounded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_log, "BYTES_MAX", 100_000)
    monkeypatch.setattr(server_log, "LOOK_SECONDS", 0.05)
    chatter = b"do $$ begin for n in 1..2000 loop raise log 'line % %', n, repeat('x', 200); end loop; end $$"
    with EmbeddedPostgres(home) as postgres:
        log = home / "postgres.log"
        with psycopg.connect(postgres.dsn, autocommit=True) as connection:
            for _ in range(3):
                connection.execute(chatter)
                _until(lambda: log.stat().st_size <= server_log.BYTES_MAX)
            connection.execute("do $$ begin raise log 'the last word'; end $$")
        _until(lambda: "the last word" in log.read_text())
        assert (home / "postgres.log.1").stat().st_size <= server_log.BYTES_MAX
    assert "database system is shut down" in log.read_text()


def test_the_log_quotes_no_row_that_the_server_refused(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres, psycopg.connect(postgres.dsn, autocommit=True) as connection:
        connection.execute("create table t (phone text unique)")
        connection.execute("insert into t values ('13800138000')")
        for wrong in (b"select '13800138000'::date", b"insert into t values ('13800138000')"):
            with pytest.raises(psycopg.Error):
                connection.execute(wrong)
        with pytest.raises(psycopg.Error), connection.cursor() as cursor, cursor.copy("copy t from stdin") as copy:
            copy.write_row(["13800138000"])
        assert "13800138000" not in (home / "postgres.log").read_text()


def test_several_processes_share_one_database_and_only_the_starter_stops_it(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        child, dsn, is_starter = _starter(home)
        assert (dsn, is_starter) == (postgres.dsn, False)
        _kill(child)
        second = EmbeddedPostgres(home)
        assert second.start() == postgres.dsn
        second.stop()
        with psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not postgres.is_running()


def test_processes_that_start_together_get_one_database(home: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(home)]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    try:
        words = [child.stdout.readline().split() for child in children if child.stdout is not None]
        assert len({dsn for dsn, _ in words}) == 1
        assert sorted(is_starter for _, is_starter in words) == ["False", "False", "True"]
    finally:
        for child in children:
            _kill(child)
    _until(lambda: not EmbeddedPostgres(home).is_running())


@pytest.mark.parametrize("content", [
    b"", b"12", b"garbage\n", b"%d\n/elsewhere\n1\n5432\n/tmp\n127.0.0.1\n1 1\nready\n",
])
def test_a_stale_or_torn_lock_file_does_not_keep_the_shop_closed(home: Path, content: bytes) -> None:
    with EmbeddedPostgres(home) as postgres:
        data = postgres.data
    # The number of a living process that is not ours: what a reboot makes of a stale lock file.
    stranger = subprocess.Popen(["/bin/sleep", "600"])
    try:
        (data / "postmaster.pid").write_bytes(content % stranger.pid if b"%d" in content else content)
        assert not postgres.is_running()
        with EmbeddedPostgres(home) as again:
            assert again.is_starter
    finally:
        stranger.kill()
        stranger.wait()


def test_a_second_owner_never_writes_into_a_living_database(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        (postgres.data / "postmaster.pid").unlink()  # the naive check would now see nobody
        with pytest.raises(DatabaseTrouble) as caught:
            EmbeddedPostgres(home, seconds_max=0.5).start()
        assert caught.value.code == "too_slow"


def test_an_interrupted_first_start_is_begun_anew(home: Path) -> None:
    data = embedded_cluster.locate(home, server_account())
    half = data.with_name(f"{data.name}.half")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(home) as postgres:
        assert postgres.is_running()


def test_data_of_another_major_version_is_refused_with_the_way_out(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        data = postgres.data
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseTrouble, match=r"PostgreSQL 16.*\n.*pg_dump|Dump it") as caught:
        EmbeddedPostgres(home).start()
    assert caught.value.code == "wrong_major"


def test_a_folder_with_other_files_is_not_overwritten(home: Path) -> None:
    data = embedded_cluster.locate(home, server_account())
    data.mkdir(parents=True)
    (data / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(DatabaseTrouble) as caught:
        EmbeddedPostgres(home).start()
    assert caught.value.code == "not_a_cluster"
    assert (data / "photo.jpg").read_bytes() == b"mine"


def test_a_full_disk_is_named_and_costs_no_data(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_cluster, "BYTES_TO_CREATE_MIN", 1 << 60)
    with pytest.raises(DatabaseTrouble, match="磁盘已满") as caught:
        EmbeddedPostgres(home).start()
    assert caught.value.code == "disk_full"
    assert not (home / "postgres" / "PG_VERSION").exists()


def test_a_cluster_of_before_writes_checkpoints_rarely_too_unless_its_operator_says_otherwise(home: Path) -> None:
    for lines, expected in (([], "15min"), (["checkpoint_timeout = 7min"], "7min")):
        with EmbeddedPostgres(home) as postgres:  # makes the cluster the first time; the file is of before from then on
            file = postgres.data / "postgresql.conf"
        kept = [line for line in file.read_text().splitlines() if not line.startswith("checkpoint_timeout")]
        file.write_text("\n".join([*kept, *lines, ""]))
        with EmbeddedPostgres(home) as postgres, psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("show checkpoint_timeout").fetchone() == (expected,)


@pytest.mark.parametrize(("gigabytes", "wal"), [(500, "4GB"), (40, "2GB"), (10, "1GB")])
def test_the_log_of_changes_leaves_room_on_a_small_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gigabytes: int, wal: str,
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(embedded_cluster.shutil, "disk_usage", lambda _: usage._replace(total=gigabytes << 30))
    assert embedded_cluster.defaults(tmp_path)["max_wal_size"] == wal


def test_a_taken_port_is_replaced_unless_it_was_asked_for(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    stored = int((home / "postgres.port").read_text())
    with socket.create_server(("127.0.0.1", stored)):
        with pytest.raises(DatabaseTrouble) as caught:
            EmbeddedPostgres(home, stored).start()
        assert caught.value.code == "port_taken"
        with EmbeddedPostgres(home) as postgres:
            assert f"port={stored}" not in postgres.dsn


def test_nobody_gets_in_without_the_password_and_the_hub_is_no_superuser(home: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        assert (home / "postgres.password").stat().st_mode & 0o077 == 0
        port = int((home / "postgres.port").read_text())
        with psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("show is_superuser").fetchone() == ("off",)
            assert connection.execute("show fsync").fetchone() == ("on",)
        for address in (f"host=127.0.0.1 port={port}", postgres.dsn.replace("orderloom:", "orderloom:x", 1)):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(address, dbname="orderloom", user="orderloom", password="wrong")


def test_a_lost_password_file_is_named_instead_of_a_silent_new_one(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    (home / "postgres.password").unlink()
    with pytest.raises(DatabaseTrouble, match="备份") as caught:
        EmbeddedPostgres(home).start()
    assert caught.value.code == "password_lost"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account that cannot reach its folders")
def test_a_home_below_a_closed_folder_works_and_the_folder_stays_closed(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "home") as postgres:
        data = postgres.data
        assert not data.is_relative_to(home)
        with psycopg.connect(postgres.dsn) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert closed.stat().st_mode & 0o777 == 0o700
        assert data.stat().st_uid == server_account().uid != 0
    (home / "postgres").symlink_to(data)  # lets the fixture remove it
