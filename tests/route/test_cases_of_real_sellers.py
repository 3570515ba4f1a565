"""Small inputs that real sellers' reports led to, with the right value: a test a folder of `tests/cases`, by its name.

Each stands for a whole kind of fault; files go through the import, JSON through the connector that it is of.
"""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from orderloom.domain.order import Order
from orderloom.domain.states import LineKind, ParcelState, WorkState
from tests.support.by_hand import book_table, upload
from tests.support.stage import ON_HAND, Stage

CASES = Path(__file__).parents[1] / "cases"
STAGE_ONLY = {"delivery_refused", "work_refused"}
"""The stage's warehouse system knows none of the goods of these files."""
pytestmark = pytest.mark.asyncio


def body(case: str, name: str, **named: str) -> bytes:
    """A file of a case, with the work numbers that the hub gave put into its places."""
    (folder,) = CASES.glob(f"*-{case}")
    text = (folder / name).read_text("utf-8")
    for place, value in named.items():
        text = text.replace(f"<{place.replace('_', ' ')}>", value)
    return text.encode()


async def say(stage: Stage, account: str, topic: str, *bodies: bytes) -> None:
    """A source says something, and everything that follows happens."""
    await stage.land(account, topic, *bodies)
    await stage.settle()


async def levels(stage: Stage, sku: str = "M-001", house: str = "HZ01") -> tuple[int, int, int]:
    """On hand, reserved, allocated."""
    rows = await stage.rows(
        "select l.on_hand, l.reserved, l.allocated from stock_level l join sku s on s.id = l.sku_id"
        " join warehouse w on w.id = l.warehouse_id where s.code = %s and w.code = %s", sku, house)
    return rows[0]


async def opened(stage: Stage) -> set[str]:
    """Kinds of the cases that are open."""
    return {kind for (kind,) in await stage.rows("select kind from case_file where resolved_at is null")} - STAGE_ONLY


def money(order: Order) -> list[int]:
    """What came in and went back, in the order in which it did."""
    return [entry.amount for entry in order.money]


async def test_shipped_before_first_sight(stage: Stage) -> None:
    await say(stage, "TB01", "trade", body("shipped-before-first-sight", "taobao-finished.json"))
    await say(stage, "SH01", "orders/updated", body("shipped-before-first-sight", "shopify-half-fulfilled.json"))
    finished, half = await stage.order("4400000000000009021"), await stage.order("5500000000103")
    assert finished.stage == "completed" and not finished.works and not finished.bindings
    assert [line.elsewhere for line in finished.lines] == [1, 1]
    assert half.stage == "paid" and half.lines[0].elsewhere == 1
    assert [[i.quantity for i in w.items] for w in half.works] == [[1]]
    assert await levels(stage) == (ON_HAND, 0, 1) and await levels(stage, "M-002") == (ON_HAND, 0, 0)


async def test_two_lines_of_one_sku(stage: Stage) -> None:
    await _goods(stage)
    works: list[str] = []
    for name, stages in (("dup1.csv", "awaiting_payment"), ("dup2.csv", "paid"), ("dup3.csv", "paid")):
        await upload(stage.hub, "FL01", name, body("two-lines-of-one-sku", name))
        await stage.settle()
        order = await stage.order("D-2001")
        assert [(x.ordered, x.price, x.is_closed) for x in order.lines] == [(2, 1_000, False), (1, 0, False)]
        assert order.stage == stages and order.total == 2_000
        works.append(",".join(f"{w.number}:{w.state}" for w in order.works))
    assert works[1] == works[2] != "" and not await opened(stage)


async def test_first_seen_partially_refunded(stage: Stage) -> None:
    await say(stage, "SH01", "orders/updated", body("first-seen-partially-refunded", "shopify.json"))
    order = await stage.order("5500000000301")
    assert order.stage == "paid" and [[i.quantity for i in w.items] for w in order.works] == [[1]]
    assert money(order) == [6_500, -3_000] and not await opened(stage)


