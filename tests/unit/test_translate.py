"""Real payloads of the platforms become drafts, and nothing that arrives is lost without a word."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from orderloom.application.translate import clean_receiver, translate
from orderloom.blueprint.mapping import CompiledMapping, Mappings, load_text
from orderloom.domain.draft import OrderDraft, Receiver, TrackReport

AT = datetime(2026, 3, 9, tzinfo=UTC)
SAMPLES = Path(__file__).parent / "samples"


class Account(msgspec.Struct):
    """An account as translate needs it."""

    connector: str
    code: str = "AC01"
    zone: str = "Asia/Shanghai"
    settings: dict[str, str] = {}
    overrides: tuple[()] = ()


TAOBAO = """
mapping: 1
documents:
  - topic: trade
    produces: order
    root: trade_fullinfo_get_response.trade
    fields:
      external_id: [tid_str, tid]
      revision: modified
      placed_at: created
      currency: {const: CNY}
      total: payment
      native: status
    receiver: {name: receiver_name, phone: [receiver_mobile], province: receiver_state, city: receiver_city,
               district: receiver_district, detail: receiver_address, token: oaid}
    lines:
      each: orders.order
      fields: {external_id: oid, sku_external: outer_sku_id, quantity: num, price: price, amount: payment,
               is_closed: {holds: {status: TRADE_CLOSED_BY_TAOBAO}}}
"""
AMAZON = """
mapping: 1
documents:
  - topic: order
    produces: order
    each: orders
    fields:
      external_id: orderId
      revision: lastUpdatedTime
      placed_at: createdTime
      currency: proceeds.grandTotal.currencyCode
      total: proceeds.grandTotal.amount
      freight: proceeds.breakdowns[type=SHIPPING].subtotal.amount
      is_fulfilled_elsewhere: {holds: {fulfillment.fulfilledBy: AMAZON}}
    receiver:
      country: recipient.deliveryAddress.countryCode
      name: recipient.deliveryAddress.name
      detail: {function: join, of: [recipient.deliveryAddress.addressLine1, recipient.deliveryAddress.addressLine2]}
    lines:
      each: orderItems
      fields:
        external_id: orderItemId
        sku_external: product.sellerSku
        quantity: quantityOrdered
        price: product.price.unitPrice.amount
        is_disputed: {holds: {cancellation.cancellationRequest.requester: BUYER}}
"""
WANGDIANTONG = """
mapping: 1
documents:
  - topic: raw
    produces: order
    root: "$[1][0]"
    fields: {external_id: tid, revision: trade_time, placed_at: trade_time, currency: {const: CNY}, total: receivable}
    receiver: {name: receiver_name, phone: [receiver_mobile],
               detail: {function: join, of: [receiver_area, receiver_address]}}
    lines:
      each: "$[2]"
      where: {refund_status: 0}
      fields: {external_id: oid, sku_external: spec_no, quantity: num, price: price,
               amount: [share_amount, total_amount]}
"""
KUAIDI100 = """
mapping: 1
documents:
  - topic: push
    format: form
    produces: track_report
    root: param!json.lastResult
    fields: {carrier: com, waybill: nu}
    entries: {each: data, fields: {code: statusCode, at: ftime, text: context, location: areaName,
              milestone: {path: statusCode, values: {1: collected, 3: delivered}, otherwise: ""}}}
"""
SHOPIFY = """
mapping: 1
documents:
  - topic: "orders/*"
    produces: order
    fields: {external_id: id, revision: updated_at, placed_at: created_at, currency: currency, total: total_price}
    receiver: {country: shipping_address.country_code, phone: shipping_address.phone, name: shipping_address.name,
               detail: shipping_address.address1}
    lines: {each: line_items, fields: {external_id: id, sku_external: sku, quantity: quantity, price: price,
            discount: {function: sum, of: ["discount_allocations[].amount"]}}}
