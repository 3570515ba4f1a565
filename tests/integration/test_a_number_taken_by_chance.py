"""Order numbers are drawn by chance: one that another order of the day has is no fault of the message that met it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from orderloom.adapters.ids import ids, new_id
from orderloom.application.handle import Handler
from orderloom.route import ROUTE
from tests.integration.test_bad_messages_cost_little import Reader, land
from tests.support.api_hub import World, a_world


@pytest.fixture
async def world(database: str, tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path, database) as built:
        yield built


async def _rows(world: World, text: bytes) -> list[tuple[object, ...]]:
    async with world.hub.pool.connection() as connection:
        return await (await connection.execute(text)).fetchall()


@pytest.mark.parametrize("count", [1, 5, 200])
async def test_an_order_whose_number_was_taken_by_chance_gets_another_and_waits_for_nobody(
    world: World, count: int,
) -> None:
    known = set(await _rows(world, b"select number from orders"))
    await land(world, ["good"])
    await Handler(world.hub.begin, ROUTE, Reader(world), world.hub.now, ids).handle_messages()
    ((taken,),) = await _rows(world, b"select id::text from orders where external_id = 'E0'")
    drawn: list[int] = []

    def drawn_ids() -> Iterator[str]:
        drawn.append(1)
        while True:
            yield f"{new_id()[:-12]}{str(taken)[-12:]}" if len(drawn) == 1 else new_id()

    await land(world, ["good"] * count, start=1_000)
    handler = Handler(world.hub.begin, ROUTE, Reader(world), world.hub.now, drawn_ids)
    assert await handler.handle_messages() == count
    assert len(drawn) == 2, "the number was not taken: the test shows nothing"
    assert await _rows(world, b"select outcome, count(*) from intake group by 1") == [("normalised", count + 1)]
    assert len(set(await _rows(world, b"select number from orders")) - known) == count + 1
    assert not await _rows(world, b"select kind from case_file where kind = 'poison_message'")
