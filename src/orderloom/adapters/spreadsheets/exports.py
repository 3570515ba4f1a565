"""Recognises sellers' exports by their headers (in English: `profiles`), and when a file was exported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from orderloom.adapters.spreadsheets.columns import Header, names_of

ORDERS, LINES = "orders", "lines"


class Export(msgspec.Struct, frozen=True):
    """A platform's export: the columns that tell it (all of `needs`, none of `lacks`), and which half of one it is."""

    name: str
    needs: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    half: str = ""


_RECEIVER = ("收货人姓名", "收货人", "收货地址")
EXPORTS = (
    Export("jd", ("订单号", "商品id", "订购数量", "京东价")),
    Export("pinduoduo", ("订单号", "商品总价", "商品数量", "商家实收金额")),
    Export("pinduoduo", ("订单号", "商品总价", "商品数量", "用户实付金额")),
    Export("douyin", ("主订单编号", "子订单编号", "选购商品", "商品数量")),
    Export("taobao", ("订单编号", "宝贝总数量", "收货地址"), ("购买数量", "商家编码", "外部系统编号"), ORDERS),
    Export("taobao", ("订单编号", "宝贝种类", "收货地址"), ("购买数量", "商家编码", "外部系统编号"), ORDERS),
    Export("taobao", ("订单编号", "标题", "价格", "购买数量"), _RECEIVER, LINES),
    Export("taobao", ("主订单编号", "标题", "价格", "购买数量"), _RECEIVER, LINES),
)
_UNKNOWN = Export("", ())
_DIGITS = re.compile(
    r"(?<!\d)(20\d{2})[-_.年/]?(\d{2})[-_.月/]?(\d{2})日?[-_T\s]?(\d{2})[-_:：时]?(\d{2})(?:[-_:：分]?(\d{2}))?(?!\d)"
)
_EPOCH = re.compile(r"(?<!\d)(1[6-9]\d{8}|2[0-3]\d{8})(?!\d)")
_WORDS = ("导出时间", "生成时间", "下载时间", "匯出時間", "exported at", "export time", "generated at")


def recognise(header: Header) -> Export:
    """The platform's export that has such a header; one without a name if it is none of them."""
    if header.profile:
        return Export(header.profile, ())
    have = set(header.names)
    return next((one for one in EXPORTS if have.issuperset(one.needs) and have.isdisjoint(one.lacks)), _UNKNOWN)


def own_time(header: Header) -> bool:
    """Does the file say of each order when it was last changed?"""
    return not set(names_of("fields", "revision")).isdisjoint(header.names)


def exported_at(name: str, above: Sequence[str], zone: str) -> str:
    """When the file says that it was exported (ISO 8601), from the rows above its header or its name."""
    for text in above:
        if any(word in text.lower() for word in _WORDS) and (found := _local(text, zone)):
            return found
    if found := _local(name, zone):
        return found
    epoch = _EPOCH.search(name)
    return datetime.fromtimestamp(int(epoch[1]), UTC).isoformat() if epoch else ""


def _local(text: str, zone: str) -> str:
    found = _DIGITS.findall(text)
    if len(found) != 1:
        # Two are the ends of a period and say nothing about when the file was made.
        return ""
    year, month, day, hour, minute, second = (int(part or 0) for part in found[0])
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone))
    except ValueError:
        return ""
    # Where a clock change leaves it unsure, no offset is made up: the mapping knows what such a time is worth.
    return (at if at.utcoffset() == at.replace(fold=1).utcoffset() else at.replace(tzinfo=None)).isoformat()
