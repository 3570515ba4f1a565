"""An auditor who trusts neither the product nor the database still finds every tampering, from an export alone."""

from __future__ import annotations

import ast
import gzip
import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from orderloom.adapters.db.audit import LogReader
from orderloom.adapters.db.audit_export import export_lines
from tests.support.audit_rows import Ledger, add_orders, add_subjects, ledger

TOOL = Path(__file__).parents[2] / "tools" / "verify_audit.py"


async def _export(log: Ledger, name: str = "log.jsonl") -> Path:
    path = log.home / name
    async with await psycopg.AsyncConnection.connect(log.dsn, autocommit=True) as connection:
        content = b"".join([line async for line in export_lines(LogReader(connection), log.home, log.now())])
    path.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return path


def _verify(log: Ledger, export: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(TOOL), str(export), "--checkpoints", str(log.home / "audit" / "checkpoints.jsonl"),
         "--public-key", str(log.home / "keys" / "audit.pub")], capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_the_verifier_shares_no_code_with_what_it_verifies() -> None:
    names = set()
    for node in ast.walk(ast.parse(TOOL.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names - set(sys.stdlib_module_names) == {"cryptography"}


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
async def test_a_whole_log_is_called_whole(database: str, home: Path, name: str) -> None:
    add_orders(database, 6)
    async with ledger(database, home) as log:
        await log.seal()
        add_orders(database, 3, first=50)
        assert _verify(log, await _export(log, name)) == (0, "45 events, 1 checkpoints, 0 faults\n")


@pytest.mark.parametrize("statement, words", [
    ("update order_event set facts = facts || ' ' where order_id = %s and seq = 3", "changed"),
    ("delete from order_event where order_id = %s and seq = 3", "deleted"),
    ("delete from order_event where order_id = %s and seq = 5", "cut off"),
    ("delete from order_event where order_id = %s", "cut off"),
    ("delete from orders where id = %s", "the order's own row is gone"),
    ("with events as (delete from order_event where order_id = %s returning order_id) "
     "delete from orders where id in (select order_id from events)", "60 events were sealed, 55 are there"),
    ("delete from audit_checkpoint where number = 1 and %s <> ''", "checkpoint missing"),
    ("update audit_checkpoint set to_xid = '999999' where number = 1 and %s <> ''", "checkpoint forged"),
])
async def test_tampering_is_found_in_the_export(database: str, home: Path, statement: str, words: str) -> None:
    orders = add_orders(database, 12)
    async with ledger(database, home) as log:
        await log.seal()
        log.break_in(statement, orders[4][0])
        code, said = _verify(log, await _export(log))
        assert code == 1 and words in said
        if "order_event set" in statement:
            assert f"order {orders[4][1]} event 3" in said


async def test_a_changed_export_or_a_foreign_key_proves_nothing(database: str, home: Path) -> None:
    add_orders(database, 3)
    async with ledger(database, home) as log:
        await log.seal()
        export = await _export(log)
        lines = [json.loads(line) for line in export.read_text().splitlines()]
        lines[-1]["actor"] = "nobody"
        export.write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert _verify(log, export)[0] == 1
        export.write_text("nonsense\n")
        assert _verify(log, export)[0] == 2


@pytest.mark.parametrize("statement, words", [
    ("update subject_event set facts = facts || ' ' where subject_id = %s and seq = 3", "subject {number} event 3"),
    ("delete from subject_event where subject_id = %s and seq = 4", "cut off: subject {number} event 4"),
    ("delete from subject_event where subject_id = %s", "cut off: subject {number} event 1"),
    ("delete from subject where id = %s", "the subject's own row is gone"),
    ("with gone as (delete from subject_event where subject_id = %s returning subject_id) "
     "delete from subject where id in (select subject_id from gone)", "12 events of subjects were sealed, 8 are there"),
])
async def test_tampering_with_a_document_is_found_in_the_export(
    database: str, home: Path, statement: str, words: str,
) -> None:
    add_orders(database, 2)
    made = add_subjects(database, 3)
    async with ledger(database, home) as log:
        await log.seal()
        assert _verify(log, await _export(log)) == (0, "22 events, 1 checkpoints, 0 faults\n")
        log.break_in(statement, made[1][0])
        code, said = _verify(log, await _export(log))
        assert code == 1 and words.format(number=made[1][1]) in said
