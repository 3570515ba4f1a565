"""Try a draft of a mapping on the last messages of its account: what each would become, beside what it becomes now.

Nothing is stored but that it was tried and how it went; nobody can be recognised in what is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.edit_mapping import EditingHub, check_edited
from orderloom.application.import_files import name_kept
from orderloom.application.import_shapes import Files
from orderloom.application.not_kept import NotKept
from orderloom.application.override_account import with_overrides
from orderloom.application.ports import UNREADABLE, Account
from orderloom.application.shown_draft import shown_draft
from orderloom.application.translate import Results, translate
from orderloom.blueprint.mapping.mistake_words import MistakeTold, mistake_told
from orderloom.blueprint.mapping.order_schema import target_title
from orderloom.blueprint.mapping.override import read_edited
from orderloom.domain.draft import Nothing, OrderDraft, Problem
from orderloom.domain.draft_difference import draft_differences
from orderloom.domain.override import Override
from orderloom.domain.words import Words

SAMPLE_ORDERS_MAX = 50
"""Orders of an uploaded sample that are tried."""
DRAFTS_MAX, DIFFERENCES_MAX = 3, 40


class TriedProblem(msgspec.Struct, frozen=True):
    """Why a message could not be read: the target and what it is called, what stands there, and how to mend it."""

    code: str
    field: str
    title: Words
    value: str
    mend: Words


class TriedDifference(msgspec.Struct, frozen=True):
    """A field that the draft reads otherwise than what is in force."""

    field: str
    title: Words
    before: str
    after: str


class TriedMessage(msgspec.Struct, frozen=True):
    """One message. `before` and `after`: read, failed, nothing (not followed); `place` says which row of a file."""

    id: str
    name: str
    received_at: datetime | None
    before: str
    after: str
    problems: list[TriedProblem]
    differences: list[TriedDifference]
    drafts: list[dict[str, Any]]


class MappingTried(msgspec.Struct, frozen=True):
    """How the draft did. `worse`: read now and not by the draft; `better`: the other way round; `changed`: read by
    both, otherwise."""

    account: str
    topic: str
    digest: str
    messages: int
    read: int
    failed: int
    better: int
    worse: int
    changed: int
    mistakes: list[MistakeTold]
    rows: list[TriedMessage]


class TrialMessage(NamedTuple):
    """A message to be tried, opened."""

    id: str
    name: str
    topic: str
    body: bytes
    headers: Mapping[str, str]
    received_at: datetime
    is_of_sample: bool = False


class MappingTrialHub(EditingHub, Protocol):
    """What of the hub is needed."""

    @property
    def files(self) -> Files: ...
    @property
    def now(self) -> Callable[[], datetime]: ...


async def try_mapping(
    hub: MappingTrialHub, raw: Account, topic: str, messages: Sequence[TrialMessage], sample: tuple[str, bytes] | None,
) -> MappingTried:
    """Try the topic's draft. `raw` is the account as it is kept, without what was edited; `sample` a file that somebody
    uploaded for this. Raises NotKept: not_found without a draft."""
    async with hub.ports.mappings() as versions:
        draft, held = await versions.draft(raw.id, topic), await versions.in_force(raw.id)
    if draft is None:
        raise NotKept("not_found", f"{topic} 没有草稿", f"{topic} has no draft")
    edited = read_edited(draft.content)
    mistakes = check_edited(hub, raw, topic, edited)
    mine = [one for one in held if one.topic != topic] + [Override(topic, draft.version, draft.digest, draft.content)]
    rows: list[TriedMessage] = []
    if not mistakes:
        now, then = with_overrides(raw, held), with_overrides(raw, mine)
        rows = await asyncio.to_thread(_try_all, hub, now, then, messages, sample)
    told = MappingTried(
        raw.code, topic, draft.digest, len(rows), sum(one.after != "failed" for one in rows),
        sum(one.after == "failed" for one in rows), sum((one.before, one.after) == ("failed", "read") for one in rows),
        sum(one.before == "read" and one.after == "failed" for one in rows),
        sum(bool(one.differences) for one in rows), [mistake_told(one) for one in mistakes], rows)
    if not mistakes:
        kept = {"messages": told.messages, "read": told.read, "failed": told.failed, "better": told.better,
                "worse": told.worse, "changed": told.changed, "at": hub.now().isoformat()}
        async with hub.ports.mappings() as versions:
            await versions.note_trial(raw.id, topic, draft.digest, msgspec.json.encode(kept).decode())
    return told


async def preview_messages(
    hub: MappingTrialHub, account: Account, topic: str, messages: Sequence[TrialMessage],
    sample: tuple[str, bytes] | None,
) -> MappingTried:
    """The same by what is in force: what the account's last messages and its sample are read as. Nothing is kept."""
    rows = await asyncio.to_thread(_try_all, hub, account, account, messages, sample)
    return MappingTried(account.code, topic, "", len(rows), sum(one.after != "failed" for one in rows),
                        sum(one.after == "failed" for one in rows), 0, 0, 0, [], rows)


