"""Ids tell the order in which things were made, so that lists and indexes are in that order."""

from __future__ import annotations

from itertools import pairwise
from time import time_ns
from uuid import UUID

from orderloom.adapters.ids import new_id


def test_ids_of_one_batch_are_of_this_instant_valid_and_nearly_all_in_order() -> None:
    before = time_ns() // 1_000_000
    made = [new_id() for _ in range(5_000)]
    after = time_ns() // 1_000_000
    assert len(set(made)) == len(made)
    assert all(UUID(one).version == 7 and str(UUID(one)) == one and UUID(one).variant == "specified in RFC 4122"
               for one in made)
    assert all(before <= UUID(one).int >> 80 <= after for one in made)
    in_order = sum(one < other for one, other in pairwise(made))
    assert in_order > 0.98 * len(made)
