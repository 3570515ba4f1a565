"""The goods of the rehearsed seller: codes, names, units, bundles, and how every channel spells them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from orderloom.adapters.rehearsed import WorldPart, parts
from orderloom.adapters.rehearsed_by_declaration import every
from orderloom.rehearsal.words import CATEGORIES, COLOURS, SIZES, STYLES

BOX_UNITS = 12
BUNDLE_EVERY = 33
"""About three of a hundred SKUs are bundles."""
BOXED_EVERY = 10
UNKNOWN_PER_CHANNEL = 5
CARELESS = 3
TIGHT_SKUS = 5
"""SKUs of which there is so little that they run short."""


@dataclass(frozen=True, slots=True)
class Product:
    """A SKU. `components` is empty unless it is a bundle; `price` is fen, `price_abroad` US cents."""

    number: int
    code: str
    name_zh: str
    name_en: str
    price: int
    price_abroad: int
    components: tuple[tuple[str, int], ...] = ()
    is_boxed: bool = False


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a channel calls a SKU; one unit of it is `factor` base units."""

    code: str
    text: str
    factor: int = 1


class Assortment:
    """All products, and the spellings that the hub knows (`known`) or has yet to learn (`unknown`), by channel."""

    def __init__(self, seed: int, count: int, channels: Sequence[str] = ()) -> None:
        self.products: list[Product] = []
        self.by_code: dict[str, Product] = {}
        for number in range(count):
            product = self._product(seed, number)
            self.products.append(product)
            self.by_code[product.code] = product
        chance = random.Random(f"{seed}/catalogue")
        singles = [product for product in self.products if not product.components]
        self.tight = frozenset(p.code for p in chance.sample(singles[len(singles) // 2 :], min(TIGHT_SKUS, count // 4)))
        everywhere = dict.fromkeys((*parts("channels"), *channels))
        self.known = {channel: self._known(channel) for channel in everywhere}
        self.unknown = {channel: self._unknown(seed, channel) for channel in everywhere}
        self.by_text = {channel: {one.text: one.code for one in known} for channel, known in self.known.items()}
        """What the hub knows each spelling of a channel to be."""
        self.careless = singles[min(CARELESS, len(singles) - 1)].code
        """Of which somebody may have forgotten the HS code: one that many buy."""

    def _product(self, seed: int, number: int) -> Product:
        chance = random.Random(f"{seed}/sku/{number}")
        if number % BUNDLE_EVERY == BUNDLE_EVERY - 1:
            return self._bundle(chance, number)
        letter, zh, en, base = CATEGORIES[number % len(CATEGORIES)]
        (style_zh, style_en), (colour_zh, colour_en) = chance.choice(STYLES), chance.choice(COLOURS)
        size_zh, size_en = chance.choice(SIZES)
        price = base + chance.randrange(0, base, 100)
        return Product(
            number, f"{letter}-{number // len(CATEGORIES) + 1:03d}", f"{style_zh}{zh} {colour_zh} {size_zh}",
            f"{style_en} {en}, {colour_en}, {size_en}", price, price // 6 + 99, (), number % BOXED_EVERY == 0,
        )  # fmt: skip

    def _bundle(self, chance: random.Random, number: int) -> Product:
        singles = [product for product in self.products if not product.components]
        parts = chance.sample(singles, 2)
        components = ((parts[0].code, chance.choice((1, 1, 2))), (parts[1].code, 1))
        price = sum(self.by_code[code].price * units for code, units in components) * 9 // 10
        return Product(
            number, f"SET-{number // BUNDLE_EVERY + 1:03d}", f"组合装：{parts[0].name_zh}＋{parts[1].name_zh}",
            f"Set: {parts[0].name_en} + {parts[1].name_en}", price, price // 6 + 99, components,
        )  # fmt: skip

    def _known(self, channel: str) -> list[Spelling]:
        found = [Spelling(product.code, spell(product, channel)) for product in self.products]
        boxed = [product for product in self.products if product.is_boxed]
        return found + [Spelling(product.code, spell_box(product, channel), BOX_UNITS) for product in boxed]

    def _unknown(self, seed: int, channel: str) -> dict[str, Spelling]:
        """Drawn for each channel apart, so that a seed gives it the same ones whoever else there is."""
        chance = random.Random(f"{seed}/unknown/{channel}")
        chosen = chance.sample(self.products, min(UNKNOWN_PER_CHANNEL, len(self.products)))
        found = [Spelling(product.code, f"{product.code}/2026-{channel[:2].upper()}") for product in chosen]
        return {spelling.text: spelling for spelling in found}

    def stock_of(self, product: Product, opening: int) -> int:
        """Opening stock in one warehouse; a bundle has none of its own."""
        if product.components:
            return 0
        return 12 if product.code in self.tight else opening


def part_of(channel: str) -> WorldPart:
    """What the channel's folder says of its part, whether it is in this world or not."""
    return every("channels")[channel]


def spell(product: Product, channel: str) -> str:
    """A channel's usual spelling: M-001 may be MO-001, m-001, or full-width."""
    return part_of(channel).spell(product.code, product.number)


def spell_box(product: Product, channel: str) -> str:
    """How a channel calls a box of twelve."""
    return f"{spell(product, channel)}-{'BOX' if part_of(channel).is_abroad else '箱'}"
