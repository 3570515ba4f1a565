"""eBay's notifications are proven by the key that the platform names, and a changed or foreign one is kept apart."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import pytest

from orderloom.application.ports import Account, Inbound
from tests.support.connector_folders import cursor, folders, purchase, serve

FOLDER = next(folder for folder in folders("channels") if folder.name == "ebay")


async def heard(simulator: Any, spoil: str, account: Account) -> str:
    """Why a notification is not believed that was spoilt so."""
    push = simulator.news(FOLDER.module("simulator").external_id(1), "ORDER_CONFIRMATION")
    headers, body = dict(push.headers), push.body
    sealed = json.loads(base64.b64decode(headers["x-ebay-signature"]))
    if spoil == "body":
        body = body.replace(b"1.0", b"1.1")
    elif spoil == "kid":
        sealed["kid"] = "somebody-else"
    elif spoil == "signature":
        sealed["signature"] = base64.b64encode(b"nothing").decode()
    elif spoil == "digest":
        sealed["digest"] = "MD2"
    headers["x-ebay-signature"] = "?" if spoil == "header" else base64.b64encode(json.dumps(sealed).encode()).decode()
    request = Inbound("POST", "/webhooks/EB", {}, headers, body)
    return (await asyncio.to_thread(FOLDER.connector.receive, request, account, cursor(0).at)).quarantine


@pytest.mark.parametrize(("spoil", "why"), [
    ("", ""), ("body", "signature"), ("signature", "signature"), ("kid", "no_key"), ("digest", "signature"),
    ("header", "signature"),
])  # fmt: skip
async def test_only_what_the_platform_signed_is_believed(spoil: str, why: str) -> None:
    simulator = FOLDER.simulator()
    simulator.place(purchase(FOLDER))
    async with serve(simulator.app) as base:
        assert await heard(simulator, spoil, FOLDER.account(base)) == why


async def test_a_key_is_asked_for_once_and_one_that_is_not_there_neither_again() -> None:
    simulator = FOLDER.simulator()
    simulator.place(purchase(FOLDER))
    async with serve(simulator.app) as base:
        account = FOLDER.account(base)
        for spoil in ("", "body", "", "kid", "kid"):
            await heard(simulator, spoil, account)
    assert simulator.requests["public_key"] == 2, "one key that is there, one that is not"


def test_the_endpoint_answers_when_it_is_tried() -> None:
    account = FOLDER.account(credentials=FOLDER.credentials() | {"verification_token": "t" * 40}, public_url="https://h/e")
    request = Inbound("GET", "/webhooks/EB", {"challenge_code": "abc"}, {}, b"")
    verdict = FOLDER.connector.receive(request, account, cursor(0).at)
    wanted = FOLDER.module("simulator").expected_challenge("abc", "t" * 40, "https://h/e")
    assert json.loads(verdict.reply) == {"challengeResponse": wanted} and not verdict.items
