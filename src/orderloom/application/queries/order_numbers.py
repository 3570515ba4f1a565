"""A pasted list of order numbers: parted as people copy them, bounded, and no number twice."""

from __future__ import annotations

import re

from orderloom.application.not_kept import NotKept

NUMBERS_MAX, NUMBER_LENGTH_MAX = 200, 64
TEXT_LENGTH_MAX = 40_000
"""Twice what that many numbers take: nothing longer is looked through."""
BETWEEN = re.compile(r"[\s,\uff0c\u3001;\uff1b\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]+")
"""Commas and semicolons of both scripts, blanks, lines, and what nobody sees that comes along from a page or sheet."""
QUOTES = "'\"\u2018\u2019\u201c\u201d"
"""Around a number in a sheet or a file, and before one in an export of the hub's own."""


def parted(text: str) -> tuple[str, ...]:
    """The numbers of a text, in its order. No text holds none; a text without any, or with too many, raises NotKept."""
    if not text:
        return ()
    if len(text) > TEXT_LENGTH_MAX:
        raise _wrong(f"文字太长，一次最多 {NUMBERS_MAX} 个单号",
                     f"the text is too long, {NUMBERS_MAX} numbers at once at most")
    found = tuple(dict.fromkeys([one for part in BETWEEN.split(text) if (one := part.strip(QUOTES))]))
    if not found:
        raise _wrong("里面没有单号", "there is no number in it")
    if len(found) > NUMBERS_MAX:
        raise _wrong(f"一次最多 {NUMBERS_MAX} 个单号，这里有 {len(found)} 个",
                     f"{NUMBERS_MAX} numbers at once at most, there are {len(found)}")
    if long := next((one for one in found if len(one) > NUMBER_LENGTH_MAX), ""):
        raise _wrong(f"单号最长 {NUMBER_LENGTH_MAX} 个字符：“{long[:20]}…”太长",
                     f'a number has {NUMBER_LENGTH_MAX} characters at most: "{long[:20]}…" is longer')
    return found


def _wrong(zh: str, en: str) -> NotKept:
    return NotKept("wrong_value", f"numbers：{zh}", f"numbers: {en}")
