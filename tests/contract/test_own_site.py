"""A shop of one's own: signed webhooks are believed, no others; its form takes an order once; it hears of parcels."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from orderloom.application.ports import Account, Inbound, Outgoing, Terminal, Verdict
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft, Problem
from tests.support.connector_folders import RECEIVED_AT, Folder, caller, folders, now, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "own_site")
SECRETS = FOLDER.module("simulator").CREDENTIALS
GOODS = [{"sku": "M-001", "title": "马克杯 <Mug>", "price": "89.00"},
         {"sku": "M-002", "title": "勺子", "price": "30.00"}]  # fmt: skip
FILLED = {"name": "张三", "phone": "+86 138 0013 8000", "country": "cn", "province": "浙江省", "city": "杭州市",
          "district": "余杭区", "address": "文一西路969号", "q0": "2", "q1": "0"}  # fmt: skip


def account(base: str = "http://127.0.0.1:9", **settings: Any) -> Account:
    return FOLDER.account(base, credentials=dict(SECRETS), form_goods=GOODS, form_shipping="10.00", **settings)


def read(body: bytes, topic: str) -> list[Any]:
    return translate(account(), topic, body, {}, RECEIVED_AT, FOLDER.mappings())


@dataclass
class Site:
    folder: Folder
    simulator: Any

    def order(self, topic: str = "order.created") -> Inbound:
        bought = purchase(self.folder)
        self.simulator.place(bought)
        push = self.simulator.news(bought["external_id"], topic)
        return Inbound("POST", "/webhooks/OWN", {}, dict(push.headers), push.body)


@pytest.fixture
def site() -> Site:
    return Site(FOLDER, FOLDER.module("simulator").Simulator(dict(SECRETS), now, {}))


def test_an_order_of_the_site_is_believed_and_understood(site: Site) -> None:
    verdict = FOLDER.connector.receive(site.order(), account(), now())
    assert not verdict.quarantine and verdict.status == 200
    (item,) = verdict.items
    (draft,) = read(item.body, item.topic)
    assert isinstance(draft, OrderDraft) and (draft.payment, draft.total) == ("paid", 19_900)
    assert item.event_id.startswith("msg_"), "a webhook that is sent again is known again"


@pytest.mark.parametrize("spoil", ["body", "signature", "id", "stale", "none"])
def test_what_somebody_else_sends_is_kept_apart(site: Site, spoil: str) -> None:
    request = site.order()
    headers, at, body = dict(request.headers), now(), request.body
    if spoil == "body":
        body += b" "
    elif spoil == "stale":
        at += timedelta(minutes=6)
    elif spoil == "none":
        headers = {}
    else:
        headers["webhook-signature" if spoil == "signature" else "webhook-id"] += "x"
    verdict = FOLDER.connector.receive(msgspec_replace(request, headers, body), account(), at)
    assert verdict.quarantine and verdict.status == 401 and verdict.items[0].body == body


def msgspec_replace(request: Inbound, headers: dict[str, str], body: bytes) -> Inbound:
    return msgspec.structs.replace(request, headers=headers, body=body)


def test_the_secret_is_changed_without_losing_an_order(site: Site) -> None:
    old = {"webhook_secret": "whsec_" + "Tm9ib2R5S25vd3NJdA==", "webhook_secret_previous": SECRETS["webhook_secret"]}
    rotated = FOLDER.account(credentials=old)
    assert not FOLDER.connector.receive(site.order(), rotated, now()).quarantine


@pytest.mark.parametrize("typed", ["whsec_abcde", ""])
def test_a_secret_that_was_mistyped_keeps_orders_apart_and_stops_no_door(site: Site, typed: str) -> None:
    verdict = FOLDER.connector.receive(
        site.order(), FOLDER.account(credentials={"webhook_secret": typed, "webhook_secret_previous": ""}), now())
    assert verdict.quarantine == "no_secret" and verdict.items


def test_everything_wrong_in_an_order_is_said_at_once(site: Site) -> None:
    data = json.loads(site.order().body)
    data["data"] |= {"payment": "maybe", "total": "much", "status": None, "lines": [{"quantity": 1, "price": "1.00"}]}
    (problems,) = read(json.dumps(data).encode(), "order.created")
    fields = {problem.field for problem in problems if isinstance(problem, Problem)}
    assert {"payment", "total", "is_cancelled", "lines[0].sku_external"} <= fields


async def test_the_site_hears_of_a_parcel_and_of_stock_once(site: Site) -> None:
    request = site.order()
    order = json.loads(request.body)["data"]
    site.simulator.list_sku("M-001")
    lines = [{"external_line_id": one["id"], "quantity": one["quantity"]} for one in order["lines"]]
    sent = {"external_id": order["id"], "carrier": "shunfeng", "waybill": "SF1", "shipped_at": "2026-11-26T08:00:00Z",
            "is_partial": False, "lines": lines}  # fmt: skip
    figures = {"figures": [{"sku_external": "M-001", "quantity": 7}]}
    async with serve(site.simulator.app) as base, caller() as http:
        there = account(f"{base}")
        for attempt in (1, 2):
            await FOLDER.connector.send(Outgoing("0193-1", "shipment", order["id"], sent, attempt), there, http)
        await FOLDER.connector.send(Outgoing("0193-2", "stock", "M-001", figures, 1), there, http)
        wrong = FOLDER.account(base, credentials={**SECRETS, "webhook_secret": "whsec_Tm9ib2R5S25vd3NJdA=="})
        with pytest.raises(Terminal):
            await FOLDER.connector.send(Outgoing("0193-3", "stock", "M-001", figures, 1), wrong, http)
    assert [one["waybill"] for one in site.simulator.shipments[order["id"]]] == ["SF1"]
    assert site.simulator.stock == {"M-001": 7}


async def test_the_site_hears_once_what_was_decided_of_an_application(site: Site) -> None:
    order = json.loads(site.order().body)["data"]
    claim = site.simulator.ask_refund(order["id"], 0, now())
    told = {"application": claim, "external_id": order["id"], "decision": "granted", "answer": "refund", "amount": 500,
            "currency": order["currency"], "reason": "照章退"}  # fmt: skip
    async with serve(site.simulator.app) as base, caller() as http:
        there = account(f"{base}")
        for attempt in (1, 2):
            await FOLDER.connector.send(Outgoing("0193-1", "decision", claim, told, attempt), there, http)
        with pytest.raises(Terminal, match="400"):
            other = told | {"decision": "declined", "answer": "decline", "amount": None}
            await FOLDER.connector.send(Outgoing("0193-2", "decision", claim, other, 1), there, http)
    assert site.simulator.decided[claim] == ["refund"] and site.simulator.book.claims[claim].amount == 500


def ask(at: datetime, there: Account, **filled: str) -> Verdict:
    """The form as somebody fills it in who opened it a minute before `at`."""
    page = FOLDER.connector.receive(Inbound("GET", "/webhooks/OWN/form", {}, {}, b""), there, at - timedelta(minutes=1))
    text = page.reply.decode()
    hidden = {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)}
    body = urlencode({**hidden, "website": "", **FILLED, **filled}).encode()
    return FOLDER.connector.receive(Inbound("POST", "/webhooks/OWN/form", {}, {"host": "hub"}, body), there, at)


def test_a_filled_form_is_an_order_of_what_it_offered() -> None:
    verdict = ask(now(), account(form_payment="cod"))
    (item,) = verdict.items
    assert (item.topic, verdict.status) == ("order.created", 200) and item.event_id
    (draft,) = read(item.body, item.topic)
    assert isinstance(draft, OrderDraft)
    assert (draft.total, draft.freight, draft.payment, draft.currency) == (18_800, 1_000, "cod", "CNY")
    assert [(line.sku_external, line.quantity, line.price) for line in draft.lines] == [("M-001", 2, 8_900)]
    assert draft.receiver.city == "杭州市" and "web_form" in draft.flags
    assert draft.external_id in verdict.reply.decode()


@pytest.mark.parametrize(("filled", "words"), [
    ({"phone": "call me"}, "电话"), ({"name": ""}, "姓名"), ({"q0": "0"}, "至少选一件"), ({"q0": "1000"}, "数量"),
    ({"q0": "9" * 5_000}, "数量"),
    ({"country": "China"}, "国家"), ({"address": "x" * 301}, "详细地址"),
])  # fmt: skip
def test_a_mistake_is_said_and_what_was_typed_stays(filled: dict[str, str], words: str) -> None:
    verdict = ask(now(), account(), note="<b>bitte</b>", **filled)
    page = verdict.reply.decode()
    assert verdict.status == 422 and not verdict.items and words in page
    assert "&lt;b&gt;bitte" in page and "<b>bitte" not in page and "马克杯 &lt;Mug&gt;" in page


def test_machines_and_other_sites_place_no_orders() -> None:
    there, at = account(form_per_hour=1), now() + timedelta(days=1)
    assert not ask(at, there, website="http://spam").items, "a field that people do not see"
    cheap = json.dumps([[["M-001", "x", "0.01"]], "CNY", "0", "paid"])
    assert not ask(at, there, offer=cheap).items, "a price of one's own"
    assert not ask(at, there, issued=str(int((at - timedelta(hours=3)).timestamp()))).items, "an old form"
    assert not ask(at, there, token="0" * 64).items
    foreign = Inbound("POST", "/webhooks/OWN/form", {}, {"host": "hub", "origin": "https://evil.example"}, b"")
    assert FOLDER.connector.receive(foreign, there, at).status == 403
    assert ask(at, there).items and ask(at, there).status == 429, "an hour has room for so many"


def test_without_goods_there_is_no_form() -> None:
    bare = FOLDER.account(credentials=dict(SECRETS))
    page = FOLDER.connector.receive(Inbound("GET", "/webhooks/OWN/form", {}, {}, b""), bare, datetime.now(UTC))
    assert page.status == 404 and not page.items


async def test_whoever_connects_a_site_without_its_address_is_told_what_it_will_not_hear() -> None:
    async with caller() as http:
        without = await FOLDER.connector.probe(account("https://your-site.example/hooks/orderloom"), http)
        assert without.is_well and "--base-url" in without.message
        assert "--base-url" not in (await FOLDER.connector.probe(account(), http)).message
