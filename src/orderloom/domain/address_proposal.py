"""What an unsure address probably means: a correction in parts that a person accepts in one step, or nothing."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.domain.address import rest_of, split
from orderloom.domain.divisions import KINDS, Place, plain_signs, table
from orderloom.domain.glued import take_apart
from orderloom.domain.place_walk import SEPARATORS, skip, walk
from orderloom.domain.words import Words

WHY = {
    "no_district": Words("没有写明区县，按到市处理", "no district is written; the city alone is taken"),
    "doubtful_district": Words("区县只写了简称，可能是地名的一部分", "the district may be part of another name"),
    "several_places": Words("同名的地方有多个，选了其中之一", "several places have this name; one of them is taken"),
    "contradiction": Words("省市区互相矛盾，以区县为准", "the regions contradict each other; the district is believed"),
    "another_order": Words("省市区不在开头，已移到前面", "the regions do not stand at the front; they were moved"),
}
TEXT_MAX = 300
"""Longer texts are no addresses; nothing is proposed for them."""


class Proposal(msgspec.Struct, frozen=True):
    """A correction. `confidence` is a percentage; `why` is a key of `WHY`. `detail` is personal, the rest is not."""

    province: str
    city: str
    district: str
    detail: str
    confidence: int
    why: str


def as_evidence(proposal: Proposal | None) -> dict[str, Any]:
    """What a case may say of a proposal: the regions and the reason, nothing personal."""
    if proposal is None:
        return {"proposal": None}
    why = WHY[proposal.why]
    return {
        "proposal": {
            "province": proposal.province,
            "city": proposal.city,
            "district": proposal.district,
            "confidence": proposal.confidence,
            "why": proposal.why,
            "zh": why.zh,
            "en": why.en,
        }
    }


def propose(province: str, city: str, district: str, detail: str) -> Proposal | None:
    """The likeliest reading of an address that is not sure, None when nothing speaks for one place."""
    text = take_apart(detail).address
    written = split(text)
    if not written.city:
        text = " ".join(part for part in (province, city, district, text) if part)
        written = split(text)
    if not text or len(text) > TEXT_MAX:
        return None
    if not written.is_unsure:
        return Proposal(*written[:4], 50, "contradiction")
    plain = text.translate(plain_signs())
    walked = walk(plain, skip(plain, 0))
    named = _by_names(text, plain)
    if named is not None:
        return named
    if walked.rivals:
        return _one_of(text, plain, walked.end, walked.rivals)
    return _in_city(text, plain, walked.end, walked.place)


def _by_names(text: str, plain: str) -> Proposal | None:
    """The district that most of the names anywhere in the text speak for."""
    hits = _hits(plain)
    scores: dict[Place, int] = {}
    said = {place for _, _, places in hits for place in places}
    for place in said:
        if place.district:
            is_city, is_province = Place(place.province, place.city) in said, Place(place.province) in said
            scores[place] = 1 + 2 * is_city + is_province
    ranked = sorted(scores.items(), key=lambda one: -one[1])
    if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
        return None
    best, score = ranked[0]
    others = {p.province for p in said if not p.city} - {best.province}
    detail = _without(text, [(start, end) for start, end, places in hits if _is_region_of(places, best)])
    if others:
        return Proposal(*best, detail, 70, "contradiction")
    return Proposal(*best, detail, 85 if score == 4 else 75, "another_order")


def _is_region_of(places: tuple[Place, ...], best: Place) -> bool:
    return any(not p.city or (p.province == best.province and (not p.district or p == best)) for p in places)


def _hits(plain: str) -> list[tuple[int, int, tuple[Place, ...]]]:
    """Names with a suffix anywhere in the text, the longest at each place."""
    known = table()
    found, at = [], 0
    while at < len(plain):
        for size in range(min(16, len(plain) - at), 1, -1):
            word = plain[at : at + size]
            places = known.official.get(word) or known.everyday.get(word)
            if places and word[-1] in KINDS:
                found.append((at, at + size, places))
                at += size - 1
                break
        at += 1
    return found


def _one_of(text: str, plain: str, end: int, rivals: tuple[Place, ...]) -> Proposal:
    """One of several places of a name: the one whose city or province is named later on, else the first."""
    told = [p for p in rivals if _is_named(plain[end:], p)]
    place = (told or list(rivals))[0]
    name = next((n for n in (place.district, place.city) if n and plain.startswith(n, end)), "")
    rest = rest_of(text, end + len(name)) if name else text
    return Proposal(*place, rest, 75 if len(told) == 1 else max(100 // len(rivals), 5), "several_places")


def _is_named(plain: str, place: Place) -> bool:
    return any(len(name) > 1 and name in plain for name in (place.city[:-1], place.province[:2]) if name)


def _in_city(text: str, plain: str, end: int, place: Place) -> Proposal | None:
    """The district whose short name comes next, else the city alone; None without even that."""
    if not place.city and place.province.endswith("市"):
        place = Place(place.province, place.province)
    detail = rest_of(text, end)
    near = [
        p
        for size in (4, 3, 2)
        for p in table().short.get(plain[end : end + size], ())
        if p.district and place.province in ("", p.province) and place.city in ("", p.city)
    ]
    if len(near) == 1 and (place.province or len(detail) > 2):
        return Proposal(*near[0], detail, 55 if place.province else 30, "doubtful_district")
    return Proposal(*place, detail, 60, "no_district") if place.city else None


def _without(text: str, cuts: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for start, end in cuts:
        kept.append(text[at:start].strip(SEPARATORS))
        at = end
    kept.append(text[at:].strip(SEPARATORS))
    return " ".join(part for part in kept if part)
