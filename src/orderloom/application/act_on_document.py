"""Do something to a stock document: read and lock it, decide, write its events, its lines of the ledger and its rows in
one transaction - once per key -, then serve the orders that wait for goods that came."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.move_lines import Key, book_whole
from orderloom.application.restock import Restock
from orderloom.domain.actor import Actor
from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.inventory.document_acts import Deed, DocumentAct, DocumentGround
from orderloom.domain.inventory.document_event import GoodsArrived
from orderloom.domain.inventory.document_limits import SkuCost
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.inventory.level import Level
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

AGED, SURPLUS = "transfer_aged", "transfer_surplus"


class Scan(NamedTuple):
    """When a line of a count was scanned."""

    no: int
    sku_id: int
    warehouse_id: int
    at: datetime


class DocumentCall(msgspec.Struct, frozen=True):
    """Who asks for what about which document. `skus`: those of its lines, for whom goods may come in; `key` makes a
    repeated call count once, `digest` says whether it is the same; `scanned`: when lines of a count were, by line."""

    number: str
    doer: Actor
    act: DocumentAct
    skus: Collection[int]
    key: str = ""
    digest: bytes = b""
    scanned: Mapping[int, datetime] = {}


class SubjectRows(Protocol):
    """Where the logs of subjects end."""

    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class DocumentRows(Protocol):
    """Stock documents, and what acts ask beside them."""

    async def of(self, subject: LoggedSubject) -> StockDocument: ...
    async def keep(self, id: str, document: StockDocument) -> None: ...
    async def costs(self, skus: Collection[int]) -> Mapping[int, SkuCost]: ...
    async def transit(self) -> int: ...
    async def moved_since(self, scans: Sequence[Scan]) -> Mapping[int, int]: ...


class LevelRows(Protocol):
    """Stock levels."""

    async def levels(self, keys: Sequence[Key]) -> dict[Key, Level]:
        """Locked; made where there were none."""


class DocumentWork(Protocol):
    """The transaction of an act; what fails in `attempt` is undone alone."""

    @property
    def subjects(self) -> SubjectRows: ...
    @property
    def documents(self) -> DocumentRows: ...
    @property
    def ledger(self) -> LevelRows: ...
    def attempt(self) -> AbstractAsyncContextManager[object]: ...
    async def directory(self) -> Directory: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


async def act_on_document(
    restock: Restock, call: DocumentCall, now: Callable[[], datetime],
) -> StockDocument | Refusal:
    """The document afterwards; of a repeated call as it is now."""
    async def act(work: DocumentWork) -> tuple[StockDocument | Refusal, bool]:
        return await _act(work, call, now())

    return await book_whole(restock, call.skus, act)


async def _act(work: DocumentWork, call: DocumentCall, at: datetime) -> tuple[StockDocument | Refusal, bool]:
    subject = (await work.subjects.lock([call.number])).get(call.number)
    if subject is None or subject.kind is not LoggedKind.STOCK_DOCUMENT:
        return Refusal("no_such_document", {"document": call.number}), False
    document = await work.documents.of(subject)
    if call.key and (before := await work.done_before(call.key, call.doer.name)):
        return document if before == (call.digest, subject.id) else Refusal("call_key_used"), False
    directory = await work.directory()
    ground = await _ground(work, document, directory, call, at)
    deed = ground if isinstance(ground, Refusal) else call.act(ground)
    if isinstance(deed, Refusal):
        return deed, False
    await _write(work, subject, deed, directory, call, at)
    return deed.document, any(m.on_hand > m.frozen for m in deed.movements)


async def _ground(
    work: DocumentWork, document: StockDocument, directory: Directory, call: DocumentCall, at: datetime,
) -> DocumentGround | Refusal:
    transit = await work.documents.transit() if document.kind is DocumentKind.TRANSFER else 0
    skus = {line.sku_id for line in document.lines}
    keys = sorted({*document.levels, *((sku, transit) for sku in skus if transit)})
    levels = await work.ledger.levels(keys) if keys else {}
    scans = [Scan(no, line.sku_id, line.warehouse_id, scanned) for no, scanned in call.scanned.items()
             if (line := document.line(no)) is not None]
    if any(document.began_at is None or not document.began_at <= scan.at <= at for scan in scans):
        return Refusal("wrong_scan_time", {"document": document.number})
    return DocumentGround(
        document, levels, call.doer.name, call.doer.roles, at, await work.documents.costs(skus),
        directory.blueprints[directory.blueprint_active].documents, transit,
        await work.documents.moved_since(scans) if scans else {})


async def _write(
    work: DocumentWork, subject: LoggedSubject, deed: Deed, directory: Directory, call: DocumentCall, at: datetime,
) -> None:
    change = Change()
    for event in deed.events:
        change.tell(subject, event, at, call.doer.name, None, directory.blueprint_active)
    change.movements.extend(deed.movements)
    _tell_cases(change, deed, directory, at)
    await work.documents.keep(subject.id, deed.document)
    await work.save(change, at, call.doer.name)
    if call.key:
        await work.remember_call(call.key, call.doer.name, call.digest, subject.id, at)


def _tell_cases(change: Change, deed: Deed, directory: Directory, at: datetime) -> None:
    document = deed.document
    if document.kind is not DocumentKind.TRANSFER:
        return
    found = sum(x.units for event in deed.events if isinstance(event, GoodsArrived) for x in event.found)
    if found:
        rule = directory.blueprints[directory.blueprint_active].case(SURPLUS)
        change.cases.append(CaseOpened(
            SURPLUS, document.number, {"document": document.number, "units": found}, owner=rule.owner,
            due_at=at + timedelta(seconds=rule.limit_seconds), group_over=rule.group_over))
    if document.state.is_over:
        change.resolved.append((AGED, document.number))
