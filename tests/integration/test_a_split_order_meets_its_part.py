"""An order and what was split off from it may come at one moment, to two workers: neither is sent unseen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.db import unit_of_work
from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application.handle import Handler
from orderloom.application.ports import Item
from orderloom.application.replay import replay_met
from orderloom.application.sort import Landed, Sorted
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector, person
from orderloom.route import ROUTE
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, WMS, sealed
from tests.support.seller import rows, settle_in

HELD = "select external_id from orders where holds_active > 0 order by 1"


def read(taken: Sequence[Landed], _: object) -> Sorted:
    """A message is an order by its id; `C of P` is split off from P, `SO is N` the ERP's copy of our number."""
    commands = []
    for m in taken:
        external, word, other = m.body.decode().partition(" is " if b" is " in m.body else " of ")
        echo = other if word == " is " else ""
        draft = a_draft(external, a_line("A", 1), at=STORY_BEGINS, parent_external_id="" if echo else other)
        commands.append(c.RecordOrder(
            actor=connector("WMS" if echo else "TB01"), account_id=WMS if echo else CHANNEL, message_id=m.id,
            draft=draft, sealed=sealed(1), received_at=STORY_BEGINS, echo=echo))
    return Sorted(commands, list(range(len(taken))), {})


@asynccontextmanager
async def a_hub(database: str, home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, {(1, 1): 10})
        yield hub


async def take(hub: Hub, *bodies: str) -> None:
    account = (await hub.directory()).accounts[CHANNEL]
    route = Handler(hub.begin, ROUTE, read, hub.now, ids)
    for body in bodies:
        await hub.lander.land(account, [Item("t", body.encode())], {}, STORY_BEGINS)
        while await route.handle_messages():
            pass
    while await route.handle_messages():
        pass


@pytest.mark.parametrize("first", ["P", "C of P"])
async def test_who_is_recorded_while_the_other_is_decided_is_compared_all_the_same(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    second = "C of P" if first == "P" else "P"
    really, recorded = unit_of_work.load, list[bool]()

    async def load(*given: Any) -> Any:
        world = await really(*given)
        if not recorded:
            recorded.append(True)
            await take(hub, second)
        return world

    async with a_hub(database, home) as hub:
        monkeypatch.setattr(unit_of_work, "load", load)
        await take(hub, first)
        assert await rows(hub, HELD) == [], "neither has seen the other"
        assert len(await replay_met(hub.ports.messages, hub.now())) == 1
        await take(hub)
        assert await rows(hub, HELD) == [("C",), ("P",)]
        assert not await replay_met(hub.ports.messages, hub.now())


async def test_cancelling_one_on_a_person_s_word_lets_the_other_go(database: str, home: Path) -> None:
    async with a_hub(database, home) as hub:
        await take(hub, "P", "C of P")
        assert await rows(hub, HELD) == [("C",), ("P",)]
        ((order_id,),) = await rows(hub, "select id::text from orders where external_id = 'P'")
        await hub.handle([c.CancelOrder(actor=person("li", "administrator"), order_id=str(order_id), reason="split")])
        assert await rows(hub, HELD) == []
        assert await rows(hub, "select count(*) from work w join orders o on o.id = w.order_id "
                               "where o.external_id = 'C' and w.state <> 'cancelled'") == [(1,)]


async def test_our_number_in_an_erp_s_order_finds_ours(database: str, home: Path) -> None:
    async with a_hub(database, home) as hub:
        await take(hub, "P")
        ((number, order_id),) = await rows(hub, "select number, id::text from orders")
        await take(hub, f"SO1 is {number}", "SO2 is P")
        assert await rows(hub, "select count(*) from orders") == [(1,)]
        assert await rows(hub, "select distinct order_id::text, outcome from intake") == [(order_id, "normalised")]
