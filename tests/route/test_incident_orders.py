"""Orders that come in wrong: broken characters, wrong times, wrong sums, wrong names."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx2
import pytest

from orderloom.adapters.channels.shopify.rehearsal import SHOP_DOMAIN
from orderloom.rehearsal.platforms import CREDENTIALS
from orderloom.testing.builders import a_purchase, later
from tests.support.stage import Stage, plain, spare, tid

ODD = {"name": "José Müller 𠮷野🎁", "detail": "é ü 㛃 𠮷 大厦🏠8号"}
LANDED = {"message", "intake", "tally"}
"""What every message changes, whatever comes of it."""


def signed(body: bytes, topic: str = "orders/create", content_type: str = "application/json") -> dict[str, str]:
    """Headers of a Shopify webhook over these very bytes."""
    digest = hmac.new(CREDENTIALS["shopify"]["client_secret"].encode(), body, hashlib.sha256).digest()
    return {"x-shopify-topic": topic, "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
            "x-shopify-shop-domain": SHOP_DOMAIN, "content-type": content_type,
            "x-shopify-webhook-id": hashlib.sha256(topic.encode() + body).hexdigest()}  # fmt: skip


async def post(stage: Stage, body: bytes, **headers: str) -> int:
    """A webhook through the real door."""
    async with httpx2.AsyncClient(timeout=10) as http:
        return (await http.post(stage.shopify.push_url, content=body, headers=signed(body, **headers))).status_code


async def stored_body(stage: Stage, topic: str) -> bytes:
    """The source voucher as it was kept."""
    return stage.hub.vault.decrypt_voucher(await stage.value("select body_cipher from message where topic = %s", topic))


async def test_gbk_bytes_in_a_utf8_channel(stage: Stage) -> None:
    """10:02. A plug-in of the shop signs and sends GBK while its header says UTF-8."""
    stage.shopify.place(a_purchase("5500000000001", **plain(spare("M-001", 2), note="请放前台，谢谢")))
    body = json.dumps(stage.shopify.orders["5500000000001"], ensure_ascii=False).encode("gbk")
    assert await post(stage, body, content_type="application/json; charset=utf-8") == 200
    await stage.settle()
    order = await stage.order("5500000000001")
    assert (order.note, order.stage, order.flags) == ("请放前台，谢谢", "paid", ("misdeclared_charset",))
    (trade,) = stage.wms.trades.values()
    assert (trade.raw["receiver_name"], trade.raw["receiver_area"]) == ("林清和", "浙江省 杭州市 余杭区")
    assert await stored_body(stage, "orders/create") == body
    assert await stage.cases() == []
    assert await stage.intake() == {"normalised": 1}


@pytest.mark.parametrize("channel", ["taobao in gb18030", "shopify in utf-8"])
async def test_special_characters_survive(stage: Stage, channel: str) -> None:
    """11:11. Characters that a careless system turns into question marks, there and back."""
    told = a_purchase(tid(1) if "taobao" in channel else "5500000000001")
    told |= plain(spare("M-001", 1) | {"title": "𠮷祥杯 é🎁"}, note="ü 𠮷 🎁 前台")
    told["receiver"] = told["receiver"] | ODD
    if "taobao" in channel:
        stage.taobao.settings["encoding"] = "gbk"
        stage.taobao.place(told)
    else:
        stage.shopify.place(told)
        assert await stage.shopify.push(told["external_id"], "orders/create") == [200]
    await stage.flow()
    (trade,) = stage.wms.trades.values()
    sent = (trade.raw["receiver_name"], trade.raw["receiver_address"], trade.raw["buyer_message"])
    assert sent == (ODD["name"], ODD["detail"], "ü 𠮷 🎁 前台")
    assert trade.lines[0]["goods_name"] == "𠮷祥杯 é🎁"
    await stage.wait(400)
    order = await stage.order(told["external_id"])
    cipher = await stage.value("select receiver_cipher from orders")
    receiver = stage.hub.vault.open_receiver(cipher)
    assert (receiver.name, receiver.detail, order.lines[0].title) == (ODD["name"], ODD["detail"], "𠮷祥杯 é🎁")
    reported = stage.hub.vault.decrypt_voucher(await stage.value(
        "select body_cipher from message where topic = 'stockout' order by id desc limit 1"))
    assert ODD["name"] in reported.decode() and "𠮷祥杯 é🎁" in reported.decode()
    assert (order.stage, order.flags, await stage.cases()) == ("shipped", (), [])


async def test_amazon_order_sixteen_hours_in_the_future(stage: Stage) -> None:
    """09:00. A plug-in writes Pacific time as if it were UTC: the order is bought tonight and paid now."""
    future = later(16 * 3600)
    stage.amazon.place(a_purchase("113-1000000-0000001", future, currency="USD", paid_at=stage.clock(),
                                  **plain(spare("MO-001", 1))))
    await stage.flow()
    order = await stage.order("113-1000000-0000001")
    assert (order.placed_at, order.received_at) == (future, stage.clock())
    assert "from_the_future" in order.flags
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["order"], evidence["placed_at"]) == ("from_the_future", order.number, "2026-11-21T17:00:00Z")
    assert [w.negotiation for w in order.works] == ["accepted"], "the warehouse refuses a trade from the future"
    assert await stage.held("M-001") == (100, 0, 1)
    await stage.wait(400)
    assert (await stage.order("113-1000000-0000001")).stage == "shipped"
    assert await stage.kinds() == ["from_the_future"]


async def test_status_200_with_broken_body(stage: Stage) -> None:
    """09:05. The channel answers 200 with half a page, then the warehouse answers 200 with half a sentence."""
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 1))))
    stage.taobao.fault("broken_body")
    await stage.pull()
    stage.wms.fault("broken_body")
    await stage.settle()
    order = await stage.order(tid(1))
    unread = [evidence for kind, evidence in await stage.cases() if kind == "unreadable_body"]
    assert unread and {evidence["account"] for evidence in unread} == {"TB01"}
    assert set(await stage.kinds()) == {"unreadable_body"}
    kept = [stage.hub.vault.decrypt_voucher(body) for (body,) in await stage.rows(
        "select body_cipher from message where topic = 'unreadable' order by id")]
    root = b'{"trades_sold_increment_get_response":'
    assert any(root in body for body in kept), "the broken answer itself is the evidence"
    assert [state for _, state, _ in await stage.deliveries("work")] == ["due"]
    stage.clock.forward(3)
    await stage.settle()
    assert await stage.intake() == {"normalised": 1, "parked": 1}, "a body that cannot be read is counted and kept"
    assert await stage.deliveries("work") == [("work", "done", 2)]
    assert (len(stage.wms.trades), await stage.held("M-001")) == (1, (100, 0, 1))
    assert (order.stage, order.total) == ("paid", 10_000)


async def test_amount_off_by_one_cent_holds_the_order(stage: Stage) -> None:
    """09:10. The platform's own sum is a cent above its lines; at 09:15 it corrects itself."""
    stage.shopify.place(a_purchase("5500000000001", **plain(spare("M-001", 1))))
    _total(stage, "5500000000001", "100.01")
    before = await stage.snapshot()
    await stage.shopify.push("5500000000001", "orders/create")
    await stage.settle()
    order = await stage.order("5500000000001")
    assert [(h.type, h.released_at) for h in order.holds] == [("amount_mismatch", None)]
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["formula"], evidence["expected"], evidence["stated"]) == (
        "amount_mismatch", "total", 10_000, 10_001)
    assert evidence["difference"] == 1 and evidence["zh"] and evidence["en"]
    assert (await stage.held("M-001"), order.works, await stage.deliveries()) == ((100, 0, 0), (), [])
    assert await stage.changed_since(before) == LANDED | {
        "orders", "order_line", "order_event", "claim", "hold", "money_entry", "case_file", "deadline"}
    stage.clock.forward(300)
    _total(stage, "5500000000001", "100.00")
    await stage.shopify.push("5500000000001", "orders/updated")
    await stage.settle()
    order = await stage.order("5500000000001")
    assert ([h.released_at for h in order.holds], await stage.kinds()) == ([stage.clock()], [])
    assert (await stage.held("M-001"), len(stage.wms.trades), order.stage) == ((100, 0, 1), 1, "paid")


