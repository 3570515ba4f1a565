"""Stock documents as they are shown. Of a count under way nobody is told a figure: not the books', nor others'."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.queries.sql import Connection, WrongCursor, where
from orderloom.application.queries.subjects import SubjectFact, history_of
from orderloom.domain.inventory.count import asks
from orderloom.domain.inventory.document import CountMade, StockDocument, StockLine
from orderloom.domain.inventory.document_acts import may_do
from orderloom.domain.inventory.document_limits import DocumentLimits
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.statements import beside

SQL = beside(__file__)
BLIND = (DocumentState.COUNTING,)
CURSOR_CHARACTERS = 36


class DocumentRow(msgspec.Struct, frozen=True):
    """A document in the list. `in_transit`: units of a transfer that have not come; `amount` in minor units."""

    number: str
    kind: DocumentKind
    state: DocumentState
    reason: str
    maker: str
    to: str | None
    units: int
    amount: int
    currency: str
    held_for: list[str]
    judge: str
    opened_at: datetime
    changed_at: datetime
    lines: int
    in_transit: int


class DocumentPage(msgspec.Struct, frozen=True):
    """A page of documents, the newest first."""

    documents: list[DocumentRow]
    next: str | None


class CountView(msgspec.Struct, frozen=True):
    """What somebody counted of a line, and what the books said at that moment."""

    by: str
    units: int
    book: int


class DocumentLineView(msgspec.Struct, frozen=True):
    """A line. `asks`: what a count still needs (`count`, `recount`, nothing), `counted_by` who did last, `counts` empty
    until all lines are agreed on; `rest`: units of a transfer in transit. `warehouse` is empty where it is not seen."""

    no: int
    sku: str
    name: str
    warehouse: str
    quantity: int
    is_frozen: bool
    asks: str
    counted_by: str
    counts: list[CountView]
    units_differ: int | None
    received: int
    found: int
    lost: int
    rest: int


class StockDocumentView(msgspec.Struct, frozen=True):
    """A document. `why` it waits for one of `held_for`: units, amount or currency; `may`: what the caller may do now;
    `lines_hidden`: lines that the caller does not see."""

    number: str
    kind: DocumentKind
    state: DocumentState
    reason: str
    maker: str
    to: str | None
    units: int
    amount: int
    currency: str
    held_for: list[str]
    why: str
    judge: str
    answer: str
    opened_at: datetime
    changed_at: datetime
    began_at: datetime | None
    lines: list[DocumentLineView]
    lines_hidden: int
    may: list[str]
    history: list[SubjectFact]


class DocumentFilter(msgspec.Struct, frozen=True):
    """Which documents: empty means any. `q` begins a number, or stands in a reason."""

    kind: str = ""
    state: str = ""
    warehouse: str = ""
    sku: str = ""
    maker: str = ""
    q: str = ""


class Seer(msgspec.Struct, frozen=True):
    """Who looks, for what they may do."""

    name: str
    roles: frozenset[str]


async def list_documents(
    connection: Connection, wanted: DocumentFilter, *, cursor: str = "", limit: int = 50,
) -> DocumentPage:
    """A page of documents. Raises WrongCursor."""
    if cursor and (len(cursor) != CURSOR_CHARACTERS or set(cursor) - set("0123456789abcdef-")):
        raise WrongCursor
    query = SQL["list"].replace("{where}", where(_conditions(wanted, cursor)))
    rows = await (await connection.execute(query, {
        "kind": wanted.kind, "state": wanted.state, "warehouse": wanted.warehouse, "sku": wanted.sku,
        "maker": wanted.maker, "q": wanted.q, "cursor": cursor or None, "limit": limit + 1})).fetchall()
    found = [DocumentRow(*row[:-1]) for row in rows[:limit]]
    return DocumentPage(found, rows[limit - 1][-1] if len(rows) > limit else None)


async def document_of(
    connection: Connection, number: str, who: Seer, limits: DocumentLimits,
) -> StockDocumentView | None:
    """The document with this number; None when there is none that the caller sees."""
    row = await (await connection.execute(SQL["one"], {"number": number})).fetchone()
    if row is None:
        return None
    lines = await (await connection.execute(SQL["lines"], {"id": row[0]})).fetchall()
    kind, state = DocumentKind(row[2]), DocumentState(row[3])
    is_blind = kind is DocumentKind.COUNT and state in BLIND
    known = StockDocument(row[1], kind, row[5], row[4], row[14], row[15], state=state, held_for=tuple(row[10]))
    history = await history_of(connection, number)
    return StockDocumentView(*[
        row[1], kind, state, *row[4:17], [_line(one, kind, is_blind=is_blind) for one in lines], row[17] - len(lines),
        list(may_do(known, who.name, who.roles, limits)),
        [_blinded(fact) if is_blind else fact for fact in history]])


async def skus_of_document(connection: Connection, number: str) -> list[int]:
    """The SKUs of its lines that the caller sees."""
    row = await (await connection.execute(SQL["one"], {"number": number})).fetchone()
    rows = await (await connection.execute(SQL["lines"], {"id": row[0]})).fetchall() if row else []
    return sorted({one[11] for one in rows})


def _conditions(wanted: DocumentFilter, cursor: str) -> list[str]:
    parts = [f"d.{name} = %({name})s" for name in ("kind", "state", "maker") if getattr(wanted, name)]
    if wanted.warehouse:
        parts.append("(h.code = %(warehouse)s or exists (select from stock_document_line x join warehouse w"
                     " on w.id = x.warehouse_id where x.document_id = d.id and w.code = %(warehouse)s))")
    if wanted.sku:
        parts.append("exists (select from stock_document_line x join sku s on s.id = x.sku_id"
                     " where x.document_id = d.id and s.code = %(sku)s)")
    if wanted.q:
        parts.append("(starts_with(d.number, upper(%(q)s)) or position(lower(%(q)s) in lower(d.reason)) > 0)")
    if cursor:
        parts.append("d.id < %(cursor)s::uuid")
    return parts


def _line(row: Sequence[Any], kind: DocumentKind, *, is_blind: bool) -> DocumentLineView:
    no, sku, name, house, quantity, is_frozen, frozen, counts, received, found, lost, sku_id, house_id = row
    line = StockLine(no, sku_id, house_id, quantity, is_frozen, frozen, tuple([CountMade(*one) for one in counts]),
                     received, found, lost)
    shown = [] if is_blind else [CountView(one.by, one.units, one.book) for one in line.counts]
    return DocumentLineView(
        no, sku, name, house, quantity, is_frozen, asks(line) if kind is DocumentKind.COUNT else "",
        line.counts[-1].by if line.counts else "", shown,
        line.counts[-1].difference if line.counts and not is_blind else None, received, found, lost,
        line.rest if kind is DocumentKind.TRANSFER else 0)


def _blinded(fact: SubjectFact) -> SubjectFact:
    """Who counted which lines, without a figure; what was frozen is as good as the books' figure."""
    hidden = {"counts": [{"no": one["no"]} for one in fact.facts.get("counts", [])]} if "counts" in fact.facts else {}
    shown = {name: value for name, value in fact.facts.items() if name not in ("counts", "frozen")}
    return msgspec.structs.replace(fact, facts=shown | hidden)
