"""A large group is copied in as if it were new: no delivery of it is lost or kept twice, whoever lands it beside."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from orderloom.adapters.db.landing import COPY_LEAST, DatabaseStore
from orderloom.adapters.ids import new_id
from orderloom.application.land import Voucher
from orderloom.bootstrap import Hub, open_hub
from orderloom.settings import Settings
from orderloom.testing.clock import STORY_BEGINS

COUNT = 300
DEAD_LINE = 30
"""Seconds after which two landers wait for each other."""


def voucher(n: int, **more: Any) -> Voucher:
    """Delivery number `n`, with an id of its own each time it comes."""
    body = f"订单 {n}".encode()
    return msgspec.structs.replace(Voucher(
        new_id(), 1 + n % 2, f"trade:{n:x}-单", "trade", STORY_BEGINS, body, sha256(body).digest(), {"h": f"值{n}"},
    ), **more)


def group(start: int = 0, count: int = COUNT) -> list[Voucher]:
    """A group of deliveries."""
    return [voucher(n) for n in range(start, start + count)]


async def rows(hub: Hub, text: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    async with hub.pool.connection() as connection:
        return await (await connection.execute(text.encode())).fetchall()


async def proven(hub: Hub, count: int) -> None:
    """So many deliveries are kept once, with their bodies, and wait once."""
    kept = await rows(hub, "select account_id, event_id, body_cipher, digest, body_size, headers from message")
    assert len(kept) == count == len({row[:2] for row in kept})
    for _, event, cipher, digest, size, headers in kept:
        body = hub.vault.decrypt_voucher(cipher)
        assert body == f"订单 {int(event[6:-2], 16)}".encode() and (sha256(body).digest(), len(body)) == (digest, size)
        assert msgspec.json.decode(headers) == {"h": f"值{int(event[6:-2], 16)}"}
    assert await rows(hub, "select count(*), count(distinct i.message_id) from intake i join message m on m.id ="
                           " i.message_id and m.account_id = i.account_id where outcome = 'pending'") == [(count,) * 2]


async def counted(hub: Hub) -> dict[str, int]:
    """What the door has counted."""
    return dict(await rows(hub, "select measure, sum(quantity)::int from tally group by 1"))


async def test_a_group_of_known_and_new_deliveries_brings_the_new_ones(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        for size in (1, COPY_LEAST - 1, COPY_LEAST, COUNT):
            await hub.store.store([voucher(10_000 * size)])
            known, new = voucher(10_000 * size), [voucher(10_000 * size + n) for n in range(1, size + 1)]
            given = [*new, known]
            random.Random(size).shuffle(given)
            assert await hub.store.store(given) == {v.id for v in new}
        await proven(hub, 4 + 1 + COPY_LEAST - 1 + COPY_LEAST + COUNT)
        assert await counted(hub) == {"received": 2 * COPY_LEAST + COUNT + 4, "duplicates": 4}


async def test_a_delivery_that_comes_twice_in_one_group_is_kept_once(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        given = [*group(), voucher(7), voucher(8, received_at=STORY_BEGINS + timedelta(hours=1))]
        new = await hub.store.store(given)
        assert len(new) == COUNT and len(new & {v.id for v in given if v.event_id == given[7].event_id}) == 1
        await proven(hub, COUNT)
        assert await counted(hub) == {"received": COUNT, "duplicates": 2}


async def test_whoever_races_over_the_same_deliveries_each_is_kept_once_and_nobody_waits_for_ever(
    database: str, home: Path
) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        chance = random.Random(5)
        for turn in range(6):
            groups = [group(turn * COUNT) for _ in range(3)]
            for one in groups:
                chance.shuffle(one)
            small = [v for n in range(0, COUNT, 60) for v in group(turn * COUNT + n, 30)]
            stores = [DatabaseStore(hub.pool, hub.vault) for _ in groups]
            found = await asyncio.wait_for(asyncio.gather(
                *[store.store(one) for store, one in zip(stores, groups, strict=True)],
                *[hub.store.store(small[n:n + 30]) for n in range(0, len(small), 30)],
            ), DEAD_LINE)
            assert sum(map(len, found)) == len(set().union(*found)) == COUNT
        await proven(hub, 6 * COUNT)
        assert await counted(hub) == {"received": 6 * COUNT, "duplicates": 6 * (2 * COUNT + COUNT // 2)}


async def test_a_source_that_repeats_itself_does_not_fill_the_disk_with_dead_rows(database: str, home: Path) -> None:
    async def sizes() -> Sequence[Any]:
        return await rows(hub, "select pg_relation_size('message'), pg_relation_size('intake')")

    async with open_hub(Settings(home=home), database) as hub:
        await hub.store.store(group())
        await hub.store.store(group())
        before = await sizes()
        for _ in range(5):
            assert await hub.store.store(group()) == set()
        assert await sizes() == before
        assert len(await hub.store.store(group(COUNT))) == COUNT
        await proven(hub, 2 * COUNT)


async def test_a_group_that_is_refused_is_refused_whole(database: str, home: Path) -> None:
    async with open_hub(Settings(home=home), database) as hub:
        outcomes = await asyncio.gather(
            hub.store.store([*group(), voucher(COUNT, outcome="no such outcome")]), return_exceptions=True)
        assert [type(x).__name__ for x in outcomes] == ["StoreRefused"]
        assert await rows(hub, "select (select count(*) from message) + (select count(*) from tally)") == [(0,)]
        assert len(await hub.store.store(group())) == COUNT
