"""Every pulled channel against its own simulator over real HTTP: what a seller would lose if the client failed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.application.ports import HINT, Account, Inbound, Item, Outgoing, Rereads, Terminal, Transient
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.connector_folders import (
    PURCHASE_TOTAL,
    RECEIVED_AT,
    Folder,
    caller,
    cursor,
    items,
    pull,
    pulled_channels,
    purchase,
    serve,
)

CHANNELS = [pytest.param(folder, id=folder.name) for folder in pulled_channels()]
PUSHING = [pytest.param(folder, id=folder.name) for folder in pulled_channels() if "push" in folder.capabilities]


@dataclass
class Rehearsal:
    """A connector, its simulator on loopback, and an account that leads there."""

    folder: Folder
    simulator: Any
    account: Account
    http: httpx2.AsyncClient

    async def orders(self) -> list[OrderDraft]:
        return [draft for item in items(await pull(self.folder, self.account, self.http)) for draft in self.read(item)]

    def read(self, item: Item) -> list[OrderDraft]:
        headers, mappings = dict(item.context), self.folder.mappings()
        drafts = translate(self.account, item.topic, item.body, headers, RECEIVED_AT, mappings)
        assert all(isinstance(draft, OrderDraft) for draft in drafts), drafts
        return [draft for draft in drafts if isinstance(draft, OrderDraft)]


@pytest.fixture
async def rehearsal(request: pytest.FixtureRequest) -> AsyncIterator[Rehearsal]:
    folder: Folder = request.param
    simulator = folder.simulator()
    async with serve(simulator.app) as base, caller() as http:
        yield Rehearsal(folder, simulator, folder.account(base), http)


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_a_paid_order_arrives_with_the_total_that_the_buyer_paid(rehearsal: Rehearsal) -> None:
    bought = purchase(rehearsal.folder)
    rehearsal.simulator.place(bought)
    orders = await rehearsal.orders()
    assert [order.external_id for order in orders] == [bought["external_id"]]
    order = orders[0]
    assert (order.total, order.payment, order.currency) == (PURCHASE_TOTAL, "paid", bought["currency"])
    bought_units: Counter[str] = Counter()
    for line in order.lines:  # some platforms state each unit by itself
        bought_units[line.sku_external] += line.quantity
    assert bought_units == {"M-001": 2, "M-002": 1}
    goods = sum(line.price * line.quantity - line.discount for line in order.lines)
    assert goods - order.discount + order.freight + order.tax == order.total
    assert order.placed_at == bought["placed_at"]


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_an_unpaid_order_is_not_taken_for_a_paid_one(rehearsal: Rehearsal) -> None:
    bought = purchase(rehearsal.folder, is_paid=False)
    rehearsal.simulator.place(bought)
    # Some platforms (JD) list no order before it is paid.
    assert [order.payment for order in await rehearsal.orders()] in (["unpaid"], [])
    rehearsal.simulator.pay(bought["external_id"], purchase(rehearsal.folder, minutes_ago=5)["placed_at"])
    assert [order.payment for order in await rehearsal.orders()] == ["paid"]


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_a_cancelled_order_is_known_to_be_cancelled(rehearsal: Rehearsal) -> None:
    bought = purchase(rehearsal.folder)
    rehearsal.simulator.place(bought)
    rehearsal.simulator.cancel(bought["external_id"], purchase(rehearsal.folder, minutes_ago=5)["placed_at"])
    assert [order.is_cancelled for order in await rehearsal.orders()] == [True]


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_reading_the_same_order_again_gives_the_same_bytes(rehearsal: Rehearsal) -> None:
    rehearsal.simulator.place(purchase(rehearsal.folder))
    first = [item.body for item in items(await pull(rehearsal.folder, rehearsal.account, rehearsal.http))]
    again = [item.body for item in items(await pull(rehearsal.folder, rehearsal.account, rehearsal.http))]
    assert first == again != []


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_the_cursor_moves_on_and_never_past_now(rehearsal: Rehearsal) -> None:
    rehearsal.simulator.place(purchase(rehearsal.folder))
    pages = await pull(rehearsal.folder, rehearsal.account, rehearsal.http)
    reached = [page.cursor.at for page in pages if page.cursor]
    assert reached and reached == sorted(reached)
    assert cursor().at < reached[-1] <= cursor(0).at


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
@pytest.mark.parametrize("kind", ["status_500", "rate_limited"])
async def test_an_order_survives_trouble_at_the_platform(rehearsal: Rehearsal, kind: str) -> None:
    rehearsal.simulator.place(purchase(rehearsal.folder))
    rehearsal.simulator.fault(kind, 1)
    with pytest.raises(Transient):
        await rehearsal.orders()
    assert len(await rehearsal.orders()) == 1


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_a_body_that_does_not_parse_is_kept_and_costs_no_order(rehearsal: Rehearsal) -> None:
    rehearsal.simulator.place(purchase(rehearsal.folder))
    await rehearsal.orders()
    rehearsal.simulator.fault("broken_body", 1)
    pages = await pull(rehearsal.folder, rehearsal.account, rehearsal.http)
    spoilt = [page for page in pages if page.problem]
    assert len(spoilt) == 1 and spoilt[0].cursor is None
    assert [item.topic for item in spoilt[0].items] == ["unreadable"] and spoilt[0].items[0].body
    read = items(pages) or items(await pull(rehearsal.folder, rehearsal.account, rehearsal.http))
    assert len(read) == 1


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_wrong_credentials_are_said_and_not_tried_for_ever(rehearsal: Rehearsal) -> None:
    wrong = {name: f"{value}-wrong" for name, value in rehearsal.account.credentials.items()}
    account = rehearsal.folder.account(rehearsal.account.base_url, credentials=wrong)
    with pytest.raises(Terminal):
        await pull(rehearsal.folder, account, rehearsal.http)
    assert rehearsal.simulator.rejected
    assert not (await rehearsal.folder.connector.probe(account, rehearsal.http)).is_well
    assert (await rehearsal.folder.connector.probe(rehearsal.account, rehearsal.http)).is_well


@pytest.mark.parametrize("rehearsal", CHANNELS, indirect=True)
async def test_the_channel_is_told_of_a_parcel_once(rehearsal: Rehearsal) -> None:
    bought = purchase(rehearsal.folder)
    rehearsal.simulator.place(bought)
    order = (await rehearsal.orders())[0]
    body = {
        "external_id": order.external_id, "carrier": "shunfeng", "waybill": "SF1234567890123",
        "shipped_at": order.placed_at.isoformat().replace("+00:00", "Z"), "is_partial": False,
        "lines": [{"external_line_id": line.external_id, "quantity": line.quantity} for line in order.lines],
    }  # fmt: skip
    for attempt in (1, 2):
        outgoing = Outgoing("01930000-0000-7000-8000-000000000001", "shipment", order.external_id, body, attempt)
        await rehearsal.folder.connector.send(outgoing, rehearsal.account, rehearsal.http)
    told = rehearsal.simulator.shipments[order.external_id]
    assert len(told) == 1
    if not getattr(rehearsal.folder.module("simulator"), "GIVES_WAYBILLS", False):
        assert told[0]["waybill"] == "SF1234567890123"


@pytest.mark.parametrize("rehearsal", PUSHING, indirect=True)
async def test_a_push_is_believed_and_a_changed_one_is_kept_apart(rehearsal: Rehearsal) -> None:
    heard: list[Inbound] = []

    async def listen(request: Request) -> Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        heard.append(Inbound("POST", request.url.path, dict(request.query_params), headers, await request.body()))
        return Response(b"{}")

    bought = purchase(rehearsal.folder)
    rehearsal.simulator.place(bought)
    topic = getattr(rehearsal.folder.module("simulator"), "PUSH_TOPIC", "orders/create")
    async with serve(Starlette(routes=[Route("/{path:path}", listen, methods=["POST"])])) as base:
        rehearsal.simulator.push_url = base + "/hook"
        await rehearsal.simulator.push(bought["external_id"], topic)
    assert heard
    # Where the address is signed too, the account knows the one that the platform was given.
    known = {"public_url": rehearsal.simulator.push_url} if "public_url" in rehearsal.account.settings else {}
    account = msgspec.structs.replace(rehearsal.account, settings={**rehearsal.account.settings, **known})
    # On a thread, as the door does where a proof asks the platform for its key.
    genuine = await asyncio.to_thread(rehearsal.folder.connector.receive, heard[0], account, cursor(0).at)
    assert not genuine.quarantine
    told = [item for item in genuine.items if item.topic != HINT]
    for what in {one.what for one in genuine.reread}:
        ids = [one.id for one in genuine.reread if one.what == what]
        connector = rehearsal.folder.connector
        assert isinstance(connector, Rereads)
        told += items([page async for page in connector.reread(account, what, ids, rehearsal.http)])
    assert [order.external_id for item in told for order in rehearsal.read(item)] == [bought["external_id"]]
    if _signs_the_body(rehearsal.folder):
        forged = Inbound("POST", heard[0].path, heard[0].query, heard[0].headers, heard[0].body + b" ")
        verdict = await asyncio.to_thread(rehearsal.folder.connector.receive, forged, account, cursor(0).at)
        assert verdict.quarantine and verdict.items[0].body == forged.body
    if getattr(rehearsal.folder.connector, "is_slow", False):
        return  # a public key proves it to everybody
    other = {name: f"{value[:-2]}zz" for name, value in account.credentials.items()}
    verdict = rehearsal.folder.connector.receive(heard[0], msgspec.structs.replace(account, credentials=other),
                                                 cursor(0).at)  # fmt: skip
    assert verdict.quarantine and verdict.items[0].body == heard[0].body


def _signs_the_body(folder: Folder) -> bool:
    """Some platforms sign what stands around a body, or an envelope inside it."""
    push = folder.plan.push
    if push is None:
        return True
    return any("raw_body" in signer(lambda _: None).names for one in push.verify for signer in one.signers)
