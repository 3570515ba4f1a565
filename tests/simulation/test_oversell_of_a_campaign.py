"""A campaign's day with everything at once - bundles, quotas that grow, shrink and close, transfers, counts, cancels,
sixteen senders, killed processes: nothing is sold that is not there, and nothing that is there stays unsold.

One short day by default; ORDERLOOM_TEST_FULL=1 plays ten long ones.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.keep_quotas import QuotaLine, QuotaWish, plan_quotas, tend_quotas
from orderloom.application.restock import is_booked
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from orderloom.testing.proof import prove
from tests.support.by_hand import move
from tests.support.campaign_day import PROCESSES, run
from tests.support.moves import SKUS
from tests.support.seller import rows, settle_in

IS_FULL = bool(os.environ.get("ORDERLOOM_TEST_FULL"))
DAYS, ATTEMPTS = (10, 3_200) if IS_FULL else (1, 480)
SEED = int(os.environ.get("ORDERLOOM_TEST_SEED", "9"))
DAY_SECONDS_MAX = 300
STOCK = {(1, 1): 60, (1, 2): 45, (1, 3): 15, (2, 1): 40, (2, 3): 30, (3, 1): 50, (3, 2): 60}
WISHES = (
    QuotaWish([QuotaLine("A", "HZ", 25), QuotaLine("B", "HZ", 10)], "双十一", campaign="11.11"),
    QuotaWish([QuotaLine("A", "CD", 12), QuotaLine("C", "CD", 20)], "会员", campaign="vip", draw_order=1),
    QuotaWish([QuotaLine("A", "HZ", 6)], "员工", campaign="staff", may_fall_through=False),
    QuotaWish([QuotaLine("C", "HZ", 15)], "渠道", account="TB01", draw_order=-5),
)
NEGATIVE = """select sku_id, warehouse_id from stock_level
    where on_hand - reserved - allocated - frozen - set_aside < 0"""
"""Nobody took what is kept for others: nothing but a loss makes it less, and there is none that day."""
SOLD_OUT_OF = "select count(*)::int from stock_hold where quota_id is not null and state <> 'released'"
forks = multiprocessing.get_context("forkserver")


@pytest.mark.parametrize("day", range(DAYS))
async def test_a_campaigns_day_sells_exactly_what_the_rules_allow(database: str, home: Path, day: int) -> None:
    dice = Random(SEED * 1_000 + day)
    print(f"seed {SEED}, day {day}")
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, STOCK)
        quotas = [number for wish in WISHES for number in await _planned(hub, wish)]
        killed = _live_through(database, home, dice, quotas)
        assert killed, "nobody was killed: nothing is proven"
        await tend_quotas(hub.ports.subjects, hub.now())
        await hub.handler.restock(list(SKUS.values()), is_booked)
        assert await prove(hub) == []
        assert await rows(hub, NEGATIVE) == []
        [(drawn,)] = await rows(hub, SOLD_OUT_OF)
        assert int(str(drawn)) > 10, "quotas were hardly drawn"
        await _nothing_is_left_for_who_waits(hub)
        await _a_loss_is_shown_and_sold_to_nobody(hub)


async def _planned(hub: Hub, wish: QuotaWish) -> list[str]:
    made = await plan_quotas(hub.ports.subjects, wish, SKUS, await hub.directory(), new_id(), "li", hub.now(), new_id)
    assert isinstance(made, list), made
    return made


def _live_through(dsn: str, home: Path, dice: Random, quotas: list[str]) -> int:
    """Run the processes to their end, killing some on the way and starting them anew; returns the kills."""
    running = [_start(dsn, home, process, quotas) for process in range(PROCESSES)]
    kills, end = 0, time.monotonic() + DAY_SECONDS_MAX
    try:
        while any(process.is_alive() for process in running) and time.monotonic() < end:
            time.sleep(dice.uniform(0.5, 2.0))  # the random moment at which the power fails
            alive = [n for n, process in enumerate(running) if process.is_alive()]
            if alive and kills < 3 and list(home.glob("sender-*")):
                victim = dice.choice(alive)
                running[victim].kill()
                running[victim].join()
                running[victim] = _start(dsn, home, victim, quotas)
                kills += 1
        for process in running:
            process.join(max(end - time.monotonic(), 1))
            assert process.exitcode == 0
    finally:
        for process in running:
            process.kill()
            process.join()
    return kills


def _start(dsn: str, home: Path, process: int, quotas: list[str]) -> BaseProcess:
    started = forks.Process(target=run, args=(dsn, str(home), process, ATTEMPTS, quotas))
    started.start()
    return started


async def _nothing_is_left_for_who_waits(hub: Hub) -> None:
    """Whoever is short is so rightly: offered all once more, nobody finds stock."""
    before = await rows(hub, "select count(*)::int from orders where is_short and not is_cancelled")
    assert before != [(0,)], "there was enough for all: nothing is proven"
    await hub.handler.restock(list(SKUS.values()), is_booked)
    assert await rows(hub, "select count(*)::int from orders where is_short and not is_cancelled") == before


async def _a_loss_is_shown_and_sold_to_nobody(hub: Hub) -> None:
    """A count finds nothing of what orders have bound: the books say so, and not one more is promised."""
    bound = "select coalesce(sum(reserved + allocated), 0)::int from stock_level where sku_id = 1"
    before = await rows(hub, bound)
    for house in ("HZ", "CD", "XA"):
        await move(hub, "A", house, "stocktake", "盘亏", "li", counted=0)
    assert await rows(hub, bound) == before
    assert all(int(str(free)) <= 0 for (free,) in await rows(hub, "select free from stock_level where sku_id = 1"))
    wrong = [one for one in await prove(hub) if "more is promised than lies there" not in one]
    assert wrong == []
