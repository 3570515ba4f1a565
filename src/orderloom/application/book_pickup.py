"""Book a courier for a box: once, whatever becomes of the answer, as a label is bought (`buy_label`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from orderloom.application.ask_once import Carry, ask_once
from orderloom.application.box_commands import AskPickup
from orderloom.application.buy_label import BOXES_MAX, PURPOSES, WEIGHT_MAX, Label, LabelWish, carrier_of, seller_of
from orderloom.application.commands import Outcome
from orderloom.application.ports import Account, Manifest
from orderloom.domain.actor import Actor
from orderloom.domain.refusal import Refusal

AHEAD_MAX = timedelta(days=7)
SPAN_MAX = timedelta(hours=24)
LATE_MAX = timedelta(minutes=5)
"""A courier may be sent for from now on, and a request takes a moment."""


class Pickup(msgspec.Struct, frozen=True):
    """A booking as it stands. `state` is asked, booked, in_doubt, refused, given_up, cancelling or cancelled; `booking`
    is the carrier's own number, `is_known`: it was asked before."""

    number: str
    work: str
    box: int
    purpose: str
    account: str
    carrier: str
    from_at: datetime
    until_at: datetime
    state: str
    booking: str
    error: str
    asked_by: str
    asked_at: datetime
    answered_at: datetime | None = None
    is_known: bool = False


class PickupBook(Protocol):
    """Where bookings are kept, in the transaction of the command."""

    async def book_pickup(self, asked: AskPickup, order_id: str, by: str, at: datetime) -> Pickup | None:
        """The booking that stands in the way, else None: then this one is written down as asked for."""


async def book_pickup(carry: Carry, asked: AskPickup, at: datetime) -> Pickup | Outcome | None:
    """Ask for a courier. None: it is asked for now; a Pickup: it had been before; an Outcome: why not."""
    is_soon = at - LATE_MAX <= asked.from_at <= at + AHEAD_MAX
    is_time = is_soon and asked.from_at < asked.until_at <= asked.from_at + SPAN_MAX
    is_box = 1 <= asked.box <= BOXES_MAX and 1 <= asked.weight_g <= WEIGHT_MAX and asked.purpose in PURPOSES
    if not (is_time and is_box):
        return Outcome(refusal="wrong_pickup", particulars={
            "days": str(AHEAD_MAX.days), "boxes": str(BOXES_MAX), "grams": str(WEIGHT_MAX)})

    async def book(pickups: PickupBook, order_id: str) -> Pickup | None:
        return await pickups.book_pickup(asked, order_id, asked.actor.name, at)

    found = await ask_once(carry, asked, "pickup", book)
    return msgspec.structs.replace(found, is_known=True) if isinstance(found, Pickup) else found


def meant_pickup(
    wish: LabelWish, span: tuple[datetime, datetime], number: str, label: Label | None, actor: Actor,
    accounts: Iterable[Account], manifests: Mapping[str, Manifest],
) -> AskPickup | Refusal:
    """The request that a person means: of the account that sold the box's label, where there is one. `wish.round` is
    that of the courier."""
    bought = label if label is not None and label.state == "bought" else None
    account = seller_of(bought.account if bought and not wish.account else wish.account, accounts, manifests, "pickup")
    if isinstance(account, Refusal):
        return account
    if bought and bought.account != account.code:
        return Refusal("label_of_another", {"work": number, "account": account.code, "label": bought.account})
    code = bought.carrier if bought else carrier_of(wish.carrier, manifests[account.connector])
    if isinstance(code, Refusal):
        return code
    return AskPickup(
        actor=actor, work_no=number, box=wish.box, purpose=wish.purpose, account_id=account.id, account=account.code,
        carrier=code, product=wish.product, weight_g=wish.weight_g, number=bought.number if bought else "",
        waybill=bought.waybill if bought else "", from_at=span[0], until_at=span[1], round=wish.round,
        is_of_label=bool(bought) and "pickup" in manifests[account.connector].ends_with)
