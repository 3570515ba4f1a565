"""Tell the world what changed: shown stock to the channels, domain events to subscribers, read models to the screens.

It reads the log and the ledger by transaction id below the oldest running transaction, so a fact that commits late is
never passed over, and writes what it found together with its own place in the log.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote
from zlib import crc32

import msgspec

from orderloom.application.change import Delivery
from orderloom.application.directory import Directory, KnownGoods, Sku
from orderloom.application.redaction import redacted
from orderloom.domain.inventory.shown import Available, Parts, filled_in_one, shown_units
from orderloom.domain.masters import HUB, master_of

FIGURES_MAX, JOINED_MAX = 20, 100
"""Figures of a push; and of one that waited, where the channel is told many in a call."""
PURGED_MAX = 30
STREAMS = 50
"""A SKU's figures always leave in the same stream of an account, so an older figure never overtakes a newer one."""


class Listing(msgspec.Struct, frozen=True):
    """A SKU as a channel lists it; one listed unit is `factor` base units."""

    account_id: int
    sku_external: str
    sku_id: int
    factor: int
    listing: dict[str, Any]


class Offered(NamedTuple):
    """What some SKUs have to offer: their units by id, and what open quotas keep of them for one account (0: for all).
    """

    units: Mapping[int, Available]
    kept: Mapping[tuple[int, int], int] = {}
    """By account, then SKU."""
    places: Mapping[int, Mapping[int, int]] = {}
    """Free units by SKU, then warehouse; given where orders may not be split, and only there."""

    def parts(self, sku: Sku, account_id: int) -> Parts:
        """What a SKU is made of, as it may be shown at an account. Where no order may be split, a bundle counts only as
        often as single warehouses can fill it; what quotas keep and unpaid orders hold of its parts may lie apart and
        does not count."""
        if not (self.kept or self.places):
            return [(self.units.get(component, NO_UNITS), quantity) for component, quantity in sku.components]
        if self.places and is_bundle(sku):
            free = [self.places.get(component, {}) for component, _ in sku.components]
            return [(Available(filled_in_one(free, [quantity for _, quantity in sku.components])), 1)]
        return [(self._at(component, account_id), quantity) for component, quantity in sku.components]

    def _at(self, sku_id: int, account_id: int) -> Available:
        units = self.units.get(sku_id, NO_UNITS)
        kept = self.kept.get((account_id, sku_id), 0) + self.kept.get((0, sku_id), 0)
        return Available(units.free, kept, units.unpaid)


NO_UNITS = Available(0)


def by_place(rows: Sequence[Sequence[Any]]) -> dict[int, dict[int, int]]:
    """Rows of SKU, warehouse, free units, as `Offered.places` has them."""
    found: dict[int, dict[int, int]] = {}
    for sku_id, house, free in rows:
        found.setdefault(sku_id, {})[house] = free
    return found


def is_bundle(sku: Sku) -> bool:
    """Whether it is made of other SKUs."""
    return sku.components != ((sku.id, 1),)


class Fact(msgspec.Struct, frozen=True):
    """An event of the log as subscribers get it."""

    order_id: str
    number: str
    seq: int
    kind: str
    at: datetime
    channel: str
    stage: str


def shown(listing: Listing, offered: Offered, directory: Directory, goods: KnownGoods) -> int:
    """What the channel is to show: the formula that holds there (`domain/inventory/shown.py`), never below 0.

    A negative figure means oversold; channels take no such number, so they are told 0, and the case is open already.
    """
    sku = goods.skus[listing.sku_id]
    if not sku.is_active:
        return 0
    account, publish = directory.accounts[listing.account_id], directory.blueprints[directory.blueprint_active].publish
    formula = publish.formula(account.connector, account.code, sku.code)
    return shown_units(formula, offered.parts(sku, account.id), listing.factor)


def stream_of(sku_external: str) -> str:
    """The stream of an account in which a listing's figures leave."""
    return f"stock:{crc32(sku_external.encode()) % STREAMS}"


