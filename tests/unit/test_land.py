"""The door answers only when what came is durable, and keeps it when the database is away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest

from orderloom.adapters.ids import new_id
from orderloom.application.land import GROUP_BYTES_MAX, GROUP_MAX, Lander, Voucher
from orderloom.application.ports import Account, Item, NoRoom, StoreAway, StoreRefused
from orderloom.testing.clock import STORY_BEGINS

SHOP = Account(1, "TB01", "channels", "taobao", "Asia/Shanghai", "", {}, {})


class Shelf:
    """A store in memory that keeps what a database would, or fails as it is told."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.groups: list[list[Voucher]] = []
        self.known: set[str] = set()
        self.failure = failure
        self.tries = 0
        self.refuses: Callable[[Voucher], bool] = lambda voucher: False

    async def store(self, vouchers: Sequence[Voucher]) -> set[str]:
        await asyncio.sleep(0)
        self.tries += 1
        if self.failure:
            raise self.failure
        if any(map(self.refuses, vouchers)):
            raise StoreRefused("ProgramLimitExceeded 54000")
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
    with pytest.raises(NoRoom):
        await door.land(SHOP, [Item("t", b"x")], {}, STORY_BEGINS)
    store.failure = None
    assert (await door.land(SHOP, [Item("t", b"x")], {}, STORY_BEGINS))[0]


async def test_nothing_to_land_asks_nobody() -> None:
    store = Shelf()
    assert await lander(store).land(SHOP, [], {}, STORY_BEGINS) == [] and not store.groups


async def test_a_bad_message_takes_no_genuine_one_with_it() -> None:
    """One that cannot be stored with its headers is stored without them; one that can in no form is told so."""
    store, spool = Shelf(), Shelf()
    store.refuses = lambda v: v.body == b"never" or "x-evil" in v.headers
    door = lander(store, spool)
    evil = door.land(SHOP, [Item("t", b"evil")], {"x-evil": "1"}, STORY_BEGINS)
    never = door.land(SHOP, [Item("t", b"never"), Item("t", b"beside it")], {}, STORY_BEGINS)
    good = [door.land(SHOP, [Item("t", b"%d" % n)], {}, STORY_BEGINS) for n in range(60)]
    first, second, *rest = await asyncio.gather(evil, never, *good, return_exceptions=True)
    assert isinstance(second, StoreRefused) and not isinstance(first, BaseException) and first[0]
    kept = {v.body: v for g in store.groups for v in g}
    assert len(kept) == 62 and b"never" not in kept and not spool.groups
    assert all(not isinstance(r, BaseException) and r[0] for r in rest)
    assert (kept[b"evil"].topic, kept[b"evil"].headers["reason"]) == ("unreadable", "unstorable")


async def test_a_hub_that_is_at_fault_is_not_taken_for_bad_messages() -> None:
    store = Shelf(StoreRefused("UndefinedTable 42P01", is_input=False))
    with pytest.raises(StoreRefused):
        await lander(store).land(SHOP, [Item("t", b"%d" % n) for n in range(8)], {}, STORY_BEGINS)
    assert store.tries == 1


async def test_a_group_is_bounded_in_bytes_whoever_sends_it() -> None:
    store = Shelf()
    door = lander(store)
    big = b"x" * (GROUP_BYTES_MAX // 4)
    await asyncio.gather(*[door.land(SHOP, [Item("t", big + b"%d" % n)], {}, STORY_BEGINS) for n in range(40)])
    await door.land(SHOP, [Item("t", big + b"a%d" % n) for n in range(10)], {}, STORY_BEGINS)
    await door.land(SHOP, [Item("t", big * 5), Item("t", b"small")], {}, STORY_BEGINS)
    weights = [sum(v.weight for v in group) for group in store.groups]
    assert max(w for w, g in zip(weights, store.groups, strict=True) if len(g) > 1) <= GROUP_BYTES_MAX
    assert sum(map(len, store.groups)) == 52


async def test_while_the_database_is_away_nobody_waits_for_it_again_and_again() -> None:
    store, spool = Shelf(StoreAway("frozen")), Shelf()
    door = lander(store, spool)
    for n in range(5):
        await door.land(SHOP, [Item("t", b"%d" % n)], {}, STORY_BEGINS)
    assert (store.tries, len(spool.groups)) == (1, 5)


async def test_no_text_of_a_message_is_too_long_or_impossible_to_store() -> None:
    store = Shelf()
    item = Item("t" * 3_000, b"x", "e" * 3_000_000, (("h\0" * 3_000, "v\0\ud800"),))
    await lander(store).land(SHOP, [item], {"n" * 9_000: "v"}, STORY_BEGINS, "q" * 5_000)
    [[v]] = store.groups
    assert max(map(len, (v.topic, v.event_id, v.reason, *v.headers))) <= 200
    assert "\0" not in "".join((*v.headers, *v.headers.values())) and "".join(v.headers.values()).encode()
    again = [await lander(store).land(SHOP, [item], {}, STORY_BEGINS) for _ in range(2)]
    assert again[1] == [None], "the same delivery is known again"
