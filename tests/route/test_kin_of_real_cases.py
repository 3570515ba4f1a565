"""Other members of the kinds that `tests/cases` stands for: other channel, other order of events, other place."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from test_cases_of_real_sellers import body, levels, opened, say

from orderloom.application.commands import AdjustReceiver
from orderloom.domain.actor import person
from orderloom.domain.draft import Receiver
from orderloom.domain.order import Order
from tests.support.by_hand import upload
from tests.support.stage import ON_HAND, Stage

pytestmark = pytest.mark.asyncio


def shopify(**changes: Any) -> dict[str, Any]:
    """Two mugs, paid, nothing of them shipped."""
    told: dict[str, Any] = orjson.loads(body("shipped-before-first-sight", "shopify-half-fulfilled.json"))
    told["line_items"][0] |= {"fulfillable_quantity": 2, "fulfillment_status": None}
    return told | {"fulfillment_status": None} | changes


def taobao(**changes: Any) -> dict[str, Any]:
    """One mug, paid."""
    return orjson.loads(body("one-waybill-two-orders", "order-a.json")) | changes


async def _out(stage: Stage, order: Order, **changes: Any) -> Order:
    """The warehouse reports on the order's first work."""
    told = orjson.loads(body("one-waybill-two-orders", "wangdiantong-stockout-a.json", work_of_a=order.works[0].number))
    await say(stage, "WD01", "stockout", orjson.dumps(told | changes))
    return await stage.order(order.external_id)


async def test_an_order_that_the_shop_shipped_itself_while_we_packed_it_is_shipped(stage: Stage) -> None:
    await say(stage, "SH01", "orders/paid", orjson.dumps(shopify()))
    told = shopify(fulfillment_status="fulfilled", updated_at="2026-09-05T08:05:00-04:00")
    told["line_items"][0] |= {"fulfillable_quantity": 0, "fulfillment_status": "fulfilled"}
    await say(stage, "SH01", "orders/updated", orjson.dumps(told))
    order = await stage.order("5500000000103")
    assert order.stage == "shipped" and [w.state for w in order.works] == ["cancelled"]
    assert await levels(stage) == (ON_HAND, 0, 0) and not await opened(stage)


async def test_another_carrier_under_the_same_number_is_told_on(stage: Stage) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao()))
    order = await _out(stage, await stage.order("4400000000000019021"), logistics_no="77001234")
    order = await _out(stage, order, logistics_no="77001234", logistics_type=4)
    assert [(p.waybill, p.carrier) for p in order.parcels] == [("77001234", "yuantong")]
    watched = await stage.rows("select body::jsonb ->> 'carrier' from delivery where kind = 'watch' order by position")
    assert watched == [("shunfeng",), ("yuantong",)]


async def test_goods_that_a_warehouse_takes_back_after_it_said_they_are_out_are_asked_about(stage: Stage) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao()))
    order = await _out(stage, await stage.order("4400000000000019021"), logistics_no="77001234")
    await _out(stage, order, status="5", logistics_no="", modified="2026-11-21 16:00:00")
    told = await stage.value("select evidence ->> 'error' from case_file where kind = 'work_refused'")
    assert told == "cancelled_after_out"


async def test_a_case_of_wrong_quantities_says_what_the_warehouse_told(stage: Stage) -> None:
    trade = taobao(payment="40.00")
    trade["orders"]["order"][0] |= {"num": 4, "price": "10.00", "payment": "40.00", "divide_order_fee": "40.00"}
    await say(stage, "TB01", "trade", orjson.dumps(trade))
    order = await stage.order("4400000000000019021")
    await _out(stage, order, details_list=[{"spec_no": "M-001", "num": "3.0000"}])
    ((told, asked),) = await stage.rows("select evidence -> 'told', evidence -> 'asked' from case_file"
                                        " where kind = 'wrong_quantity'")
    assert (told, asked) == ({"M-001": 3}, {"M-001": 4})


@pytest.mark.parametrize("line", [
    {"title": "补差价专用链接", "outer_sku_id": ""}, {"title": "运费补差", "outer_sku_id": "YF"},
])
async def test_an_order_with_a_line_to_pay_up_freight_is_sent_without_it(stage: Stage, line: dict[str, str]) -> None:
    trade = orjson.loads(body("shipped-before-first-sight", "taobao-finished.json"))
    trade |= {"status": "WAIT_SELLER_SEND_GOODS"}
    for one in trade["orders"]["order"]:
        one["status"] = "WAIT_SELLER_SEND_GOODS"
    trade["orders"]["order"][1] |= line
    await say(stage, "TB01", "trade", orjson.dumps(trade))
    order = await stage.order("4400000000000009021")
    assert [line.kind for line in order.lines] == ["goods", "service"] and not await opened(stage)
    assert [[(i.line_no, i.quantity) for i in w.items] for w in order.works] == [[(1, 1)]]


