"""Every line of an order is known by an id of its own: two under one would be taken for each other."""

from __future__ import annotations

import pytest

from orderloom.application.lines import unique_ids
from orderloom.domain.draft import DraftLine


@pytest.mark.parametrize(("given", "made"), [
    (["A", "A", "A"], ["A", "A#2", "A#3"]),
    (["A#2", "A", "A"], ["A#2", "A", "A#3"]),
    (["A", "A", "A#2"], ["A", "A#3", "A#2"]),
    (["A", "A", "A#2", "A#2", "A#3", "A"], ["A", "A#4", "A#2", "A#2#2", "A#3", "A#5"]),
])
def test_a_code_that_looks_like_a_made_id_takes_nobodys(given: list[str], made: list[str]) -> None:
    assert unique_ids([DraftLine("", sku, 1, 100) for sku in given]) == made
