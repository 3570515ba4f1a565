"""What is wrong with a command's words, said in Chinese beside the English that the argument parser gives."""

from __future__ import annotations

import re

from orderloom.domain.words import Words

SAYINGS = (
    (re.compile(r"Missing (?:argument|option|parameter) '([^']*)'"), "缺少 {0}"),
    (re.compile(r"No such option: (\S+?)\.?(?: Did you mean (\S+?)\?)?$"), "没有选项 {0}"),
    (re.compile(r"No such command '([^']*)'"), "没有子命令 {0}"),
    (re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)"), "多出来的参数：{0}"),
    (re.compile(r"Option '([^']*)' requires (?:an argument|\d+ arguments)"), "{0} 后面要写值"),
    (re.compile(r"Option '([^']*)' does not take a value"), "{0} 后面不写值"),
    (re.compile(r"Invalid value for '([^']*)': Input should be (?:greater than or equal to|at least) (-?\d+)"),
     "{0} 不能小于 {1}"),
    (re.compile(r"Invalid value for '([^']*)': Input should be (?:less than or equal to|at most) (-?\d+)"),
     "{0} 不能大于 {1}"),
    (re.compile(r"Invalid value for '([^']*)': (?:Input should be a valid integer|.* is not a valid int)"),
     "{0} 应是整数"),
)
"""The parser's sentence → ours. One that is not here is shown as it is."""


def said(text: str) -> Words:
    """The parser's sentence in both languages."""
    for sentence, zh in SAYINGS:
        if found := sentence.search(text):
            return Words(zh.format(*(part or "" for part in found.groups())), text)
    return Words(text, text)
