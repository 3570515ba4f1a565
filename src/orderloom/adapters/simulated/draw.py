"""Numbers, tokens and shares that depend on their words alone, so that the same purchase always looks the same."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from decimal import Decimal

MASKED_PERCENT = 30
"""Share of orders whose receiver is masked when the settings do not say."""
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "IDR": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}


def number(text: str, digits: int) -> int:
    """A number of at most `digits` digits that depends on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % int(10**digits)


def long_number(text: str, digits: int) -> int:
    """A number of exactly `digits` digits, the first one 1-9."""
    low = int(10 ** (digits - 1))
    return low + number(text, digits) % (9 * low)


def token(text: str) -> str:
    """An opaque text that depends on the text alone, as a platform would write a ciphertext."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def hex_token(text: str, length: int = 32) -> str:
    """The same in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` by weight; the rounding rest goes to the lines with the largest fractions, first ones first."""
    whole = sum(weights)
    if not whole:
        return [total, *[0] * (len(weights) - 1)][: len(weights)]
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in order[: total - sum(parts)]:
        parts[n] += 1
    return parts


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def amount(minor: int, currency: str) -> str:
    """Minor units as a decimal text with the currency's own number of digits."""
    exponent = EXPONENTS.get(currency, 2)
    return str(Decimal(minor).scaleb(-exponent).quantize(Decimal(1).scaleb(-exponent)))
