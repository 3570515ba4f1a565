"""The search syntax of the simulated shop's GraphQL lists: `updated_at:>='…' AND -return_status:no_return`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from orderloom.adapters.channels.shopify.simulated_graph import GraphRefused

TERM = re.compile(r"(-?)(\w+):(>=|<=|>|<)?(?:'([^']*)'|\"((?:[^\"\\]|\\.)*)\"|(\S+))")
COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "": operator.eq,
}  # fmt: skip
TIMES = {"updated_at": "updatedAt", "created_at": "createdAt", "processed_at": "processedAt"}
WORDS = {"financial_status": "displayFinancialStatus", "fulfillment_status": "displayFulfillmentStatus",
         "return_status": "returnStatus", "name": "name", "id": "legacyResourceId"}  # fmt: skip
Row = Mapping[str, Any]
Test = Callable[[Row], bool]


def tests_of(query: str | None) -> list[Test]:
    """What an order must be. Raises GraphRefused for what the platform would not understand, and might ignore."""
    return [_test(term.strip()) for term in (query or "").split(" AND ") if term.strip()]


def _test(term: str) -> Test:
    found = TERM.fullmatch(term)
    if found is None:
        raise GraphRefused(f"Invalid search query: {term}")
    minus, name, compared, *values = found.groups()
    value = next((one for one in values if one is not None), "")
    test = _of(name, compared or "", value)
    return (lambda row: not test(row)) if minus else test


def _of(name: str, compared: str, value: str) -> Test:
    if name in TIMES:
        field, at = TIMES[name], _instant(value)
        return lambda row: COMPARED[compared](_instant(row[field]), at)
    if compared:
        raise GraphRefused(f"{name} is not compared")
    if name == "status":
        ways: dict[str, Test] = {
            "open": lambda row: not row["cancelledAt"] and not row["closed"], "closed": lambda row: bool(row["closed"]),
            "cancelled": lambda row: bool(row["cancelledAt"]), "not_closed": lambda row: not row["closed"],
        }  # fmt: skip
        if value not in ways:
            raise GraphRefused(f"Invalid status: {value}")
        return ways[value]
    if name not in WORDS:
        raise GraphRefused(f"Unknown search field: {name}")
    field = WORDS[name]
    return lambda row: str(row[field]).lower() == value.lower()


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise GraphRefused(f"Invalid timestamp for query: {text}") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
