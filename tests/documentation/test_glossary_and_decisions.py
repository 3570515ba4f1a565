"""The written words and decisions can be found, kept short, and do not promise what is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orderloom.route import BESIDE, LEGS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
QUERIES = ROOT / "src" / "orderloom" / "adapters" / "db" / "sql" / "queries"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
PAGES = [DOCS / "ARCHITECTURE.md", DOCS / "locking.md", DOCS / "glossary.md", DOCS / "route.md", *DECISIONS]
DECISION_LINES_MAX = 50
PAGE_LINES_MAX = 150
ROUTE_LINES_MAX = 250
"""The route's page has a row for each verb."""
ROW = re.compile(r"^\| ([a-z][a-z -]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)


def test_decisions_are_numbered_without_gaps_and_short_enough_to_be_read() -> None:
    assert [p.name[:4] for p in DECISIONS] == [f"{n:04d}" for n in range(1, len(DECISIONS) + 1)]
    for page in DECISIONS:
        text = page.read_text("utf-8")
        assert len(text.splitlines()) <= DECISION_LINES_MAX, page.name
        assert text.startswith(f"# {page.name[:4]} "), page.name
        for part in ("**Status**", "## Context", "## Decision", "## Consequences"):
            assert part in text, f"{page.name} has no {part}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    assert len(text.splitlines()) <= (ROUTE_LINES_MAX if page.name == "route.md" else PAGE_LINES_MAX)
    for name in re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:py|sql|md|yaml))(?:: [\w, ]+)?`", text):
        found = [base for base in (ROOT, ROOT / "src" / "orderloom", DOCS, QUERIES) if (base / name).exists()]
        assert found, f"{page.name} names {name}, which is not there"
    for link in re.findall(r"\]\(([\w./-]+)\)", text):
        assert (page.parent / link).exists(), f"{page.name} links to {link}, which is not there"


@pytest.mark.parametrize("statement", re.findall(r"`(\w+)\.sql: (\w+)`", (DOCS / "locking.md").read_text("utf-8")))
def test_the_locking_page_names_statements_that_lock(statement: tuple[str, str]) -> None:
    file, name = statement
    text = (QUERIES / f"{file}.sql").read_text("utf-8")
    body = text.split(f"-- name: {name}")[1].split("-- name:")[0]
    assert "for update" in body or "advisory_lock" in body, statement


def test_locks_on_several_rows_are_taken_in_one_order_everywhere() -> None:
    for file in QUERIES.glob("*.sql"):
        for query in file.read_text("utf-8").split("-- name: ")[1:]:
            many = "any (" in query or "join d on" in query
            if "for update" in query and many and "skip locked" not in query:
                assert "order by" in query, f"{file.name}: {query.splitlines()[0]} locks rows in any order"


def test_every_word_has_its_chinese_and_no_word_is_one_to_avoid() -> None:
    rows = ROW.findall((DOCS / "glossary.md").read_text("utf-8").split("|---|", 1)[1])
    words = [row[0] for row in rows]
    assert words == sorted(words) and len(set(words)) == len(words) >= 30
    for word, chinese, meaning, avoided in rows:
        assert re.search(r"[\u4e00-\u9fff]", chinese), f"{word} has no Chinese"
        assert meaning.strip() and word not in [a.strip() for a in avoided.split(",")]


def test_every_leg_is_on_the_architecture_page() -> None:
    page = (DOCS / "ARCHITECTURE.md").read_text("utf-8")
    assert [s.verb for s in LEGS if f"─{s.verb}─" not in page] == []
    assert {s.verb for s in BESIDE} >= {"wake", "hold", "cancel"}
