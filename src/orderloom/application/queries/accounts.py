"""Connected accounts with their health, never their credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.ports import NO_CONNECTOR, Manifest
from orderloom.application.queries.sql import Connection
from orderloom.domain.masters import masters_of
from orderloom.statements import beside

SQL = beside(__file__)
BACKFILL_FROM, TOKENS_FROM, PAUSED, SETTINGS, SIGNS_FROM = 17, 25, 31, 32, 33
"""From which columns on the backfill and the tokens are told, and where the pauses are."""


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


class TokensView(msgspec.Struct, frozen=True):
    """Tokens that were granted: until when each is good, `lasts`: until when no person need authorise it again, where
    that is known. `failure`: why the last renewal failed, `is_final`: trying again cannot help."""

    ends: dict[str, datetime]
    lasts: datetime | None
    renewed_at: datetime | None
    failed_at: datetime | None
    failure: str
    is_final: bool


class AccountView(msgspec.Struct, frozen=True):
    """An account: how it is, how far it was read, and the last trouble in reading.

    `swept_up_to`: so far everything was read a second time; `found_late` orders had been left out by the source.
    `paused`: until when which APIs are left alone (`*`: all), since the platform said that they were called too fast.
    `pushed_at`: when it last pushed something genuine; `clock_ahead_seconds`: how far its clock is ahead of ours.
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
    tokens: TokensView | None
    paused: dict[str, datetime]
    pushed_at: datetime | None
    clock_ahead_seconds: int | None
    is_watching: bool = False
    """It is read, and nothing is made of what it says or sent to it."""
    credentials_at: datetime | None = None
    """When its credentials were last changed."""
    version: str = ""
    """Of the platform's API, and its last day where one is announced."""
    version_ends: str = ""
    masters: dict[str, str] = {}
    """Who decides what of it: `stock`, `shipping` and `receiver`."""


class AccountList(msgspec.Struct, frozen=True):
    """Every account."""

    accounts: list[AccountView]


async def list_accounts(
    connection: Connection, manifests: Mapping[str, Manifest], family: str = "",
) -> AccountList:
    """Accounts of a family, or all."""
    found = await (await connection.execute(SQL["accounts"], {"family": family})).fetchall()
    return AccountList([_versioned(_view(row), manifests, row[SETTINGS]) for row in found])


def _versioned(view: AccountView, manifests: Mapping[str, Manifest], settings: Mapping[str, Any]) -> AccountView:
    view = msgspec.structs.replace(view, masters=masters_of(settings))
    manifest = manifests.get(view.connector)
    if manifest is None:
        return msgspec.structs.replace(view, is_well=False, health=NO_CONNECTOR.format(name=view.connector))
    version = manifest.version_of(settings)
    return view if version is None else msgspec.structs.replace(
        view, version=version.name, version_ends=str(version.last_day or ""))


def _view(row: Sequence[Any]) -> AccountView:
    paused = {api: datetime.fromisoformat(until) for api, until in row[PAUSED].items()}
    columns = [*row[:BACKFILL_FROM], backfill_of(row[BACKFILL_FROM:TOKENS_FROM]), tokens_of(row[TOKENS_FROM:PAUSED]),
               paused, *row[SIGNS_FROM:]]
    return AccountView(*columns)


def tokens_of(row: Sequence[Any]) -> TokensView | None:
    """The tokens of an account from its columns; None when it never had any."""
    if row[0] is None:
        return None
    return TokensView({name: datetime.fromisoformat(at) for name, at in row[0].items()}, *row[1:])


def backfill_of(row: Sequence[Any]) -> BackfillView | None:
    """The backfill of an account from its columns; None when there never was one."""
    since, until, place, orders, scope, finished_at, failures, last_error = row
    if since is None:
        return None
    whole = max((until - since).total_seconds(), 1.0)
    done = 100 if finished_at else min(99, int(100 * (place - since).total_seconds() / whole))
    return BackfillView(since, until, place, orders, scope, finished_at, failures, last_error, done)


async def has_accounts(connection: Connection) -> bool:
    """Whether any account was ever connected."""
    row = await (await connection.execute(SQL["has_accounts"])).fetchone()
    return bool(row and row[0])
