"""Works that could leave in one parcel: of one shop, for one receiver, from one warehouse, begun by nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.masking import ReceiverView, masked
from orderloom.application.ports import Account
from orderloom.application.queries.order_list import Open
from orderloom.application.queries.sql import Connection
from orderloom.domain.merge import WORKS_MAX
from orderloom.statements import beside

SQL = beside(__file__)
GROUPS_MAX = 200


class TogetherWork(msgspec.Struct, frozen=True):
    """A work that could share a parcel. `merge`: the merge that it is in already, empty for none."""

    number: str
    order: str
    order_id: str
    merge: str
    created_at: datetime
    units: int


class TogetherGroup(msgspec.Struct, frozen=True):
    """Works that could leave in one parcel; `parcels_less`: how many parcels fewer that makes. What weighs too much is
    told when it is tried."""

    warehouse: str
    account: str
    carrier: str
    works: list[TogetherWork]
    parcels_less: int
    receiver: ReceiverView


class TogetherList(msgspec.Struct, frozen=True):
    """The groups, oldest order first. `is_more`: there are more than one answer holds."""

    groups: list[TogetherGroup]
    is_more: bool


async def list_together(
    connection: Connection, open_receiver: Open, accounts: Iterable[Account], *, warehouse_id: int | None = None,
    limit: int = GROUPS_MAX,
) -> TogetherList:
    """What could be merged, receivers masked."""
    rows = await (await connection.execute(SQL["together"], {
        "warehouse": warehouse_id, "limit": limit + 1, "alone": alone(accounts)})).fetchall()
    return TogetherList([_group(row, open_receiver) for row in rows[:limit]], len(rows) > limit)


async def open_beside(connection: Connection, number: str) -> list[str]:
    """Numbers of the works of the same order that have not ended."""
    return [row[0] for row in await (await connection.execute(SQL["open_beside"], {"number": number})).fetchall()]


def alone(accounts: Iterable[Account]) -> list[int]:
    """Shops whose platform supplies the label: their orders share no parcel."""
    return [account.id for account in accounts if account.is_label_theirs]


def _group(row: Any, open_receiver: Open) -> TogetherGroup:
    works = msgspec.convert(row[3][:WORKS_MAX], list[TogetherWork])
    parcels = len({one.merge or one.number for one in works})
    return TogetherGroup(row[0], row[1], row[2], works, parcels - 1, masked(open_receiver(row[4])))