"""
TEXTS = {"taobao": TAOBAO, "amazon": AMAZON, "wangdiantong": WANGDIANTONG, "kuaidi100": KUAIDI100, "shopify": SHOPIFY}


def mappings() -> Mappings:
    found: dict[str, CompiledMapping] = {}
    for name, text in TEXTS.items():
        loaded = load_text(text, connector=name)
        assert isinstance(loaded, CompiledMapping), loaded
        found[name] = loaded
    return Mappings(found)


def run(connector: str, topic: str, body: bytes, content_type: str = "", at: datetime = AT) -> Any:
    return translate(Account(connector), topic, body, {"content-type": content_type}, at, mappings())


TRADE: dict[str, Any] = {
    "tid": 452790065331038123,
    "modified": "2026-03-08 10:00:00",
    "created": "2026-03-08 09:00:00",
    "payment": "13.80",
    "status": "WAIT_SELLER_SEND_GOODS",
    "receiver_name": "屈**",
    "receiver_mobile": "1389289****",
    "receiver_state": "陕西",
    "receiver_city": "西安市",
    "receiver_district": "雁塔区",
    "receiver_address": "丈**路",
    "oaid": "1PoX",
    "orders": {
        "order": [{"oid": 1, "outer_sku_id": "TX", "num": 1, "price": "88.00", "payment": "13.80", "status": "X"}]
    },
}


def trade(**changes: Any) -> bytes:
    body = {"trade_fullinfo_get_response": {"trade": {**TRADE, **changes}}}
    return json.dumps(body, ensure_ascii=False).encode()


def test_a_masked_taobao_order_keeps_its_token_and_its_stars() -> None:
    (draft,) = run("taobao", "trade", trade())
    assert isinstance(draft, OrderDraft)
    receiver = draft.receiver
    assert (receiver.is_masked, receiver.token, receiver.phone) == (True, "1PoX", "1389289****")
    assert (receiver.province, receiver.city, receiver.district) == ("陕西省", "西安市", "雁塔区")
    assert (draft.external_id, draft.total, draft.flags) == ("452790065331038123", 1380, ())


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_the_encoding_of_a_shop_changes_nothing_in_its_orders(encoding: str) -> None:
    assert run("taobao", "trade", trade().decode().encode(encoding)) == run("taobao", "trade", trade())


def test_an_order_from_the_future_goes_through_with_a_flag() -> None:
    late = AT + timedelta(hours=8, minutes=6)
    created = late.strftime("%Y-%m-%d %H:%M:%S")
    (draft,) = run("taobao", "trade", trade(created=created))
    assert draft.flags == ("from_the_future",)
    assert run("taobao", "trade", trade(created=created), at=AT + timedelta(minutes=1))[0].flags == ()


def test_an_order_with_broken_bytes_goes_through_with_a_flag() -> None:
    body = trade(receiver_name="NAME").replace(b"NAME", "张".encode() + b"\xff")
    (draft,) = run("taobao", "trade", body)
    assert draft.receiver.name == "张\ufffd"
    assert draft.flags == ("broken_bytes",)


def test_a_lying_content_type_is_flagged_and_overcome() -> None:
    (draft,) = run("taobao", "trade", trade(), "text/json; charset=gbk")
    assert draft.receiver.city == "西安市"
    assert draft.flags == ("misdeclared_charset",)


@pytest.mark.parametrize("body", [b"", b"<html>502</html>", b"{"])
def test_a_200_that_is_no_order_opens_a_case(body: bytes) -> None:
    ((problem,),) = run("taobao", "trade", body)
    assert problem.code == "unreadable_body"


def test_a_connector_without_mapping_is_a_problem_and_no_crash() -> None:
    ((problem,),) = run("nowhere", "trade", b"{}")
    assert problem.code == "no_mapping"


def test_an_amazon_order_is_read_with_unit_prices_and_the_wish_to_cancel() -> None:
    (draft,) = run("amazon", "order", (SAMPLES / "amazon_orders.json").read_bytes())
    assert (draft.external_id, draft.total, draft.freight, draft.currency) == ("113-1234567-7654321", 4758, 499, "USD")
    assert [(line.quantity, line.price, line.is_disputed) for line in draft.lines] == [
        (2, 1200, False),
        (1, 1562, True),
    ]
    assert (draft.receiver.detail, draft.receiver.is_unsure) == ("100 Demo Ave Apt 4", False)


def test_a_real_taobao_answer_is_read() -> None:
    (draft,) = run("taobao", "trade", (SAMPLES / "taobao_trade.json").read_bytes())
    assert (draft.external_id, draft.total, draft.native) == ("452790065331038", 1380, "TRADE_CLOSED_BY_TAOBAO")
    assert draft.placed_at == datetime(2013, 11, 10, 6, 22, 38, tzinfo=UTC)
    (line,) = draft.lines
    assert (line.sku_external, line.price, line.amount, line.is_closed) == ("TX324A0212", 8800, 1380, True)
    assert (draft.receiver.district, draft.receiver.is_masked) == ("雁塔区", True)


def test_a_wangdiantong_push_is_read_from_its_two_lists() -> None:
    (draft,) = run("wangdiantong", "raw", (SAMPLES / "wangdiantong_raw_trade.json").read_bytes())
    assert isinstance(draft, OrderDraft)
    receiver = draft.receiver
    assert (receiver.province, receiver.city, receiver.district) == ("北京市", "北京市", "朝阳区")
    assert receiver.detail == "春天街道春天花园小区1号楼1单元101"
    assert [(line.quantity, line.price, line.amount) for line in draft.lines] == [(3, 250, 900), (3, 250, 880)]


def test_a_shopify_order_of_a_night_when_clocks_change_keeps_its_instants() -> None:
    (draft,) = run("shopify", "orders/create", (SAMPLES / "shopify_order.json").read_bytes())
    assert draft.placed_at == datetime(2026, 3, 8, 6, 58, tzinfo=UTC)
    assert draft.revision == datetime(2026, 3, 8, 7, 2, 10, tzinfo=UTC)
    assert (draft.total, draft.lines[0].discount, draft.receiver.phone) == (6332, 600, "+16135550100")


def test_a_carrier_push_inside_a_form_is_read_oldest_scan_first() -> None:
    (report,) = run("kuaidi100", "push", (SAMPLES / "kuaidi100_push.txt").read_bytes())
    assert isinstance(report, TrackReport)
    assert report.waybill == "YT9693083639795"
    assert [(one.code, one.milestone) for one in report.entries] == [("1", "collected"), ("3", "delivered")]


def test_an_unsplit_address_is_split_and_a_doubtful_one_flagged() -> None:
    found = clean_receiver(Receiver(name="张三", phone="+86 13800138000", detail="杭州市余杭区文一西路1号"))
    assert (found.phone, found.province, found.detail) == ("13800138000", "浙江省", "文一西路1号")
    assert clean_receiver(Receiver(detail="某地某路1号")).is_unsure


def test_a_person_written_into_the_address_is_the_receiver_and_a_second_phone_stays() -> None:
    address = "张三 13800138000 浙江省杭州市余杭区文一西路1号"
    alone = clean_receiver(Receiver(detail=address))
    assert (alone.name, alone.phone, alone.district, alone.detail) == ("张三", "13800138000", "余杭区", "文一西路1号")
    same = clean_receiver(Receiver(name="李四", phone="138-0013-8000", detail=address))
    assert (same.name, same.detail) == ("李四", "文一西路1号")
    other = clean_receiver(Receiver(name="李四", phone="13900139000", detail=address))
    assert (other.phone, other.detail) == ("13900139000", "文一西路1号 13800138000")
