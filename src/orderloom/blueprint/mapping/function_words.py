"""What each function of mappings does, in words for whoever chooses one on screen."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from orderloom.blueprint.mapping.functions import FUNCTIONS
from orderloom.domain.words import Words


class FunctionTold(msgspec.Struct, frozen=True):
    """A function: how many values it takes, its options, and which of them it needs."""

    name: str
    title: Words
    help: Words
    options: list[str]
    needed: list[str]
    values_min: int
    values_max: int


_WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "join": ("连接", "Join", "把几个文本接起来，中间放 separator", "Texts one after the other, with separator between"),
    "first": ("取第一个", "First", "第一个有值的，列表里也找", "The first that is there, lists looked into"),
    "sum": ("求和", "Sum", "相加，列表逐个加", "Added up, lists opened"),
    "subtract": ("相减", "Subtract", "第一个减去其余", "The first less the others"),
    "multiply": ("相乘", "Multiply", "逐个相乘", "Multiplied"),
    "divide": ("相除", "Divide", "第一个除以第二个，按币种位数四舍六入", "First by second, rounded to the currency"),
    "max": ("最大", "Largest", "取最大的数", "The largest number"),
    "min": ("最小", "Smallest", "取最小的数", "The smallest number"),
    "negate": ("取负", "Negate", "正负号反过来", "With the other sign"),
    "absolute": ("绝对值", "Absolute", "去掉负号", "Without its sign"),
    "count": ("计数", "Count", "有几个", "How many there are"),
    "strip": ("去空白", "Strip", "去掉首尾空白，以及 prefix 与 suffix", "Without blanks around it, prefix and suffix"),
    "slice": ("截取", "Slice", "从 start 到 end 的字符", "The signs from start to end"),
    "split": ("拆分", "Split", "按 separator 拆开，取第 index 段", "A piece between separators, by index"),
    "match": ("匹配", "Match", "正则的第一组", "The first group of a regular expression"),
    "replace": ("替换", "Replace", "把 old 换成 new", "old becomes new"),
    "upper": ("转大写", "Upper case", "字母转大写", "In capitals"),
    "lower": ("转小写", "Lower case", "字母转小写", "In small letters"),
    "is_masked": ("是否带星号", "Is masked", "含有星号为真", "True where a star is in it"),
    "scan_milestone": ("轨迹里程碑", "Milestone of a scan", "从中文轨迹认出里程碑", "What Chinese words tell"),
    "scan_incident": ("轨迹异常", "Incident of a scan", "从中文轨迹认出异常", "What Chinese words tell"),
    "split_area": ("拆省市区", "Split the area", "从地址取 part：province、city、district、detail",
                   "part of a Chinese address: province, city, district, detail"),
}


def functions_told() -> list[FunctionTold]:
    """Every function, in the order of the documentation."""
    return [FunctionTold(name, Words(zh, en), Words(help_zh, help_en), list(FUNCTIONS[name].options),
                         list(FUNCTIONS[name].needed), FUNCTIONS[name].values_min, FUNCTIONS[name].values_max)
            for name, (zh, en, help_zh, help_en) in _WORDS.items()]
