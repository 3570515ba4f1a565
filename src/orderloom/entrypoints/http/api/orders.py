"""Orders over HTTP: the list, one order, its trace, and what a person may do to it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Request
from msgspec.structs import replace
from starlette.responses import Response

from orderloom.application import commands as c
from orderloom.application.accept_address import accept_address
from orderloom.application.act import offered
from orderloom.application.correct_receiver import nobody_there
from orderloom.application.decide_after_sale import takers
from orderloom.application.identity.access import Caller
from orderloom.application.queries import orders as read
from orderloom.application.queries.order_detail import OrderDetail, read_order
from orderloom.application.queries.trace import Trace, read_trace
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.application.tell_decision import tell_decision
from orderloom.domain.draft import Receiver
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.guard import (
    Desk,
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
Holder = Annotated[Caller, Depends(needs("orders:hold"))]
Corrector = Annotated[Caller, Depends(needs("orders:receiver"))]
Decider = Annotated[Caller, Depends(decides("orders:cancel"))]
Releaser = Annotated[Caller, Depends(decides("orders:hold", "cases:write"))]
"""Where the blueprint draws which roles may: the verb asks the person's role, a program needs the scope as well."""
PHONE_DIGITS_MIN = 7
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
"""Something that can be seen: a reason of blanks would be kept for ever and say nothing."""


class HoldRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Stop an order. `type` is one of the blueprint's; `subject` is a line or work number for those scopes."""

    type: Short
    reason: Short
    scope: Literal["order", "line", "work"] = "order"
    subject: Annotated[str, msgspec.Meta(max_length=200)] = ""
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ReleaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lift one hold by its number on the order. `out`: units by SKU that are out already; only the rest goes."""

    hold_no: Annotated[int, msgspec.Meta(ge=1, le=32767)]
    reason: Short
    out: Annotated[dict[str, Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]], msgspec.Meta(max_length=200)] = {}


class CancelRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cancel an order."""

    reason: Short


class ReceiverRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the order goes from now on; every field is replaced."""

    name: Short
    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=40)]
    province: Short
    city: Short
    detail: Short
    reason: Short
    district: Annotated[str, msgspec.Meta(max_length=200)] = ""
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")] = "CN"
    postcode: Annotated[str, msgspec.Meta(max_length=20)] = ""


class ReshipRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Send the goods of a parcel again, by its number on the order; none: of every parcel that does not arrive."""

    reason: Short
    parcel: Annotated[int, msgspec.Meta(ge=1, le=32767)] | None = None


class ActionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Press a button of the lifecycle."""

    reason: Short


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


class AcceptRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accept the proposed address."""

    reason: Short = "proposal accepted"


class Done(msgspec.Struct, frozen=True):
    """What was asked is done."""

    order_id: str


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
    order = await desk.ports.order(order_id)
    if found is None or order is None:
        raise not_found("订单", "order", reference)
    return reply(replace(found, actions=list(offered(order, directory, who.roles)),
                         customer=Vocabulary(directory).customer(found.order.stage)))


@router.get("/{reference}/trace", **spoken(Trace, problems=(404, 409)), summary="订单追溯 | Everything that happened")
async def trace_order(desk: DeskHere, who: Reader, reference: str) -> Response:
    """What every system said and did about an order and who touched it, oldest first, free text masked."""
    order_id = await desk.order_id(reference)
    async with desk.connect() as connection:
        found = await read_trace(connection, order_id)
    if found is None:
        raise not_found("订单", "order", reference)
    return reply(found)


@router.post("/{reference}/hold", **spoken(Done, takes=HoldRequest, problems=(404, 409)), summary="挂起 | Hold")
async def hold_order(request: Request, desk: DeskHere, who: Holder, reference: str) -> Response:
    """Stop an order until the hold is released or expires."""
    body = await body_of(request, HoldRequest)
    return await carry_out(desk, c.PlaceHold(
        actor=who.doer, order_id=await desk.order_id(reference), type=body.type, reason=body.reason,
        scope=body.scope, subject=body.subject, expires_at=body.expires_at,
    ))


@router.post("/{reference}/release", **spoken(Done, takes=ReleaseRequest, problems=(404, 409)),
             summary="解除挂起 | Release a hold")
