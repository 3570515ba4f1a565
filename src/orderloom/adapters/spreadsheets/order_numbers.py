"""Reads an order number out of a cell and tells when a spreadsheet program has destroyed it."""

from __future__ import annotations

import re
from collections.abc import Iterable

FORMULA = re.compile(r'^="?([^"]*)"?$')
BETWEEN = re.compile(r"[\s,;，；、|/+&]+")
LONG = re.compile(r"\d{10,}")
SCIENTIFIC = re.compile(r"^\d+(\.\d+)?[eE]\+?\d+$")
EXACT_DIGITS = 15
ZEROS_TO_BE_SURE = 3
"""Zeros beyond the 15th digit, over all long numbers of a file, before chance (1 in 1,000) is ruled out."""


def order_no(cell: str) -> str:
    """The number without what exports wrap it in to keep it a text: `="…"`, a leading `'` or tab, a trailing `.0`."""
    text = cell.strip().lstrip("'`").strip()
    formula = FORMULA.match(text)
    if formula:
        text = formula[1].strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def is_damaged(number: str) -> bool:
    """True for `1.23457E+18`: the digits are gone, several orders may now look like one."""
    return bool(SCIENTIFIC.match(number))


def is_merged(number: str) -> bool:
    """True for two long numbers in one cell: a seller's tool put the orders of one buyer into one parcel."""
    parts = BETWEEN.split(number)
    return len(parts) > 1 and all(LONG.fullmatch(part) for part in parts)


def are_rounded(numbers: Iterable[str]) -> bool:
    """True when every long number of a file ends in zeros from the 16th digit on: a spreadsheet rounded them all."""
    tails = [number[EXACT_DIGITS:] for number in numbers if number.isdigit() and len(number) > EXACT_DIGITS]
    return sum(map(len, tails)) >= ZEROS_TO_BE_SURE and not any(tail.strip("0") for tail in tails)
