"""Keep the lists of orders that people saved: their own, and those that they share with roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

VIEWS_MAX = 50


class SavedView(msgspec.Struct, frozen=True):
    """What is kept of a view. `roles`: who else sees it."""

    name: str
    query: msgspec.Struct
    sort: str
    columns: Sequence[str]
    roles: Sequence[str]


class ViewBook(Protocol):
    """Where they are kept, in one transaction."""

    async def add_view(self, given: dict[str, Any], at: datetime, most: int) -> bool: ...
    async def change_view(self, given: dict[str, Any]) -> bool: ...
    async def drop_view(self, view_id: str, owner: str) -> bool: ...


async def save_view(within: Within[ViewBook], view_id: str, owner: str, view: SavedView, at: datetime) -> None:
    """Keep a new view. Raises NotKept `already_there`."""
    async with within() as views:
        if not await views.add_view(_row(view_id, owner, view), at, VIEWS_MAX):
            raise NotKept("already_there", f"已有同名视图“{view.name}”，或已满 {VIEWS_MAX} 个；请换个名字或删掉一个",
                          f'a view "{view.name}" is there, or {VIEWS_MAX} of them: take another name or drop one')


async def change_view(within: Within[ViewBook], view_id: str, owner: str, view: SavedView) -> None:
    """Change a view of one's own. Raises NotKept `not_found`."""
    async with within() as views:
        if not await views.change_view(_row(view_id, owner, view)):
            raise _none()


async def drop_view(within: Within[ViewBook], view_id: str, owner: str) -> None:
    """Forget a view of one's own. Raises NotKept `not_found`."""
    async with within() as views:
        if not await views.drop_view(view_id, owner):
            raise _none()


def _row(view_id: str, owner: str, view: SavedView) -> dict[str, Any]:
    kept = {"query": view.query, "sort": view.sort}
    return {"id": view_id, "owner": owner, "roles": list(view.roles), "name": view.name,
            "query": msgspec.json.encode(kept).decode(), "columns": list(view.columns)}


def _none() -> NotKept:
    return NotKept("not_found", "没有这个视图，或不是你的", "there is no such view, or it is not yours")
