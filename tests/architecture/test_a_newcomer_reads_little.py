"""Who wants to know what becomes of an order reads little: measured on an order, not on a list of files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orderloom.application.ports import Account, Item
from orderloom.testing.builders import a_purchase
from orderloom.testing.clock import STORY_BEGINS
from orderloom.testing.mortal import work_until_quiet
from tests.support.stage import Stage, open_stage, plain, spare, tid
from tests.support.traced import Trace

FILES_MAX = 108
LINES_AIM, LINES_MAX = 2_500, 2_625
"""What is aimed at, and what may never be more again: lower it when it falls (docs/decisions/0017).

It rose from 94 and 2,260 when connectors became declarations: the order now runs through the engine of all of them, and
past masters of stock, quotas, splits, echoes, tariff numbers, notification rules and the timing of what other
shops show."""
DECIDING = ("application/", "domain/")
DECIDING_FILES_MAX, DECIDING_LINES_MAX = 51, 1_205
"""Where a seller's rules are: what one reads who asks why an order went this way."""


async def test_one_order_is_followed_through_few_files_and_lines(database: str, home: Path) -> None:
    async with open_stage(database, home) as stage:
        stage.hub.limits._clock = lambda: 0.0  # calls that were allowed stay so, however slow the machine is
        stage.hub.rousing._told_at = float("inf")  # other processes are called once in a while, not for each order
        await _one(stage, 1, Trace())  # what is made once and kept is no part of an order's way
        trace = Trace()
        await _one(stage, 2, trace)
    lines = sum(map(len, trace.lines.values()))
    deciding = [len(found) for name, found in trace.lines.items() if name.startswith(DECIDING)]
    print(f"\nnewcomer's bound: {trace.told()}; aim {LINES_AIM} lines; what decides: {len(deciding)} files, "
          f"{sum(deciding)} lines")
    assert {"application/land.py", "application/record.py", "application/publish.py"} <= trace.lines.keys()
    assert len(trace.lines) <= FILES_MAX, trace.told()
    assert lines <= LINES_MAX, trace.told()
    assert len(deciding) <= DECIDING_FILES_MAX and sum(deciding) <= DECIDING_LINES_MAX, trace.told()


async def _one(stage: Stage, number: int, trace: Trace) -> None:
    """From the landing of its bytes to its publication: an order that is paid, and a warehouse that gets its work."""
    stage.taobao.place(a_purchase(tid(number), STORY_BEGINS, **plain(spare("M-001", 2))))
    account, items, *more = await _pulled(stage)
    with trace.on():
        assert None not in await stage.hub.lander.land(account, items[-1:], *more)
        await stage.hub.handler.handle_messages()
        await stage.deliverer.step()
        await stage.deliverer.drain()
        await stage.steps["publish_events"]()
        await stage.steps["publish_stock"]()
    assert await stage.deliveries("work") == [("work", "done", 1)] * number
    await work_until_quiet(stage.hub, stage.deliverer)


async def _pulled(stage: Stage) -> tuple[Any, ...]:
    """What pulling hands over to be landed; how a channel is read is its connector's, and no part of the way."""
    land, given = stage.hub.lander.land, list[tuple[Any, ...]]()

    async def kept(account: Account, items: Iterable[Item], *more: Any, **named: Any) -> list[str | None]:
        given.append((account, list(items), *more))
        return [None for _ in given[-1][1]]

    stage.hub.lander.land = kept  # type: ignore[method-assign, assignment]
    try:
        await stage.pull()
    finally:
        stage.hub.lander.land = land  # type: ignore[method-assign]
    (one,) = [call for call in given if call[1]]
    return one