async def release_order(request: Request, desk: DeskHere, who: Releaser, reference: str) -> Response:
    """Lift one hold; when nothing else stands in the way the order goes on by itself."""
    body = await body_of(request, ReleaseRequest)
    return await carry_out(desk, c.ReleaseHold(
        actor=who.doer, order_id=await desk.order_id(reference), hold_no=body.hold_no, reason=body.reason, out=body.out,
    ))


@router.post("/{reference}/cancel", **spoken(Done, takes=CancelRequest, problems=(404, 409)), summary="取消 | Cancel")
async def cancel_order(request: Request, desk: DeskHere, who: Decider, reference: str) -> Response:
    """Cancel an order: stock goes back, work at the warehouse is called back; what is out is refused."""
    body = await body_of(request, CancelRequest)
    return await carry_out(desk, c.CancelOrder(
        actor=who.doer, order_id=await desk.order_id(reference), reason=body.reason,
    ))


@router.post("/{reference}/reship", **spoken(Done, takes=ReshipRequest, problems=(404, 409)), summary="补发 | Re-ship")
async def reship_order(request: Request, desk: DeskHere, who: Decider, reference: str) -> Response:
    """Send goods again whose parcel is lost, refused or comes back: stock is found for them anew."""
    body = await body_of(request, ReshipRequest)
    return await carry_out(desk, c.ReshipParcel(
        actor=who.doer, order_id=await desk.order_id(reference), reason=body.reason, parcel_no=body.parcel,
    ))


@router.post("/{reference}/actions/{action}", **spoken(Done, takes=ActionRequest, problems=(404, 409)),
             summary="执行动作 | Take an action")
async def take_action(request: Request, desk: DeskHere, who: Decider, reference: str, action: str) -> Response:
    """Press one of the lifecycle's buttons: confirm, retry, accept_return or close; the order's `actions` are those on
    offer to the caller. Cancelling and re-shipping have addresses of their own."""
    body = await body_of(request, ActionRequest)
    return await carry_out(desk, c.TakeAction(
        actor=who.doer, order_id=await desk.order_id(reference), action=action, reason=body.reason,
    ))


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


@router.post("/{reference}/receiver", **spoken(Done, takes=ReceiverRequest, problems=(404, 409)),
             summary="改收件人 | Correct the receiver")
async def adjust_receiver(request: Request, desk: DeskHere, who: Corrector, reference: str) -> Response:
    """Correct where an order goes while nothing is out; a warehouse that knows of it is told again."""
    body = await body_of(request, ReceiverRequest)
    order_id = await desk.order_id(reference)
    receiver = Receiver(
        name=body.name, phone=body.phone, country=body.country, province=body.province, city=body.city,
        district=body.district, detail=body.detail, postcode=body.postcode,
    )
    if (nobody := nobody_there(receiver)) is not None:
        raise problem_of(c.Outcome(order_id, nobody.code, nobody.particulars))
    async with desk.connect() as connection:
        kept = await read.buyer_index(connection, order_id)
    sealed = replace(desk.hub.vault.seal(receiver, ""), buyer_index=kept)
    return await carry_out(desk, c.AdjustReceiver(
        actor=who.doer, order_id=order_id, receiver=receiver, sealed=sealed, reason=body.reason,
    ))


@router.post("/{reference}/accept-address", **spoken(Done, takes=AcceptRequest, problems=(404, 409)),
             summary="接受建议的地址 | Accept the proposed address")
async def accept_proposed(request: Request, desk: DeskHere, who: Corrector, reference: str) -> Response:
    """Set the address that the order's case `address_unsure` proposes; 409 `no_proposal` when there is none."""
    body = await body_of(request, AcceptRequest)
    order_id = await desk.order_id(reference)
    vault, stored = desk.hub.vault, desk.ports.stored_receiver
    found = await accept_address(stored, order_id, vault.show_receiver, vault.seal, who.doer, body.reason)
    if isinstance(found, Refusal):
        raise problem_of(c.Outcome(order_id, found.code, found.particulars))
    return await carry_out(desk, found)


async def carry_out(desk: Desk, command: c.AnyCommand) -> Response:
    """Send one command through the route. A refusal becomes a problem with its code and particulars."""
    (outcome,) = await desk.hub.handle([command])
    if outcome.refusal:
        raise problem_of(outcome)
    return reply(Done(outcome.order_id or ""))