async def test_a_cent_that_goes_wrong_later_gives_the_reserved_stock_back(stage: Stage) -> None:
    """09:20. An unpaid order had its stock set aside; its update no longer adds up."""
    stage.shopify.place(a_purchase("5500000000001", paid_at=None, **plain(spare("M-001", 3))))
    await stage.shopify.push("5500000000001", "orders/create")
    await stage.settle()
    assert await stage.held("M-001") == (100, 3, 0)
    stage.clock.forward(60)
    _total(stage, "5500000000001", "299.99")
    await stage.shopify.push("5500000000001", "orders/updated")
    await stage.settle()
    order = await stage.order("5500000000001")
    assert await stage.held("M-001") == (100, 0, 0)
    assert [h.type for h in order.holds if h.released_at is None] == ["amount_mismatch"]
    assert await stage.kinds() == ["amount_mismatch"]


async def test_two_spellings_of_one_sku(stage: Stage) -> None:
    """10:00. Three units are left; three channels sell two each under three names: one buyer gets them, two do not."""
    await stage.count("M-001", "HZ01", 3)
    await stage.count("M-001", "GZ01", 0)
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001", 2))))
    await stage.flow()
    stage.amazon.place(a_purchase("113-1000000-0000001", currency="USD", **plain(spare("MO-001", 2))))
    stage.shopify.place(a_purchase("5500000000001", **plain(spare("m-001", 2))))
    await stage.flow()
    assert {line.sku_id for key in (tid(1), "113-1000000-0000001", "5500000000001")
            for line in (await stage.order(key)).lines} == {1}
    assert await stage.held("M-001") == (3, 0, 2)
    assert [(await stage.order(key)).stage for key in (tid(1), "113-1000000-0000001", "5500000000001")] == [
        "paid", "short", "short"]
    assert await stage.kinds() == ["short_stock", "short_stock"]
    assert len(stage.wms.trades) == 1


