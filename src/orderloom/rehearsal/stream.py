"""The stream of orders: the n-th order of a seed is always the same one, whenever and however often it is asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from orderloom.adapters.manifests import manifests
from orderloom.adapters.simulated.clock import CHINA
from orderloom.rehearsal import words
from orderloom.rehearsal.catalogue import BOX_UNITS, Assortment, Product, part_of, spell, spell_box
from orderloom.rehearsal.dirt import soil
from orderloom.rehearsal.options import Shares, WorldOptions
from orderloom.rehearsal.people import buyer_index, person
from orderloom.rehearsal.platforms import chosen

LINES_MAX = 4
TOO_MANY = 400
"""Units of something of which each warehouse has a dozen."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One order to be: `purchase` lacks its instants. Delays are seconds after placing; None: it does not happen."""

    n: int
    channel: str
    purchase: dict[str, Any]
    pay_after: float | None = 0.0
    cancel_after: float | None = None
    refund_after: float | None = None
    is_push_lost: bool = False
    is_push_doubled: bool = False
    is_forged: bool = False
    is_off_by_a_cent: bool = False
    is_garbled: bool = False
    is_sent_there: bool = False
    """The channel sends it itself."""
    is_without_receiver: bool = False
    is_ship_refused: bool = False
    is_hidden: bool = False
    is_too_many: bool = False

    def at(self, placed_at: datetime) -> dict[str, Any]:
        """The purchase as a simulator takes it, placed at an instant (whole seconds)."""
        placed = placed_at.replace(microsecond=0)
        return self.purchase | {"placed_at": placed, "paid_at": placed if self.pay_after == 0.0 else None}


class Stream:
    """Orders by number, from a seed and the catalogue."""

    def __init__(self, options: WorldOptions, catalogue: Assortment) -> None:
        self._options, self._catalogue = options, catalogue
        own = {name: part.weight for name, part in chosen(options, "channels").items()}
        self._partners = {name for name, part in chosen(options, "channels").items() if part.brings_orders}
        """Companies that order on account: paid from the start, nothing is taken back, and every parcel is welcome."""
        self._currencies = {name: part.currency or ("USD" if part.is_abroad else "CNY")
                            for name, part in chosen(options, "channels").items()}
        weights = options.weights or {name: own[name] for name in sorted(own, key=lambda name: (-own[name], name))}
        self._channels, self._weights = list(weights), list(weights.values())

    def wish(self, n: int) -> Wish:
        """The n-th order."""
        chance = random.Random(f"{self._options.seed}/order/{n}")
        channel = chance.choices(self._channels, self._weights)[0]
        shares, part = self._options.shares, part_of(channel)
        fate = random.Random(f"{self._options.seed}/fate/{n}")
        rolls = [fate.random() for _ in range(9)]
        purchase = self._purchase(n, channel, chance, is_masked=rolls[0] < shares.masked)
        if part.has_tests and rolls[1] < shares.test_order:
            purchase["test"] = True
        is_sent_there = bool(part.sent_there) and rolls[1] < shares.sent_by_channel
        purchase.update(part.sent_there if is_sent_there else {})
        wish = Wish(
            n, channel, purchase, _pay_after(fate, rolls[2], shares),
            fate.uniform(1, 25) if rolls[3] < shares.cancels else None,
            fate.uniform(2, 10) if rolls[4] < shares.asks_refund and part.asks else None,
            rolls[5] < shares.push_lost, rolls[6] < shares.push_doubled, rolls[7] < shares.forged,
            part.add_a_cent is not None and rolls[8] < shares.off_by_a_cent * 5,
            part.drop is not None and rolls[8] < shares.garbled_row, is_sent_there,
        )  # fmt: skip
        if channel in self._partners:
            wish = replace(wish, pay_after=0.0, cancel_after=None, refund_after=None)
        wish = self._planted(wish)
        return replace(wish, is_ship_refused=False) if channel in self._partners else wish

    def _planted(self, wish: Wish) -> Wish:
        """What may further be wrong with an order with which nothing is wrong yet: one thing at most."""
        shares, chance = self._options.shares, random.Random(f"{self._options.seed}/planted/{wish.n}")
        roll, kinds = chance.random(), ("no_receiver", "ship_refused", "hidden", "too_many")
        if not any(getattr(shares, kind) for kind in kinds) or not self._is_plain(wish):
            return wish
        for kind in kinds:
            if (roll := roll - getattr(shares, kind)) < 0:
                return self._with(wish, kind)
        return wish

    def _is_plain(self, wish: Wish) -> bool:
        bought = wish.purchase
        is_odd = bought.get("test") or wish.is_sent_there or bought["is_masked"]
        is_known = not any(line["sku"] in self._catalogue.unknown[wish.channel] for line in bought["lines"])
        return is_known and not is_odd and wish.pay_after == 0.0 and not (
            wish.cancel_after or wish.refund_after or wish.is_off_by_a_cent or wish.is_garbled)

    def _with(self, wish: Wish, kind: str) -> Wish:
        bought = dict(wish.purchase)
        if kind == "no_receiver":
            bought["receiver"] = bought["receiver"] | {"phone": "", "detail": ""}
            return replace(wish, purchase=bought, is_without_receiver=True)
        if kind == "too_many" and self._catalogue.tight:
            product = self._catalogue.by_code[min(self._catalogue.tight)]
            line = {"sku": spell(product, wish.channel), "title": product.name_en, "price": product.price,
                    "quantity": TOO_MANY, "discount": 0}
            return replace(wish, purchase=bought | {"lines": [line], "discount": 0, "tax": 0}, is_too_many=True)
        return replace(wish, is_ship_refused=kind == "ship_refused", is_hidden=kind == "hidden")

    def _purchase(self, n: int, channel: str, chance: random.Random, *, is_masked: bool) -> dict[str, Any]:
        shares = self._options.shares
        buyer, receiver = person(self._options.seed, channel, buyer_index(chance), abroad=part_of(channel).abroad)
        lines = self._lines(n, channel, chance)
        goods = sum(line["price"] * line["quantity"] - line["discount"] for line in lines)
        is_promoted = chance.random() < 0.25
        return {
            "external_id": external_id(channel, n, is_masked=is_masked), "is_masked": is_masked,
            "buyer": buyer, "note": chance.choice(words.NOTES), "receiver": soil(receiver, chance, shares),
            "currency": self._currencies[channel], "lines": lines,
            "freight": chance.choice((0, 0, 600, 1_000)),
            "discount": goods // chance.choice((7, 9, 11, 23)) if is_promoted else 0,
            "tax": goods * part_of(channel).tax_percent // 100,
        }  # fmt: skip

    def _lines(self, n: int, channel: str, chance: random.Random) -> list[dict[str, Any]]:
        count = min(1 + int(chance.expovariate(1.6)), LINES_MAX)
        products = self._catalogue.products
        chosen: dict[str, dict[str, Any]] = {}
        for _ in range(count):
            product = products[int(len(products) * chance.random() ** 2.2)]
            line = self._line(product, channel, chance)
            chosen[line["sku"]] = line
        unknown = list(self._catalogue.unknown[channel].values())
        if unknown and chance.random() < self._options.shares.unknown_spelling:
            spelling = unknown[n % len(unknown)]
            product = self._catalogue.by_code[spelling.code]
            chosen = {spelling.text: self._line(product, channel, chance) | {"sku": spelling.text}}
        return list(chosen.values())

    def _line(self, product: Product, channel: str, chance: random.Random) -> dict[str, Any]:
        is_abroad = part_of(channel).is_abroad
        is_box = product.is_boxed and chance.random() < 0.1
        price = product.price_abroad if is_abroad else product.price
        price *= BOX_UNITS if is_box else 1
        quantity = 1 if is_box else chance.choice((1, 1, 1, 1, 2, 2, 3))
        is_cheaper = chance.random() < 0.3
        return {
            "sku": spell_box(product, channel) if is_box else spell(product, channel),
            "title": product.name_en if is_abroad else product.name_zh, "quantity": quantity, "price": price,
            "discount": price * quantity // chance.choice((10, 20, 15)) if is_cheaper else 0,
        }  # fmt: skip


