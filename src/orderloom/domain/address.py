"""Chinese addresses: a text split into province, city, district and detail by the table of divisions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from orderloom.domain.divisions import Place, plain_signs, table
from orderloom.domain.glued import take_apart
from orderloom.domain.place_walk import SEPARATORS, skip, walk

_FRONT = re.compile(
    r"^[\s\[【(（]*((收货|收件|详细|所在|联系)?(地址|地区)\s*[:：]|\d{6}[\s,，](?=\D)|中华人民共和国|中国(大陆)?(?![\u4e00-\u9fff]?[路街道])"
    r"|CN\b|China\b|PRC\b)[\s,，、/|;；-]*",
    re.IGNORECASE,
)
_CLOSERS = "]】)）>》:：.。"
_FRONTS_MAX = 4


class Area(NamedTuple):
    """An address in parts. `is_unsure`: the split is not to be trusted, and `detail` holds the whole text."""

    province: str
    city: str
    district: str
    detail: str
    is_unsure: bool


def split(text: str) -> Area:
    """Province, city, district and detail of a Chinese address; a missing province or suffix is made up for.

    Unsure when no city is found, when the district is not known and the city has districts, or when a name fits
    several places: then `detail` is the whole text, and the parts hold what was found all the same.
    """
    raw = take_apart(text.strip()).address
    plain = raw.translate(plain_signs())
    found = walk(plain, _front(plain))
    if not found.is_sure:
        return Area(*found.place, text.strip(), True)
    return Area(*found.place, rest_of(raw, found.end), False)


def complete(province: str, city: str, district: str, detail: str) -> Area:
    """Parts as a source gave them, each under its one name, and what is missing looked for in the rest.

    Parts that a platform states in full are believed though the table lacks the district (it may be new), but not
    when they contradict each other (浙江省 and 苏州市).
    """
    if province and city:
        place, rest = _stated(province, city, district)
        if place.district or (place.city and place in table().bare_cities):
            if _is_elsewhere(detail, place):
                return Area(*place, detail, True)
            return Area(*place, _once(f"{rest} {detail}".strip() if rest else detail, place), False)
    found = split(" ".join(part for part in (province, city, district, detail) if part))
    if not found.is_unsure:
        return found
    known = normalise_province(province)
    return Area(known or found.province, city or found.city, district or found.district, detail, True)


@lru_cache(maxsize=8192)
def _stated(province: str, city: str, district: str) -> tuple[Place, str]:
    """The place that a platform's three fields name, and what of them belongs to the detail (JD: 三环以内)."""
    text = f"{province} {city} {district}".strip()
    plain = text.translate(plain_signs())
    found = walk(plain, _front(plain))
    rest = rest_of(text, found.end)
    if found.place.district or not (found.place.city and rest):
        return found.place, rest
    if found.place in table().bare_cities:
        return found.place, rest
    is_own = rest == district.strip(SEPARATORS) and not table().official.get(rest)
    return (found.place._replace(district=rest), "") if is_own else (Place(found.place.province), rest)


def _is_elsewhere(detail: str, place: Place) -> bool:
    """True when the street field names a whole region of its own, and it is another one."""
    if len(detail) < 6 or detail[:2] not in _province_starts():
        return False
    plain = detail.translate(plain_signs())
    found = walk(plain, 0)
    return bool(found.place.district) and found.place != place and plain.startswith(found.place.province)


@lru_cache(maxsize=1)
def _province_starts() -> frozenset[str]:
    known = table()
    traditional = {simple: one for one, simple in plain_signs().items()}
    starts = {name[:2] for name in known.provinces}
    return frozenset(starts | {start.translate(traditional) for start in starts} | {"臺灣", "台灣"})


def _once(detail: str, place: Place) -> str:
    """The detail without the region, which many checkouts write a second time into the street."""
    if not detail:
        return detail
    start = detail[0]
    plain = start if start.isascii() else start.translate(plain_signs())
    if plain not in place.province[:1] + place.city[:1] + place.district[:1]:
        return detail
    text = detail.translate(plain_signs())
    again = walk(text, 0)
    if again.is_sure and again.place == place:
        return rest_of(detail, again.end)
    again = walk(text, 0, place)
    return rest_of(detail, again.end) if again.end else detail


def _front(plain: str) -> int:
    """Where the regions begin, behind a country, a postcode or a label."""
    at = 0
    for _ in range(_FRONTS_MAX):
        match = _FRONT.match(plain[at : at + 40])
        if match is None:
            break
        at += match.end()
    return at


def rest_of(raw: str, at: int) -> str:
    """What follows the regions, without separators at its ends."""
    return raw[skip(raw, at) :].strip(SEPARATORS).lstrip(_CLOSERS) if at else raw.strip(SEPARATORS)


@lru_cache(maxsize=1024)
def normalise_province(text: str) -> str:
    """The canonical name (浙江 and Zhejiang are 浙江省), or an empty text when it is no province of China."""
    word = text.strip().translate(plain_signs())
    known = table()
    for names in (known.official, known.everyday, known.short):
        for place in names.get(word, ()):
            if not place.city:
                return place.province
    latin = re.sub(r"\s+(province|sheng|shi|municipality|autonomous region|sar)$", "", word.lower())
    for province in table().provinces.values():
        if latin in (province.english.lower(), province.english.lower().replace(" ", "")):
            return province.name
    return ""
