"""Mistakes of a mapping in words for people: the place by its name, the reason in Chinese and English."""

from __future__ import annotations

import re

import msgspec

from orderloom.blueprint.mapping.check import Mistake
from orderloom.blueprint.mapping.order_schema import target_title
from orderloom.domain.words import Words

_NEAR = r"(?:; did you mean (?P<meant>.*)\?|; known: (?P<known>.*))?"
_CHINESE: tuple[tuple[str, str], ...] = (
    (r"a glob or a list of globs is expected", "topic 应为一个主题通配符，或一列通配符"),
    (r"a list is expected", "这里应为列表"),
    (r"a list of conditions is expected", "这里应为条件的列表"),
    (r"a list of parts is expected", "这里应为部分的列表"),
    (r"a list of 1 to (\d+) documents is expected", "documents 应为 1 到 {0} 个文档"),
    (r"a path is expected, the list is empty", "这里要写路径，列表是空的"),
    (r"a path is expected, not (.*)", "这里要写路径，不能是 {0}"),
    (r"a whole number is expected, not (.*)", "这里要写整数，不能是 {0}"),
    (r"a block of names is expected, not (.*)", "这里应为一组键值，不能是 {0}"),
    (r"a regular expression of at most (\d+) characters is expected", "正则最多 {0} 个字符"),
    (r"not a regular expression: (.*)", "正则写得不对：{0}"),
    (r"a track report needs entries", "物流轨迹要有 entries"),
    (r"a work report says something", "作业回报要有 said"),
    (r"this report needs figures", "这种报告要有 figures"),
    (r"an order needs lines", "订单要有商品行 lines"),
    (r"an amount needs its currency", "有金额就要有币种"),
    (r"an expression text is expected; .*", "这里要写表达式，不接受决策图和函数节点"),
    (r"longer than (\d+) characters: .*", "表达式超过 {0} 个字符，请改用字段与函数"),
    (r"(conditions|functions) are nested too deeply", "嵌套太深"),
    (r"(present|dated) takes true or false", "{0} 只能是 true 或 false"),
    (r"true or false is expected, not (.*)", "只能是 true 或 false，不能是 {0}"),
    (r"(\S+) takes a number, not (.*)", "{0} 要一个数字，不能是 {1}"),
    (r"either milestone, or path with a dictionary .*", "写 milestone，或写 path 加状态字典 dictionary"),
    (r"exactly one of (.*) is expected", "只能写其中一个：{0}"),
    (r"facts are text, integer, money or flag", "附加事实只能是文本、整数、金额或真假"),
    (r"(major or minor|minor or major) is expected", "只能是 major（元）或 minor（分）"),
    (r"must not be empty", "不能为空"),
    (r"says no time", "缺少时间 at"),
    (r"take needs a dictionary", "take 要配合 dictionary"),
    (r"the first line must be (.*)", "首行应为 {0}"),
    (r"this field is required", "必填，还没有对应的来源字段"),
    (r"@(.*) is not known: (.*)", "没有 @{0}，可用：{1}"),
    (r"\[(.*)\] is neither empty, a position, name=value, nor \*name=value",
     "[{0}] 只能为空、序号、名称=值 或 *名称=值"),
    (r"one of (.*) is expected", "只能是：{0}"),
    (r"the path (.*) cannot be read from its character (\d+)", "路径 {0} 从第 {1} 个字符起看不懂"),
    (r"the path (.*) has an empty step", "路径 {0} 有空的一级"),
    (r"the path (.*) has more than (\d+) steps", "路径 {0} 超过 {1} 级"),
    (r"(.*) is no IANA zone", "没有时区 {0}，例如 Asia/Shanghai"),
    (r"is no column of the hub's", "不是系统列名，例如 订单号、商品编码、数量、单价"),
    (r"(.*?) is not in statuses.yaml" + _NEAR, "没有状态字典 {0}{near}"),
    (r"the function (.*?) is not known" + _NEAR, "没有函数 {0}{near}"),
    (r"(\S+) takes (\d+) to (\d+) values", "{0} 要 {1} 到 {2} 个值"),
    (r"(\S+) takes a word of its own: leave out as", "{0} 只取固定的词，去掉 as"),
    (r"(\S+) needs (\S+)", "{0} 缺少选项 {1}"),
    (r"is not known" + _NEAR, "不认识这一项{near}"),
    (r"(.*?) is not known" + _NEAR, "不认识 {0}{near}"),
    (r"(.*): (.*)", "{0} 不能用：{1}"),
)
_COMPILED = tuple((re.compile(pattern, re.DOTALL), zh) for pattern, zh in _CHINESE)


class MistakeTold(msgspec.Struct, frozen=True):
    """One mistake: `field` is its place in the mapping, `title` what that is called."""

    field: str
    title: Words
    reason: Words


def mistake_told(mistake: Mistake) -> MistakeTold:
    """A mistake as people read it."""
    field = mistake.field.removeprefix("fields.").replace(".fields.", ".")
    return MistakeTold(mistake.field, target_title(field), Words(chinese(mistake.reason) or mistake.reason,
                                                                  mistake.reason))


def chinese(reason: str) -> str:
    """The reason in Chinese; empty for one that nobody has put into words."""
    for pattern, zh in _COMPILED:
        if found := pattern.fullmatch(reason):
            named = found.groupdict()
            near = f"，是不是 {named['meant']}？" if named.get("meant") else (
                f"，可用：{named['known']}" if named.get("known") else "")
            return zh.format(*found.groups(), near=near)
    return ""