async def test_one_waybill_two_orders(stage: Stage) -> None:
    name = "one-waybill-two-orders"
    await say(stage, "TB01", "trade", body(name, "order-a.json"), body(name, "order-b.json"))
    a, b = await stage.order("4400000000000019021"), await stage.order("4400000000000019022")
    await say(stage, "WD01", "stockout",
              body(name, "wangdiantong-stockout-a.json", work_of_a=a.works[0].number),
              body(name, "wangdiantong-stockout-b.json", work_of_b=b.works[0].number))
    a, b = await stage.order(a.external_id), await stage.order(b.external_id)
    assert (a.stage, b.stage) == ("shipped", "shipped") and a.parcels[0].id == b.parcels[0].id
    assert a.parcels[0].waybill == b.parcels[0].waybill == "SF3000"
    assert await levels(stage) == (ON_HAND - 2, 0, 0)
    told = await stage.rows("select order_id::text from delivery where kind = 'shipment'")
    assert {order_id for (order_id,) in told} == {a.id, b.id}
    await say(stage, "KD01", "query", body(name, "kuaidi100.json"))
    a, b = await stage.order(a.external_id), await stage.order(b.external_id)
    assert (a.stage, b.stage) == ("completed", "completed")


async def test_stock_file_mended_and_repeated(stage: Stage) -> None:
    await _goods(stage)
    name = "stock-file-mended-and-repeated"
    first = await book_table(stage.hub, body(name, "st1.csv").replace(b'"1,000"', b'"ten"'), "ST", "by file", "li")
    second = await book_table(stage.hub, body(name, "st2.csv"), "ST", "by file", "li")
    again = await book_table(stage.hub, b"\xef\xbb\xbf" + body(name, "st2.csv"), "ST", "by file", "li")
    assert first.mistakes and not second.mistakes and not again.mistakes
    assert await levels(stage, "abc-7", "GZ") == (40, 0, 0) and await levels(stage, "00123", "GZ") == (1_000, 0, 0)


async def test_continuation_row_without_order_number(stage: Stage) -> None:
    await _goods(stage)
    name = "continuation-row-without-order-number"
    await upload(stage.hub, "FL01", "f1.csv", body(name, "f1.csv"))
    await stage.settle()
    order = await stage.order("F1-1")
    whole = [(line.sku_external, line.ordered) for line in order.lines] == [("A-1", 1), ("B-1", 2)]
    assert whole or any(h.released_at is None for h in order.holds), "an order that lacks a line must not ship"


@pytest.mark.parametrize(("second", "amounts", "units"), [
    ("2a-shipping-refunded.json", [6_500, -500], 2), ("2b-one-mug-refunded.json", [6_500, -3_000], 1),
])
async def test_part_of_the_money_refunded(stage: Stage, second: str, amounts: list[int], units: int) -> None:
    name = "part-of-the-money-refunded"
    await say(stage, "SH01", "orders/paid", body(name, "1-paid.json"))
    before = await stage.order("5500000000105")
    await say(stage, "SH01", "orders/updated", body(name, second))
    await stage.wait(120)
    order = await stage.order("5500000000105")
    assert money(order) == amounts and order.refunded == -amounts[1]
    live = [w for w in order.works if w.state not in (WorkState.CANCELLED, WorkState.RECALLING)]
    assert [[i.quantity for i in w.items] for w in live] == [[units]] and not await opened(stage)
    if units == 2:
        assert [w.number for w in live] == [w.number for w in before.works] and order.freight == 0


async def test_waybill_corrected_after_hand_over(stage: Stage) -> None:
    name = "waybill-corrected-after-hand-over"
    await say(stage, "TB01", "trade", body("one-waybill-two-orders", "order-a.json"))
    order = await stage.order("4400000000000019021")
    for number in (1, 2):
        await say(stage, "WD01", "stockout", body(name, f"wangdiantong-{number}.json", work=order.works[0].number))
    order = await stage.order(order.external_id)
    assert [(p.waybill, p.carrier) for p in order.parcels] == [("YT4001", "yuantong")]
    told = await stage.rows("select body::jsonb ->> 'waybill' from delivery where kind = 'shipment' order by position")
    watched = await stage.rows("select body::jsonb ->> 'waybill' from delivery where kind = 'watch' order by position")
    assert [w for (w,) in told] == [w for (w,) in watched] == ["SF4000", "YT4001"]
    await say(stage, "KD01", "query", body(name, "kuaidi100.json"))
    assert (await stage.order(order.external_id)).stage == "completed"


