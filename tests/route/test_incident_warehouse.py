"""Between the hub and the warehouse: slow, refusing, short, racing - and the stock is right whoever wins."""

from __future__ import annotations

import pytest

from orderloom.adapters.kit.declared import WithBatches
from orderloom.application.commands import AdjustReceiver, CancelOrder
from orderloom.application.ports import Transient
from orderloom.application.resend import resend
from orderloom.application.sending import Deliverer
from orderloom.bootstrap import open_hub
from orderloom.domain.actor import person
from orderloom.testing.builders import a_purchase, a_receiver
from orderloom.testing.doubles import FailingConnector
from tests.support.stage import Stage, plain, spare, tid, until

LONG = "园" * 562
KEY = "5500000000001"
BACK_OFF = (3, 6, 12, 24, 48)

SERVICE = person("service", "service")

async def correct(stage: Stage, external_id: str, detail: str) -> None:
    """Service corrects an address."""
    receiver = a_receiver(detail=detail)
    order = await stage.order(external_id)
    done = await stage.hub.handle([AdjustReceiver(
        actor=SERVICE, order_id=order.id, receiver=receiver, sealed=stage.hub.vault.seal(receiver, "buyer-1"),
        reason="the buyer called")])
    assert not done[0].refusal, done


async def send_again(stage: Stage) -> list[str]:
    """Somebody presses "send again" on everything that is parked."""
    parked = [key for (key,) in await stage.rows("select id::text from delivery where state = 'parked'")]
    return (await resend(stage.hub.ports.outbox, parked, "li", stage.clock())).ids


async def test_wms_slows_down_under_a_562_character_address(stage: Stage) -> None:
    """10:15. The address that once stalled a warehouse for everybody: it never gets there, all the others do."""
    told = a_purchase(tid(1), **plain(spare("M-001", 1)))
    told["receiver"] = told["receiver"] | {"detail": LONG}
    stage.taobao.place(told)
    for n in (2, 3, 4):
        stage.taobao.place(a_purchase(tid(n), **plain(spare("M-001", 1))))
    await stage.flow()
    assert stage.wms.floor.stalled_by == []
    assert len(stage.wms.trades) == 3
    order = await stage.order(tid(1))
    assert f"{order.number}-1" not in stage.wms.trades
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["error"], evidence["to"]) == ("delivery_refused", "oversize_field", "WD01")
    assert await stage.held("M-001") == (100, 0, 4), "an order that waits for its address keeps its stock"
    await correct(stage, tid(1), "文一西路8号")
    assert len(await send_again(stage)) == 1
    await stage.settle()
    assert stage.wms.trades[f"{order.number}-1"].raw["receiver_address"] == "文一西路8号"
    assert (await stage.kinds(), await stage.held("M-001")) == ([], (100, 0, 4))
    assert {state for _, state, _ in await stage.deliveries("work")} == {"done"}


async def test_a_stalled_warehouse_does_not_hold_up_the_channels(stage: Stage) -> None:
    """10:20. Somebody else typed such an address: each call there takes half a second, the channels feel nothing."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.flow()
    (trade,) = stage.wms.trades.values()
    stage.wms.floor.take(trade.raw | {"tid": "typed-by-hand", "receiver_address": LONG}, trade.lines, stage.clock())
    await stage.alias("SH01", "n-1", "N-001", listing=stage.shopify.listing("n-1"))
    stage.taobao.place(a_purchase(tid(2), **plain(spare("N-001", 1))))
    await stage.pull()
    await stage.hub.handler.handle_messages()
    await stage.steps["publish_stock"]()
    assert await stage.deliverer.step() == 2
    await until(lambda: stage.shopify.stock, "the channel's stock")
    assert len(stage.wms.trades) == 2, "the warehouse answered first: this proves nothing"
    await stage.deliverer.drain()
    assert (stage.shopify.stock, len(stage.wms.trades)) == ({"n-1": 199}, 3)


@pytest.mark.parametrize("moment", ["before it is sent", "in flight", "after it was accepted"])
async def test_cancel_races_with_dispatch(stage: Stage, moment: str) -> None:
    """10:30. The buyer changes her mind while the work is on its way: she wins, and her units are for sale again."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 2))))
    await stage.pull()
    await stage.hub.handler.handle_messages()
    order = await stage.order(tid(1))
    cancel = CancelOrder(actor=SERVICE, order_id=order.id, reason="the buyer called")
    if moment == "in flight":
        stage.wms.fault("slow")
        await stage.deliverer.step()
        await until(lambda: stage.wms.requests["sales.RawTrade.pushSelf2"], "the push")
    elif moment == "after it was accepted":
        await stage.settle()
    assert [done.refusal for done in await stage.hub.handle([cancel])] == [""]
    await stage.deliverer.drain()
    await stage.settle()
    if moment.startswith("before"):
        await stage.wait(5)  # that there is no such work is asked twice
    states = {kind: state for kind, state, _ in await stage.deliveries()}
    assert states == {"work": "cancelled" if moment.startswith("before") else "done", "work_cancel": "done"}
    assert [t.is_cancelled for t in stage.wms.trades.values()] == ([] if moment.startswith("before") else [True])
    await stage.wait(400)
    order = await stage.order(tid(1))
    assert (order.stage, order.is_cancelled, [w.state for w in order.works]) == ("cancelled", True, ["cancelled"])
    assert (order.parcels, await stage.held("M-001"), await stage.kinds()) == ((), (100, 0, 0), [])
    assert [h.state for h in order.bindings] == ["released"]
    assert [done.refusal for done in await stage.hub.handle([cancel])] == ["already_cancelled"]


