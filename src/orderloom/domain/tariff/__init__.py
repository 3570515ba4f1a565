"""The Harmonised System (HS 2022, six digits): is a code one, what does it stand for, which ones come near. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from orderloom.domain.words import Words

DIGITS = (6, 8, 10, 13)
"""The international six, and national lines that begin with them."""
NEAR_MAX = 5
TEXT_MAX = 200
EXACT, BEGINS = 2, 1
"""What a word of the search counts that stands in a description, and one that begins a word there."""
OWN, ABOVE = 2, 1
"""The same for a word of the code's own description, and of the heading above alone."""
_MARKS = re.compile(r"[\s.·\-–/]+")
_WORD = re.compile(r"[a-z](?:-[a-z]+)+|[a-z]{2,}")
_COMMON = frozenset((
    "of", "and", "or", "the", "in", "for", "with", "other", "than", "not", "no", "nec", "heading", "from", "excluding",
    "including", "whether", "articles", "parts", "by", "to", "their", "but", "as", "on",
))


class HsCode(msgspec.Struct, frozen=True):
    """A code of six digits with what the nomenclature says of it."""

    code: str
    description: str


def plain_code(text: str) -> str:
    """The code without the dots, blanks and dashes that people put into it."""
    return _MARKS.sub("", text.strip())


def code_problem(text: str) -> Words | None:
    """Why this is no HS code, None when it is one. Of more than six digits the first six are looked up."""
    code = plain_code(text)
    if not (code.isascii() and code.isdigit()) or len(code) not in DIGITS:
        told = "".join(sign if sign.isprintable() else "?" for sign in text[:40])
        return Words(f"“{told}”不是海关编码：应为 6、8、10 或 13 位数字",
                     f'"{told}" is no HS code: 6, 8, 10 or 13 digits are needed')
    if code[:6] not in _table():
        return Words(f"海关编码 {code[:6]} 不在 HS 2022 里", f"{code[:6]} is not in HS 2022")
    return None


def describe(code: str) -> str:
    """What the first six digits stand for; empty for none."""
    return _table().get(plain_code(code)[:6], "")


def near_code(code: str, most: int = NEAR_MAX) -> list[HsCode]:
    """The codes that somebody may have meant: of the same heading, else chapter, those with the most digits alike."""
    wanted = plain_code(code)[:6]
    if not (wanted.isascii() and wanted.isdigit()):
        return []
    family = [known for known in _six() if len(wanted) >= 4 and known.startswith(wanted[:4])]
    family = family or [known for known in _six() if len(wanted) >= 2 and known.startswith(wanted[:2])]
    meant = int(wanted.ljust(6, "0"))
    ranked = sorted(family, key=lambda known: (-_alike(known, wanted), abs(int(known) - meant)))
    return [HsCode(known, _table()[known]) for known in ranked[:most]]


@lru_cache(maxsize=4_096)
def search(text: str, most: int = NEAR_MAX) -> tuple[HsCode, ...]:
    """Codes whose description fits the words best, of English or everyday Chinese; the beginning of a code finds its
    family. Empty when no word is known."""
    text = text.strip()[:TEXT_MAX]
    begun = plain_code(text)
    if begun.isascii() and begun.isdigit():
        return tuple(HsCode(known, _table()[known]) for known in _six() if known.startswith(begun[:6]))[:most]
    scores: dict[str, int] = defaultdict(int)
    for word in _asked(text):
        best: dict[str, int] = {}
        for known, codes in _index().items():
            if known.startswith(word):
                worth = (EXACT if known == word else BEGINS) * _rarity(len(codes))
                for code, share in codes.items():
                    best[code] = max(best.get(code, 0), worth * share)
        for code, score in best.items():
            scores[code] += score
    ranked = sorted(scores, key=lambda code: (-scores[code], len(_table()[code]), code))
    return tuple(HsCode(code, _table()[code]) for code in ranked[:most])


def proposals(code: str, *texts: str) -> list[HsCode]:
    """What to take instead of a wrong or missing code, the likeliest first: near codes, then by what it is called."""
    found = {one.code: one for one in near_code(code)} if code.strip() else {}
    for text in texts:
        for one in search(text):
            found.setdefault(one.code, one)
    return list(found.values())[:NEAR_MAX]


def _rarity(count: int) -> int:
    """Eight times the logarithm, to base 2, of how many codes there are for each one that has the word."""
    return ((1 + len(_six()) // count) ** 8).bit_length()


def _alike(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))


def _asked(text: str) -> Iterable[str]:
    """The words of the nomenclature that a text asks for; the longest Chinese words first, each sign once."""
    left, found = text, list[str]()
    for zh, english in _chinese().items():
        if zh in left:
            left = left.replace(zh, " ")
            found += english
    found += _words(left.casefold())
    return dict.fromkeys(found)


def _words(text: str) -> list[str]:
    """Words as they are compared: without plural, and without those that stand everywhere."""
    return [_stem(word) for word in _WORD.findall(text.replace("n.e.c", "")) if word not in _COMMON]


def _stem(word: str) -> str:
    for end, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(end) and len(word) > len(end) + 2:
            return word.removesuffix(end) + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


@cache
def _table() -> Mapping[str, str]:
    lines = files(__package__).joinpath("hs2022.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


@cache
def _six() -> tuple[str, ...]:
    return tuple(code for code in _table() if len(code) == DIGITS[0])


@cache
def _index() -> Mapping[str, Mapping[str, int]]:
    """Subheadings by the words of their own and their heading's description, with what a word counts there."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for code in _six():
        for word in _words(_table().get(code[:4], "").casefold()):
            found[word][code] = ABOVE
        for word in _words(_table()[code].casefold()):
            found[word][code] = OWN
    return found


@cache
def _chinese() -> Mapping[str, list[str]]:
    lines = files(__package__).joinpath("words.txt").read_text(encoding="utf-8").splitlines()
    told = [line.split("\t", 1) for line in lines]
    return {zh: _words(english) for zh, english in sorted(told, key=lambda one: -len(one[0]))}
