"""Every statement of the product is SQL to the server at hand: an older PostgreSQL must not refuse one by night."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg

from orderloom.adapters.db.columns import DECLARED
from orderloom.adapters.db.narrowed import HARMLESS, condition_of, narrowed
from orderloom.application.identity.sight import Rows

SOURCE = Path(__file__).resolve().parents[2] / "src" / "orderloom"
NAME = re.compile(r"^-- name: (\w+).*$", re.MULTILINE)
PLACE = re.compile(r"%\((\w+)\)[sbt]")
HOLES = {"{where}": "true", "{finds}": "true", "{columns}": "*", "{state}": "null", "{order}": "c.id", "{by}": "kind",
         "{key}": "orders.id", "{source}": "orders", "{sorting}": "orders.id"}
"""What is filled in by the program that asks."""
WRITES = re.compile(r"\bfor (no key )?update\b|\binsert into\b|\bdelete from\b|\bupdate \w+ set\b")
COMMENTS = re.compile(r"\A(?:\s|--[^\n]*\n)+")
STATEMENTS_MIN = 150


def statements() -> Iterator[tuple[str, str]]:
    """(file and name, text) of everything that stands in a `.sql` file under a name."""
    for path in sorted(SOURCE.rglob("*.sql")):
        parts = NAME.split(path.read_text("utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            yield f"{path.stem}.{name}", text.strip().rstrip(";")


def as_prepared(text: str) -> str:
    """The statement with numbered places, as the server knows them; the driver tells it that `at` is an instant."""
    for hole, filled in HOLES.items():
        text = text.replace(hole, filled)
    numbers: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        number = numbers.setdefault(found[1], len(numbers) + 1)
        return f"${number}::timestamptz" if found[1] == "at" else f"${number}"

    return PLACE.sub(place, text).replace("%%", "%")


def test_every_statement_is_sql_to_this_server(database: str) -> None:
    wrong, count = [], 0
    with psycopg.connect(database, autocommit=True) as connection:
        for count, (name, text) in enumerate(statements(), 1):
            try:
                connection.execute(f"prepare p{count} as {as_prepared(text)}".encode())
            except psycopg.Error as error:
                wrong.append(f"{name}: {error}")
    assert not wrong
    assert count >= STATEMENTS_MIN


def test_every_reading_statement_is_understood_by_who_sees_some_rows_alone(database: str) -> None:
    """What is read is narrowed for whoever is limited: no query may be written so that this makes no SQL of it."""
    rows = Rows((1,), (1, 2), ("浙江省",), ("M-001", "M-*"))
    wrong, count = [], 0
    with psycopg.connect(database, autocommit=True) as connection:
        for name, text in statements():
            if not COMMENTS.sub("", text).lower().startswith(("select", "with")) or WRITES.search(text):
                continue
            count += 1
            try:
                connection.execute(f"prepare n{count} as {narrowed(as_prepared(text), rows)}".encode())
            except psycopg.Error as error:
                wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)
    assert count >= STATEMENTS_MIN


def test_every_table_says_who_sees_which_of_its_rows() -> None:
    """A new table is seen by nobody who is limited until it is said how: by its columns, or in `narrowed.py`."""
    rows = Rows((1,), (1,), ("浙江省",), ("M-001",))
    blind = {table for table in DECLARED if condition_of(table, rows) and condition_of(table, Rows()) == ""
             and "false" in condition_of(table, rows).split(" and ")}
    assert blind <= {"file_import", "tally", "reread", "replay_run", "figure_day", "figure_minute", "correction",
                     "sales_hour", "sales_day", "stock_snapshot", "stock_snapshot_row"}, blind
    assert not [table for table in DECLARED if table not in HARMLESS and condition_of(table, rows) == ""]