async def test_cancel_races_with_a_parcel_that_has_left(stage: Stage) -> None:
    """10:40. The parcel went out a second before: the parcel wins, its units are gone, and a person is told; and told
    again when the buyer, who has his money, does not take it and it comes back.
    """
    stage.carrier.settings["return_share"] = 1.0
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 2))))
    await stage.flow()
    stage.wms.step(stage.clock.forward(400))
    order = await stage.order(tid(1))
    cancel = CancelOrder(actor=SERVICE, order_id=order.id, reason="the buyer called")
    assert [done.refusal for done in await stage.hub.handle([cancel])] == [""]
    await stage.settle()
    assert [state for _, state, _ in await stage.deliveries("work_cancel")] == ["parked"]
    assert "cancel_too_late" in await stage.kinds()
    assert await stage.held("M-001") == (100, 0, 2), "units that may be on the road must not be sold again"
    await stage.flow()
    order = await stage.order(tid(1))
    assert ([p.waybill for p in order.parcels], order.stage) == ([t.waybill for t in stage.wms.trades.values()],
                                                                 "cancelled")
    assert await stage.held("M-001") == (98, 0, 0)
    assert "shipped_after_cancel" in await stage.kinds()
    await stage.wait(1_300, 100)  # nine scans, each at most 140 s after the one before
    order = await stage.order(tid(1))
    assert ([p.state for p in order.parcels], order.stage) == (["returned"], "returned")
    assert "parcel_returned" in await stage.kinds(), "its goods lie at the warehouse, and nobody has booked them yet"
    assert await stage.held("M-001") == (98, 0, 0)


async def test_cancel_comes_after_the_hub_knows_of_the_parcel(stage: Stage) -> None:
    """10:50. What is out cannot be cancelled: the refusal says so and nothing changes."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 2))))
    await stage.flow()
    await stage.wait(400)
    before, order = await stage.snapshot(), await stage.order(tid(1))
    (done,) = await stage.hub.handle([CancelOrder(actor=SERVICE, order_id=order.id, reason="the buyer called")])
    assert (done.refusal, done.particulars) == ("too_late", {
        "order": order.number, "stage": "shipped", "action": "cancel"})
    assert await stage.changed_since(before) == set()
    assert await stage.held("M-001") == (98, 0, 0)


async def test_a_warehouse_that_is_down_is_tried_after_3_6_12_24_and_48_seconds_and_then_parked(stage: Stage) -> None:
    """11:00. Ninety-three seconds of trouble, then a person; at 11:30 the warehouse is back and "send again" works."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.pull()
    stage.wms.fault("status_500", 6)
    push = "sales.RawTrade.pushSelf2"
    await stage.settle()
    for number, wait in enumerate(BACK_OFF, 1):
        assert stage.wms.requests[push] == number
        stage.clock.forward(wait - 0.5)
        await stage.settle()
        assert stage.wms.requests[push] == number, f"tried before {wait} s were over"
        assert await stage.deliveries() == [("work", "due", number)]
        stage.clock.forward(0.5)
        await stage.settle()
    assert await stage.deliveries() == [("work", "parked", 6)]
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["to"], evidence["attempts"], evidence["error"]) == ("delivery_parked", "WD01", 6, "http_500")
    assert await stage.held("M-001") == (100, 0, 1)
    before = await stage.snapshot()
    stage.clock.forward(3_600)
    await stage.settle()
    assert await stage.changed_since(before) == set(), "a parked delivery was sent by itself"
    assert len(await send_again(stage)) == 1
    await stage.settle()
    assert (await stage.deliveries(), await stage.kinds()) == ([("work", "done", 1)], [])
    assert (len(stage.wms.trades), stage.wms.requests[push]) == (1, 7)
    assert [w.negotiation for w in (await stage.order(tid(1))).works] == ["accepted"]


