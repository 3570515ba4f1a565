"""Messages that come twice, late, or in the wrong order, and money that comes after the stock was given away."""

from __future__ import annotations

import json

import pytest

from orderloom.application.replay import replay
from orderloom.testing.builders import a_purchase
from tests.support.stage import Stage, plain, spare, tid

LANDED = {"message", "intake", "tally"}
KEY = "5500000000001"


@pytest.mark.parametrize("seed", [1, 2, 3, 5])
async def test_same_webhook_three_times_shuffled(stage: Stage, seed: int) -> None:
    """20:11. The platform's queue hiccups: created, paid and noted arrive three times each, in any order."""
    stage.shopify.place(a_purchase(KEY, paid_at=None, **plain(spare("M-001", 2), spare("M-002", 1, 5_000))))
    stage.shopify.queue(KEY, "orders/create")
    stage.shopify.pay(KEY, stage.clock.forward(2))
    stage.shopify.queue(KEY, "orders/paid")
    stage.shopify._change(KEY, stage.clock.forward(2), note="gift")
    stage.shopify.queue(KEY, "orders/updated")
    assert await stage.shopify.drain(seed, duplicates=2) == [200] * 9
    await stage.settle()
    order = await stage.order(KEY)
    assert (order.payment, order.paid, order.note, order.stage) == ("paid", 25_000, "gift", "paid")
    assert (await stage.held("M-001"), await stage.held("M-002")) == ((100, 0, 2), (100, 0, 1))
    assert [trade.tid for trade in stage.wms.trades.values()] == [f"{order.number}-1"]
    assert await stage.value("select sum(amount) from money_entry") == 25_000
    assert await stage.rows("select measure, sum(quantity)::int from tally group by 1 order by 1") == [
        ("duplicates", 6), ("received", 3)]
    assert (await stage.intake(), await stage.cases()) == ({"normalised": 3}, [])
    before = await stage.snapshot()
    await stage.pull()
    stored = [key for (key,) in await stage.rows("select id::text from message")]
    await replay(stage.hub.ports.messages, stored, "li", stage.clock())
    await stage.settle()
    assert await stage.changed_since(before) <= LANDED, "reading and replaying the same again changed something"


async def test_the_same_pull_read_again_lands_nothing(stage: Stage) -> None:
    """20:15. Windows overlap by two minutes, so each order is read many times."""
    stage.taobao.place(a_purchase(tid(1)))
    stage.amazon.place(a_purchase("113-1000000-0000001", currency="USD", **plain(spare("MO-001", 1))))
    await stage.flow()
    before = await stage.snapshot()
    assert [await stage.pull() for _ in range(3)] == [0, 0, 0]
    await stage.settle()
    assert await stage.changed_since(before) == {"tally"}


async def test_update_older_than_what_we_know(stage: Stage) -> None:
    """20:30. A webhook of 20:10 comes after the cancellation of 20:20: the order stays cancelled, its stock free."""
    stage.shopify.place(a_purchase(KEY, **plain(spare("M-001", 2))))
    old = json.dumps(stage.shopify.orders[KEY] | {"note": "from 20:10"}).encode()
    stage.shopify.cancel(KEY, stage.clock.forward(600))
    await stage.shopify.push(KEY, "orders/cancelled")
    await stage.settle()
    assert (await stage.order(KEY)).is_cancelled
    before = await stage.snapshot()
    stage.clock.forward(600)
    await stage.land("SH01", "orders/updated", old, event_id="late-1")
    await stage.settle()
    assert await stage.changed_since(before) == LANDED
    order = await stage.order(KEY)
    assert (order.stage, order.note, order.is_cancelled) == ("cancelled", "", True)
    assert (await stage.held("M-001"), stage.wms.trades, await stage.cases()) == ((100, 0, 0), {}, [])


async def test_payment_after_reservation_expired(stage: Stage) -> None:
    """20:40. Fifteen minutes pass unpaid, the stock is free again; the payments of 20:57 find it, then do not."""
    await stage.count("M-001", "HZ01", 3)
    await stage.count("M-001", "GZ01", 0)
    for n in (1, 2):
        stage.taobao.place(a_purchase(tid(n), paid_at=None, **plain(spare("M-001", 1 + n % 2))))
    await stage.flow()
    assert await stage.held("M-001") == (3, 3, 0)
    stage.clock.forward(899)
    await stage.settle()
    assert await stage.held("M-001") == (3, 3, 0), "the stock was given away before its time"
    stage.clock.forward(1)
    await stage.settle()
    assert await stage.held("M-001") == (3, 0, 0)
    assert [(await stage.order(tid(n))).stage for n in (1, 2)] == ["expired", "expired"]
    stage.amazon.place(a_purchase("113-1000000-0000001", stage.clock(), currency="USD", **plain(spare("MO-001", 1))))
    await stage.flow()
    for n in (1, 2):
        stage.taobao.pay(tid(n), stage.clock())
        await stage.wait(60)
    first, second = await stage.order(tid(1)), await stage.order(tid(2))
    assert (first.stage, second.stage) == ("picking", "short")
    assert [h.state for h in first.bindings] == ["released", "active"]
    assert await stage.held("M-001") == (3, 0, 3)
    assert await stage.kinds() == ["payment_after_expiry", "payment_after_expiry", "short_stock"]
    evidence = {e["order"] for kind, e in await stage.cases() if kind == "payment_after_expiry"}
    assert evidence == {first.number, second.number}
    assert len(stage.wms.trades) == 2
    assert await stage.rows("select state, count(*)::int from deadline where kind = 'reservation' group by 1") == [
        ("fired", 2)]
