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
SUITES = ("tests/migration", "tests/integration", "tests/route")
IGNORED = (
    "tests/integration/test_embedded_postgres_keeps_its_promises.py",
    f"tests/integration/{Path(__file__).name}",
    # What these prove does not depend on the server's version, and they take minutes: once is enough.
    "tests/integration/test_schemathesis.py",
    "tests/integration/test_audit_stands_without_the_product.py",
    "tests/route/test_incident_outages.py",
    "tests/route/test_rehearsed_world.py",
)
START_SECONDS_MAX = 60
RUN_SECONDS_MAX = 1200
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
        [programs / "postgres", "-D", data, "-k", str(folder), "-c", "listen_addresses=", "-p", "5432"],
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
def test_everything_that_runs_on_the_embedded_database_runs_on_debians(home: Path) -> None:
    with _running(home) as dsn:
        with psycopg.connect(dsn) as connection:
            assert connection.info.server_version // 10_000 >= 15
        suites = [suite for suite in SUITES if list((ROOT / suite).glob("test_*.py"))]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *suites, *(f"--ignore={it}" for it in IGNORED)],
            cwd=ROOT, env={**os.environ, "ORDERLOOM_TEST_DSN": dsn}, capture_output=True, text=True, check=False,
            timeout=RUN_SECONDS_MAX,
        )
    assert done.returncode == 0, done.stdout[-6000:]
    assert " passed" in done.stdout