async def _two_parcels(stage: Stage, *waybills: str) -> Order:
    """The order of 120 units out of both warehouses, in a parcel from each."""
    await say(stage, "TB01", "trade", body("two-parcels-one-in-trouble", "order.json"))
    order = await stage.order("4400000000000019001")
    for work, waybill in zip(order.works, waybills, strict=True):
        told = orjson.loads(body("one-waybill-two-orders", "wangdiantong-stockout-a.json", work_of_a=work.number))
        told |= {"logistics_no": waybill, "details_list": [{"spec_no": "M-001", "num": work.items[0].quantity}]}
        await say(stage, "WD01", "stockout", orjson.dumps(told))
    return await stage.order(order.external_id)


async def test_two_parcels_one_in_trouble(stage: Stage) -> None:
    order = await _two_parcels(stage, "SF1000", "SF1001")
    assert order.stage == "shipped" and len(order.parcels) == 2
    await say(stage, "KD01", "query", body("two-parcels-one-in-trouble", "p1-refused.json"))
    assert (await stage.order(order.external_id)).stage == "failed"
    await say(stage, "KD01", "query", body("two-parcels-one-in-trouble", "p2-moving.json"))
    order = await stage.order(order.external_id)
    assert order.stage == "failed" and order.parcels[1].state is ParcelState.IN_TRANSIT


async def test_two_parcels_one_delivered_one_came_back(stage: Stage) -> None:
    order = await _two_parcels(stage, "SF5000", "SF5001")
    await say(stage, "KD01", "query", body("two-parcels-one-in-trouble", "q1-delivered.json"))
    await say(stage, "KD01", "query", body("two-parcels-one-in-trouble", "q2-came-back.json"))
    order = await stage.order(order.external_id)
    assert {p.state for p in order.parcels} == {ParcelState.DELIVERED, ParcelState.RETURNED}
    assert order.stage == "failed" and "parcel_returned" in await opened(stage)


async def test_gift_wrap_and_cash_on_delivery_fee(stage: Stage) -> None:
    name = "gift-wrap-and-cash-on-delivery-fee"
    for file, external, charges in (("amazon-gift-wrap.json", "111-5", [("gift_wrap", 499)]),
                                    ("amazon-jp-cod.json", "250-6", [("cod_fee", 330)])):  # fmt: skip
        await say(stage, "AM01", "order", body(name, file))
        order = await stage.order(external)
        assert [(c.kind, c.amount) for c in order.charges] == charges and order.works
    assert not await opened(stage)


async def test_older_export_uploaded_later(stage: Stage) -> None:
    await _goods(stage)
    for name in ("f15a.csv", "f15b.csv"):
        await upload(stage.hub, "FL01", name, body("older-export-uploaded-later", name))
        await stage.settle()
        stage.clock.forward(60)
    order = await stage.order("F15-1")
    assert order.stage == "paid" and order.payment == "paid" and money(order) == [2_000] and len(order.works) == 1
    assert "payment_went_back" in await opened(stage)


async def test_lines_that_need_no_shipping(stage: Stage) -> None:
    await say(stage, "SH01", "orders/paid", body("lines-that-need-no-shipping", "shopify.json"))
    order = await stage.order("5500000000204")
    assert [(line.kind, line.amount) for line in order.lines] == [(LineKind.GOODS, 6_000), (LineKind.SERVICE, 300)]
    assert [[(i.line_no, i.quantity) for i in w.items] for w in order.works] == [[(1, 2)]]
    assert await levels(stage, "N-001") == (ON_HAND, 0, 0)


async def _goods(stage: Stage) -> None:
    """What the sellers' files speak of: three SKUs in two warehouses, and an account for files."""
    await stage.account("FL01", "channels", "files", "Asia/Shanghai", "", {}, credentials={}, is_pulled=False)
    for code in ("A-1", "B-1", "00123", "abc-7"):
        await stage.run("insert into sku (code, name, hs_code) values (%s, %s, '691110')", code, code)
    for code, province in (("HZ", "浙江省"), ("GZ", "广东省")):
        await stage.run("insert into warehouse (code, name, province, account_id) select %s, %s, %s, id from account"
                        " where code = 'WD01'", code, code, province)
    for code in ("A-1", "B-1"):
        await stage.receive(code, "HZ", 50)
