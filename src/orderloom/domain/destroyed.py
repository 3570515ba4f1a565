"""Numbers that a spreadsheet destroyed: what they were cannot be told any more, and different ones look alike."""

from __future__ import annotations

import re

_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+\d{2}")


def is_destroyed(number: str) -> bool:
    """True for `6.90123E+12`, Excel's form of a long number; not for codes such as `1E5`."""
    return _SCIENTIFIC.fullmatch(number) is not None
