"""Proves that the rows of stock documents are what their events say, and that what is in transit is on its way."""

from __future__ import annotations

from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.documents import DocumentBook
from orderloom.adapters.db.statements import statement
from orderloom.application.verify import Fault, Report
from orderloom.domain.inventory.document import StockDocument
from orderloom.domain.subject import LoggedKind, LoggedSubject

COVERS = ("stock_document", "stock_document_line")
PER_STEP = 100


async def verify_documents(connection: AsyncConnection[Any], report: Report) -> None:
    """Add to the report what differs. Some documents at a time are held still: who acts on one holds its
    subject's row."""
    report.covers = (*report.covers, *COVERS)
    ids = [row[0] for row in await _rows(connection, "document_ids")]
    for start in range(0, len(ids), PER_STEP):
        async with connection.transaction():
            found = await _rows(connection, "documents", ids=ids[start:start + PER_STEP])
            book = DocumentBook(connection)
            for id, number, opened_at, count, head in found:
                subject = LoggedSubject(id, LoggedKind.STOCK_DOCUMENT, number, opened_at, count, bytes(head))
                report.add(_judged(subject, await book.of(subject), await book.kept(id)))
    for sku, units, resting in await _rows(connection, "in_transit"):
        report.add(Fault("differs", table="stock_document_line", field="rest", order=sku,
                         detail=f"{units} lie in transit, documents have {resting} on their way"))


def _judged(subject: LoggedSubject, folded: StockDocument, kept: StockDocument | None) -> Fault | None:
    if kept is None:
        return Fault("missing", subject.number, subject.id, table="stock_document", detail="its row is gone")
    for name in StockDocument.__struct_fields__:
        if getattr(folded, name) != getattr(kept, name):
            return Fault("differs", subject.number, subject.id, table="stock_document", field=name,
                         detail="is not what its events say")
    return None


async def _rows(connection: AsyncConnection[Any], name: str, **given: Any) -> list[tuple[Any, ...]]:
    return await (await connection.execute(statement("audit", name), given or None)).fetchall()
