"""The label of a box, of a carrier that gives no document of its own: waybill, receiver, sender, what is inside."""

from __future__ import annotations

import msgspec

from orderloom.domain.paper.code128 import can_be_barred
from orderloom.domain.paper.sheet import BarBlock, Block, Sheet, Stroke, TextBlock, mm, size_of
from orderloom.domain.refusal import Refusal

LABEL_SIZES = ("76x130", "100x150", "100x180")
EDGE = mm(3)
_HEIGHTS: dict[str, tuple[int, int, int]] = {"76x130": (40, 17, 24), "100x150": (44, 21, 36), "100x180": (50, 25, 56)}
"""In mm, by size: of receiver, sender and what is inside."""


class Party(msgspec.Struct, frozen=True):
    """Who sends or gets a box."""

    name: str
    phone: str
    address: str


class BoxLabel(msgspec.Struct, frozen=True):
    """What stands on a label. `route` is the carrier's own word for the way, often empty; `is_again`: it was printed
    before, and says so."""

    carrier: str
    waybill: str
    route: str
    receiver: Party
    sender: Party
    number: str
    order: str
    box: int
    goods: tuple[str, ...]
    note: str = ""
    is_again: bool = False


def draw_label(label: BoxLabel, size: str) -> Sheet | Refusal:
    """The label on paper of a size, or why it cannot be read there."""
    width, height = size_of(size)
    inner, (to, sender, inside) = width - 2 * EDGE, [mm(x) for x in _HEIGHTS[size]]
    if not can_be_barred(label.waybill):
        return Refusal("waybill_no_barcode", {"waybill": label.waybill[:80], "size": size})
    bars = BarBlock(0, mm(15), width, mm(16), label.waybill)
    if not bars.module:
        return Refusal("waybill_no_barcode", {"waybill": label.waybill, "size": size})
    receiver_y = mm(38)
    sender_y = receiver_y + to
    inside_y = sender_y + sender
    return Sheet(width, height, (
        *_head(label, inner), bars,
        TextBlock(EDGE, mm(31) + 4, inner, mm(6), label.waybill, 40, is_bold=True, is_whole=True, is_one_line=True,
                  align="centre"),
        *_party("收", label.receiver, receiver_y, inner, to, 36),
        *_party("寄", label.sender, sender_y, inner, sender, 24),
        *_inside(label, inside_y, inner, inside),
        *_foot(label, inside_y + inside, width, height),
    ))


def _head(label: BoxLabel, inner: int) -> tuple[Block, ...]:
    mark = (TextBlock(EDGE + inner - mm(16), mm(3), mm(16), mm(10), "补打", 56, is_bold=True, is_one_line=True,
                      align="right"),)
    half = (inner - mm(18)) // 2
    return (
        TextBlock(EDGE, mm(3), half, mm(10), label.carrier, 56, is_bold=True, is_one_line=True),
        TextBlock(EDGE + half, mm(3), half, mm(10), label.route, 72, is_bold=True, is_one_line=True, align="centre"),
        *(mark if label.is_again else ()), Stroke(EDGE, mm(14), inner, 2),
    )


def _party(word: str, party: Party, y: int, inner: int, height: int, size: int) -> tuple[Block, ...]:
    who = size + size // 4
    return (
        Stroke(EDGE, y, inner, 2),
        TextBlock(EDGE, y + mm(1), mm(8), mm(9), word, min(56, size * 3 // 2), is_bold=True),
        TextBlock(EDGE + mm(9), y + mm(1), inner - mm(9), who + 8, f"{party.name}  {party.phone}", size, is_bold=True,
                  is_whole=True, size_min=12),
        TextBlock(EDGE + mm(9), y + mm(2) + who, inner - mm(9), height - who - mm(3), party.address, size,
                  is_whole=True, size_min=12),
    )


def _inside(label: BoxLabel, y: int, inner: int, height: int) -> tuple[Block, ...]:
    head = f"{label.order} · 第 {label.box} 箱"
    note = f"留言：{label.note}\n" if label.note else ""
    return (
        Stroke(EDGE, y, inner, 2),
        TextBlock(EDGE, y + mm(1), inner, mm(5), head, 26, is_one_line=True),
        TextBlock(EDGE, y + mm(6), inner, height - mm(7), note + "\n".join(label.goods), 24, size_min=20),
    )


def _foot(label: BoxLabel, y: int, width: int, height: int) -> tuple[Block, ...]:
    """Our own number, for the bench: barred where bars that can be read fit."""
    inner = width - 2 * EDGE
    text = TextBlock(EDGE, height - mm(5), inner, mm(4), label.number, 22, align="centre")
    if not can_be_barred(label.number):
        return (text,)
    bars = BarBlock(0, y + mm(1), width, height - mm(6) - y, label.number)
    return (Stroke(EDGE, y, inner, 2), *((bars,) if bars.module and bars.height >= mm(4) else ()), text)
