"""Bring a known order to a newer revision of its channel: which news is newer, what it changes, what follows."""

from __future__ import annotations

from collections import Counter
from copy import copy

from msgspec.structs import replace as _with

from orderloom.application.adjust import follow_receiver, works_known
from orderloom.application.change_lines import kept_by_hand
from orderloom.application.check import check
from orderloom.application.commands import RecordOrder
from orderloom.application.dispatch import recall
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.application.lines import demand_of, mark_unpaid, merge_lines, raise_shipped, silent_lines
from orderloom.application.news import as_hidden, is_poorer, is_tied, joined, with_known_receiver
from orderloom.application.refund import record_refunds
from orderloom.application.reserve import has_too_much, release
from orderloom.application.stated import as_known, is_over, new_claims, said, stated_fields
from orderloom.application.take_shipments import later_facts, withdraw
from orderloom.application.too_late import labelled
from orderloom.application.track import catch_up
from orderloom.application.translate import NO_RECEIVER
from orderloom.domain import event as e
from orderloom.domain.counting import is_wanting
from orderloom.domain.draft import OrderDraft
from orderloom.domain.masters import HUB, master_of
from orderloom.domain.order import Charge, Line, Order
from orderloom.domain.states import PaymentState


def amend(j: Journey, command: RecordOrder, lines: tuple[Line, ...]) -> None:
    """Bring the order to the revision, and do what follows from the difference.

    Of another statement of the same instant that knows less, only what cannot be unsaid is taken.
    """
    before, known = copy(j.order), works_known(j)
    command = as_told = _unless_ours(j, as_hidden(command, before), before)
    command, lines = kept_by_hand(j, command, lines)
    is_level = is_tied(command.draft, before)
    is_description = not (is_level and is_poorer(command.draft, before))
    if is_level:
        command = _with(command, draft=joined(command.draft, before))
    draft = command.draft
    payment = _payment_after(j, draft)
    if draft.is_revision_assumed and payment is not PaymentState(draft.payment):
        return  # a file that tells no time and knows less than we do is an older one: nothing of it is news
    account = j.world.directory.accounts[before.account_id]
    if fresh := new_claims(before.claims, draft, account.code, j.at):
        j.emit(e.MilestoneClaimed(fresh))
    merged = _merged(j, draft, before, lines, payment, is_level=is_level, is_description=is_description)
    if draft.is_revision_assumed and is_description:
        _ask_for_the_lines_that_are_gone(j, before, lines, merged)
    told = stated_fields(draft, command.sealed, merged) if is_description else as_known(before, merged)
    stated = _with_charges(e.OrderAmended(**{
        **told, "payment": payment, "paid": max(draft.paid, before.paid), "paid_at": draft.paid_at or before.paid_at,
    }), before.charges)
    if stated.revision != before.revision or said(stated.facts) != said(before.facts) or any(
        getattr(stated, name) != getattr(before, name) for name in _COMPARED
    ) or stated.receiver != before.receiver_stated:
        j.emit(stated)
    if draft.paid > before.paid:
        j.emit(e.MoneyRecorded(
            f"{account.code}:{len(before.money) + 1}:{draft.paid}", "payment", draft.paid - before.paid,
            draft.currency, draft.paid_at or draft.revision,
        ))
    record_refunds(j, draft)
    is_freed = False
    if is_description:
        if not is_level:
            _compare_paid(j, draft, before)
        if command.sealed.digest != before.receiver_stated:
            j.seal(command.sealed)
            if not draft.receiver.is_unsure:
                j.close_case("address_unsure")
        is_freed = check(j, as_told)
    _tell_lifecycle(j, draft, before, demand_of(merged) != demand_of(before.lines))
    if is_freed:
        go_on(j)
    is_moved = command.sealed.digest not in (before.receiver_stated, before.receiver)
    if is_description and is_moved and _is_place(draft, before):
        follow_receiver(j, known)


def _unless_ours(j: Journey, command: RecordOrder, before: Order) -> RecordOrder:
    """Where the hub is master of receivers, a person's correction stands against a newer address of the channel."""
    is_corrected = before.receiver not in ("", before.receiver_stated)
    if not is_corrected or command.sealed.digest in (before.receiver, before.receiver_stated):
        return command
    account = j.world.directory.accounts[before.account_id]
    if master_of(account.settings, "receiver") != HUB:
        return command
    j.open_case("receiver_kept", account=account.code)
    return with_known_receiver(command, before)


def _is_place(draft: OrderDraft, before: Order) -> bool:
    """Whether the new receiver is somebody to send to; channels hide, after a while, who it was."""
    is_hidden = draft.receiver.is_masked and not before.is_masked
    return bool(before.receiver_stated) and not (is_hidden or draft.is_cancelled or NO_RECEIVER in draft.flags)


def _merged(
    j: Journey, draft: OrderDraft, before: Order, lines: tuple[Line, ...], payment: PaymentState, *, is_level: bool,
    is_description: bool,
) -> tuple[Line, ...]:
    """The order's lines after the draft; units that were added to a paid order wait for their money."""
    if not is_description:
        return raise_shipped(before, lines, labelled(before, draft))
    is_kept = is_level or draft.is_revision_assumed
    merged = merge_lines(before, lines, {line.no for line in lines} if is_kept else silent_lines(draft),
                         labelled(before, draft))
    was_paid = before.payment.was_paid or any(line.unpaid for line in before.lines)
    if payment is PaymentState.PARTIALLY_PAID and was_paid:
        j.open_case("addition_unpaid", owed=draft.total - draft.paid, currency=draft.currency)
        return mark_unpaid(before, merged)
    if payment.was_paid or payment is PaymentState.COD:
        j.close_case("addition_unpaid")
        return tuple([_paid_up(line) for line in merged])
    return merged


