"""Draft a purchase ticket: it gets its number, and its lines until it is ordered; nothing of it touches stock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Protocol

import msgspec

from orderloom.application.change import Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.within import Within
from orderloom.domain.actor import Actor
from orderloom.domain.inventory.purchase import PurchaseTicket, fold_purchase
from orderloom.domain.inventory.purchase_event import (
    AnyPurchaseEvent,
    PurchaseDrafted,
    PurchaseLinesStated,
    PurchaseLineStated,
)
from orderloom.domain.refusal import Refusal
from orderloom.domain.subject import LoggedKind, LoggedSubject

LINES_MAX = 500
AMOUNT_MAX = 10**15
"""Minor units that a ticket may come to: whole numbers that every screen and program still reads exactly."""
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]


class PurchaseLineWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many base units of a SKU; `cost` of one in minor units: what the supplier takes, when it is not told."""

    sku: Code
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]
    cost: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None


class PurchaseLinesWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All lines of a draft."""

    lines: Annotated[list[PurchaseLineWish], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


class PurchaseWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ticket to be drafted: of whom, and where the goods come to."""

    supplier: Code
    warehouse: Code
    reason: Text
    lines: Annotated[list[PurchaseLineWish], msgspec.Meta(min_length=1, max_length=LINES_MAX)]


class Supplier(msgspec.Struct, frozen=True):
    """A supplier; `lead_days` from order to goods."""

    id: int
    code: str
    name: str
    lead_days: int
    is_active: bool


class Terms(msgspec.Struct, frozen=True):
    """On which terms a supplier brings a SKU."""

    minimum: int
    pack: int
    cost: int | None
    currency: str


class TicketBook(Protocol):
    """Where tickets and suppliers are kept."""

    async def of(self, subject: LoggedSubject) -> PurchaseTicket: ...
    async def keep(self, id: str, ticket: PurchaseTicket) -> None: ...
    async def suppliers(self) -> Mapping[str, Supplier]: ...
    async def terms(self, supplier_id: int, skus: Collection[int]) -> Mapping[int, Terms]: ...


class TicketSubjects(Protocol):
    """Where numbers are drawn and subjects found."""

    async def next_number(self, kind: LoggedKind, day: date) -> str: ...
    async def numbers(self, ids: Sequence[str]) -> dict[str, str]: ...
    async def lock(self, numbers: Sequence[str]) -> dict[str, LoggedSubject]: ...


class TicketWork(Protocol):
    """The transaction of a draft."""

    @property
    def subjects(self) -> TicketSubjects: ...
    @property
    def purchases(self) -> TicketBook: ...
    async def directory(self) -> Directory: ...
    async def done_before(self, key: str, by: str) -> tuple[bytes, str] | None: ...
    async def remember_call(self, key: str, by: str, digest: bytes, order_id: str, at: datetime) -> None: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class PurchaseDraftCall(msgspec.Struct, frozen=True):
    """Who drafts what, under which id; `skus`: ids by code of those that whoever asks sees; `key` and `digest`: a
    repeated call counts once."""

    id: str
    wish: PurchaseWish
    doer: Actor
    skus: Mapping[str, int]
    key: str = ""
    digest: bytes = b""


async def draft_purchase(
    within: Within[TicketWork], call: PurchaseDraftCall, houses: Mapping[str, int], at: datetime,
) -> PurchaseTicket | Refusal:
    """The new ticket; of a repeated call the one that it made. `houses`: ids by code of the warehouses that whoever
    asks sees."""
    wish = call.wish
    if wish.warehouse not in houses:
        return Refusal("unknown_warehouse", {"warehouse": wish.warehouse})
    async with within() as work:
        if call.key and (before := await work.done_before(call.key, call.doer.name)):
            return await _again(work, before[1]) if before[0] == call.digest else Refusal("call_key_used")
        supplier = (await work.purchases.suppliers()).get(wish.supplier)
        if supplier is None or not supplier.is_active:
            return Refusal("unknown_supplier", {"supplier": wish.supplier})
        terms = await work.purchases.terms(supplier.id, list(call.skus.values()))
        lines = purchase_lines(wish.lines, supplier.code, call.skus, terms)
        return lines if isinstance(lines, Refusal) else await _draft(work, call, supplier, houses, lines, at)


async def _draft(
    work: TicketWork, call: PurchaseDraftCall, supplier: Supplier, houses: Mapping[str, int],
    lines: PurchaseLinesStated, at: datetime,
) -> PurchaseTicket:
    by, directory, kind = call.doer.name, await work.directory(), LoggedKind.PURCHASE
    number = await work.subjects.next_number(kind, business_day(at, directory.business_zone))
    events: list[AnyPurchaseEvent] = [
        PurchaseDrafted(number=number, maker=by, reason=call.wish.reason, supplier_id=supplier.id,
                        warehouse_id=houses[call.wish.warehouse]), lines]
    change, ticket = Change(), None
    for event in events:
        change.tell(LoggedSubject(call.id, kind, number, at), event, at, by, None, directory.blueprint_active)
        ticket = fold_purchase(ticket, event, at)
    assert ticket is not None
    await work.save(change, at, by)
    await work.purchases.keep(call.id, ticket)
    if call.key:
        await work.remember_call(call.key, by, call.digest, call.id, at)
    return ticket


async def _again(work: TicketWork, subject_id: str) -> PurchaseTicket | Refusal:
    number = (await work.subjects.numbers([subject_id])).get(subject_id)
    if number is None:
        return Refusal("call_key_used")
    subject = (await work.subjects.lock([number]))[number]
    return await work.purchases.of(subject) if subject.kind is LoggedKind.PURCHASE else Refusal("call_key_used")


def purchase_lines(
    wishes: Sequence[PurchaseLineWish], supplier: str, skus: Mapping[str, int], terms: Mapping[int, Terms],
) -> PurchaseLinesStated | Refusal:
    """The lines that are asked for, numbered from 1, with their one currency; or the first that cannot be."""
    found: dict[int, PurchaseLineStated] = {}
    currencies = dict[str, int]()
    for no, one in enumerate(wishes, start=1):
        place = {"sku": one.sku, "line": str(no)}
        if (sku_id := skus.get(one.sku)) is None:
            return Refusal("unknown_sku", place)
        if sku_id in found:
            return Refusal("purchase_twice", place | {"other": str(found[sku_id].no)})
        if (known := terms.get(sku_id)) is None:
            return Refusal("not_supplied", place | {"supplier": supplier})
        cost = known.cost or 0 if one.cost is None else one.cost
        found[sku_id] = PurchaseLineStated(no, sku_id, one.quantity, cost)
        if known.currency:
            currencies.setdefault(known.currency, no)
    if len(currencies) > 1:
        return Refusal("mixed_currencies", {"currencies": ", ".join(sorted(currencies))})
    if sum(line.quantity * line.cost for line in found.values()) > AMOUNT_MAX:
        return Refusal("purchase_too_dear", {})
    return PurchaseLinesStated(tuple(found.values()), next(iter(currencies), ""))
