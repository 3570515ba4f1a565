"""In which order a floor is walked: one number per place, made of its code, so that nobody sorts code text. Pure.

A code is zone, aisle, bay, level (`A-03-12-1`), whatever stands between them. Odd aisles are walked up by bay, even
ones down (an S); levels low first. A person may write another number over it.
"""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Za-z]+|[0-9]+")
_STEP = 1_000
"""Aisles, bays and levels of one part: higher numbers count as the last one."""
_ZONES = 30
"""Letters of a zone, and room for digits that stand for one."""
SEQUENCE_MAX = 2**53 - 1
"""What a page in a browser still reads exactly."""


def sequence_of(code: str) -> int:
    """The place's number in the walk.

    >>> sequence_of("A-2") < sequence_of("A-10") < sequence_of("B-1")
    True
    >>> sequence_of("A-02-09") < sequence_of("A-02-01")
    True
    """
    parts = _PARTS.findall(code)
    zone = parts.pop(0) if parts and parts[0].isalpha() else ""
    numbers = [min(int(part[-9:]), _STEP - 1) for part in parts if part.isdigit()][:3]
    aisle, bay, level = [*numbers, 0, 0, 0][:3]
    if aisle % 2 == 0 and len(numbers) > 1:
        bay = _STEP - 1 - bay
    return ((_zone(zone) * _STEP + aisle) * _STEP + bay) * _STEP + level


def zone_of(code: str) -> str:
    """The part of the floor that a place lies in: the letters in front, else the first number."""
    parts = _PARTS.findall(code)
    return parts[0].upper() if parts else ""


def _zone(letters: str) -> int:
    number = 0
    for letter in letters.upper()[:2].ljust(2, "@"):
        number = number * _ZONES + min(max(ord(letter) - 64, 0), _ZONES - 1)
    return number
