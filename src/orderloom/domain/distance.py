"""How far two places are from each other on the road: the great circle times 1.3, in whole kilometres.

Whole numbers only: sines are scaled by 10^9 and come from the series. A city that has no place of its own stands where
the capital of its province does.
"""

from __future__ import annotations

from functools import cache, lru_cache
from math import isqrt

from orderloom.domain.address import normalise_province
from orderloom.domain.divisions import Place, codes, spots, table

ONE = 10**9
"""The scale of sines and of hundredths of a degree in radians."""
HUNDREDTH = 174_533
"""A hundredth of a degree in radians, scaled: pi / 18,000."""
RIGHT = 9_000
DIAMETER_KM = 12_742
ROAD_PERCENT = 130
"""Roads are so much of the straight line: what routing engines find between cities of China, in the middle."""


@lru_cache(maxsize=65_536)
def road_km(province: str, city: str, other_province: str, other_city: str) -> int | None:
    """Kilometres between two cities; None when a province is not known. A pair is worked out once (20 us), then known.

    >>> road_km("浙江省", "杭州市", "上海市", "上海市")
    210
    """
    one, other = _spot(province, city), _spot(other_province, other_city)
    if one is None or other is None:
        return None
    return _great_circle(one, other) * ROAD_PERCENT // 100


@lru_cache(maxsize=8192)
def division_code(province: str, city: str) -> str:
    """The code of a city, else of its province; "" when neither is known. A longer code is the closer place."""
    known, name = codes(), _province(province)
    return known.get(Place(name, city)) or known.get(Place(name), "")


@lru_cache(maxsize=4096)
def _province(text: str) -> str:
    return text if text in table().provinces else normalise_province(text)


def _spot(province: str, city: str) -> tuple[int, int] | None:
    if (found := spots().get(division_code(province, city))) is not None:
        return found
    capital = table().provinces.get(_province(province))
    return (capital.latitude, capital.longitude) if capital else None


def _great_circle(one: tuple[int, int], other: tuple[int, int]) -> int:
    """By the haversine formula: half the chord between both on a sphere of one, and from it the arc."""
    north, east = _sine(abs(one[0] - other[0]) // 2), _sine(abs(one[1] - other[1]) // 2)
    across = _sine(RIGHT - abs(one[0])) * _sine(RIGHT - abs(other[0])) // ONE
    half = isqrt(north * north + across * east // ONE * east)
    third = half * half // ONE * half // ONE
    fifth = half * half // ONE * third // ONE
    return DIAMETER_KM * (half + third // 6 + fifth * 3 // 40) // ONE  # the series of arcsine


@cache
def _sine(hundredths: int) -> int:
    """Sine of an angle of at most 90 degrees, scaled; off by less than 10^-8."""
    angle = hundredths * HUNDREDTH
    term = total = angle
    for n in (2, 4, 6, 8, 10, 12):
        term = -term * angle // ONE * angle // ONE // (n * (n + 1))
        total += term
    return total
