"""Tags, fields and views that people keep beside orders, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement

Connection = AsyncConnection[Any]


class OrderDesk:
    """See `application.tag_orders.TagBook`, `application.write_fields.FieldBook`, `application.keep_views.ViewBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def make_tags(self, names: Sequence[str], colour: str, by: str, at: datetime) -> None:
        """Make those tags that are not there."""
        await self._rows("tags_keep", names=list(names), colour=colour, by=by, at=at)

    async def colour(self, name: str, colour: str) -> bool:
        """Give a tag a colour; False when there is no such tag."""
        return bool(await self._rows("tag_colour", name=name, colour=colour))

    async def tag(self, ids: Sequence[str], names: Sequence[str], by: str, at: datetime) -> int:
        """Put tags on orders; returns how many tags the fullest of them has now."""
        await self._rows("tag_on", ids=list(ids), names=list(names), by=by, at=at)
        return int((await self._rows("tags_most", ids=list(ids)))[0][0])

    async def untag(self, ids: Sequence[str], names: Sequence[str]) -> None:
        """Take tags off orders."""
        await self._rows("tag_off", ids=list(ids), names=list(names))

    async def set_field(self, order_id: str, field: str, value: str | None, by: str, at: datetime) -> None:
        """Write a field of an order, or empty it."""
        if value is None:
            await self._rows("field_drop", id=order_id, field=field)
        else:
            await self._rows("field_set", id=order_id, field=field, value=value, by=by, at=at)

    async def add_view(self, given: dict[str, Any], at: datetime, most: int) -> bool:
        """Keep a new view; False when its owner has one of that name, or too many."""
        return bool(await self._rows("view_add", **given, at=at, most=most))

    async def change_view(self, given: dict[str, Any]) -> bool:
        """Change a view of its owner; False when there is none."""
        return bool(await self._rows("view_change", **given))

    async def drop_view(self, view_id: str, owner: str) -> bool:
        """Forget a view of its owner; False when there is none."""
        return bool(await self._rows("view_drop", id=view_id, owner=owner))

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("desk", query), given)
        return await found.fetchall() if found.description else []
