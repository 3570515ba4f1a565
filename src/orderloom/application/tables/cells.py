"""Cells of a table of goods as values: numbers with units, sizes, yes and no, names with numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from orderloom.domain.quantity import whole_number
from orderloom.domain.words import Words

YES = frozenset({"是", "有", "y", "yes", "true", "1", "√", "需要"})
NO = frozenset({"否", "无", "n", "no", "false", "0", "×", "不需要"})
KINDS = {"实物": "goods", "服务": "service", "虚拟": "virtual", "goods": "goods", "service": "service",
         "virtual": "virtual"}
NUMBER_MAX = 1_000_000
_WEIGHT = re.compile(r"\s*([0-9]+(?:\.[0-9]{1,3})?)\s*(g|克|kg|千克|公斤)?\s*", re.IGNORECASE)
_SIZE = re.compile(r"[x×X*＊乘]")
_PARTS = re.compile(r"[;；,，、|\s]+")


class NotRead(Exception):
    """A cell cannot be read; `words` say how to write it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.words = Words(zh, en)


def grams(text: str) -> int:
    """Grams, of a number alone or with its unit. Raises NotRead."""
    found = _WEIGHT.fullmatch(text)
    if found is None:
        raise NotRead(f"重量“{text[:40]}”应写成克数，如 350 或 0.35kg",
                      f'weight "{text[:40]}": write grams, as 350 or 0.35kg')
    whole, _, part = found[1].partition(".")
    is_kilo = (found[2] or "g").lower() in ("kg", "千克", "公斤")
    thousandths = int(whole) * 1000 + int(part.ljust(3, "0") or 0)
    return thousandths if is_kilo else round(thousandths / 1000)


def millimetres(text: str) -> tuple[int, int, int]:
    """Length, width and height, as 90×90×110. Raises NotRead."""
    parts = [whole_number(part.strip().removesuffix("mm").strip()) for part in _SIZE.split(text)]
    if len(parts) != 3 or any(part is None for part in parts):
        raise NotRead(f"尺寸“{text[:40]}”应写成 长×宽×高 毫米，如 90×90×110",
                      f'size "{text[:40]}": write length×width×height in mm, as 90×90×110')
    length, width, height = [part or 0 for part in parts]
    return length, width, height


def yes_or_no(text: str) -> bool:
    """Raises NotRead."""
    plain = text.strip().lower()
    if plain not in YES | NO:
        raise NotRead(f"“{text[:40]}”应写 是 或 否", f'"{text[:40]}": write yes or no')
    return plain in YES


def kind(text: str) -> str:
    """goods, service or virtual. Raises NotRead."""
    found = KINDS.get(text.strip().lower())
    if found is None:
        raise NotRead(f"种类“{text[:40]}”应写 实物、服务 或 虚拟", f'kind "{text[:40]}": goods, service or virtual')
    return found


def named(text: str, known: Mapping[str, Words]) -> str:
    """A class by its name or what it is called. Raises NotRead."""
    for name, words in known.items():
        if text.strip().lower() in (name.lower(), words.zh.lower(), words.en.lower()):
            return name
    names = "、".join(words.zh for words in known.values())
    raise NotRead(f"没有“{text[:40]}”；可用：{names}", f'there is no "{text[:40]}"; known: {", ".join(known)}')


def number(text: str, least: int = 0) -> int:
    """A whole number. Raises NotRead."""
    found = whole_number(text)
    if found is None or not least <= found <= NUMBER_MAX:
        raise NotRead(f"“{text[:40]}”应是 {least} 到 {NUMBER_MAX} 的整数",
                      f'"{text[:40]}" must be a whole number from {least} to {NUMBER_MAX}')
    return found


def pairs(text: str) -> dict[str, int]:
    """`箱=12;托=480` as names and whole numbers; 0 takes one away. Raises NotRead."""
    found = {}
    for part in filter(None, (part.strip() for part in text.replace("；", ";").split(";"))):
        name, _, count = part.rpartition("=")
        if not name.strip() or not (count.strip().isascii() and count.strip().isdigit()):
            raise NotRead(f"“{part[:60]}”应写成 名称=整数", f'"{part[:60]}" must be name=whole number')
        found[name.strip()] = number(count.strip())
    return found


def parts(text: str) -> tuple[str, ...]:
    """Several texts of one cell."""
    return tuple(filter(None, _PARTS.split(text)))
