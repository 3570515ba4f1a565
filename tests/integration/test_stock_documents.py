"""Stock that is changed by documents is changed once, by two people where it matters, and what happened can be told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from orderloom.application.age_transfers import age_transfers
from orderloom.bootstrap.auditing import verify_all, verify_chains
from tests.support.documents import ROOT, Shop, a_shop, line


@pytest.fixture
async def shop(home: Path, database: str) -> AsyncIterator[Shop]:
    async with a_shop(home, database) as shop:
        yield shop


async def test_a_receipt_is_posted_at_once_and_a_repeated_call_counts_once(shop: Shop) -> None:
    clerk = await shop.person("operations")
    made = [await clerk.draft("receipt", line(700), line(3, sku="M-002", is_frozen=True), key="d") for _ in range(2)]
    assert made[0] == made[1] and made[0]["state"] == "draft" and shop.level() == (1_000, 0)
    number = made[0]["number"]
    assert number.startswith("D-") and number.endswith("-0001")
    done = [await clerk.act(number, "submit", key="s") for _ in range(2)]
    assert [d["state"] for d in done] == ["posted", "posted"]
    assert shop.level() == (1_700, 0) and shop.level(sku="M-002") == (3, 3)
    assert [fact["kind"] for fact in done[0]["history"]] == [
        "document_drafted", "document_lines_stated", "document_submitted", "document_posted"]
    causes = shop.world.rows(f"select kind, cause from stock_movement where cause like '{number}/%' order by 2")
    assert causes == [("receive", f"{number}/1"), ("receive", f"{number}/2")]
    assert (await clerk.act(number, "submit", status=409))["code"] == "document_state"
    assert (await clerk.act(number, "cancel", {"reason": "x"}, status=409))["code"] == "document_state"
    other = await clerk.client.post(f"{ROOT}/{number}/cancel", json={"reason": "y"}, headers={"Idempotency-Key": "s"})
    assert other.status_code == 409 and other.json()["code"] == "call_key_used"


async def test_above_a_limit_somebody_else_approves_and_of_two_at_once_one_is_enough(shop: Shop) -> None:
    maker, boss = await shop.person("operations"), await shop.person("administrator")
    number = (await maker.draft("adjustment", line(-251)))["number"]
    held = await maker.act(number, "submit")
    assert held["state"] == "waiting_approval" and held["why"] == "amount"
    assert (held["units"], held["amount"], held["currency"]) == (251, 502_000, "CNY")
    assert "approve" not in held["may"] and "approve" in (await boss.see(number))["may"]
    assert (await maker.act(number, "approve", status=403))["code"] == "own_document"
    keeper = await shop.person("warehouse")
    assert (await keeper.act(number, "approve", status=403))["code"] == "not_allowed"
    assert shop.level() == (1_000, 0)
    twice = await asyncio.gather(*[boss.client.post(
        f"{ROOT}/{number}/approve", headers={"Idempotency-Key": f"a{n}"}) for n in range(6)])
    assert sorted(answer.status_code for answer in twice) == [200, 409, 409, 409, 409, 409]
    assert shop.level() == (749, 0)
    assert (await maker.see(number))["judge"] == "user:administrator-user"


async def test_a_refused_document_changes_nothing(shop: Shop) -> None:
    maker, boss = await shop.person("operations"), await shop.person("administrator")
    number = (await maker.draft("scrap", line(900)))["number"]
    await maker.act(number, "submit")
    seen = await boss.act(number, "refuse", {"reason": "没坏"})
    assert (seen["state"], seen["answer"], seen["may"]) == ("refused", "没坏", [])
    assert shop.level() == (1_000, 0)


async def test_what_a_document_cannot_do_leaves_it_and_the_stock_as_they_were(shop: Shop) -> None:
    maker = await shop.person("operations")
    number = (await maker.draft("scrap", line(5), line(1, sku="M-002")))["number"]
    refused = await maker.act(number, "submit", status=409)
    assert refused["code"] == "document_below_zero" and refused["facts"]["line"] == "2"
    assert shop.level() == (1_000, 0) and (await maker.see(number))["state"] == "draft"
    levels = "select count(*) from stock_level l join sku s on s.id = l.sku_id where code = 'M-002'"
    assert shop.world.rows(levels) == [(0,)]
    wish = {"lines": [line(5)]}
    answer = await maker.client.put(f"{ROOT}/{number}/lines", json=wish, headers={"Idempotency-Key": "p"})
    assert answer.status_code == 200 and len(answer.json()["lines"]) == 1
    assert (await maker.act(number, "submit"))["state"] == "posted" and shop.level() == (995, 0)


@pytest.mark.parametrize("wish, code", [
    ({"kind": "transfer", "lines": [line(1)]}, "transfer_needs_to"),
    ({"kind": "receipt", "lines": [line(1)], "to": "GZ"}, "only_transfers_go"),
    ({"kind": "receipt", "lines": [line(0)]}, "wrong_document_quantity"),
    ({"kind": "scrap", "lines": [line(-1)]}, "wrong_document_quantity"),
    ({"kind": "count", "lines": [line(1)]}, "wrong_document_quantity"),
    ({"kind": "receipt", "lines": [line(2**63)]}, "wrong_value"),
    ({"kind": "receipt", "lines": [line(1), line(2)]}, "document_twice"),
    ({"kind": "transfer", "lines": [line(1)], "to": "HZ"}, "same_place"),
    ({"kind": "count", "lines": [line(0, is_frozen=True)]}, "never_frozen"),
    ({"kind": "receipt", "lines": [line(1, sku="X")]}, "unknown_sku"),
    ({"kind": "receipt", "lines": [line(1, warehouse="X")]}, "unknown_warehouse"),
    ({"kind": "receipt", "lines": [line(1)], "reason": " "}, "wrong_value"),
    ({"kind": "theft", "lines": []}, "wrong_value"),
])
async def test_what_cannot_be_drafted_is_said_with_its_line(shop: Shop, wish: dict[str, Any], code: str) -> None:
    clerk = await shop.person("operations")
    asked = {"reason": "测试"} | wish
    answer = await clerk.client.post(ROOT, json=asked, headers={"Idempotency-Key": "x"})
    assert 400 <= answer.status_code < 500 and answer.json()["code"] == code, answer.text
    assert "|" in answer.json()["detail"]
    assert shop.world.rows("select count(*) from subject") == [(0,)]


async def test_every_document_is_what_its_events_say_and_the_audit_covers_it(shop: Shop, database: str) -> None:
    maker, boss = await shop.person("operations"), await shop.person("administrator")
    for kind, quantity, to in (("receipt", 5, ""), ("adjustment", -800, ""), ("transfer", 7, "GZ")):
        number = (await maker.draft(kind, line(quantity), to=to))["number"]
        await maker.act(number, "submit")
    await maker.act(number, "receive", {"arrived": [{"line": 1, "units": 9}]})
    assert (await boss.see(number))["state"] == "posted"
    async with shop.world.hub.begin() as work:
        for document_id, number in shop.world.rows("select id::text, number from stock_document"):
            subject = (await work.subjects.lock([number]))[number]
            assert subject.id == document_id
            folded = await work.documents.of(subject)
            row = shop.world.rows(f"select state, units, arrivals from stock_document where number = '{number}'")[0]
            assert row == (folded.state, folded.units, folded.arrivals)
    report = await verify_chains(shop.world.hub.settings, database, lambda done, of: None)
    assert report.is_whole and report.subjects == 3


@pytest.mark.parametrize("damage, field", [
    ("update stock_document set state = 'cancelled' where kind = 'receipt'", "state"),
    ("update stock_document_line set quantity = 6 where quantity = 5", "lines"),
    ("update stock_document_line set received = 3 where quantity = 7", "lines"),
    ("delete from stock_document_line where quantity = 5", "lines"),
    ("update stock_document set maker = 'user:somebody' where kind = 'transfer'", "maker"),
])
async def test_a_document_that_is_not_what_its_events_say_is_found(
    shop: Shop, database: str, damage: str, field: str,
) -> None:
    maker = await shop.person("operations")
    for kind, quantity, to in (("receipt", 5, ""), ("transfer", 7, "GZ")):
        await maker.act((await maker.draft(kind, line(quantity), to=to))["number"], "submit")
    settings = shop.world.hub.settings
    for is_damaged in (False, True):
        if is_damaged:
            with psycopg.connect(database) as connection:
                connection.execute(damage.encode())
        report = await verify_chains(settings, database, lambda done, of: None)
        await verify_all(settings, database, report, lambda done, of: None)
        found = [(one.table, one.field) for one in report.faults]
        assert found[:1] == ([("stock_document", field)] if is_damaged else []), report.faults


async def test_who_is_limited_to_a_warehouse_sees_its_documents_and_what_comes_to_it(shop: Shop) -> None:
    maker = await shop.person("operations")
    here = (await maker.draft("receipt", line(1)))["number"]
    coming = (await maker.draft("transfer", line(10), to="GZ"))["number"]
    both = (await maker.draft("receipt", line(1), line(1, warehouse="GZ")))["number"]
    await maker.act(coming, "submit")
    keeper = await shop.person("warehouse", {"warehouse": ["GZ"]})
    page = (await keeper.client.get(ROOT)).json()["documents"]
    assert [one["number"] for one in page] == [both, coming]
    assert (await keeper.client.get(f"{ROOT}/{here}")).status_code == 404
    assert page[0]["amount"] is None, "costs are hidden from the role"
    assert (await keeper.act(both, "submit", status=403))["code"] == "limited_rows"
    await keeper.act(coming, "receive", {"arrived": [{"line": 1, "units": 10}]})
    assert shop.level("GZ") == (10, 0)


async def test_transfers_lose_nothing_on_the_way_and_what_does_not_come_ages(shop: Shop) -> None:
    maker, boss = await shop.person("operations"), await shop.person("administrator")
    number = (await maker.draft("transfer", line(100), to="GZ"))["number"]
    sent = await maker.act(number, "submit")
    assert sent["state"] == "posting" and sent["lines"][0]["rest"] == 100
    assert [shop.level(house) for house in ("HZ", "TRANSIT", "GZ")] == [(900, 0), (100, 0), (0, 0)]
    houses = (await maker.client.get("/api/v1/warehouses"))
    assert houses.status_code == 403 or "TRANSIT" not in [w["code"] for w in houses.json()["warehouses"]]
    board = (await maker.client.get("/api/v1/stock/skus")).json()["rows"]
    assert board[0]["total"]["on_hand"] == 900, "what is on its way is not to be sold"
    await maker.act(number, "receive", {"arrived": [{"line": 1, "units": 97}]})
    assert [shop.level(house) for house in ("HZ", "TRANSIT", "GZ")] == [(900, 0), (3, 0), (97, 0)]
    now = shop.world.hub.now()
    assert await age_transfers(shop.world.hub.begin, now + timedelta(days=2)) == 0
    assert await age_transfers(shop.world.hub.begin, now + timedelta(days=3, minutes=1)) == 1
    open_cases = "select kind, subject from case_file where resolved_at is null"
    assert shop.world.rows(open_cases) == [("transfer_aged", number)]
    lost = {"lost": [{"line": 1, "units": 3}], "reason": "承运商丢失"}
    assert (await maker.act(number, "lose", lost, status=403))["code"] == "own_document"
    assert (await boss.act(number, "lose", {"lost": [{"line": 1, "units": 4}], "reason": "x"}, status=409))["code"] == \
        "not_in_transit"
    done = await boss.act(number, "lose", lost)
    assert done["state"] == "posted" and shop.level("TRANSIT") == (0, 0)
    assert shop.world.rows(open_cases) == []


async def test_more_than_was_sent_is_found_goods_and_a_case(shop: Shop) -> None:
    maker = await shop.person("operations")
    number = (await maker.draft("transfer", line(100), to="GZ"))["number"]
    await maker.act(number, "submit")
    done = await maker.act(number, "receive", {"arrived": [{"line": 1, "units": 103}]})
    assert done["state"] == "posted" and done["lines"][0]["found"] == 3
    assert [shop.level(house) for house in ("HZ", "TRANSIT", "GZ")] == [(900, 0), (0, 0), (103, 0)]
    assert shop.world.rows("select kind, subject from case_file") == [("transfer_surplus", number)]


async def test_nobody_moves_stock_of_the_transit_warehouse_by_hand(shop: Shop) -> None:
    maker, boss = await shop.person("operations"), await shop.person("administrator")
    number = (await maker.draft("transfer", line(1), to="GZ"))["number"]
    await maker.act(number, "submit")
    wish = {"act": "receive", "reason": "试", "lines": [{"sku": "M-001", "warehouse": "TRANSIT", "quantity": 1}]}
    answer = await maker.client.post("/api/v1/stock/moves", json=wish, headers={"Idempotency-Key": "m"})
    assert answer.status_code == 404 and answer.json()["code"] == "unknown_warehouse"
    for body in ({"code": "TRANSIT", "name": "x"},):
        answer = await boss.client.post("/api/v1/warehouses", json=body)
        assert answer.status_code in (404, 405, 409, 422), answer.text
