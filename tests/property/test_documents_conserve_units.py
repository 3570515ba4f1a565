"""Whatever documents do in whatever order: levels are the sums of the ledger, and no unit is lost on the way."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from orderloom.domain.inventory import document_acts as acts
from orderloom.domain.inventory import document_event as e
from orderloom.domain.inventory.count import UnitsTold, asks
from orderloom.domain.inventory.document import StockDocument, fold
from orderloom.domain.inventory.document_limits import DocumentLimits
from orderloom.domain.inventory.document_states import DocumentKind, DocumentState
from orderloom.domain.inventory.level import Level, Movement, apply

AT = datetime(2026, 11, 28, tzinfo=UTC)
LIMITS = DocumentLimits(frozenset(DocumentKind), 20, 10**9, "CNY", ("boss",), 5, 1)
HOUSES, TRANSIT, SKUS = (1, 2), 9, (1, 2)
PEOPLE = (("li", frozenset[str]()), ("wang", frozenset({"boss"})), ("zhao", frozenset({"boss"})))
moves = st.lists(st.tuples(
    st.integers(0, 11), st.integers(0, 30), st.integers(0, 2), st.integers(0, 5), st.booleans()), max_size=60)


class Desk:
    """Documents on levels in memory."""

    def __init__(self) -> None:
        self.levels = {(sku, house): Level(sku, house) for sku in SKUS for house in (*HOUSES, TRANSIT)}
        self.documents: list[StockDocument] = []
        self.logs: list[list[tuple[e.AnyDocumentEvent, datetime]]] = []
        self.ledger: list[Movement] = []

    def play(self, act: int, units: int, who: int, which: int, is_frozen: bool) -> None:
        at = AT + timedelta(seconds=len(self.ledger))
        if act < 3 or not self.documents:
            self._draft(tuple(DocumentKind)[(act + units) % 6], units, which, is_frozen, at)
            return
        place = which % len(self.documents)
        document, (by, roles) = self.documents[place], PEOPLE[who]
        ground = acts.DocumentGround(document, self.levels, by, roles, at, {}, LIMITS, TRANSIT)
        deed = self._act(act, ground, units)
        if isinstance(deed, acts.Deed):
            self.documents[place] = deed.document
            self.logs[place] += [(event, at) for event in deed.events]
            for one in deed.movements:
                apply(self.levels[one.sku_id, one.warehouse_id], one)
                self.ledger.append(one)

    def _draft(self, kind: DocumentKind, units: int, which: int, is_frozen: bool, at: datetime) -> None:
        quantity = 0 if kind is DocumentKind.COUNT else units + 1
        if kind is DocumentKind.ADJUSTMENT and units % 2:
            quantity = -quantity
        to = 2 if kind is DocumentKind.TRANSFER else 0
        lines = tuple([e.DocumentLine(no, sku, 1, quantity, is_frozen and kind is not DocumentKind.COUNT and not to)
                       for no, sku in enumerate(SKUS[:1 + which % 2], start=1)])
        log: list[tuple[e.AnyDocumentEvent, datetime]] = [
            (e.DocumentDrafted(number=f"D-{len(self.documents)}", kind=kind, maker="li", reason="r", to=to), at),
            (e.DocumentLinesStated(lines), at)]
        self.documents.append(folded(log))
        self.logs.append(list(log))

    def _act(self, act: int, g: acts.DocumentGround, units: int) -> object:
        match act:
            case 3 | 4 | 5:
                return acts.submit(g)
            case 6:
                return acts.approve(g)
            case 7:
                return acts.cancel(g, "x") if units % 3 == 0 else acts.refuse(g, "x")
            case 8 | 9:
                told = [UnitsTold(x.no, max(0, g.book(x.no) + units % 3 - 1), True)
                        for x in g.document.lines if asks(x)]
                return acts.count(g, told)
            case 10:
                return acts.receive(g, {x.no: units + 1 for x in g.document.lines})
            case _:
                return acts.give_up(g, {x.no: units % 5 + 1 for x in g.document.lines}, "x")


def folded(log: list[tuple[e.AnyDocumentEvent, datetime]]) -> StockDocument:
    document: StockDocument | None = None
    for event, at in log:
        document = fold(document, event, at)
    assert document is not None
    return document


@given(moves)
@settings(max_examples=150, deadline=None)
def test_levels_are_the_sums_of_the_ledger_and_transit_holds_what_is_on_its_way(
    played: list[tuple[int, int, int, int, bool]],
) -> None:
    desk = Desk()
    for one in played:
        desk.play(*one)
        for key, level in desk.levels.items():
            own = [m for m in desk.ledger if (m.sku_id, m.warehouse_id) == key]
            assert (level.on_hand, level.frozen) == (sum(m.on_hand for m in own), sum(m.frozen for m in own))
            assert level.frozen >= 0 and level.on_hand >= 0
        for sku in SKUS:
            resting = sum(line.rest for d in desk.documents if d.kind is DocumentKind.TRANSFER
                          and d.state is DocumentState.POSTING for line in d.lines if line.sku_id == sku)
            assert desk.levels[sku, TRANSIT].on_hand == resting
            carried = [m for m in desk.ledger if m.kind in ("transfer_out", "transfer_in") and m.sku_id == sku]
            assert sum(m.on_hand for m in carried) == 0
    counting = sum(line.frozen for d in desk.documents if d.kind is DocumentKind.COUNT and not d.state.is_over
                   for line in d.lines)
    assert counting <= sum(level.frozen for level in desk.levels.values())
    assert set(Counter((m.cause, m.kind) for m in desk.ledger).values()) <= {1}
    assert [folded(log) for log in desk.logs] == desk.documents
