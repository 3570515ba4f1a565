"""One box for everything: orders by any number, phone or text, waybills, SKUs, and the open cases of what was found."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from orderloom.application.publish import grams
from orderloom.application.queries.order_filter import OrderFilter, conditions
from orderloom.application.queries.order_search import searched
from orderloom.application.queries.sql import Connection, where
from orderloom.statements import beside

SQL = beside(__file__)
FOUND = "select id::text from orders where {where} order by id desc limit %(limit)s"
HITS_MAX = 8
_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})
Kind = Literal["order", "waybill", "sku", "case"]


class Hit(msgspec.Struct, frozen=True):
    """Something that was found. `ref` leads there, `title` is what people know it by, `about` says more in words or
    codes. `is_exact`: the text is its very number."""

    kind: Kind
    ref: str
    title: str
    about: list[str]
    is_exact: bool


class SearchFound(msgspec.Struct, frozen=True):
    """What a text finds, exact hits first. `is_cut`: orders were not looked through to the end, it took too long."""

    hits: list[Hit]
    is_cut: bool = False


async def search_exact(connection: Connection, q: str, phone: bytes | None) -> tuple[list[Hit], bool]:
    """Orders by whole numbers and whole phone numbers; whether any number was just the text."""
    values: dict[str, Any] = {"limit": HITS_MAX}
    parts = await conditions(connection, OrderFilter(q=q), values, is_newest=True)
    is_exact = "exact" in values
    if not is_exact and phone is None:
        return [], False
    if not is_exact:
        values = {"limit": HITS_MAX, "phone": phone}
        parts = ["receiver_phone_index = %(phone)s"]
    ids = await _ids(connection, parts, values)
    return await _orders(connection, ids, is_exact=is_exact), is_exact


async def search_text(connection: Connection, q: str, phone: bytes | None) -> list[Hit]:
    """The newest orders that hold the text."""
    values: dict[str, Any] = {"limit": HITS_MAX}
    parts = await searched(connection, q, phone, values, None) if grams(q) else ["false"]
    return await _orders(connection, await _ids(connection, parts, values), is_exact=False)


async def search_parcels(connection: Connection, q: str) -> list[Hit]:
    """Parcels with just this waybill, by order."""
    rows = await _rows(connection, "parcels", waybill=q.upper().replace(" ", ""))
    return [Hit("waybill", row[3], row[0], [row[1], row[2], row[3]], True) for row in rows]


async def search_skus(connection: Connection, q: str) -> list[Hit]:
    """SKUs by code or name."""
    plain = q.translate(_LIKE)
    rows = await _rows(connection, "skus", q=q, begins=f"{plain}%", holds=f"%{plain}%")
    return [Hit("sku", row[0], row[0], [row[1]], bool(row[2])) for row in rows]


async def search_cases(connection: Connection, hits: list[Hit]) -> list[Hit]:
    """Open cases of the orders that were found exactly."""
    ids = [hit.ref for hit in hits if hit.kind == "order" and hit.is_exact]
    rows = await _rows(connection, "cases", ids=ids) if ids else []
    return [Hit("case", row[0], row[1], [row[2]], False) for row in rows]


async def _ids(connection: Connection, parts: list[str], values: dict[str, Any]) -> list[str]:
    query = FOUND.replace("{where}", where(parts))
    return [row[0] for row in await (await connection.execute(query, values)).fetchall()]


async def _orders(connection: Connection, ids: list[str], *, is_exact: bool) -> list[Hit]:
    rows = await _rows(connection, "orders", ids=ids) if ids else []
    return [Hit("order", row[0], row[1], [row[2], row[3], row[4], row[5]], is_exact) for row in rows]


async def _rows(connection: Connection, name: str, /, **given: Any) -> list[Any]:
    found = await connection.execute(SQL[name], {"limit": HITS_MAX, **given})
    return list(await found.fetchall())
