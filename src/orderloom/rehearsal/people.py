"""Who buys and where they live: names by rule, real public place names, invented streets, houses and phones."""

from __future__ import annotations

import random
from functools import cache

from orderloom.domain.divisions import Place, table
from orderloom.rehearsal import words

PEOPLE = 20_000
"""Buyers in each channel; the first ones come again and again."""
Receiver = dict[str, str]


def buyer_index(chance: random.Random) -> int:
    """Draw a buyer: a fifth of the people place most of the orders."""
    return int(PEOPLE * chance.random() ** 3)


def person(seed: int, channel: str, index: int, *, abroad: float) -> tuple[str, Receiver]:
    """The buyer's name at the channel and where parcels go: the same for the same index, however often asked.

    `abroad`: how many of the channel's buyers live abroad, 0 to 1.
    """
    chance = random.Random(f"{seed}/person/{channel}/{index}")
    lives_abroad = abroad == 1.0 or (abroad > 0.0 and chance.random() < abroad)
    receiver = _abroad(chance) if lives_abroad else _at_home(chance)
    return f"{channel[:2]}_{index:05d}", receiver


@cache
def _places() -> tuple[list[str], list[int], dict[str, list[Place]]]:
    by_province: dict[str, list[Place]] = {}
    for found in table().official.values():
        for place in found:
            if place.province in words.PROVINCE_WEIGHTS and place.district:
                by_province.setdefault(place.province, []).append(place)
    provinces = [name for name in words.PROVINCE_WEIGHTS if name in by_province]
    return provinces, [words.PROVINCE_WEIGHTS[name] for name in provinces], by_province


def _at_home(chance: random.Random) -> Receiver:
    provinces, weights, by_province = _places()
    place = chance.choice(by_province[chance.choices(provinces, weights)[0]])
    name = chance.choice(words.SURNAMES) + "".join(chance.sample(words.GIVEN, chance.choice((1, 2, 2))))
    detail = f"{chance.choice(words.ROADS)}{chance.randint(1, 999)}号{chance.choice(words.ESTATES)}"
    return {
        "name": name, "phone": f"199000{chance.randrange(100_000):05d}", "country": "CN", "province": place.province,
        "city": place.city, "district": place.district, "postcode": f"{chance.randrange(100, 860)}000",
        "detail": f"{detail}{chance.randint(1, 30)}幢{chance.randint(1, 32)}0{chance.randint(1, 4)}室",
    }  # fmt: skip


def _abroad(chance: random.Random) -> Receiver:
    country, state, city, postcode = chance.choice(words.CITIES_ABROAD)
    return {
        "name": f"{chance.choice(words.WESTERN_FIRST)} {chance.choice(words.WESTERN_LAST)}",
        "phone": f"+1 202-555-01{chance.randrange(100):02d}", "country": country, "province": state, "city": city,
        "district": "", "detail": f"{chance.randint(1, 9999)} {chance.choice(words.STREETS)}", "postcode": postcode,
    }  # fmt: skip
