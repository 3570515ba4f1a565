"""Who counts is told no figure, what is counted is promised to nobody, and a difference is two people's word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.by_hand import move
from tests.support.documents import ROOT, Shop, a_shop, line


@pytest.fixture
async def shop(home: Path, database: str) -> AsyncIterator[Shop]:
    async with a_shop(home, database) as shop:
        yield shop


async def begun(shop: Shop, *lines: dict[str, Any]) -> tuple[Any, str]:
    """A count that has begun, and who began it."""
    maker = await shop.person("operations")
    number = (await maker.draft("count", *lines or (line(),)))["number"]
    seen = await maker.act(number, "submit")
    assert seen["state"] == "counting"
    return maker, number


def tells_no_figure(seen: Any, *figures: int) -> bool:
    """Whether none of the figures stands anywhere in what somebody is shown."""
    text = json.dumps(seen)
    return not any(f": {figure}," in text or f": {figure}}}" in text for figure in figures)


async def test_nobody_is_told_a_figure_before_two_people_agree(shop: Shop) -> None:
    first, number = await begun(shop)
    assert shop.level() == (1_000, 1_000), "nothing of it is promised meanwhile"
    assert tells_no_figure(await first.see(number), 1_000)
    seen = await first.count(number, 990)
    assert seen["state"] == "counting" and seen["lines"][0]["asks"] == "recount"
    second = await shop.person("warehouse", {"warehouse": ["HZ"]})
    for one in (first, second):
        assert tells_no_figure(await one.see(number), 1_000, 990, -10, 10)
    assert (await first.count(number, 990, status=409))["code"] == "count_by_another"
    done = await second.count(number, 990)
    assert done["state"] == "posted" and done["lines"][0]["units_differ"] == -10
    assert done["lines"][0]["counts"] == [
        {"by": "user:operations-user", "units": 990, "book": 1_000},
        {"by": "user:warehouse-user", "units": 990, "book": 1_000}]
    assert shop.level() == (990, 0)
    kinds = shop.world.rows(f"select kind from stock_movement where cause = '{number}/1' order by 1")
    assert kinds == [("freeze",), ("stocktake",), ("thaw",)]


async def test_a_count_that_agrees_with_the_books_needs_nobody_else(shop: Shop) -> None:
    first, number = await begun(shop)
    done = await first.count(number, 1_000)
    assert done["state"] == "posted" and shop.level() == (1_000, 0)
    assert (await first.count(number, 1_000, status=409))["code"] == "document_state"


async def test_two_who_do_not_agree_are_asked_until_two_do(shop: Shop) -> None:
    first, number = await begun(shop)
    second, third = await shop.program("second"), await shop.program("third")
    await first.count(number, 990)
    assert (await second.count(number, 995))["lines"][0]["asks"] == "recount"
    done = await third.count(number, 995)
    assert done["state"] == "posted" and shop.level() == (995, 0)


async def test_the_books_figure_is_that_of_the_scan_whatever_moved_since(shop: Shop) -> None:
    first, number = await begun(shop)
    second = await shop.program("second")
    scanned = shop.world.hub.now()
    await move(shop.world.hub, "M-001", "HZ", "receive", "later", "test", on_hand=50)
    told = {"counts": [{"line": 1, "units": 998, "counted_at": scanned.isoformat()}]}
    await first.act(number, "count", told)
    done = await second.count(number, 1_048)  # counted now, with the fifty
    assert [one["book"] for one in done["lines"][0]["counts"]] == [1_000, 1_050]
    assert done["state"] == "posted" and shop.level()[0] == 1_048
    for at in (scanned - timedelta(days=1), scanned + timedelta(days=1)):
        other = (await first.draft("count", line(warehouse="GZ")))["number"]
        await first.act(other, "submit")
        told["counts"][0]["counted_at"] = at.isoformat()
        assert (await first.act(other, "count", told, status=422))["code"] == "wrong_scan_time"
        await first.act(other, "cancel", {"reason": "x"})


async def test_a_digit_that_slipped_is_asked_for_once_more_without_a_word_of_the_books(shop: Shop) -> None:
    first, number = await begun(shop)
    for slip in (10_000, 100):
        refused = await first.count(number, slip, status=409)
        assert refused["code"] == "digit_slip" and refused["facts"] == {"document": number, "lines": "1"}
    seen = await first.count(number, 100, is_sure=True)
    assert seen["lines"][0]["asks"] == "recount"


async def test_a_count_that_is_given_up_sets_free_what_it_froze(shop: Shop) -> None:
    first, number = await begun(shop)
    await first.count(number, 990)
    done = await first.act(number, "cancel", {"reason": "明天再盘"})
    assert done["state"] == "cancelled" and shop.level() == (1_000, 0)


async def test_a_great_difference_waits_for_approval_and_stays_frozen_until_then(shop: Shop) -> None:
    first, number = await begun(shop)
    second, boss = await shop.program("second"), await shop.person("administrator")
    await first.count(number, 400)
    held = await second.count(number, 400)
    assert held["state"] == "waiting_approval" and held["units"] == 600 and shop.level() == (1_000, 1_000)
    done = await boss.act(number, "approve")
    assert done["state"] == "posted" and shop.level() == (400, 0)


async def test_of_two_counters_at_once_each_is_heard_or_told_to_let_another_count(shop: Shop) -> None:
    _, number = await begun(shop)
    people = [await shop.program(f"p{n}") for n in range(4)]
    answers = await asyncio.gather(*[one.client.post(
        f"{ROOT}/{number}/count", json={"counts": [{"line": 1, "units": 990}]}, headers={"Idempotency-Key": f"c{n}"},
    ) for n, one in enumerate(people)])
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
    assert shop.level() == (990, 0)
    assert shop.world.rows("select count(*) from stock_movement where kind = 'stocktake'") == [(1,)]


async def test_what_is_counted_is_not_sold_meanwhile(shop: Shop) -> None:
    first, number = await begun(shop)
    (order_id,) = await shop.world.record(1)
    short = f"select is_short from orders where id = '{order_id}'"
    assert shop.world.rows(short) == [(True,)]
    await first.count(number, 1_000)
    assert shop.world.rows(short) == [(False,)], "and who waits is served as soon as it is over"
