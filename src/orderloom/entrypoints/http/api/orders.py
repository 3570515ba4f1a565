"""Orders over HTTP: the list, one order, its trace, and what a person may do to it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from msgspec.structs import replace
from starlette.responses import Response

from orderloom.application import commands as c
from orderloom.application.act import offered
from orderloom.application.decide_after_sale import takers
from orderloom.application.explain_order import explain_order
from orderloom.application.identity.access import Caller
from orderloom.application.offer import offer
from orderloom.application.queries.notes import notes_of, pending_of, promised_in
from orderloom.application.queries.order_detail import OrderDetail, read_order
from orderloom.application.queries.trace import Trace, read_trace
from orderloom.application.queries.vocabulary import Vocabulary, words_in
from orderloom.application.tell_decision import tell_decision
from orderloom.entrypoints.http.kit.foreseen import in_words
from orderloom.entrypoints.http.kit.guard import (
    DeskHere,
    Reason,
    as_written,
    decides,
    may_unmask,
    needs,
)
from orderloom.entrypoints.http.kit.problem import not_found, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])
Reader = Annotated[Caller, Depends(needs("orders:read"))]
Decider = Annotated[Caller, Depends(decides("orders:cancel"))]
"""Where the blueprint draws which roles may: the verb asks the person's role, a program needs the scope as well."""
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
"""Something that can be seen: a reason of blanks would be kept for ever and say nothing."""


class DecisionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seller's answer to an application after the sale; `amount` in minor units, where the channel takes one."""

    decision: Literal["granted", "declined"]
    reason: Short
    amount: Annotated[int, msgspec.Meta(ge=1, le=10**15)] | None = None


class DecisionTaken(msgspec.Struct, frozen=True):
    """A decision that is told to the channel; `is_known`: it had been decided so before."""

    order_id: str
    application: str
    decision: str
    is_known: bool


@router.get("/{reference}", **spoken(OrderDetail, problems=(404, 409)), summary="订单详情 | One order in full")
async def show_order(desk: DeskHere, who: Reader, reference: str, reason: Reason = "") -> Response:
    """One order by number, id or its channel's own id.

    The receiver is clear only with scope pii:read and a reason, which is written down.
    """
    is_clear = may_unmask(who, reason)
    order_id = await desk.order_id(reference)
    if is_clear:
        await desk.access.unmasked(who.actor, order_id, as_written(reason))
    directory = await desk.directory()
    warehouses = {w.id: w.code for w in directory.warehouses}
    async with desk.connect() as connection:
        found = await read_order(
            connection, order_id, desk.hub.vault.show_receiver, warehouses, is_clear=is_clear)
        notes = await notes_of(connection, order_id, is_clear=is_clear)
        pending = await pending_of(connection, order_id)
    order = await desk.ports.order(order_id)
    if found is None or order is None:
        raise not_found("订单", "order", reference)
    blueprint, words = directory.blueprints[order.blueprint], Vocabulary(directory)
    hold_type = "manual" if "manual" in blueprint.holds else next(iter(blueprint.holds), "")
    account = directory.accounts[order.account_id]
    offers = await offer(desk.hub.foreseer.each, order, account, who.doer, who.may, hold_type)
    answer = reply(replace(
        found, actions=list(offered(order, directory, who.roles)), customer=words.customer(found.order.stage),
        offers=[in_words(one) for one in offers], notes=notes, words=words_in(found, words, blueprint),
        explained=explain_order(order, directory, pending, promised_in(notes), desk.hub.now())))
    answer.headers["ETag"] = f'"{found.order.event_count}"'
    return answer


@router.get("/{reference}/trace", **spoken(Trace, problems=(404, 409)), summary="订单追溯 | Everything that happened")
async def trace_order(desk: DeskHere, who: Reader, reference: str) -> Response:
    """What every system said and did about an order and who touched it, oldest first, free text masked."""
    order_id = await desk.order_id(reference)
    async with desk.connect() as connection:
        found = await read_trace(connection, order_id)
    if found is None:
        raise not_found("订单", "order", reference)
    return reply(found)


@router.post("/{reference}/after-sales/{application}/decision",
             **spoken(DecisionTaken, takes=DecisionRequest, problems=(404, 409)),
             summary="回复售后申请 | Answer an application after the sale")
async def decide_application(
    request: Request, desk: DeskHere, who: Decider, reference: str, application: str,
) -> Response:
    """Grant or decline what a buyer asks for; the channel is told, and what it makes of it shows at the order's
    `after_sales`. The same decision twice is one, the opposite is 409 `decided_otherwise`. A granted refund is no money
    yet: what went back is what the channel tells of it."""
    body = await body_of(request, DecisionRequest)
    outcome = await tell_decision(desk.hub.handler.handle, c.DecideAfterSale(
        actor=who.doer, order_id=await desk.order_id(reference), application=application, decision=body.decision,
        reason=body.reason, amount=body.amount, takes=takers(desk.hub.manifests),
    ), desk.hub.now())
    if outcome.refusal:
        raise problem_of(outcome)
    is_known = bool(outcome.particulars.get("moot"))
    return reply(DecisionTaken(outcome.order_id or "", application, body.decision, is_known))
