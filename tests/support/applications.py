"""A buyer at a channel's simulator who asks for money or goods back, and the hub's mind about what is read of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2
import msgspec

from orderloom.application.commands import AnyCommand, HearAfterSale
from orderloom.application.ports import Account
from orderloom.application.sort import Landed, sort
from orderloom.domain.draft import AfterSaleReport
from tests.support.bench import Shop, directory
from tests.support.connector_folders import Folder, cursor, items, now, pull, purchase
from tests.support.moves import CHANNEL, sealed

ONE_LINE = ("pinduoduo",)
"""An order is one SKU there: what is refunded before shipping is the order."""
CURRENCIES = {"Asia/Shanghai": "CNY", "Asia/Singapore": "SGD", "Asia/Kuala_Lumpur": "MYR", "Asia/Bangkok": "THB",
              "Asia/Manila": "PHP", "Asia/Jakarta": "IDR", "Asia/Ho_Chi_Minh": "VND"}  # fmt: skip
SECONDS_BETWEEN = 5


class Buyer:
    """One order at a channel's simulator, and the hub's mind about what is read of it."""

    def __init__(self, folder: Folder, base: str, simulator: Any, http: httpx2.AsyncClient) -> None:
        self.folder, self.simulator, self.http = folder, simulator, http
        self.account: Account = folder.account(base)
        self.shop, self.at = Shop(), now() - timedelta(minutes=5)
        bought = purchase(folder)
        lines = [{**line, "sku": sku, "quantity": 1} for line, sku in zip(bought["lines"], "AB", strict=True)]
        bought |= {"lines": lines, "currency": CURRENCIES.get(folder.manifest.zone, "USD")}
        if folder.name in ONE_LINE:
            bought |= {"lines": lines[:1], "freight": 0, "discount": 0}
        self.external_id = bought["external_id"]
        simulator.place(bought)

    async def read(self) -> list[AfterSaleReport]:
        """Everything that the channel lists, taken in twice and in both orders; returns the applications, each once."""
        landed = [Landed("m", CHANNEL, item.topic, now(), item.body, dict(item.context))
                  for item in items(await pull(self.folder, self.account, self.http, cursor()))]
        self.shop.at = now()
        for messages in (landed, landed[::-1]):
            for command in self._commands(messages):
                self.shop.ask(command)
        reports = [c.report for c in self._commands(landed) if isinstance(c, HearAfterSale)]
        return list({one.external_id: one for one in reports}.values())

    def _commands(self, messages: list[Landed]) -> list[AnyCommand]:
        known = directory()
        account = msgspec.structs.replace(self.account, id=CHANNEL, code="TB01")
        here = msgspec.structs.replace(known, accounts={**known.accounts, CHANNEL: account})
        found = sort(messages, here, self.folder.mappings(), lambda *_: sealed(1))
        assert not [one for one in found.early.values() if isinstance(one, tuple)], found.early
        return found.commands

    def later(self) -> Any:
        """The next instant at which something happens."""
        self.at += timedelta(seconds=SECONDS_BETWEEN)
        return self.at
