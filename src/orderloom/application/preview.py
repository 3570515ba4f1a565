"""What commands or messages would do, in one shape for every screen: counted, with the effect on stock, money and
other systems. It is told from the very change that deciding made, whether that is then written or let go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec

from orderloom.application.batch import BatchView
from orderloom.application.change import Change
from orderloom.application.commands import Decided, Outcome
from orderloom.domain.axes import axes_of
from orderloom.domain.order import Order
from orderloom.domain.order_difference import FieldDifference, differences

ROWS_TOLD_MAX = 500
GOES_ON, HELD, UNCHANGED, REFUSED = "goes_on", "held", "unchanged", "refused"
COUNTED = (REFUSED, HELD, GOES_ON, UNCHANGED)
"""What may become of a row; in this order rows are told: what needs a person first."""
_MOVES_BY_ITSELF = ("works", "parcels", "claims", "revision")
"""Left out of the fields: numbers in them are drawn anew each time, and what they mean is told by stock and systems."""


class StockEffect(msgspec.Struct, frozen=True):
    """Units available to promise of a SKU in a warehouse; below zero it would be oversold."""

    sku: str
    warehouse: str
    before: int
    after: int


class MoneyEffect(msgspec.Struct, frozen=True):
    """A sum over all orders, in minor units: total, paid, refunded, or `to_give_back` (paid and not owed any more)."""

    kind: str
    currency: str
    before: int
    after: int


class Leaving(msgspec.Struct, frozen=True):
    """So many messages of a kind that leave for a system."""

    system: str
    kind: str
    count: int


class CasesOpened(msgspec.Struct, frozen=True):
    """Cases of a kind that would be opened."""

    kind: str
    count: int


class SameChange(msgspec.Struct, frozen=True):
    """A field that changes alike in every order that changes; null is what is not there."""

    field: str
    before: str | None = msgspec.field(name="from")
    after: str | None = msgspec.field(name="to")


class PreviewReason(msgspec.Struct, frozen=True):
    """Why a row does not go on: a code with what explains it; words are filled in at the edge."""

    code: str
    particulars: dict[str, str] = msgspec.field(name="facts", default_factory=dict)
    zh: str = ""
    en: str = ""


class PreviewRow(msgspec.Struct, frozen=True):
    """One order (or message that is none yet): its phase or outcome before and after, and the fields of its own."""

    ref: str
    outcome: str
    before: str = msgspec.field(name="from", default="")
    after: str = msgspec.field(name="to", default="")
    why: PreviewReason | None = None
    fields: list[SameChange] = []


class Preview(msgspec.Struct, frozen=True):
    """What would happen as of an instant. `token` stands for the outcome: it is sent along when it is to be done.

    `counts` has goes_on, held, unchanged, refused. `next` is the ref of the last row told when there are more.
    """

    as_of: datetime
    token: str
    counts: dict[str, int]
    stock: list[StockEffect]
    money: list[MoneyEffect]
    tells: list[Leaving]
    cases: list[CasesOpened]
    same_change: list[SameChange]
    rows: list[PreviewRow]
    next: str | None = None


class PreviewStale(Exception):
    """The world moved: doing it now would end otherwise than was looked at. `preview` is what it would do now."""

    quotes_nothing = True

    def __init__(self, preview: Preview) -> None:
        super().__init__("preview_stale")
        self.preview = preview


class _Stock(NamedTuple):
    sku: str
    warehouse: str
    before: int
    delta: int


class EffectsTold:
    """Adds up what one or more decided changes would do. Each is taken while its world is at hand."""

    def __init__(self) -> None:
        self._rows: list[PreviewRow] = []
        self._stock: dict[tuple[int, int], _Stock] = {}
        self._money: dict[tuple[str, str], list[int]] = {}
        self._tells: Counter[tuple[str, str]] = Counter()
        self._cases: Counter[str] = Counter()

    def take(self, world: BatchView, change: Change, rows: Iterable[PreviewRow]) -> None:
        """Add one change and the rows that tell of it."""
        self._rows.extend(rows)
        self._take_stock(world, change)
        for before, after in change.orders.values():
            for kind, amount in _sums(after).items():
                self._add_money(kind, after.currency, _sums(before)[kind] if before else 0, amount)
        for delivery in change.deliveries:
            account = world.directory.accounts.get(delivery.account_id)
            self._tells[account.code if account else "?", delivery.kind] += 1
        self._cases.update([case.kind for case in change.cases])

    def take_rows(self, rows: Iterable[PreviewRow]) -> None:
        """Add rows of which there is nothing more to tell."""
        self._rows.extend(rows)

    def result(self, at: datetime) -> Preview:
        """The preview of all that was taken."""
        rows = sorted(self._rows, key=lambda row: COUNTED.index(row.outcome))
        counted = Counter([row.outcome for row in rows])
        same = _alike(rows)
        rows = [_without(row, same) for row in rows]
        stock = [StockEffect(s.sku, s.warehouse, s.before, s.before + s.delta)
                 for s in sorted(self._stock.values()) if s.delta]
        money = [MoneyEffect(kind, currency, before, after)
                 for (kind, currency), (before, after) in sorted(self._money.items()) if before != after]
        tells = [Leaving(*key, count) for key, count in sorted(self._tells.items())]
        cases = [CasesOpened(kind, count) for kind, count in sorted(self._cases.items())]
        told, counts = rows[:ROWS_TOLD_MAX], {name: counted[name] for name in (GOES_ON, HELD, UNCHANGED, REFUSED)}
        token = _token(rows, stock, money, tells, cases, same)
        return Preview(at, token, counts, stock, money, tells, cases, same, told,
                       told[-1].ref if len(rows) > len(told) else None)

    def _take_stock(self, world: BatchView, change: Change) -> None:
        moved: Counter[tuple[int, int]] = Counter()
        for m in change.movements:
            moved[m.sku_id, m.warehouse_id] += m.on_hand - m.reserved - m.allocated - m.set_aside - m.safety - m.frozen
        for key, delta in moved.items():
            known = self._stock.get(key)
            if known is None:
                sku, level = world.goods.skus.get(key[0]), world.levels.get(key)
                known = _Stock(sku.code if sku else str(key[0]), world.directory.warehouse(key[1]).code,
                               (level.free if level else delta) - delta, 0)
            self._stock[key] = known._replace(delta=known.delta + delta)

    def _add_money(self, kind: str, currency: str, before: int, after: int) -> None:
        known = self._money.setdefault((kind, currency), [0, 0])
        known[0] += before
        known[1] += after


def rows_of(change: Change, decided: Sequence[Decided], refs: Mapping[str, str]) -> list[PreviewRow]:
    """A row for each order that commands are about, in their order. `refs`: how orders are called, by id."""
    rows: dict[str, PreviewRow] = {}
    for place, one in enumerate(decided):
        if isinstance(one, tuple):
            rows[str(place)] = PreviewRow(str(place), REFUSED, why=PreviewReason(one[0].code, {"mend": one[0].mend}))
            continue
        order_id = one.order_id or str(place)
        if one.refusal or order_id not in change.orders:
            rows.setdefault(order_id, _still(one, refs.get(order_id, "")))
        else:
            rows[order_id] = row_of(*change.orders[order_id])
    return list(rows.values())


def row_of(before: Order | None, after: Order) -> PreviewRow:
    """What would become of an order that changes; an order that is new has no phase before."""
    phase = axes_of(after).phase
    outcome = HELD if phase in ("held", "amending", "blocked") else GOES_ON
    fields = [SameChange(*_plain(one)) for one in differences(before, after) if one.field not in _MOVES_BY_ITSELF]
    why = PreviewReason(after.standing_hold) if after.standing_hold else None
    return PreviewRow(after.number, outcome, axes_of(before).phase if before else "", phase, why, fields)


def preview_of(
    world: BatchView, change: Change, decided: Sequence[Decided], at: datetime, refs: Mapping[str, str],
) -> Preview:
    """The preview of one batch of commands."""
    effects = EffectsTold()
    effects.take(world, change, rows_of(change, decided, refs))
    return effects.result(at)


def _still(outcome: Outcome, ref: str) -> PreviewRow:
    if outcome.refusal:
        return PreviewRow(ref, REFUSED, why=PreviewReason(outcome.refusal, outcome.particulars))
    return PreviewRow(ref, UNCHANGED)


def _sums(order: Order) -> dict[str, int]:
    owed = 0 if order.is_cancelled else order.total
    return {"total": order.total, "paid": order.paid, "refunded": order.refunded,
            "to_give_back": max(order.paid - order.refunded - owed, 0)}


def _plain(one: FieldDifference) -> tuple[str, str | None, str | None]:
    return one.field, one.before, one.after


def _alike(rows: Sequence[PreviewRow]) -> list[SameChange]:
    """Fields that change alike in all the rows that change any."""
    changed = [row.fields for row in rows if row.fields]
    if not changed:
        return []
    counted: Counter[SameChange] = Counter([field for fields in changed for field in fields])
    return [field for field in changed[0] if counted[field] == len(changed)]


def _without(row: PreviewRow, same: Sequence[SameChange]) -> PreviewRow:
    return msgspec.structs.replace(row, fields=[field for field in row.fields if field not in same])


def _token(rows: Sequence[PreviewRow], stock: Sequence[StockEffect], *told: Sequence[msgspec.Struct]) -> str:
    """Stands for the outcome. Of stock what changes by it, not what there is: other orders take of that all day."""
    moves = [(one.sku, one.warehouse, one.after - one.before, one.after < 0) for one in stock]
    plain = [(row.ref, row.outcome, row.before, row.after, row.why, row.fields) for row in rows]
    return sha256(msgspec.json.encode([plain, moves, *told], order="deterministic")).hexdigest()[:32]
