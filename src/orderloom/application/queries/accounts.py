"""Connected accounts with their health (never their credentials), SKU aliases, published blueprints."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import HEX, NUMBER, Connection, from_cursor, statements, to_cursor, where

SQL = statements(__file__, "accounts")


class AccountView(msgspec.Struct, frozen=True):
    """An account: how it is, how far it was read, and the last trouble in reading."""

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
    return AccountList([AccountView(*row) for row in found])


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
