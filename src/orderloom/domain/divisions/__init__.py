"""The table of Chinese administrative divisions, read once from the package's own data and indexed for matching."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_DIRECT = re.compile(r".*直辖县级行政区划|市辖区|县")
_CITY_END = re.compile(r"(市|地区|盟|林区|特别行政区)$")
_PEOPLES = (
    "维吾尔族?|哈萨克族?|柯尔克孜族?|塔吉克族?|锡伯族?|蒙古族?|达斡尔族?|鄂伦春族?|鄂温克族?|裕固族|保安族|撒拉族|东乡族"
    "|土家族|布依族|哈尼族|景颇族|傈僳族|拉祜族|布朗族|纳西族|普米族|独龙族|仡佬族|仫佬族|毛南族|朝鲜族|各族"
    "|回族|藏族|羌族|彝族|白族|傣族|壮族|苗族|侗族|满族|瑶族|畲族|黎族|水族|土族|佤族|怒族"
)
_AUTONOMOUS = re.compile(f"(.+?)(?:{_PEOPLES})+自治(县|旗|州)")
_ZONE_END = re.compile(r"(开发区|园区|示范区|试验区|管理区|新区|新城)$")
_ZONE_KIND = re.compile(r"(高新|经济|工业|产业)")
KINDS = frozenset("省市区县旗州盟师")
"""Signs that end a division's name; one without them may just as well begin the name of a street."""
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


Names = dict[str, tuple[Place, ...]]


class PlaceNames(NamedTuple):
    """Names to places, from the surest to the least: each needs more care than the one before."""

    provinces: dict[str, Province]
    official: Names
    """As the state writes them."""
    everyday: Names
    """Former names, and those that people use: 宽甸县, 凉山州, 前郭县, 崇文区, 天府新区."""
    bent: Names
    """A county written with another kind of suffix than it has today: 双流县, 慈溪区."""
    short: Names
    """Without 省, 市, 区 …: 浙江, 杭州, 余杭."""
    zones: dict[Place, tuple[str, ...]]
    """By city, the development zones that stand in the table like districts."""
    overlaid: frozenset[Place]
    """Zones that lie over several counties (雄安新区): a county that follows says more."""
    bare_cities: frozenset[Place]
    """Cities without districts (东莞, 中山, 济源 …)."""


@cache
def table() -> PlaceNames:
    """The divisions, indexed; built on first use."""
    provinces = _provinces()
    places = list(codes())
    official: Names = {}
    for place in places:
        _add(official, _own_name(place), place)
    everyday, bent, short = _other_names(provinces, places, official)
    overlaid = _read_aliases(official, everyday, short)
    with_districts = {Place(p.province, p.city) for p in places if p.district}
    bare = frozenset(p for p in places if p.city and not p.district and p not in with_districts)
    return PlaceNames(provinces, official, everyday, bent, short, _zones(places, everyday), overlaid, bare)


@cache
def plain_signs() -> dict[int, int]:
    """Traditional to simplified, for the signs that stand in names of divisions; one for one, so places stay."""
    traditional, simplified = _lines("signs.txt")
    return {ord(one): ord(other) for one, other in zip(traditional, simplified, strict=True)}


@cache
def codes() -> Mapping[Place, str]:
    """The code of every division, the larger before the smaller: 2 digits of a province, 4 of a city, 6 of a county or
    a city that stands directly under its province. A municipality is its own city, with its province's code."""
    names = dict(line.split("\t") for line in _lines("divisions.txt"))
    found: dict[Place, str] = {}
    for code, name in names.items():
        province = names[code[:2]]
        if len(code) == 2:
            found.setdefault(Place(name), code)
            if name.endswith("市"):
                found.setdefault(Place(name, name), code)
        elif len(code) == 4:
            if not _DIRECT.fullmatch(name):
                found.setdefault(Place(province, name), code)
        else:
            found.setdefault(_county(province, names[code[:4]], name), code)
    return found


