"""The door answers only when what came is durable, and keeps it when the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256

import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.land import GROUP_MAX, Lander, Voucher
from orderloom.application.ports import Account, Item, StoreAway
from orderloom.testing.clock import STORY_BEGINS

SHOP = Account(1, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {})


class Shelf:
    """A store in memory that keeps what a database would, or fails as it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.groups: list[list[Voucher]] = []
        self.known: set[str] = set()
        self.failure = failure

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        await asyncio.sleep(0)
        if self.failure:
            raise self.failure
        self.groups.append(list(vouchers))
        new = {v.id for v in {v.event_id: v for v in reversed(vouchers)}.values() if v.event_id not in self.known}
        self.known |= {v.event_id for v in vouchers}
        return new


def lander(store: Shelf, spool: Shelf | None = None) -> Lander:
    return Lander(store, spool or Shelf(OSError("disk full")), lambda: STORY_BEGINS, new_id)


async def test_requests_that_come_together_are_written_together() -> None:
    store = Shelf()
    door = lander(store)
    ids = await asyncio.gather(*[door.land(SHOP, [Item("t", b"%d" % n)], {}, STORY_BEGINS) for n in range(100)])
    assert len(store.groups) < 10 and sum(map(len, store.groups)) == 100
    assert len({i[0] for i in ids}) == 100 and all(i[0] for i in ids)


async def test_a_group_never_grows_beyond_its_limit() -> None:
    store = Shelf()
    door = lander(store)
    await asyncio.gather(*[door.land(SHOP, [Item("t", b"%d/%d" % (n, m)) for m in range(200)], {}, STORY_BEGINS)
                           for n in range(6)])  # fmt: skip
    assert max(map(len, store.groups)) <= GROUP_MAX


async def test_what_came_before_is_not_taken_twice() -> None:
    door = lander(Shelf())
    first = await door.land(SHOP, [Item("t", b"x"), Item("t", b"y", event_id="e1")], {}, STORY_BEGINS)
    again = await door.land(SHOP, [Item("t", b"x"), Item("t", b"other bytes", event_id="e1")], {}, STORY_BEGINS)
    assert None not in first and again == [None, None]


async def test_the_bytes_are_kept_as_they_came_with_their_digest() -> None:
    store = Shelf()
    body = "订单".encode("gbk") + b"\xff\x00"
    await lander(store).land(SHOP, [Item("t", body, context=(("header", "a,b"),))], {"x-sign": "s"}, STORY_BEGINS)
    [[kept]] = store.groups
    assert kept.body == body and kept.digest == sha256(body).digest()
    assert kept.headers == {"x-sign": "s", "header": "a,b"}


async def test_a_forged_message_is_kept_apart_and_a_file_is_no_message_of_its_own() -> None:
    store = Shelf()
    door = lander(store)
    await door.land(SHOP, [Item("t", b"x")], {}, STORY_BEGINS, quarantine="forged")
    await door.land(SHOP, [Item("file", b"f")], {}, STORY_BEGINS)
    assert [(v.outcome, v.reason) for g in store.groups for v in g] == [("quarantined", "forged"), ("split", "")]


async def test_orders_are_taken_while_the_database_is_away() -> None:
    spool = Shelf()
    ids = await lander(Shelf(StoreAway("gone")), spool).land(SHOP, [Item("t", b"x")], {}, STORY_BEGINS)
    assert ids == [spool.groups[0][0].id]


async def test_what_can_be_kept_nowhere_is_not_acknowledged_and_the_door_stays_open() -> None:
    store = Shelf(StoreAway("gone"))
    door = lander(store)
    with pytest.raises(OSError, match="disk full"):
        await door.land(SHOP, [Item("t", b"x")], {}, STORY_BEGINS)
    store.failure = None
    assert (await door.land(SHOP, [Item("t", b"x")], {}, STORY_BEGINS))[0]


async def test_nothing_to_land_asks_nobody() -> None:
    store = Shelf()
    assert await lander(store).land(SHOP, [], {}, STORY_BEGINS) == [] and not store.groups
