"""Pick list and packing slips as they are printed: plain text for paper, CSV for a spreadsheet or a label program."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from orderloom.application.queries.labels import Handover
from orderloom.application.queries.works import HandWork, PickList
from orderloom.domain import carriers

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would run instead of showing it: titles and notes are written by strangers."""
DAMAGED = ("收件人打不开（存储已损坏），请更正", "the receiver cannot be opened (damaged): correct it")
SLIP_COLUMNS = (
    "作业单", "订单号", "平台单号", "店铺", "仓库", "收货人", "手机", "省份", "城市", "区县", "详细地址", "邮编",
    "商品", "买家留言",
)

Say = Callable[[str, str], str]
"""Chooses of a Chinese and an English text."""


def both(zh: str, en: str) -> str:
    """Both languages, Chinese first: paper is read by whoever stands there."""
    return f"{zh} {en}"


def pick_text(found: PickList, say: Say = both) -> str:
    """A line for each SKU with a box to tick, warehouse by warehouse."""
    lines: list[str] = []
    warehouse = None
    for row in found.rows:
        if row.warehouse != warehouse:
            warehouse = row.warehouse
            lines += [*([""] if lines else []), f"{say('拣货单', 'Pick list')} · {warehouse}", ""]
        lines.append(f"[ ] {row.units:>5} × {row.sku}  {row.name}  ({', '.join(row.works)})")
    return "\n".join([*lines, ""]) if lines else say("没有要拣的商品", "nothing to pick") + "\n"


def pick_csv(found: PickList) -> str:
    """Warehouse, SKU, name, units, works."""
    return _csv(("仓库", "商品编码", "名称", "数量", "作业单"),
                [(r.warehouse, r.sku, r.name, r.units, " ".join(r.works)) for r in found.rows])


def slip_text(work: HandWork, say: Say = both) -> str:
    """What lies in the box, and where it goes."""
    to = work.receiver
    city = to.city if to.city != to.province else ""  # of 上海市 the label needs one
    place = " ".join(part for part in (to.province, city, to.district, to.detail, to.postcode) if part)
    goods = [f"[ ] {line.quantity - line.boxed:>5} × {line.sku}  {line.title}" for line in work.lines
             if line.quantity > line.boxed]
    boxes = [f"    {carriers.name(b.carrier)} {b.waybill or '?'} ({b.state})" for b in work.boxes]
    return "\n".join([
        f"{say('装箱单', 'Packing slip')} · {work.number}",
        f"{say('订单', 'Order')} {work.order} · {work.account} {work.external_id}",
        f"{say('仓库', 'Warehouse')} {work.warehouse}",
        *([f"{say('合单，与别单同一个包裹', 'One parcel with others')}: {work.merge}"] if work.merge else []), "",
        f"{to.name} {to.phone}".strip() or (say(*DAMAGED) if to.is_damaged else ""), place,
        *([f"{to.country}"] if to.country not in ("", "CN") else []), "", *goods,
        *(["", say("已出库", "Out") + ":", *boxes] if boxes else []),
        *(["", f"{say('买家留言', 'Buyer')}: {work.note}"] if work.note else []), "",
    ])


def slip_csv(works: Iterable[HandWork]) -> str:
    """One row a work, as the label programs of carriers take them."""
    return _csv(SLIP_COLUMNS, [
        (w.number, w.order, w.external_id, w.account, w.warehouse, w.receiver.name or DAMAGED * w.receiver.is_damaged,
         w.receiver.phone, w.receiver.province, w.receiver.city, w.receiver.district, w.receiver.detail,
         w.receiver.postcode,
         "; ".join(f"{line.sku} × {line.quantity - line.boxed}" for line in w.lines if line.quantity > line.boxed),
         w.note)
        for w in works
    ])


def handover_text(found: Handover, say: Say = both) -> str:
    """A line for each waybill, to be signed for by whoever takes the parcels."""
    count = f"{len(found.rows)}{'+' * found.is_more}"
    lines = [f"[ ] {row.waybill}  {carriers.name(row.carrier)}  {row.work} / {row.box}  {row.order}"
             for row in found.rows]
    return "\n".join([
        f"{say('交接单', 'Handover list')} · {found.account} · {found.day} · {count}", "",
        *(lines or [say("没有面单", "no labels")]), "",
        f"{say('签收人', 'Taken by')}: ______________  {say('时间', 'Time')}: ______________", "",
    ])


def handover_csv(found: Handover) -> str:
    """Waybill, carrier, work, box, order, and whether it is out."""
    return _csv(("运单号", "承运商", "作业单", "箱", "订单号", "已出库"), [
        (row.waybill, carriers.name(row.carrier), row.work, row.box, row.order, "✓" * row.is_out)
        for row in found.rows])


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
