"""Mend many cases by the same way in the background: each for itself, with what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.discard import Parked, discard_case
from orderloom.application.give_up import GIVE_UP_MAX, give_up_case
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.shapes import Job, RowResult, Stepped
from orderloom.application.mends.shapes import MendWish
from orderloom.application.mends.ways import MendKept, MendSubject, teach_spelling
from orderloom.application.not_kept import NotKept
from orderloom.application.replay import StoredMessages, replay
from orderloom.application.resend import EndedDeliveries, resend
from orderloom.application.within import Within
from orderloom.domain.mending import MENDERS

MEND_MANY = "mend_cases"
CHUNK = 5
"""Cases of one step."""
CASES_MAX = 500
HANDLED_MAX = 100
"""Messages of one case that go through the route at once, so that its row tells what became of them; others follow."""
MESSAGES_MAX = 100_000
ManyWay = Literal["alias", "replay", "resend", "discard", "give_up"]
"""The ways that need nothing of the single case: the same wish mends all of them."""


class MendManyAsked(msgspec.Struct, frozen=True):
    """The way, what it asks for, and the cases by id."""

    mend: ManyWay
    ids: tuple[str, ...]
    sku: str = ""
    factor: int = 1
    reach: str = "shop"
    reason: str = ""


class CaseToMend(NamedTuple):
    """A case as it stands, with its shop's code and the spelling that it is about, both empty where it has none."""

    id: str
    kind: str
    subject: str
    account: str
    spelling: str


class WaitingMessages(StoredMessages, Parked, Protocol):
    """Where messages wait, in one transaction."""


class WaitingDeliveries(EndedDeliveries, Protocol):
    """Where deliveries wait, in one transaction."""

    async def lock_deliveries(self, ids: Sequence[str]) -> list[Any]: ...
    async def parked_of_case(self, case_id: str, limit: int) -> list[str]: ...


class CaseWords(Protocol):
    """Where the history of cases is kept, in one transaction."""

    async def write(self, case_id: str, kind: str, detail: dict[str, Any], by: str, at: datetime) -> None: ...


class MendPorts(Protocol):
    """Ports of the hub."""

    @property
    def messages(self) -> Within[WaitingMessages]: ...
    @property
    def outbox(self) -> Within[WaitingDeliveries]: ...
    @property
    def catalogue(self) -> Within[MendKept]: ...
    @property
    def cases(self) -> Within[CaseWords]: ...
    async def cases_to_mend(self, ids: Sequence[str]) -> Mapping[str, CaseToMend]:
        """Those of them that whoever is being answered sees."""


class MendManyHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> MendPorts: ...
    @property
    def handler(self) -> Any:
        """Takes messages and commands through the route."""
    async def directory(self) -> Directory: ...


async def mend_many(hub: MendManyHub, job: Job) -> Stepped:
    """One step: the next few cases. One that was mended meanwhile is told as unchanged, so that a step that is taken
    twice does nothing twice. Raises NotKept when who asked lost the right."""
    asked = msgspec.json.decode(job.asked, type=MendManyAsked)
    scope = MENDERS[asked.mend].scope
    if not job.caller.may(scope):
        raise NotKept("not_possible", f"发起人已没有权限 {scope}", f"who asked for it has {scope} no more")
    chunk = asked.ids[job.done : job.done + CHUNK]
    seen = await hub.ports.cases_to_mend(chunk)
    rows = [await _row(hub, job.caller, asked, case_id, seen.get(case_id)) for case_id in chunk]
    return Stepped(rows=rows, total=len(asked.ids), is_over=job.done + len(chunk) >= len(asked.ids))


