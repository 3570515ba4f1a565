"""Orders as a list: filters that an index answers, keyset pages newest first, search by what people have at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.masking import ReceiverView, masked
from orderloom.application.queries.order_search import searched
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor, where
from orderloom.domain.draft import Receiver
from orderloom.domain.first_id import first_id
from orderloom.statements import beside

SQL = beside(__file__)
Open = Callable[[bytes], Receiver | None]
"""Opens a stored receiver; None when it cannot be opened: a list shows the others all the same."""


class OrderRow(msgspec.Struct, frozen=True):
    """One order in a list. Money is minor units of `currency`; the receiver is always masked here."""

    id: str
    number: str
    account: str
    channel: str
    external_id: str
    phase: str
    stage: str
    payment: str
    fulfilment: str
    parcel: str
    holds_active: int
    currency: str
    total: int
    paid: int
    placed_at: datetime
    received_at: datetime
    staged_at: datetime
    units: int
    flags: list[str]
    receiver: ReceiverView


class OrderPage(msgspec.Struct, frozen=True):
    """A page; `next` is the cursor of the following one, null on the last."""

    orders: list[OrderRow]
    next: str | None


class OrderFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. Empty and None mean any. `account_ids` None: every account; empty: none fits.

    `since` and `until` bound when the hub recorded the order, which is also the order of the list. `phone_index` is the
    blind index of `q` when it can be a whole phone number.
    """

    phase: str = ""
    stage: str = ""
    payment: str = ""
    account_ids: tuple[int, ...] | None = None
    is_held: bool | None = None
    q: str = ""
    phone_index: bytes | None = None
    since: datetime | None = None
    until: datetime | None = None


async def list_orders(
    connection: Connection, wanted: OrderFilter, open_receiver: Open, *, cursor: str = "", limit: int = 50
) -> OrderPage:
    """A page of orders, newest first. Raises WrongCursor."""
    after = from_cursor(cursor, UUID)[0] if cursor else None
    parts, values = _conditions(wanted, exact := await _exact(connection, wanted.q.strip()))
    if wanted.q and not exact:
        parts += await searched(connection, wanted.q, wanted.phone_index, values, after, is_alone=not parts)
    if after is not None:
        parts.append("id < %(after)s::uuid")
        values["after"] = after
    query = SQL["page"].replace("{where}", where(parts))
    found = await (await connection.execute(query, {**values, "limit": limit + 1})).fetchall()
    rows = [OrderRow(*(*row[:-1], masked(open_receiver(row[-1])))) for row in found[:limit]]
    return OrderPage(rows, to_cursor(rows[-1].id) if len(found) > limit else None)


async def _exact(connection: Connection, text: str) -> list[str]:
    """Ids of orders whose number, channel's own id or buyer's number is just the text: who types one whole means it."""
    if not text:
        return []
    rows = await connection.execute(SQL["exact"], {"number": text.upper(), "external": text})
    return [str(row[0]) for row in await rows.fetchall()]


class Ambiguous(LookupError):
    """A channel's own id that several orders have; `candidates` are their numbers with their accounts."""

    def __init__(self, reference: str, candidates: tuple[tuple[str, str], ...]) -> None:
        super().__init__(reference)
        self.reference, self.candidates = reference, candidates


async def find_order(connection: Connection, reference: str) -> str | None:
    """Id of the order with this number or id, else of the one that its channel or buyer calls so. Raises Ambiguous."""
    name, key = ("id_of_uuid", reference.lower()) if UUID.fullmatch(reference.lower()) else ("id_of", reference.upper())
    row = await (await connection.execute(SQL[name], {"ref": key})).fetchone()
    if row is not None:
        return str(row[0])
    found = await (await connection.execute(SQL["id_of_external"], {"ref": reference})).fetchall()
    if len(found) > 1:
        raise Ambiguous(reference, tuple([(number, account) for _, number, account in found]))
    return str(found[0][0]) if found else None


async def find_orders(connection: Connection, references: Sequence[str]) -> dict[str, str]:
    """Ids of the orders with these numbers or ids, by what they were called; those that are there."""
    ids = [r.lower() for r in references if UUID.fullmatch(r.lower())]
    found = await connection.execute(SQL["ids_of"], {"refs": [r.upper() for r in references], "ids": ids})
    known = {row[0]: row[1] for row in await found.fetchall()}
    return {r: known[key] for r in references for key in (r.upper(), r.lower()) if key in known}


async def buyer_index(connection: Connection, order_id: str) -> bytes | None:
    """Blind index of the order's buyer, to be kept when only the receiver changes."""
    row = await (await connection.execute(SQL["buyer_index"], {"id": order_id})).fetchone()
    return None if row is None or row[0] is None else bytes(row[0])


async def stored_receiver(connection: Connection, order_id: str) -> tuple[bytes, bytes | None] | None:
    """Cipher text of the order's receiver and blind index of its buyer; None when there is no such order."""
    row = await (await connection.execute(SQL["stored_receiver"], {"id": order_id})).fetchone()
    return None if row is None else (bytes(row[0]), None if row[1] is None else bytes(row[1]))


def _conditions(wanted: OrderFilter, exact: list[str]) -> tuple[list[str], dict[str, Any]]:
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name in ("phase", "stage", "payment"):
        if value := getattr(wanted, name):
            parts.append(f"{name} = %({name})s")
            values[name] = value
    if wanted.account_ids is not None:
        # One account is an ordered index scan; several are a filter.
        is_one = len(wanted.account_ids) == 1
        parts.append("account_id = %(account)s" if is_one else "account_id = any(%(account)s)")
        values["account"] = wanted.account_ids[0] if is_one else list(wanted.account_ids)
    if wanted.is_held is not None:
        held = "id in (select subject_id from hold where subject_kind = 'order' and released_at is null)"
        parts.append(held if wanted.is_held else "holds_active = 0")
    for name, sign, at in (("since", ">=", wanted.since), ("until", "<", wanted.until)):
        if at is not None:
            parts.append(f"id {sign} %({name})s::uuid")
            values[name] = first_id(at)
    if exact:
        parts.append("id = any(%(exact)s::uuid[])")
        values["exact"] = exact
    return parts, values
