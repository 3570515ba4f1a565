"""A payload that would be parked, cut or refused is told so before it costs an order, and no person is told with it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from orderloom.adapters.manifests import manifests
from orderloom.application.check_contract import check_outbound
from orderloom.application.contract_sums import ContractChecked, Sums
from orderloom.application.ports import Item
from orderloom.bootstrap import find_mappings
from tests.support.connector_folders import RECEIVED_AT, Folder, folders, sample

MAPPINGS = find_mappings()


def _is_taken(path: Path) -> bool:
    """Whether the sample is one that the hub takes: what is expected of it is no problem with its mend."""
    expected = path.with_name(f"{path.name.partition('.in.')[0]}.order.json")
    return not expected.is_file() or '"mend"' not in expected.read_text("utf-8")


SAMPLES = [pytest.param(folder, path, id=f"{folder.name}-{path.name}") for folder in folders()
           for path in sorted((folder.path / "samples").glob("*.in.*")) if _is_taken(path)]
FOLDERS = {folder.name: folder for folder in folders()}


def checked(folder: Folder, body: bytes, topic: str = "", context: tuple[tuple[str, str], ...] = ()) -> ContractChecked:
    sums = Sums(folder.account(), RECEIVED_AT, MAPPINGS)
    sums.take(Item(topic, body, context=context))
    return sums.result(len(body))


def shopify_order(**changes: Any) -> dict[str, Any]:
    path = FOLDERS["shopify"].path / "samples" / "webhook.in.json"
    order: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return order | changes


def shopify(order: object, topic: str = "orders/paid") -> ContractChecked:
    return checked(FOLDERS["shopify"], json.dumps(order, ensure_ascii=False).encode(), topic)


@pytest.mark.parametrize(("folder", "path"), SAMPLES)
def test_a_payload_that_the_hub_takes_is_not_turned_away(folder: Folder, path: Any) -> None:
    item, headers = sample(path)
    found = checked(folder, item.body, item.topic, tuple(headers.items()))
    assert found.is_fit, found
    assert found.drafts and found.format


@pytest.mark.parametrize(("folder", "path"), [one for one in SAMPLES if "files-" not in one.id])
def test_who_does_not_know_the_topic_is_told_the_one_that_fits(folder: Folder, path: Any) -> None:
    item, headers = sample(path)
    found = checked(folder, item.body, "", tuple(headers.items()))
    assert found.is_fit and found.topic, found


def test_a_field_that_nothing_reads_is_told_with_its_bytes_and_a_read_one_is_not() -> None:
    before = {one.field for one in shopify(shopify_order()).surplus}
    found = shopify(shopify_order(landing_site="x" * 3_000, deep={"a": {"b": [1, 2]}}))
    fresh = {one.field: one.bytes for one in found.surplus if one.field not in before}
    assert fresh == {"landing_site": 3_000 + len('"landing_site":"",'), "deep": len('"deep":{"a":{"b":[1,2]}},')}
    assert found.surplus[0].field == "landing_site", "the dearest comes first"
    assert found.is_fit, "what is too much stands in nobody's way"
    assert not {"currency", "line_items[].price", "line_items[].sku", "shipping_address.phone"} & before


def test_a_surplus_field_of_every_line_counts_each_time() -> None:
    order = shopify_order()
    for line in order["line_items"]:
        line["extra"] = "y" * 10
    found = {one.field: one for one in shopify(order).surplus}["line_items[].extra"]
    assert found.count == len(order["line_items"]) and found.bytes == found.count * len('"extra":"yyyyyyyyyy",')


def test_a_required_field_that_is_nowhere_is_named_with_the_places_that_were_looked_at() -> None:
    order = shopify_order()
    del order["currency"], order["updated_at"]
    found = shopify(order)
    assert not found.is_fit
    missing = {one.field: one.looked_at for one in found.missing}
    assert "revision" in missing and "updated_at" in missing["revision"]


def test_wrong_kinds_of_many_lines_are_one_finding_and_show_nobody() -> None:
    order = shopify_order()
    order["line_items"] = [{**order["line_items"][0], "id": n, "price": "张三 文一西路969号"} for n in range(7)]
    found = shopify(order)
    wrong = [one for one in found.wrong if one.code == "wrong_money"]
    assert [(one.field, one.count) for one in wrong] == [("lines[].price", 7)]
    assert "张三" not in repr(found.wrong) and "文一西路" not in repr(found.wrong)


def test_a_text_that_is_too_long_is_told_though_other_fields_are_wrong_too() -> None:
    order = shopify_order(id=None)
    order["shipping_address"] = {**(order["shipping_address"] or {}), "address1": "路" * 1_562}
    found = shopify(order)
    assert [(one.field, one.length, one.length_max) for one in found.oversize if "detail" in one.field] == [
        ("receiver.detail", found.oversize[0].length, 1_000)]
    assert found.oversize[0].length >= 1_562 and not found.is_fit


def test_a_status_word_that_nobody_mapped_is_named() -> None:
    path = FOLDERS["taobao"].path / "samples" / "closed_unpaid.in.json"
    item, headers = sample(path)
    body = item.body.replace(b"TRADE_CLOSED_BY_TAOBAO", b"TRADE_EATEN_BY_DOG")
    assert body != item.body
    found = checked(FOLDERS["taobao"], body, item.topic, tuple(headers.items()))
    assert not found.is_fit and {one.word for one in found.unmapped} == {"TRADE_EATEN_BY_DOG"}


def test_the_draft_is_shown_without_anybody_in_it() -> None:
    found = shopify(shopify_order(note="请放门口 13800138000 张三", email="zhang@example.com"))
    told = json.dumps(found.drafts, ensure_ascii=False)
    address = shopify_order()["shipping_address"]
    for word in (address["name"], address["address1"], address["phone"], "13800138000", "zhang@", "请放门口"):
        assert word and word not in told
    assert found.drafts[0]["external_id"] and found.drafts[0]["lines"]


DEEP = 200_000
BOMBS = {
    "empty": b"", "blank": b" \n ", "nul": b"\0" * 3_000_000, "deep list": b"[" * DEEP, "deep object": b'{"a":' * DEEP,
    "deep and closed": b"[" * DEEP + b"]" * DEEP, "deep xml": b"<a>" * DEEP + b"</a>" * DEEP,
    "entities": b'<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>', "long number": b'{"id":' + b"9" * 100_000 + b"}",
    "noise": random.Random(7).randbytes(300_000), "form": b"a=1&" * 50_000, "not an order": b'{"a":1}',
    "null": b"null", "half a pair": b'{"id":"\\ud800"}', "utf-16": '{"id":1}'.encode("utf-16"),
}


@pytest.mark.parametrize("name", ["amazon", "files", "kuaidi100", "shopify", "taobao", "wangdiantong"])
@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_nothing_that_somebody_hands_in_ends_the_check_or_passes_for_an_order(name: str, body: bytes) -> None:
    found = checked(FOLDERS[name], body)
    assert found.bytes == len(body)
    assert not [one for one in found.drafts if one["kind"] == "OrderDraft"]


@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_does_not_change_what_is_found(charset: str) -> None:
    text = json.dumps(shopify_order(note="请放门口，谢谢", landing_site="值" * 100), ensure_ascii=False)
    plain = checked(FOLDERS["shopify"], text.encode(), "orders/paid")
    found = checked(FOLDERS["shopify"], text.encode(charset), "orders/paid")
    assert (found.surplus, found.drafts) == (plain.surplus, plain.drafts) and found.is_fit


def test_three_megabytes_are_looked_at_and_their_weight_is_told() -> None:
    found = shopify(shopify_order(tags_history=[{"tag": f"t{n}", "by": "x" * 20} for n in range(70_000)]))
    assert found.bytes > 3_000_000 and found.is_fit
    assert found.surplus[0].field == "tags_history" and found.surplus[0].bytes > 2_900_000


WORK = {"work_no": "W1", "receiver": {"name": "张三", "detail": "路" * 562}, "lines": [{"sku": "A", "quantity": 1}],
        "cost_price": 123, "memo": {"a": 1}}


def outbound(body: object, kind: str = "work", connector: str = "wangdiantong") -> ContractChecked:
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return check_outbound(FOLDERS[connector].account(), manifests()[connector], kind, raw)


def test_an_address_that_a_warehouse_would_choke_on_is_found_before_it_is_sent() -> None:
    found = outbound(WORK)
    assert [(one.field, one.length, one.length_max, one.action) for one in found.oversize] == [
        ("receiver.detail", 562, 255, "refuse")]
    assert not found.is_fit and {one.field for one in found.surplus} == {"cost_price", "memo"}
    assert "路" not in repr(found) and "张三" not in repr(found)


def test_what_the_target_cuts_is_told_and_can_be_sent() -> None:
    found = outbound(WORK | {"receiver": {"name": "张" * 101, "detail": "路"}})
    assert [(one.field, one.action) for one in found.oversize] == [("receiver.name", "cut")] and found.is_fit


def test_a_field_of_another_kind_is_told() -> None:
    found = outbound(WORK | {"receiver": "张三", "lines": ["A"], "work_no": {"a": 1}})
    assert {one.field: one.found for one in found.wrong} == {
        "receiver": "string", "lines": "array", "work_no": "object"}
    assert not found.is_fit


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_no_outbound_body_ends_the_check(body: bytes) -> None:
    assert not outbound(body).is_fit or outbound(body).surplus