@pytest.mark.parametrize("told", [
    {"receiver_mobile": "12345"}, {"receiver_mobile": "0"}, {"receiver_mobile": "00000000000"},
    {"receiver_name": "N/A"}, {"receiver_address": "无"}, {"receiver_address": "-"}, {"receiver_name": "（未填写）"},
])
async def test_a_stand_in_for_a_name_phone_or_address_is_nobody_to_send_to(stage: Stage, told: dict[str, str]) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao(**told)))
    order = await stage.order("4400000000000019021")
    assert not order.works and "no_receiver" in await opened(stage)


async def test_a_country_told_by_name_alone_is_where_it_goes(stage: Stage) -> None:
    told = shopify()
    told["shipping_address"] |= {"country_code": None, "country": "Canada"}
    await say(stage, "SH01", "orders/paid", orjson.dumps(told))
    order = await stage.order("5500000000103")
    assert order.country == "CA" and order.works and not await opened(stage)


async def test_an_unshipped_order_whose_money_all_went_back_is_cancelled_and_not_delivered(stage: Stage) -> None:
    await say(stage, "SH01", "orders/paid", orjson.dumps(shopify()))
    told = shopify(financial_status="refunded", updated_at="2026-09-05T08:05:00-04:00", current_total_price="0.00",
                   current_subtotal_price="0.00", current_shipping_price_set={"shop_money": {"amount": "0.00"}},
                   refunds=[{"id": 1, "created_at": "2026-09-05T08:05:00-04:00", "transactions": [
                       {"kind": "refund", "status": "success", "amount": "65.00"}]}])
    told["line_items"][0] |= {"current_quantity": 0, "fulfillable_quantity": 0}
    await say(stage, "SH01", "orders/updated", orjson.dumps(told))
    order = await stage.order("5500000000103")
    assert (order.stage, order.refunded) == ("cancelled", 6_500) and await levels(stage) == (ON_HAND, 0, 0)


async def test_a_favour_on_a_line_leaves_its_goods_to_be_sent_and_books_what_went_back(stage: Stage) -> None:
    back = taobao(post_fee="5.00", payment="15.00", modified="2026-09-04 18:30:00")
    await say(stage, "TB01", "trade", orjson.dumps(back | {"modified": "2026-09-04 18:00:00"}))
    works = [w.number for w in (await stage.order("4400000000000019021")).works]
    back["orders"]["order"][0] |= {"refund_status": "SUCCESS", "refund_id": "901", "refund_fee": "5.00"}
    await say(stage, "TB01", "trade", orjson.dumps(back))
    order = await stage.order("4400000000000019021")
    assert [entry.amount for entry in order.money] == [1_500, -500] and not await opened(stage)
    assert [w.number for w in order.works if w.state.is_forward and not w.state.is_ended] == works != []


async def test_an_order_of_which_a_second_file_has_only_other_rows_is_asked_about(stage: Stage) -> None:
    await _files(stage)
    for name, sku in (("1.csv", "M-001"), ("2.csv", "M-002")):
        await upload(stage.hub, "FL01", name, (
            "订单号,订单状态,商家编码,数量,单价,收货人,手机,收货地址\n"
            f"A1,已付款,{sku},1,10.00,李甲,13800000001,浙江省杭州市余杭区文一西路1号\n").encode())
        await stage.settle()
    order = await stage.order("A1")
    assert await opened(stage) == {"lines_gone"} and [w.state for w in order.works] == ["cancelled"]


async def _files(stage: Stage) -> None:
    await stage.account("FL01", "channels", "files", "Asia/Shanghai", "", {}, credentials={}, is_pulled=False)


async def test_a_new_address_reaches_the_warehouse_that_has_not_packed_yet(stage: Stage) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao()))
    moved = taobao(modified="2026-11-21 08:00:00", receiver_address="新路9号")
    await say(stage, "TB01", "trade", orjson.dumps(moved))
    await say(stage, "TB01", "trade", orjson.dumps(moved | {"modified": "2026-11-21 08:10:00", "seller_flag": 1}))
    (asked,) = (await stage.order("4400000000000019021")).works
    assert [sent[:2] for sent in await stage.deliveries("work")] == [("work", "done")] * 2
    assert "新路9号" in str(stage.wms.trades[asked.number]) and not await opened(stage)


