"""Status and titles of the refusals of purchasing, beside those of `problem.py`."""

from __future__ import annotations

PURCHASE_TITLES: dict[str, tuple[int, str, str]] = {
    "no_such_purchase": (404, "没有这张采购单", "There is no such purchase ticket"),
    "unknown_supplier": (404, "没有这个供应商", "There is no such supplier"),
    "purchase_state": (409, "采购单的状态不允许", "The ticket's state does not allow it"),
    "no_such_purchase_line": (422, "没有这一行", "There is no such line"),
    "purchase_twice": (422, "明细重复", "A line stands twice"),
    "not_supplied": (422, "供应商不供这个商品", "The supplier does not bring it"),
    "mixed_currencies": (422, "币种不一", "More than one currency"),
    "purchase_too_dear": (422, "金额太大", "It comes to too much"),
    "wrong_promise": (422, "到货日期不能用", "The day cannot be"),
    "over_receipt": (409, "多到了货", "More came than was ordered"),
    "not_waited_for": (409, "等的没有这么多", "Fewer units are waited for"),
    "purchase_below_zero": (409, "数量会小于零", "A quantity would fall below zero"),
    "purchase_too_many": (409, "数量太大", "Too many units"),
}
"""Code: status, title in Chinese and English."""
