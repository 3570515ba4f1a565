"""The table of Chinese administrative divisions, read once from the package's own data and indexed for matching."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_DIRECT = re.compile(r".*直辖县级行政区划|市辖区|县")
_CITY_END = re.compile(r"(市|地区|盟|林区|特别行政区)$")
_PEOPLES = (
    "维吾尔|哈萨克|柯尔克孜|土家族|布依族|哈尼族|景颇族|傈僳族|蒙古族|蒙古|朝鲜族|回族|藏族|羌族"
    "|彝族|白族|傣族|壮族|苗族|侗族"
)
_PREFECTURE_END = re.compile(f"({_PEOPLES})*自治州$")
_COUNTY_END = re.compile(r"(区|县|市|旗)$")


class Province(NamedTuple):
    """A province with its short name, English name and the place of its capital in hundredths of a degree."""

    name: str
    short: str
    english: str
    latitude: int
    longitude: int


class Place(NamedTuple):
    """Where a name leads: `district` is empty for a city, `city` too for a province."""

    province: str
    city: str = ""
    district: str = ""


class Table(NamedTuple):
    """Names to places. Short names (without 市, 区 …) stand apart, as they need more care."""

    provinces: dict[str, Province]
    cities: dict[str, list[Place]]
    cities_short: dict[str, list[Place]]
    districts: dict[str, list[Place]]
    districts_short: dict[str, list[Place]]
    bare_cities: frozenset[Place]
    """Cities without districts (东莞, 中山, 济源 …)."""


@cache
def table() -> Table:
    """The divisions, indexed; built on first use."""
    built = Table(_provinces(), {}, {}, {}, {}, frozenset())
    names = dict(line.split("\t") for line in _lines("divisions.txt"))
    with_districts = set()
    for code, name in names.items():
        if len(code) == 4 and not _DIRECT.fullmatch(name):
            _index(built.cities, built.cities_short, Place(names[code[:2]], name))
        elif len(code) == 6:
            with_districts.add(_add_county(built, names[code[:2]], names[code[:4]], name))
    bare = frozenset(place for places in built.cities.values() for place in places if place not in with_districts)
    return built._replace(bare_cities=bare)


def _add_county(built: Table, province: str, city: str, name: str) -> Place | None:
    """File a county; returns the city that has it, or None for a county that is a city itself (济源市, 东莞市)."""
    is_municipality = province in built.provinces and _DIRECT.fullmatch(city) and province.endswith("市")
    if city == name:
        return None
    if _DIRECT.fullmatch(city) and not is_municipality:
        _index(built.cities, built.cities_short, Place(province, name))
        return None
    place = Place(province, province if is_municipality else city, name)
    _index(built.districts, built.districts_short, place)
    return Place(place.province, place.city)


def _index(full: dict[str, list[Place]], short: dict[str, list[Place]], place: Place) -> None:
    name = place.district or place.city
    full.setdefault(name, []).append(place)
    brief = _COUNTY_END.sub("", name) if place.district else _PREFECTURE_END.sub("", _CITY_END.sub("", name))
    if len(brief) >= 2 and brief != name:
        short.setdefault(brief, []).append(place)


def _provinces() -> dict[str, Province]:
    found = {}
    for line in _lines("provinces.txt"):
        name, short, english, latitude, longitude = line.split("\t")
        found[name] = Province(name, short, english, int(latitude), int(longitude))
    return found


def _lines(name: str) -> list[str]:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
