"""Have a decision about an application told to its channel: what was decided before and refused there is given up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from orderloom.application.change import Change
from orderloom.application.commands import AnyCommand, DecideAfterSale, Outcome
from orderloom.application.decide_after_sale import KIND
from orderloom.application.give_up import Stuck

AGAIN = "另作决定 / decided anew"


class EarlierDecisions(Protocol):
    """Deliveries of decisions that stand, in the transaction of the command."""

    async def decisions_left(self, order_id: str, application: str) -> list[Stuck]:
        """What was to be told about an application and is not done, locked."""
    async def give_up(self, ids: Sequence[str], reason: str, by: str, at: datetime) -> int: ...


Beside = Callable[[EarlierDecisions, Change], Awaitable[None]]
Carry = Callable[[Sequence[AnyCommand], Beside], Awaitable[list[Outcome]]]


class BeingTold(Exception):
    """What was decided before is being told this moment: nothing of the new decision is kept."""


async def tell_decision(carry: Carry, command: DecideAfterSale, at: datetime) -> Outcome:
    """Carry it out; an earlier decision that the channel refused is given up with it."""

    async def beside(earlier: EarlierDecisions, change: Change) -> None:
        for wanted in [one for one in change.deliveries if one.kind == KIND]:
            left = await earlier.decisions_left(wanted.order_id or "", command.application)
            if any(one.state != "parked" for one in left):
                raise BeingTold(command.application)
            if left:
                await earlier.give_up([one.id for one in left], AGAIN, command.actor.name, at)

    try:
        [outcome] = await carry([command], beside)
    except BeingTold:
        return Outcome(command.order_id, "decision_under_way", {"application": command.application})
    return outcome
