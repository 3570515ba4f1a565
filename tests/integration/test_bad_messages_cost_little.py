"""Bad messages in a batch, however many, cost the good ones at most as much again, and are told without content."""

from __future__ import annotations

from collections.abc import Sequence
from cProfile import Profile
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application.directory import Directory
from orderloom.application.handle import Handler
from orderloom.application.ports import Item
from orderloom.application.sort import Landed, Sorted
from orderloom.domain.actor import connector
from orderloom.domain.draft import Receiver
from orderloom.route import ROUTE
from orderloom.testing.builders import a_draft, later
from tests.support.api_hub import World, a_world

COUNT = 200
BAD = (1, 44, 132, COUNT)
COST_MAX = 2.0
SECRET = "13800138000"
TAKEN = f"taken {SECRET}"
UNIQUE = f"create unique index orders_taken on orders (native, account_id) where native = '{TAKEN}'"
"""A key that one order has for good; whoever comes with the same is up against a fact and no race."""


class Reader:
    """Reads `n:kind` as an order that is good, or bad in the way that its kind says."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, taken: Sequence[Landed], directory: Directory) -> Sorted:
        found = Sorted([], [], {})
        account = directory.account_by_code("SH01")
        assert account is not None
        for index, message in enumerate(taken):
            number, kind, *seconds = message.body.decode().split(":")
            if kind == "unreadable":
                raise ValueError(SECRET)
            changed: dict[str, Any] = {
                "too_big": {"tax": 1 << 63}, "negative": {"paid": -5, "note": SECRET}, "nul": {"native": "\0" + SECRET},
                "breaks": {"total": None}, "taken": {"native": TAKEN}, "breaks_late": {"note": 5, "refunded": SECRET},
                "breaks_twice": {"paid": 1 << 63, "total": 10_000, "refunded": SECRET},
            }.get(kind, {})
            draft = a_draft(f"E{number}", at=later(sum(map(int, seconds))), **changed)
            found.commands.append(c.RecordOrder(
                actor=connector("SH01"), message_id=message.id, account_id=account.id, received_at=message.received_at,
                draft=draft, sealed=self.world.hub.vault.seal(Receiver(name="林清和", phone=SECRET), "b")))
            found.owners.append(index)
        return found


async def land(world: World, kinds: Sequence[str], start: int = 0) -> None:
    account = (await world.hub.directory()).account_by_code("SH01")
    assert account is not None
    bodies = [f"{start + n}:{kind}".encode() for n, kind in enumerate(kinds)]
    await world.hub.lander.land(account, [Item("t", body) for body in bodies], {}, world.hub.now())


async def spent(world: World, kinds: Sequence[str], start: int) -> int:
    """Calls of functions, ours and built-in, for a batch: seconds would measure the machine and its other work."""
    handler = Handler(world.hub.begin, ROUTE, Reader(world), world.hub.now, ids)
    await land(world, kinds, start)
    with Profile() as profile:
        while await handler.handle_messages():
            pass
    return sum(entry.callcount for entry in profile.getstats())


def mixed(bad: int, kinds: Sequence[str]) -> list[str]:
    """`bad` bad ones among COUNT, spread evenly."""
    return [kinds[n % len(kinds)] if (n + 1) * bad // COUNT > n * bad // COUNT else "good" for n in range(COUNT)]


KINDS = {
    "another has its key for good": ("taken", "taken", "negative"),
    "the database refuses it": ("too_big", "negative", "nul"), "deciding it fails": ("breaks", "breaks_late"),
    "reading it fails": ("unreadable",),
    "all of it": ("too_big", "breaks", "unreadable", "negative", "nul", "breaks_late"),
}


@pytest.mark.parametrize("how", KINDS)
async def test_bad_messages_of_any_share_cost_the_batch_at_most_twice_the_clean(
    database: str, home: Path, how: str, capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with a_world(home, database, orders=0) as world:
        await rows(world, UNIQUE)
        await spent(world, ["taken"], 90_000)
        await spent(world, mixed(9, KINDS[how]), 100_000)
        clean = await spent(world, ["good"] * COUNT, 200_000)
        start, costs = 300_000, {}
        for bad in BAD:
            costs[bad] = await spent(world, mixed(bad, KINDS[how]), start) / clean
            start += COUNT
        found = dict(await rows(world, "select outcome, count(*)::int from intake group by 1"))
        assert found == {"parked": 9 + sum(BAD), "normalised": 1 + COUNT * 6 - 9 - sum(BAD)}
        told = await rows(world, "select detail from intake where outcome = 'parked'"
                                 " union all select evidence::text from case_file")
        assert len(told) > found["parked"] and not any(SECRET in text for (text,) in told)
        assert await rows(world, "select distinct reason from intake where outcome = 'parked'") == [
            ("poison_message",)]
        assert SECRET not in "".join(capsys.readouterr()) + caplog.text, "the log quotes a message"
        assert max(costs.values()) < COST_MAX, costs


async def test_the_log_and_the_case_say_where_it_failed(
    database: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_world(home, database, orders=0) as world:
        await rows(world, UNIQUE)
        await spent(world, ["taken", "too_big", "good", "breaks", "unreadable", "negative", "nul", "taken"], 0)
        log = "".join(capsys.readouterr())
        told = " ".join([text for (text,) in await rows(world, "select detail from intake order by message_id")])
        for place in ("orders.tax bigint", "TypeError", "ValueError", "orders_paid_check", "orders.native text",
                      "orders_taken"):
            assert place in told and place in log, place


async def test_a_bad_change_of_a_good_order_takes_neither_the_order_nor_its_other_changes(
    database: str, home: Path
) -> None:
    """Whose fault it is cannot be seen in the batch, so these go one by one, in their order."""
    async with a_world(home, database, orders=0) as world:
        account = (await world.hub.directory()).account_by_code("SH01")
        assert account is not None
        kinds = ("good", "good", "nul")
        await world.hub.lander.land(
            account, [Item("t", f"7:{kind}:{n}".encode(), f"{n}") for n, kind in enumerate(kinds)], {},
            world.hub.now())
        await land(world, ["good"] * 20, 100)
        handler = Handler(world.hub.begin, ROUTE, Reader(world), world.hub.now, ids)
        while await handler.handle_messages():
            pass
        assert await rows(world, "select event_id, outcome from intake i join message m on m.id = i.message_id"
                                 " where event_id in ('0', '1', '2') order by 1") == [
            ("0", "normalised"), ("1", "normalised"), ("2", "parked")]
        assert await rows(world, "select count(*) from orders") == [(21,)]


async def test_an_order_that_a_broken_message_began_is_not_the_fault_of_the_good_one_after_it(
    database: str, home: Path
) -> None:
    async with a_world(home, database, orders=0) as world:
        account = (await world.hub.directory()).account_by_code("SH01")
        assert account is not None
        bodies = {"broken": b"7:breaks_twice", "good": b"7:good:60", "other": b"8:good"}
        await world.hub.lander.land(account, [Item("t", body, id) for id, body in bodies.items()], {}, world.hub.now())
        handler = Handler(world.hub.begin, ROUTE, Reader(world), world.hub.now, ids)
        while await handler.handle_messages():
            pass
        ends = await rows(world, "select event_id, outcome from intake i join message m on m.id = i.message_id")
        assert dict(ends) == dict.fromkeys(bodies, "normalised"), "the broken one comes last, and is old news by then"
        assert await rows(world, "select external_id from orders order by 1") == [("E7",), ("E8",)]


async def rows(world: World, query: str) -> list[tuple[Any, ...]]:
    async with world.hub.pool.connection() as connection:
        done = await connection.execute(query.encode())
        return await done.fetchall() if done.description else []
