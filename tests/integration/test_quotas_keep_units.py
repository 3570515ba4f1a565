"""Units set aside are sold to whom they are kept for, never twice, and are everybody's again when the time is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderloom.adapters.ids import new_id
from orderloom.application import commands as c
from orderloom.application.keep_quotas import (
    QuotaLine,
    QuotaWish,
    close_quota,
    plan_quotas,
    resize_quota,
    tend_quotas,
)
from orderloom.bootstrap import Hub, open_hub
from orderloom.domain.actor import clock, connector
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import SubjectKind
from orderloom.settings import Settings
from orderloom.testing.builders import a_draft, a_line
from orderloom.testing.clock import STORY_BEGINS
from orderloom.testing.proof import prove
from tests.support.by_hand import move
from tests.support.moves import CHANNEL, LI, SKUS, sealed
from tests.support.seller import restock, rows, settle_in

TEN = {(1, 1): 10}
Buy = Callable[..., Awaitable[bool]]


@pytest.fixture
async def hub(database: str, home: Path) -> AsyncIterator[Hub]:
    async with open_hub(Settings(home=home), database) as opened:
        await settle_in(opened, TEN)
        yield opened
        assert await prove(opened) == []


@pytest.fixture
def buy(hub: Hub) -> Buy:
    async def bought(name: str, units: int = 1, campaign: str = "", sku: str = "A", **more: Any) -> bool:
        draft = msgspec.structs.replace(a_draft(name, a_line(sku, units), **more),
                                        facts={"campaign": campaign} if campaign else {})
        await hub.handle([c.RecordOrder(actor=connector("TB01"), account_id=CHANNEL, draft=draft, sealed=sealed(0),
                                        received_at=STORY_BEGINS)])
        [(is_short,)] = await rows(hub, "select is_short from orders where external_id = %s", (name,))
        return not is_short

    return bought


async def quota(hub: Hub, units: int, call: str = "k", **more: Any) -> str:
    wish = QuotaWish([QuotaLine(more.pop("sku", "A"), "HZ", units)], "双十一", **{"campaign": "11.11", **more})
    made = await plan_quotas(hub.begin, wish, SKUS, await hub.directory(), call, "li", hub.now(), new_id)
    assert isinstance(made, list), made
    return made[0]


async def stands(hub: Hub, number: str) -> tuple[object, ...]:
    [row] = await rows(hub, "select kept, drawn, state from stock_quota where number = %s", (number,))
    return row


async def level(hub: Hub) -> tuple[object, ...]:
    [row] = await rows(hub, "select on_hand, reserved, allocated, set_aside, free from stock_level"
                            " where sku_id = 1 and warehouse_id = 1")
    return row


async def test_what_a_campaign_keeps_is_sold_to_its_buyers_alone(hub: Hub, buy: Buy) -> None:
    number = await quota(hub, 6)
    assert await level(hub) == (10, 0, 0, 6, 4)
    assert await buy("everybody", 4) and not await buy("one too many", 1)
    assert await buy("campaign", 5, "11.11") and await stands(hub, number) == (1, 5, "open")
    assert await level(hub) == (10, 0, 9, 1, 0)
    [(drawn,)] = await rows(hub, "select q.number from stock_hold h join stock_quota q on q.id = h.quota_id")
    assert drawn == number


async def test_a_cancelled_order_gives_back_to_its_campaign_while_that_is_open(hub: Hub, buy: Buy) -> None:
    number = await quota(hub, 6)
    await buy("a", 2, "11.11", is_paid=False)
    await buy("b", 3, "11.11", is_paid=False)
    [(a,), (b,)] = await rows(hub, "select id::text from orders order by external_id")
    await hub.handle([c.CancelOrder(actor=LI, order_id=str(a), reason="不要了")])
    assert await stands(hub, number) == (3, 3, "open") and (await level(hub))[3:] == (3, 4)
    assert not isinstance(await close_quota(hub.begin, number, "提前结束", "li", hub.now()), Refusal)
    await hub.handle([c.CancelOrder(actor=LI, order_id=str(b), reason="不要了")])
    assert await stands(hub, number) == (0, 0, "closed") and await level(hub) == (10, 0, 0, 0, 10)


async def test_an_unpaid_order_that_is_paid_keeps_what_it_drew(hub: Hub, buy: Buy) -> None:
    number = await quota(hub, 6)
    await buy("a", 2, "11.11", is_paid=False)
    assert await level(hub) == (10, 2, 0, 4, 4)
    await buy("a", 2, "11.11")
    assert await level(hub) == (10, 0, 2, 4, 4) and await stands(hub, number) == (4, 2, "open")


async def test_a_quota_opens_and_ends_by_the_clock_and_fills_up_when_goods_come(hub: Hub, buy: Buy) -> None:
    now = hub.now()
    number = await quota(hub, 15, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    assert await stands(hub, number) == (0, 0, "planned") and await tend_quotas(hub.begin, now) == 0
    await tend_quotas(hub.begin, now + timedelta(hours=1))
    assert await stands(hub, number) == (10, 0, "open"), "it takes what is free and no more"
    assert not await buy("everybody", 1)
    await restock(hub, {(1, 1): 3}, "second")
    await hub.handler.restock([1], _nothing)  # who waits is served first
    await tend_quotas(hub.begin, now + timedelta(hours=1, minutes=1))
    assert await stands(hub, number) == (12, 0, "open") and (await level(hub))[2] == 1
    await tend_quotas(hub.begin, now + timedelta(hours=2))
    assert await stands(hub, number) == (0, 0, "closed") and (await level(hub))[3:] == (0, 12)


async def test_a_resized_quota_takes_more_or_gives_back_and_never_less_than_it_gave(hub: Hub, buy: Buy) -> None:
    number = await quota(hub, 4)
    await buy("a", 3, "11.11")
    more = await resize_quota(hub.begin, number, 20, "卖得好", "li", hub.now())
    assert not isinstance(more, Refusal) and (more.kept, more.drawn) == (7, 3)
    less = await resize_quota(hub.begin, number, 5, "多了", "li", hub.now())
    assert not isinstance(less, Refusal) and less.kept == 2
    low = await resize_quota(hub.begin, number, 2, "多了", "li", hub.now())
    assert isinstance(low, Refusal) and low.code == "below_drawn"


async def test_the_same_call_plans_once_even_when_it_is_sent_twice_at_once(hub: Hub) -> None:
    both = await asyncio.gather(quota(hub, 4, "same"), quota(hub, 4, "same"))
    assert both[0] == both[1] and (await level(hub))[3] == 4


async def test_another_wish_under_a_used_key_is_refused(hub: Hub) -> None:
    await quota(hub, 4, "same")
    wish = QuotaWish([QuotaLine("A", "HZ", 5)], "双十一", campaign="11.11")
    found = await plan_quotas(hub.ports.subjects, wish, SKUS, await hub.directory(), "same", "li", hub.now(), new_id)
    assert isinstance(found, Refusal) and found.code == "call_key_used"


async def test_a_pool_behind_the_general_one_and_a_closed_list(hub: Hub, buy: Buy) -> None:
    last = await quota(hub, 3, "a", campaign="vip", draw_order=1)
    only = await quota(hub, 2, "b", campaign="staff", may_fall_through=False)
    assert await buy("vip", 2, "vip") and await stands(hub, last) == (3, 0, "open")
    assert not await buy("staff", 3, "staff") and await buy("staff two", 2, "staff")
    assert await stands(hub, only) == (0, 2, "open")
    assert await buy("vip more", 6, "vip") and await stands(hub, last) == (0, 3, "open")


async def test_a_loss_behind_quotas_is_promised_to_nobody_twice(hub: Hub, buy: Buy) -> None:
    one = await quota(hub, 5, "a", campaign="x")
    await quota(hub, 5, "b", campaign="y")
    await move(hub, "A", "HZ", "stocktake", "盘亏", "li", counted=6)
    assert (await level(hub))[3:] == (10, -4)
    assert await buy("x", 5, "x") and not await buy("y", 2, "y") and await buy("y one", 1, "y")
    assert not await buy("everybody", 1)
    assert await stands(hub, one) == (0, 5, "open")


async def test_many_buyers_at_once_draw_exactly_what_there_is(hub: Hub, buy: Buy) -> None:
    number = await quota(hub, 6)
    asked = [(f"c{n}", "11.11") for n in range(10)] + [(f"e{n}", "") for n in range(10)]
    sold = await asyncio.gather(*[buy(name, 1, campaign) for name, campaign in asked])
    assert sum(sold) == 10 and await stands(hub, number) == (0, 6, "open")
    assert sum(sold[10:]) <= 4


async def presale(hub: Hub, units: int, **more: Any) -> str:
    return await quota(hub, units, "presale", campaign="", promised_on=date(2026, 12, 24), **more)


async def test_a_presale_sells_what_is_not_there_and_no_more_than_it_may(hub: Hub, buy: Buy) -> None:
    number = await presale(hub, 3)
    assert await level(hub) == (10, 0, 0, 0, 10), "it touches no level"
    assert await buy("stock first", 10)
    for name, units in (("a", 2), ("b", 1)):
        assert not await buy(name, units)  # it waits
    assert await stands(hub, number) == (0, 3, "open")
    stages = await rows(hub, "select external_id, stage from orders where external_id in ('a', 'b') order by 1")
    assert stages == [("a", "presale"), ("b", "presale")]
    await buy("c", 1)
    assert await rows(hub, "select stage from orders where external_id = 'c'") == [("short",)]


async def test_presold_goods_go_to_who_paid_first_when_they_come(hub: Hub, buy: Buy) -> None:
    number = await presale(hub, 5)
    await buy("stock", 10)
    await buy("late", 2, paid_at=STORY_BEGINS + timedelta(minutes=9))
    await buy("early", 2)
    await restock(hub, {(1, 1): 3}, "second")
    found = await rows(hub, "select external_id, is_short from orders"
                            " where external_id in ('late', 'early') order by 1")
    assert found == [("early", False), ("late", True)]
    assert await stands(hub, number) == (0, 4, "open"), "what was sold stays counted"
    held = await rows(hub, "select h.kind, h.state, h.quantity from stock_hold h join orders o on o.id = h.order_id"
                           " where o.external_id = 'early' order by h.hold_no")
    assert held == [("presale", "consumed", 2), ("allocation", "active", 2)]
    assert await rows(hub, "select count(*)::int from work w join orders o on o.id = w.order_id"
                           " where o.external_id = 'early'") == [(1,)]


async def test_an_unpaid_place_in_a_presale_is_free_again_when_its_time_is_up(hub: Hub, buy: Buy) -> None:
    number = await presale(hub, 5)
    await buy("stock", 10)
    await buy("a", 2, is_paid=False)
    assert await stands(hub, number) == (0, 2, "open")
    [(order_id, due_at)] = await rows(hub, "select subject_id::text, due_at from deadline d join orders o"
                                           " on o.id = d.subject_id where d.kind = 'reservation' and external_id = 'a'")
    await hub.handle([c.FireDeadline(actor=clock("wake"), subject=c.Subject(SubjectKind.ORDER, str(order_id)),
                                     kind="reservation", of="", due_at=due_at)])  # type: ignore[arg-type]
    assert await stands(hub, number) == (0, 0, "open")


async def test_a_presale_is_never_sold_twice_by_buyers_at_once(hub: Hub, buy: Buy) -> None:
    number = await presale(hub, 4)
    await buy("stock", 10)
    await asyncio.gather(*[buy(f"p{n}", 1) for n in range(9)])
    assert await stands(hub, number) == (0, 4, "open")
    assert await rows(hub, "select stage, count(*)::int from orders where external_id like 'p%%' group by 1 order by 1"
                      ) == [("presale", 4), ("short", 5)]


async def _nothing(_: object) -> bool:
    return True

