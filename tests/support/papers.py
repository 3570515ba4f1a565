"""Labels as a warehouse prints them, and one with the worst of everything."""

from __future__ import annotations

import io

import msgspec
import zxingcpp
from PIL import Image

from orderloom.domain.paper.label import BoxLabel, Party

LABEL = BoxLabel(
    carrier="顺丰速运", waybill="SF1234567890123", route="020W-CE-025",
    receiver=Party("𠮷田张三丰", "13800138000", "浙江省杭州市余杭区文一西路969号1幢3单元2202室"),
    sender=Party("织单旗舰店", "0571-88888888", "上海市浦东新区张江路1号"),
    number="OL20261128000001-1-1", order="OL20261128000001", box=1, goods=("MUG-001 白色马克杯 × 2",), note="请尽快")
WORST = msgspec.structs.replace(
    LABEL, carrier="很长的承运商名称" * 6, route="长" * 60,
    receiver=Party("𠮷" * 40, "+8613800138000-123456", "浙江省杭州市𠮷祥路" * 22),
    goods=tuple([f"SKU-{at} {'男士纯棉短袖𠮷恤' * 25}" for at in range(60)]), note="快" * 500, is_again=True)


def barcodes(picture: bytes | Image.Image) -> set[str]:
    """What an independent reader reads on it."""
    shown = Image.open(io.BytesIO(picture)) if isinstance(picture, bytes) else picture
    return {one.text for one in zxingcpp.read_barcodes(shown.convert("L"))}
