"""The global order number (ING-13): channel code + day + time + salt + check character, for eye and scanner.

`TB01-261122-0K3F9QX2-7`: account code, UTC day, eight base-32 characters of the order's own random id, and a check
character (ISO 7064 MOD 37,36 over the rest), so one mistyped or two swapped characters are refused.
"""

from __future__ import annotations

from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def order_number(account_code: str, at: datetime, order_id: str) -> str:
    """Number of the order with this UUIDv7; the salt is the id's random tail, so it is unique as the id is."""
    tail = int(order_id[-12:], 16)
    salt = "".join([_ALPHABET[(tail >> shift) & 31] for shift in (35, 30, 25, 20, 15, 10, 5, 0)])
    stem = f"{account_code}-{at.year % 100:02d}{at.month:02d}{at.day:02d}-{salt}"
    return f"{stem}-{check_character(stem)}"


def check_character(stem: str) -> str:
    """ISO 7064 MOD 37,36 check character over letters and digits; other characters are passed over."""
    product = 36
    for character in stem:
        value = _CHECK.find(character)
        if value < 0:
            continue
        product = (product + value) % 36 or 36
        product = product * 2 % 37
    return _CHECK[(37 - product) % 36]


def is_order_number(text: str) -> bool:
    """Whether the check character fits."""
    stem, _, check = text.strip().upper().rpartition("-")
    return bool(stem) and check == check_character(stem)
