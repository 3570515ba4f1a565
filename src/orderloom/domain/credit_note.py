"""A return or refund inside a stream of orders: negative units or a negative total, understood as what it is."""

from __future__ import annotations

from orderloom.domain.draft import OrderDraft, Problem
from orderloom.domain.limits import TEXT_MAX
from orderloom.domain.shown import key_of, shown


def credit_note(draft: OrderDraft, account_code: str) -> Problem | None:
    """The problem of a credit note, with the order that it names; None for an order.

    A line with negative units beside others is a return against the order's own number.
    """
    line = next((at for at, one in enumerate(draft.lines) if one.quantity < 0), None)
    if line is None and draft.total >= 0:
        return None
    is_mixed = line is not None and any(one.quantity > 0 for one in draft.lines)
    order = draft.parent_external_id or (draft.external_id if is_mixed else "")
    field = "total" if line is None else f"lines[{line}].quantity"
    stated = draft.total if line is None else draft.lines[line].quantity
    against_zh = f"对应订单 {shown(order)}" if order else "没有写明对应的订单"
    against_en = f"against order {shown(order)}" if order else "it names no order"
    return Problem(
        "credit_note",
        field,
        f"{shown(order)} {stated}".strip(),
        f"{field} 为负：这是退货或红字单，不是新订单（{against_zh}）；请按售后处理后关闭 | "
        f"{field} is negative: this is a return or credit note and no order ({against_en}); settle it as after-sales",
        key_of(f"credit_note:{account_code}:{draft.external_id}"),
        names=order if len(order) <= TEXT_MAX["external_id"] else "",
    )
