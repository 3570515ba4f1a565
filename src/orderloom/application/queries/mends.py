"""What mending a case needs to know: SKUs that may be meant, what an order is stopped by, what was tried."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from orderloom.application.queries.sql import Connection
from orderloom.domain.likeness import KnownSku, Sought
from orderloom.statements import beside

SQL = beside(__file__)
CANDIDATES_MAX, ORDERS_PRICED_MAX = 200, 2_000
WORDS_MAX = 12
_PARTS = re.compile(r"[\W_]+")
_LIKE = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


class FoundSku(NamedTuple):
    """A SKU with the units that may still be sold of it."""

    sku: KnownSku
    available: int


class HoldStanding(NamedTuple):
    """What stops an order now."""

    no: int
    type: str
    reason: str


async def candidates(connection: Connection, wanted: Sought) -> list[FoundSku]:
    """SKUs that the spelling, the barcode or the title may mean."""
    words = [f"%{word.translate(_LIKE)}%" for word in _words(wanted.title)]
    start = _PARTS.split(wanted.spelling)[0]
    return await _found(connection, "candidates", {
        "exact": [text.lower() for text in (wanted.spelling, wanted.barcode) if text],
        "starts": [f"{start.translate(_LIKE)}%"] if len(start) > 1 else [], "words": words,
        "most": CANDIDATES_MAX})


async def looked_for(connection: Connection, text: str, most: int) -> list[FoundSku]:
    """SKUs whose code, name or a spelling has this text."""
    return await _found(connection, "looked_for", {
        "like": f"%{text.translate(_LIKE)}%", "text": text, "most": most})


async def holds_of(connection: Connection, order_id: str) -> list[HoldStanding]:
    """What stops an order now, oldest first."""
    rows = await (await connection.execute(SQL["holds"], {"order": order_id})).fetchall()
    return [HoldStanding(*row) for row in rows]


async def under_way(connection: Connection, kind: str, subject: str) -> int:
    """How many messages of a case go through again now."""
    row = await (await connection.execute(SQL["under_way"], {"kind": kind, "subject": subject})).fetchone()
    return row[0] if row else 0


async def tried(connection: Connection, name: str, ids: Collection[str]) -> tuple[int, datetime | None]:
    """How often these were tried (`replayed` messages, `attempts` of deliveries), and when last."""
    if not ids:
        return 0, None
    row = await (await connection.execute(SQL[name], {"ids": list(ids)})).fetchone()
    return (row[0] or 0, row[1]) if row else (0, None)


async def _found(connection: Connection, name: str, given: dict[str, Any]) -> list[FoundSku]:
    rows = await (await connection.execute(SQL[name], given)).fetchall()
    ids = [row[0] for row in rows]
    prices = {sku: (price, currency) for sku, price, currency in await _of(
        connection, "prices", {"skus": ids, "orders": ORDERS_PRICED_MAX})}
    free = dict(await _of(connection, "available", {"skus": ids}))
    known = [(sku, KnownSku(code, name, tuple(barcodes), tuple(spellings), *prices.get(sku, (None, ""))))
             for sku, code, name, spellings, barcodes in rows]
    return [FoundSku(one, free.get(sku, 0)) for sku, one in known]


async def _of(connection: Connection, name: str, given: dict[str, Any]) -> Sequence[Any]:
    return await (await connection.execute(SQL[name], given)).fetchall() if given["skus"] else ()


def _words(title: str) -> list[str]:
    """The words of a title; of a run of Chinese each two characters, for nobody writes blanks there."""
    found: list[str] = []
    for part in _PARTS.split(title):
        if len(part) > 3 and not part.isascii():
            found += [part[at : at + 2] for at in range(0, len(part) - 1, 2)]
        elif len(part) > 1:
            found.append(part)
    return list(dict.fromkeys(found))[:WORDS_MAX]