async def test_a_box_counts_twelve_under_the_name_of_another_channel(stage: Stage) -> None:
    """10:20. One channel sells boxes; its spelling means nothing at another channel, where it must not be guessed."""
    await stage.alias("TB01", "M-001-箱", "M-001", factor=12)
    stage.taobao.place(a_purchase(tid(1), **plain(spare("M-001-箱", 2))))
    stage.shopify.place(a_purchase("5500000000001", **plain(spare("M-001-箱", 2))))
    await stage.flow()
    assert (await stage.order(tid(1))).lines[0].ordered == 24
    assert await stage.held("M-001") == (100, 0, 24)
    ((kind, evidence),) = await stage.cases()
    assert (kind, evidence["account"]) == ("unknown_sku", "SH01")
    assert await stage.value("select count(*) from orders") == 1


async def test_an_unknown_sku_parks_the_order_and_the_alias_lets_it_go_on_by_itself(stage: Stage) -> None:
    """10:30. A new listing that nobody told the hub of: two orders wait, others pass; at 10:40 the alias is there."""
    before = await stage.snapshot()
    for n in (1, 2):
        stage.taobao.place(a_purchase(tid(n), **plain(spare("M-001/2026", n))))
    await stage.flow()
    assert await stage.changed_since(before) == LANDED | {"case_file"}
    ((kind, evidence),) = await stage.cases()
    problem = evidence["problems"][0]
    assert (kind, problem["field"], problem["value"]) == ("unknown_sku", "sku_external", "M-001/2026")
    assert await stage.intake() == {"parked": 2}
    stage.taobao.place(a_purchase(tid(3), **plain(spare("M-002", 1))))
    await stage.flow()
    assert await stage.intake() == {"parked": 2, "normalised": 1}
    assert await stage.teach("TB01", "M-001/2026", "M-001") == 2
    await stage.settle()
    assert await stage.intake() == {"normalised": 3}, "the orders wait although their spelling is known now"
    assert (await stage.held("M-001"), await stage.kinds(), len(stage.wms.trades)) == ((100, 0, 3), [], 3)


async def test_one_order_that_no_column_can_hold_in_a_batch_of_500(stage: Stage) -> None:
    """12:00. Among five hundred orders stands one that no column can hold; four hundred and ninety-nine go through."""
    await stage.receive("M-001", "HZ01", 1_000)
    bodies = []
    for n in range(500):
        key = str(5_500_000_000_001 + n)
        stage.shopify.place(a_purchase(key, **plain(spare("M-001", 1))))
        order: dict[str, Any] = stage.shopify.orders[key]
        if n == 250:
            order["line_items"][0].update(quantity=3_000_000_000, current_quantity=3_000_000_000, price="0.00")
            order.update(total_price="0.00", current_total_price="0.00")
        bodies.append(json.dumps(order).encode())
    await stage.land("SH01", "orders/create", *bodies)
    await stage.settle()
    assert await stage.intake() == {"normalised": 499, "parked": 1}
    ((kind, evidence),) = await stage.cases()
    (lost,) = await stage.rows("select message_id::text, detail from intake where outcome = 'parked'")
    assert (evidence["message"], evidence["account"]) == (lost[0], "SH01") and evidence["problems"][0]["mend"]
    assert (kind, evidence["problems"][0]["field"]) == ("bad_value", "lines[0].quantity")
    assert await stage.value("select count(*) from orders") == 499
    assert await stage.held("M-001") == (1_100, 0, 499)
    assert len(stage.wms.trades) == 499
    assert await stage.value("select sum(quantity) from tally where measure = 'received'") == 500


def _total(stage: Stage, key: str, text: str) -> None:
    """What the platform states as the order's total from now on."""
    order = stage.shopify.orders[key]
    order.update(total_price=text, current_total_price=text)
    stage.shopify._change(key, stage.clock())
