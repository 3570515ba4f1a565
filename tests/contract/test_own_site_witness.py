"""The reference client of Standard Webhooks signs what we believe and believes what we sign, at every such door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from orderloom.adapters.subscribers.webhook.client import CONNECTOR as SUBSCRIBER
from orderloom.application.ports import Inbound, Outgoing
from tests.support.connector_folders import caller, folders, now, purchase, serve
from tests.support.ears import an_ear
from tests.support.witnessed import Host, Refusal, Witness, hosted

FOLDER = next(folder for folder in folders("channels") if folder.name == "own_site")
SECRETS = FOLDER.module("simulator").CREDENTIALS
SHIPPED = {"external_id": "W-1001", "carrier": "shunfeng", "waybill": "SF1", "shipped_at": "2026-11-26T08:00:00Z",
           "is_partial": False, "lines": [{"external_line_id": "1", "quantity": 1}]}  # fmt: skip


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with hosted() as one:
        yield one


@pytest.fixture
def witness(host: Host) -> Witness:
    return Witness(host, "webhooks", {"secret": SECRETS["webhook_secret"]}, FOLDER.simulator(credentials=SECRETS))


async def test_an_order_that_the_client_signed_is_believed(witness: Witness) -> None:
    bought = purchase(FOLDER)
    witness.simulator.place(bought)
    push = witness.simulator.news(bought["external_id"], "order.created")
    stamp = int(now().timestamp())
    signed = await witness.call("sign", key="msg_1", at=stamp, body=push.body.decode())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(stamp), "webhook-signature": signed}
    account = FOLDER.account(credentials=SECRETS)
    for given, is_believed in ((headers, True), ({**headers, "webhook-id": "msg_2"}, False)):
        verdict = FOLDER.connector.receive(Inbound("POST", "/webhooks/OWN", {}, given, push.body), account, now())
        assert bool(verdict.quarantine) is not is_believed


async def test_what_the_simulated_site_sends_the_client_believes(witness: Witness) -> None:
    bought = purchase(FOLDER)
    witness.simulator.place(bought)
    push = witness.simulator.news(bought["external_id"], "order.created")
    heard = await witness.call("hear", body=push.body.decode(), headers=dict(push.headers))
    assert heard["data"]["id"] == bought["external_id"]
    with pytest.raises(Refusal, match="No matching signature"):
        await witness.call("hear", body=push.body.decode() + " ", headers=dict(push.headers))


async def test_what_the_hub_sends_to_a_site_and_to_a_subscriber_the_client_believes(witness: Witness) -> None:
    heard: list[tuple[str, dict[str, str]]] = []

    async def door(request: Request) -> Response:
        heard.append(((await request.body()).decode(), dict(request.headers)))
        return Response(status_code=204)

    app = Starlette(routes=[Route("/{path:path}", door, methods=["POST"])])
    async with serve(app) as base, caller() as http:
        site = FOLDER.account(base, credentials=SECRETS)
        await FOLDER.connector.send(Outgoing("0193-1", "shipment", "W-1001", SHIPPED, 1), site, http)
        listener = msgspec.structs.replace(site, credentials={"secret": SECRETS["webhook_secret"]})
        await SUBSCRIBER.send(Outgoing("0193-2", "order.placed", "o", {"type": "order.placed"}, 1), listener, http)
    told = [await witness.call("hear", body=body, headers=headers) for body, headers in heard]
    assert [one["type"] for one in told] == ["shipment.sent", "order.placed"]


async def test_a_messenger_that_listens_takes_what_the_client_signed(witness: Witness) -> None:
    async with an_ear("hook", now) as ear:
        mine = replace(witness, made_from={"secret": ear.credentials["secret"]})
        said: dict[str, Any] = {"type": "notification", "timestamp": "2026-11-26T08:00:00Z", "data": {"title": "超卖"}}
        body, stamp = json.dumps(said, ensure_ascii=False), int(now().timestamp())
        signed = await mine.call("sign", key="m1", at=stamp, body=body)
        headers = {"webhook-id": "m1", "webhook-timestamp": str(stamp), "webhook-signature": signed,
                   "content-type": "application/json"}  # fmt: skip
        async with caller() as http:
            answer = await http.post(ear.base_url, content=body.encode(), headers=headers)
        assert answer.status_code == 204 and [one["text"] for one in ear.ear.heard] == ["超卖"]
