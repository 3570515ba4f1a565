"""What is asked of a carrier about a box of work that people pack by hand: its label and its courier, and both back."""

from __future__ import annotations

from datetime import datetime

from orderloom.application.command import About, Command


class OfBox(Command, frozen=True, kw_only=True):
    """Something is asked of a carrier about a box of work that is done by hand; `carrier` is our code for who carries
    it, `purpose` out or back."""

    about = About("work", lambda command: command.work_no, missing="no_such_work")
    beside = (About("together", lambda command: (command.work_no,)),)
    work_no: str
    box: int
    purpose: str
    account_id: int
    account: str
    carrier: str


class AskLabel(OfBox, frozen=True, kw_only=True):
    """Somebody asks a carrier for the label of a box; `product` is the carrier's own word for how."""

    product: str = ""
    weight_g: int = 1_000
    round: int = 1
    """One more for every label of the box that was given back: each has a number of its own."""
    may_collect: bool = True
    """Whether the carrier takes money at the door for us."""
    station: str = ""
    """Where in the warehouse it is printed as soon as it is there, if a printer there is for that."""


class GiveLabelBack(OfBox, frozen=True, kw_only=True):
    """A label that was bought is not needed: its waybill is cancelled at the carrier, before the parcel moves."""

    number: str
    waybill: str
    reason: str


class AskPickup(OfBox, frozen=True, kw_only=True):
    """Somebody wants a courier for a box, between two instants; `number` and `waybill` are of its label, where the
    account sold one. `is_of_label`: the carrier books it as a part of that label's order."""

    number: str
    waybill: str
    product: str
    weight_g: int
    from_at: datetime
    until_at: datetime
    round: int = 1
    is_of_label: bool = False


class CallOffPickup(OfBox, frozen=True, kw_only=True):
    """A courier that was booked is not needed, and called off before it has the box. `booking` and `reference` are the
    carrier's own words for the booking."""

    number: str
    booking: str
    reference: str
    label: str
    waybill: str
    reason: str