def external_id(channel: str, n: int, *, is_masked: bool = False) -> str:
    """The id of the n-th order at its channel."""
    made, part = _maker(channel), part_of(channel)
    ids = (made(n * part.ids_per_order + extra) for extra in range(part.ids_per_order))
    return next(id for id in ids if part.masks is None or part.masks(id) is is_masked)


def number_of(channel: str, external_id: str) -> int | None:
    """The order's number n, None for an id that this world never gave."""
    if not any(c.isdigit() for c in external_id):
        return None
    first, second = (_digits(made_at(channel, n)) for n in (0, 1))
    n = (_digits(external_id) - first) // (second - first)
    return n if n >= 0 else None


def made_at(channel: str, n: int) -> str:
    """The first id that stands ready for the n-th order."""
    return _maker(channel)(n * part_of(channel).ids_per_order)


@cache
def _maker(channel: str) -> Callable[[int], str]:
    """How a channel's simulator makes the n-th id; its digits go up evenly."""
    family = manifests()[channel].family
    module = import_module(f"orderloom.adapters.{family}.{channel}.simulator")
    made: Callable[[int], str] = module.external_id
    return made


def _digits(text: str) -> int:
    return int("".join(c for c in text if c.isdigit()))


def _pay_after(fate: random.Random, roll: float, shares: Shares) -> float | None:
    delay = fate.uniform(2, 20)
    if roll < shares.never_pays:
        return None
    return delay if roll < shares.never_pays + shares.pays_later else 0.0


def pauses(options: WorldOptions, chance: random.Random, at: datetime) -> float:
    """Seconds until the next order, by chance and, unless `is_flat`, by the hour of the day in China."""
    weight = 100 if options.is_flat else words.HOUR_WEIGHTS[at.astimezone(CHINA).hour]
    return chance.expovariate(options.orders_per_minute * weight / 6_000)


def whole_seconds(seconds: float) -> timedelta:
    """A delay as a span of whole seconds, at least one: platforms tell time to the second."""
    return timedelta(seconds=max(1, round(seconds)))