async def _row(hub: MendManyHub, who: Caller, asked: MendManyAsked, case_id: str, case: CaseToMend | None) -> RowResult:
    """What became of one case; why it is not mended in both languages."""
    if case is None:
        return RowResult(case_id, "refused", "not_found")
    facts = {"kind": case.kind, "subject": case.subject[:100]}
    try:
        released, left = await WAYS[asked.mend](hub, who, asked, case)
    except NotKept as refused:
        return RowResult(case_id, "refused", refused.code, facts | {"zh": refused.zh, "en": refused.en})
    if not released:
        return RowResult(case_id, "unchanged", "nothing_waits", facts)
    told = {"mend": asked.mend, "released": released, "sku": asked.sku, "reason": asked.reason}
    told = {name: value for name, value in told.items() if value}
    async with hub.ports.cases() as book:
        await book.write(case_id, "mended", told, who.actor, hub.now())
    facts |= {"count": str(released), "left": str(left)}
    return RowResult(case_id, "refused" if left else "done", "still_waits" if left else "", facts)


async def _waiting(hub: MendManyHub, case: CaseToMend) -> list[str]:
    async with hub.ports.messages() as messages:
        return await messages.of_case(case.id, MESSAGES_MAX)


async def _through(hub: MendManyHub, case: CaseToMend, ids: Sequence[str]) -> tuple[int, int]:
    """How many go on, and how many of them wait for the case again."""
    await hub.handler.handle_these(ids[:HANDLED_MAX])
    return len(ids), len(set(await _waiting(hub, case)) & set(ids[:HANDLED_MAX]))


async def _replayed(hub: MendManyHub, who: Caller, asked: MendManyAsked, case: CaseToMend) -> tuple[int, int]:
    ids = await _waiting(hub, case)
    return await _through(hub, case, await replay(hub.ports.messages, ids, who.actor, hub.now())) if ids else (0, 0)


async def _aliased(hub: MendManyHub, who: Caller, asked: MendManyAsked, case: CaseToMend) -> tuple[int, int]:
    if not (ids := await _waiting(hub, case)):
        return 0, 0
    about = spelt(case.account, case.spelling, await hub.directory())
    await teach_spelling(hub.ports.catalogue, wish_of(asked), about, is_releasing=True)
    return await _through(hub, case, ids)


async def _sent_again(hub: MendManyHub, who: Caller, asked: MendManyAsked, case: CaseToMend) -> tuple[int, int]:
    async with hub.ports.outbox() as outbox:
        ids = await outbox.parked_of_case(case.id, GIVE_UP_MAX)
    sent = await resend(hub.ports.outbox, ids, who.actor, hub.now())
    if sent.pruned:
        raise NotKept("text_not_kept", f"推送 {sent.pruned[0]} 的正文已不再保存",
                      f"the text of delivery {sent.pruned[0]} is not kept any more")
    return len(sent.ids), 0


async def _discarded(hub: MendManyHub, who: Caller, asked: MendManyAsked, case: CaseToMend) -> tuple[int, int]:
    if not await _waiting(hub, case):
        return 0, 0
    done = await discard_case(hub.ports.messages, case.id, asked.reason, who.actor, hub.now())
    return done.messages, len(await _waiting(hub, case))


async def _given_up(hub: MendManyHub, who: Caller, asked: MendManyAsked, case: CaseToMend) -> tuple[int, int]:
    async with hub.ports.outbox() as outbox:
        if not await outbox.parked_of_case(case.id, 1):
            return 0, 0
    done = await give_up_case(hub.handler.handle, hub.ports.outbox, case.id, asked.reason, who.doer, hub.now())
    return done.deliveries, int(done.is_more)


Way = Callable[[MendManyHub, Caller, MendManyAsked, CaseToMend], Awaitable[tuple[int, int]]]
WAYS: Mapping[ManyWay, Way] = {
    "alias": _aliased, "replay": _replayed, "resend": _sent_again, "discard": _discarded, "give_up": _given_up,
}
"""Each returns how many messages or deliveries go on, and how many of those wait still. Raises NotKept."""


def wish_of(asked: MendManyAsked) -> MendWish:
    """What the way asks for, as it does for one case."""
    return MendWish(sku=asked.sku, factor=asked.factor, reach=asked.reach, reason=asked.reason)


def spelt(account: str, spelling: str, directory: Directory) -> MendSubject:
    """A spelling at the shop with this code. Raises NotKept."""
    return MendSubject(directory.account_named(account) if account else None, spelling, "", (), {}, directory)
