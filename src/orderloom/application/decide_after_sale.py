"""Answer a buyer's application after the sale: the seller's yes or no is queued for the channel, once.

A granted refund is no money: what went back is what the channel tells of it later (`hear_after_sale.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.application.commands import DecideAfterSale, HearAnswer
from orderloom.application.give_up import GIVEN_UP
from orderloom.application.journey import Journey
from orderloom.application.ports import Manifest
from orderloom.domain import event as e
from orderloom.domain.after_sale import (
    DECISIONS,
    DECLINED,
    GRANTED,
    NEVER_TOLD,
    NOT_TAKEN,
    PAST,
    TOLD,
    AfterSale,
    TakesDecisions,
)
from orderloom.domain.lifecycle import may
from orderloom.domain.masters import HUB, master_of
from orderloom.domain.order import Order
from orderloom.domain.refusal import Refusal

KIND = "decision"
ROLES = ("service", "operations", "finance")


def takers(manifests: Mapping[str, Manifest]) -> dict[str, TakesDecisions]:
    """What channels can be told of decisions, by connector."""
    return {name: TakesDecisions(tuple(one.answers), "amount" in one.outbound.get(KIND, {}))
            for name, one in manifests.items() if one.answers}


def decide_after_sale(j: Journey, command: DecideAfterSale) -> Refusal | bool | None:
    """Write the decision down and queue it. False: that has been decided already."""
    if not may(j.actor.roles, ROLES):
        return Refusal("not_allowed", {"order": j.order.number, "roles": ", ".join(ROLES)})
    one = next((x for x in j.order.after_sales if x.external_id == command.application), None)
    if one is None:
        return Refusal("no_such_application", {
            "order": j.order.number, "application": command.application,
            "known": ", ".join([x.external_id for x in j.order.after_sales]) or "-"})
    if (refusal := _not_now(j, one, command)) is not None:
        return refusal
    if one.is_decided:
        return _decided_before(one, command)
    if (refusal := _wrong_amount(j, one, command)) is not None:
        return refusal
    j.emit(e.AfterSaleDecided(one.external_id, command.decision, command.reason, command.amount))
    granted = command.amount if command.amount is not None else one.amount
    j.tell(j.order.account_id, KIND, {
        "application": one.external_id, "order_no": j.order.number, "external_id": j.order.external_id,
        "asked": one.kind, "state": one.state, "native": one.native, "decision": command.decision,
        "answer": one.answer(command.decision), "amount": granted if command.decision == GRANTED else None,
        "currency": one.currency or j.order.currency, "reason": command.reason,
        "lines": [{"external_line_id": line, "sku_external": sku, "quantity": units} for line, sku, units in one.lines],
    }, f"{j.order.id}/{KIND}/{one.external_id}/{j.at.isoformat()}")
    return None


def _not_now(j: Journey, one: AfterSale, command: DecideAfterSale) -> Refusal | None:
    """Why the application takes no decision, or not this one."""
    account = j.world.directory.accounts[j.order.account_id]
    about = {"order": j.order.number, "application": one.external_id, "state": one.state, "native": one.native,
             "account": account.code, "asked": one.kind}
    if command.decision not in DECISIONS:
        return Refusal("unknown_decision", {"decision": command.decision, "known": ", ".join(DECISIONS)})
    if (master := master_of(account.settings, "refund")) != HUB:
        return Refusal("refund_of_another", {**about, "master": master})
    if one.state.is_ended:
        return Refusal("application_over", about)
    takes, answer = command.takes.get(account.connector), one.answer(command.decision)
    if takes is None:
        return Refusal("no_decisions", about)
    if not answer:
        return Refusal("application_waits", about)
    if answer not in takes.answers:
        return Refusal("answer_not_taken", {**about, "answer": answer, "known": ", ".join(takes.answers)})
    return None


def _wrong_amount(j: Journey, one: AfterSale, command: DecideAfterSale) -> Refusal | None:
    """Why the sum cannot be granted: never more than is asked for, nor than is left of what was paid."""
    if command.amount is None:
        return None
    account = j.world.directory.accounts[j.order.account_id]
    if command.decision == DECLINED or not command.takes[account.connector].with_amount:
        return Refusal("no_amount", {"account": account.code, "application": one.external_id})
    most = min([sum_ for sum_ in (one.amount, _left(j.order, one)) if sum_ is not None], default=0)
    if not 0 < command.amount <= most:
        return Refusal("wrong_amount", {"most": str(most), "currency": one.currency or j.order.currency})
    return None


def _left(order: Order, one: AfterSale) -> int | None:
    """What of the order's money has not gone back; None: it is of another currency, or was paid at the door."""
    is_known = one.currency in ("", order.currency) and order.paid > 0
    return order.paid - order.refunded if is_known else None


def _decided_before(one: AfterSale, command: DecideAfterSale) -> Refusal | bool:
    if (one.decision, one.decision_amount) == (command.decision, command.amount):
        return False
    return Refusal("decided_otherwise", {"application": one.external_id, "decision": one.decision,
                                         "state": one.decision_state})


def hear_told(j: Journey, command: HearAnswer) -> None:
    """The channel was told what the seller decided, or was not."""
    one = next((x for x in j.order.after_sales if x.external_id == command.work_no), None)
    if one is None or one.decision_state in ("", PAST):
        return  # the channel has told of it anew meanwhile
    state = NEVER_TOLD if command.error == GIVEN_UP else NOT_TAKEN if command.error else TOLD
    j.emit(e.DecisionAnswered(one.external_id, state, command.message if command.error else ""))
