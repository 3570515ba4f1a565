"""Waybill numbers in one spelling: a carrier, a channel and a person write the same number in different ways."""

from __future__ import annotations

import re
import unicodedata

from orderloom.domain.cleaning import says_something

UNNAMED = "?"
"""Stands before the work's number where a parcel left and its waybill is not known yet."""
_LISTED = re.compile(r"[,;，；、|\r\n]+")
"""What stands between several waybills in one text, and in none of them."""
_MAYBE_LISTED = re.compile(r"[\s/]+")
"""What stands between waybills, or groups the digits of one."""
_WHOLE = re.compile(r"(?=(?:\D*\d){6})[0-9A-Z-]{8,}")
"""Long enough to be a number of its own and no group of digits."""
_NO_NUMBER = frozenset({"NA", "-1"})
"""What programs write for no waybill, beside what everybody writes for nothing (`0`, a dash, `N/A`, 无)."""


def plain_waybill(text: str) -> str:
    """The number as every system is taken to mean it: half width, capitals, no blanks; empty for a stand-in.

    Hyphens belong to it.
    """
    plain = _folded(text)
    return plain if says_something(plain) and plain not in _NO_NUMBER else ""


def _folded(text: str) -> str:
    if text.isascii() and text.isalnum() and text.upper() == text:
        return text
    folded = unicodedata.normalize("NFKC", text).upper()
    shown = "".join([sign for sign in folded if not sign.isspace() and unicodedata.category(sign) != "Cf"])
    return unicodedata.normalize("NFKC", shown)


def same_waybill(one: str, other: str) -> bool:
    """Whether two texts are one number: parcels of before were kept as somebody had typed them."""
    return one == other or _folded(one) == _folded(other)


def waybills(text: str) -> list[str]:
    """The numbers in a text that may hold several, each plain: `sf 1234 5678` is one, `SF12345678 SF12345679` two."""
    if not text:
        return []
    found = []
    for piece in _LISTED.split(text):
        parts = [plain_waybill(part) for part in _MAYBE_LISTED.split(piece.strip())]
        are_whole = len(parts) > 1 and all(_WHOLE.fullmatch(part) for part in parts)
        found += parts if are_whole else [plain_waybill(piece)]
    return [one for one in found if one]
