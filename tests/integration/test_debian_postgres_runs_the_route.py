"""The same tests on Debian's PostgreSQL: a seller who brings a server of 15 must not find that the hub needs 18."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from orderloom.adapters.db.embedded_account import give, server_account

ROOT = Path(__file__).resolve().parents[2]
PLACE = Path("/usr/lib/postgresql")
SUITES = (
    "tests/migration",
    "tests/integration/test_every_statement_is_understood.py",
    "tests/integration/test_queues_on_bad_statistics.py",
    "tests/integration/test_a_lost_race_is_seen.py",
    "tests/integration/test_a_mass_fault_is_one_case.py",
    "tests/integration/test_replay_equals_stored.py",
    "tests/integration/test_one_pace_for_all_workers.py",
    "tests/integration/test_an_account_keeps_its_tokens.py",
    "tests/integration/test_api_orders.py",
    "tests/integration/test_api_work.py",
    "tests/integration/test_cli_carries_a_shop.py",
    "tests/route/test_one_order_from_payload_to_portal.py",
    "tests/route/test_incident_warehouse.py",
    "tests/route/test_incident_publish.py",
    "tests/route/test_incident_bad_ones.py",
    "tests/route/test_audit_finds_one_changed_byte.py",
)
"""What the server's version can matter to: the schema, every statement as such, plans, locks and races, and one way
along each stage, screen and command. Everything else says the same on any server that passes these."""
START_SECONDS_MAX = 60
RUN_SECONDS_MAX = 1_200
"""Only so that what hangs ends: a machine half as fast took 750 seconds."""
INSTALL_SECONDS_MAX = 600


def _programs() -> Path:
    """Debian's oldest server that the hub supports; installed when we may."""
    if not list(PLACE.glob("*/bin/postgres")):
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            pytest.fail("Debian's PostgreSQL is missing: sudo apt-get install -y postgresql")
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "postgresql"]):
            subprocess.run(command, check=True, timeout=INSTALL_SECONDS_MAX, stdout=subprocess.DEVNULL,
                           env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})  # fmt: skip
    found = [path for path in PLACE.glob("*/bin") if (path / "postgres").exists() and int(path.parent.name) >= 15]
    assert found, "no PostgreSQL of 15 or newer in /usr/lib/postgresql"
    return min(found, key=lambda path: int(path.parent.name))


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    """Debian's server below `folder`, unix socket only, and a role that is no superuser."""
    account, programs = server_account(), _programs()
    give(folder, account, 0o700)
    ids = {} if account.is_own else {"user": account.uid, "group": account.gid, "extra_groups": []}
    data = str(folder / "data")
    initdb = [programs / "initdb", "-D", data, "-U", "admin", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, cwd="/", **ids)  # type: ignore[call-overload]
    server = subprocess.Popen(  # type: ignore[call-overload]
        [programs / "postgres", "-D", data, "-k", str(folder), "-c", "listen_addresses=", "-p", "5432",
         "-c", "fsync=off"],  # durability is proven on servers of their own
        stderr=subprocess.DEVNULL, cwd="/", start_new_session=True, **ids,
    )
    try:
        _until_up(f"postgresql://admin@/postgres?host={folder}")
        yield f"postgresql://orderloom@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)  # a fast shutdown
        server.wait(START_SECONDS_MAX)


def _until_up(dsn: str) -> None:
    end = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute("create role orderloom login createdb")
                return
        except psycopg.OperationalError:
            assert time.monotonic() < end, "Debian's PostgreSQL did not come up"
            time.sleep(0.05)


@pytest.mark.skipif(bool(os.environ.get("ORDERLOOM_TEST_DSN")), reason="an external server was named already")
def test_the_route_runs_on_debians_server_as_on_the_embedded_one(home: Path) -> None:
    with _running(home) as dsn:
        with psycopg.connect(dsn) as connection:
            assert connection.info.server_version // 10_000 >= 15
        assert all((ROOT / suite).exists() for suite in SUITES)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *SUITES],
            cwd=ROOT, env={**os.environ, "ORDERLOOM_TEST_DSN": dsn}, capture_output=True, text=True, check=False,
            timeout=RUN_SECONDS_MAX,
        )
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
