"""The database's log does not fill the disk, however long the server runs and whatever it has to say."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from orderloom.adapters.db import server_log

SMALL = 1_000


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(server_log, "BYTES_MAX", SMALL)
    return tmp_path / "postgres.log"


def test_a_writer_that_never_stops_fills_two_files_at_most(log: Path) -> None:
    turned = 0
    with log.open("ab", buffering=0) as server:  # the server's own handle stays the same all the time
        for n in range(2_000):
            server.write(b"line %06d\n" % n)
            turned += server_log.turn(log)
    assert turned > 10 and sum(f.stat().st_size for f in log.parent.iterdir()) <= 3 * SMALL
    told = (log.with_name("postgres.log.1").read_bytes() + log.read_bytes()).splitlines()
    assert told[-1] == b"line 001999" and told == sorted(told)


def test_a_short_log_and_none_are_left_alone(log: Path) -> None:
    assert not server_log.turn(log)
    log.write_bytes(b"x" * SMALL)
    assert not server_log.turn(log) and log.stat().st_size == SMALL


def test_a_full_disk_keeps_the_log_until_it_is_twice_too_long(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(server_log.shutil, "copyfileobj", full)
    log.write_bytes(b"x" * (SMALL + 1))
    assert not server_log.turn(log) and log.stat().st_size == SMALL + 1
    log.write_bytes(b"x" * (2 * SMALL + 1))
    assert server_log.turn(log) and log.stat().st_size == 0
    assert [f.name for f in log.parent.iterdir()] == ["postgres.log"]
