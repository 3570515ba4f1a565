"""One message that breaks the processing is set aside alone, and what it holds stands in no log and in no case."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from structlog.testing import capture_logs

from orderloom.application.batch import BatchView
from orderloom.application.change import Change
from orderloom.application.commands import RecordOrder
from orderloom.application.decide import Route
from orderloom.application.handle import Handler
from orderloom.application.ports import StoreRefused
from orderloom.application.sort import Became, Landed, Sorted, sort, what_became
from orderloom.testing.builders import a_draft, a_line
from tests.support.bench import directory
from tests.support.moves import sealed

AT = datetime(2026, 3, 9, tzinfo=UTC)
CANARY = "张三 13800138000"


class Broken(ValueError):
    """Stands for what a database says when a row does not fit: its words hold the row."""

    sqlstate = "22003"


class Memory:
    """A queue in memory whose save fails while a bad message is in the batch."""

    def __init__(self, directory: Any, messages: Sequence[Landed], bad: str) -> None:
        self._directory, self.waiting, self._bad = directory, list(messages), bad
        self.became: list[Became] = []
        self.saves = 0
        self._taken: list[Landed] = []

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Memory]:
        yield self

    async def directory(self) -> Any:
        return self._directory

    async def take(self, limit: int, only: Sequence[str] | None) -> list[Landed]:
        self._taken = [m for m in self.waiting if only is None or m.id in only][:limit]
        return self._taken

    async def load(self, batch: Any, directory: Any, at: datetime, tries: int) -> BatchView:
        return BatchView(directory, at)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        yield

    async def unstorable(self, change: Change, at: datetime, broken_key: str = "") -> dict[str, StoreRefused]:
        return {}

    async def save(self, change: Change, at: datetime, actor: str, became: Sequence[Became] = ()) -> None:
        self.saves += 1
        if any(m.id == self._bad for m in self._taken) and not change.cases:
            raise Broken(f"Failing row contains ({CANARY})")
        self.became += became
        self.waiting = [m for m in self.waiting if m.id not in {s.id for s in became}]


async def test_a_message_that_breaks_the_processing_is_parked_alone_and_quoted_nowhere() -> None:
    messages = [Landed(f"m{n}", 1, "t", AT, b"", {}) for n in range(64)]
    memory = Memory(directory(), messages, "m17")
    early = lambda taken, _: Sorted([], [], {n: Became(m.id, "normalised", "") for n, m in enumerate(taken)})  # noqa: E731
    handler = Handler(memory.begin, Route({}, {}), early, lambda: AT, lambda: iter(()))  # type: ignore[arg-type]
    with capture_logs() as logs:
        assert await handler.handle_messages(64) == 64
    outcomes = {s.id: s.outcome for s in memory.became}
    assert outcomes.pop("m17") == "parked" and set(outcomes.values()) == {"normalised"} and len(outcomes) == 63
    (poison,) = [line for line in logs if line["event"] == "poison"]
    assert poison["error"] == "Broken 22003" and "test_handle.py" in poison["where"]
    assert "13800138000" not in str(logs) and "13800138000" not in str(memory.became)


class Overtaken(Memory):
    """Another worker is through with the message while this one failed over it."""

    async def save(self, change: Change, at: datetime, actor: str, became: Sequence[Became] = ()) -> None:
        self.waiting = [m for m in self.waiting if m.id != self._bad]
        await super().save(change, at, actor, became)


async def test_a_message_that_another_worker_is_through_with_is_not_parked_by_the_one_that_failed() -> None:
    memory = Overtaken(directory(), [Landed("m1", 1, "t", AT, b"", {})], "m1")
    handler = Handler(memory.begin, Route({}, {}), lambda taken, _: Sorted([], [], {}), lambda: AT, lambda: iter(()))
    assert await handler.handle_messages() == 1
    assert memory.became == []


def test_a_test_order_among_real_ones_is_left_out_and_no_real_one_with_it() -> None:
    class Readers:
        def of(self, connector: str) -> Readers:
            return self

        def read(self, *_: object) -> list[Any]:
            return [a_draft("REAL", a_line()), a_draft("TEST", a_line(), is_test=True)]

    found = sort([Landed("m1", 1, "t", AT, b"{}", {})], directory(), Readers(), lambda *_: sealed(1))
    assert [c.draft.external_id for c in found.commands if isinstance(c, RecordOrder)] == ["REAL"] and not found.early


def test_a_test_order_is_told_of_once_however_often_the_channel_repeats_it() -> None:
    class Readers:
        def of(self, connector: str) -> Readers:
            return self

        def read(self, *_: object) -> list[Any]:
            return [a_draft("TEST", a_line(), is_test=True)]

    here, taken = directory(), [Landed(f"m{n}", 1, "t", AT, b"{}", {}) for n in (1, 2)]
    change = Change()
    became = what_became(taken, sort(taken, here, Readers(), lambda *_: sealed(1)), [], change, here, AT)
    assert [(b.outcome, b.reason) for b in became] == [("quarantined", "test_order")] * 2
    assert {(case.kind, case.subject) for case in change.cases} == {("test_order", f"{here.accounts[1].code}:TEST")}