def stock_deliveries(
    listings: Sequence[Listing], offered: Offered, known: Mapping[tuple[int, str], int], directory: Directory,
    goods: KnownGoods,
) -> tuple[list[Delivery], list[tuple[int, str, int]]]:
    """Deliveries of the figures that differ from what the channel was last told, and those figures."""
    streams: dict[tuple[int, str], list[dict[str, Any]]] = {}
    told: list[tuple[int, str, int]] = []
    for x in listings:
        if master_of(directory.accounts[x.account_id].settings, "stock") != HUB:
            continue
        figure = shown(x, offered, directory, goods)
        if known.get((x.account_id, x.sku_external)) == figure:
            continue
        told.append((x.account_id, x.sku_external, figure))
        streams.setdefault((x.account_id, stream_of(x.sku_external)), []).append(
            {"sku_external": x.sku_external, "quantity": figure, "listing": x.listing}
        )
    deliveries = [
        Delivery(account_id, "stock", None, stream, {"figures": figures[i:i + FIGURES_MAX]})
        for (account_id, stream), figures in sorted(streams.items())
        for i in range(0, len(figures), FIGURES_MAX)
    ]
    return deliveries, told


def joined(
    waits: Sequence[dict[str, Any]], comes: Sequence[dict[str, Any]], most: int = FIGURES_MAX,
) -> list[dict[str, Any]] | None:
    """Figures that wait in a stream and newer ones as one push: of a listing the newer alone. None: too many for it."""
    whole = {one["sku_external"]: one for one in (*waits, *comes)}
    return list(whole.values()) if len(whole) <= most else None


def purge_deliveries(
    told: Sequence[tuple[int, str, int]], directory: Directory, purgers: Collection[str], at: datetime,
) -> list[Delivery]:
    """What caches are to forget: the public addresses of these figures, to each account of a connector that can. One
    that fails holds up no other: what is cached ends by itself a few seconds later."""
    public = directory.blueprints[directory.blueprint_active].publish.public_shops
    paths = [public_path(shop, listing) for account_id, listing, _ in told
             if (shop := directory.accounts[account_id].code) in public]
    return [Delivery(account.id, "purge", None, f"purge:{at.isoformat()}:{i}", {"paths": paths[i:i + PURGED_MAX]})
            for account in directory.accounts.values() if account.is_active and account.connector in purgers
            for i in range(0, len(paths), PURGED_MAX)]


def public_path(shop: str, listing: str) -> str:
    """Where a shop front reads a figure."""
    return f"/shown/{quote(shop, safe='')}/{quote(listing, safe='')}.json"


class Listener(NamedTuple):
    """A subscriber: groups of fields that are hidden from it, and the orders that it sees of those at hand (None: all).
    """

    account_id: int
    hides: frozenset[str]
    orders: frozenset[str] | None


def event_deliveries(facts: Sequence[Fact], listeners: Sequence[Listener]) -> list[Delivery]:
    """One signed webhook per fact and subscriber that sees its order, thin: more it asks of the API, with its own
    rights."""
    return [Delivery(x.account_id, "event", f.order_id, f.order_id, redacted(told(f), x.hides) if x.hides else told(f))
            for f in facts for x in listeners if x.orders is None or f.order_id in x.orders]


def told(f: Fact) -> dict[str, Any]:
    """The fact as it is posted."""
    data = {"order_id": f.order_id, "number": f.number, "seq": f.seq, "channel": f.channel, "stage": f.stage}
    return {"type": f"order.{f.kind}", "timestamp": f.at.isoformat(), "data": data}


def grams(text: str) -> list[str]:
    """Bigrams of a search document: substring search by array index, in any language, without an extension."""
    lowered = text.lower()
    return sorted({lowered[i:i + 2] for i in range(len(lowered) - 1) if " " not in lowered[i:i + 2]})


def pairs(text: str) -> list[int]:
    """The bigrams as numbers, which take half the room; two of rare letters may share one."""
    return sorted({_pair(gram) for gram in grams(text)})


def _pair(gram: str) -> int:
    """A bigram as a number of 32 bits with a sign."""
    number = (ord(gram[0]) << 16 ^ ord(gram[1])) & 0xFFFFFFFF
    return number - (1 << 32) if number >> 31 else number


def words(text: str) -> list[str]:
    """The words of a search document, each once; none holds a blank."""
    return sorted(set(text.lower().split(" ")) - {""})