async def test_what_one_order_has_to_tell_keeps_its_order_and_holds_up_no_other(stage: Stage) -> None:
    """11:40. The first word of one order fails; its second must not overtake it, and another order's goes through."""
    failing = FailingConnector(stage.hub.connectors["wangdiantong"])
    stage.hub.connectors["wangdiantong"] = failing  # type: ignore[index]
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    await stage.pull()
    failing.troubles.append(Transient("busy", "not now"))
    await stage.settle()
    await correct(stage, tid(1), "文二路1号")
    stage.taobao.place(a_purchase(tid(2), **plain(spare("M-001", 1))))
    await stage.flow()
    first, second = await stage.order(tid(1)), await stage.order(tid(2))
    assert [x.key for x in failing.sent] == [first.id, second.id]
    stage.clock.forward(3)
    await stage.settle()
    assert [x.key for x in failing.sent[2:]] == [first.id, first.id]
    keys = [x.id for x in failing.sent]
    assert keys[0] == keys[2] != keys[3], "a retry must carry the same idempotency key, another word its own"
    assert [x.attempt for x in failing.sent] == [1, 1, 2, 1]
    assert stage.wms.trades[f"{first.number}-1"].raw["receiver_address"] == "文二路1号"
    assert len(stage.wms.trades) == 2


async def test_works_that_wait_leave_in_few_calls_and_one_bad_one_stops_no_other(stage: Stage) -> None:
    """11:45. Sixty works wait for a warehouse that takes fifty in a call; one of them it refuses."""
    for n in range(60):
        stage.taobao.place(a_purchase(tid(n + 1), **plain(spare("M-001", 1))))
    await stage.pull()
    await stage.hub.handler.handle_messages()
    refused = (await stage.order(tid(7))).works[0].number
    stage.wms.refuse(refused, "该订单已发货")
    await stage.deliverer.step()
    await stage.deliverer.drain()
    assert stage.wms.requests["sales.RawTrade.pushSelf2"] == 2 and len(stage.wms.trades) == 59
    ends = [(kind, state) for kind, state, _ in await stage.deliveries() if kind == "work"]
    assert ends.count(("work", "done")) == 59 and ends.count(("work", "parked")) == 1


async def passes(stage: Stage, seconds: int) -> None:
    """Time passes, for the buckets that all workers share too: those go by the database's clock."""
    stage.clock.forward(seconds)
    await stage.run("update pace set filled_at = filled_at - make_interval(secs => %s), "
                    "blocked_until = blocked_until - make_interval(secs => %s)", seconds, seconds)


