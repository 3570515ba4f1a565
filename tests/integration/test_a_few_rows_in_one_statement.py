"""A small batch is written by one statement: the same rows as by COPY, and whoever was first is seen as well."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from orderloom.adapters.db import save
from orderloom.adapters.db.few import Few
from orderloom.adapters.db.line import opened
from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application.decide import decide
from orderloom.application.ports import Account, Item, Raced
from orderloom.application.sort import Became
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.domain.inventory.level import Level
from orderloom.route import ROUTE
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.integration.test_rows_on_the_wire import TABLES, ours, rows_of
from tests.support.moves import CHANNEL, sealed
from tests.support.seller import rows, settle_in

ONE_PLACE = {(1, 1): 3}
ORDERS_KEY = "orders_account_id_external_id_key"
WAIT_SECONDS_MAX = 10.0


@pytest.mark.parametrize("name", TABLES)
async def test_every_value_of_every_table_is_kept_as_a_copy_would(database: str, name: str) -> None:
    table, columns = TABLES[name], ", ".join(TABLES[name].names)
    jsons = [place for place, kind in enumerate(table.kinds) if kind == "jsonb"]
    # a JSON null inside of a row is no value there, and no column of ours holds one
    given = [row for row in rows_of(table) if not any(row[p] is not None and row[p].obj is None for p in jsons)]
    async with await opened(database) as connection:
        await connection.execute(f"create temp table {table.name} as select * from {table.name} limit 0".encode())
        few = Few()
        few.insert(table, ours(given))
        assert await few.run(connection) == 0
        kept = await connection.execute(f"select {columns} from {table.name}".encode())
        assert await kept.fetchall() == [tuple([getattr(value, "obj", value) for value in row]) for row in given]


def an_order(external_id: str, units: int = 1) -> c.RecordOrder:
    return c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=a_draft(external_id, a_line("A", units)),
                         sealed=sealed(1), received_at=STORY_BEGINS)  # fmt: skip


async def take_part(hub: Hub, command: c.RecordOrder, is_decided: asyncio.Event, may_write: asyncio.Event) -> None:
    """Decide, and write when told."""
    async with hub.begin() as work:
        world = await work.load([command], await work.directory(), STORY_BEGINS, 0)
        change, _ = decide(world, [command], ROUTE, ids())
        is_decided.set()
        await may_write.wait()
        await work.save(change, STORY_BEGINS, "route")


@pytest.mark.parametrize(("first", "second", "key"), [
    (an_order("SAME"), an_order("SAME"), ORDERS_KEY), (an_order("E1", 2), an_order("E2", 2), ""),
], ids=["the same order", "the last pieces"])  # fmt: skip
async def test_two_small_batches_that_want_the_same_are_told_apart(
    database: str, home: Path, first: c.RecordOrder, second: c.RecordOrder, key: str
) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, ONE_PLACE)
        both = [asyncio.Event() for _ in range(2)]
        write = [asyncio.Event() for _ in range(2)]
        tasks = [asyncio.create_task(take_part(hub, command, both[n], write[n]))
                 for n, command in enumerate((first, second))]
        async with asyncio.timeout(WAIT_SECONDS_MAX):
            await asyncio.gather(*[event.wait() for event in both])
            write[0].set()
            await tasks[0]
            write[1].set()
            with pytest.raises(Raced) as raced:
                await tasks[1]
        assert raced.value.constraint == key
        assert await rows(hub, "select count(*)::int from orders") == [(1,)]
        level = Level(1, 1, *(await rows(hub, "select on_hand, reserved, allocated, safety, frozen, set_aside "
                                         "from stock_level where sku_id = 1 and warehouse_id = 1"))[0])  # type: ignore[arg-type]
        assert level.allocated == sum(line.quantity for line in first.draft.lines) and level.free >= 0
        await hub.handle([second])  # and is decided again on what is there
        assert (await rows(hub, "select count(*)::int from orders")) == [(1 if key else 2,)]


async def test_a_small_batch_that_the_database_refuses_is_undone_whole(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, ONE_PLACE)
        with pytest.raises(Raced):
            async with hub.begin() as work:
                world = await work.load([an_order("E1", 2)], await work.directory(), STORY_BEGINS, 0)
                change, _ = decide(world, [an_order("E1", 2)], ROUTE, ids())
                await rows(hub, "update stock_level set on_hand = 1 returning 1")
                await work.save(change, STORY_BEGINS, "route")
        for table in ("orders", "order_line", "order_event", "stock_hold", "work", "delivery", "warehouse_load"):
            assert await rows(hub, f"select count(*)::int from {table}") == [(0,)], table
        assert await rows(hub, "select allocated from stock_level") == [(0,)]


async def test_what_became_of_messages_is_written_once_by_either_way(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, ONE_PLACE)
        account = (await hub.directory()).accounts[CHANNEL]
        detail = "引号 \"'{},\\ \U0001f381\n"
        for number, most in enumerate((save.ROWS_MAX, -1), start=1):
            monkeypatch.setattr(save, "ROWS_MAX", most)
            landed = await _land(hub, account, number)
            async with hub.begin() as work:
                world = await work.load([], await work.directory(), STORY_BEGINS, 0)
                change, _ = decide(world, [], ROUTE, ids())
                await work.save(change, STORY_BEGINS, "route", [
                    Became(landed[0], "parked", "unknown_sku", detail, f"sku:{number}"),
                    Became(landed[1], "normalised")])
            assert await rows(hub, "select outcome, reason, detail, park_key, order_id, attempts, processed_at "
                              "from intake where message_id = any (%s::uuid[]) order by outcome desc", [landed]) == [
                ("parked", "unknown_sku", detail, f"sku:{number}", None, 1, STORY_BEGINS),
                ("normalised", "", "", "", None, 1, STORY_BEGINS)]


async def _land(hub: Hub, account: Account, number: int) -> list[str]:
    bodies = [f"{number}-{n}".encode() for n in range(2)]
    landed = await hub.lander.land(account, [Item("t", body) for body in bodies], {}, STORY_BEGINS)
    return [one for one in landed if one]
