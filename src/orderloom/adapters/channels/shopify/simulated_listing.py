"""How the simulated shop lists orders: every documented filter is honoured, anything else is refused."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX = 50, 250
TIMES = ("created_at", "updated_at", "processed_at")
FILTERS = frozenset({"status", "financial_status", "fulfillment_status", "attribution_app_id"}
                    | {f"{time}_{end}" for time in TIMES for end in ("min", "max")})
LIST = FILTERS | {"ids", "since_id", "fields", "limit", "order", "page_info"}
WITH_PAGE_INFO = frozenset({"page_info", "limit", "fields"})
STATUSES: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "any": lambda order: True,
    "open": lambda order: not order["cancelled_at"] and not order["closed_at"],
    "cancelled": lambda order: bool(order["cancelled_at"]),
    "closed": lambda order: bool(order["closed_at"]),
}
"""`open` is the platform's default: archived and cancelled orders are then not there."""
FINANCIAL = {
    **{status: (status,) for status in ("authorized", "pending", "paid", "partially_paid", "refunded", "voided",
                                        "partially_refunded")},
    "unpaid": ("authorized", "partially_paid"),
}
FULFILLMENT = {
    "shipped": ("fulfilled",), "partial": ("partial",), "unshipped": (None,), "unfulfilled": (None, "partial"),
}  # fmt: skip
Order = dict[str, Any]


class ParameterRefused(Exception):
    """The platform's `errors`, with HTTP 400."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.errors = {name: message}


def refuse_unknown(query: Mapping[str, str], known: frozenset[str]) -> None:
    """Raise ParameterRefused for a parameter that the platform does not document for this call."""
    for name in query:
        if name not in known:
            raise ParameterRefused(name, "is not a known parameter")


class Question:
    """One listing's filters, checked. Raises ParameterRefused for a parameter that the platform does not document."""

    def __init__(self, query: Mapping[str, str], known: frozenset[str]) -> None:
        refuse_unknown(query, known)
        self.limit = _limit(query.get("limit"))
        self.fields = [name for name in query.get("fields", "").split(",") if name]
        self.after = ""
        self._query = dict(query)
        if "page_info" in query:
            if set(query) - WITH_PAGE_INFO:
                raise ParameterRefused("page_info", "Invalid value.")
            self._query, self.after = _read_token(query["page_info"])
        self.by, self.is_falling = _sorting(self._query)
        self._tests = _tests(self._query)

    def takes(self, order: Order) -> bool:
        """Whether the filters let it through."""
        return all(test(order) for test in self._tests)

    def key(self, order: Order) -> list[Any]:
        """What it is sorted by, rising."""
        sign = -1 if self.is_falling else 1
        at = 0.0 if self.by == "id" else _utc(order[self.by]).timestamp()
        return [sign * at, sign * int(order["id"])]

    def token(self, cursor: str) -> str:
        """The `page_info` of the page at a cursor: the whole question goes with it."""
        return base64.urlsafe_b64encode(json.dumps([self._query, cursor]).encode()).decode()

    def shown(self, order: Order) -> Order:
        """The order with the fields asked for."""
        return {name: order[name] for name in self.fields if name in order} if self.fields else order


def _limit(text: str | None) -> int:
    if text is None:
        return PAGE_SIZE_DEFAULT
    if not text.isdigit() or not 1 <= int(text) <= PAGE_SIZE_MAX:
        raise ParameterRefused("limit", "must be between 1 and 250")
    return int(text)


def _sorting(query: Mapping[str, str]) -> tuple[str, bool]:
    default = "id asc" if query.get("since_id") else "created_at desc"
    by, _, way = query.get("order", default).lower().partition(" ")
    if by not in (*TIMES, "id") or way not in ("", "asc", "desc"):
        raise ParameterRefused("order", "is not a valid order")
    return by, way != "asc"


def _tests(query: Mapping[str, str]) -> list[Callable[[Order], bool]]:
    status = _one_of(query, "status", "open", STATUSES)
    tests: list[Callable[[Order], bool]] = [STATUSES[status]]
    for name, choices in (("financial_status", FINANCIAL), ("fulfillment_status", FULFILLMENT)):
        wanted = _one_of(query, name, "any", {**choices, "any": ()})
        if wanted != "any":
            tests.append(lambda order, name=name, allowed=choices[wanted]: order[name] in allowed)  # type: ignore[misc]
    for time in TIMES:
        low, high = _instant(query, f"{time}_min"), _instant(query, f"{time}_max")
        if low:
            tests.append(lambda order, time=time, low=low: _utc(order[time]) >= low)  # type: ignore[misc]
        if high:
            tests.append(lambda order, time=time, high=high: _utc(order[time]) <= high)  # type: ignore[misc]
    if query.get("ids"):
        ids = query["ids"].split(",")
        tests.append(lambda order: str(order["id"]) in ids)
    if query.get("since_id"):
        if not query["since_id"].isdigit():
            raise ParameterRefused("since_id", "must be a number")
        tests.append(lambda order: int(order["id"]) > int(query["since_id"]))
    if query.get("attribution_app_id"):
        tests.append(lambda order: str(order.get("app_id") or "") == query["attribution_app_id"])
    return tests


def _one_of(query: Mapping[str, str], name: str, default: str, choices: Mapping[str, Any]) -> str:
    value = query.get(name, default)
    if value not in choices:
        raise ParameterRefused(name, "is not included in the list")
    return value


def _instant(query: Mapping[str, str], name: str) -> datetime | None:
    if not query.get(name):
        return None
    try:
        return _utc(query[name])
    except ValueError as error:
        raise ParameterRefused(name, "is not a valid date") from error


def _utc(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _read_token(text: str) -> tuple[dict[str, str], str]:
    try:
        query, after = json.loads(base64.urlsafe_b64decode(text))
    except (ValueError, binascii.Error) as error:
        raise ParameterRefused("page_info", "Invalid value.") from error
    return query, after
