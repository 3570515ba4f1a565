"""The columns that an export of orders can have: what each is called, what it needs, and how its cell reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from orderloom.application.masking import ReceiverView, clear
from orderloom.application.queries.order_list import OrderRow
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain.draft import Receiver
from orderloom.domain.money import format_minor
from orderloom.domain.words import Words


class TableWords(NamedTuple):
    """How a table is read: words, zone, language, and the receivers that are told in clear text, by order."""

    words: Vocabulary
    zone: ZoneInfo
    language: str
    receivers: Mapping[str, Receiver]

    def word(self, words: Words) -> str:
        """In the language of the table."""
        return str(getattr(words, self.language))

    def when(self, at: datetime | None) -> str:
        """An instant in the seller's zone, to the second."""
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}" if at else ""

    def receiver(self, row: OrderRow) -> ReceiverView:
        """Clear when it was asked for and can be opened, else masked."""
        found = self.receivers.get(row.id)
        return row.receiver if found is None else clear(found)


class Cell(NamedTuple):
    """A column. `needs`: the column of the list that it reads; `group`: the group of fields that hides it."""

    title: Words
    text: Callable[[OrderRow, TableWords], str]
    needs: str = ""
    group: str = ""


def cells_of(row: OrderRow, columns: Sequence[Cell], seen: TableWords) -> list[str]:
    """A row of the table."""
    return [column.text(row, seen) for column in columns]


def _address(row: OrderRow, seen: TableWords) -> str:
    to = seen.receiver(row)
    return "".join(dict.fromkeys((to.province, to.city, to.district, to.detail)))


CELLS: Mapping[str, Cell] = {
    "number": Cell(Words("订单号", "Order"), lambda r, s: r.number),
    "external_id": Cell(Words("平台单号", "Channel's number"), lambda r, s: r.external_id),
    "account": Cell(Words("店铺", "Shop"), lambda r, s: r.account),
    "channel": Cell(Words("渠道", "Channel"), lambda r, s: r.channel),
    "phase": Cell(Words("阶段", "Phase"), lambda r, s: s.word(s.words.phase(r.phase))),
    "stage": Cell(Words("环节", "Stage"), lambda r, s: s.word(s.words.stage(r.stage))),
    "payment": Cell(Words("付款", "Payment"), lambda r, s: r.payment),
    "goods": Cell(Words("商品", "Goods"), lambda r, s: r.goods.title if r.goods else "", "goods"),
    "sku": Cell(Words("商品编码", "SKU"), lambda r, s: r.goods.sku if r.goods else "", "goods"),
    "kinds": Cell(Words("种数", "Kinds"), lambda r, s: str(r.goods.kinds) if r.goods else "", "goods"),
    "units": Cell(Words("件数", "Units"), lambda r, s: str(r.units)),
    "currency": Cell(Words("币种", "Currency"), lambda r, s: r.currency),
    "total": Cell(Words("应付", "Total"), lambda r, s: format_minor(r.total, r.currency), group="paid"),
    "paid": Cell(Words("实付", "Paid"), lambda r, s: format_minor(r.paid, r.currency), group="paid"),
    "refunded": Cell(Words("已退", "Refunded"), lambda r, s: format_minor(r.refunded, r.currency), "refunded", "paid"),
    "receiver": Cell(Words("收件人", "Receiver"), lambda r, s: s.receiver(r).name, group="receiver"),
    "phone": Cell(Words("电话", "Phone"), lambda r, s: s.receiver(r).phone, group="receiver"),
    "province": Cell(Words("省份", "Province"), lambda r, s: r.receiver.province, group="receiver"),
    "city": Cell(Words("城市", "City"), lambda r, s: r.receiver.city, group="receiver"),
    "address": Cell(Words("地址", "Address"), _address, group="receiver"),
    "warehouses": Cell(Words("仓库", "Warehouse"), lambda r, s: " ".join(r.warehouses), "warehouses"),
    "waybills": Cell(Words("运单", "Waybill"), lambda r, s: " ".join([w.waybill for w in r.waybills]), "waybills"),
    "carriers": Cell(Words("承运商", "Carrier"),
                     lambda r, s: " ".join(dict.fromkeys(w.carrier for w in r.waybills)), "waybills"),
    "tags": Cell(Words("标签", "Tags"), lambda r, s: " ".join([t.name for t in r.tags]), "tags"),
    "hold": Cell(Words("挂起原因", "On hold"),
                 lambda r, s: s.word(s.words.hold(r.hold.type)) if r.hold else "", "hold"),
    "cases": Cell(Words("异常单", "Cases"), lambda r, s: " ".join([s.word(s.words.case(c)) for c in r.cases]), "cases"),
    "limit": Cell(Words("时限", "Time limit"), lambda r, s: s.when(r.limit.at) if r.limit else "", "limit"),
    "fields": Cell(Words("自定义字段", "Custom fields"),
                   lambda r, s: " ".join([f"{name}={value}" for name, value in r.fields.items()]), "fields"),
    "note": Cell(Words("买家留言", "Buyer's message"), lambda r, s: r.note, "note", "receiver"),
    "placed_at": Cell(Words("下单时间", "PlacedMoves"), lambda r, s: s.when(r.placed_at)),
    "paid_at": Cell(Words("付款时间", "Paid at"), lambda r, s: s.when(r.paid_at), "paid_at"),
    "received_at": Cell(Words("收单时间", "Recorded"), lambda r, s: s.when(r.received_at)),
    "staged_at": Cell(Words("进入环节", "In stage since"), lambda r, s: s.when(r.staged_at)),
}
"""By the name that is asked for, in their usual order."""
