"""Money that a channel gave back reaches the ledger once, however often and under whatever names it is told."""

from __future__ import annotations

from collections.abc import Sequence, Set

from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.after_sale import AfterSale
from orderloom.domain.draft import OrderDraft, StatedRefund
from orderloom.domain.order import MoneyEntry


def record_refunds(j: Journey, draft: OrderDraft) -> None:
    """Money that the channel states it gave back, once: under its own id, or the rest of the sum that it states.

    A refund that is only a word (a status) is a claim and no money.
    """
    if not (draft.refunds or draft.refunded or j.order.refunded):
        return
    code = j.world.directory.accounts[j.order.account_id].code
    lead = f"{code}:refund:"
    known = {m.key.removeprefix(lead): m for m in j.order.money if m.key.startswith(lead)}
    parts = _by_id(draft.refunds)
    named = {id: part for id, part in parts.items() if id}
    total = max(draft.refunded, sum([part.amount for part in parts.values()]))
    if not draft.refunded:  # a source that tells of each refund once, and of no sum
        heard = {one.refund_id for one in j.order.after_sales}
        total += sum([-entry.amount for id, entry in _untold(known, named, heard).items()])
    for id, part in named.items():
        amount = min(part.amount, total - j.order.refunded)
        if id not in known and amount > 0:
            j.emit(e.MoneyRecorded(lead + id, "refund", -amount, draft.currency, part.at or draft.revision))
    rest = total - j.order.refunded
    if rest > 0:
        j.emit(e.MoneyRecorded(f"{code}:refunded:{total}", "refund", -rest, draft.currency, draft.revision))
    if j.order.refunded > j.order.paid > 0:
        j.open_case("refund_over_paid", refunded=j.order.refunded, paid=j.order.paid, currency=draft.currency)


def record_after_sale(j: Journey, heard: AfterSale) -> None:
    """Money that went back by an application, under its own id, unless it is in what the order itself stated."""
    if heard.currency not in ("", j.order.currency):
        if heard.refunded:
            j.open_case("refund_uncounted", heard.external_id, refunded=heard.refunded, currency=heard.currency,
                        counted_in=j.order.currency)
        return
    code = j.world.directory.accounts[j.order.account_id].code
    lead = f"{code}:refund:"
    known = {m.key.removeprefix(lead): -m.amount for m in j.order.money if m.key.startswith(lead)}
    told = {one.refund_id: one.refunded for one in j.order.after_sales if one.refunded}
    total = sum([max(amount, known.get(id, 0)) for id, amount in told.items()])
    total += sum(_unnamed(known, told))
    rest = total - j.order.refunded
    if rest <= 0:
        return
    key = f"{code}:refunded:{total}" if heard.refund_id in known else lead + heard.refund_id
    j.emit(e.MoneyRecorded(key, "refund", -rest, j.order.currency, heard.revision))
    if j.order.refunded > j.order.paid > 0:
        j.open_case("refund_over_paid", refunded=j.order.refunded, paid=j.order.paid, currency=j.order.currency)


def _unnamed(known: dict[str, int], told: dict[str, int]) -> list[int]:
    """Refunds that the order stated and no application names; one of an application's amount is that application's,
    under the name that the order has for it."""
    renamed = [amount for id, amount in told.items() if id not in known]
    left = []
    for id, amount in known.items():
        if id in told:
            continue
        if amount in renamed:
            renamed.remove(amount)
        else:
            left.append(amount)
    return left


def _by_id(refunds: Sequence[StatedRefund]) -> dict[str, StatedRefund]:
    """One refund by id: what is said twice is one, parts of one id are added up, and so is what has no id."""
    found: dict[str, StatedRefund] = {}
    for place, one in enumerate(refunds):
        if one.external_id and one in refunds[:place]:
            continue
        past = found.get(one.external_id)
        found[one.external_id] = StatedRefund(
            one.external_id, one.amount + (past.amount if past else 0), one.at or (past.at if past else None),
        )
    return found


def _untold(
    known: dict[str, MoneyEntry], named: dict[str, StatedRefund], heard: Set[str],
) -> dict[str, MoneyEntry]:
    """Refunds that are known and not told of now; one of the same amount under a new id is the same one, renamed. Of
    those `heard` from an application the order may state another instant."""
    fresh = [(part.amount, part.at) for id, part in named.items() if id not in known]
    untold: dict[str, MoneyEntry] = {}
    for id, entry in known.items():
        renamed = next((x for x in fresh if x[0] == -entry.amount and (
            x[1] in (None, entry.said_at) or id in heard)), None)
        if id in named:
            continue
        if renamed:
            fresh.remove(renamed)
        else:
            untold[id] = entry
    return untold
