"""Offer what may be done with an order now, and say why the rest may not: each verb is tried by its own code on the
order as it stands, and nothing of it is kept. So no rule is written twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

import msgspec

from orderloom.application import commands as c
from orderloom.application.act import PLAIN
from orderloom.application.change import Change
from orderloom.application.enter_order import CONNECTOR, why_not_corrected
from orderloom.application.ports import Account
from orderloom.application.preview import PreviewReason
from orderloom.application.sealed import SealedReceiver
from orderloom.domain.actor import Actor
from orderloom.domain.draft import Receiver
from orderloom.domain.order import Order

REASON = "only tried"
PLACE = Receiver("-", "19900000000", "CN", "-", "-", "-", "-")


class ActionView(msgspec.Struct, frozen=True):
    """Something that can be done with an order. The first that is allowed is what helps most now. `needs_preview`: it
    moves stock or money or tells another system, so it is to be looked at first. `of`: the hold it lifts."""

    verb: str
    is_allowed: bool
    why_not: PreviewReason | None
    needs_preview: bool
    of: str = ""


class CommandTry(msgspec.Struct, frozen=True):
    """A verb with the command that tries it. `scope` is what is needed for it; a person needs none where the blueprint
    says who may (`is_drawn`)."""

    verb: str
    scope: str
    is_drawn: bool
    command: c.AnyCommand
    of: str = ""


Each = Callable[[Sequence[c.AnyCommand]], Awaitable[list[tuple[c.Decided, Change]]]]


async def offer(
    each: Each, order: Order, account: Account, actor: Actor, may: Callable[[str], bool], hold_type: str,
) -> list[ActionView]:
    """Every verb, what helps most first. `may`: whether the caller has a scope; `account`: the order's own."""
    wishes = list(_wishes(order, actor, hold_type))
    tried = await each([wish.command for wish in wishes])
    found = [_view(wish, decided, change, may, is_person=actor.kind == "person")
             for wish, (decided, change) in zip(wishes, tried, strict=True)]
    return [*found[:-1], *_typed_anew(order, account, may), found[-1]]


def _typed_anew(order: Order, account: Account, may: Callable[[str], bool]) -> Iterator[ActionView]:
    """To correct an order that a person typed: its form is the preview. Of other orders there is nothing to say."""
    if account.connector != CONNECTOR:
        return
    why = None
    if not may("orders:enter"):
        why = PreviewReason("no_scope", {"scope": "orders:enter"})
    elif (no := why_not_corrected(account, order)) is not None:
        words = no.wrong["order"]
        why = PreviewReason(no.code, {"mend": f"{words.zh} / {words.en}"})
    yield ActionView("correct", why is None, why, needs_preview=False)


def _wishes(order: Order, actor: Actor, hold_type: str) -> Iterator[CommandTry]:
    who: dict[str, Any] = {"actor": actor, "order_id": order.id, "reason": REASON}
    standing = [h for h in order.holds if h.released_at is None]
    for hold in standing:
        yield CommandTry("release", "orders:hold", True, c.ReleaseHold(hold_no=hold.no, **who), str(hold.no))
    if is_stuck := order.is_short or any(p.state.is_trouble and not p.is_replaced for p in order.parcels):
        yield CommandTry("retry", "orders:cancel", True, c.TakeAction(action="retry", **who))
        yield CommandTry("reship", "orders:cancel", True, c.ReshipParcel(**who))
    for action in PLAIN:
        if action != "retry":
            yield CommandTry(action, "orders:cancel", True, c.TakeAction(action=action, **who))
    # Somewhere else than now: else no warehouse would have to be told, and it would look as if nothing came of it.
    sealed = SealedReceiver(b"", "-", None, None, None, None, "", "CN", "-", "-")
    yield CommandTry("receiver", "orders:receiver", False, c.AdjustReceiver(receiver=PLACE, sealed=sealed, **who))
    if line := next((one for one in order.lines if one.is_goods), None):
        more = c.LineWish(line.no, quantity=line.ordered + line.factor)
        yield CommandTry("lines", "orders:lines", False, c.ChangeLines(wishes=(more,), **who))
    if not order.is_cancelled:  # there is nothing to stop any more
        yield CommandTry("hold", "orders:hold", False, c.PlaceHold(type=hold_type, **who))
    if not is_stuck:
        yield CommandTry("retry", "orders:cancel", True, c.TakeAction(action="retry", **who))
        yield CommandTry("reship", "orders:cancel", True, c.ReshipParcel(**who))
    if not standing:
        yield CommandTry("release", "orders:hold", True, c.ReleaseHold(hold_no=0, **who))
    yield CommandTry("cancel", "orders:cancel", True, c.CancelOrder(**who))


def _view(
    wish: CommandTry, decided: c.Decided, change: Change, may: Callable[[str], bool], *, is_person: bool,
) -> ActionView:
    is_other_sum = any(before and before.total != after.total for before, after in change.orders.values())
    needs = bool(change.movements or change.deliveries or change.recalled) or is_other_sum
    if not (may(wish.scope) or (wish.is_drawn and is_person)):
        return ActionView(wish.verb, False, PreviewReason("no_scope", {"scope": wish.scope}), needs, wish.of)
    refused = decided.refusal if isinstance(decided, c.Outcome) else decided[0].code
    if refused:
        facts = decided.particulars if isinstance(decided, c.Outcome) else {"mend": decided[0].mend}
        return ActionView(wish.verb, False, PreviewReason(refused, facts), needs, wish.of)
    return ActionView(wish.verb, True, None, needs, wish.of)
