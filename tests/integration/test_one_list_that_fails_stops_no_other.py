"""A list that answers with errors for good - a right that was taken away - holds back itself alone: orders
go on coming, the account says what is not read, and when the list is back nothing of it is missing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from orderloom.application.sources.pulling import FAILURES_BEFORE_CASE, pull_step
from tests.support.source_hub import Source, opened

REFUNDS, ORDERS = "pdd.refund.list", "pdd.order.number"
ASKED = timedelta(minutes=1)


async def _read(source: Source, seconds: float = 65) -> None:
    source.clock.moved += timedelta(seconds=seconds)
    await pull_step(source.hub)  # type: ignore[arg-type]


async def _state(source: Source) -> tuple[Any, ...]:
    (row,) = await source.ask("select at, key, failures, last_error, due_at from pull_cursor")
    return row


def _calls(source: Source, name: str) -> int:
    return int(sum(count for call, count in source.simulator.requests.items() if name in call))


async def test_orders_come_at_their_own_pace_while_another_list_is_refused_for_hours(
    database: str, tmp_path: Path
) -> None:
    async with opened("pinduoduo", database, tmp_path) as source:
        await _read(source, 0)
        stood = (await _state(source))[0]
        source.simulator.trouble.add("status_500", 10_000, on=REFUNDS)
        landed, kept = 0, []
        for number in range(1, 40):
            kept.append(source.place(number, timedelta(seconds=1)))
            await _read(source)
            if number == 1:
                source.simulator.ask_refund(kept[0], 0, at=source.clock() - timedelta(seconds=1))
            landed = len(await source.landed())
        assert landed >= 38, "every order but the one of the last second came meanwhile"
        at, key, failures, error, due_at = await _state(source)
        assert stood - timedelta(minutes=3) <= at <= stood + timedelta(minutes=2), "the place is that of who is behind"
        assert '"failing":["refunds"]' in key and failures >= FAILURES_BEFORE_CASE
        zh, _, en = error.partition(" / ")
        assert zh.startswith("refunds 未能读取，其余照常：") and en.startswith("refunds not read, the others are: ")
        assert due_at - source.clock() <= ASKED, "what can be read is not put off"
        cases = await source.ask("select kind, evidence ->> 'why' from case_file where resolved_at is null")
        assert [kind for kind, _ in cases] == ["account_unwell"] and cases[0][1].startswith("refunds")
        asked = _calls(source, REFUNDS)
        assert asked < _calls(source, ORDERS) / 2, "who is refused is not asked every time"

        source.simulator.trouble.lift("status_500")
        for _ in range(8):
            await _read(source)
        at, key, failures, error, _ = await _state(source)
        assert (key, failures, error) == ("", 0, "")
        assert source.clock() - at < timedelta(minutes=2)
        topics = dict(await source.ask("select topic, count(*) from message group by 1"))
        assert topics["refund"] == 1, "the application from the time in which the list was refused is there"
        assert not await source.ask("select 1 from case_file where kind = 'account_unwell' and resolved_at is null")


async def test_a_platform_that_is_away_is_asked_less_and_less_often_and_no_place_moves(
    database: str, tmp_path: Path
) -> None:
    async with opened("pinduoduo", database, tmp_path) as source:
        await _read(source, 0)
        stood = (await _state(source))[:2]
        source.simulator.trouble.add("status_500", 10_000)
        for _ in range(4):
            await _read(source, 600)
        at, key, failures, error, due_at = await _state(source)
        assert (at, failures) == (stood[0], 4) and '"ahead"' not in key
        assert "http_500" in error and due_at - source.clock() > ASKED
        source.simulator.trouble.lift("status_500")
        await _read(source, 600)
        assert (await _state(source))[1:4] == ("", 0, "")
