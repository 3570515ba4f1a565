"""An emergency: 100,000 rows in three files of three encodings, one in a hundred with bytes that nobody can decode.

Every row is accounted for: those in orders and those that wait as unreadable make up the files, and a second import of
the same files brings nothing new. Time is told to the last row durable, and to the last order through the route.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.hands import Hand, hands
from benchmarks.many_rows import ENCODINGS, write_files
from benchmarks.place import Place
from benchmarks.result import Report, measured
from benchmarks.seed import sku_code

ROWS, ROWS_QUICK, BROKEN_SHARE = 100_000, 10_000, 0.01
SECONDS_MOST, MIB_MOST = 60.0, 400.0
COUNTS = """
select (select count(*) from orders),
    (select count(*) from intake i join message m on m.id = i.message_id
     where m.topic = 'unreadable' and i.outcome = 'parked'),
    (select count(*) from intake where outcome = 'parked')"""


def measure(place: Place, *, is_quick: bool) -> Report:
    """Seconds until every row is durable, further until every order is recorded, and the memory at most."""
    rows = ROWS_QUICK if is_quick else ROWS
    with place.database("bench_import") as dsn, tempfile.TemporaryDirectory(prefix="orderloom-import-bench-") as folder:
        paths, broken = write_files(Path(folder), rows, BROKEN_SHARE, sku_code(1))
        hand = Hand("benchmarks.import_hand", home=str(place.home), dsn=dsn, paths=[str(path) for path in paths])
        with hands([hand]):
            hand.go()
            found = hand.result()
        with psycopg.connect(dsn) as connection:
            counted = connection.execute(COUNTS).fetchone()
    assert counted is not None
    lost = rows - counted[0] - counted[1]
    is_right = lost == 0 and _is_right(found, rows, broken) and counted[1] == counted[2] == sum(broken)
    through = found["land_seconds"] + found["route_seconds"]
    mib = found["mib"] + found["reader_mib"]
    return Report((
        measured("import_rows", found["land_seconds"], "s", floor=None, most=SECONDS_MOST, is_right=is_right),
        measured("import_rows_through", through, "s", floor=None, instead="one process, wall time, no budget",
                 is_right=is_right),
        measured("import_rows_memory", mib, "MiB", floor=None, most=MIB_MOST, is_right=is_right),
    ), {"import_rows": {"rows": rows, "broken": sum(broken), "lost": lost, **found}}, (
        f"{rows:,} rows, {sum(broken):,} broken, {lost} lost: landed in {found['land_seconds']:.1f} s, through the "
        f"route in {found['route_seconds']:.1f} s more, known again in {found['again_seconds']:.1f} s; "
        f"{found['mib']:.0f} + {found['reader_mib']:.0f} MiB at most"))


def _is_right(found: dict[str, Any], rows: int, broken: list[int]) -> bool:
    return (sum(found["rows"]) == found["items"] == rows and found["rows_failed"] == broken
            and not found["duplicates"] and not found["again_new"] and found["encodings"] == list(ENCODINGS))
