"""What a scanned code says: a plain one, or GS1's with item, lot, expiry and serial in it. Pure."""

from __future__ import annotations

import re
from datetime import date

import msgspec

GS = "\x1d"
CODE_MAX = 200
_FIXED = {"01": 14, "11": 6, "15": 6, "17": 6, "10": 0, "21": 0}
"""Application identifiers that are read, and the length of those that have one."""
_SPELLED = re.compile(r"\((\d{2})\)([^()]*)")


class ItemCode(msgspec.Struct, frozen=True):
    """An item as it was scanned: `text` as a barcode or SKU may be, and what else the code says of it."""

    text: str
    lot: str = ""
    serial: str = ""
    expires_on: date | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """What it may be kept as: a GTIN of 14 digits is an EAN with zeros before it."""
        short = [self.text[cut:] for cut in (1, 2) if self.text.isdigit() and len(self.text) == 14
                 and self.text.startswith("0" * cut)]  # fmt: skip
        longer = [self.text.rjust(14, "0")] if self.text.isdigit() and len(self.text) in (8, 12, 13) else []
        return tuple(dict.fromkeys((self.text, *short, *longer)))


def read_code(code: str) -> ItemCode:
    """The item that a code names; of one that is not GS1's the whole text.

    >>> read_code("(01)06901234567892(10)L7(17)271231").lot
    'L7'
    """
    plain = code.strip()
    for mark in ("]C1", "]d2", "]e0", "]Q3"):
        plain = plain.removeprefix(mark)
    parts = dict(_SPELLED.findall(plain)) if plain.startswith("(") else _parts(plain.removeprefix(GS))
    if len(parts.get("01", "")) != 14 or not parts["01"].isdigit():
        return ItemCode(plain)
    return ItemCode(parts["01"], parts.get("10", ""), parts.get("21", ""), _day(parts.get("17", "")))


def _parts(text: str) -> dict[str, str]:
    """Identifiers and values of a code without brackets; nothing when a part of it is none that is read."""
    found: dict[str, str] = {}
    rest = text
    while rest:
        size = _FIXED.get(rest[:2])
        if size is None or (size and len(rest) < 2 + size):
            return {}
        end = 2 + size if size else (rest.find(GS) if GS in rest else len(rest))
        found[rest[:2]], rest = rest[2:end], rest[end:].removeprefix(GS)
    return found


def _day(text: str) -> date | None:
    """GS1's YYMMDD, day 00 the last of the month; a century as GS1 says: the nearest within fifty years of 2026."""
    if len(text) != 6 or not text.isdigit():
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year += 1900 if year >= 77 else 2000
    if not 1 <= month <= 12:
        return None
    last = (date(year + month // 12, month % 12 + 1, 1) - date.resolution).day
    return date(year, month, day or last) if day <= last else None
