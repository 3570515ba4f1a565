"""From what the payload holds to what a field needs: text, name, integer, money, time, flag, currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from orderloom.blueprint.mapping.scope import Scope, Unfit
from orderloom.blueprint.mapping.times import read_revision, read_time
from orderloom.domain import money
from orderloom.domain.cleaning import clean_name, clean_text
from orderloom.domain.incident import Blame, Incident
from orderloom.domain.states import (
    AfterSaleKind,
    AfterSaleState,
    ChannelHold,
    ChargeKind,
    LineKind,
    PaymentState,
    State,
    StockMeaning,
)

Cast = Callable[[Any, Scope], Any]
"""Converts a value; None means that it was a way of saying nothing. Raises `Unfit`."""

KINDS = ("text", "name", "integer", "money", "time", "flag", "currency")
_STATES: Mapping[str, type[State]] = {
    "payment": PaymentState, "hold": ChannelHold, "line_kind": LineKind, "charge_kind": ChargeKind,
    "meaning": StockMeaning, "after_sale_kind": AfterSaleKind, "after_sale_state": AfterSaleState,
    "incident": Incident, "blame": Blame,
}
CLOSED: Mapping[str, tuple[str, ...]] = {
    name: tuple(str(one) for one in words) for name, words in _STATES.items()
}
"""Kinds of fields that take one of a few words; a mapping cannot ask for them by `as`."""
_TRUE = frozenset({"true", "1", "yes", "y", "t", "on", "是"})
_FALSE = frozenset({"false", "0", "no", "n", "f", "off", "否", "none"})
_BIGINT = 2**63
_CURRENCY_NAMES = {"RMB": "CNY", "人民币": "CNY", "元": "CNY", "NTD": "TWD"}


def text(value: Any, scope: Scope) -> str | None:
    """Clean text; numbers as their digits."""
    if value.__class__ is str:
        return clean_text(value) or None
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, Decimal) and abs(value.adjusted()) > 60:
        raise Unfit("wrong_value", "数字过大", "the number is too large")
    if isinstance(value, (int, Decimal)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, (list, dict)):
        raise Unfit("wrong_value", "应为文本，却是列表或对象", "a text is needed; this is a list or an object")
    return str(value)


def name(value: Any, scope: Scope) -> str | None:
    """A person's name: text with half-width letters."""
    found = text(value, scope)
    return clean_name(found) if found else None


def integer(value: Any, scope: Scope) -> int | None:
    """A whole number: 2, "2", "２", 2.0; not 2.5."""
    if value.__class__ is int:
        number = Decimal(value)
    else:
        known = None if isinstance(value, bool) else money.to_number(value)
        if known is None or known != known.to_integral_value():
            raise Unfit("wrong_value", "应为整数", "a whole number is needed")
        number = known
    if not -_BIGINT < number < _BIGINT:
        raise Unfit("wrong_value", "数字过大", "the number is too large")
    return int(number)


def flag(value: Any, scope: Scope) -> bool:
    """Yes or no in the ways that platforms write it."""
    if value is True or value is False:
        return bool(value)
    word = str(value).strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise Unfit("wrong_value", "应为是/否", "yes or no is needed")


def currency(value: Any, scope: Scope) -> str:
    """An ISO 4217 code."""
    word = str(value).strip().upper()
    word = _CURRENCY_NAMES.get(word, word)
    if word not in money.CURRENCIES:
        raise Unfit("wrong_value", "应为三位货币代码，如 CNY", "a currency code of ISO 4217 is needed, such as CNY")
    return word


def closed_cast(words: tuple[str, ...]) -> Cast:
    """A cast to one of a few words."""
    known = ", ".join(words)

    def one_of(value: Any, scope: Scope) -> str | None:
        found = text(value, scope)
        if found is None or found in words:
            return found
        raise Unfit("unknown_value", f"应为 {known} 之一，请在映射中对应", f"one of {known} is needed: map it")

    return one_of


def money_cast(is_minor: bool, is_rounded: bool) -> Cast:
    """A cast to minor units of the order's currency."""

    def minor(value: Any, scope: Scope) -> int | None:
        if isinstance(value, Decimal) and is_rounded:
            value = value.to_integral_value()
        return integer(value, scope)

    def major(value: Any, scope: Scope) -> int:
        if isinstance(value, (list, dict)):
            raise Unfit("wrong_money", "不是金额", "not an amount")
        found = money.parse(value, scope.currency, is_rounded=is_rounded)
        if isinstance(found, int):
            return found
        zh, _, en = found.mend.partition(" / ")
        raise Unfit("wrong_money", zh, en)

    return minor if is_minor else major


def time_cast(zone: tzinfo | None, form: str, *, is_revision: bool = False) -> Cast:
    """A cast to an instant; an offset-less time is read in `zone`, or in the account's."""
    read = read_revision if is_revision else read_time

    def instant(value: Any, scope: Scope) -> Any:
        return read(value, scope, zone or scope.zone, form)

    return instant


PLAIN: Mapping[str, Cast] = {"text": text, "name": name, "integer": integer, "flag": flag, "currency": currency}
"""Casts without options."""
