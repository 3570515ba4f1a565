"""A platform that wants no stock for a while still hears of every shipment: what one API is told holds up no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2

from orderloom.adapters.db.accounts import AccountStore
from orderloom.adapters.db.outbox import add
from orderloom.application.change import Delivery
from orderloom.application.ports import Account, Answer, Outgoing, Transient
from orderloom.application.sending import Deliverer
from orderloom.bootstrap import open_hub
from orderloom.settings import Settings
from orderloom.testing.drive import publish_default_blueprint


class Acme:
    """Takes shipments, and no stock for the next minute."""

    def __init__(self, keeps_pace: bool) -> None:
        self.keeps_pace = keeps_pace
        self.told: list[str] = []

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """A yes, or "too fast"."""
        if outgoing.kind == "stock":
            raise Transient("rate_limited", "too fast", retry_after=60.0)
        self.told.append(outgoing.kind)
        return Answer(b"{}")


async def _tell(database: str, home: Path, acme: Acme) -> list[tuple[Any, ...]]:
    """Stock, then a shipment, each sent when it may be; what is kept of them."""
    async with open_hub(Settings(home=home), database, connections_max=4) as hub:
        hub.connectors["shopify"] = acme  # type: ignore[index]
        await publish_default_blueprint(hub)
        account = Account(0, "SH01", "channels", "shopify", "UTC", "", {}, {})
        async with hub.pool.connection() as connection, connection.transaction():
            account_id = await AccountStore(connection, hub.vault, hub.now()).save(account, "SH01")
        deliverer = Deliverer(hub)
        for kind in ("stock", "shipment"):
            async with hub.pool.connection() as connection:
                await add(connection, [Delivery(account_id, kind, None, kind, {})], hub.now())
            await deliverer.step()
            await deliverer.drain()
        async with hub.pool.connection() as connection:
            rows = await connection.execute("select kind, state, attempts, due_at > now() + interval '50 seconds' "
                                            "from delivery order by kind")
            return await rows.fetchall()


async def test_a_wait_of_the_stock_api_holds_up_no_shipment(database: str, home: Path) -> None:
    acme = Acme(keeps_pace=True)
    kept = await _tell(database, home, acme)
    assert acme.told == ["shipment"]
    assert kept == [("shipment", "done", 1, False), ("stock", "due", 0, True)]


async def test_a_target_that_keeps_no_pace_of_its_own_is_left_alone_whole(database: str, home: Path) -> None:
    acme = Acme(keeps_pace=False)
    kept = await _tell(database, home, acme)
    assert acme.told == []
    assert [row[1] for row in kept] == ["due", "due"]
