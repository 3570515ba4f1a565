"""Read single things again: what a push hinted at, and what a list named and did not give. Each once, however often it
was hinted at; what fails is asked for again, alone in the end, and is a case when it stays away.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

import structlog

from orderloom.application.batch import open_case
from orderloom.application.change import Change
from orderloom.application.ports import REREAD_IDS_MAX, Account, Rereads, StoreAway, Terminal
from orderloom.application.sources.hub import Owed, SourcesHub
from orderloom.application.sources.pulling import LEASE, lease_at, why_failed
from orderloom.application.sources.reading import in_time, tell
from orderloom.application.sources.tasks import Tasks

TAKEN_MAX = 500
GROUP_OF_FAILURES = (REREAD_IDS_MAX, 12, 3, 1)
"""How many are asked for together that have failed so often: a bad one stands alone in the end."""
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 5.0, 3_600.0
FAILURES_BEFORE_CASE = 5
CASE = "reread_failed"
NOT_GIVEN = "平台没有给出它 | the source did not give it"
log = structlog.get_logger()


class Rereader:
    """Reads for every account in a task of its own, so that a slow one holds up nobody else."""

    def __init__(self, hub: SourcesHub) -> None:
        self._hub = hub
        self._busy = Tasks[int, None]()
        self.drain = self._busy.drain

    async def step(self) -> int:
        """Start reading what is due; returns how many things that is."""
        self._busy.forget_ended()
        taken = await _take(self._hub, self._busy)
        for account_id, owed in taken.items():
            self._busy[account_id] = asyncio.create_task(_of_account(self._hub, account_id, owed))
        return sum(map(len, taken.values()))


async def reread_step(hub: SourcesHub) -> int:
    """Read all that is due, and wait for it; returns how many things that was."""
    taken = await _take(hub, ())
    await asyncio.gather(*[_of_account(hub, account_id, owed) for account_id, owed in taken.items()])
    return sum(map(len, taken.values()))


async def _take(hub: SourcesHub, busy: Collection[int]) -> dict[int, list[Owed]]:
    async with hub.ports.rereads() as book:
        owed = await book.take(lease_at(hub.now()), busy, TAKEN_MAX)
    found = defaultdict[int, list[Owed]](list)
    for one in owed:
        found[one.account_id].append(one)
    return found


async def _of_account(hub: SourcesHub, account_id: int, owed: Sequence[Owed]) -> None:
    account = (await hub.directory()).accounts.get(account_id)
    if account is None:
        return
    waiting = list(groups(owed))
    for place, group in enumerate(waiting):
        async with hub.ports.rereads() as book:
            for what in {one[0].what for one in waiting[place:]}:
                left = [one for later in waiting[place:] for one in later if one.what == what]
                await book.extend(account_id, what, left, hub.now() + LEASE)
        await _group(hub, account, group)


def groups(owed: Sequence[Owed]) -> Iterator[list[Owed]]:
    """Things of one list that are asked for together, those that never failed before the others."""
    for what in sorted({one.what for one in owed}):
        left = sorted([one for one in owed if one.what == what], key=lambda one: one.failures)
        while left:
            size = GROUP_OF_FAILURES[min(left[0].failures, len(GROUP_OF_FAILURES) - 1)]
            group = [one for one in left[:size] if min(one.failures, 3) == min(left[0].failures, 3)]
            yield group
            left = left[len(group):]


async def _group(hub: SourcesHub, account: Account, group: Sequence[Owed]) -> None:
    """Read these, and write down which were read and which were not."""
    what = group[0].what
    try:
        missing = await _read(hub, account, what, [one.id for one in group])
    except StoreAway:
        raise
    except Exception as failed:
        why, wait = why_failed(failed, account)
        await _failed(hub, account, what, group, why, wait)
        return
    read = [one for one in group if one.id not in missing]
    async with hub.ports.rereads() as book:
        await book.done(account.id, what, read, hub.now())
    await _put_right(hub, account, read)
    if left := [one for one in group if one.id in missing]:
        await _failed(hub, account, what, left, NOT_GIVEN, 0.0)


async def _read(hub: SourcesHub, account: Account, what: str, ids: Sequence[str]) -> set[str]:
    """Land the pages; returns the ids that the source did not give."""
    connector, missing = hub.connectors[account.connector], set[str]()
    if not isinstance(connector, Rereads):
        raise Terminal("unsupported", f"{account.connector} 不能单条重读 | reads nothing again by its id")
    async for page in in_time(connector.reread(account, what, ids, hub.outside.client(account))):
        await hub.lander.land(account, page.items, dict(page.headers), hub.now())
        if page.problem:
            await tell(hub, account, "unreadable_body", {"why": page.problem[:500]})
        missing |= {one.id for one in page.missing}
    return missing


async def _failed(
    hub: SourcesHub, account: Account, what: str, group: Sequence[Owed], why: str, wait: float,
) -> None:
    at = hub.now()
    log.warning("reread_failed", account=account.code, what=what, count=len(group))
    due = [(one, at + timedelta(seconds=_pause(one.failures, wait))) for one in group]
    async with hub.ports.rereads() as book:
        await book.failed(account.id, what, due, why[:500])
    if told := [one for one in group if one.failures + 1 == FAILURES_BEFORE_CASE]:
        change = Change()
        async with hub.ports.desk() as desk:
            directory = await desk.directory()
            for one in told:
                open_case(change, directory.blueprints[directory.blueprint_active], at, CASE, _subject(account, one),
                          {"account": account.code, "what": what, "id": one.id, "why": why[:500],
                           "since": one.since.isoformat(timespec="seconds")}, account_id=account.id)
            await desk.save(change, at, "reread")


async def _put_right(hub: SourcesHub, account: Account, read: Sequence[Owed]) -> None:
    """Close the cases of what could be read after all."""
    if told := [one for one in read if one.failures >= FAILURES_BEFORE_CASE]:
        change = Change()
        change.resolved += [(CASE, _subject(account, one)) for one in told]
        async with hub.ports.desk() as desk:
            await desk.save(change, hub.now(), "reread")


def _pause(failures: int, wait: float) -> float:
    return max(min(PAUSE_SECONDS * 2.0 ** min(failures, 12), PAUSE_SECONDS_MAX), wait)


def _subject(account: Account, one: Owed) -> str:
    return f"{account.code}/{one.what}/{one.id}"
