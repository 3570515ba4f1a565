"""The spool's books say what is owed, whatever a crash or a full disk cut off, and stay small."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from orderloom.adapters import spool_tally
from orderloom.adapters.spool_tally import SpoolTally


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.tally"


def owed(path: Path) -> dict[str, int]:
    return {stem: f.owed for stem, f in SpoolTally(path).files().items() if f.owed}


def test_what_was_taken_and_did_not_leave_is_owed(path: Path) -> None:
    tally = SpoolTally(path)
    tally.take("a", 3)
    SpoolTally(path).take("b", 2)
    tally.leave("a", 2)
    tally.write_off({"b": 2})
    assert owed(path) == {"a": 1} and SpoolTally(path).files()["b"].gone == 2


def test_what_turns_up_after_it_was_written_off_is_not_counted_twice(path: Path) -> None:
    tally = SpoolTally(path)
    tally.take("a", 2)
    tally.write_off({"a": 2})
    tally.leave("a", 2)
    assert owed(path) == {} and tally.files()["a"].gone == 0


def test_a_line_that_a_crash_cut_counts_for_nothing_and_harms_no_other(path: Path) -> None:
    tally = SpoolTally(path)
    tally.take("a", 12)
    with path.open("a") as out:
        out.write("\n+ b 1")
    tally.take("c", 1)
    assert owed(path) == {"a": 12, "c": 1}


def test_what_found_no_room_is_written_with_the_next_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tally = SpoolTally(path)
    tally.take("a", 1)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(spool_tally.os, "write", full)
        tally.leave("a", 1)
        with pytest.raises(OSError, match="No space"):
            tally.take("b", 1)
    tally.leave("x", 1)
    assert owed(path) == {}


def test_the_books_stay_small_and_forget_nothing_that_is_owed(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_tally, "COMPACT_BYTES", 2_000)
    one, other = SpoolTally(path), SpoolTally(path)
    one.take("kept", 5)
    one.leave("kept", 2)
    other.take("gone", 4)
    other.write_off({"gone": 4})
    for n in range(300):
        one.take(f"s{n}", 1)
        other.leave(f"s{n}", 1)
    assert path.stat().st_size < 4_000
    assert owed(path) == {"kept": 3} and one.files()["gone"].gone == 4
