"""Says in Chinese and in English what of a request does not fit, and where: libraries know one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from orderloom.domain.words import Words

PLACE = re.compile(r" - at `\$\.?(.*)`$")
SAID_MAX, HEAD, TAIL = 400, 200, 100
INDEX = re.compile(r"\[(\d+|\.{3})\]")
KINDS = {"str": "文字", "int": "整数", "float": "数字", "decimal": "数字", "bool": "true 或 false", "array": "列表",
         "object": "对象", "null": "空", "datetime": "时间", "date": "日期", "uuid": "编号"}  # fmt: skip
OF_BODIES = tuple((re.compile(pattern), zh) for pattern, zh in (
    (r"Object missing required field `(.+)`", "缺少必填字段 {0}"),
    (r"Object contains unknown field `(.+)`", "没有 {0} 这个字段"),
    (r"Invalid enum value (.+)", "没有 {0} 这个选项"),
    (r"Invalid RFC3339 encoded \w+", "应写成 2026-11-26T08:00:00+08:00 这样的时间"),
    (r"Invalid UUID", "不是编号"),
    (r"Expected `str` matching regex (.+)", "格式应符合 {0}"),
    (r"Expected `\w+` of length (.+)", "长度应 {0}"),
    (r"Expected `(?:int|float|decimal)` (<.+|>.+)", "应 {0}"),
    (r"Expected `(.+)`, got `(.+)`", "应为{0}，得到{1}"),
    (r"Expected `(.+)`", "应为{0}"),
))
OF_PARAMETERS = {
    "missing": "必须给出", "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符", "int_parsing": "应为整数", "bool_parsing": "应为 true 或 false",
    "datetime_from_date_parsing": "应为时间", "datetime_parsing": "应为时间",
    "date_from_datetime_parsing": "应为日期", "date_parsing": "应为日期",
    "uuid_parsing": "不是编号", "string_pattern_mismatch": "格式应符合 {pattern}", "literal_error": "可用：{expected}",
    "enum": "可用：{expected}", "greater_than_equal": "应 >= {ge}", "less_than_equal": "应 <= {le}",
}


def of_body(said: str) -> tuple[str, Words]:
    """The place in a body (`lines.0.price`) and what is wrong there, of what the decoder said."""
    if len(said) > SAID_MAX:  # it repeats what was sent, however much that is; the place stands at its end
        said = f"{said[:HEAD]}…{said[-TAIL:]}"
    found = PLACE.search(said)
    en = said[: found.start()] if found else said
    place = INDEX.sub(r".\1", found[1]).lstrip(".") if found else ""
    for pattern, zh in OF_BODIES:
        fits = pattern.fullmatch(en)
        if fits:
            if "字段" in zh:
                place = f"{place}.{fits[1]}".lstrip(".")
            return place, Words(zh.format(*map(_kind, fits.groups())), en)
    return place, Words(en, en)


def of_parameters(errors: Iterable[Mapping[str, Any]]) -> Words:
    """What is wrong with parameters of a path, a query or a header, each with its place."""
    told = list(errors)[:5]
    places = [".".join(map(str, one["loc"])) for one in told]
    zh = [f"{place}：{_in_chinese(one)}" for place, one in zip(places, told, strict=True)]
    return Words("；".join(zh), "; ".join(f"{place}: {one['msg']}" for place, one in zip(places, told, strict=True)))


def _in_chinese(error: Mapping[str, Any]) -> str:
    words = OF_PARAMETERS.get(error["type"])
    return words.format(**error.get("ctx", {})) if words else str(error["msg"])


def _kind(text: str) -> str:
    """The name of a kind, or of several (`str | null`), in Chinese; anything else as it is."""
    return "或".join(KINDS.get(one, one) for one in text.split(" | "))
