"""Draft a stock document: it gets its number, and its lines until it is submitted; nothing of it touches stock yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Protocol

import msgspec

from orderloom.application.change import Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.within import Within
from orderloom.domain.actor import Actor
from orderloom.domain.inventory.document import StockDocument, fold
from orderloom.domain.inventory.document_event import (
    AnyDocumentEvent,
    DocumentDrafted,
    DocumentLine,
    DocumentLinesStated,
)
from orderloom.domain.inventory.document_lines import check_lines
from orderloom.domain.inventory.document_states import DocumentKind
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

LINES_MAX = 500
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class StockLineWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One SKU in one warehouse; `quantity` and `is_frozen`: see docs/stock-documents.md."""

    sku: Code
    warehouse: Code
    quantity: Annotated[int, msgspec.Meta(ge=-1_000_000_000, le=1_000_000_000)] = 0
    is_frozen: bool = False


class StockLinesWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All lines of a draft."""

    lines: Annotated[list[StockLineWish], msgspec.Meta(max_length=LINES_MAX)]


class DocumentWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document to be drafted; `to` is where a transfer goes."""

    kind: DocumentKind
    reason: Text
    lines: Annotated[list[StockLineWish], msgspec.Meta(max_length=LINES_MAX)] = []
    to: Annotated[str, msgspec.Meta(max_length=200)] = ""


class NewSubjects(Protocol):
    """Where numbers are drawn and subjects found."""

    async def next_number(self, kind: LoggedKind, day: date) -> str: ...
    async def numbers(self, ids: Sequence[str]) -> dict[str, str]: ...
    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class NewDocuments(Protocol):
    """Where documents are kept."""

    async def of(self, subject: LoggedSubject) -> StockDocument: ...
    async def keep(self, id: str, document: StockDocument) -> None: ...


class DraftWork(Protocol):
    """The transaction of a draft."""

    @property
    def subjects(self) -> NewSubjects: ...
    @property
    def documents(self) -> NewDocuments: ...
    async def directory(self) -> Directory: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class DraftCall(msgspec.Struct, frozen=True):
    """Who drafts what, under which id; `skus`: ids by code of those that whoever asks sees; `key` and `digest`: a
    repeated call counts once."""

    id: str
    wish: DocumentWish
    doer: Actor
    skus: Mapping[str, int]
    key: str = ""
    digest: bytes = b""


async def draft_document(
    within: Within[DraftWork], call: DraftCall, directory: Directory, at: datetime,
) -> StockDocument | Refusal:
    """The new document; of a repeated call the one that it made. `directory`: the warehouses that whoever asks sees."""
    wish, houses = call.wish, directory.stocked
    to = houses.get(wish.to, 0) if wish.to else 0
    if wish.to and not to:
        return Refusal("unknown_warehouse", {"warehouse": wish.to})
    lines = lines_of(wish.lines, wish.kind, to, call.skus, houses)
    if isinstance(lines, Refusal):
        return lines
    async with within() as work:
        return await _draft(work, call, to, lines, at)


async def _draft(
    work: DraftWork, call: DraftCall, to: int, lines: tuple[DocumentLine, ...], at: datetime,
) -> StockDocument | Refusal:
    by, directory = call.doer.name, await work.directory()
    if call.key and (before := await work.done_before(call.key, by)):
        return await _again(work, before[1]) if before[0] == call.digest else Refusal("call_key_used")
    kind = LoggedKind.STOCK_DOCUMENT
    number = await work.subjects.next_number(kind, business_day(at, directory.business_zone))
    events: list[AnyDocumentEvent] = [
        DocumentDrafted(number=number, kind=call.wish.kind, maker=by, reason=call.wish.reason, to=to),
        DocumentLinesStated(lines)]
    change, document = Change(), None
    for event in events:
        change.tell(LoggedSubject(call.id, kind, number, at), event, at, by, None, directory.blueprint_active)
        document = fold(document, event, at)
    assert document is not None
    await work.save(change, at, by)
    await work.documents.keep(call.id, document)
    if call.key:
        await work.remember_call(call.key, by, call.digest, call.id, at)
    return document


async def _again(work: DraftWork, subject_id: str) -> StockDocument | Refusal:
    number = (await work.subjects.numbers([subject_id])).get(subject_id)
    if number is None:
        return Refusal("call_key_used")
    return await work.documents.of((await work.subjects.lock([number]))[number])


def lines_of(
    wishes: Sequence[StockLineWish], kind: DocumentKind, to: int, skus: Mapping[str, int], houses: Mapping[str, int],
) -> tuple[DocumentLine, ...] | Refusal:
    """The lines that are asked for, numbered from 1; or the first that cannot be."""
    found = []
    for no, one in enumerate(wishes, start=1):
        if one.sku not in skus:
            return Refusal("unknown_sku", {"sku": one.sku, "line": str(no)})
        if one.warehouse not in houses:
            return Refusal("unknown_warehouse", {"warehouse": one.warehouse, "line": str(no)})
        found.append(DocumentLine(no, skus[one.sku], houses[one.warehouse], one.quantity, one.is_frozen))
    return check_lines(kind, to, found) or tuple(found)
