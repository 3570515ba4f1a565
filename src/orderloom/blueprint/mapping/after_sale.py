"""A document that states a buyer's application after the sale: its fields, in its own currency, and its goods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orderloom.blueprint.mapping import targets
from orderloom.blueprint.mapping.check import Notes
from orderloom.blueprint.mapping.fields import compile_field
from orderloom.blueprint.mapping.parts import compile_part, compile_values
from orderloom.blueprint.mapping.scope import Scope
from orderloom.blueprint.mapping.ways import way_of
from orderloom.blueprint.mapping.written import Manner
from orderloom.domain.draft import AfterSaleLine, AfterSaleReport, Nothing

Build = Callable[[Any, Scope], AfterSaleReport | Nothing]
_MONEY = ("amount", "refunded")


def compile_after_sale(said: Mapping[str, Any], manner: Manner, notes: Notes) -> Build:
    """A closure to one application; amounts are read in the currency that the same element states."""
    notes.at(said, "fields")
    block = notes.block(said.get("fields") or {}, "fields")
    values = compile_values(block, targets.AFTER_SALE, manner, notes, "fields")
    if "currency" not in block and any(name in block for name in _MONEY):
        notes.wrong("fields.currency", "an amount needs its currency")
    lines = compile_part(said.get("lines", {}), AfterSaleLine, targets.AFTER_SALE_LINE, manner, notes, "lines")
    if notes.mistakes:
        return lambda node, scope: Nothing("the mapping has mistakes")
    wanted = targets.AFTER_SALE["currency"]
    currency = compile_field(block.get("currency", {"const": None}), wanted, manner, notes, "fields.currency")
    values = [one for one in values if one.name != "currency"]
    read, has_lines = way_of(manner).dict_reader("AfterSaleReport", values, manner), "lines" in said

    def build(node: Any, scope: Scope) -> AfterSaleReport | Nothing:
        scope.currency = currency(node, scope) or ""
        drafted = read(node, scope)
        found = lines(node, scope) if has_lines else ()
        if scope.problems:
            return Nothing("the application cannot be read")
        return AfterSaleReport(currency=scope.currency, lines=found, **drafted)

    return build
