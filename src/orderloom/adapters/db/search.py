"""What orders are found by: pairs of letters of the order's own numbers, and numbers of words that many orders hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from time import monotonic
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.publish import grams, pairs, words

Connection = AsyncConnection[Any]
TERM_MAX = 200
"""Longer words (they have to fit in an index) are found by pairs, as numbers are."""
OLD_PER_STEP = 200
LOOK_SECONDS = 60.0
"""How long nothing is looked for after nothing was found: a worker of before may still be running."""
BETWEEN = "\x1f"


async def index_orders(connection: Connection, ids: Collection[str]) -> None:
    """Have orders that are new or changed found by what they say now, in the caller's transaction."""
    if not ids:
        return
    rows = await _rows(connection, "documents", ids=[UUID(i) for i in sorted(ids)])
    found = {r[0]: [w for w in words(r[2]) if len(w) <= TERM_MAX] for r in rows}
    number = await _numbers(connection, sorted({w for some in found.values() for w in some}))
    await connection.execute(statement("search", "put"), {
        "id": [UUID(r[0]) for r in rows],
        "document": [" ".join([part for part in r[1:] if part]).lower() for r in rows],
        "pairs": [_numbered(pairs(_own(*r[1:]))) for r in rows],
        "words": [_numbered(sorted([number[w] for w in found[r[0]]])) for r in rows],
    })


class BringUp:
    """Gives orders from before product words had numbers theirs, a few at a time; stopped anywhere, it goes on there.

    Meanwhile they are found by all their bigrams, as they were. It holds the publisher's place, for both add words.
    """

    def __init__(self) -> None:
        self._look_at = 0.0

    @property
    def is_due(self) -> bool:
        """Whether it looks again."""
        return monotonic() >= self._look_at

    async def step(self, connection: Connection) -> int:
        """Bring some orders up, newest first, in a transaction of its own; returns how many."""
        if not self.is_due:
            return 0
        async with connection.transaction():
            is_ours = await (await connection.execute(statement("publish", "watermark"), {"name": "events"})).fetchone()
            ids = [r[0] for r in await _rows(connection, "old", limit=OLD_PER_STEP)] if is_ours else []
            await index_orders(connection, ids)
        if not ids:
            self._look_at = monotonic() + LOOK_SECONDS
        return len(ids)


def _numbered(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


def _own(numbers: str, products: str, waybills: str) -> str:
    """What stands in one order's document alone, or nearly."""
    return " ".join([numbers, waybills, *[w for w in words(products) if len(w) > TERM_MAX]])


async def _numbers(connection: Connection, terms: list[str]) -> dict[str, int]:
    """The numbers of words; words that have none yet get one."""
    known = dict(await _rows(connection, "known", terms=terms))
    if new := [term for term in terms if term not in known]:
        await connection.execute(statement("search", "add"), {
            "term": new, "grams": [BETWEEN.join(grams(term)) for term in new]})
        known |= dict(await _rows(connection, "known", terms=new))
    return known


async def _rows(connection: Connection, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("search", name), given)).fetchall()
