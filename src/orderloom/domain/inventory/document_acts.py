"""What may be done to a stock document, and what comes of it: events and lines of the ledger, or why not. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import msgspec

from orderloom.domain.inventory import document_event as e
from orderloom.domain.inventory.count import CountTold, UnitsTold, is_agreed, take_counts
from orderloom.domain.inventory.document import StockDocument, fold
from orderloom.domain.inventory.document_limits import DocumentLimits, SkuCost, weigh
from orderloom.domain.inventory.document_moves import Levels, freeze, post, thaw
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.domain.inventory.level import Movement
from orderloom.domain.inventory.transfer import arrive, lose
from orderloom.domain.refusal import Refusal

ENDABLE = (DocumentState.DRAFT, DocumentState.COUNTING, DocumentState.WAITING_APPROVAL)
"""From here it may still be cancelled: nothing of it is in the ledger but what a count froze."""


class DocumentGround(msgspec.Struct, frozen=True):
    """What an act is decided on: the document and the levels that it may change, both locked, and who acts when."""

    document: StockDocument
    levels: Levels
    by: str
    roles: frozenset[str]
    at: datetime
    costs: Mapping[int, SkuCost]
    limits: DocumentLimits
    transit: int = 0
    moved: Mapping[int, int] = {}
    """Units that came or went of a count's line since it was scanned."""

    def book(self, no: int) -> int:
        """What the books said of a line when it was scanned."""
        line = self.document.lines[no - 1]
        return self.levels[line.sku_id, line.warehouse_id].on_hand - self.moved.get(no, 0)


class Deed(msgspec.Struct, frozen=True):
    """What comes of an act: the document after it, its events and the lines of the ledger."""

    document: StockDocument
    events: tuple[e.AnyDocumentEvent, ...]
    movements: tuple[Movement, ...] = ()


DocumentAct = Callable[[DocumentGround], Deed | Refusal]


def state_lines(g: DocumentGround, lines: Sequence[e.DocumentLine]) -> Deed | Refusal:
    """Replace the lines of a draft."""
    if g.document.state is not DocumentState.DRAFT:
        return _too_late(g)
    return _deed(g, (e.DocumentLinesStated(tuple(lines)),))


def submit(g: DocumentGround) -> Deed | Refusal:
    """A draft is ready: a count begins, everything else is posted or held for approval."""
    if g.document.state is not DocumentState.DRAFT:
        return _too_late(g)
    if not g.document.lines:
        return Refusal("no_document_lines", {"document": g.document.number})
    if g.document.kind is not DocumentKind.COUNT:
        return _weighed(g, ())
    moved = freeze(g.document, g.levels, g.by, g.at)
    if isinstance(moved, Refusal):
        return moved
    units = {m.cause: m.frozen for m in moved}
    begun = e.CountBegun(tuple([e.UnitsOfLine(line.no, frozen) for line in g.document.lines
                                if (frozen := units.get(f"{g.document.number}/{line.no}", 0))]))
    return _deed(g, (begun,), moved)


def count(g: DocumentGround, told: Sequence[UnitsTold]) -> Deed | Refusal:
    """Somebody counted lines; with the last one agreed on the count is ready."""
    if g.document.kind is not DocumentKind.COUNT or g.document.state is not DocumentState.COUNTING:
        return _too_late(g)
    counts = [CountTold(x.no, x.units, g.book(x.no) if g.document.line(x.no) else 0, x.is_sure) for x in told]
    event = take_counts(g.document, counts, g.by, g.limits.slip_factor)
    if isinstance(event, Refusal):
        return event
    after = fold(g.document, event, g.at)
    return _weighed(g, (event,)) if is_agreed(after) else _deed(g, (event,))


def approve(g: DocumentGround) -> Deed | Refusal:
    """Somebody who may, and did not make it, lets it be posted."""
    return _judged(g) or _posted(g, (e.DocumentApproved(g.by),))


def refuse(g: DocumentGround, reason: str) -> Deed | Refusal:
    """Somebody who may approve it says no."""
    return _judged(g) or _ended(g, e.DocumentRefused(g.by, reason))


def cancel(g: DocumentGround, reason: str) -> Deed | Refusal:
    """Its maker, or who may approve documents, gives it up before it is posted."""
    if g.document.state not in ENDABLE:
        return _too_late(g)
    if g.by != g.document.maker and not g.roles & set(g.limits.roles):
        return Refusal("not_allowed", {"roles": ", ".join(g.limits.roles)})
    return _ended(g, e.DocumentCancelled(g.by, reason))


