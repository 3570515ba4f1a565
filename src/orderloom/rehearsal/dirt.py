"""What real data look like: odd characters, full-width digits, addresses in one piece or without end."""

from __future__ import annotations

import random

from orderloom.rehearsal import words
from orderloom.rehearsal.options import Shares

LONG_DETAIL = 320
"""Beyond what a warehouse takes (255): it must be refused with the reason, never cut."""


def soil(receiver: dict[str, str], chance: random.Random, shares: Shares) -> dict[str, str]:
    """The receiver as this buyer happened to type it this time; every draw is made, so one share moves no other."""
    typed = dict(receiver)
    is_odd, is_wide, is_whole, is_long = (
        chance.random() < share
        for share in (shares.odd_characters, shares.full_width, shares.address_in_one_piece, shares.long_address)
    )
    name = chance.choice(words.ODD_NAMES)
    if is_odd:
        typed["name"] = name
    if is_wide:
        typed["phone"] = _wide(typed["phone"])
        typed["detail"] = f"　{_wide(typed['detail'])} "
    if is_whole and typed["country"] == "CN":
        typed["detail"] = typed["province"] + typed["city"] + typed["district"] + typed["detail"]
        typed |= {"province": "", "city": "", "district": ""}
    if is_long:
        typed["detail"] = (typed["detail"] + "，靠近地铁口，送到前请先打电话，" * 20)[:LONG_DETAIL]
    return typed


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)
