"""Which statement of an order is the newer one, and what of another one of the same instant is true all the same."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from orderloom.application.commands import RecordOrder
from orderloom.application.sealed import SealedReceiver
from orderloom.domain.draft import OrderDraft
from orderloom.domain.order import Order
from orderloom.domain.states import PaymentState

FROM_THE_FUTURE = "from_the_future"


def is_old(draft: OrderDraft, order: Order, known_at_most: datetime) -> bool:
    """Whether nothing of the draft is news. A known revision later than `known_at_most` came from a wrong clock, and
    makes nothing old."""
    return draft.revision < order.revision <= known_at_most and not _is_guess(order)


def is_tied(draft: OrderDraft, order: Order) -> bool:
    """Whether no clock tells which is newer: channels tell seconds, and what came from the future was given a time."""
    return draft.revision == order.revision or (draft.revision < order.revision and _is_guess(order))


def _is_guess(order: Order) -> bool:
    return FROM_THE_FUTURE in order.flags


def is_poorer(draft: OrderDraft, order: Order) -> bool:
    """Whether, of two of one instant, the draft knows less of how the order ends: it describes what was before."""
    if draft.revision < order.revision:
        return True
    known = (order.is_cancelled, order.payment.rank, order.paid)
    return (draft.is_cancelled, PaymentState(draft.payment).rank, draft.paid) < known


def joined(draft: OrderDraft, order: Order) -> OrderDraft:
    """The draft with what is known already from another of its instant: whichever comes first, both end the same.

    A cancellation is not taken back, money does not become less, and what is shipped stays so (`merge_lines`).
    """
    payment = max(PaymentState(draft.payment), order.payment, key=lambda state: state.rank)
    return replace(draft, payment=payment, is_cancelled=draft.is_cancelled or order.is_cancelled)


def as_hidden(command: RecordOrder, order: Order) -> RecordOrder:
    """The command with the receiver that is known, where it only hides that one: channels show less of a person after a
    while, and in the end nothing but stars. A token that is another one, or another region, is another place."""
    sealed, stated = command.sealed, command.draft.receiver
    if order.is_erased:
        draft = replace(command.draft, note="", facts=order.facts)
        return with_known_receiver(replace(command, draft=draft), order)
    if not stated.is_masked or not order.receiver_stated or order.receiver_stated == sealed.digest:
        return command
    if sealed.digest_before != order.receiver_stated:
        is_token = sealed.merge_key is not None
        known = (order.country, order.province, order.city)
        if is_token or any(told and told != had for told, had in zip(_region(sealed), known, strict=True)):
            return command
    return with_known_receiver(command, order)


def with_known_receiver(command: RecordOrder, order: Order) -> RecordOrder:
    """The command as if it stated the receiver that the channel stated last."""
    sealed = replace(command.sealed, digest=order.receiver_stated, country=order.country, province=order.province,
                     city=order.city)
    stated = replace(command.draft.receiver, is_masked=order.is_masked, is_unsure=order.is_unsure)
    return replace(command, sealed=sealed, draft=replace(command.draft, receiver=stated))


def _region(sealed: SealedReceiver) -> tuple[str, str, str]:
    return sealed.country, sealed.province, sealed.city
