"""Stock documents in the caller's transaction: folded from their log, kept as rows for lists, and what acts ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db import tables as t
from orderloom.adapters.db.directory import NO_GOODS_MOVED, bump
from orderloom.adapters.db.statements import statement
from orderloom.adapters.db.wire import id_of, json_of
from orderloom.adapters.db.writing import upsert
from orderloom.application.act_on_document import Scan
from orderloom.application.age_transfers import AgedTransfer
from orderloom.domain.inventory.document import CountMade, StockDocument, fold
from orderloom.domain.inventory.document_event import AnyDocumentEvent
from orderloom.domain.inventory.document_limits import SkuCost
from orderloom.domain.subject import LoggedSubject
from orderloom.domain.subject_event import subject_event_of

Connection = AsyncConnection[Any]


class DocumentBook:
    """See `application.act_on_document.DocumentRows`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of(self, subject: LoggedSubject) -> StockDocument:
        """The document as its events leave it."""
        document: StockDocument | None = None
        for facts, at in await self._rows("events", id=subject.id):
            event = subject_event_of(facts)
            assert isinstance(event, AnyDocumentEvent), "only documents are told of here"
            document = fold(document, event, at)
        assert document is not None, "a subject has a first event"
        return document

    async def kept(self, id: str) -> StockDocument | None:
        """The document as its rows say it; None when there is no row."""
        one = f"select {t.DOCUMENT.select()}, to_id from stock_document where id = %s::uuid"
        below = f"select {t.DOCUMENT_LINE.select()}, counts from stock_document_line where document_id = %s::uuid" \
            " order by line_no"
        row = await (await self._connection.execute(one.encode(), (id,))).fetchone()
        if row is None:
            return None
        lines = await (await self._connection.execute(below.encode(), (id,))).fetchall()
        found: StockDocument = t.DOCUMENT.read(row[:-1], to=row[-1] or 0, lines=tuple([
            t.DOCUMENT_LINE.read(line[:-1], counts=tuple([CountMade(*one) for one in line[-1]])) for line in lines]))
        return found

    async def keep(self, id: str, document: StockDocument) -> None:
        """Bring the rows to what the document is. Who calls holds the subject's row, or has just made it."""
        row, to = id_of(id), document.to or None
        await upsert(self._connection, t.DOCUMENT_TABLE, [
            (row, *t.DOCUMENT.values(document), to, len(document.lines))])
        await upsert(self._connection, t.DOCUMENT_LINE_TABLE, [
            (row, *t.DOCUMENT_LINE.values(line), to, json_of([(one.by, one.units, one.book) for one in line.counts]))
            for line in document.lines])
        await self._connection.execute(
            statement("documents", "fewer_lines"), {"id": id, "lines": len(document.lines)})

    async def costs(self, skus: Collection[int]) -> Mapping[int, SkuCost]:
        """What units cost, of those that have a cost."""
        return {sku: SkuCost(cost, currency) for sku, cost, currency in await self._rows("costs", skus=list(skus))}

    async def transit(self) -> int:
        """The warehouse of goods in transit, made on first use."""
        found = await self._rows("transit")
        if not found:
            await self._connection.execute(statement("documents", "make_transit"))
            await bump(self._connection, NO_GOODS_MOVED)
            found = await self._rows("transit")
        return int(found[0][0])

    async def moved_since(self, scans: Sequence[Scan]) -> Mapping[int, int]:
        """Units that came or went of each line's level since it was scanned, by line."""
        return dict(await self._rows(
            "moved_since", no=[s.no for s in scans], sku=[s.sku_id for s in scans],
            warehouse=[s.warehouse_id for s in scans], since=[s.at for s in scans]))

    async def aged(self, before: datetime) -> list[AgedTransfer]:
        """Transfers that were sent before an instant and are not all there."""
        return [AgedTransfer(*row) for row in await self._rows("aged", before=before)]

    async def _rows(self, name: str, /, **given: Any) -> list[tuple[Any, ...]]:
        return await (await self._connection.execute(statement("documents", name), given or None)).fetchall()
