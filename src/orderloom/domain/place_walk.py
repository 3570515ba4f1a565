"""The walk along an address: names of divisions taken off its front, each narrowing the place that was found so far."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from orderloom.domain.divisions import KINDS, Names, Place, table

SEPARATORS = " \t\u3000,，、/|;；-－—·\r\n"
_BETWEEN = frozenset(SEPARATORS + "[]【】()（）<>《》\"“”'‘’:：.。_+")
_STEPS_MAX = 12
_STREET = re.compile(
    r"[东西南北中一二三四五六七八九十环内外新老前后]{0,2}(路|街|道|大道|大街|巷|弄|里|村|胡同|花园|小区|大厦|广场|公寓|国际|大酒店)"
)
"""What makes a street or a house of the name before it, as in 北京西路."""
_OTHER_NAME = re.compile("[门寺桥湖山湾站口庙塔庄坊边宫岭岛场城镇乡]|大学|文化|国际|机场|医院|中学")
"""Signs that make another name of a short one: 朝阳门, 静安寺, 西湖文化广场, 南山大学."""
_AFTER_SHORT = re.compile(
    r"(?!新区|新城|开发|高新|经济|经开|工业|产业)[^\s,，0-9]{1,7}?(街道|镇|乡|路|街|大道|巷|弄|村|社区|胡同|号)"
)
_BENT_NEXT = frozenset("场花中心民政郊区城长")
_FILLER = re.compile(
    r"((省|自治区)?直辖(县级)?(行政)?(区划|单位|县)?|市辖区|其[它他](区|县|市)?|县(?=[^县]{1,12}县)|城区(?=[^城]{1,6}[区县市]))"
)
"""Words of the statistics office and of platforms that stand where a city or district would, and mean none."""
_ZONE_KINDS = (
    (re.compile(r"高新(技术)?(产业)?(开发)?(园)?区|高技术产业开发区"), "高新|高技术", "高新区"),
    (re.compile(r"经济?技术开发区|经济开发区|技术开发区|经开区"), "(?<!高新)(?<!高新技术)(?<!高新技术产业)开发区",
     "经济技术开发区"),
    (re.compile(r"开发区"), "(?<!技术产业)开发区", "开发区"),
    (re.compile(r"工业园区?"), "工业园区", ""),
)
"""A zone as people write it, what its name in the table holds, and the name of one that is not in the table."""


class Walked(NamedTuple):
    """`place` after the names up to `end`. `rivals`: the places among which the next name does not decide."""

    place: Place
    end: int
    is_sure: bool
    rivals: tuple[Place, ...] = ()


def walk(text: str, at: int, place: Place = Place("")) -> Walked:
    """Follow the names from `at` on. Sure: a district, or a city that has none, was reached without a doubt."""
    sure_to = at
    for _ in range(_STEPS_MAX):
        start = skip(text, at)
        filler = _FILLER.match(text, start) if place.province and not place.district else None
        start = skip(text, filler.end()) if filler else start
        found, end = _next(text, start, place)
        if not found and place.city and not place.district and text[start - 1 : start] == "市":
            found, end = _next(text, start - 1, place)  # 青岛市南区 is the 市南区 of 青岛
        if not found:
            break
        if len(found) > 1:
            return Walked(place, start, False, found)
        # Behind a district a region is said twice only when its district comes again: not in 杨浦区上海市第一中学.
        if not place.district or _names_district(text[start:end], place):
            sure_to = end
        place, at = found[0], end
    if place.district:
        return _below(text, place, sure_to)
    city = Place(place.province, place.province) if place.province.endswith("市") else place
    zone = _zone(text, start, city) if city.city else None
    if zone:
        return Walked(*zone, True)
    return Walked(place, start, place in table().bare_cities)


def _below(text: str, place: Place, end: int) -> Walked:
    """The county of a zone that lies over several (雄安新区容城县), else the place as it is."""
    if place in table().overlaid:
        start = skip(text, end)
        found, behind = _next(text, start, Place(place.province, place.city))
        if len(found) == 1 and found[0].district and text[behind - 1] in KINDS:
            return Walked(found[0], behind, True)
    return Walked(place, end, True)


def _names_district(word: str, place: Place) -> bool:
    known = table()
    return any(place in names.get(word, ()) for names in (known.official, known.everyday))


def skip(text: str, at: int) -> int:
    """The first place at or behind `at` that is no separator or bracket."""
    size = len(text)
    while at < size and text[at] in _BETWEEN:
        at += 1
    return at


def _next(text: str, at: int, place: Place) -> tuple[tuple[Place, ...], int]:
    """The longest name at `at` that lies inside `place`, or says it again; the larger division of equal names."""
    known = table()
    for size in _sizes().get(text[at : at + 2], ()):
        end = at + size
        if end > len(text):
            continue
        word = text[at:end]
        found = (
            _named(known.official, word, text, end, place)
            or _named(known.everyday, word, text, end, place)
            or _bent(word, text, end, place)
            or _short(word, text, end, place)
        )
        if found:
            return found, end
    return (), at


def _named(names: Names, word: str, text: str, end: int, place: Place) -> tuple[Place, ...]:
    places = names.get(word)
    if not places or (word[-1] not in KINDS and _STREET.match(text, end)):
        return ()
    return _inside(places, place, place not in places or _can_repeat(text, end, place))


def _bent(word: str, text: str, end: int, place: Place) -> tuple[Place, ...]:
    if word[-1] not in "区县市" or (word[-1] == "市" and not place.city) or text[end : end + 1] in _BENT_NEXT:
        return ()
    return _inside(table().bent.get(word, ()), place, False)


def _short(word: str, text: str, end: int, place: Place) -> tuple[Place, ...]:
    """Names without 省, 市, 区: not where a street is named after the place, as in 北京西路."""
    places = table().short.get(word)
    if not places and word[-1] in "州盟市":
        places = tuple(p for p in table().short.get(word[:-1], ()) if not p.district)
    if not places or place.district or (_STREET.match(text, end) and not _is_before_district(places, text, end)):
        return ()
    is_end = end == len(text) or text[end] in _BETWEEN
    if not place.city:
        found = _inside(places, place, True)
        if found and not found[0].district:
            is_other = not is_end and text[end] in "门湾桥" and not _is_before_district(places, text, end)
            return () if is_other else found
    # A county's short name is believed as a word of its own, or when a town or street follows.
    is_in_city = place.city or place.province.endswith("市")
    if not place.province or not (is_end or (is_in_city and _is_before_street(text, end))):
        return ()
    return _inside(places, place, False)


def _is_before_district(places: tuple[Place, ...], text: str, end: int) -> bool:
    """路桥区, 道里区 and 湾沚区 begin like streets."""
    official = table().official
    for size in _sizes().get(text[end : end + 2], ()):
        for district in official.get(text[end : end + size], ()):
            if district.district and any(
                p.province == district.province and not p.district and p.city in ("", district.city) for p in places
            ):
                return True
    return False


def _is_before_street(text: str, end: int) -> bool:
    return _OTHER_NAME.match(text, end) is None and _AFTER_SHORT.match(text, end) is not None


def _inside(places: tuple[Place, ...], place: Place, can_repeat: bool) -> tuple[Place, ...]:
    """Those that narrow `place`, the largest only; or `place` itself when it is merely said again."""
    province, city, district = place
    if can_repeat and province:
        for one in places:
            if one == place or (one.city and not one.district and one.city == city and one.province == province):
                return (place,)
            if not one.city and one.province == province and city and city != province:
                return (place,)
    if district:
        return ()
    found = tuple(
        one
        for one in places
        if province in ("", one.province) and one != place and (not city or (city == one.city and one.district))
    )
    if len(found) > 1:
        # 吉林, 上海: the province (or the municipality as its own city) before what is smaller.
        rank = min(bool(one.city) + bool(one.district) for one in found)
        found = tuple(one for one in found if bool(one.city) + bool(one.district) == rank)
    return found


def _can_repeat(text: str, end: int, place: Place) -> bool:
    """A district that is said twice is taken off once more, but not where it begins another name (余杭区城…)."""
    return not place.district or end == len(text) or text[end] not in "城政人法公检"


def _zone(text: str, at: int, place: Place) -> tuple[Place, int] | None:
    """A development zone that stands where the district would: 合肥高新区 by its name in the table, else as usual."""
    city = re.sub(r"(市|地区|盟)$", "", place.city)
    start = at + len(city) if text.startswith(city, at) else at
    start += text.startswith("市", start) and start > at
    for pattern, listed, usual in _ZONE_KINDS:
        match = pattern.match(text, start)
        if match:
            name = _listed(place, city, pattern, listed) or usual
            return (place._replace(district=name), match.end()) if name else None
    return None


def _listed(place: Place, city: str, pattern: re.Pattern[str], listed: str) -> str:
    """The one zone of the city of this kind; of several the one that is named after the city alone."""
    zones = [zone for zone in table().zones.get(place, ()) if re.search(listed, zone)]
    if len(zones) > 1:
        zones = [zone for zone in zones if pattern.fullmatch(zone.removeprefix(city).removeprefix("市"))]
    return zones[0] if len(zones) == 1 else ""


@lru_cache(maxsize=1)
def _sizes() -> dict[str, tuple[int, ...]]:
    """Lengths of the names that begin with two given characters, longest first: what is worth trying at a place."""
    known = table()
    sizes: dict[str, set[int]] = {}
    for names in (known.official, known.everyday, known.bent):
        for name in names:
            sizes.setdefault(name[:2], set()).add(len(name))
    for brief in known.short:
        sizes.setdefault(brief[:2], set()).update((len(brief), len(brief) + 1))
    return {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()}
