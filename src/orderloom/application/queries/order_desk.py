"""Tags, fields and views as people choose among them: the blueprint's, their own and what is shared with them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import msgspec

from orderloom.application.queries.order_columns import RowTag
from orderloom.application.queries.order_query import OrderQuery
from orderloom.application.queries.sql import Connection
from orderloom.blueprint.desk import DeskFile, FieldEntry
from orderloom.domain.words import Words
from orderloom.statements import beside

SQL = beside(__file__)


class ViewShown(msgspec.Struct, frozen=True):
    """A view. `origin`: `system` of the blueprint, `own` the caller's, `shared` another's for the caller's role."""

    id: str
    origin: Literal["system", "own", "shared"]
    title: Words
    query: OrderQuery
    sort: str
    columns: list[str]
    roles: list[str]


class FieldShown(msgspec.Struct, frozen=True):
    """A field of the seller's own. `is_editable`: the caller may write it."""

    name: str
    title: Words
    type: str
    choices: list[str]
    is_editable: bool


async def list_tags(connection: Connection) -> list[RowTag]:
    """Every tag by name."""
    return [RowTag(*row) for row in await (await connection.execute(SQL["tags"], {})).fetchall()]


async def list_views(
    connection: Connection, desk: DeskFile, owner: str, roles: Collection[str],
) -> list[ViewShown]:
    """The views of a caller: the blueprint's for these roles, then the caller's own and what is shared."""
    found = [_of_blueprint(view) for view in desk.views if not view.roles or set(view.roles) & set(roles)]
    rows = await (await connection.execute(SQL["views"], {"owner": owner, "roles": sorted(roles)})).fetchall()
    return [view for view in found if view] + [_kept(row, owner) for row in rows]


def fields_shown(fields: Collection[FieldEntry], roles: Collection[str]) -> list[FieldShown]:
    """The fields as somebody with these roles has them."""
    allowed = {*roles}
    return [FieldShown(field.name, field.title, field.type, list(field.choices),
                       not field.edit or bool(allowed & {*field.edit, "administrator"})) for field in fields]


def _of_blueprint(view: Any) -> ViewShown | None:
    """None for one whose filters this build does not know."""
    try:
        query = msgspec.convert(view.query, OrderQuery, strict=False)
    except msgspec.ValidationError:
        return None
    return ViewShown(view.name, "system", view.title, query, view.sort, list(view.columns), list(view.roles))


def _kept(row: Any, owner: str) -> ViewShown:
    query = msgspec.convert(row[3]["query"], OrderQuery)
    return ViewShown(row[0], "own" if row[1] == owner else "shared", Words(row[2], row[2]), query, row[3]["sort"],
                     list(row[4]), list(row[5]))
