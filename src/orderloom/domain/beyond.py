"""What of a draft is beyond what the hub can keep, by name, each with its field and how to mend it.

Almost every draft fits (`limits.fits`) and is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from orderloom.domain.destroyed import is_destroyed
from orderloom.domain.draft import (
    AfterSaleReport,
    DraftLine,
    OrderDraft,
    Problem,
    StockReport,
    TrackReport,
    WorkReport,
)
from orderloom.domain.limits import (
    ENTRIES_MAX,
    FACT_TEXT_MAX,
    FACTS_MAX,
    FIGURES_MAX,
    KEY_TEXTS,
    LINE_KINDS,
    LINES_MAX,
    MONEY_MAX,
    PARTS_MAX,
    PAYMENTS,
    QUANTITY_MAX,
    STARS_MAX,
    STATEMENTS_MAX,
    TEXT_MAX,
    fits,
    is_time,
)
from orderloom.domain.looked import ListingReport, RatingReport
from orderloom.domain.money import CURRENCIES
from orderloom.domain.shown import shown_of
from orderloom.domain.states import ChargeKind

_UNREADABLE_KEY = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_UNREADABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NUMBER_LIKE = ("external_id", "order_external_id", "sku_external", "sku", "waybill")
_CHARGE_KINDS = frozenset(ChargeKind)
_RECEIVER = ("name", "phone", "country", "province", "city", "district", "detail", "postcode", "token")
_MONEY = ("total", "paid", "freight", "discount", "tax")

Claim = OrderDraft | WorkReport | TrackReport | StockReport | AfterSaleReport | ListingReport | RatingReport


def beyond(draft: Claim) -> tuple[Problem, ...]:
    """Everything in a draft that cannot be kept, each with field and mend; empty for almost every draft."""
    if isinstance(draft, OrderDraft):
        return () if fits(draft) else tuple(_order(draft))
    if isinstance(draft, WorkReport):
        return tuple(_work(draft))
    if isinstance(draft, TrackReport):
        return tuple(_track(draft))
    if isinstance(draft, AfterSaleReport):
        return tuple(_after_sale(draft))
    if isinstance(draft, ListingReport):
        return tuple(_listings(draft))
    if isinstance(draft, RatingReport):
        return tuple(_ratings(draft))
    return tuple(_stock(draft))


def _order(d: OrderDraft) -> Iterable[Problem]:
    yield from _texts(d, "", ("external_id", "parent_external_id", "native", "note", "buyer", "hold", "currency",
                              "source_zone", "source_placed_at", "external_number", "echo_of"))  # fmt: skip
    yield from _texts(d.receiver, "receiver.", _RECEIVER)
    if not d.external_id:
        yield _problem("missing_field", "external_id", "", "订单号为空；请在映射里改取其他字段",
                       "the order has no number; map another field")  # fmt: skip
    if d.currency not in CURRENCIES:
        yield _problem("bad_value", "currency", d.currency, "应为三位货币代码，如 CNY",
                       "a currency code of ISO 4217 is needed, such as CNY")  # fmt: skip
    if d.payment not in PAYMENTS:
        yield _problem("unknown_value", "payment", d.payment, "付款状态不在词表里；请在映射里对应",
                       "the payment state is not known; map it")  # fmt: skip
    for name in _MONEY:
        yield from _amount(name, getattr(d, name), 0 if name == "paid" else -MONEY_MAX)
    yield from _count("lines", len(d.lines), LINES_MAX)
    yield from _count("said", len(d.said), STATEMENTS_MAX)
    for at, line in enumerate(d.lines[:LINES_MAX]):
        yield from _line(line, f"lines[{at}].", is_live=_is_live(d))
    for name, instant in (("revision", d.revision), ("placed_at", d.placed_at), ("paid_at", d.paid_at)):
        yield from _instant(name, instant)
    for at, said in enumerate(d.said[:STATEMENTS_MAX]):
        yield from _texts(said, f"said[{at}].", ("milestone", "native"))
        yield from _instant(f"said[{at}].at", said.at)
    yield from _facts(d.facts)
    yield from _parts(d)


def _parts(d: OrderDraft) -> Iterable[Problem]:
    """Charges, refunds and shipments."""
    yield from _amount("refunded", d.refunded, 0)
    for name in ("charges", "refunds", "shipments"):
        yield from _count(name, len(getattr(d, name)), PARTS_MAX)
    for at, charge in enumerate(d.charges[:PARTS_MAX]):
        yield from _texts(charge, f"charges[{at}].", ("kind", "title"))
        yield from _amount(f"charges[{at}].amount", charge.amount, -MONEY_MAX)
        yield from _amount(f"charges[{at}].tax", charge.tax, -MONEY_MAX)
        if charge.kind not in _CHARGE_KINDS:
            yield _problem("unknown_value", f"charges[{at}].kind", charge.kind, "费用种类不在词表里；请在映射里对应",
                           "the kind of charge is not known; map it")  # fmt: skip
    for at, refund in enumerate(d.refunds[:PARTS_MAX]):
        yield from _texts(refund, f"refunds[{at}].", ("external_id",))
        yield from _amount(f"refunds[{at}].amount", refund.amount, 0)
        yield from _instant(f"refunds[{at}].at", refund.at)
    for at, shipment in enumerate(d.shipments[:PARTS_MAX]):
        yield from _texts(shipment, f"shipments[{at}].", ("waybill", "carrier"))
        yield from _instant(f"shipments[{at}].at", shipment.at)


def _is_live(d: OrderDraft) -> bool:
    """Before payment and after cancelling a channel may state no units; so it may for some lines, not for all."""
    return not (d.is_cancelled or "awaiting_payment" in d.flags or any(line.quantity > 0 for line in d.lines))


def _line(line: DraftLine, place: str, *, is_live: bool) -> Iterable[Problem]:
    yield from _texts(line, place, ("external_id", "sku_external", "title", "unit", "native", "kind"))
    for name in ("price", "discount", "amount", "goods"):
        yield from _amount(place + name, getattr(line, name) or 0, -MONEY_MAX)
    least = 1 if is_live and not line.is_closed else 0
    yield from _quantity(place + "quantity", line.quantity, least)
    yield from _quantity(place + "fulfilled", line.fulfilled or 0, 0)
    if line.kind not in LINE_KINDS:
        yield _problem("unknown_value", place + "kind", line.kind, "行应为 goods、service 或 virtual；请在映射里对应",
                       "a line is goods, service or virtual; map it")  # fmt: skip


def _work(report: WorkReport) -> Iterable[Problem]:
    yield from _texts(report, "", ("work_no", "waybill", "carrier", "reason"))
    yield from _texts(report.said, "said.", ("milestone", "native"))
    yield from _instant("said.at", report.said.at)
    yield from _count("lines", len(report.lines), LINES_MAX)
    for at, line in enumerate(report.lines[:LINES_MAX]):
        yield from _texts(line, f"lines[{at}].", ("sku",))
        yield from _quantity(f"lines[{at}].quantity", line.quantity, 0)


def _track(report: TrackReport) -> Iterable[Problem]:
    yield from _texts(report, "", ("carrier", "waybill"))
    yield from _count("entries", len(report.entries), ENTRIES_MAX)
    for at, entry in enumerate(report.entries[:ENTRIES_MAX]):
        yield from _texts(entry, f"entries[{at}].", ("code", "milestone", "text", "location"))
        yield from _instant(f"entries[{at}].at", entry.at)


def _stock(report: StockReport) -> Iterable[Problem]:
    yield from _count("figures", len(report.figures), FIGURES_MAX)
    for at, figure in enumerate(report.figures[:FIGURES_MAX]):
        yield from _texts(figure, f"figures[{at}].", ("warehouse", "sku", "meaning"))
        yield from _quantity(f"figures[{at}].quantity", figure.quantity, -QUANTITY_MAX)
        yield from _instant(f"figures[{at}].as_of", figure.as_of)


def _listings(report: ListingReport) -> Iterable[Problem]:
    yield from _count("figures", len(report.figures), FIGURES_MAX)
    for at, figure in enumerate(report.figures[:FIGURES_MAX]):
        yield from _texts(figure, f"figures[{at}].", ("sku", "listing"))
        yield from _quantity(f"figures[{at}].quantity", figure.quantity, -QUANTITY_MAX)


def _ratings(report: RatingReport) -> Iterable[Problem]:
    yield from _count("ratings", len(report.ratings), PARTS_MAX)
    for at, rating in enumerate(report.ratings[:PARTS_MAX]):
        yield from _texts(rating, f"ratings[{at}].", ("external_id", "order_external_id", "sku"))
        yield from _instant(f"ratings[{at}].at", rating.at)
        if not 0 <= rating.stars <= STARS_MAX:
            yield _problem("bad_value", f"ratings[{at}].stars", rating.stars, f"评分应在 0 到 {STARS_MAX} 之间",
                           f"stars are from 0 to {STARS_MAX}; check the source")  # fmt: skip


def _after_sale(report: AfterSaleReport) -> Iterable[Problem]:
    yield from _texts(report, "", ("external_id", "order_external_id", "refund_external_id", "reason", "native",
                                   "waybill", "carrier"))  # fmt: skip
    for name in ("amount", "refunded"):
        yield from _amount(name, getattr(report, name) or 0, 0)
    for name in ("revision", "asked_at"):
        yield from _instant(name, getattr(report, name))
    yield from _count("lines", len(report.lines), LINES_MAX)
    for at, line in enumerate(report.lines[:LINES_MAX]):
        yield from _texts(line, f"lines[{at}].", ("external_id", "sku_external"))
        yield from _quantity(f"lines[{at}].quantity", line.quantity, 0)


def _facts(facts: dict[str, Any]) -> Iterable[Problem]:
    yield from _count("facts", len(facts), FACTS_MAX)
    for name, value in list(facts.items())[:FACTS_MAX]:
        if isinstance(value, str):
            yield from _text(f"facts.{name}", value, FACT_TEXT_MAX, _UNREADABLE)
        elif isinstance(value, int) and abs(value) > 2**63 - 1:
            yield _problem("bad_value", f"facts.{name}", value, "数字过大", "the number is too large")


def _texts(part: Any, place: str, names: tuple[str, ...]) -> Iterable[Problem]:
    for name in names:
        value = getattr(part, name)
        if name in _NUMBER_LIKE and is_destroyed(value):
            yield _problem("bad_value", place + name, value, "被表格软件改成科学计数法；请把该列设为文本后重新导出",
                           "in scientific notation digits are lost: export the column as text")  # fmt: skip
        elif len(value) > 32 or not value.isprintable() or "\ufffd" in value:
            yield from _text(place + name, value, TEXT_MAX[name], _UNREADABLE_KEY if name in KEY_TEXTS else _UNREADABLE)


def _text(field: str, value: str, most: int, unreadable: re.Pattern[str]) -> Iterable[Problem]:
    if len(value) > most:
        size = len(value)
        yield _problem("oversize_field", field, "", f"有 {size} 个字符，最多 {most} 个；请在来源或映射里缩短",
                       f"{size} characters; at most {most}: shorten it at the source or in the mapping")  # fmt: skip
    elif unreadable.search(value):
        yield _problem("bad_value", field, value if most <= 128 else "", "含有不可读的字符；请在来源处更正后重放",
                       "it holds signs that cannot be read; correct it at the source and replay")  # fmt: skip


def _quantity(field: str, value: int, least: int) -> Iterable[Problem]:
    if not least <= value <= QUANTITY_MAX:
        yield _problem("bad_value", field, value, f"数量应在 {least} 到 {QUANTITY_MAX} 之间；请核对来源",
                       f"a quantity is from {least} to {QUANTITY_MAX}; check the source")  # fmt: skip


def _amount(field: str, value: int, least: int) -> Iterable[Problem]:
    if not least <= value < MONEY_MAX:
        yield _problem("wrong_money", field, value, f"金额应在 {least} 到 {MONEY_MAX} 分之间；请核对来源与币种",
                       f"an amount is from {least} to {MONEY_MAX} minor units; check source and currency")  # fmt: skip


def _count(field: str, count: int, most: int) -> Iterable[Problem]:
    if count > most:
        yield _problem("oversize_field", field, count, f"有 {count} 项，最多 {most} 项；请在来源处拆分",
                       f"{count} of them; at most {most}: split it at the source")  # fmt: skip


def _instant(field: str, at: datetime | None) -> Iterable[Problem]:
    if not is_time(at):
        yield _problem("wrong_time", field, at, "时间应在 2000 年到 2100 年之间并带时区；请核对来源与格式",
                       "a time is from 2000 to 2100 and has a zone; check the source and its format")  # fmt: skip


def _problem(code: str, field: str, value: Any, zh: str, en: str) -> Problem:
    return Problem(code, field, shown_of(field, value), f"{field}：{zh} | {field}: {en}")