@pytest.mark.parametrize("first", [{"receiver_name": ""}, {"status": "WAIT_BUYER_PAY", "payment": "0.00"}])
async def test_an_address_that_comes_later_reaches_the_warehouse_once(stage: Stage, first: dict[str, str]) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao(**{"receiver_address": "", **first})))
    await say(stage, "TB01", "trade", orjson.dumps(taobao(modified="2026-11-21 08:00:00")))
    assert [sent[:2] for sent in await stage.deliveries("work")] == [("work", "done")]


async def test_a_person_who_names_the_receiver_sends_the_work_once(stage: Stage) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao(receiver_name="")))
    order = await stage.order("4400000000000019021")
    receiver = Receiver("李甲", "13800000001", "CN", "浙江省", "杭州市", "余杭区", "文一西路1号")
    await stage.hub.handle([AdjustReceiver(
        actor=person("li", "administrator"), order_id=order.id, receiver=receiver,
        sealed=stage.hub.vault.seal(receiver, ""), reason="asked",
    )])
    await stage.settle()
    assert [sent[:2] for sent in await stage.deliveries("work")] == [("work", "done")]


async def test_a_new_address_after_the_parcel_left_is_for_a_person(stage: Stage) -> None:
    await say(stage, "TB01", "trade", orjson.dumps(taobao()))
    order = await _out(stage, await stage.order("4400000000000019021"), logistics_no="77001234")
    hidden = taobao(modified="2026-11-21 08:30:00", receiver_name="李*", receiver_mobile="138****0001")
    await say(stage, "TB01", "trade", orjson.dumps(hidden))
    assert not await opened(stage), "a platform that hides who it was has changed nothing"
    await say(stage, "TB01", "trade", orjson.dumps(taobao(modified="2026-11-21 08:40:00", receiver_address="新路9号")))
    assert await opened(stage) == {"address_changed_late"} and len(await stage.deliveries("work")) == 1
    assert (await stage.order(order.external_id)).stage == "shipped"


@pytest.mark.parametrize("held", [
    {"receiver_name": ""}, {"status": "PAID_FORBID_CONSIGN"}, {"payment": "99.00"}, {"line": "WAIT_SELLER_AGREE"},
])
async def test_what_the_shop_ships_while_an_order_is_held_never_goes_to_the_warehouse(
    stage: Stage, held: dict[str, str],
) -> None:
    before = taobao(**{name: value for name, value in held.items() if name != "line"})
    before["orders"]["order"][0]["refund_status"] = held.get("line", "NO_REFUND")
    await say(stage, "TB01", "trade", orjson.dumps(before))
    shipped = {"status": "WAIT_BUYER_CONFIRM_GOODS", "consign_time": "2026-11-21 08:00:00"}
    after = taobao(**shipped, modified="2026-11-21 08:00:00", **{n: v for n, v in held.items() if n == "receiver_name"})
    after["orders"]["order"][0] |= shipped | {"refund_status": "NO_REFUND", "invoice_no": "YT888001"}
    await say(stage, "TB01", "trade", orjson.dumps(after))
    order = await stage.order("4400000000000019021")
    assert order.stage == "shipped" and not await stage.deliveries("work") and not await opened(stage)
    assert await levels(stage) == (ON_HAND, 0, 0)


async def test_what_was_short_and_is_shipped_by_the_shop_waits_no_more(stage: Stage) -> None:
    told = shopify(total_price="18005.00", current_total_price="18005.00", current_subtotal_price="18000.00")
    told["line_items"][0] |= {"quantity": 600, "current_quantity": 600, "fulfillable_quantity": 600}
    await say(stage, "SH01", "orders/paid", orjson.dumps(told))
    assert await opened(stage) == {"short_stock"}
    told |= {"fulfillment_status": "fulfilled", "updated_at": "2026-09-05T08:30:00-04:00"}
    told["line_items"][0] |= {"fulfillable_quantity": 0, "fulfillment_status": "fulfilled"}
    await say(stage, "SH01", "orders/updated", orjson.dumps(told))
    assert (await stage.order("5500000000103")).stage == "shipped" and not await opened(stage)
