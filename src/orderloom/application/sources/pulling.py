"""Read channels and systems: every account at its own interval, from its own cursor, one worker at a time."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx2
import structlog

from orderloom.application.connect import shared
from orderloom.application.ports import (
    Account,
    Cursor,
    Item,
    Manifest,
    PartlyRead,
    PastReader,
    StoreAway,
    Terminal,
    Transient,
    Trouble,
    able,
)
from orderloom.application.sources.hub import Lease, SourcesHub
from orderloom.application.sources.reading import PAGE_SECONDS_MAX, Counted, read, resolve, tell
from orderloom.application.sources.tasks import Tasks
from orderloom.domain.fault import kind_of, where

LEASE = timedelta(seconds=120)
FAILURES_BEFORE_CASE = 3
BACK_OFF_SECONDS_MAX = 300
FIRST_LOOK_BACK = timedelta(days=1)
"""How far back a new account is read."""
SILENT_AFTER = timedelta(minutes=30)
CLOCK_TOLERANCE = timedelta(seconds=2)
WAIT_MAX = timedelta(hours=24)
"""No walk is put off for longer; one that seems to be was put off by a clock that ran ahead."""
PARCELS_PER_STEP_MAX = 50
log = structlog.get_logger()


class DueAccount(NamedTuple):
    """An account that is to be read: from where, and how often it failed in a row."""

    account: Account
    cursor: Cursor
    failures: int


def pulled_connectors(manifests: Mapping[str, Manifest]) -> list[str]:
    """Connectors that are read by pulling (files: the watched inbox)."""
    return able(manifests, "pull", "file")


class Puller:
    """Reads every account in a task of its own, so that a slow one holds up nobody else.

    `monotonic` is a clock that cannot be set: against it a jump of the hub's clock is seen when it happens.
    """

    def __init__(self, hub: SourcesHub, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._hub, self._monotonic = hub, monotonic
        self._busy = Tasks[int, int]()
        self.drain = self._busy.drain
        self._ahead: timedelta | None = None

    async def step(self) -> int:
        """Start reading the accounts that are due; returns how many were started."""
        self._busy.forget_ended()
        await self._watch_clock()
        started = 0
        for due in await _due(self._hub):
            before = self._busy.get(due.account.id)
            self._busy[due.account.id] = asyncio.create_task(self._pull_after(before, due))
            started += 1
        return started

    async def _pull_after(self, before: asyncio.Task[int] | None, due: DueAccount) -> int:
        """Read an account, after a reading that gave the lease back and is not through yet: it is leased to us now."""
        if before is not None:
            await before
        return await _pull(self._hub, due)

    async def _watch_clock(self) -> None:
        """When the clock is set back, cursors go back as far: they may have been moved while it was ahead."""
        at = self._hub.now()
        ahead = at - datetime.fromtimestamp(self._monotonic(), UTC)
        by, self._ahead = (self._ahead or ahead) - ahead, ahead
        if by > CLOCK_TOLERANCE:
            log.warning("clock_was_set_back", seconds=by.total_seconds())
            async with self._hub.ports.pulls() as book:
                await book.set_back(by, at)


async def pull_step(hub: SourcesHub) -> int:
    """Read every account that is due, and wait for all of them; returns how many items landed."""
    return sum(await asyncio.gather(*[_pull(hub, due) for due in await _due(hub)]))


def _swept(hub: SourcesHub) -> list[str]:
    return sorted(name for name, connector in hub.connectors.items() if isinstance(connector, PastReader))


def lease_at(at: datetime) -> Lease:
    """A lease from now on."""
    until = at + LEASE
    return Lease(at, until, at - FIRST_LOOK_BACK, at + CLOCK_TOLERANCE, until + CLOCK_TOLERANCE, at + WAIT_MAX)


async def _due(hub: SourcesHub) -> list[DueAccount]:
    """Lease what is due."""
    at = hub.now()
    async with hub.ports.pulls() as book:
        taken = await book.take(lease_at(at), pulled_connectors(hub.manifests), _swept(hub))
    directory = await hub.directory()
    for one in taken:
        if one.was_ahead:
            log.warning("clock_was_wrong", account=one.account_id, now=at.isoformat())
    return [DueAccount(directory.accounts[t.account_id], t.cursor, t.failures) for t in taken
            if t.account_id in directory.accounts]


async def _pull(hub: SourcesHub, due: DueAccount) -> int:
    landed, error, started = 0, "", hub.now()
    pause = _interval(hub, due.account)
    try:
        await _must_be_alone(hub, due.account)
        landed = await _pages(hub, due.account, due.cursor, started)
    except StoreAway:
        raise
    except Exception as failed:
        error, wait = why_failed(failed, due.account)
        is_partly = isinstance(failed, PartlyRead)  # what can be read is read as often as ever
        pause = max(pause, wait) if is_partly else back_off(pause, due.failures + 1, wait)
    await _done(hub, due.account, due.failures + 1 if error else 0, error, pause, started)
    return landed


def _interval(hub: SourcesHub, account: Account) -> float:
    own = account.settings.get("interval_seconds")
    return float(own if own is not None else hub.manifests[account.connector].pull.interval_seconds)


async def _must_be_alone(hub: SourcesHub, account: Account) -> None:
    """What `connect` refuses may have been there before it did: neither account reads until one is changed."""
    if names := hub.manifests[account.connector].exclusive:
        others = list((await hub.directory()).accounts.values())
        if clash := await asyncio.to_thread(shared, names, account, others, os.path.realpath):
            raise Terminal(f"{clash[0]}_shared", f"与账号 {clash[1]} 共用，两个都已停读；请改掉一个 / "
                           f"shared with account {clash[1]}, neither is read: change one")


async def _pages(hub: SourcesHub, account: Account, cursor: Cursor, started: datetime) -> int:
    """Read from the cursor up to now."""

    async def keep(place: Cursor | None, _: Counted) -> None:
        async with hub.ports.pulls() as book:
            await book.move(account.id, place, started, hub.now() + LEASE)

    await _tell_out_of_reach(hub, account, cursor.at, started)
    pages = hub.connectors[account.connector].pull(account, cursor, started, hub.outside.client(account))
    return (await read(hub, account, pages, keep, since=cursor.at)).landed


async def _tell_out_of_reach(hub: SourcesHub, account: Account, since: datetime, at: datetime) -> None:
    """A case when the account stood still for longer than its source shows: nobody can read what changed before."""
    days = hub.manifests[account.connector].pull.history_days_max
    if days and since < (shown := at - timedelta(days=days)):
        await tell(hub, account, "out_of_reach", {
            "from": since.isoformat(), "to": shown.isoformat(),
            "why": f"停读太久，平台只给最近 {days} 天，更早的请导出后导入 / not read for too long: the source shows "
                   f"{days} days; export what is older and import it"})  # fmt: skip


def back_off(interval: float, failures: int, wait: float) -> float:
    """Seconds until the next try."""
    return max(min(interval * 2.0 ** min(failures, 8), BACK_OFF_SECONDS_MAX), wait)


def why_failed(failed: Exception, account: Account) -> tuple[str, float]:
    """What went wrong in a reading, in words, and how many seconds the source asks to be left alone."""
    if isinstance(failed, PartlyRead):
        words, wait = why_failed(failed.first, account)
        zh, en = _both(words)
        lists = ", ".join(failed.lists)
        return f"{lists} 未能读取，其余照常：{zh} / {lists} not read, the others are: {en}", wait
    if isinstance(failed, TimeoutError):
        return f"too_slow: {PAGE_SECONDS_MAX:.0f} 秒没有读完一页 / no page within {PAGE_SECONDS_MAX:.0f} seconds", 0.0
    if isinstance(failed, Trouble | httpx2.HTTPError | OSError):
        words = repr(failed) if isinstance(failed, OSError) else str(failed) or repr(failed)
        return words, failed.retry_after if isinstance(failed, Transient) else 0.0
    log.error("pull_failed", account=account.code, error=kind_of(failed), where=where(failed))
    return kind_of(failed), 0.0


def _both(words: str) -> tuple[str, str]:
    """The Chinese and the English of stored words that say both, else the same twice."""
    between = next((one for one in (" | ", " / ") if words.count(one) == 1), "")
    zh, en = words.split(between) if between else (words, words)
    code = zh.partition(": ")[0]
    return zh, en if not between or not code.isidentifier() else f"{code}: {en}"


async def _done(
    hub: SourcesHub, account: Account, failures: int, error: str, pause: float, started: datetime
) -> None:
    at = hub.now()
    async with hub.ports.pulls() as book:
        await book.done(account.id, at + timedelta(seconds=pause), failures, error[:500], started, at)
        if (ahead := hub.outside.clock_ahead(account)) is not None:
            await book.note_clock(account.id, ahead, at)
    if failures == FAILURES_BEFORE_CASE:
        await tell(hub, account, "account_unwell", {"why": error[:500]})
    elif not failures:
        await resolve(hub, "account_unwell", account)


async def ask_carriers(hub: SourcesHub) -> int:
    """Ask for parcels that nobody has told of for half an hour; the answers land through the door."""
    directory = await hub.directory()
    able = [a for a in directory.accounts.values() if a.family == "carriers" and a.is_active
            and "query" in hub.manifests[a.connector].capabilities]
    if not able:
        return 0
    at = hub.now()
    silent = min(_silent_after(account) for account in able)
    async with hub.ports.pulls() as book:
        parcels = await book.silent(at, at - silent, PARCELS_PER_STEP_MAX)
    asked: dict[int, list[tuple[str, str, str]]] = {}
    for parcel in parcels:
        account = _who_knows(hub, able, parcel[0])
        if account is not None:
            asked.setdefault(account.id, []).append(parcel)
    return sum([await _ask(hub, directory.accounts[account_id], some) for account_id, some in asked.items()])


def _who_knows(hub: SourcesHub, able: Sequence[Account], carrier: str) -> Account | None:
    """Who is asked for a carrier's parcel: its own account, else one that knows anybody's."""
    known = [(a, hub.manifests[a.connector].carriers) for a in able]
    fitting = [(a, own) for a, own in known if not own or carrier in own]
    return min(fitting, key=lambda one: not one[1], default=(None, []))[0]


async def _ask(hub: SourcesHub, account: Account, parcels: Sequence[tuple[str, str, str]]) -> int:
    query: Any = getattr(hub.connectors[account.connector], "query")  # noqa: B009
    answers = await asyncio.gather(
        *[query(carrier, waybill, last4, account, hub.outside.client(account)) for carrier, waybill, last4 in parcels],
        return_exceptions=True,
    )
    items = [a for a in answers if isinstance(a, Item)]
    for failed in (a for a in answers if isinstance(a, BaseException)):
        log.warning("query_failed", account=account.code, why=kind_of(failed))
    await hub.lander.land(account, items, {"content-type": "application/json"}, hub.now())
    return len(items)


def _silent_after(account: Account) -> timedelta:
    seconds = account.settings.get("query_after_seconds")
    return timedelta(seconds=float(seconds)) if seconds else SILENT_AFTER

