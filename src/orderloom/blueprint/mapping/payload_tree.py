"""A payload as a tree of places for whoever maps it: paths, kinds, how often, how many bytes, and a masked example."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from orderloom.blueprint.mapping.bodies import Unreadable, parse_json
from orderloom.blueprint.mapping.surplus import size_of
from orderloom.domain.cleaning import is_masked
from orderloom.domain.money import to_number
from orderloom.domain.shown import shown

NODES_MAX, ELEMENTS_MAX, DEPTH_MAX = 3_000, 20, 30
"""Places that are told of one payload, and elements of a list that are looked at."""
_OF_PEOPLE = re.compile(
    r"receiver|consignee|recipient|buyer|contact|addr|(?<![a-z])name$|_name$|firstname|lastname|fullname|phone|mobile"
    r"|(?<![a-z])tel|e?mail|street|zip|postcode|id_?card|note|remark|memo|message|nick|token|oaid"
    r"|收货|收件|姓名|手机|电话|地址|买家|邮箱|邮编|备注|留言|身份证|会员|客户名|联系",
    re.IGNORECASE)
_NO_PEOPLE = re.compile(
    r"product|goods|items?(\[|_?name)|lines?\[|sku|shop|store|carrier|warehouse|商品|店铺|品名|快递|物流",
    re.IGNORECASE)
_DOOR = re.compile(r"[路街道巷弄村镇].{0,20}\d|\d+\s?[号室栋]")
_TIME = re.compile(r"^\d{4}[-/年]\d{1,2}[-/月]\d{1,2}|^\d{1,2}/\d{1,2}/\d{4}")
_PHONE = re.compile(r"^(\+?86[ -]?)?1[3-9]\d{9}$")
_AMOUNT = re.compile(r"^-?[\d,]+\.\d{1,3}$")


class PayloadPlace(msgspec.Struct, frozen=True):
    """A place of a payload. `path` counts from the body, `[]` stands for every element of a list. `kind` is text,
    integer, number, flag, empty, list, object, json (a text that holds JSON); `looks_like` time, money, phone or
    nothing; `shown` an example in which nobody can be recognised."""

    path: str
    name: str
    depth: int
    kind: str
    count: int
    bytes: int
    shown: str = ""
    looks_like: str = ""
    has_inner: bool = False


def tree_of(data: Any, form: str = "json") -> list[PayloadPlace]:
    """The places of a parsed body, each before those inside it. Raises Unreadable for one nested too deeply."""
    found: list[PayloadPlace] = []
    start = data if isinstance(data, list) else [data]
    for place in _inner("", start, 0, form, "[]" if isinstance(data, list) and form != "rows" else ""):
        if len(found) >= NODES_MAX:
            break
        found.append(place)
    return found


def examples_of(data: Any, path: str, most: int = 5) -> list[Any]:
    """The first values at a place of `tree_of`, as they are."""
    nodes: list[Any] = list(data) if isinstance(data, list) else [data]
    for step in _steps(path):
        nodes = [one for node in nodes for one in _below(node, step)][:200]
    return [one for one in nodes if one not in (None, "")][:most]


def _inner(path: str, nodes: list[Any], depth: int, form: str, suffix: str) -> Iterator[PayloadPlace]:
    """The places below these nodes, which stand at one place."""
    if depth > DEPTH_MAX:
        raise Unreadable("nested too deeply")
    names = dict.fromkeys(name for node in nodes[:ELEMENTS_MAX] if isinstance(node, dict) for name in node)
    for name in names:
        values = [node[name] for node in nodes if isinstance(node, dict) and name in node]
        said = name.replace("\\", "\\\\").replace(".", "\\.").replace("[", "\\[")
        place = f"{path}{suffix}.{said}" if path or suffix else said
        yield from _place(place, name, values, depth, form)


def _place(path: str, name: str, values: list[Any], depth: int, form: str) -> Iterator[PayloadPlace]:
    first = next((one for one in values if one not in (None, "", [], {})), values[0] if values else None)
    size = sum(size_of(name, one, form) for one in values)
    told, like = example_of(path, name, first), _like(first)
    if isinstance(first, dict):
        yield PayloadPlace(path, name, depth, "object", len(values), size, has_inner=True)
        yield from _inner(path, [one for one in values if isinstance(one, dict)], depth + 1, form, "")
    elif isinstance(first, list):
        elements = [one for value in values if isinstance(value, list) for one in value]
        has_inner = any(isinstance(one, dict) for one in elements)
        yield PayloadPlace(path, name, depth, "list", len(elements), size, "" if has_inner else told,
                           has_inner=has_inner)
        yield from _inner(path, elements, depth + 1, form, "[]")
    elif isinstance(first, str) and (inside := _json_in(first)) is not None:
        yield PayloadPlace(f"{path}!json", name, depth, "json", len(values), size, has_inner=True)
        yield from _inner(f"{path}!json", inside if isinstance(inside, list) else [inside], depth + 1, form,
                          "[]" if isinstance(inside, list) else "")
    else:
        yield PayloadPlace(path, name, depth, _kind(first), len(values), size, told, like)


def _json_in(text: str) -> Any:
    if text[:1] not in "{[" or not text:
        return None
    try:
        found = parse_json(text).data
    except Unreadable:
        return None
    return found if isinstance(found, (dict, list)) and found else None


def _kind(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int):
        return "integer"
    return "text" if isinstance(value, str) else "number"


def _like(value: Any) -> str:
    text = str(value)
    if _TIME.match(text):
        return "time"
    if _PHONE.match(text) or (isinstance(value, str) and is_masked(text) and sum(map(str.isdigit, text)) >= 5):
        return "phone"
    if isinstance(value, int) and not isinstance(value, bool) and len(text) in (10, 13) and text.startswith("1"):
        return "time"
    return "money" if _AMOUNT.match(text) and to_number(text.replace(",", "")) is not None else ""


def example_of(path: str, name: str, value: Any) -> str:
    """A value as it may be shown to whoever may see messages: short, and of people only the beginning."""
    text = shown(value)
    if not text or isinstance(value, (dict, list, bool)):
        return text
    if _like(value) == "phone":
        return f"{text[:3]}****{text[-2:]}"
    last = ".".join(path.split(".")[-2:])
    if _DOOR.search(text) or (_OF_PEOPLE.search(name) and not _NO_PEOPLE.search(last)):
        return f"{text[:1]}**"
    return text


def _steps(path: str) -> list[str]:
    return [one.replace("\\.", ".").replace("\\[", "[").replace("\\\\", "\\")
            for one in re.findall(r"(?:\\.|[^.\[\]!\\])+|\[\]|!json", path)]


def _below(node: Any, step: str) -> list[Any]:
    if step == "[]":
        return node if isinstance(node, list) else [node]
    if step == "!json":
        inside = _json_in(node) if isinstance(node, str) else None
        return [] if inside is None else [inside]
    return [node[step]] if isinstance(node, dict) and step in node else []
