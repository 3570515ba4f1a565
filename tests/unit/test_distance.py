"""The nearest warehouse is the nearest: inside a wide province, too, and by the road."""

from __future__ import annotations

import math

import pytest

from orderloom.domain.distance import _great_circle, division_code, road_km
from orderloom.domain.divisions import codes, spots


@pytest.mark.parametrize(("one", "other", "least", "most"), [
    (("浙江省", "杭州市"), ("上海市", "上海市"), 190, 240),
    (("新疆维吾尔自治区", "喀什地区"), ("新疆维吾尔自治区", "乌鲁木齐市"), 1300, 1500),
    (("浙江", ""), ("Xinjiang", ""), 4000, 4600),
    (("北京", "北京市"), ("北京市", ""), 0, 0),
    (("广东省", "深圳市"), ("广东省", "广州市"), 110, 150),
])
def test_a_distance_is_what_a_lorry_drives(one: tuple[str, str], other: tuple[str, str], least: int, most: int) -> None:
    found = road_km(*one, *other)
    assert found is not None and least <= found <= most
    assert road_km(*other, *one) == found


def test_a_place_that_nobody_knows_is_at_no_distance() -> None:
    assert road_km("浙江省", "杭州市", "Ontario", "") is None
    capital = road_km("浙江省", "杭州市", "浙江省", "没有的市")
    assert capital is not None and capital < 5 and capital == road_km("浙江省", "", "浙江省", "杭州市")


def test_whole_numbers_are_as_good_as_floats_for_ranking() -> None:
    places = list(spots().values())
    for one, other in zip(places, places[7:], strict=False):
        (a, b), (c, d) = ([math.radians(part / 100) for part in place] for place in (one, other))
        half = math.sin((a - c) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((b - d) / 2) ** 2
        assert abs(_great_circle(one, other) - 12_742 * math.asin(math.sqrt(half))) < 4


def test_a_division_is_known_by_its_code() -> None:
    assert division_code("浙江省", "杭州市") == "3301"
    assert division_code("河南省", "济源市") == "419001"
    assert division_code("上海市", "上海市") == "31"
    assert division_code("浙江省", "没有的市") == "33"
    assert division_code("Ontario", "Toronto") == ""
    assert len(codes()) == len(set(codes()))
