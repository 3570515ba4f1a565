"""What is wrong with a typed order, field by field, in words that say how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from orderloom.application.entered_shapes import QUANTITY_MAX, EnteredLine, EnteredOrder, EnteredReceiver
from orderloom.domain.address import split
from orderloom.domain.cleaning import can_be_called, is_cipher, is_masked, says_something
from orderloom.domain.draft import Draft, Problem
from orderloom.domain.money import CURRENCIES, exponent
from orderloom.domain.words import Words

Wrong = dict[str, Words]
"""By field, as the API writes it: `receiver.phone`, `lines.0.sku`."""
CLOCKS_APART = timedelta(minutes=10)
"""By so much the clock of who types may be ahead of ours."""
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")


class NotEntered(ValueError):
    """It is not taken in: `code` is one of the API's (wrong_value, key_used, not_manual, too_late)."""

    def __init__(self, code: str, wrong: Mapping[str, Words]) -> None:
        super().__init__("\n".join(f"{field}: {words.en}" for field, words in wrong.items()))
        self.code, self.wrong = code, dict(wrong)


def problems_of(typed: EnteredOrder, unknown: Mapping[str, Sequence[str]], at: datetime) -> Wrong:
    """Everything that is wrong now; `unknown` are codes that nobody knows, each with those that may be meant."""
    wrong: Wrong = {}
    if typed.currency not in CURRENCIES:
        wrong["currency"] = Words("币种请写三位代码，如 CNY", "a currency of three letters, such as CNY")
        return wrong
    if not typed.lines:
        wrong["lines"] = Words("请至少填写一行商品", "at least one line of goods")
    for number, line in enumerate(typed.lines):
        wrong |= {f"lines.{number}.{name}": words for name, words in _line(line, typed.currency, unknown).items()}
    wrong |= _twice(typed.lines)
    for name in ("freight", "discount"):
        if words := _amount(getattr(typed, name), typed.currency):
            wrong[name] = words
    if typed.placed_at and (words := _placed(typed.placed_at, at)):
        wrong["placed_at"] = words
    receiver = typed.receiver or EnteredReceiver()
    wrong |= {f"receiver.{name}": words for name, words in _receiver(receiver).items()}
    if not wrong and (words := _total(typed)):
        wrong["discount"] = words
    return wrong


def _line(line: EnteredLine, currency: str, unknown: Mapping[str, Sequence[str]]) -> Wrong:
    wrong: Wrong = {}
    if not line.sku.strip():
        wrong["sku"] = Words("请填写商品编码", "the code of the goods is missing")
    elif line.sku in unknown:
        near = unknown[line.sku]
        wrong["sku"] = Words(f"没有这个商品{'，是不是 ' + '、'.join(near) if near else '，请从建议中选择'}",
                             f"there is no such SKU{': did you mean ' + ', '.join(near) if near else ''}")
    if not 1 <= line.quantity <= QUANTITY_MAX:
        wrong["quantity"] = Words(f"数量请填 1 到 {QUANTITY_MAX}", f"units: from 1 to {QUANTITY_MAX}")
    for name in ("price", "discount"):
        if words := _amount(getattr(line, name), currency):
            wrong[name] = words
    if not wrong and Decimal(line.discount) > Decimal(line.price) * line.quantity:
        wrong["discount"] = Words("优惠比这一行的金额还多", "more comes off than the line costs")
    return wrong


def _twice(lines: Sequence[EnteredLine]) -> Wrong:
    seen: set[str] = set()
    wrong: Wrong = {}
    for number, line in enumerate(lines):
        key = line.id or line.sku
        if key and key in seen:
            wrong[f"lines.{number}.sku"] = Words("这个商品已有一行，请合并数量",
                                                 "it has a line already: put the units together")
        seen.add(key)
    return wrong


def _amount(text: str, currency: str) -> Words | None:
    places = exponent(currency)
    if not _AMOUNT.fullmatch(text):
        return Words("金额请写成 12.50，不带符号和单位", "an amount such as 12.50, without sign or unit")
    if len(text.partition(".")[2].rstrip("0")) > places:
        return Words(f"{currency} 最多 {places} 位小数", f"{currency} has {places} decimals at most")
    return None


def _receiver(receiver: EnteredReceiver) -> Wrong:
    wrong: Wrong = {name: Words("带星号的是遮盖过的内容，请填写完整", "stars hide something: write it in full")
                    for name in ("name", "phone", "detail")
                    if is_masked(getattr(receiver, name)) or is_cipher(getattr(receiver, name))}
    if wrong:
        return wrong
    if not says_something(receiver.name):
        wrong["name"] = Words("请填写收件人姓名", "the receiver's name is missing")
    if not re.fullmatch(r"[A-Z]{2}", receiver.country):
        wrong["country"] = Words("国家请写两位大写代码，如 CN", "a country of two capital letters, such as CN")
    is_at_home = receiver.country == "CN"
    if is_at_home and not can_be_called(receiver.phone):
        wrong["phone"] = Words("请填写能打通的电话，如 13800138000", "a phone that can be called, such as 13800138000")
    if not says_something(receiver.detail):
        wrong["detail"] = Words("请填写详细地址", "the address is missing")
    elif is_at_home and not (receiver.province and receiver.city) and split(_whole(receiver)).is_unsure:
        wrong["detail"] = Words("看不出省市区，请写全，如 浙江省杭州市余杭区文一西路969号",
                                "province, city and district cannot be told: write them in full")
    elif not is_at_home and not receiver.city:
        wrong["city"] = Words("请填写城市", "the city is missing")
    return wrong


def _whole(receiver: EnteredReceiver) -> str:
    return f"{receiver.province}{receiver.city}{receiver.district}{receiver.detail}"


def _placed(text: str, at: datetime) -> Words | None:
    try:
        placed: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        placed = None
    if placed is None or placed.tzinfo is None:
        return Words("时间请写成 2026-01-02T10:30:00+08:00", "a time such as 2026-01-02T10:30:00+08:00")
    if placed > at + CLOCKS_APART:
        return Words("下单时间在将来，请改正", "the order lies ahead: correct its time")
    return None


def _total(typed: EnteredOrder) -> Words | None:
    goods = sum((Decimal(line.price) * line.quantity - Decimal(line.discount) for line in typed.lines), Decimal(0))
    if goods + Decimal(typed.freight) < Decimal(typed.discount):
        return Words("优惠比订单金额还多", "more comes off than the order costs")
    return None


def told_of(results: Iterable[Draft | tuple[Problem, ...]]) -> Wrong:
    """What the channel's mapping says of a typed order that looks right, by the mapping's own fields."""
    found: Wrong = {}
    for one in results:
        for problem in one if isinstance(one, tuple) else ():
            zh, _, en = problem.mend.partition(" / ")
            found[problem.field] = Words(zh, en or zh)
    return found
