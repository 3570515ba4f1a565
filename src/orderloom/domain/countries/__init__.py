"""Country names as people write them to ISO 3166-1 codes of two letters: China, 中国, Deutschland, USA, 香港."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from orderloom.domain.divisions import plain_signs

NAME_MAX = 80
_NOISE = re.compile(r"[\s.,·'’\"()（）\-–_/]+")
_ARTICLE = re.compile(r"^(the|republic of|kingdom of)\s+")
_EXTRA_SIGNS = str.maketrans("荷蘭奧爾義賓紐敘縣國", "荷兰奥尔义宾纽叙县国")


@lru_cache(maxsize=2048)
def country_code(text: str) -> str | None:
    """The two letters of a country, None for a text that names none."""
    if len(text) > NAME_MAX:
        return None
    known = _codes()
    return known.get(_plain(text)) or known.get(_plain(_ARTICLE.sub("", text.strip().casefold())))


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("also.txt", "countries.txt"):
        for line in files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines():
            code, *names = line.split("\t")
            for one in (code, *names):
                found.setdefault(_plain(one), code)
    return found


def _plain(text: str) -> str:
    """Without case, accents, blanks and punctuation; traditional signs become simplified ones."""
    parts = unicodedata.normalize("NFKD", text.translate(plain_signs()).translate(_EXTRA_SIGNS).casefold())
    return unicodedata.normalize("NFC", _NOISE.sub("", "".join(p for p in parts if not unicodedata.combining(p))))
