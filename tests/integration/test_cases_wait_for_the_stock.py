"""When a SKU sells out, every batch wants its level and its case: whoever holds the one never waits for the other."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psycopg

from orderloom.application import commands as c
from orderloom.bootstrap import open_hub
from orderloom.domain.actor import connector
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, sealed
from tests.support.seller import rows, settle_in

WAIT_SECONDS_MAX = 10.0
STOCK = {(1, 1): 6}
WAITING = "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
WRITTEN = """
select count(*) from pg_locks l join pg_class t on t.oid = l.relation
where t.relname in ('case_file', 'case_event') and l.mode = 'RowExclusiveLock' and l.granted and l.pid = %s"""


async def test_a_batch_that_waits_for_a_level_has_no_case_that_others_wait_for(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, STOCK)
        orders = [
            c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=a_draft(external_id, a_line("A", units)),
                          sealed=sealed(n), received_at=STORY_BEGINS)
            for n, (external_id, units) in enumerate((("E0", 4), ("E1", 40)))
        ]
        async with await psycopg.AsyncConnection.connect(database) as other:
            await other.execute("select from stock_level for update")
            batch = asyncio.create_task(hub.handle(orders))
            async with await psycopg.AsyncConnection.connect(database, autocommit=True) as watch:
                pid = await asyncio.wait_for(_waiting(watch), WAIT_SECONDS_MAX)
                row = await (await watch.execute(WRITTEN, (pid,))).fetchone()
                assert row == (0,), "a case is locked while the level is waited for"
            await other.rollback()
        await asyncio.wait_for(batch, WAIT_SECONDS_MAX)
        assert await rows(hub, "select kind from case_file") == [("short_stock",)]
        assert await rows(hub, "select allocated from stock_level") == [(4,)]


async def _waiting(watch: psycopg.AsyncConnection) -> int:
    while (row := await (await watch.execute(WAITING)).fetchone()) is None:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return int(row[0])
