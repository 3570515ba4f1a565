"""What a person may do to one order over HTTP: each command, and beside it what it would do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Request
from msgspec.structs import replace
from starlette.responses import Response

from orderloom.application import commands as c
from orderloom.application.accept_address import accept_address
from orderloom.application.correct_receiver import nobody_there
from orderloom.application.expected import Expected
from orderloom.application.identity.access import Caller
from orderloom.application.preview import Preview
from orderloom.application.queries import orders as read
from orderloom.domain.draft import Receiver
from orderloom.domain.refusal import Refusal
from orderloom.entrypoints.http.kit.foreseen import with_words
from orderloom.entrypoints.http.kit.guard import Desk, DeskHere, GoesBy, GoesByHere, decides, needs
from orderloom.entrypoints.http.kit.problem import Problem, problem_of
from orderloom.entrypoints.http.kit.wire import body_of, reply, spoken

router = APIRouter(prefix="/api/v1/orders", tags=["orders"])
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
"""Something that can be seen: a reason of blanks would be kept for ever and say nothing."""


class Asking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of what is asked. `token` is that of the preview that was looked at: when doing it would now end otherwise,
    nothing is done (409 `preview_stale` with the new preview)."""

    token: Annotated[str, msgspec.Meta(max_length=64)] = ""


class HoldRequest(Asking, frozen=True):
    """Stop an order. `type` is one of the blueprint's; `subject` is a line or work number for those scopes."""

    type: Short
    reason: Short
    scope: Literal["order", "line", "work"] = "order"
    subject: Annotated[str, msgspec.Meta(max_length=200)] = ""
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class ReleaseRequest(Asking, frozen=True):
    """Lift one hold by its number on the order. `out`: units by SKU that are out already; only the rest goes."""

    hold_no: Annotated[int, msgspec.Meta(ge=1, le=32767)]
    reason: Short
    out: Annotated[dict[str, Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]], msgspec.Meta(max_length=200)] = {}


class CancelRequest(Asking, frozen=True):
    """Cancel an order."""

    reason: Short


class ReceiverRequest(Asking, frozen=True):
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


class LineRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line is to be; what is left out stays. `no` 0: a line more, of our `sku`. `quantity` in base units, 0
    takes the line off. `price` (of one unit) and `discount` (of the line) in minor units, with `orders:price`."""

    no: Annotated[int, msgspec.Meta(ge=0, le=32767)] = 0
    sku: Annotated[str, msgspec.Meta(max_length=200)] = ""
    title: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    quantity: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    price: Annotated[int, msgspec.Meta(ge=0, le=10**15)] | None = None
    discount: Annotated[int, msgspec.Meta(ge=0, le=10**15)] | None = None


class LinesRequest(Asking, frozen=True):
    """Change what an order is of, or what it costs."""

    lines: Annotated[list[LineRequest], msgspec.Meta(min_length=1, max_length=200)]
    reason: Short


class ReshipRequest(Asking, frozen=True):
    """Send the goods of a parcel again, by its number on the order; none: of every parcel that does not arrive."""

    reason: Short
    parcel: Annotated[int, msgspec.Meta(ge=1, le=32767)] | None = None


class ActionRequest(Asking, frozen=True):
    """Press a button of the lifecycle."""

    reason: Short


class AcceptRequest(Asking, frozen=True):
    """Accept the proposed address."""

    reason: Short = "proposal accepted"


class Done(msgspec.Struct, frozen=True):
    """What was asked is done."""

    order_id: str


B = TypeVar("B", bound=Asking)
Guard = Callable[[Request], Awaitable[Caller]]


class Ask(NamedTuple, Generic[B]):
    """One thing that can be asked of an order: its address, body, guard, words, how a command is made of it, and the
    facts that make an `If-Match` of before them out of date (none: any)."""

    path: str
    body: type[B]
    guard: Guard
    zh: str
    en: str
    told: str
    make: Callable[[Desk, Caller, str, B, Request], Awaitable[c.AnyCommand]]
    touches: tuple[str, ...] = ()


async def _hold(desk: Desk, who: Caller, order_id: str, body: HoldRequest, _: Request) -> c.AnyCommand:
    return c.PlaceHold(
        actor=who.doer, order_id=order_id, type=body.type, reason=body.reason,
        scope=body.scope, subject=body.subject, expires_at=body.expires_at,
    )


async def _release(desk: Desk, who: Caller, order_id: str, body: ReleaseRequest, _: Request) -> c.AnyCommand:
    return c.ReleaseHold(
        actor=who.doer, order_id=order_id, hold_no=body.hold_no, reason=body.reason, out=body.out)


async def _cancel(desk: Desk, who: Caller, order_id: str, body: CancelRequest, _: Request) -> c.AnyCommand:
    return c.CancelOrder(actor=who.doer, order_id=order_id, reason=body.reason)


async def _reship(desk: Desk, who: Caller, order_id: str, body: ReshipRequest, _: Request) -> c.AnyCommand:
    return c.ReshipParcel(actor=who.doer, order_id=order_id, reason=body.reason, parcel_no=body.parcel)


async def _act(desk: Desk, who: Caller, order_id: str, body: ActionRequest, request: Request) -> c.AnyCommand:
    return c.TakeAction(
        actor=who.doer, order_id=order_id, action=request.path_params["action"], reason=body.reason)


async def _receiver(desk: Desk, who: Caller, order_id: str, body: ReceiverRequest, _: Request) -> c.AnyCommand:
    receiver = Receiver(
        name=body.name, phone=body.phone, country=body.country, province=body.province, city=body.city,
        district=body.district, detail=body.detail, postcode=body.postcode,
    )
    if (nobody := nobody_there(receiver)) is not None:
        raise problem_of(c.Outcome(order_id, nobody.code, nobody.particulars))
    async with desk.connect() as connection:
        kept = await read.buyer_index(connection, order_id)
    sealed = replace(desk.hub.vault.seal(receiver, ""), buyer_index=kept)
    return c.AdjustReceiver(actor=who.doer, order_id=order_id, receiver=receiver, sealed=sealed, reason=body.reason)


async def _lines(desk: Desk, who: Caller, order_id: str, body: LinesRequest, _: Request) -> c.AnyCommand:
    asked = {"orders:price" if _is_priced(line) else "orders:lines" for line in body.lines}
    asked |= {"orders:lines" for line in body.lines if not line.no or line.sku or line.quantity is not None}
    for scope in sorted(asked):
        if not who.may(scope):
            raise Problem("no_scope", f"需要权限 {scope}，请找管理员 | scope {scope} is needed: ask an administrator")
    wishes = tuple([c.LineWish(x.no, x.sku, x.title, x.quantity, x.price, x.discount) for x in body.lines])
    return c.ChangeLines(actor=who.doer, order_id=order_id, wishes=wishes, reason=body.reason)


def _is_priced(line: LineRequest) -> bool:
    """Whether money is given for it; goods that are added for nothing are not."""
    return bool(line.price or line.discount) if not line.no else not (line.price is None and line.discount is None)


async def _accept(desk: Desk, who: Caller, order_id: str, body: AcceptRequest, _: Request) -> c.AnyCommand:
    vault, stored = desk.hub.vault, desk.ports.stored_receiver
    found = await accept_address(stored, order_id, vault.show_receiver, vault.seal, who.doer, body.reason)
    if isinstance(found, Refusal):
        raise problem_of(c.Outcome(order_id, found.code, found.particulars))
    return found


CORRECTS, DECIDES = needs("orders:receiver"), decides("orders:cancel")
_PLACE = ("receiver_changed", "order_amended", "order_cancelled", "parcel_shipped")
ASKS: tuple[Ask[Any], ...] = (
    Ask("hold", HoldRequest, needs("orders:hold"), "挂起", "Hold",
        "Stop an order until the hold is released or expires.", _hold),
    Ask("release", ReleaseRequest, decides("orders:hold", "cases:write"), "解除挂起", "Release a hold",
        "Lift one hold; when nothing else stands in the way the order goes on by itself.", _release,
        ("hold_placed", "hold_released")),
    Ask("cancel", CancelRequest, DECIDES, "取消", "Cancel",
        "Cancel an order: stock goes back, work at the warehouse is called back; what is out is refused.", _cancel,
        ("order_amended", "parcel_shipped", "order_cancelled")),
    Ask("reship", ReshipRequest, DECIDES, "补发", "Re-ship", "Send goods again whose parcel is lost, refused or comes "
        "back: stock is found for them anew.", _reship, ("parcel_replaced", "parcel_tracked", "order_cancelled")),
    Ask("actions/{action}", ActionRequest, DECIDES, "执行动作", "Take an action", "Press one of the lifecycle's "
        "buttons: confirm, retry, accept_return or close; the order's `actions` are those on offer to the caller. "
        "Cancelling and re-shipping have addresses of their own.", _act, ("stage_moved", "order_cancelled")),
    Ask("receiver", ReceiverRequest, CORRECTS, "改收件人", "Correct the receiver", "Correct where an order goes while "
        "nothing is out; a warehouse that knows of it is told again.", _receiver, _PLACE),
    Ask("lines", LinesRequest, needs("orders:lines", "orders:price"), "改商品", "Change the lines", "Change units, "
        "goods, prices and discounts of lines, add lines or take them off, as long as nothing is out: the money is "
        "shared anew, stock is found for what is there then, and work at a warehouse is called back and made again.",
        _lines, ("order_amended", "parcel_shipped", "order_cancelled")),
    Ask("accept-address", AcceptRequest, CORRECTS, "接受建议的地址", "Accept the proposed address", "Set the address "
        "that the order's case `address_unsure` proposes; 409 `no_proposal` when there is none.", _accept, _PLACE),
)
SEEN = ("\n\nWith `If-Match` (the order's ETag) it is 409 `changed_meanwhile` when what it is about has changed since, "
        "told in `since`. With `Idempotency-Key` a repeated call counts once.")


def _serve(ask: Ask[Any]) -> None:
    """Put the command and its preview on their addresses."""
    name = ask.path.partition("/")[0].replace("-", "_")

    async def do(request: Request, desk: DeskHere, seen: GoesByHere, reference: str,
                 who: Caller = Depends(ask.guard)) -> Response:
        body = await body_of(request, ask.body)
        order_id = await desk.order_id(reference)
        command = await ask.make(desk, who, order_id, body, request)
        return await carry_out(desk, command, _expected(request, seen, body, ask.touches))

    async def look(request: Request, desk: DeskHere, reference: str, who: Caller = Depends(ask.guard)) -> Response:
        body = await body_of(request, ask.body)
        order_id = await desk.order_id(reference)
        command = await ask.make(desk, who, order_id, body, request)
        return reply(with_words(await desk.hub.foreseer.preview([command])))

    path, more = f"/{{reference}}/{ask.path}", [Depends(_named)] if "{action}" in ask.path else []
    router.add_api_route(path, do, methods=["POST"], name=name, description=ask.told + SEEN,
                         summary=f"{ask.zh} | {ask.en}", dependencies=more,
                         **spoken(Done, takes=ask.body, problems=(404, 409)))
    router.add_api_route(f"{path}/preview", look, methods=["POST"], name=f"preview_{name}",
                         description=f"What this would do now; nothing is changed. {ask.told}",
                         summary=f"{ask.zh}预览 | What it would do: {ask.en}", dependencies=more,
                         **spoken(Preview, takes=ask.body, problems=(404, 409)))


async def _named(action: str) -> None:
    """Tells FastAPI of the part of the address that `_act` reads."""


for _one in ASKS:
    _serve(_one)


async def carry_out(desk: Desk, command: c.AnyCommand, expected: Expected) -> Response:
    """Send one command through the route. A refusal becomes a problem with its code and particulars."""
    (outcome,) = await desk.hub.handle([command], expected)
    if outcome.refusal:
        raise problem_of(outcome)
    return reply(Done(outcome.order_id or ""))


def _expected(request: Request, seen: GoesBy, body: Asking, touches: tuple[str, ...]) -> Expected:
    asked = request.url.path.encode() + msgspec.json.encode(replace(body, token=""))
    return Expected(body.token, seen.version, touches, seen.key, sha256(asked).digest())
