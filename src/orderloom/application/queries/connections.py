"""Every connection as a person looks at it: is it ill, since when, what does that cost; and one of them whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from orderloom.application.ports import Account, Manifest
from orderloom.application.queries.accounts import AccountView, list_accounts
from orderloom.application.queries.sql import Connection
from orderloom.statements import beside

SQL = beside(__file__)
WAITING_MAX = 1_001
"""Counted no further: more than a thousand wait."""
DAY = timedelta(days=1)
LATE_INTERVALS, LATE_MIN = 5, timedelta(minutes=3)
"""A source that was not read for so many of its intervals, and so long, is behind."""
TOKEN_SOON = timedelta(days=7)
STATES = ("off", "unauthorised", "ill", "behind", "token_ends", "waiting", "untested", "watching", "well")


class ConnectionView(msgspec.Struct, frozen=True):
    """A connection. `state` is the worst that is true of it, one of off (switched off), unauthorised, ill (it cannot be
    read or sent to), behind (not read for long), token_ends, waiting (much waits to be sent), untested, watching (it is
    only watched), well; `since`, how long. Counts of what waits end at 1,001."""

    account: AccountView
    state: str
    since: datetime | None
    why: str
    lag_seconds: int | None
    """Since it was last read; null where nothing is read."""
    limit_used: int | None
    """Percent of what it may be called now that is used."""
    errors_day: int
    received_day: int
    deliveries_waiting: int
    orders_waiting: int
    """Orders that something about is still to be told to it."""
    messages_pending: int
    messages_parked: int
    oldest_waiting_at: datetime | None
    cases_open: int
    token_ends_at: datetime | None
    reads_every_seconds: int | None


class ConnectionList(msgspec.Struct, frozen=True):
    """All of them, the ill ones first. `ill` counts those that somebody has to look at."""

    as_of: datetime
    connections: list[ConnectionView]
    ill: int


class HourOfAccount(msgspec.Struct, frozen=True):
    """What came in an hour, what was known already, and how often reading or sending failed."""

    hour: datetime
    received: int
    duplicates: int
    pull_failed: int
    send_failed: int


async def list_connections(
    connection: Connection, manifests: Mapping[str, Manifest], accounts: Mapping[int, Account], at: datetime,
    code: str = "",
) -> ConnectionList:
    """Every connection with its health, or one. `accounts` are the directory's."""
    views = {one.id: one for one in (await list_accounts(connection, manifests)).accounts}
    rows = await (await connection.execute(SQL["health"], {
        "at": at, "since": at - DAY, "most": WAITING_MAX, "code": code})).fetchall()
    health = [_Health(*row) for row in rows]
    found = [_view(views[one.id], one, manifests, accounts.get(one.id), at) for one in health if one.id in views]
    found.sort(key=lambda one: (STATES.index(one.state), one.account.code))
    return ConnectionList(at, found, sum(STATES.index(one.state) <= STATES.index("waiting") and one.state != "off"
                                         for one in found))


async def hours_of(connection: Connection, account_id: int, since: datetime) -> list[HourOfAccount]:
    """Hour by hour, the newest first."""
    rows = await (await connection.execute(SQL["pulls"], {"account": account_id, "since": since})).fetchall()
    return [HourOfAccount(*row) for row in rows]


class _Health(NamedTuple):
    """A row of `health`."""

    id: int
    pulled_at: datetime | None
    failing_since: datetime | None
    pull_error: str | None
    failures: int
    received: int
    waiting: int
    orders: int
    oldest: datetime | None
    send_error: str | None
    pending: int
    parked: int
    buckets: dict[str, list[float]]
    cases: int


def _view(
    view: AccountView, row: _Health, manifests: Mapping[str, Manifest], account: Account | None, at: datetime,
) -> ConnectionView:
    manifest = manifests.get(view.connector)
    every = _interval(manifest, account)
    lag = int((at - row.pulled_at).total_seconds()) if row.pulled_at and every and view.is_active else None
    ends = _token_end(view)
    state, since, why = _state(view, row, at, lag, every, ends)
    return ConnectionView(
        view, state, since, why, lag, _used(manifest, account, row.buckets), row.failures, row.received, row.waiting,
        row.orders, row.pending, row.parked, row.oldest, row.cases, ends, int(every) if every else None)


def _interval(manifest: Manifest | None, account: Account | None) -> float | None:
    if manifest is None or account is None or "pull" not in manifest.capabilities:
        return None
    return float(account.settings.get("interval_seconds") or manifest.pull.interval_seconds)


def _token_end(view: AccountView) -> datetime | None:
    """Until when no person need do anything; what renews itself has no end that matters."""
    return view.tokens.lasts if view.tokens else None


def _state(
    view: AccountView, row: _Health, at: datetime, lag: int | None, every: float | None, ends: datetime | None,
) -> tuple[str, datetime | None, str]:
    """The worst that is true, since when, and why in the other side's words."""
    if not view.is_active:
        return "off", None, ""
    if view.tokens and view.tokens.is_final:
        return "unauthorised", view.tokens.failed_at, view.tokens.failure
    if row.failing_since is not None:
        return "ill", row.failing_since, row.pull_error or ""
    if view.is_well is False:
        return "ill", view.checked_at, view.health
    if lag is not None and every and lag > max(LATE_MIN.total_seconds(), LATE_INTERVALS * every):
        return "behind", at - timedelta(seconds=lag), ""
    if ends is not None and ends < at + TOKEN_SOON:
        return "token_ends", ends, ""
    if row.send_error and row.oldest is not None:
        return "waiting", row.oldest, row.send_error
    if view.is_watching:
        return "watching", None, ""
    return ("untested", None, "") if view.is_well is None else ("well", None, "")


def _used(manifest: Manifest | None, account: Account | None, buckets: Mapping[str, Sequence[float]]) -> int | None:
    """What of the account's own bucket is used now; it fills by itself."""
    if manifest is None or account is None or "" not in buckets:
        return None
    own = account.settings.get("rate")
    per_second, burst = (float(own["per_second"]), float(own["burst"])) if isinstance(own, dict) else (
        manifest.rate.per_second, manifest.rate.burst)
    tokens, seconds = buckets[""]
    left = min(burst, float(tokens) + max(float(seconds), 0.0) * per_second)
    return max(0, min(100, round(100 * (1 - left / burst)))) if burst else None
