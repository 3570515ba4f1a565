"""Suggests which place of a payload a target is: by what other platforms call it, by kind, by what stands there."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from orderloom.blueprint.mapping.documents import Document
from orderloom.blueprint.mapping.order_schema import Target
from orderloom.blueprint.mapping.payload_tree import PayloadPlace
from orderloom.domain.address import split as split_address
from orderloom.domain.money import CURRENCIES, to_number
from orderloom.domain.words import Words

LEAST = 45
"""A likeness below this is not worth a person's glance."""
Known = Mapping[str, frozenset[str]]
"""Names by target: what mappings that exist call it."""
_SIGNS = re.compile(r"[\W_]+")
_RECEIVER = re.compile(r"receiver|consignee|recipient|ship|deliver|address|收货|收件|送货", re.IGNORECASE)
_PARTS = ("lines", "shipments", "entries", "figures", "ratings")


class Suggestion(msgspec.Struct, frozen=True):
    """A target may be at this place; `score` of 100, and why."""

    target: str
    path: str
    score: int
    reasons: list[Words]


def names_known(documents: Iterable[Document]) -> Known:
    """What existing mappings call each target: the last step of every path that they look at."""
    found: dict[str, set[str]] = {}
    for document in documents:
        said = document.said
        blocks: list[tuple[str, Any]] = [("", said.get("fields")), ("receiver.", said.get("receiver"))]
        for part in _PARTS:
            listed = said.get(part)
            blocks += [(f"{part}.", one.get("fields")) for one in (listed if isinstance(listed, list) else [listed])
                       if isinstance(one, Mapping)]
        for prefix, block in blocks:
            for name, rule in (block or {}).items():
                found.setdefault(f"{prefix}{name}", set()).update(
                    _plain(_last(path)) for path in _paths(rule) if not path.startswith("@"))
    return {target: frozenset(name for name in names if name) for target, names in found.items()}


def suggest(
    targets: Sequence[Target], places: Sequence[PayloadPlace], examples: Callable[[str], Sequence[Any]], known: Known,
) -> list[Suggestion]:
    """The best place for each target, each place once, the surest first."""
    leaves = [one for one in places if one.kind not in ("object", "list", "json", "empty")]
    scored = [
        found for target in targets for place in leaves
        if (found := _score(target, place, examples(place.path), known)) is not None
    ]
    taken: set[str] = set()
    chosen = []
    for one in sorted(scored, key=lambda found: -found.score):
        if one.target not in taken and one.path not in taken:
            taken |= {one.target, one.path}
            chosen.append(one)
    return chosen


def _score(target: Target, place: PayloadPlace, values: Sequence[Any], known: Known) -> Suggestion | None:
    if (target.block in _PARTS) != ("[]" in place.path) and not target.column:
        return None
    reasons: list[Words] = []
    name, score = _plain(place.name), 0
    called = known.get(target.key, frozenset()) | {_plain(target.name), _plain(target.title.zh), _plain(target.column)}
    if name in called:
        score = 70
        reasons.append(Words("别的平台也这样叫", "Other platforms call it so"))
    else:
        near = max((difflib.SequenceMatcher(None, name, one).ratio() for one in called if one), default=0.0)
        inside = any(len(one) > 1 and (one in name or name in one) for one in called if len(name) > 1)
        score = max(int(near * 50), 40 if inside else 0)
        if score >= 30:
            reasons.append(Words("名称相近", "The names are alike"))
    is_of_receiver = bool(_RECEIVER.search(place.path))
    score += (15 if target.block == "receiver" else -25 if target.key == "buyer" else 0) if is_of_receiver else 0
    fit, why = _fits(target, place, values)
    if why is not None:
        reasons.append(why)
    score = min(100, score + fit)
    return Suggestion(target.key, place.path, score, reasons) if score >= LEAST and reasons else None


def _fits(target: Target, place: PayloadPlace, values: Sequence[Any]) -> tuple[int, Words | None]:
    """How well what stands there goes with the target's kind."""
    texts = [str(one) for one in values]
    numbers = [to_number(one) for one in values]
    are_numbers = bool(values) and all(one is not None for one in numbers)
    if target.kind == "money":
        return (25, Words("看起来是金额", "It looks like an amount")) if place.looks_like == "money" else (
            (10, None) if are_numbers else (-50, None))
    if target.kind == "integer":
        is_small = are_numbers and all(one is not None and one == int(one) and abs(one) < 10_000 for one in numbers)
        return (25, Words("是不大的整数", "A small whole number")) if is_small else (-50, None)
    if target.kind == "time":
        return (25, Words("看起来是时间", "It looks like a time")) if place.looks_like == "time" else (-50, None)
    if target.key == "receiver.phone":
        return (40, Words("看起来是手机号", "It looks like a phone")) if place.looks_like == "phone" else (-20, None)
    if target.key == "receiver.province":
        is_province = bool(texts) and all(len(one) < 12 and split_address(one).province for one in texts)
        return (40, Words("都是省份", "All are provinces")) if is_province else (-15, None)
    if target.kind == "currency":
        return (40, Words("是币种代码", "It is a currency")) if texts and set(texts) <= set(CURRENCIES) else (-30, None)
    if target.kind == "flag":
        return (0, None) if place.kind in ("flag", "integer") else (-40, None)
    return (-25 if place.looks_like in ("time", "phone", "money") else 10, None)


def _paths(rule: Any) -> Iterable[str]:
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, Mapping):
        for key in ("path", "of"):
            yield from _paths(rule.get(key))
    elif isinstance(rule, list):
        for one in rule:
            yield from _paths(one)


def _last(path: str) -> str:
    return re.sub(r"\[.*?\]|!json", "", path).rsplit(".", 1)[-1]


def _plain(name: str) -> str:
    return _SIGNS.sub("", name).lower()
