"""An after-sale list is walked beside the order list: whichever tells first, the goods wait and the order shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderloom.adapters.db import unit_of_work
from orderloom.adapters.ids import ids
from orderloom.application import commands as c
from orderloom.application.handle import Handler
from orderloom.application.ports import Item
from orderloom.application.queries.order_detail import read_order
from orderloom.application.replay import replay_met
from orderloom.application.sort import Landed, Sorted
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import connector
from orderloom.domain.draft import AfterSaleLine, AfterSaleReport
from orderloom.route import ROUTE
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from tests.support.moves import CHANNEL, sealed
from tests.support.proof import prove
from tests.support.seller import rows, settle_in

AT = STORY_BEGINS.replace(microsecond=0)
ORDER = b"order"


def told(state: str, minutes: int, **more: Any) -> bytes:
    """A message of the after-sale list."""
    return msgspec.json.encode(AfterSaleReport(
        "R1", "E1", "return_refund", state, AT + timedelta(minutes=minutes), "CNY", 1_000, native=state.upper(),
        reason="请打 13812345678", lines=(AfterSaleLine("L1", "", 1),), **more,
    ))


def read(taken: Sequence[Landed], _: object) -> Sorted:
    """A message is the order, or a word of its one application."""
    return Sorted([
        c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, message_id=m.id, received_at=AT,
                      draft=a_draft("E1", a_line("A", 1, external_id="L1"), at=AT), sealed=sealed(1))
        if m.body == ORDER else
        c.HearAfterSale(actor=connector("TB01"), account_id=CHANNEL, message_id=m.id, received_at=m.received_at,
                        report=msgspec.json.decode(m.body, type=AfterSaleReport))
        for m in taken
    ], list(range(len(taken))), {})


@asynccontextmanager
async def a_hub(database: str, home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database) as hub:
        await settle_in(hub, {(1, 1): 10})
        yield hub


async def take(hub: Hub, *bodies: bytes) -> None:
    """Messages come in, one batch each, and are taken up."""
    account = (await hub.directory()).accounts[CHANNEL]
    route = Handler(hub.begin, ROUTE, read, hub.now, ids)
    for body in bodies:
        await hub.lander.land(account, [Item("t", body)], {}, AT + timedelta(hours=1))
        while await route.handle_messages():
            pass


async def is_held(hub: Hub) -> bool:
    return bool(await rows(hub, "select 1 from hold where type = 'refund_requested' and released_at is null"))


async def test_an_application_that_is_told_before_its_order_holds_it_as_soon_as_it_is_there(
    database: str, home: Path
) -> None:
    async with a_hub(database, home) as hub:
        await take(hub, told("asked", 1))
        assert await rows(hub, "select reason, park_key from intake") == [("order_unknown", "order:1:E1")]
        await take(hub, ORDER)
        assert await is_held(hub)
        assert await rows(hub, "select kind from case_file where resolved_at is null") == [("after_sale",)]
        await take(hub, told("withdrawn", 2), told("asked", 1))
        assert not await is_held(hub)
        assert await rows(hub, "select kind from case_file where resolved_at is null") == []


async def test_an_application_that_is_parked_while_its_order_is_recorded_does_not_wait_for_good(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch has looked and found no order; another worker records it and finds nobody waiting; the batch parks."""
    really, recorded = unit_of_work.load, list[bool]()

    async def load(*given: Any) -> Any:
        world = await really(*given)
        if not recorded:
            recorded.append(True)
            await take(hub, ORDER)
        return world

    async with a_hub(database, home) as hub:
        monkeypatch.setattr(unit_of_work, "load", load)
        await take(hub, told("asked", 1))
        assert await rows(hub, "select park_key from intake where outcome = 'parked'") == [("order:1:E1",)]
        assert len(await replay_met(hub.ports.messages, hub.now())) == 1
        await take(hub)
        await Handler(hub.begin, ROUTE, read, hub.now, ids).handle_messages()
        assert await is_held(hub) and not await replay_met(hub.ports.messages, hub.now())


async def test_the_order_shows_what_is_asked_for_and_its_log_proves_it(database: str, home: Path) -> None:
    async with a_hub(database, home) as hub:
        await take(hub, ORDER, told("asked", 1), told("agreed", 2, waybill="SF9", carrier="SF"))
        (found,) = await rows(hub, "select id::text, after_sales from orders")
        assert found[1] == "granted"
        async with hub.ports.reading() as connection:
            detail = await read_order(connection, str(found[0]), lambda _: None, {}, is_clear=False)
        assert detail is not None
        (shown,) = detail.after_sales
        assert (shown.external_id, shown.kind, shown.state, shown.native, shown.amount, shown.waybill) == (
            "R1", "return_refund", "agreed", "AGREED", 1_000, "SF9")
        assert [(line.line, line.quantity) for line in shown.lines] == [("L1", 1)]
        assert "13812345678" not in msgspec.json.encode(detail).decode(), "a phone in the buyer's reason"
        async with hub.pool.connection() as connection:
            await prove(connection)
