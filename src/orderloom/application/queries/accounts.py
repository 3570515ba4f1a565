"""Connected accounts with their health (never their credentials), SKU aliases, published blueprints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import HEX, NUMBER, Connection, from_cursor, statements, to_cursor, where

SQL = statements(__file__, "accounts")
BACKFILL_FROM = 17
"""The columns from here on are the backfill's."""


class BackfillView(msgspec.Struct, frozen=True):
    """Orders from before the connection: from `since` to `until`, read up to `read_up_to`; `orders` were new.

    `percent` is of the time. `scope` is open (orders not finished) or all.
    """

    since: datetime
    until: datetime
    read_up_to: datetime
    orders: int
    scope: str
    finished_at: datetime | None
    failures: int
    last_error: str
    percent: int


class AccountView(msgspec.Struct, frozen=True):
    """An account: how it is, how far it was read, and the last trouble in reading.

    `swept_up_to`: so far everything was read a second time; `found_late` orders had been left out by the source.
    """

    id: int
    code: str
    family: str
    connector: str
    title: str
    zone: str
    base_url: str
    is_active: bool
    health: str
    is_well: bool | None
    checked_at: datetime | None
    read_up_to: datetime | None
    pulled_at: datetime | None
    failures: int
    last_error: str
    swept_up_to: datetime | None
    found_late: int
    backfill: BackfillView | None


class AccountList(msgspec.Struct, frozen=True):
    """Every account."""

    accounts: list[AccountView]


class AliasView(msgspec.Struct, frozen=True):
    """How a channel account spells a SKU (`account` null: all accounts); one of it is `factor` base units."""

    account: str | None
    alias: str
    sku: str
    factor: int
    is_published: bool


class AliasPage(msgspec.Struct, frozen=True):
    """A page of aliases by account and spelling."""

    aliases: list[AliasView]
    next: str | None


class PublishedBlueprint(msgspec.Struct, frozen=True):
    """A published version."""

    version: int
    author: str
    reason: str
    published_at: datetime
    digest: str


async def list_accounts(connection: Connection, family: str = "") -> AccountList:
    """Accounts of a family, or all."""
    found = await (await connection.execute(SQL["accounts"], {"family": family})).fetchall()
    return AccountList([_view(row) for row in found])


def _view(row: Sequence[Any]) -> AccountView:
    columns = [*row[:BACKFILL_FROM], backfill_of(row[BACKFILL_FROM:])]
    return AccountView(*columns)


def backfill_of(row: Sequence[Any]) -> BackfillView | None:
    """The backfill of an account from its columns; None when there never was one."""
    since, until, place, orders, scope, finished_at, failures, last_error = row
    if since is None:
        return None
    whole = max((until - since).total_seconds(), 1.0)
    done = 100 if finished_at else min(99, int(100 * (place - since).total_seconds() / whole))
    return BackfillView(since, until, place, orders, scope, finished_at, failures, last_error, done)


async def list_aliases(
    connection: Connection, *, account_id: int | None = None, sku: str = "", cursor: str = "", limit: int = 50
) -> AliasPage:
    """A page of aliases. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {"limit": limit + 1}
    if account_id is not None:
        parts.append("x.account_id = %(account)s")
        values["account"] = account_id
    if sku:
        parts.append("s.code = %(sku)s")
        values["sku"] = sku
    if cursor:
        account, alias = from_cursor(cursor, NUMBER, HEX)
        parts.append("(coalesce(x.account_id, 0), x.alias) > (%(after)s, %(after_alias)s)")
        values |= {"after": int(account), "after_alias": bytes.fromhex(alias).decode("utf-8", "replace")}
    query = SQL["aliases"].decode().replace("{where}", where(parts)).encode()
    found = await (await connection.execute(query, values)).fetchall()
    aliases = [AliasView(*row[1:]) for row in found[:limit]]
    if len(found) <= limit:
        return AliasPage(aliases, None)
    return AliasPage(aliases, to_cursor(found[limit - 1][0], found[limit - 1][2].encode().hex()))


async def list_blueprints(connection: Connection) -> list[PublishedBlueprint]:
    """The newest published versions, newest first."""
    found = await (await connection.execute(SQL["blueprint"])).fetchall()
    return [PublishedBlueprint(*row) for row in found]
