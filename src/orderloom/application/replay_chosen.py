"""Replay many stored messages: chosen by account, time, topic and what became of them, looked at ahead, then queued in
chunks under a run that is written down and goes on where it was when whoever began it dies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.foresee import Foreseen
from orderloom.application.not_kept import NotKept
from orderloom.application.ports import Progress
from orderloom.application.replay import REPLAY_MAX
from orderloom.application.within import Within
from orderloom.domain.order_difference import FieldDifference, differences

CHUNK = 500
AHEAD_MAX, AHEAD_CHUNK = 10_000, 200
"""Messages that are looked at ahead, and how many in one transaction, which holds their orders for that moment."""
TOLD_MAX = 500
OUTCOMES = ("parked", "normalised", "discarded")
"""What can be replayed; quarantined ones never go."""


class Chosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which messages: every condition that is given must hold. `topic` may hold * and ?; `until` is past the last."""

    account: str = ""
    since: datetime | None = None
    until: datetime | None = None
    topic: str = ""
    outcomes: tuple[str, ...] = ("parked", "normalised")
    reason: str = ""
    limit: int = REPLAY_MAX


class OrderForeseen(msgspec.Struct, frozen=True):
    """An order that a replay would make (`is_new`) or change."""

    account: str
    order: str
    external_id: str
    is_new: bool
    messages: list[str]
    fields: list[FieldDifference]


class MessageForeseen(msgspec.Struct, frozen=True):
    """A message that would end another way than it did, or wait again."""

    message: str
    account: str
    topic: str
    before: str
    reason_before: str
    after: str
    reason_after: str
    field: str
    mend: str


class ReplayPreview(msgspec.Struct, frozen=True):
    """What a replay would do. `outcomes` counts messages by `before -> after`; the lists hold the first ones."""

    messages: int
    is_cut: bool
    """More are chosen than were looked at."""
    outcomes: dict[str, int]
    orders_new: int
    orders_changed: int
    orders: list[OrderForeseen]
    differing: list[MessageForeseen]


class ReplayRun(msgspec.Struct, frozen=True):
    """A replay: `done` of `total` messages are queued; `waiting` of those are not yet through."""

    id: str
    by: str
    started_at: datetime
    ended_at: datetime | None
    chosen: Chosen
    total: int
    done: int
    waiting: int = 0


class Replays(Protocol):
    """Where messages are chosen and runs written down, in one transaction."""

    async def choose(self, chosen: Chosen, account_id: int | None, before: datetime) -> list[tuple[str, str, str]]:
        """Id, outcome and reason of the messages, oldest first."""
    async def begin(self, run: ReplayRun) -> None: ...
    async def run(self, run_id: str) -> tuple[ReplayRun, str | None] | None:
        """A run, locked, with the last message that it queued."""
    async def queue(self, run_id: str, ids: Sequence[str], by: str, at: datetime) -> list[str]: ...
    async def end(self, run_id: str, at: datetime) -> None: ...


class ReplayingHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


def check_chosen(chosen: Chosen, directory: Directory) -> int | None:
    """The account's id, None for every account. Raises NotKept for a choice that nobody can have meant."""
    wrong = [word for word in chosen.outcomes if word not in OUTCOMES]
    if wrong or not chosen.outcomes:
        raise NotKept("wrong_value", f"outcome 只能是 {'、'.join(OUTCOMES)}",
                      f"outcome is one of {', '.join(OUTCOMES)}")
    if chosen.since and chosen.until and chosen.since >= chosen.until:
        raise NotKept("wrong_value", "since 必须早于 until", "since must be before until")
    if any(at is not None and at.tzinfo is None for at in (chosen.since, chosen.until)):
        raise NotKept("wrong_value", "时间要写明时区，如 2026-11-26T00:00:00+08:00",
                      "times need a zone, such as 2026-11-26T00:00:00+08:00")
    if not 0 < chosen.limit <= REPLAY_MAX:
        raise NotKept("wrong_value", f"limit：1 到 {REPLAY_MAX}", f"limit: from 1 to {REPLAY_MAX}")
    if not chosen.account:
        return None
    return directory.account_named(chosen.account).id


async def preview_replay(
    hub: ReplayingHub, within: Within[Replays], foresee: Callable[[Sequence[str]], Awaitable[Foreseen]],
    chosen: Chosen, progress: Progress | None = None,
) -> ReplayPreview:
    """Look ahead; nothing is changed. Raises NotKept."""
    directory = await hub.directory()
    async with within() as replays:
        found = await replays.choose(chosen, check_chosen(chosen, directory), hub.now())
    seen = _Seen(directory, {message: (outcome, reason) for message, outcome, reason in found})
    ahead = found[:AHEAD_MAX]
    for start in range(0, len(ahead), AHEAD_CHUNK):
        seen.take(await foresee([message for message, _, _ in ahead[start : start + AHEAD_CHUNK]]))
        if progress:
            progress(seen.messages, len(ahead))
    return seen.result(is_cut=len(found) > AHEAD_MAX)


