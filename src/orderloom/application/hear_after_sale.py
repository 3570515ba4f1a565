"""Hear how far a buyer's application after the sale is: goods not yet sent wait, money that went back is counted once.

What the order itself states of refunds and disputes is `record.py`'s; here is the channel's list of applications. News
comes in any order and repeatedly: only what is newer than what is known of an application counts.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from orderloom.application.commands import HearAfterSale
from orderloom.application.disputes import follow, is_through
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.application.refund import record_after_sale
from orderloom.domain import event as e
from orderloom.domain.after_sale import AfterSale
from orderloom.domain.draft import AfterSaleReport
from orderloom.domain.states import AfterSaleKind, AfterSaleState

AHEAD_MAX = timedelta(minutes=5)
"""As for orders: a revision further ahead of its receipt than this counts as of its receipt."""
MONEY_KINDS = (AfterSaleKind.REFUND_ONLY, AfterSaleKind.RETURN_REFUND, AfterSaleKind.CANCEL)
"""Kinds that are over only when the money went back."""


def hear_after_sale(j: Journey, command: HearAfterSale) -> bool | None:
    """Take the news into the order, with all that follows from it. False: it is known, or older than what is."""
    heard = _heard(command)
    known = next((one for one in j.order.after_sales if one.external_id == heard.external_id), None)
    if known is not None and _weight(heard) <= _weight(known):
        return False
    j.emit(e.AfterSaleHeard(heard))
    record_after_sale(j, heard)
    standing = len(j.order.holds)
    is_freed = follow(j, heard)
    if not is_through(j.order, heard):
        j.open_case(
            "after_sale", heard.external_id, application=heard.external_id, asked=heard.kind, state=heard.state,
            native=heard.native, amount=heard.amount, refunded=heard.refunded, currency=heard.currency,
        )
    if len(j.order.holds) > standing:
        j.happened("held")
    elif is_freed:
        go_on(j)
    return None


def _heard(command: HearAfterSale) -> AfterSale:
    report = command.report
    revision = report.revision if report.revision <= command.received_at + AHEAD_MAX else command.received_at
    return AfterSale(
        report.external_id, AfterSaleKind(report.kind), AfterSaleState(report.state), revision, report.currency,
        report.amount, _refunded(report), report.refund_external_id, report.reason, report.native, report.asked_at,
        report.waybill, report.carrier, tuple([(x.external_id, x.sku_external, x.quantity) for x in report.lines]),
    )


def _refunded(report: AfterSaleReport) -> int:
    """What went back: as it is told, else all that was asked for, once the state says that the money went."""
    if report.refunded is not None:
        return report.refunded
    is_paid_back = report.state == AfterSaleState.REFUNDED or (
        report.state == AfterSaleState.DONE and report.kind in MONEY_KINDS
    )
    return (report.amount or 0) if is_paid_back else 0


def _weight(one: AfterSale) -> tuple[object, ...]:
    """Newer outweighs older; of one instant the state that is further, and then anything that both orders agree on."""
    heard = msgspec.structs.replace(one, decision="", decision_amount=None, decision_state="")
    return one.revision, one.state.rank, one.refunded, msgspec.json.encode(heard)
