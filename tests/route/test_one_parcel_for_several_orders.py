"""One buyer's orders leave in one parcel: its carrier's word completes each of them, and each is told its channel."""

from __future__ import annotations

import pytest

from orderloom.application import commands as c
from orderloom.application.by_hand import report_of
from orderloom.application.work_commands import MergeWorks
from orderloom.domain.actor import person
from orderloom.domain.draft import WorkReport
from orderloom.domain.order import Order
from tests.route.test_cases_of_real_sellers import body, levels, say
from tests.support.stage import ON_HAND, Stage

WANG = person("wang", "warehouse")
FIRST = 4400000000000019021
HOURS_MAX = 72
pytestmark = pytest.mark.asyncio


async def _orders(stage: Stage, count: int) -> list[Order]:
    """So many orders of one buyer at Taobao, for a warehouse that people work in."""
    await stage.run("update warehouse set account_id = null")
    told = body("one-waybill-two-orders", "order-a.json")
    await say(stage, "TB01", "trade", *[
        told.replace(str(FIRST).encode(), str(FIRST + n).encode()) for n in range(count)])
    return [await stage.order(str(FIRST + n)) for n in range(count)]


async def _merge(stage: Stage, orders: list[Order]) -> None:
    (done,) = await stage.hub.handle([MergeWorks(actor=WANG, works=tuple([o.works[-1].number for o in orders]))])
    assert done.refusal == "", done


async def _out(stage: Stage, order: Order, waybill: str) -> None:
    report = report_of(order.works[-1].number, "out", stage.clock(), waybill=waybill, carrier="顺丰")
    assert isinstance(report, WorkReport)
    (done,) = await stage.hub.handle([c.ConfirmWork(actor=WANG, account_id=None, report=report)])
    assert done.refusal == "", done
    await stage.settle()


async def test_the_carrier_s_word_on_a_merged_parcel_completes_each_of_its_orders(stage: Stage) -> None:
    orders = await _orders(stage, 3)
    await _merge(stage, orders)
    await _out(stage, orders[1], "SF3000")
    orders = [await stage.order(o.external_id) for o in orders]
    assert {o.stage for o in orders} == {"shipped"} and len({o.parcels[0].id for o in orders}) == 1
    told = await stage.rows("select order_id::text from delivery where kind = 'shipment' and state = 'done'")
    assert {order_id for (order_id,) in told} <= {o.id for o in orders}
    assert await levels(stage) == (ON_HAND - 3, 0, 0)
    stage.carrier.hand_over("shunfeng", "SF3000", stage.clock(), "浙江省", "0001")
    for _ in range(HOURS_MAX):
        await stage.wait(3_600, step=600)
        orders = [await stage.order(o.external_id) for o in orders]
        if all(o.stage == "completed" for o in orders):
            break
    assert [o.stage for o in orders] == ["completed"] * 3
    assert {str(p.state) for o in orders for p in o.parcels} == {"delivered"}


async def test_an_order_that_is_cancelled_leaves_the_merge_and_the_others_go(stage: Stage) -> None:
    orders = await _orders(stage, 3)
    await _merge(stage, orders)
    (done,) = await stage.hub.handle([c.CancelOrder(actor=person("li", "service"), order_id=orders[0].id, reason="x")])
    assert done.refusal == ""
    await _out(stage, orders[2], "SF3001")
    gone, *left = [await stage.order(o.external_id) for o in orders]
    assert gone.stage == "cancelled" and not gone.parcels and gone.works[-1].merge_no == ""
    assert [o.stage for o in left] == ["shipped", "shipped"] and await levels(stage) == (ON_HAND - 2, 0, 0)


async def test_another_buyer_s_order_is_not_merged(stage: Stage) -> None:
    (one,) = await _orders(stage, 1)
    told = body("one-waybill-two-orders", "order-b.json").replace("李甲".encode(), "李乙".encode())
    await say(stage, "TB01", "trade", told)
    other = await stage.order(str(FIRST + 1))
    works = (one.works[-1].number, other.works[-1].number)
    (done,) = await stage.hub.handle([MergeWorks(actor=WANG, works=works)])
    assert (done.refusal, done.particulars["by"]) == ("merge_differs", "receiver")
