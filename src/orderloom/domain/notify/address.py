"""Where a recipient is reached, as it may be shown: enough to recognise, too little to misuse."""

from __future__ import annotations

import re
import unicodedata

ADDRESS_MAX = 200
_DIGITS = re.compile(r"\+?[0-9 -]{7,}")


def is_address(text: str) -> bool:
    """Whether this can be an address at all: one line of visible characters, not too long."""
    return 0 < len(text) <= ADDRESS_MAX and not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in text)


def shown(address: str) -> str:
    """`w***@example.com`, `138****1234`; of anything else the first two characters, of one alone that."""
    if len(address) == 1:
        return address
    name, at, host = address.rpartition("@")
    if at and name:
        return f"{name[:1]}***@{host}"
    if _DIGITS.fullmatch(address):
        digits = re.sub(r"\D", "", address)
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-2:]}"
    return f"{address[:2]}***"