def receive(g: DocumentGround, came: Mapping[int, int]) -> Deed | Refusal:
    """Goods of a transfer came in."""
    if g.document.state is not DocumentState.POSTING:
        return _too_late(g)
    found = arrive(g.document, came, g.levels, g.transit, g.by, g.at)
    return found if isinstance(found, Refusal) else _closed(g, *found)


def give_up(g: DocumentGround, lost: Mapping[int, int], reason: str) -> Deed | Refusal:
    """Somebody who may approve documents, and did not make this one, writes goods in transit off."""
    if g.document.state is not DocumentState.POSTING:
        return _too_late(g)
    if (no := _may_judge(g, g.limits.roles)) is not None:
        return no
    found = lose(g.document, lost, reason, g.levels, g.transit, g.by, g.at)
    return found if isinstance(found, Refusal) else _closed(g, *found)


def _weighed(g: DocumentGround, events: tuple[e.AnyDocumentEvent, ...]) -> Deed | Refusal:
    """Held against the limits, and posted when nobody has to approve it."""
    submitted = weigh(_after(g.document, events, g.at), g.costs, g.limits)
    events = (*events, submitted)
    return _deed(g, events) if submitted.held_for else _posted(g, events)


def _posted(g: DocumentGround, events: tuple[e.AnyDocumentEvent, ...]) -> Deed | Refusal:
    moved = post(_after(g.document, events, g.at), g.levels, g.transit, g.by, g.at)
    if isinstance(moved, Refusal):
        return moved
    is_sent = g.document.kind is DocumentKind.TRANSFER
    return _deed(g, (*events, e.GoodsSent() if is_sent else e.DocumentPosted()), moved)


def _closed(g: DocumentGround, event: e.AnyDocumentEvent, moved: tuple[Movement, ...]) -> Deed:
    """A transfer of which nothing is in transit any more is posted."""
    is_over = all(line.rest == 0 for line in fold(g.document, event, g.at).lines)
    return _deed(g, (event, e.DocumentPosted()) if is_over else (event,), moved)


def _ended(g: DocumentGround, event: e.AnyDocumentEvent) -> Deed | Refusal:
    moved = thaw(g.document, g.levels, g.by, g.at)
    return moved if isinstance(moved, Refusal) else _deed(g, (event,), moved)


def _judged(g: DocumentGround) -> Refusal | None:
    if g.document.state is not DocumentState.WAITING_APPROVAL:
        return _too_late(g)
    return _may_judge(g, g.document.held_for)


def _may_judge(g: DocumentGround, roles: Sequence[str]) -> Refusal | None:
    if not g.roles & set(roles):
        return Refusal("not_allowed", {"roles": ", ".join(roles)})
    if g.by == g.document.maker:
        return Refusal("own_document", {"document": g.document.number})
    return None


def _too_late(g: DocumentGround) -> Refusal:
    return Refusal("document_state", {"document": g.document.number, "state": str(g.document.state)})


def _deed(
    g: DocumentGround, events: tuple[e.AnyDocumentEvent, ...], movements: tuple[Movement, ...] = (),
) -> Deed:
    return Deed(_after(g.document, events, g.at), events, movements)


def _after(document: StockDocument, events: Sequence[e.AnyDocumentEvent], at: datetime) -> StockDocument:
    for event in events:
        document = fold(document, event, at)
    return document


def may_do(document: StockDocument, by: str, roles: frozenset[str], limits: DocumentLimits) -> tuple[str, ...]:
    """The acts that somebody may do now, for buttons; what is done is judged again."""
    state, is_other = document.state, by != document.maker
    found = ["lines", "submit"] if state is DocumentState.DRAFT else []
    if state is DocumentState.COUNTING:
        found.append("count")
    if state is DocumentState.WAITING_APPROVAL and is_other and roles & set(document.held_for):
        found += ["approve", "refuse"]
    if state is DocumentState.POSTING:
        found += ["receive"] + (["lose"] if is_other and roles & set(limits.roles) else [])
    if state in ENDABLE and (not is_other or roles & set(limits.roles)):
        found.append("cancel")
    return tuple(found)
