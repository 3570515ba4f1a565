"""The filters of an order list as parameters of a request, and what they mean at this desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import Depends, Query
from pydantic import AwareDatetime

from orderloom.adapters.manifests import manifests
from orderloom.application.publish import grams
from orderloom.application.queries.order_filter import OrderFilter
from orderloom.application.queries.order_query import MANY, VALUES_MAX, OrderQuery, meant
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.entrypoints.http.kit.guard import Desk
from orderloom.entrypoints.http.kit.problem import Problem
from orderloom.entrypoints.http.kit.seeing import refuse_asking

NARROW = ("按这些条件要翻的订单太多；请加上下单时间（如最近 7 天），或去掉一个条件 | "
          "too many orders have to be looked at: add a time such as placed=7d, or drop a filter")
Many = Annotated[list[str], Query(max_length=VALUES_MAX, default_factory=list)]
Fields = Annotated[list[str], Query(max_length=10, default_factory=list,
                                    description="a custom field as name:value")]
Late = Annotated[list[str], Query(
    max_length=5, default_factory=list, description="overdue, due-1h, due-4h, due-24h, due-today: by the platform's "
    "ship-by time, of orders that are not out")]
Amount = Annotated[int | None, Query(ge=-10**15, le=10**15, description="minor units")]


def _asked(
    phase: Many, stage: Many, channel: Many, account: Many, payment: Many,
    warehouse: Many, tag: Many, hold: Many, province: Many, case: Many, carrier: Many,
    field: Fields,
    late: Late, id: Many,
    is_held: bool | None = None, amount_from: Amount = None, amount_to: Amount = None,
    currency: Annotated[str, Query(pattern="^([A-Z]{3})?$")] = "",
    placed: Annotated[str, Query(max_length=20, description="today, yesterday, or so many days such as 7d")] = "",
    placed_from: AwareDatetime | None = None, placed_to: AwareDatetime | None = None,
    since: Annotated[AwareDatetime | None, Query(alias="from", description="recorded at or after")] = None,
    until: Annotated[AwareDatetime | None, Query(alias="to", description="recorded before")] = None,
    q: Annotated[str, Query(max_length=64, description="order number, external id, waybill, product text, phone "
                                                       "number or its last four digits; two characters at least")] = "",
    numbers: Annotated[str, Query(description="a list of hub numbers, channel numbers and waybills, 200 at most, with "
                                              "commas, blanks or lines between them: exactly one of these")] = "",
) -> OrderQuery:
    """Several values of a filter are given by repeating it, or with commas between them."""
    given = locals()
    many = {name: given[name] if name == "field" else _split(given[name]) for name in MANY}
    return OrderQuery(**{name: tuple(value) for name, value in many.items()}, is_held=is_held, amount_from=amount_from,
                      amount_to=amount_to, currency=currency, placed=placed, placed_from=placed_from,
                      placed_to=placed_to, since=since, until=until, q=q, numbers=numbers)


Asked = Annotated[OrderQuery, Depends(_asked)]


def _split(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def asks_by_hidden(query: OrderQuery, sort: str = "") -> bool:
    """Whether orders are sought or sorted by what the caller may not see."""
    try:
        refuse_asking({**msgspec.to_builtins(query), "sort": sort}.items())
    except Problem:
        return True
    return False


async def meant_by(desk: Desk, query: OrderQuery) -> OrderFilter:
    """The filter that a query means now. Raises Problem, UnknownWord."""
    refuse_asking(msgspec.to_builtins(query).items())
    if query.q and not grams(query.q.strip()):
        raise Problem("wrong_value", "q: 至少两个相连的字符 | two adjoining characters at least")
    directory = await desk.directory()
    channels = [m.name for m in manifests().values() if m.family == "channels"]
    return meant(query, Vocabulary(directory, channels), directory, desk.hub.now(), desk.hub.vault.phone_index)
