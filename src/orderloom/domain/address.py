"""Chinese addresses: a text split into province, city, district and detail by the table of divisions, and distances."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isqrt
from typing import NamedTuple

from orderloom.domain.divisions import Place, table

_SEPARATORS = " \t\u3000,，、/|;；-－·\r\n"
_COUNTRY = re.compile(r"^(中华人民共和国|中国(大陆)?|CN|China)[\s,，、/|;；-]*")
_STREET = re.compile(r"^[东西南北中一二三四五六七八九十环内外]{0,2}(路|街|道|大道|大街|巷|弄|里|村|花园|小区|大厦)")
_TRADITIONAL = str.maketrans(
    "臺灣區縣東門廣龍蘇貴雲陝肅寧慶遼吉江湖內澳島園莊蘆葉興義鳳鎮鄉馬連淨爾漢濟鄭鹽揚蘭環銀",
    "台湾区县东门广龙苏贵云陕肃宁庆辽吉江湖内澳岛园庄芦叶兴义凤镇乡马连净尔汉济郑盐扬兰环银",
)
_FILLER = re.compile(r"(省|自治区)?直辖县级行政(区划|单位)|市辖区|县(?=[^县]{1,12}县)")
"""Words of the statistics office that stand where a city would, and mean none."""


class Area(NamedTuple):
    """An address in parts. `is_unsure`: the split is not to be trusted, and `detail` holds the whole text."""

    province: str
    city: str
    district: str
    detail: str
    is_unsure: bool


class _Found(NamedTuple):
    places: tuple[Place, ...]
    end: int


def split(text: str) -> Area:
    """Province, city, district and detail of a Chinese address; a missing province or suffix is made up for.

    Unsure when no city is found, when the district is not known and the city has districts, or when a name fits
    several places: then `detail` is the whole text, and the parts hold what was found all the same.
    """
    raw = text.strip()
    plain = raw.translate(_TRADITIONAL)
    country = _COUNTRY.match(plain)
    place, at, is_sure = _walk(plain, country.end() if country else 0)
    if not is_sure:
        return Area(place.province, place.city, place.district, raw, True)
    detail = _without_repeat(raw, plain, at, place)
    return Area(place.province, place.city, place.district, detail, False)


def complete(province: str, city: str, district: str, detail: str) -> Area:
    """Parts as a source gave them: the province in its canonical form, and what is missing looked for in the rest."""
    known = normalise_province(province)
    if known and city and district:
        is_repeat = city in ("市辖区", "县") and known in table().provinces
        return Area(known, known if is_repeat else city, district, detail, False)
    found = split(" ".join(part for part in (province, city, district, detail) if part))
    if not found.is_unsure:
        return found
    return Area(known or found.province, city or found.city, district or found.district, detail, True)


def _walk(text: str, at: int) -> tuple[Place, int, bool]:
    """Take division names off the front; each one narrows the place, and a name that contradicts it ends the walk."""
    place, sure = Place(""), True
    for _ in range(6):
        at = _skip(text, at)
        filler = _FILLER.match(text, at) if place.province and not place.district else None
        at = _skip(text, filler.end()) if filler else at
        found = _next(text, at, place)
        if found is None:
            break
        if len(found.places) > 1:
            sure = False
            break
        place, at = found.places[0], found.end
        if place.district:
            break
    if not place.city:
        return place, at, False
    return place, at, sure and bool(place.district or place in table().bare_cities)


def _next(text: str, at: int, place: Place) -> _Found | None:
    """The longest name at `at` that lies inside `place`; when lengths are equal, the larger division."""
    for size in _sizes().get(text[at : at + 2], ()):
        if at + size > len(text):
            continue
        word = text[at : at + size]
        places = _full(word, place) or _brief(word, text[at + size :], place)
        if places:
            return _Found(places, at + size)
    return None


def _full(word: str, place: Place) -> tuple[Place, ...]:
    known = table()
    if word in known.provinces and place.province in ("", word) and not place.city:
        # 北京市北京市 and 上海上海市: the second time it is the city.
        is_city = place.province == word and word.endswith("市")
        return (Place(word, word) if is_city else Place(word),)
    cities = _inside(known.cities.get(word, ()), place)
    return cities or _inside(known.districts.get(word, ()), place)


def _brief(word: str, rest: str, place: Place) -> tuple[Place, ...]:
    """Names without 省, 市, 区: not where a street is named after the place, as in 北京西路."""
    if _STREET.match(rest):
        return ()
    known = table()
    if not place.province:
        province = _short_provinces().get(word)
        if province:
            return (Place(province),)
    elif place.province.endswith("市") and not place.city and word == place.province[:-1]:
        return (Place(place.province, place.province),)
    if not place.city:
        # 凉山州, 锡林郭勒盟 and the like: the short name with the kind of the place.
        brief = word[:-1] if word[-1] in "州盟市" and word not in known.cities_short else word
        cities = _inside(known.cities_short.get(brief, ()), place)
        if cities:
            return cities
    # A county's short name is believed only as a word of its own (余杭 in "浙江 杭州 余杭 …") or with an old suffix.
    if place.province and (not rest or rest[0] in _SEPARATORS):
        return _inside(known.districts_short.get(word, ()), place)
    if place.city and word[-1] in "区县市" and word not in known.districts:
        return _inside(known.districts_short.get(word[:-1], ()), place)
    return ()


@lru_cache(maxsize=1)
def _sizes() -> dict[str, tuple[int, ...]]:
    """Lengths of the names that begin with two given characters, longest first: what is worth trying at a place."""
    known = table()
    sizes: dict[str, set[int]] = {}
    for names in (known.provinces, known.cities, known.districts):
        for name in names:
            sizes.setdefault(name[:2], set()).add(len(name))
    for brief in (*known.cities_short, *known.districts_short, *_short_provinces()):
        sizes.setdefault(brief[:2], set()).update((len(brief), len(brief) + 1))
    return {start: tuple(sorted(found, reverse=True)) for start, found in sizes.items()}


def _inside(places: list[Place] | tuple[Place, ...], place: Place) -> tuple[Place, ...]:
    return tuple(
        one
        for one in places
        if place.province in ("", one.province) and (not place.city or (place.city == one.city and one.district != ""))
    )


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SEPARATORS:
        at += 1
    return at


def _without_repeat(raw: str, plain: str, at: int, place: Place) -> str:
    """The detail, without the region written a second time as many checkouts do."""
    start = _skip(plain, at)
    repeated, end, is_sure = _walk(plain, start)
    if is_sure and repeated == place and plain.startswith(("".join(place), place.province), start):
        start = _skip(plain, end)
    return raw[start:].strip(_SEPARATORS)


@lru_cache(maxsize=1)
def _short_provinces() -> dict[str, str]:
    names: dict[str, str] = {}
    for province in table().provinces.values():
        suffixes = ("", "省", "市", "自治区", "特别行政区")
        names.update({province.short + suffix: province.name for suffix in suffixes if province.short + suffix})
    names["内蒙"] = "内蒙古自治区"
    return {short: name for short, name in names.items() if short not in table().provinces}


@lru_cache(maxsize=1024)
def normalise_province(text: str) -> str:
    """The canonical name (浙江 and Zhejiang are 浙江省), or an empty text when it is no province of China."""
    word = text.strip().translate(_TRADITIONAL)
    if word in table().provinces:
        return word
    if word in _short_provinces():
        return _short_provinces()[word]
    latin = re.sub(r"\s+(province|sheng|shi|municipality|autonomous region|sar)$", "", word.lower())
    for province in table().provinces.values():
        if latin in (province.english.lower(), province.english.lower().replace(" ", "")):
            return province.name
    return ""


@lru_cache(maxsize=4096)
def distance_km(province_a: str, province_b: str) -> int | None:
    """Kilometres between the capitals of two provinces, None when one is not known; in whole numbers only.

    Flat-earth approximation for middle latitudes: 111 km per degree of latitude, 91 km per degree of longitude.
    """
    known = table().provinces
    one, other = known.get(normalise_province(province_a)), known.get(normalise_province(province_b))
    if one is None or other is None:
        return None
    north, east = one.latitude - other.latitude, one.longitude - other.longitude
    return isqrt((111 * north) ** 2 + (91 * east) ** 2) // 100
