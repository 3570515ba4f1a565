"""How like a SKU is to what a channel's line says, and for which reasons: what a person would look at, in one order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

import msgspec

from orderloom.domain.codes import folded

SURE = 80
"""A candidate from here on is proposed."""
LIKE_MIN = 60
"""Percent of a title or spelling below which it is told as no reason."""
_PLAIN = re.compile(r"[\W_]+")


class Sought(msgspec.Struct, frozen=True):
    """What a line says of its goods. `price` in minor units of `currency`; empty and None: it does not say."""

    spelling: str
    title: str = ""
    barcode: str = ""
    price: int | None = None
    currency: str = ""


class KnownSku(msgspec.Struct, frozen=True):
    """A SKU that may be meant: its barcodes, the spellings that it has elsewhere, and what it was sold for last."""

    code: str
    name: str
    barcodes: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    price: int | None = None
    currency: str = ""


class Likeness(msgspec.Struct, frozen=True):
    """A reason for or against. `code`: barcode, known, code, title, spelling, price; `is_same` is for, else against;
    `percent` how like, where that is a matter of degree."""

    code: str
    is_same: bool
    percent: int = 100
    told: str = ""


class RankedSku(msgspec.Struct, frozen=True):
    """A candidate with its reasons; `score` from 0 to 100."""

    sku: KnownSku
    score: int
    reasons: list[Likeness]


def ranked(wanted: Sought, known: Iterable[KnownSku]) -> list[RankedSku]:
    """The candidates, the most like first."""
    found = [_rank(wanted, sku) for sku in known]
    return sorted(found, key=lambda one: (-one.score, one.sku.code))


def _rank(wanted: Sought, sku: KnownSku) -> RankedSku:
    reasons = [*_barcode(wanted, sku), *_spelling(wanted, sku), *_title(wanted, sku), *_price(wanted, sku)]
    by = {reason.code: reason for reason in reasons}
    certain = [98 for code in ("barcode", "known", "code") if code in by and by[code].is_same]
    like = max([by[code].percent for code in ("title", "spelling") if code in by], default=0) * 85 // 100
    score = max([*certain, like])
    if "price" in by:
        score += 2 if by["price"].is_same else -5
    if "barcode" in by and not by["barcode"].is_same:
        score -= 20
    return RankedSku(sku, max(0, min(100, score)), reasons)


def _barcode(wanted: Sought, sku: KnownSku) -> list[Likeness]:
    if not wanted.barcode or not sku.barcodes:
        return []
    is_same = wanted.barcode in sku.barcodes
    return [Likeness("barcode", is_same, 100 if is_same else 0, wanted.barcode if is_same else sku.barcodes[0])]


def _spelling(wanted: Sought, sku: KnownSku) -> list[Likeness]:
    plain = folded(wanted.spelling)
    if plain in {folded(one) for one in sku.spellings}:
        return [Likeness("known", True, 100, wanted.spelling)]
    if _bare(plain) == _bare(folded(sku.code)):
        return [Likeness("code", True, 100, sku.code)]
    percent = _percent(plain, folded(sku.code))
    return [Likeness("spelling", True, percent, sku.code)] if percent >= LIKE_MIN else []


def _title(wanted: Sought, sku: KnownSku) -> list[Likeness]:
    percent = _percent(_bare(folded(wanted.title)), _bare(folded(sku.name))) if wanted.title and sku.name else 0
    return [Likeness("title", True, percent, sku.name)] if percent >= LIKE_MIN else []


def _price(wanted: Sought, sku: KnownSku) -> list[Likeness]:
    if wanted.price is None or sku.price is None or wanted.currency != sku.currency:
        return []
    return [Likeness("price", wanted.price == sku.price, 100, "")]


def _bare(text: str) -> str:
    return _PLAIN.sub("", text)


def _percent(one: str, other: str) -> int:
    return round(SequenceMatcher(None, one, other, autojunk=False).ratio() * 100) if one and other else 0
