"""Code 128 (ISO/IEC 15417): what a text is as black and white modules, digits in pairs where that is shorter."""

from __future__ import annotations

import re
from functools import lru_cache

QUIET_MODULES = 10
"""White on both sides that a reader needs."""
CODE_LENGTH_MAX = 80
_WIDTHS = re.findall(r"\d+", (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"))
_START_B, _START_C, _TO_C, _TO_B, _STOP = 104, 105, 99, 100, 106
_RUNS = re.compile(r"\d+|\D+")


def can_be_barred(text: str) -> bool:
    """Whether a barcode can be made of it: printable ASCII, and not too long."""
    return 0 < len(text) <= CODE_LENGTH_MAX and all(" " <= sign <= "~" for sign in text)


@lru_cache(256)
def modules_of(text: str) -> str:
    """Modules of a text that can be barred, `1` black, without quiet zones."""
    assert can_be_barred(text), "no barcode can be made of it"
    values = _values(text)
    check = (values[0] + sum([place * value for place, value in enumerate(values[1:], 1)])) % 103
    widths = "".join([_WIDTHS[value] for value in (*values, check, _STOP)])
    return "".join([("1", "0")[place % 2] * int(width) for place, width in enumerate(widths)])


def _values(text: str) -> list[int]:
    found: list[int] = []
    is_pairs = False
    for run in _RUNS.findall(text):
        paired = len(run) - len(run) % 2 if run.isdigit() and _is_worth(run, text) else 0
        odd, pairs = run[:len(run) - paired], run[len(run) - paired:]
        if odd:
            found += [_start_or(found, _TO_B, _START_B)] if is_pairs or not found else []
            found += [ord(sign) - 32 for sign in odd]
            is_pairs = False
        if pairs:
            found += [_start_or(found, _TO_C, _START_C)] if not is_pairs or not found else []
            found += [int(pairs[at:at + 2]) for at in range(0, len(pairs), 2)]
            is_pairs = True
    return found


def _is_worth(run: str, text: str) -> bool:
    """Whether pairs save more than changing to them costs: four digits at an end, six in between, or nothing else."""
    return len(run) >= (4 if text.startswith(run) or text.endswith(run) else 6) or run == text


def _start_or(found: list[int], change: int, start: int) -> int:
    return change if found else start
