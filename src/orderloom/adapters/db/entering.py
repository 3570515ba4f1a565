"""What is known of orders that people type in, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.statements import statement
from orderloom.application.directory import Directory
from orderloom.application.enter_order import EntryVoucher
from orderloom.domain.shown import key_of, storable

Connection = AsyncConnection[Any]
NEAR_MAX = 20
"""Codes that nobody knows and for which others are looked for."""


class Entering:
    """See `application.enter_order.Entries`."""

    def __init__(self, connection: Connection, shelf: Shelf) -> None:
        self._connection, self._shelf = connection, shelf

    async def directory(self) -> Directory:
        """What is known, as this transaction sees it."""
        return await self._shelf.get(self._connection)

    async def landed(self, account_id: int, event_id: str) -> EntryVoucher | None:
        """The voucher of an identity."""
        rows = await self._rows("landed", account=account_id, event=key_of(event_id))
        return EntryVoucher(rows[0][0], bytes(rows[0][1])) if rows else None

    async def last_voucher(self, account_id: int, order_id: str) -> bytes | None:
        """The sealed body of what was typed last of an order."""
        rows = await self._rows("last_voucher", account=account_id, order=order_id)
        return bytes(rows[0][0]) if rows else None

    async def unknown_codes(self, account_id: int, codes: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Those that mean no SKU here, each with codes that may be meant."""
        wanted = sorted({code for code in codes if code.strip()})
        known = {row[0] for row in await self._rows("spelled", account=account_id,
                                                    codes=[storable(code) for code in wanted])}
        unknown = [code for code in wanted if code not in known]
        return {code: await self._near(code) if number < NEAR_MAX else () for number, code in enumerate(unknown)}

    async def _near(self, code: str) -> Sequence[str]:
        return [row[0] for row in await self._rows("near", text=storable(code.strip().lower()))]

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("entering", query), given)
        return await found.fetchall() if found.description else []
