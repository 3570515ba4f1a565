"""Check what a channel states: amounts that do not add up, nobody to send to and a channel's no hold the order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orderloom.application.check_tariff import check_tariff
from orderloom.application.commands import RecordOrder
from orderloom.application.disputes import follow
from orderloom.application.journey import Journey
from orderloom.application.reserve import give_back
from orderloom.application.stated import is_over
from orderloom.application.translate import NO_RECEIVER
from orderloom.domain.address_proposal import as_evidence
from orderloom.domain.draft import OrderDraft
from orderloom.domain.formula import Broken
from orderloom.domain.states import BindingKind, ChannelHold, PaymentState

FLAG_CASES = ("from_the_future", "broken_bytes", "address_unsure")
"""Flags of a draft that a person should see; the order goes on."""
PAUSED = "stock_breaker"
"""Hold of an order whose goods no system agrees on; it ends by itself."""
PARTLY_SHIPPED = "partly_shipped"
"""Flag, hold and case of an order of which the source says that a part is out, and not which."""


def check(j: Journey, command: RecordOrder) -> bool:
    """Place and lift the holds that a statement asks for, and open cases for what a person should see.

    Returns whether one was lifted and the order goes on by that, once all else that the statement says is done: what
    it says to be shipped already must not be given to a warehouse in between.
    """
    draft, standing = command.draft, len(j.order.holds)
    lifted = (_amounts(j, draft), _channel_hold(j, draft), _receiver(j, draft), bool(j.order.after_sales) and follow(j))
    _partly_shipped(j, draft)
    check_tariff(j)
    _paused(j)
    if len(j.order.holds) > standing:
        j.happened("held")
    for flag in FLAG_CASES:
        if flag in draft.flags or (flag == "address_unsure" and _is_still_unsure(j, draft)):
            told = as_evidence(command.proposal) if flag == "address_unsure" else {}
            j.open_case(flag, placed_at=draft.source_placed_at, zone=draft.source_zone, **told)
    return any(lifted) and not is_over(draft)


def _is_still_unsure(j: Journey, draft: OrderDraft) -> bool:
    """A person's correction stands, whatever the channel repeats."""
    return draft.receiver.is_unsure and not _was_mended(j)


def _was_mended(j: Journey) -> bool:
    return j.order.receiver != j.order.receiver_stated


def _amounts(j: Journey, draft: OrderDraft) -> bool:
    is_stated = "awaiting_payment" not in draft.flags and not is_over(draft)
    # Before payment and once it is over a channel may state no amounts, or zero units: nothing there can add up.
    broken = j.blueprint.check_amounts(draft, j.channel, j.traits()) if is_stated else []
    for b in broken:
        if b.hold:
            j.hold(b.hold, _why(b))
        if b.case:
            j.open_case(b.case, formula=b.formula, term=b.term, expected=b.expected, stated=b.stated,
                        difference=b.difference, currency=b.currency, line=b.line, zh=b.reason.zh, en=b.reason.en)
    if broken and any(b.hold for b in broken):
        give_back(j, j.order.active_stock(BindingKind.RESERVATION), "amount_mismatch")
    elif not broken and j.lift("amount_mismatch", "amounts add up now"):
        j.close_case("amount_mismatch")
        return True
    return False


def _why(b: Broken) -> str:
    """Why amounts are held, in both languages: it is read by people, and stands in the log for good."""
    same = b.term_title.zh in ("", b.title.zh)
    return (f"{b.title.zh}{'' if same else '，' + b.term_title.zh}：{b.reason.zh} | "
            f"{b.title.en}{'' if same else ', ' + b.term_title.en}: {b.reason.en}")


def _channel_hold(j: Journey, draft: OrderDraft) -> bool:
    is_disputed = any(line.is_disputed for line in draft.lines)
    wanted = {draft.hold} if draft.hold else set()
    if is_disputed:
        wanted.add(ChannelHold.REFUND_REQUESTED)
    for type in sorted(wanted):
        j.hold(type, draft.native or "asked by the channel")
    if not j.order.holds:
        return False
    lifted = [j.lift(t, "the channel lifted it") for t in ChannelHold if t not in wanted]
    return any(lifted)


def _partly_shipped(j: Journey, draft: OrderDraft) -> None:
    if PARTLY_SHIPPED in draft.flags and any(line.needed for line in j.order.lines) and not j.order.works:
        j.hold(PARTLY_SHIPPED, draft.native or "a part is out already")
        j.open_case(PARTLY_SHIPPED, native=draft.native)


def _paused(j: Journey) -> None:
    """What systems say of the goods differs: an order that is new waits; one with stock bound, or work, goes on."""
    paused = {sku.id: sku.paused_until for sku in j.world.goods.skus.values() if sku.paused_until}
    if paused and not (j.order.bindings or j.order.works or j.order.is_cancelled):
        _pause(j, paused)


def _pause(j: Journey, paused: Mapping[int, datetime]) -> None:
    skus = j.world.goods.skus
    wanted = {part for line in j.order.lines if line.needed for part, _ in skus[line.sku_id].components}
    waiting = [part for part in sorted(wanted) if part in paused and paused[part] > j.at]
    if waiting:
        codes = ", ".join([skus[part].code for part in waiting[:3]])
        j.hold(PAUSED, f"库存对不上：{codes} | stock differs: {codes}",
               expires_at=max(paused[part] for part in waiting))


def _receiver(j: Journey, draft: OrderDraft) -> bool:
    """Goods that may go need somebody to go to; before payment many channels do not tell. A place that a person filled
    in counts, whatever the channel still leaves out."""
    is_missing = NO_RECEIVER in draft.flags and not (draft.is_pickup or draft.is_cancelled or _was_mended(j))
    if is_missing and _is_to_go(j):
        j.hold(NO_RECEIVER, "nobody or no place to send to")
        j.open_case(NO_RECEIVER, order=j.order.number)
    elif j.lift(NO_RECEIVER, "there is somebody to send to"):
        j.close_case(NO_RECEIVER)
        return True
    return False


def _is_to_go(j: Journey) -> bool:
    is_due = j.order.payment.is_paid_up or j.order.payment is PaymentState.COD
    return is_due and any(line.needed for line in j.order.lines) and not j.order.is_fulfilled_elsewhere
