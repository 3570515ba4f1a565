"""Do something to a purchase ticket: read and lock it, decide, write its event, its lines of the ledger and its rows in
one transaction - once per key -, then serve the orders that wait for goods that came, presales among them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.draft_purchase import Supplier
from orderloom.application.move_lines import Key, book_whole
from orderloom.application.restock import Restock
from orderloom.domain.actor import Actor
from orderloom.domain.inventory.level import Level
from orderloom.domain.inventory.purchase import PurchaseTicket
from orderloom.domain.inventory.purchase_acts import PurchaseAct, PurchaseDeed, PurchaseGround
from orderloom.domain.inventory.purchase_event import PurchaseReceived
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

LATE, SURPLUS = "purchase_late", "purchase_surplus"


class PurchaseCall(msgspec.Struct, frozen=True):
    """Who asks for what about which ticket. `skus`: those of its lines, for whom goods may come in; `key` makes a
    repeated call count once, `digest` says whether it is the same."""

    number: str
    doer: Actor
    act: PurchaseAct
    skus: Collection[int]
    key: str = ""
    digest: bytes = b""


class PurchaseSubjects(Protocol):
    """Where the logs of subjects end."""

    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class PurchaseRows(Protocol):
    """Purchase tickets."""

    async def of(self, subject: LoggedSubject) -> PurchaseTicket: ...
    async def keep(self, id: str, ticket: PurchaseTicket) -> None: ...
    async def suppliers(self) -> Mapping[str, Supplier]: ...


class PurchaseLevels(Protocol):
    """Stock levels."""

    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]:
        """Locked; made where there were none."""


class PurchaseWork(Protocol):
    """The transaction of an act; what fails in `attempt` is undone alone."""

    @property
    def subjects(self) -> PurchaseSubjects: ...
    @property
    def purchases(self) -> PurchaseRows: ...
    @property
    def ledger(self) -> PurchaseLevels: ...
    def attempt(self) -> AbstractAsyncContextManager[object]: ...
    async def directory(self) -> Directory: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


async def act_on_purchase(
    restock: Restock, call: PurchaseCall, now: Callable[[], datetime],
) -> PurchaseTicket | Refusal:
    """The ticket afterwards; of a repeated call as it is now."""
    async def act(work: PurchaseWork) -> tuple[PurchaseTicket | Refusal, bool]:
        return await _act(work, call, now())

    return await book_whole(restock, call.skus, act)


async def _act(work: PurchaseWork, call: PurchaseCall, at: datetime) -> tuple[PurchaseTicket | Refusal, bool]:
    subject = (await work.subjects.lock([call.number])).get(call.number)
    if subject is None or subject.kind is not LoggedKind.PURCHASE:
        return Refusal("no_such_purchase", {"purchase": call.number}), False
    ticket = await work.purchases.of(subject)
    if call.key and (before := await work.done_before(call.key, call.doer.name)):
        return ticket if before == (call.digest, subject.id) else Refusal("call_key_used"), False
    directory = await work.directory()
    deed = call.act(await _ground(work, ticket, directory, call, at))
    if isinstance(deed, Refusal):
        return deed, False
    await _write(work, subject, deed, directory, call, at)
    return deed.ticket, any(m.on_hand > m.frozen for m in deed.movements)


async def _ground(
    work: PurchaseWork, ticket: PurchaseTicket, directory: Directory, call: PurchaseCall, at: datetime,
) -> PurchaseGround:
    levels = await work.ledger.levels(ticket.levels) if ticket.state.is_open else {}
    lead = {one.id: one.lead_days for one in (await work.purchases.suppliers()).values()}
    rule = directory.blueprints[directory.blueprint_active].purchasing
    return PurchaseGround(
        ticket, levels, call.doer.name, at, business_day(at, directory.business_zone), lead.get(ticket.supplier_id, 0),
        rule.over_receipt)


async def _write(
    work: PurchaseWork, subject: LoggedSubject, deed: PurchaseDeed, directory: Directory, call: PurchaseCall,
    at: datetime,
) -> None:
    change = Change()
    change.tell(subject, deed.event, at, call.doer.name, None, directory.blueprint_active)
    change.movements.extend(deed.movements)
    _tell_cases(change, deed, directory, at)
    await work.purchases.keep(subject.id, deed.ticket)
    await work.save(change, at, call.doer.name)
    if call.key:
        await work.remember_call(call.key, call.doer.name, call.digest, subject.id, at)


def _tell_cases(change: Change, deed: PurchaseDeed, directory: Directory, at: datetime) -> None:
    ticket, event = deed.ticket, deed.event
    found = sum(line.found for line in event.lines) if isinstance(event, PurchaseReceived) else 0
    if found:
        rule = directory.blueprints[directory.blueprint_active].case(SURPLUS)
        change.cases.append(CaseOpened(
            SURPLUS, ticket.number, {"purchase": ticket.number, "units": found}, owner=rule.owner,
            due_at=at + timedelta(seconds=rule.limit_seconds), group_over=rule.group_over))
    today = business_day(at, directory.business_zone)
    if ticket.state.is_over or (ticket.promised_on is not None and ticket.promised_on >= today):
        change.resolved.append((LATE, ticket.number))