def _try_all(
    hub: MappingTrialHub, now: Account, then: Account, messages: Sequence[TrialMessage],
    sample: tuple[str, bytes] | None,
) -> list[TriedMessage]:
    found = [_try_one(hub, now, then, one) for one in messages]
    if sample is not None:
        found += [_try_one(hub, now, then, one) for one in items_of(hub, then, sample)]
    return found


def items_of(hub: MappingTrialHub, account: Account, sample: tuple[str, bytes]) -> Iterator[TrialMessage]:
    """The orders of a file, as the account would read it; of a file that it cannot read, that."""
    name, body = sample
    count = 0
    with name_kept(hub.files, name, body) as path:
        reader = hub.files.reader(account)
        try:
            for _, portion in reader.read_all([path]):
                for item in portion.items:
                    context = dict(item.context)
                    where = f"{name} · {context.get('row', '')}".rstrip(" ·")
                    yield TrialMessage(f"sample:{count}", where, item.topic, item.body, context, hub.now(), True)
                    count += 1
                    if count >= SAMPLE_ORDERS_MAX:
                        return
                for fault in portion.faults if not portion.items else ():
                    told = {"reason": fault.code, "reason_text": fault.mend}
                    yield TrialMessage(f"sample:{count}", f"{name} · {fault.place}", UNREADABLE, b"", told, hub.now(),
                                       True)
                    count += 1
        finally:
            reader.close()


def _try_one(hub: MappingTrialHub, now: Account, then: Account, one: TrialMessage) -> TriedMessage:
    after = translate(then, one.topic, one.body, one.headers, one.received_at, hub.mappings)
    before: Results = [(Problem("no_mapping", "", "", ""),)] if one.is_of_sample and not now.overrides else translate(
        now, one.topic, one.body, one.headers, one.received_at, hub.mappings)
    problems = [p for found in after if isinstance(found, tuple) for p in found]
    differences = [] if one.is_of_sample else _differences(before, after)
    drafts = [shown_draft(found) for found in after if not isinstance(found, tuple)][:DRAFTS_MAX]
    return TriedMessage(one.id, one.name, one.received_at, _state(before), _state(after),
                        [_problem(p) for p in problems], differences, drafts)


def _state(results: Results) -> str:
    if any(isinstance(one, tuple) for one in results):
        return "failed"
    return "read" if any(not isinstance(one, Nothing) for one in results) else "nothing"


def _differences(before: Results, after: Results) -> list[TriedDifference]:
    old = {one.external_id: one for one in before if isinstance(one, OrderDraft)}
    found = []
    for one in after:
        if isinstance(one, OrderDraft) and one.external_id in old:
            for field, (was, is_now) in draft_differences(old[one.external_id], one).items():
                found.append(TriedDifference(field, target_title(field), was, is_now))
    return found[:DIFFERENCES_MAX]


def _problem(p: Problem) -> TriedProblem:
    zh, mark, en = p.mend.partition(" | ")
    if not mark:
        zh, _, en = p.mend.partition(" / ")
    return TriedProblem(p.code, p.field, target_title(p.field), p.value, Words(zh, en or zh))
