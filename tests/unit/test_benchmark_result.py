"""The result file of the benchmarks: programs read its keys, and its verdicts must be able to be a no."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import orjson
import pytest

from benchmarks import kept
from benchmarks.main import BENCHMARKS, main
from benchmarks.result import KEYS, Budget, Report, keep, machine, measured, percentile, table
from benchmarks.route_hand import STAGES, StageNotSeen, Stages

ROOT = Path(__file__).resolve().parents[2]


def test_a_program_that_reads_the_results_finds_the_keys_it_knows(tmp_path: Path) -> None:
    report = Report((measured("a", 10, "orders/s", floor=20, ratio_least=0.45),), {"a": {"rounds": 3}})
    path = tmp_path / "results" / "latest.json"
    keep([report], machine(), path)
    document = orjson.loads(path.read_bytes())
    assert list(document) == ["machine", "at", "long", "budgets", "details"]
    assert [tuple(row) for row in document["budgets"]] == [KEYS]
    assert document["budgets"][0] == {
        "name": "a", "value": 10.0, "unit": "orders/s", "floor": 20.0, "ratio": 0.5, "budget": "ratio >= 0.45",
        "met": True,
    }  # fmt: skip


@pytest.mark.parametrize(("row", "is_met"), [
    (measured("rate", 1_500, "requests/s", floor=None, least=1_500), True),
    (measured("rate", 1_499, "requests/s", floor=None, least=1_500), False),
    (measured("wait", 59.9, "ms", floor=10, most=60), True),
    (measured("wait", 60, "ms", floor=10, most=60), False),
    (measured("ratio", 44, "orders/s", floor=100, ratio_least=0.45), False),
    (measured("growth", 116, "µs/order", floor=100, ratio_most=1.15), False),
    (measured("both", 2_000, "requests/s", floor=1_000, least=1_500, ratio_least=3), False),
    (measured("wrong work", 9_999, "orders/s", floor=1, least=1, is_right=False), False),
])
def test_a_promise_that_was_broken_is_not_reported_as_kept(row: Budget, is_met: bool) -> None:
    assert row.met is is_met
    assert ("yes" if is_met else "NO") in table([row])


def test_a_figure_of_another_machine_can_be_judged_by_what_it_was_measured_on() -> None:
    told = machine()
    assert {"cpu", "python_build", "postgres"} <= set(told)
    assert told["python_build"].startswith(f"{told['python']}, ") and "/" not in told["python_build"]
    assert told["postgres"].startswith("postgres (PostgreSQL) ")


def test_a_figure_without_a_promise_says_so_and_breaks_none() -> None:
    row = measured("wall", 1, "orders/s", floor=100, instead="wall time, no budget")
    assert (row.budget, row.met) == ("wall time, no budget", True)
    assert not measured("wall", 1, "orders/s", floor=100, instead="wall time, no budget", is_right=False).met
    assert measured("r", 49, "x", floor=100, ratio_least=0.47, aim=0.5).budget == "ratio >= 0.47 (aim 0.5)"


def test_the_slowest_requests_are_in_the_percentile() -> None:
    assert percentile([1.0] * 98 + [5.0, 9.0], 0.99) == 5.0
    assert percentile([3.0], 0.95) == 3.0
    assert percentile([2.0, 1.0], 0.5) == 1.0


def test_a_reader_finds_every_benchmark_explained_in_the_document() -> None:
    text = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    explained = {word for line in text.splitlines() if line.startswith("| `") for word in line.split("|")[1].split("`")}
    assert explained >= {*BENCHMARKS, *KEYS, "machine", "at", "budgets", "details"}
    assert set(asdict(measured("x", 1, "s", floor=None))) == set(KEYS)


def test_a_misspelt_benchmark_is_refused_before_anything_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rout_batches"]) == 2
    assert "rout_batches" in capsys.readouterr().err


def test_stored_orders_are_told_from_those_of_another_schema_or_form(monkeypatch: pytest.MonkeyPatch) -> None:
    now = kept.made_of()
    assert now == kept.made_of()
    monkeypatch.setattr(kept, "MADE_OF", kept.MADE_OF[1:])
    assert kept.made_of() != now


def test_a_disk_without_room_is_named_and_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:
    class Empty:
        home = tmp_path

        def drop(self, name: str) -> None:
            pass

    @contextmanager
    def full(orders: int, say: Callable[[str], None]) -> Iterator[Empty]:
        usage = kept.shutil.disk_usage(tmp_path)
        monkeypatch.setattr(kept.shutil, "disk_usage", lambda _: usage._replace(free=10**9))
        kept._build(Empty(), tmp_path, orders, say)  # type: ignore[arg-type]
        yield Empty()

    monkeypatch.setattr("benchmarks.main.kept_place", full)
    assert main(["--long", "trace", "--output", str(tmp_path / "none.json")]) == 2
    told = capsys.readouterr().err
    assert "磁盘空间不足" in told and str(tmp_path) in told and "GB" in told
    assert not (tmp_path / "none.json").exists()


@pytest.mark.parametrize("gone", STAGES)
def test_a_stage_that_moved_away_is_an_error_and_not_reported_as_free(gone: str) -> None:
    stages = Stages()
    stages.seconds.update(dict.fromkeys(STAGES, 0.5))
    assert list(stages.told()) == list(STAGES)
    stages.seconds[gone] = 0.0
    with pytest.raises(StageNotSeen, match=gone):
        stages.told()
