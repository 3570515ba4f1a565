"""Who looks ahead sees what changes of an order, field by field, and learns nothing of the people in it."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from msgspec.structs import replace

from orderloom.domain.order import Line, Order
from orderloom.domain.order_difference import HIDDEN, differences
from orderloom.domain.states import PaymentState
from orderloom.testing.clock import STORY_BEGINS as AT

LINE = Line(1, "L1", 7, "M-001", "马克杯", 2, 100, 0, 200)
ORDER = Order("id", "N1", 1, "E1", AT, AT, AT, "CNY", 200, 0, 0, 0, PaymentState.PAID, 200, "paid", (LINE,), 1, "paid",
              AT)


def changed(**fields: Any) -> dict[str, tuple[str | None, str | None]]:
    after = copy(ORDER)
    for name, value in fields.items():
        setattr(after, name, value)
    return {one.field: (one.before, one.after) for one in differences(ORDER, after)}


def test_an_order_that_stays_as_it_was_differs_in_nothing() -> None:
    assert changed() == {} == changed(event_count=9, event_head=b"x", received_at=AT.replace(year=2030))


@pytest.mark.parametrize(("fields", "told"), [
    ({"total": 300}, {"total": ("200", "300")}),
    ({"is_cancelled": True}, {"is_cancelled": (None, "true")}),
    ({"lines": (replace(LINE, ordered=3),)}, {"lines[L1].ordered": ("2", "3")}),
    ({"facts": {"gift": True}}, {"facts.gift": (None, "true")}),
    ({"city": "杭州市"}, {"city": (None, "杭州市")}),
])
def test_each_field_is_told_from_and_to(fields: dict[str, Any], told: dict[str, Any]) -> None:
    assert changed(**fields) == told


@pytest.mark.parametrize("fields", [
    {"receiver": "digest of 张三"}, {"note": "张三 请放门口"}, {"facts": {"buyer_name": "张三"}},
    {"facts": {"receiver.note": "张三"}},
])
def test_of_people_only_that_something_changed_is_told(fields: dict[str, Any]) -> None:
    found = changed(**fields)
    assert len(found) == 1 and all(pair[1] == HIDDEN for pair in found.values()) and "张三" not in repr(found)


def test_a_line_that_is_gone_is_told_too() -> None:
    assert {field for field, pair in changed(lines=()).items() if pair[1] is None} >= {"lines[L1].ordered"}