async def test_all_workers_together_keep_to_the_rate_of_the_target(
    stage: Stage, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """12:00. Two workers, one contract of a call a second and three at once; then the target asks for five minutes."""
    monkeypatch.setattr(WithBatches, "batch_max", {})  # a call carries one piece of work
    await stage.setting("WD01", rate={"per_second": 1, "burst": 3})
    for n in range(10):
        stage.taobao.place(a_purchase(tid(n + 1), **plain(spare("M-001", 1))))
    await stage.pull()
    await stage.hub.handler.handle_messages()
    async with open_hub(stage.hub.settings, database, clock=stage.clock) as other:
        workers = [stage.deliverer, Deliverer(other)]

        async def work() -> int:
            for worker in workers:
                await worker.step()
            for worker in workers:
                await worker.drain()
            return len(stage.wms.trades)

        assert [await work(), await work()] == [3, 3]
        stage.clock.forward(1)
        assert [await work(), await work()] == [4, 4]
        await passes(stage, 60)
        stage.wms.fault("rate_limited")
        refused = await work()
        assert 4 <= refused <= 6, "one was refused, and what was on its way beside it may have been taken"
        await passes(stage, 240)
        assert await work() == refused, "the target asked to be left alone for five minutes"
        await passes(stage, 61)
        assert await work() > refused
        await passes(stage, 60)
        await work()
        await passes(stage, 60)
        assert await work() == 10
    assert {state for _, state, _ in await stage.deliveries()} == {"done"}


async def test_an_order_split_over_two_warehouses_tells_of_each_parcel_and_is_shipped_with_the_last(
    stage: Stage,
) -> None:
    """12:30. One unit lies in Hangzhou and one in Guangzhou: two works, two parcels, one order at the channel."""
    for house in ("HZ01", "GZ01"):
        await stage.count("M-001", house, 1)
    stage.shopify.place(a_purchase(KEY, **plain(spare("M-001", 2), spare("M-002", 1))))
    await stage.flow()
    order = await stage.order(KEY)
    assert sorted(t.warehouse for t in stage.wms.trades.values()) == ["GZ01", "HZ01"]
    asked = [[(i.sku_id, i.quantity) for i in w.items] for w in order.works]
    assert sorted(units for items in asked for units in items) == [(1, 1), (1, 1), (2, 1)]
    owed = sum(t.raw["receivable"] for t in stage.wms.trades.values())
    assert owed == 300, "the two warehouses' papers must add up to what the buyer paid"
    late = stage.wms.floor.trades[f"{order.number}-2"]
    late.dues = tuple([due.replace(hour=3) for due in late.dues])
    await stage.wait(420)
    order = await stage.order(KEY)
    (first,) = order.parcels
    assert order.stage == "awaiting_collection"
    assert [parcel["waybill"] for parcel in stage.shopify.shipments[KEY]] == [first.waybill]
    assert first.told == ("SH01", "KD01"), "a parcel on the road must be watched before the last one leaves"
    await stage.wait(2 * 3600, 600)
    order = await stage.order(KEY)
    assert (len(order.parcels), order.stage in ("shipped", "completed")) == (2, True)
    assert [line.shipped for line in order.lines] == [2, 1]
    assert (await stage.held("M-001"), await stage.held("M-001", "GZ01")) == ((0, 0, 0), (0, 0, 0))
    assert [p["waybill"] for p in stage.shopify.shipments[KEY]] == [p.waybill for p in order.parcels]
    assert [state for _, state, _ in await stage.deliveries("shipment")] == ["done", "done"]
    silent = ["downstream_missing"]  # of the second work the warehouse said nothing for hours
    assert (await stage.kinds(), await stage.kinds(is_open=False)) == ([], silent), "two parcels are not one"


@pytest.mark.parametrize(("units", "stage_after", "left"), [(3, "paid", (3, 0, 3)), (2, "short", (2, 0, 0))])
async def test_a_bundle_and_its_component_in_one_order_share_the_same_shelf(
    stage: Stage, units: int, stage_after: str, left: tuple[int, int, int],
) -> None:
    """13:00. A set of two cups and a spoon, and one more cup: three cups are needed, and two are not three."""
    await stage.run("insert into sku (code, name) values ('SET-1', 'set')")
    await stage.run("insert into sku_component (bundle_id, component_id, quantity) select b.id, c.id, n.q"
                    " from (values ('M-001', 2), ('M-002', 1)) n (code, q) join sku c on c.code = n.code,"
                    " sku b where b.code = 'SET-1'")
    await stage.count("M-001", "HZ01", units)
    await stage.count("M-001", "GZ01", 0)
    stage.taobao.place(a_purchase(tid(1), **plain(spare("SET-1", 1, 25_000), spare("M-001", 1))))
    await stage.flow()
    order = await stage.order(tid(1))
    assert (order.stage, await stage.held("M-001")) == (stage_after, left)
    assert await stage.held("M-002") == (100, 0, 1 if stage_after == "paid" else 0)
    assert await stage.kinds() == ([] if stage_after == "paid" else ["short_stock"])
    if stage_after == "paid":
        await stage.wait(400)
        order = await stage.order(tid(1))
        assert ([line.shipped for line in order.lines], order.stage) == ([1, 1], "shipped")
        assert (await stage.held("M-001"), await stage.held("M-002")) == ((0, 0, 0), (99, 0, 0))