@cache
def spots() -> Mapping[str, tuple[int, int]]:
    """Latitude and longitude in hundredths of a degree by code, of cities; a province has its capital's (`Province`).
    Contains data from GeoNames (geonames.org), CC BY 4.0: see README.md beside the data."""
    rows = (line.split("\t") for line in _lines("spots.txt"))
    return {code: (int(latitude), int(longitude)) for code, latitude, longitude in rows}


def _county(province: str, city: str, name: str) -> Place:
    """A county; one that stands directly under its province (济源市), or is its own city (嘉峪关市), is a city."""
    if city == name:
        return Place(province, city)
    if _DIRECT.fullmatch(city):
        return Place(province, province, name) if province.endswith("市") else Place(province, name)
    return Place(province, city, name)


def _own_name(place: Place) -> str:
    return place.district or place.city or place.province


def _other_names(provinces: dict[str, Province], places: list[Place], official: Names) -> tuple[Names, Names, Names]:
    everyday: Names = {}
    bent: Names = {}
    short: Names = {}
    for place in places:
        name = _own_name(place)
        autonomous = _AUTONOMOUS.fullmatch(name)
        if autonomous:
            _add(everyday, autonomous[1] + autonomous[2], place)
            _add(everyday, autonomous[1] + "自治" + autonomous[2], place)
        brief = autonomous[1] if autonomous else _brief(provinces, place)
        if len(brief) < 2 or brief == name:
            continue
        _add(short, brief, place)
        if place.district:
            for suffix in "县区市":
                if brief + suffix not in official:
                    _add(bent, brief + suffix, place)
        elif place.city in ("", place.province):
            for suffix in ("省", "自治区", "特别行政区", "特区"):
                if brief + suffix not in official:
                    _add(everyday, brief + suffix, place)
    _add(everyday, "内蒙", Place("内蒙古自治区"))
    return everyday, bent, short


def _brief(provinces: dict[str, Province], place: Place) -> str:
    if place.district:
        return _COUNTY_END.sub("", place.district)
    if place.city in ("", place.province):
        return provinces[place.province].short
    return _COUNTY_END.sub("", _CITY_END.sub("", place.city))


def _read_aliases(official: Names, everyday: Names, short: Names) -> frozenset[Place]:
    for line in _lines("also.txt"):
        name, _, path = line.partition("\t")
        for place in _by_path(official, path):
            _add(everyday if name[-1] in KINDS else short, name, place)
    overlaid = set()
    for line in _lines("zones.txt"):
        names, _, city = line.partition("\t")
        zone, *others = names.split(" ")
        for place in _by_path(official, city):
            overlaid.add(place._replace(district=zone))
            for name in (zone, *others):
                _add(everyday, name, place._replace(district=zone))
    return frozenset(overlaid)


def _by_path(official: Names, path: str) -> list[Place]:
    """The place of `city district`, `city` or `province`; none when the table has no such place (a test looks)."""
    *above, name = path.split(" ")
    found = [p for p in official.get(name, ()) if not above or p.city == above[0]]
    cities = [p for p in found if p.city and not p.district]
    return cities if cities and not above else found


def _zones(places: list[Place], everyday: Names) -> dict[Place, tuple[str, ...]]:
    """Zones by city; one with a name of its own (长春净月…) is known without its city's name, too."""
    found: dict[Place, tuple[str, ...]] = {}
    for place in places:
        if _ZONE_END.search(place.district):
            city = Place(place.province, place.city)
            found[city] = (*found.get(city, ()), place.district)
            own = place.district.rpartition(re.sub(r"市$", "", place.city))[2].removeprefix("市")
            if own != place.district and not _ZONE_KIND.match(own):
                _add(everyday, own, place)
    return found


def _add(names: Names, name: str, place: Place) -> None:
    known = names.get(name, ())
    if place not in known:
        names[name] = (*known, place)


def _provinces() -> dict[str, Province]:
    found = {}
    for line in _lines("provinces.txt"):
        name, short, english, latitude, longitude = line.split("\t")
        found[name] = Province(name, short, english, int(latitude), int(longitude))
    return found


def _lines(name: str) -> list[str]:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()
