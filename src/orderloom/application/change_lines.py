"""Change what an order is of on a person's word - units, goods, prices, a line more or less - and share its money anew.

What the channel had said of the lines is remembered as a digest among the order's facts (`BY_HAND`): as long as it
repeats just that, the change stands; another word of the channel is newer, and goes before it (`kept_by_hand`).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from orderloom.application.commands import ChangeLines, LineWish, RecordOrder
from orderloom.application.dispatch import recall
from orderloom.application.journey import Journey
from orderloom.application.lines import demand_of, mark_unpaid, merge_lines
from orderloom.application.reserve import release
from orderloom.application.stated import as_known
from orderloom.domain import event as e
from orderloom.domain.counting import is_wanting
from orderloom.domain.gift import is_gift
from orderloom.domain.lifecycle import Step
from orderloom.domain.limits import UNITS_MAX
from orderloom.domain.money import MINOR_MAX, apportion
from orderloom.domain.order import HAND, Line, Order
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import LineKind, PaymentState

BY_HAND = "lines_by_hand"
"""The fact of an order whose lines a person changed: what the channel had said of them, as a digest."""
TYPED = "manual"
"""Orders that people type are corrected by typing them anew."""


class Repriced(msgspec.Struct, frozen=True):
    """Lines with their amounts, and what the order comes to by them."""

    lines: tuple[Line, ...]
    total: int
    discount: int


def change_lines(j: Journey, command: ChangeLines) -> Refusal | None:
    """Have the lines be as wished, where the lifecycle can follow; else say why not, and nothing has changed."""
    if (no := why_not(j)) is not None:
        return no
    wished = _wished(j, command.wishes)
    if isinstance(wished, Refusal):
        return wished
    before = j.order
    anew = reprice(before, wished)
    if isinstance(anew, Refusal):
        return anew
    if anew.lines == before.lines:
        return Refusal("nothing_to_change", {"order": before.number})
    payment, lines = _owed(before, anew)
    if lines is None:
        return Refusal("price_above_paid", {"order": before.number})
    _state(j, command, replace(anew, lines=lines), payment)
    return None


def why_not(j: Journey) -> Refusal | None:
    """What stands in the way of changing any line now."""
    o = j.order
    if o.is_cancelled:
        return Refusal("already_cancelled", {"order": o.number})
    if j.channel == TYPED:
        return Refusal("typed_order", {"order": o.number})
    step = j.blueprint.lifecycle.step(o.stage, ("fact", "amended"), j.traits(), j.actor.roles)
    if not isinstance(step, Step) or o.is_out:
        return Refusal("too_late", {"order": o.number, "stage": o.stage})
    return None


def _wished(j: Journey, wishes: Sequence[LineWish]) -> tuple[Line, ...] | Refusal:
    """The lines that are to stand, those that nobody spoke of among them; taken off is what is not there any more."""
    lines = {line.no: line for line in j.order.lines}
    added: list[Line] = []
    for wish in wishes:
        past = lines.get(wish.no)
        if wish.no and (past is None or past.is_closed):
            known = ", ".join([str(line.no) for line in j.order.lines if not line.is_closed])
            return Refusal("no_such_line", {"line": str(wish.no), "known": known})
        if past is not None and is_gift(past):
            return Refusal("gift_line", {"line": str(wish.no), "sku": past.sku_external})
        if past is not None and wish.quantity == 0:
            del lines[past.no]
            continue
        line = _as_wished(j, past or Line(len(j.order.lines) + len(added) + 1, "", 0, "", "", 1, 0, 0, 0), wish)
        if isinstance(line, Refusal):
            return line
        if past is None:
            added.append(line)
        else:
            lines[past.no] = line
    if not any(line.is_goods and not is_gift(line) for line in (*lines.values(), *added)):
        return Refusal("nothing_left", {"order": j.order.number})
    return (*lines.values(), *added)


def _as_wished(j: Journey, line: Line, wish: LineWish) -> Line | Refusal:
    """One line as it is to be; goods are ours, by their code."""
    if wish.sku and wish.sku != line.sku_external:
        sku_id = j.world.goods.sku_id(wish.sku)
        if sku_id is None:
            return Refusal("unknown_sku", {"sku": wish.sku})
        if sku_id != line.sku_id:
            sku = j.world.goods.skus[sku_id]
            line = replace(line, sku_id=sku_id, sku_external=sku.code, title=wish.title or sku.code, kind=sku.kind,
                           parts=sku.parts, external_id=line.external_id or f"{HAND}{sku.code}")
    if not line.sku_id and line.kind is LineKind.GOODS:
        return Refusal("unknown_sku", {"sku": wish.sku})
    units = line.ordered if wish.quantity is None else wish.quantity
    if not 0 < units <= UNITS_MAX or units % line.factor:
        return Refusal("wrong_line_units", {"sku": line.sku_external, "factor": str(line.factor)})
    line = replace(line, ordered=units, cancelled=min(line.cancelled, units),
                   price=line.price if wish.price is None else wish.price,
                   discount=line.discount if wish.discount is None else wish.discount)
    if _worth(line) < 0 or _worth(line) > MINOR_MAX:
        return Refusal("wrong_line_discount", {"sku": line.sku_external})
    return line


def reprice(before: Order, wished: tuple[Line, ...]) -> Repriced | Refusal:
    """The lines with their amounts: what was not touched costs what it did, the rest is shared by worth as at intake.

    What a line had of the order's discount goes with its units: taken off by half, half of it is given up.
    """
    had = {line.no: line for line in before.lines}
    touched = [line for line in wished if line != had.get(line.no)]
    rest = given = 0
    for line in touched:
        past = had.get(line.no)
        share = _share(past, line) if past else 0
        rest += _worth(line) - share
        given += share
    gone = [line for line in before.lines if line.no not in {one.no for one in wished} or line.no in {
        one.no for one in touched}]
    given_before = sum([_worth(line) - line.amount for line in gone if not line.is_closed])
    amounts = dict(zip([line.no for line in touched], apportion(rest, [_worth(one) for one in touched]), strict=True))
    priced = tuple([replace(line, amount=amounts.get(line.no, line.amount)) for line in wished])
    merged = merge_lines(before, priced, frozenset([line.no for line in priced]))
    total = before.total + sum([line.amount for line in merged]) - sum([line.amount for line in before.lines])
    if total < 0 or total > MINOR_MAX:
        return Refusal("wrong_line_discount", {"sku": ""})
    return Repriced(merged, total, max(before.discount - max(given_before - given, 0), 0))


def _share(past: Line, line: Line) -> int:
    """The line's part of what comes off the whole order; units that are added have none."""
    share = (_worth(past) - past.amount) * min(line.ordered, past.ordered) // max(past.ordered, 1)
    return min(share, _worth(line))


