"""Why a line of an order cannot be made of our SKUs: in words, with what to mend and what it then releases."""

from __future__ import annotations

from orderloom.domain.draft import DraftLine, Problem
from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.shown import key_of, shown


def unknown_sku(code: str, line: DraftLine) -> Problem:
    """A spelling that no SKU and no alias of the shop has."""
    sku = shown(line.sku_external)
    return Problem(
        "unknown_sku", "sku_external", sku,
        f"商品编码 {sku!r} 未登记：为店铺 {code} 添加别名后订单自动继续 | "
        f"add an alias for {sku!r} of shop {code}: the order goes on by itself",
        key_of(f"sku:{code}:{line.sku_external}"),
    )


def too_many(line: DraftLine, factor: int) -> Problem:
    """More base units than a line can hold."""
    return Problem(
        "bad_value", "quantity", str(line.quantity),
        f"数量 {line.quantity} × 换算 {factor} 超过 {UNITS_MAX}；请核对来源的数量或别名的换算 | "
        f"quantity {line.quantity} × factor {factor} is over {UNITS_MAX}; check the quantity or the alias's factor",
    )


def unknown_unit(code: str, line: DraftLine, sku: str) -> Problem:
    """A unit that the SKU has no factor for."""
    return Problem(
        "bad_value", "unit", line.unit,
        f"商品 {sku} 没有单位 {line.unit!r} 的换算 | add the unit {line.unit!r} to SKU {sku}",
        key_of(f"unit:{sku}:{line.unit}"),
    )
