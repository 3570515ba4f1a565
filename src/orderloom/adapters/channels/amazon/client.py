"""The Amazon connector: pulls changed orders, confirms shipments, sets listing quantities, tests an account."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import httpx2
import msgspec

from orderloom.adapters.channels.amazon import listings, shipping, stocking
from orderloom.adapters.channels.amazon.marketplaces import misplaced
from orderloom.adapters.channels.amazon.pull import (
    CREATED,
    HORIZON_SECONDS,
    OPEN_STATUSES,
    OVERLAP_SECONDS,
    Orders,
    Walk,
    setting,
)
from orderloom.application.ports import (
    Account,
    Answer,
    Cursor,
    Inbound,
    Item,
    Outgoing,
    Page,
    Probed,
    Terminal,
    Trouble,
    Verdict,
)


class Amazon:
    """The connector of family `channels`, name `amazon`."""

    name = "amazon"
    listings_max = 20

    def __init__(self) -> None:
        self._orders = Orders()

    def receive(self, request: Inbound, account: Account, at: datetime) -> Verdict:
        """Quarantine whatever is posted: Amazon notifies through queues, never by HTTP."""
        items = (Item("unexpected", request.body),)
        return Verdict(items, "amazon_does_not_push", 404, b'{"error":"amazon does not push"}')

    def pull(self, account: Account, cursor: Cursor, at: datetime, http: httpx2.AsyncClient) -> AsyncIterator[Page]:
        """The orders changed since the cursor, up to the platform's horizon."""
        return self._orders.walk(Walk(account, http, at), cursor.at - _overlap(account), _horizon(account, at))

    async def backfill(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """The orders changed in that time that are not shipped or cancelled.

        The last minutes before the connection are in the live pull's overlap; the platform does not list them yet.
        """
        how = Walk(account, http, datetime.now(UTC), statuses=OPEN_STATUSES, pause_seconds=_pause(account))
        async for page in self._orders.walk(how, cursor.at, until - _overlap(account)):
            yield page
        yield Page((), cursor=Cursor(until))

    async def sweep(
        self, account: Account, cursor: Cursor, until: datetime, http: httpx2.AsyncClient
    ) -> AsyncIterator[Page]:
        """The same time read again, first by creation, then by change; what changed since is the live pull's."""
        how = Walk(account, http, datetime.now(UTC), pause_seconds=_pause(account))
        created = msgspec.structs.replace(how, by=CREATED, changed_before=until)
        async for page in self._orders.walk(created, cursor.at, until):
            yield msgspec.structs.replace(page, cursor=None)
        async for page in self._orders.walk(how, cursor.at, until):
            yield page

    async def find_listings(
        self, codes: Sequence[str], account: Account, http: httpx2.AsyncClient
    ) -> dict[str, dict[str, str]]:
        """Product type and marketplace of the codes that the seller lists, see `listings.find`."""
        return await listings.find(codes, account, datetime.now(UTC), http)

    async def send(self, outgoing: Outgoing, account: Account, http: httpx2.AsyncClient) -> Answer:
        """Confirm a `shipment` or set `stock`; raises Terminal for a kind that Amazon has no use for."""
        if outgoing.kind == "shipment":
            return await shipping.send(outgoing, account, datetime.now(UTC), http)
        if outgoing.kind == "stock":
            return await stocking.send(outgoing, account, datetime.now(UTC), http)
        raise Terminal("unknown_kind", f"amazon takes shipment and stock, not {outgoing.kind}")

    async def probe(self, account: Account, http: httpx2.AsyncClient) -> Probed:
        """Ask for one order of the last minutes: token, role and marketplace are tried."""
        now = datetime.now(UTC)
        before = _horizon(account, now)
        how = Walk(account, http, now)
        try:
            misplaced(account)
            await how.page(how.query(before - timedelta(minutes=1), before))
        except Trouble as trouble:
            return Probed(False, f"亚马逊账号不可用 Amazon account does not work: {trouble}")
        return Probed(True, "亚马逊账号正常 Amazon account works")


def _overlap(account: Account) -> timedelta:
    return timedelta(seconds=setting(account, "overlap_seconds", OVERLAP_SECONDS))


def _pause(account: Account) -> float:
    """The items of an order cost a call of a scarce quota, half of which is left to the live pull."""
    return float(account.settings.get("backfill_pause_seconds") or 0)


def _horizon(account: Account, at: datetime) -> datetime:
    """Nearer to now than this the platform answers no question."""
    return at.replace(microsecond=0) - timedelta(seconds=setting(account, "horizon_seconds", HORIZON_SECONDS))


CONNECTOR = Amazon()
