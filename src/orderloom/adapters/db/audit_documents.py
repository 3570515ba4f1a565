"""Proves that the rows of stock documents and purchase tickets are what their events say, and that what is in
transit is on its way."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct
from psycopg import AsyncConnection

from orderloom.adapters.db.documents import DocumentBook
from orderloom.adapters.db.purchases import PurchaseBook
from orderloom.adapters.db.statements import statement
from orderloom.application.verify import Fault, Report
from orderloom.domain.subject import LoggedKind, LoggedSubject

COVERS = ("stock_document", "stock_document_line", "purchase_ticket", "purchase_line")
PER_STEP = 100


class FoldedBook(Protocol):
    """Where things of a kind are folded from their logs, and read from their rows."""

    async def of(self, subject: LoggedSubject) -> Struct: ...
    async def kept(self, id: str) -> Struct | None: ...


async def verify_documents(connection: AsyncConnection[Any], report: Report) -> None:
    """Add to the report what differs. Some documents at a time are held still: who acts on one holds its
    subject's row."""
    report.covers = (*report.covers, *COVERS)
    await _verify_kind(connection, report, LoggedKind.STOCK_DOCUMENT, "stock_document", DocumentBook(connection))
    await _verify_kind(connection, report, LoggedKind.PURCHASE, "purchase_ticket", PurchaseBook(connection))
    for sku, units, resting in await _rows(connection, "in_transit"):
        report.add(Fault("differs", table="stock_document_line", field="rest", order=sku,
                         detail=f"{units} lie in transit, documents have {resting} on their way"))


async def _verify_kind(
    connection: AsyncConnection[Any], report: Report, kind: LoggedKind, table: str, book: FoldedBook,
) -> None:
    ids = [row[0] for row in await _rows(connection, "subject_ids", kind=str(kind))]
    for start in range(0, len(ids), PER_STEP):
        async with connection.transaction():
            rows = await _rows(connection, "subjects", ids=ids[start:start + PER_STEP])
            for id, number, opened_at, count, head in rows:
                subject = LoggedSubject(id, kind, number, opened_at, count, bytes(head))
                report.add(_judged(subject, table, await book.of(subject), await book.kept(id)))


def _judged(subject: LoggedSubject, table: str, folded: Struct, kept: Struct | None) -> Fault | None:
    if kept is None:
        return Fault("missing", subject.number, subject.id, table=table, detail="its row is gone")
    for name in folded.__struct_fields__:
        if getattr(folded, name) != getattr(kept, name):
            return Fault("differs", subject.number, subject.id, table=table, field=name,
                         detail="is not what its events say")
    return None


async def _rows(connection: AsyncConnection[Any], name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("audit", name), given or None)).fetchall()