def _ask_for_the_lines_that_are_gone(
    j: Journey, before: Order, lines: tuple[Line, ...], merged: tuple[Line, ...],
) -> None:
    """A list without times that leaves lines out may be a page of a longer one: a person says what is to be sent."""
    told = {line.external_id for line in lines}
    was_open = {line.no for line in before.lines if not line.is_closed and line.shipped < line.ordered}
    gone = [line for line in merged if line.is_closed and line.no in was_open and line.external_id not in told]
    if gone and before.payment.is_paid_up:
        j.hold("manual", "a list without times leaves lines out")
        j.open_case("lines_gone", lines=", ".join(line.sku_external for line in gone))


_COMPARED = tuple(
    name for name in e.Stated.__struct_fields__
    if name not in ("receiver", "province", "country", "city", "is_masked", "is_unsure", "revision", "facts")
)


def _paid_up(line: Line) -> Line:
    return _with(line, unpaid=0) if line.unpaid else line


def _with_charges(stated: e.OrderAmended, known: tuple[Charge, ...]) -> e.OrderAmended:
    """A charge that is gone stays, at nothing: rows of an order are never taken away."""
    left = Counter((c.kind, c.title) for c in stated.charges)
    gone = list[Charge]()
    for charge in known:
        left[charge.kind, charge.title] -= 1
        if left[charge.kind, charge.title] < 0:
            gone.append(_with(charge, amount=0, tax=0))
    return _with(stated, charges=(*stated.charges, *gone)) if gone else stated


def _payment_after(j: Journey, draft: OrderDraft) -> PaymentState:
    """What is paid now: it never goes back by itself; only an addition to the order makes more owed than was paid."""
    stated, known = PaymentState(draft.payment), j.order.payment
    is_more = draft.total > j.order.total and not draft.is_revision_assumed
    if known.was_paid and not stated.was_paid:
        if stated is PaymentState.PARTIALLY_PAID and draft.total > j.order.total:
            return stated
        if stated is not PaymentState.COD and is_more:
            return PaymentState.PARTIALLY_PAID
        if not is_over(draft):  # whoever cancels need not say what becomes of the money
            j.open_case("payment_went_back", known=known, stated=stated, native=draft.native)
        return known
    if known is PaymentState.COD and stated in (PaymentState.UNPAID, PaymentState.PARTIALLY_PAID):
        if stated is PaymentState.UNPAID and not is_over(draft):
            j.open_case("payment_went_back", known=known, stated=stated, native=draft.native)
        return known
    is_waiting = any(line.unpaid for line in j.order.lines)
    if known is PaymentState.PARTIALLY_PAID and stated is PaymentState.UNPAID and (
        is_waiting or draft.paid < j.order.paid
    ):
        return known
    return stated


def _compare_paid(j: Journey, draft: OrderDraft, before: Order) -> None:
    """Money that came in does not become less by itself: where no word of a refund goes with it, a person looks."""
    less_owed = max(before.total - draft.total, 0)
    missing = before.paid - draft.paid - max(j.order.refunded, less_owed)
    if missing <= 0:
        j.close_case("paid_less")
    elif not (is_over(draft) or draft.is_revision_assumed or draft.payment == PaymentState.PARTIALLY_REFUNDED):
        j.open_case("paid_less", known=before.paid, stated=draft.paid, missing=missing, currency=draft.currency)


def _tell_lifecycle(j: Journey, draft: OrderDraft, before: Order, is_other_demand: bool) -> None:
    """What the newer revision means for the order's way, most final first."""
    if draft.is_cancelled:
        withdraw(j, draft)
        if not before.is_cancelled:
            j.emit(e.OrderCancelled(draft.native))
            j.happened("cancelled")
            catch_up(j)
        elif before.is_out and not j.order.is_out:
            j.happened("cancelled")
        return
    code = j.world.directory.accounts[before.account_id].code
    if before.is_cancelled and any((c.system, c.milestone) == (code, "cancelled") for c in before.claims):
        j.open_case("cancel_taken_back", native=draft.native)
    withdraw(j, draft)
    payment = j.order.payment
    if before.is_cancelled:  # nothing sends it on but what is on the road already
        if payment.is_paid_up and not before.payment.is_paid_up:
            j.happened("paid")
        if before.is_out and not j.order.is_out:
            j.happened("cancelled")
        later_facts(j, draft)
        return
    is_bought = payment.is_paid_up or payment is PaymentState.COD
    is_paid_now = payment.is_paid_up and not before.payment.is_paid_up
    is_cod_now = payment is PaymentState.COD and before.payment is not PaymentState.COD
    if payment.is_paid_up and any(line.unpaid for line in before.lines):
        # The money for an addition is in: what is under way stays under way, unless it is too much by now.
        numbers = {line.no for line in j.order.lines}
        for give in (release, recall):
            if has_too_much(j, numbers):
                give(j)
        is_told = not is_wanting(j.order) or j.happened("added")
    else:
        if is_other_demand:
            recall(j)
            release(j)
        is_told = is_paid_now and j.happened("paid")
    if not is_told and not is_over(draft) and (is_other_demand or is_cod_now):
        is_told = j.happened("amended")
    if not is_told and (is_other_demand or is_paid_now) and is_bought and is_wanting(j.order):
        j.happened("added")  # what there was is out already
    later_facts(j, draft)
