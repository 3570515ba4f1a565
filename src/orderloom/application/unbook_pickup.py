"""Call a courier off at its carrier: when a person asks for it, and by itself when what it fetches does not go out.

That is work which was cancelled, and a box whose label was given back; one whose booking is still under way is marked
then, and called off as soon as it is there. What a carrier books as a part of a label's order ends with the label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec
import structlog

from orderloom.application.ask_once import Carry, undo_once
from orderloom.application.book_pickup import Pickup
from orderloom.application.box_commands import CallOffPickup
from orderloom.application.commands import Outcome
from orderloom.application.handle import Handler
from orderloom.application.ports import Account, Manifest, able
from orderloom.application.sources.hub import OutwardHub
from orderloom.application.within import Within
from orderloom.domain.actor import Actor, clock
from orderloom.domain.refusal import Refusal

UNWANTED_AT_ONCE_MAX = 100
UNBOOKER = clock("unbook_pickup")
UNDER_WAY = ("cancelling", "cancelled")
log = structlog.get_logger()


class BookedCourier(msgspec.Struct, frozen=True):
    """A courier that was sent for, and by what its carrier knows the booking: `pickup.booking`, `reference` and the
    label that it was made for. `is_of_label`: it is part of that label's order there."""

    pickup: Pickup
    account_id: int
    reference: str
    label: str
    waybill: str
    is_of_label: bool


class CallingOff(Protocol):
    """Where bookings are kept, in the transaction of the command."""

    async def call_courier_off(self, number: str) -> bool:
        """Write down that it is called off; False when it is not one that was booked."""


class PickupShelf(Protocol):
    """Where they are looked for, in a transaction of its own."""

    async def unwanted_pickups(self, accounts: Sequence[int], limit: int) -> list[BookedCourier]: ...
    async def spare_pickups(self, numbers: Sequence[str]) -> None:
        """These couriers come all the same."""


class UnbookingPorts(Protocol):
    """Where bookings are kept."""

    @property
    def labels(self) -> Within[PickupShelf]: ...


class UnbookingHub(OutwardHub, Protocol):
    """What of the hub is needed."""

    @property
    def handler(self) -> Handler: ...
    @property
    def ports(self) -> UnbookingPorts: ...


async def unbook_pickup(carry: Carry, command: CallOffPickup) -> Outcome | None:
    """Ask the carrier to send nobody; an Outcome says why not."""

    async def undo(book: CallingOff) -> bool:
        return await book.call_courier_off(command.number)

    missing = Outcome(refusal="pickup_not_booked", particulars={"pickup": command.number, "state": "?"})
    return await undo_once(carry, command, "pickup_cancel", undo, missing)


def meant_off(
    found: BookedCourier | None, number: str, reason: str, actor: Actor, accounts: Mapping[str, Account],
    manifests: Mapping[str, Manifest],
) -> CallOffPickup | Pickup | Refusal:
    """The request that a person means; the courier, when it is off or being called off; or why it cannot be made."""
    if found is not None and found.pickup.state in UNDER_WAY:
        return msgspec.structs.replace(found.pickup, is_known=True)
    account = accounts.get(found.pickup.account) if found else None
    if found is None or account is None or found.pickup.state != "booked":
        state = found.pickup.state if found else "-"
        return Refusal("pickup_not_booked", {"pickup": found.pickup.number if found else number, "state": state})
    if found.is_of_label:
        return Refusal("pickup_of_label", {"account": account.code, "label": found.label})
    if account.connector not in able(manifests, "pickup_cancel"):
        return Refusal("no_calling_off", {"account": account.code})
    return _command(found, reason, actor)


def _command(found: BookedCourier, reason: str, actor: Actor) -> CallOffPickup:
    pickup = found.pickup
    return CallOffPickup(
        actor=actor, work_no=pickup.work, box=pickup.box, purpose=pickup.purpose, account_id=found.account_id,
        account=pickup.account, carrier=pickup.carrier, number=pickup.number, booking=pickup.booking,
        reference=found.reference, label=found.label, waybill=found.waybill, reason=reason)


class Unbooker:
    """Calls off whoever was booked for what does not go out."""

    def __init__(self, hub: UnbookingHub) -> None:
        self._hub = hub

    async def step(self) -> int:
        """Ask for all that are there; returns how many were."""
        calls_off = able(self._hub.manifests, "pickup_cancel")
        accounts = [a.id for a in (await self._hub.directory()).accounts.values()
                    if a.connector in calls_off and a.is_active]
        if not accounts:
            return 0
        async with self._hub.ports.labels() as shelf:
            found = await shelf.unwanted_pickups(accounts, UNWANTED_AT_ONCE_MAX)
        spared = []
        for one in found:
            asked = _command(one, "不再取件 / not to be fetched", UNBOOKER)
            refused = await unbook_pickup(self._hub.handler.handle, asked)
            if refused is not None:
                log.info("courier_comes", pickup=one.pickup.number, why=refused.refusal)
                spared.append(one.pickup.number)
        if spared:
            async with self._hub.ports.labels() as shelf:
                await shelf.spare_pickups(spared)
        return len(found)
