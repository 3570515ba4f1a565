"""Labels that hang on things: a place of the warehouse, a tote - a barcode, and the same for eyes."""

from __future__ import annotations

from orderloom.domain.paper.code128 import can_be_barred
from orderloom.domain.paper.sheet import BarBlock, Sheet, TextBlock, mm, size_of
from orderloom.domain.refusal import Refusal

CODE_LABEL_SIZES = ("60x40", "76x130", "100x150")
CODE_LABELS_MAX = 80
"""Of one call: an address holds no more of the longest codes."""


def draw_code_label(code: str, title: str, size: str) -> Sheet | Refusal:
    """The label of a place or tote."""
    width, height = size_of(size)
    bars = BarBlock(0, mm(4), width, height - mm(24), code) if can_be_barred(code) else None
    if bars is None or not bars.module:
        return Refusal("code_no_barcode", {"code": code[:80], "size": size})
    return Sheet(width, height, (
        bars, TextBlock(mm(2), height - mm(19), width - mm(4), mm(10), code, 72, is_bold=True, is_whole=True,
                        align="centre"),
        TextBlock(mm(2), height - mm(8), width - mm(4), mm(6), title, 32, align="centre"),
    ))
