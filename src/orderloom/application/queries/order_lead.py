"""Which of several filters leads to the orders: that which fits fewest, when it fits few; the others are then checked.

Left to itself the planner takes every filter for independent of where an order stands in the list, and reads a million
orders for the fifty of a rare tag. So each filter is asked, by its own index, how many orders it fits, up to a number;
what is rare is read first, whatever the list is sorted by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from orderloom.application.identity.sight import SIGHT
from orderloom.application.queries.sql import Connection

UP_TO = "(select count(*) from (select from ({lead}) l limit %(few)s) f)"
"""How many orders a filter fits, up to so many."""
FEW = 10_000
"""So many ids are kept in mind at no cost that anybody notices."""
FEW_READ = 1_500
"""So many orders are read one by one in the time that a page may take: each lies on a page of its own."""


class Condition(NamedTuple):
    """A filter: `check` is a condition on `orders`; `lead` reads the ids that fit by index, empty when none can;
    `counted` reads as many rows more cheaply, when it is given. `is_own`: it is about a column of the order's own."""

    check: str
    lead: str = ""
    counted: str = ""
    is_own: bool = False


SEEN = Condition("true", "select id from orders", is_own=True)
"""What the caller sees, when that is a part: it can be the rarest of all."""
_TABLE = re.compile(r"\b(from|join) (?=[a-z])")


async def led(
    connection: Connection, filters: Sequence[Condition], values: Mapping[str, Any], *, is_by_id: bool,
) -> list[str]:
    """The filters as conditions, of which the rarest leads. `is_by_id`: the list is sorted by ids."""
    checks, is_limited = [one.check for one in filters], SIGHT.get().rows is not None
    asked = [*filters, SEEN] if is_limited else filters
    leads = [one for one in asked if one.lead]
    if not leads or (is_by_id and len(asked) == 1 and leads[0].is_own):
        return checks
    fits, rarest = await _rarest(connection, leads, values)
    lead = rarest.lead if rarest is SEEN else _whole(rarest.lead)
    if fits <= (FEW if is_by_id else FEW_READ):
        first = f"orders.id = any (array({lead}))"
    elif fits <= FEW and not rarest.is_own:
        first = f"(orders.id in ({lead})) is true"  # held in mind as a whole while the list is walked
    else:
        return checks
    return [first, *[one.check for one in filters if one is not rarest or is_limited]]


async def _rarest(
    connection: Connection, leads: Sequence[Condition], values: Mapping[str, Any],
) -> tuple[int, Condition]:
    """How many orders the rarest fits, up to one more than FEW, and which it is."""
    reads = [one.lead if one is SEEN else _whole(one.counted or one.lead) for one in leads]
    counts = ", ".join([UP_TO.format(lead=read) for read in reads])
    found = await connection.execute(cast(Any, f"select {counts}"), {**values, "few": FEW + 1})
    row = await found.fetchone()
    assert row is not None
    fits, place = min((int(count), place) for place, count in enumerate(row))
    return fits, leads[place]


def _whole(lead: str) -> str:
    """The same of the whole tables: which orders of it are seen is asked of the list itself, once."""
    return _TABLE.sub(r"\1 public.", lead)
