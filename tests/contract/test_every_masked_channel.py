"""Every channel that hides its buyers: nobody is read in clear, taken for another, or moved by being hidden more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from orderloom.adapters.carrier_words import carrier_words
from orderloom.adapters.vault import Vault
from orderloom.application.sort import Landed, sort
from orderloom.application.translate import translate
from orderloom.domain.draft import OrderDraft
from tests.support.bench import Shop, directory
from tests.support.connector_folders import Folder, caller, cursor, items, now, pull, pulled_channels, purchase, serve
from tests.support.moves import CHANNEL

VAULT = Vault({1: b"k" * 32}, b"i" * 32)
CLEAR = ("张三", "张四", "13800138000", "13800998000", "文一西路969号", "文二东路8号")
OTHER = {"name": "张四", "phone": "13800998000", "detail": "文二东路8号"}
"""Under the same stars as the first: 张*, 138****8000, 文***."""
NUMBERS = {"kuaishou": "4"}
"""What SF Express is called where the connector itself holds the table of carriers."""
HIDING = [param for param in (pytest.param(folder, id=folder.name) for folder in pulled_channels())
          if "masked" in (param.values[0].path / "simulator.py").read_text("utf-8")]


class Masked:
    """Three orders at a channel that hides everybody: two of one person, one of somebody who looks alike."""

    def __init__(self, folder: Folder, base: str, simulator: Any, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.http, self.account = folder, simulator, http, folder.account(base)
        self.ids = []
        for n in (1, 2, 3):
            bought = purchase(folder, n)
            lines = [{**line, "sku": sku, "quantity": 1} for line, sku in zip(bought["lines"], "AB", strict=True)]
            receiver = bought["receiver"] | (OTHER if n == 3 else {})
            simulator.place(bought | {"lines": lines, "receiver": receiver, "is_masked": True, "note": ""})
            self.ids.append(bought["external_id"])

    async def landed(self) -> list[Landed]:
        return [Landed("m", CHANNEL, item.topic, now(), item.body, dict(item.context))
                for item in items(await pull(self.folder, self.account, self.http, cursor()))]

    def drafts(self, landed: list[Landed]) -> dict[str, OrderDraft]:
        mappings = self.folder.mappings()
        found = [one for m in landed for one in translate(
            self.account, m.topic, m.body, m.headers, m.received_at, mappings)]
        return {one.external_id: one for one in found if isinstance(one, OrderDraft)}

    def take(self, shop: Shop, landed: list[Landed]) -> None:
        known = directory()
        account = msgspec.structs.replace(self.account, id=CHANNEL, code="TB01")
        here = msgspec.structs.replace(known, accounts={**known.accounts, CHANNEL: account})
        shop.at = now()
        for command in sort(landed, here, self.folder.mappings(), VAULT.seal).commands:
            shop.ask(command)


@pytest.fixture
async def masked(request: pytest.FixtureRequest) -> AsyncIterator[Masked]:
    folder: Folder = request.param
    simulator = folder.simulator(masked=True)
    async with serve(simulator.app) as base, caller() as http:
        yield Masked(folder, base, simulator, http)


@pytest.mark.parametrize("masked", HIDING, indirect=True)
async def test_nobody_is_read_in_clear_or_taken_for_somebody_else(masked: Masked) -> None:
    drafts = masked.drafts(await masked.landed())
    first, again, other = (drafts[id].receiver for id in masked.ids)
    for receiver in (first, again, other):
        told = msgspec.json.encode(receiver).decode()
        assert receiver.is_masked and not [word for word in CLEAR if word in told], told
        sealed = VAULT.seal(receiver, "")
        assert (sealed.name_index, sealed.phone_index, sealed.last4) == (None, None, "")
    keys = [VAULT.seal(receiver, "").merge_key for receiver in (first, again, other)]
    assert keys[0] == keys[1], "one token is one person"
    assert keys[0] is None or keys[0] != keys[2], "two tokens are two, however alike they look"


@pytest.mark.parametrize("masked", HIDING, indirect=True)
async def test_what_is_hidden_once_it_is_shipped_moves_nobody(masked: Masked) -> None:
    shop = Shop()
    masked.take(shop, await masked.landed())
    known = {o.external_id: o.receiver for o in shop.orders.values()}
    works, words = len(shop.sent("work")), carrier_words(masked.folder.path)
    said = words.words.get("shunfeng", "shunfeng") if words else "shunfeng"
    said = NUMBERS.get(masked.folder.name, said)
    for id in masked.ids:
        shop.warehouse_says("packed", external=id)
        masked.simulator.book.ship(id, None, str(said), f"SF{id[-8:]}", now() - timedelta(seconds=30))
    masked.take(shop, await masked.landed())
    assert {o.external_id: o.receiver for o in shop.orders.values()} == known
    assert len(shop.sent("work")) == works and "address_changed_late" not in shop.opened()
