"""One place for what a code may look like: the seller's own codes, and the spellings that channels use for them."""

from __future__ import annotations

import re
import unicodedata

from orderloom.domain.destroyed import is_destroyed
from orderloom.domain.divisions import table
from orderloom.domain.limits import TEXT_MAX
from orderloom.domain.words import Words

CODE_LENGTH_MAX = 64
SPELLING_LENGTH_MAX = TEXT_MAX["sku_external"]
NAME_LENGTH_MAX = 200
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Control and format characters, halves of pairs: what nobody can see nobody can type again."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def can_be_stored(text: str) -> bool:
    """Whether the database takes a text at all; one that it does not take stands nowhere and need not be looked up."""
    return _UNSTORABLE.search(text) is None


def code_problem(code: str) -> Words | None:
    """Why this cannot be a code of the seller's (SKU, warehouse), None when it can. Codes have no spaces at all."""
    if not code.strip():
        return Words("编码是空的", "the code is empty")
    if any(c.isspace() for c in code):
        return Words("编码里不能有空格", "a code has no spaces")
    return _destroyed(code) or _hidden(code) or _length(code, CODE_LENGTH_MAX)


def spelling_problem(spelling: str) -> Words | None:
    """Why this cannot be a channel's spelling, None when it can. Spaces inside are the channel's own."""
    if not spelling.strip():
        return Words("写法是空的", "the spelling is empty")
    if spelling != spelling.strip():
        return Words("写法的前后不能有空格", "a spelling has no spaces around it")
    return _destroyed(spelling) or _hidden(spelling) or _length(spelling, SPELLING_LENGTH_MAX)


def name_problem(name: str) -> Words | None:
    """Why this cannot be a name for people, None when it can; empty is no name and may be."""
    return _hidden(name) or _length(name, NAME_LENGTH_MAX)


def country_problem(country: str) -> Words | None:
    """Why this is no country, None when it can be: two capital letters of ISO 3166."""
    if len(country) == 2 and country.isascii() and country.isalpha() and country.isupper():
        return None
    return Words(f"国家应写两个大写字母，如 CN，不是“{_shown(country)}”",
                 f'a country is two capital letters, such as CN, not "{_shown(country)}"')


def province_of(name: str) -> str | None:
    """The full name of a Chinese province by its full, short or English name; None when there is no such province."""
    plain = name.strip()
    for one in table().provinces.values():
        if plain in (one.name, one.short) or plain.lower() == one.english.lower():
            return one.name
    return None


def province_problem(country: str, province: str) -> Words | None:
    """Why this province cannot be used; outside China any name may be, and empty always."""
    if not province or country != "CN" or province_of(province):
        return name_problem(province)
    names = "、".join(p.short for p in table().provinces.values())
    return Words(f"没有“{_shown(province)}”这个省份；可用：{names}",
                 f'there is no province "{_shown(province)}"; known: {names}')


def _destroyed(text: str) -> Words | None:
    if is_destroyed(text):
        return Words("被表格软件改成科学计数法，请把该列设为文本",
                     "in scientific notation digits are lost: format the column as text")  # fmt: skip
    return None


def _hidden(text: str) -> Words | None:
    for place, character in enumerate(text, 1):
        if unicodedata.category(character) in _HIDDEN:
            return Words(f"第 {place} 个字符看不见（U+{ord(character):04X}），请删去",
                         f"character {place} cannot be seen (U+{ord(character):04X}): remove it")
    return None


def _length(text: str, most: int) -> Words | None:
    if len(text) <= most:
        return None
    return Words(f"有 {len(text)} 个字符，最多 {most} 个", f"{len(text)} characters; {most} at most")


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def folded(code: str) -> str:
    """A code as people take it for the same: half width, whatever case."""
    return unicodedata.normalize("NFKC", code).casefold()