async def preview_messages(
    hub: ReplayingHub, foresee: Callable[[Sequence[str]], Awaitable[Foreseen]], stood: Mapping[str, tuple[str, str]],
) -> ReplayPreview:
    """The same of these messages, by id with outcome and reason; of a quarantined one what letting it in would do."""
    seen = _Seen(await hub.directory(), dict(stood))
    ids = sorted(stood)
    for start in range(0, len(ids), AHEAD_CHUNK):
        seen.take(await foresee(ids[start : start + AHEAD_CHUNK]))
    return seen.result(is_cut=False)


class _Seen:
    """What was looked at so far."""

    def __init__(self, directory: Directory, stood: dict[str, tuple[str, str]]) -> None:
        self._directory, self._stood = directory, stood
        self._outcomes: Counter[str] = Counter()
        self._orders: dict[tuple[int, str], OrderForeseen] = {}
        self._differing: list[MessageForeseen] = []
        self.messages = 0

    def take(self, found: Foreseen) -> None:
        topics = {message.id: (message.account_id, message.topic) for message in found.landed}
        for became in found.became:
            self.messages += 1
            before, reason = self._stood[became.id]
            self._outcomes[f"{before} -> {became.outcome}"] += 1
            if (before, reason) != (became.outcome, became.reason) and len(self._differing) < TOLD_MAX:
                field, mend = why_of(became.detail)
                account_id, topic = topics[became.id]
                self._differing.append(MessageForeseen(
                    became.id, self._code(account_id), topic, before, reason, became.outcome, became.reason, field,
                    mend))
        for order_id, (before_order, after) in found.orders.items():
            fields = differences(before_order, after)
            if fields:
                key = (after.account_id, after.external_id)
                self._orders.setdefault(key, OrderForeseen(
                    self._code(after.account_id), before_order.number if before_order else "", after.external_id,
                    before_order is None, found.made_by.get(order_id, []), fields))

    def result(self, *, is_cut: bool) -> ReplayPreview:
        orders = list(self._orders.values())
        new = sum(order.is_new for order in orders)
        return ReplayPreview(self.messages, is_cut, dict(sorted(self._outcomes.items())), new, len(orders) - new,
                             orders[:TOLD_MAX], self._differing)

    def _code(self, account_id: int) -> str:
        account = self._directory.accounts.get(account_id)
        return account.code if account else str(account_id)


def why_of(detail: str) -> tuple[str, str]:
    """The places, and the mends, of a message that would wait."""
    if not detail.startswith("["):
        return "", ""
    told: list[dict[str, str]] = msgspec.json.decode(detail)
    return (", ".join(dict.fromkeys(one.get("field", "") for one in told)),
            " ".join(dict.fromkeys(one.get("mend", "") for one in told)))


async def begin_replay(
    hub: ReplayingHub, within: Within[Replays], chosen: Chosen, run_id: str, by: str,
) -> ReplayRun:
    """Write down what is to be replayed, and by whom; nothing is queued yet. Raises NotKept."""
    directory, at = await hub.directory(), hub.now()
    async with within() as replays:
        found = await replays.choose(chosen, check_chosen(chosen, directory), at)
        run = ReplayRun(run_id, by, at, None, chosen, len(found), 0)
        await replays.begin(run)
    return run


async def go_on_replay(
    hub: ReplayingHub, within: Within[Replays], run_id: str, by: str, progress: Progress | None = None,
) -> list[str]:
    """Queue what is left of a run, a chunk in one transaction; returns what was queued. A run that is over, or that
    another process takes further, is left as it is. Raises NotKept: not_found."""
    directory, queued = await hub.directory(), list[str]()
    left: list[str] | None = None
    while left is None or left:
        async with within() as replays:
            known = await replays.run(run_id)
            if known is None:
                raise NotKept("not_found", f"没有重放 {run_id}", f"there is no replay {run_id}")
            run, upto = known
            if run.ended_at is not None:
                return queued
            if left is None:
                account_id = check_chosen(run.chosen, directory)
                found = await replays.choose(run.chosen, account_id, run.started_at)
                left = [message for message, _, _ in found]
            left = [message for message in left if upto is None or message > upto]
            part, left = left[:CHUNK], left[CHUNK:]
            if part:
                queued += await replays.queue(run_id, part, by, hub.now())
            if not left:
                await replays.end(run_id, hub.now())
        if progress:
            progress(run.done + len(part), run.total)
    return queued
