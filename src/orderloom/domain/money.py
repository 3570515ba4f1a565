"""Exact money: text to integer minor units and back, and sharing a total so that the shares add up to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, Overflow
from functools import lru_cache

from orderloom.domain.draft import Problem

_NO_MINOR = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_NO_MINOR.split(), 0),
    **dict.fromkeys(_THREE.split(), 3),
    "CLF": 4,
    "UYW": 4,
}
"""Decimals of the currencies of ISO 4217 that do not have two."""

_TWO = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF "
    "CHW CNH CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP GHS GIP GMD GTQ GYD HKD "
    "HNL HRK HTG HUF IDR ILS IMP INR IRR JEP JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR "
    "SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES "
    "WST XCD XCG YER ZAR ZMW ZWG ZWL"
)
CURRENCIES = frozenset({*EXPONENTS, *_TWO.split()})
"""Codes of ISO 4217, and those that shops use beside it. Of any other word nobody knows how many decimals it has."""

MINOR_MAX = 2**63 - 1
"""The largest amount that the database's bigint holds."""

_WIDE = str.maketrans("０１２３４５６７８９．，－＋", "0123456789.,-+")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"\d,\d{1,2}(\D|$)")
_DRESS = "¥￥$€£元圆 \u3000\u00a0"
EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, Overflow])
"""Sixty digits: enough that no sum or product of order money is rounded."""


def exponent(currency: str) -> int:
    """Decimals of `currency` (ISO 4217): 2 unless it is known to differ."""
    return EXPONENTS.get(currency, 2)


def parse(value: str | int | Decimal, currency: str, *, is_rounded: bool = False) -> int | Problem:
    """Minor units of an amount stated in major units ("12.30" CNY is 1230), from its digits.

    Thousands commas in groups of three, full-width digits and a currency sign are understood. An amount with more
    decimals than the currency has is refused unless `is_rounded` (half to even). "12,50" has two readings: refused.
    """
    if type(value) is str and len(value) < 16:
        return parse_short(value, currency, is_rounded)
    return _parse(value, currency, is_rounded)


def _parse(value: str | int | Decimal, currency: str, is_rounded: bool) -> int | Problem:
    number = to_number(value)
    if number is None and isinstance(value, str) and _COMMA.search(value):
        return _refuse(value, "逗号是小数点还是分隔？小数请写成 12.50；文件账号也可设 --setting decimals=comma",
                       "decimal comma or list? Write 12.50, or set decimals=comma on the files account")
    if number is None:
        return _refuse(value, "不是金额，请改为如 12.30 的数字", "not an amount; write digits such as 12.30")
    try:
        minor = number.scaleb(exponent(currency), EXACT)
        whole = int(minor.to_integral_value(ROUND_HALF_EVEN, EXACT))
    except (InvalidOperation, Overflow):
        return _refuse(value, "金额过大", "the amount is too large")
    if whole != minor and not is_rounded:
        places = exponent(currency)
        return _refuse(
            value, f"{currency} 最多 {places} 位小数，请核对来源金额", f"{currency} has {places} decimals at most"
        )
    if abs(whole) > MINOR_MAX:
        return _refuse(value, "金额过大", "the amount is too large")
    return whole


parse_short = lru_cache(maxsize=8192)(_parse)
"""`parse` with its arguments by position, remembering: prices repeat."""


def to_number(value: object) -> Decimal | None:
    """The exact number that a text, an integer or a decimal states, None when it states none or an absurd one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value if value.is_finite() and abs(value.adjusted()) < 60 else None
    if not isinstance(value, str):
        return None
    return _short_number(value) if len(value) < 16 else _text_number(value)


def _text_number(value: str) -> Decimal | None:
    text = value.translate(_WIDE).strip(_DRESS)
    if text[:1] in "+-":
        text = text[0] + text[1:].strip(_DRESS) if text else text
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if len(text) > 60 or not _PLAIN.fullmatch(text):
        return None
    return to_number(Decimal(text))


_short_number = lru_cache(maxsize=8192)(_text_number)


def _refuse(value: object, zh: str, en: str) -> Problem:
    return Problem(code="wrong_money", field="", value=str(value), mend=f"{zh} / {en}")


def format_minor(minor: int, currency: str) -> str:
    """The amount in major units with all the currency's decimals: 1230 CNY is "12.30"."""
    places = exponent(currency)
    if places == 0:
        return str(minor)
    sign = "-" if minor < 0 else ""
    whole, rest = divmod(abs(minor), 10**places)
    return f"{sign}{whole}.{rest:0{places}d}"


def apportion(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares of `total` in proportion to non-negative `weights`, adding up to it exactly.

    Largest remainder (Hamilton): every share is the exact quota rounded down or up; ties go to the earlier index.
    When all weights are zero they count as equal. No weights and a total of zero give no shares.
    """
    if not weights:
        assert total == 0, "a total cannot be shared among nobody"
        return ()
    assert min(weights) >= 0, "weights are not negative"
    sign = -1 if total < 0 else 1
    scale = sum(weights)
    if scale == 0:
        weights, scale = [1] * len(weights), len(weights)
    floors, remainders = [], []
    for weight in weights:
        floor, remainder = divmod(abs(total) * weight, scale)
        floors.append(floor)
        remainders.append(remainder)
    left = abs(total) - sum(floors)
    for index in sorted(range(len(weights)), key=lambda i: -remainders[i])[:left]:
        floors[index] += 1
    return tuple(sign * share for share in floors)
