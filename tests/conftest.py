"""One PostgreSQL for the whole run, a fresh migrated database for every test that asks for one.

`database` gives a DSN. ORDERLOOM_TEST_DSN points the run at an external server instead; its role must be allowed to
create databases.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from orderloom.adapters.db.embedded import EmbeddedPostgres
from orderloom.adapters.db.migrate import migrate
from tests.quick import daily, told

REASONS = pytest.StashKey[Counter[str]]()
"""How many tests `--quick` left out, and why."""

MEMORY, ROOM_MIN = Path("/dev/shm"), 4 * 1024**3
"""Where the shared server lies if so many bytes are free there. Each database is a thousand files, and a disk with ext4
looks through all names that it forgot in the last minutes before it makes one: half a second for each test."""
END_CLIENTS = """
select pg_terminate_backend(pid) from pg_stat_activity where datname = {2} and usesysid is not null
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="leave out what takes long: see tests/quick.py")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is made while tests are found stays to the end: looking through it for what can go took a quarter of the
    time, and a part of every test's."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        items[:], left_out, config.stash[REASONS] = daily(items)
        config.hook.pytest_deselected(items=left_out)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker says what it left out: each collects all tests, and the process that sums up collects none."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash.get(REASONS, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[REASONS] = Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if reasons := config.stash.get(REASONS, None):
        terminalreporter.write_line(told(reasons))


class ForgetfulPostgres(EmbeddedPostgres):
    """The same server without fsync: what tests prove of durability, they prove on servers of their own."""

    def _spawn(self, command: list[str], lock: int) -> None:
        super()._spawn([*command, "-c", "fsync=off", "-c", "full_page_writes=off"], lock)


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty data folder with a short path that the database's account can reach; gone afterwards."""
    yield from _folder()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """DSN of a running PostgreSQL whose role may create databases."""
    external = os.environ.get("ORDERLOOM_TEST_DSN", "")
    if external:
        yield external
        return
    for folder in _folder(_memory()):
        with ForgetfulPostgres(folder) as postgres:
            yield postgres.dsn


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Name of a migrated database to copy from."""
    with _database(server, "") as name:
        migrate(make_conninfo(server, dbname=name))
        yield name


@pytest.fixture
def database(server: str, template: str) -> Iterator[str]:
    """DSN of a fresh database with the current schema, dropped after the test."""
    with _database(server, template) as name:
        yield make_conninfo(server, dbname=name)


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """DSN of a fresh database without any schema, dropped after the test."""
    with _database(server, "") as name:
        yield make_conninfo(server, dbname=name)


class _database:
    """A database that lives as long as the block: a copy of `template`, or empty."""

    def __init__(self, server: str, template: str) -> None:
        self.server = server
        self.template = template or "template0"
        self.name = f"test_{uuid4().hex[:16]}"

    def __enter__(self) -> str:
        self._run("CREATE DATABASE {0} TEMPLATE {1} ENCODING 'UTF8' STRATEGY file_copy")
        return self.name

    def __exit__(self, *_: object) -> None:
        # FORCE is refused to a role that is no superuser while autovacuum is at work there; a plain drop ends it.
        self._run("ALTER DATABASE {0} ALLOW_CONNECTIONS false", END_CLIENTS, "DROP DATABASE {0}")

    def _run(self, *texts: str) -> None:
        names = (sql.Identifier(self.name), sql.Identifier(self.template), sql.Literal(self.name))
        with psycopg.connect(self.server, autocommit=True) as connection:
            for text in texts:
                connection.execute(sql.SQL(text).format(*names))


def _memory() -> Path | None:
    """The folder in memory, if there is one with room; None: where temporary files are by default."""
    is_roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_MIN
    return MEMORY if is_roomy else None


def _folder(below: Path | None = None) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="orderloom-", dir=below))
    path.chmod(0o711)
    try:
        yield path
    finally:
        link = path / "postgres"
        if link.is_symlink():
            shutil.rmtree(link.readlink(), ignore_errors=True)
        shutil.rmtree(path, ignore_errors=True)
