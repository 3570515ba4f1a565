"""A folder in which a database with a million orders is kept between runs: built once, then only measured.

It lies in the user's own data folder. What is in it is named by what it was made of; when the schema, the seller or the
form of stored rows has changed since, it is made anew. A build that was broken off leaves nothing that is taken for
whole: the next one goes on with the orders that went through the route, and copies them again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks import stored
from benchmarks.hands import ROOT
from benchmarks.place import FURNISHED_MANY, Place
from orderloom.adapters.db.embedded import EmbeddedPostgres

BYTES_PER_ORDER = 13_000
BYTES_BESIDE = 8 << 30
"""The server's log of changes, and what sorting and copying need for a while."""
BYTES_FREE_LEAST = 3 << 30
"""A build stops before the disk is fuller than this."""
PROGRESS_SECONDS = 10.0
MADE_OF = (
    "benchmarks/seed.py", "benchmarks/stored.py", "benchmarks/copies.py", "benchmarks/desk_rows.sql",
    "src/orderloom/adapters/db/sql/schema", "src/orderloom/adapters/vault.py", "src/orderloom/adapters/packing.py",
    "src/orderloom/domain/event.py", "src/orderloom/domain/order.py", "src/orderloom/domain/log.py",
    "src/orderloom/application/publish.py",
)
"""The files that say which rows an order leaves. One that moves away is an error: the list is to name its new place."""
Say = Callable[[str], None]


class DiskTooFull(Exception):
    """There is no room for so many orders; the text says how much is wanted where."""


def folder() -> Path:
    """Where it is kept: `$XDG_DATA_HOME/orderloom-bench`, as a rule `~/.local/share/orderloom-bench`."""
    data = os.environ.get("XDG_DATA_HOME", "")
    return (Path(data) if data else Path.home() / ".local" / "share") / "orderloom-bench"


@contextmanager
def kept_place(orders: int, say: Say) -> Iterator[Place]:
    """The server on the kept folder, with `orders` orders stored in it. Raises DiskTooFull."""
    home = folder()
    with EmbeddedPostgres(home) as postgres:
        place = Place(home, postgres.dsn)
        data = postgres.data
        _forget_other(place, home, f"{made_of()} {orders}", say)
        if place.has(stored.GROWN):
            say(f"已存有 {orders:,} 单 | {orders:,} orders are stored already: {_gigabytes(place)} GB in {data}")
        else:
            _build(place, data, orders, say)
        yield place


def _forget_other(place: Place, home: Path, name: str, say: Say) -> None:
    """Drop what was made of something else."""
    label = home / "made-of"
    if label.exists() and label.read_text("utf-8") == name:
        return
    if place.has(stored.MADE) or place.has(stored.GROWN):
        say("表结构、卖家或存储格式有变，重新建立 | the schema, the seller or the form of rows has changed: made anew")
    for database in (stored.GROWN, stored.MADE, FURNISHED_MANY):
        place.drop(database)
    label.write_text(name, "utf-8")


def _build(place: Place, data: Path, orders: int, say: Say) -> None:
    place.drop(f"{stored.GROWN}_half")
    wanted, free = orders * BYTES_PER_ORDER + BYTES_BESIDE, shutil.disk_usage(data).free
    if free < wanted:
        raise DiskTooFull(f"{orders:,} orders need {wanted >> 30} GB in {data}, and {free >> 30} are free there")
    size = orders * BYTES_PER_ORDER >> 30
    say(f"建立 {orders:,} 单，约 {size} GB，只建一次 | storing {orders:,} orders once: about {size} GB in {data}")
    began = shown = time.monotonic()

    def progress(done: int, turns: int) -> None:
        nonlocal shown
        if shutil.disk_usage(data).free < BYTES_FREE_LEAST:
            raise DiskTooFull(f"less than {BYTES_FREE_LEAST >> 30} GB are left in {data}")
        if time.monotonic() - shown >= PROGRESS_SECONDS or done == turns:
            shown = time.monotonic()
            say(f"  {orders * done // turns:,} / {orders:,}, {shown - began:.0f} s")

    try:
        stored.grow(place, orders, progress)
    except DiskTooFull:
        place.drop(f"{stored.GROWN}_half")
        raise
    seconds = time.monotonic() - began
    say(f"已建立，用时 {seconds:.0f} 秒 | stored in {seconds:.0f} s: {_gigabytes(place)} GB in {data}\n")


def _gigabytes(place: Place) -> float:
    with psycopg.connect(place.server) as connection:
        row = connection.execute("select sum(pg_database_size(oid))::float8 from pg_database").fetchone()
    assert row is not None
    return round(float(row[0]) / 2**30, 1)


def made_of() -> str:
    """A digest of the files that say which rows an order leaves."""
    found = hashlib.sha256()
    for name in MADE_OF:
        path = ROOT / name
        for file in sorted(path.rglob("*.sql")) if path.is_dir() else [path]:
            found.update(file.read_bytes())
    return found.hexdigest()[:16]
