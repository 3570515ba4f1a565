"""Whole numbers as people write them in tables: `1,000`, `１２`, `40.0`; what is no whole number is not guessed at."""

from __future__ import annotations

import re
import unicodedata

UNITS_MAX = 1_000_000_000
"""More than this of one SKU in one row is a mistake."""
_WHOLE = re.compile(r"([+-]?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0*)?")


def whole_number(text: str) -> int | None:
    """The number, None when the text is none; thousands may be set apart by commas in threes."""
    found = _WHOLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or len(found[2]) > 15:
        return None
    value = int(found[2].replace(",", ""))
    return -value if found[1] == "-" else value
