"""Whatever policies lie over it - quotas of any size, order, time and reach, presales, safety, frozen units - never is
more of a level bound than lies there to be sold, and what is kept for some is sold to no others."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import make_conninfo

from orderloom.adapters.ids import new_id
from orderloom.application import commands as c
from orderloom.application.keep_quotas import close_quota, plan_quotas, resize_quota, tend_quotas
from orderloom.application.restock import is_booked
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.quota_keeping import QuotaState
from orderloom.settings import Settings
from orderloom.testing.clock import STORY_BEGINS, FrozenClock
from orderloom.testing.proof import prove
from tests.support.by_hand import move
from tests.support.moves import LI, SKUS
from tests.support.pools import KINDS, PooledBench, Step, a_move, a_wish, an_order
from tests.support.seller import rows, settle_in

small = st.integers(0, 59)
days = st.lists(st.tuples(st.integers(0, KINDS - 1), small, small, small, small, small), min_size=15, max_size=50)
LEVELS = """select sku_id, warehouse_id, on_hand, reserved, allocated, safety, frozen, set_aside from stock_level"""
OVER_PRESOLD = "select number from stock_quota where is_presale and drawn > quantity"
Levels = Mapping[tuple[int, int], Level]


@given(days)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_policy_binds_more_than_lies_there_to_be_sold(steps: list[Step]) -> None:
    bench = PooledBench()
    for step in steps:
        before = bench.seen()
        bench.step(step)
        _bound_is_covered(before, bench.levels, step)
        held = [h for order in bench.orders.values() for h in order.bindings if h.state != "released"]
        for quota in bench.quotas.values():
            drawn = sum(h.quantity for h in held if h.quota == quota.id)
            assert (quota.drawn, min(quota.kept, 0)) == (drawn, 0), step
            assert quota.kept + quota.drawn <= quota.quantity, step
            assert quota.state is QuotaState.OPEN or not quota.kept, step
        for key, level in bench.levels.items():
            kept = sum(q.kept for q in bench.quotas.values() if (q.sku_id, q.warehouse_id) == key)
            assert level.set_aside == kept, step


def _bound_is_covered(before: Levels, after: Levels, step: object) -> None:
    """Where an act bound more than before, all that is bound is there; a loss alone may leave more bound than that."""
    for key, level in after.items():
        was = before.get(key, Level(*key))
        if level.reserved + level.allocated > was.reserved + was.allocated:
            assert level.unbound >= 0, (step, was, level)
        elif level.set_aside > was.set_aside:
            assert level.free >= min(was.free, 0), (step, was, level)
        if level.reserved + level.allocated - (was.set_aside - level.set_aside) > was.reserved + was.allocated:
            assert level.free >= 0, ("what is kept for others was sold", step, was, level)


@given(days)
@settings(max_examples=4, deadline=None, database=None,
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_no_policy_binds_more_than_lies_in_the_database(server: str, template: str, steps: list[Step]) -> None:
    with _copy(server, template) as dsn, tempfile.TemporaryDirectory(prefix="pools-") as home:
        asyncio.run(_played(dsn, Path(home), steps))


async def _played(dsn: str, home: Path, steps: list[Step]) -> None:
    clock = FrozenClock(STORY_BEGINS)
    async with open_hub(Settings(home=home), dsn, clock=clock) as hub:
        await settle_in(hub)
        for number, step in enumerate(steps):
            before = await _levels(hub)
            clock.forward(60 * (1 + step[5] % 7 * 20))
            await _step(hub, step, number)
            _bound_is_covered(before, await _levels(hub), step)
        assert await rows(hub, OVER_PRESOLD) == []
        wrong = [one for one in await prove(hub) if "more is promised than lies there" not in one]
        assert wrong == [], "a loss alone may leave more promised than lies there"


async def _step(hub: Hub, step: Step, number: int) -> None:
    """The same steps as the bench's, by the product's own verbs."""
    kind, at = step[0], hub.now()
    if kind <= 4:
        await hub.handle([an_order(step, number, at)])
    elif kind == 5:
        ids = [str(row[0]) for row in await rows(hub, "select id::text from orders order by id")]
        if ids:
            await hub.handle([c.CancelOrder(actor=LI, order_id=ids[step[1] % len(ids)], reason="不要了")])
    elif kind == 6:
        await plan_quotas(hub.ports.subjects, a_wish(step, at), SKUS, await hub.directory(), f"k{number}", "li", at,
                          new_id)
    elif kind == 7:
        known = [str(row[0]) for row in await rows(
            hub, "select number from stock_quota where state <> 'closed' order by number")]
        if known and step[4] % 5 == 0:
            await close_quota(hub.ports.subjects, known[step[1] % len(known)], "test", "li", at)
        elif known:
            await resize_quota(hub.ports.subjects, known[step[1] % len(known)], step[3] % 15, "test", "li", at)
    elif kind in (8, 9):
        act, sku, house, units = a_move(step)
        await _moved(hub, act, sku, house, units)
    elif kind == 10:
        await hub.handler.fire_deadlines()
    else:
        await tend_quotas(hub.ports.subjects, at)
    await hub.handler.restock(list(SKUS.values()), is_booked)


async def _moved(hub: Hub, act: str, sku: str, house: str, units: int) -> None:
    figures = {"receive": {"on_hand": units}, "adjust": {"on_hand": units}, "stocktake": {"counted": units},
               "protect": {"safety": units}, "freeze": {"frozen": units}, "thaw": {"frozen": -units}}
    await move(hub, sku, house, act, "test", "li", **figures[act])


async def _levels(hub: Hub) -> dict[tuple[int, int], Level]:
    found = [Level(*[int(str(one)) for one in row]) for row in await rows(hub, LEVELS)]
    return {(level.sku_id, level.warehouse_id): level for level in found}


@contextmanager
def _copy(server: str, template: str) -> Iterator[str]:
    """A fresh database for an example."""
    name = f"test_{uuid4().hex[:16]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template {}").format(*map(sql.Identifier, (name, template))))
        try:
            yield make_conninfo(server, dbname=name)
        finally:
            admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
