"""A carrier that sells a waybill each time it is asked for one, and whose answers to that never come; and the worker
process that asks it.

Its honest kin refuse a second order of the same number: with this one, what is bought twice is bought twice.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from orderloom.adapters import outside
from orderloom.adapters.carriers.sf_express.simulator import Simulator
from orderloom.adapters.simulated.asked import Asked
from orderloom.adapters.simulated.trouble import Cut
from orderloom.application.sending import Deliverer
from orderloom.bootstrap import find_connectors, open_hub
from orderloom.settings import Settings

CREATE, SEARCH = "EXP_RECE_CREATE_ORDER", "EXP_RECE_SEARCH_ORDER_RESP"
LOST = ("timed_out", "cut", "status_500")
PATIENCE_SECONDS = 1.0
"""How long the worker waits for an answer here: the product waits 30."""
DUE_NOW = "update delivery set due_at = %(at)s where state = 'due' and lease_until is null"
find_connectors()


class LossyCarrier(Simulator):
    """See above. `book` is what it sold, by the caller's number, in the order of the sales; of numbers that are
    `silent` it cannot be asked; `struck` counts how answers were lost."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.book: list[str] = []
        self.silent: set[str] = set()
        self.struck: Counter[str] = Counter()

    def _create(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "orderId")
        self.book.append(key)
        self.labels.sold.pop(key, None)
        return super()._create(asked)

    def write(self, content: Any, asked: Asked) -> Any:
        """Every good answer to a sale is lost, each in its turn of three ways."""
        if asked.name == SEARCH and content["orderId"] in self.silent:
            return Response("Bad Gateway", 502)
        if asked.name != CREATE:
            return super().write(content, asked)
        how = LOST[len(self.book) % len(LOST)]
        self.struck[how] += 1
        if how == "timed_out":
            return Hung()
        return Cut() if how == "cut" else Response("Internal Server Error", 500)


class Hung(Response):
    """An answer that does not come before its caller has gone."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        await super().__call__(scope, receive, send)


def work(dsn: str, home: str) -> None:
    """A worker that sends what is due until it is killed. For it, waiting times are over at once."""
    outside.WAIT_SECONDS_MAX = outside.REQUEST_SECONDS_MAX = PATIENCE_SECONDS
    asyncio.run(_work(dsn, Path(home)))


async def _work(dsn: str, home: Path) -> None:
    async with open_hub(Settings(home=home), dsn, connections_max=4) as hub:
        deliverer = Deliverer(hub)
        while True:
            async with hub.ports.reading() as connection:
                await connection.execute(DUE_NOW, {"at": hub.now() - timedelta(seconds=1)})
            await deliverer.step()
            await deliverer.drain()
            await asyncio.sleep(0.05)
