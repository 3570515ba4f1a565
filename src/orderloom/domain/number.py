"""The global order number (ING-13): channel code + day + time + salt + check character, for eye and scanner.

`TB01-261122-0K3F9QX2-7`: account code, UTC day, eight base-32 characters of the order's own random id, and a check
character (ISO 7064 MOD 37,36 over the rest): one mistyped character is always refused, two swapped ones almost always.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from hashlib import md5
from uuid import UUID

_FORM = re.compile(r"[A-Z0-9]{2,12}-[0-9A-Z]{6}-[0-9A-Z]{8}-[0-9A-Z]")
_OURS = re.compile(rf"({_FORM.pattern})(?:-[0-9]{{1,3}})?")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(_CHECK)}


def order_number(account_code: str, at: datetime, order_id: str) -> str:
    """Number of the order with this UUIDv7; the salt is the id's random tail, so it is unique as the id is."""
    tail = int(order_id[-12:], 16)
    salt = "".join([_ALPHABET[(tail >> shift) & 31] for shift in (35, 30, 25, 20, 15, 10, 5, 0)])
    stem, product = _stem(account_code, at.date())
    return f"{stem}{salt}-{_check(salt, product)}"


def check_character(stem: str) -> str:
    """ISO 7064 MOD 37,36 check character over letters and digits; other characters are passed over."""
    return _check(stem, 36)


@lru_cache(maxsize=256)
def _stem(account_code: str, day: date) -> tuple[str, int]:
    """The part that all orders of an account and day share, with the check's product so far."""
    stem = f"{account_code}-{day.year % 100:02d}{day.month:02d}{day.day:02d}-"
    return stem, _product(stem, 36)


def _check(text: str, product: int) -> str:
    return _CHECK[(37 - _product(text, product)) % 36]


def _product(text: str, product: int) -> int:
    for character in text:
        value = _VALUES.get(character)
        if value is not None:
            product = ((product + value) % 36 or 36) * 2 % 37
    return product


def is_order_number(text: str) -> bool:
    """Whether the check character fits."""
    stem, _, check = text.strip().upper().rpartition("-")
    return bool(stem) and check == check_character(stem)


def is_mistyped(text: str) -> bool:
    """Whether it has the form of an order number and cannot be one: a character was read or typed wrongly."""
    return _FORM.fullmatch(text.strip().upper()) is not None and not is_order_number(text)


def order_number_in(text: str) -> str:
    """The order's number in one of ours: an order's, or that of work for it (`…-2`). Empty for any other text."""
    return found[1] if "-" in text and (found := _OURS.fullmatch(text)) and is_order_number(found[1]) else ""


def uuid_of(text: str) -> str:
    """The same id for the same text, in every process."""
    return str(UUID(md5(text.encode(), usedforsecurity=False).hexdigest()))
