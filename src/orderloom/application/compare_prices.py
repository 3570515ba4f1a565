"""Ask carriers what a box would cost, side by side: a read, by regions and weight, that stores nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx2
import msgspec

from orderloom.application.ask_pickup import kilograms
from orderloom.application.buy_label import LabelWish
from orderloom.application.masking import ReceiverView
from orderloom.application.ports import Account, Quotes, Trouble, able
from orderloom.application.sources.hub import OutwardHub
from orderloom.domain.carriers import kept_as
from orderloom.domain.refusal import Refusal

REGION = ("country", "province", "city", "district")
SECONDS_MAX = 20.0
"""How long a carrier has for its answer."""


class Price(msgspec.Struct, frozen=True):
    """What an account's carrier asks: `amount` in minor units of `currency`; null where it named none, and why."""

    account: str
    carrier: str
    product: str
    title: str
    amount: int | None
    currency: str
    arrives: str
    error: str = ""


class PriceList(msgspec.Struct, frozen=True):
    """The offers, the cheapest first; carriers that named no price stand last."""

    prices: list[Price]


async def compare_prices(hub: OutwardHub, wish: LabelWish, receiver: ReceiverView) -> PriceList | Refusal:
    """Ask every account that names prices, or the one that is meant."""
    can = able(hub.manifests, "quote")
    accounts = [a for a in (await hub.directory()).accounts.values() if a.connector in can and a.is_active]
    asked = [a for a in accounts if not wish.account or a.code == wish.account]
    if not asked:
        known = ", ".join([a.code for a in accounts])
        return Refusal("no_quote_account", {"account": wish.account or "?", "known": known or "-"})
    found = await asyncio.gather(*[_offers(hub, account, wish, receiver) for account in asked])
    prices = [price for some in found for price in some]
    return PriceList(sorted(prices, key=lambda one: (one.amount is None, one.currency, one.amount or 0)))


async def _offers(hub: OutwardHub, account: Account, wish: LabelWish, receiver: ReceiverView) -> Sequence[Price]:
    connector, carried = hub.connectors[account.connector], hub.manifests[account.connector].carriers
    assert isinstance(connector, Quotes)
    carrier = carried[0] if len(carried) == 1 else kept_as(wish.carrier)
    parcel = {"carrier": carrier, "product": wish.product, "weight_g": wish.weight_g,
              "weight_kg": kilograms(wish.weight_g), **_ends(account, wish.purpose, receiver)}
    try:
        async with asyncio.timeout(SECONDS_MAX):
            offers = await connector.quote(parcel, account, hub.outside.client(account))
    except Trouble as trouble:
        return [Price(account.code, carrier, "", "", None, "", "", f"{trouble.code}: {trouble.message}"[:500])]
    except (httpx2.HTTPError, OSError) as error:
        return [Price(account.code, carrier, "", "", None, "", "", f"unreachable: {type(error).__name__}")]
    return [Price(account.code, carrier, x.product, x.title, x.amount, x.currency, x.arrives) for x in offers] or [
        Price(account.code, carrier, "", "", None, "", "", "no_price: 没有报价 / no price was named")]


def _ends(account: Account, purpose: str, receiver: ReceiverView) -> dict[str, dict[str, Any]]:
    """Both ends by region alone; back, the other way."""
    ours = {part: str(account.settings.get(f"sender_{part}") or "") for part in REGION}
    theirs = {part: str(getattr(receiver, part)) for part in REGION}
    ours["country"] = ours["country"] or "CN"
    return {"sender": theirs, "receiver": ours} if purpose == "back" else {"sender": ours, "receiver": theirs}
