"""The unified order as whoever maps it sees it: every target with its kind, need and name."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from orderloom.blueprint.mapping import casts, targets
from orderloom.blueprint.mapping.written import Wanted
from orderloom.domain.words import Words


class Target(msgspec.Struct, frozen=True):
    """A field that a mapping fills. `block` is its place in the document; `words`: what it may be, where that is a
    closed set; `column`: the name under which a file's column counts as it."""

    block: str
    name: str
    kind: str
    is_required: bool
    title: Words
    words: list[str] = []
    column: str = ""
    names: list[str] = []
    """Of a file: every name of a column that counts as it."""

    @property
    def key(self) -> str:
        """Such as `lines.price`."""
        return f"{self.block}.{self.name}" if self.block != "fields" else self.name


_TITLES: Mapping[str, tuple[str, str]] = {
    "external_id": ("订单号", "Order number of the channel"),
    "revision": ("更新时间", "Time of change"),
    "placed_at": ("下单时间", "Placed at"),
    "currency": ("币种", "Currency"),
    "total": ("订单金额", "Order total"),
    "external_number": ("展示单号", "Number that the buyer sees"),
    "payment": ("付款状态", "Payment"),
    "paid": ("已付金额", "Paid"),
    "paid_at": ("付款时间", "Paid at"),
    "refunded": ("已退金额", "Refunded"),
    "freight": ("运费", "Freight"),
    "discount": ("优惠金额", "Discount"),
    "tax": ("税额", "Tax"),
    "native": ("平台原话", "Native word"),
    "parent_external_id": ("拆自订单号", "Split off from order"),
    "echo_of": ("源头订单号", "Number at its source"),
    "source_zone": ("来源时区", "Zone of the source"),
    "source_placed_at": ("来源的下单时间", "Placing time as written"),
    "buyer": ("买家", "Buyer"),
    "note": ("买家留言", "Buyer's message"),
    "hold": ("挂起原因", "Hold"),
    "is_cancelled": ("已取消", "Cancelled"),
    "is_test": ("测试单", "Test order"),
    "is_fulfilled_elsewhere": ("由平台发货", "Fulfilled elsewhere"),
    "is_pickup": ("到店自提", "Picked up"),
    "is_revision_assumed": ("更新时间为推定", "Time of change assumed"),
    "lines.external_id": ("订单行号", "Line id"),
    "lines.sku_external": ("商品编码", "SKU"),
    "lines.quantity": ("数量", "Quantity"),
    "lines.price": ("单价", "Unit price"),
    "lines.title": ("商品名称", "Title"),
    "lines.unit": ("单位", "Unit"),
    "lines.discount": ("行优惠", "Line discount"),
    "lines.amount": ("行实付", "Line amount"),
    "lines.native": ("行的平台原话", "Native word of the line"),
    "lines.is_closed": ("行已关闭", "Line closed"),
    "lines.is_disputed": ("行退款中", "Line disputed"),
    "lines.goods": ("行货款", "Goods amount of the line"),
    "lines.fulfilled": ("已发数量", "Shipped already"),
    "lines.kind": ("行的种类", "Kind of the line"),
    "receiver.name": ("收货人", "Receiver"),
    "receiver.phone": ("手机", "Phone"),
    "receiver.country": ("国家", "Country"),
    "receiver.province": ("省", "Province"),
    "receiver.city": ("市", "City"),
    "receiver.district": ("区县", "District"),
    "receiver.detail": ("收货地址", "Address"),
    "receiver.postcode": ("邮编", "Postcode"),
    "receiver.token": ("收件人密文", "Receiver token"),
    "receiver.is_masked": ("收件人已遮盖", "Receiver masked"),
    "shipments.waybill": ("运单号", "Waybill"),
    "shipments.carrier": ("承运商", "Carrier"),
    "shipments.at": ("发货时间", "Shipped at"),
    "work_no": ("作业单号", "Work number"),
    "waybill": ("运单号", "Waybill"),
    "carrier": ("承运商", "Carrier"),
    "reason": ("原因", "Reason"),
    "lines.sku": ("商品编码", "SKU"),
    "entries.code": ("轨迹代码", "Scan code"),
    "entries.at": ("时间", "At"),
    "entries.text": ("轨迹原文", "Text"),
    "entries.milestone": ("里程碑", "Milestone"),
    "entries.location": ("地点", "Location"),
    "entries.incident": ("异常", "Incident"),
    "entries.blame": ("责任", "Blame"),
    "figures.warehouse": ("仓库", "Warehouse"),
    "figures.sku": ("商品编码", "SKU"),
    "figures.quantity": ("数量", "Quantity"),
    "figures.meaning": ("库存口径", "Meaning"),
    "figures.as_of": ("截至时间", "As of"),
    "figures.listing": ("商品链接", "Listing"),
    "ratings.external_id": ("评价编号", "Rating id"),
    "ratings.stars": ("星级", "Stars"),
    "ratings.at": ("时间", "At"),
    "ratings.order_external_id": ("订单号", "Order"),
    "ratings.sku": ("商品编码", "SKU"),
    "order_external_id": ("订单号", "Order number"),
    "kind": ("售后类型", "Kind"),
    "state": ("售后状态", "State"),
    "amount": ("申请金额", "Amount"),
    "refund_external_id": ("退款编号", "Refund id"),
    "asked_at": ("申请时间", "Asked at"),
}
_COLUMNS: Mapping[str, str] = {
    "external_id": "订单号", "revision": "更新时间", "placed_at": "下单时间", "currency": "币种", "total": "订单金额",
    "paid_at": "付款时间", "paid": "已付金额", "refunded": "退款金额", "freight": "运费", "discount": "优惠金额",
    "tax": "税费", "native": "订单状态", "buyer": "买家", "note": "买家留言", "lines.external_id": "子订单号",
    "lines.sku_external": "商品编码", "lines.quantity": "数量", "lines.price": "单价", "lines.title": "商品名称",
    "lines.unit": "单位", "lines.discount": "行优惠", "lines.goods": "小计", "lines.fulfilled": "已发数量",
    "receiver.name": "收货人", "receiver.phone": "手机", "receiver.country": "国家", "receiver.province": "省",
    "receiver.city": "市", "receiver.district": "区", "receiver.detail": "收货地址", "receiver.postcode": "邮编",
    "shipments.waybill": "快递单号", "shipments.carrier": "快递公司", "shipments.at": "发货时间",
}
COLUMNS_NEEDED = ("external_id", "lines.sku_external", "lines.quantity", "lines.price")
"""Without these a file is none of orders; a total will do for the price where an order has one line."""
_BLOCKS: Mapping[str, tuple[tuple[str, Mapping[str, Wanted]], ...]] = {
    "order": (("fields", targets.ORDER), ("lines", targets.LINE), ("receiver", targets.RECEIVER),
              ("shipments", targets.SHIPMENT)),
    "work_report": (("fields", targets.WORK), ("lines", targets.WORK_LINE)),
    "track_report": (("fields", targets.TRACK), ("entries", targets.ENTRY)),
    "stock_report": (("figures", targets.FIGURE),), "listing_report": (("figures", targets.LISTING_FIGURE),),
    "rating_report": (("ratings", targets.RATING),),
    "after_sale_report": (("fields", targets.AFTER_SALE), ("lines", targets.AFTER_SALE_LINE)),
}


def targets_of(produces: str, *, is_rows: bool = False) -> list[Target]:
    """The targets of what a document produces, needed ones first; of a file those that a column can be."""
    found = [
        Target(block, name, one.kind, one.is_required, _title(block, name), list(casts.CLOSED.get(one.kind, ())))
        for block, fields in _BLOCKS.get(produces, ()) for name, one in fields.items()
    ]
    if is_rows:
        found = [msgspec.structs.replace(one, column=_COLUMNS[one.key], is_required=one.key in COLUMNS_NEEDED)
                 for one in found if one.key in _COLUMNS]
    return sorted(found, key=lambda one: not one.is_required)


def _title(block: str, name: str) -> Words:
    key = f"{block}.{name}" if block != "fields" else name
    return Words(*_TITLES.get(key, _TITLES.get(name, (name, name))))


def target_title(place: str) -> Words:
    """What a place of a draft is called, such as `lines[0].price`; a place that nobody named is called by its name."""
    plain = re.sub(r"\[[^\]]*\]", "", place)
    found = _TITLES.get(plain) or _TITLES.get(plain.rsplit(".", 1)[-1])
    return Words(*found) if found else Words(plain, plain)