def _worth(line: Line) -> int:
    return line.price * (line.ordered // line.factor) - line.discount


def _owed(before: Order, anew: Repriced) -> tuple[PaymentState, tuple[Line, ...] | None]:
    """How the order is paid by then, with its lines: units that are added to a paid order wait for their money. None:
    more is owed, and no units are there that could wait."""
    was_paid = before.payment.was_paid or any(line.unpaid for line in before.lines)
    if not was_paid or before.payment is PaymentState.COD:
        return before.payment, anew.lines
    if anew.total > before.paid and anew.total > before.total:
        lines = mark_unpaid(before, anew.lines)
        return PaymentState.PARTIALLY_PAID, lines if lines != anew.lines else None
    if anew.total > before.paid:
        return before.payment, anew.lines
    payment = PaymentState.PAID if before.payment is PaymentState.PARTIALLY_PAID else before.payment
    return payment, tuple([replace(line, unpaid=0) if line.unpaid else line for line in anew.lines])


def _state(j: Journey, command: ChangeLines, anew: Repriced, payment: PaymentState) -> None:
    """Write it down and do what follows: what is under way is called back, stock and works are found anew."""
    before = j.order
    demand, total = demand_of(before.lines), before.total
    stated = {**as_known(before, anew.lines), "total": anew.total, "discount": anew.discount, "payment": payment,
              "facts": {**before.facts, BY_HAND: before.facts.get(BY_HAND) or as_said(before.lines, before.total)}}
    j.emit(e.ActionTaken("change_lines", command.reason))
    j.emit(e.OrderAmended(**stated))
    if payment is PaymentState.PARTIALLY_PAID and any(line.unpaid for line in anew.lines):
        j.open_case("addition_unpaid", owed=anew.total - j.order.paid, currency=j.order.currency)
    else:
        j.close_case("addition_unpaid")
    is_collected_anew = payment is PaymentState.COD and anew.total != total
    if demand_of(j.order.lines) == demand and not is_collected_anew:
        return
    recall(j)
    release(j)
    is_bought = payment.is_paid_up or payment is PaymentState.COD
    if not j.happened("amended") and is_bought and is_wanting(j.order):
        j.happened("added")


def as_said(lines: Sequence[Line], total: int) -> str:
    """A digest of what a channel says of the lines of an order, and of what it comes to."""
    said = sorted((one.external_id, one.sku_external, one.ordered, one.price) for one in lines
                  if not one.is_closed and not is_gift(one))
    return sha256(repr((said, total)).encode()).hexdigest()[:16]


def kept_by_hand(
    j: Journey, command: RecordOrder, lines: tuple[Line, ...],
) -> tuple[RecordOrder, tuple[Line, ...]]:
    """What a channel states, with the lines and the money that a person gave the order, where it says nothing new of
    them; else as it says, and a person is told that the change is gone."""
    before, draft = j.order, command.draft
    said = before.facts.get(BY_HAND)
    if said is None:
        return command, lines
    if said != as_said(lines, draft.total):
        j.open_case("lines_overruled", account=j.world.directory.accounts[before.account_id].code)
        return command, lines
    told = {line.external_id: line for line in lines}
    ours = tuple([_with_news(line, told.get(line.external_id)) for line in before.lines if not line.is_closed])
    is_waiting = before.payment is PaymentState.PARTIALLY_PAID and draft.paid < before.total
    payment = PaymentState.PARTIALLY_PAID if is_waiting else draft.payment
    return replace(command, draft=replace(
        draft, total=before.total, discount=before.discount, payment=payment, facts={**draft.facts, BY_HAND: said},
    )), ours


def _with_news(ours: Line, told: Line | None) -> Line:
    """Our line with what the channel tells of its way."""
    if told is None:
        return ours
    return replace(ours, elsewhere=min(told.elsewhere, ours.ordered), is_disputed=told.is_disputed, native=told.native)
