"""What the hub wrote to a system is no new order when it comes back from there: it is that system's word on ours."""

from __future__ import annotations

from orderloom.application.batch import Batch
from orderloom.application.commands import Outcome, RecordOrder
from orderloom.application.journey import Journey
from orderloom.application.stated import new_claims
from orderloom.domain import event as e


def source_of(batch: Batch, command: RecordOrder) -> str:
    """The order of another account that the draft is a copy of; empty when it is an order of its own.

    Known by a number of ours in it, or by another channel's id where the source says that it got it from there. Where
    two shops have the same id, nobody can tell which is meant.
    """
    found = [
        order_id for order_id in batch.world.find("ours", command.echo)
        if batch.world.orders[order_id].account_id != command.account_id
    ]
    return found[0] if len(found) == 1 else ""


def hear_echo(j: Journey, command: RecordOrder) -> Outcome:
    """Keep what the system says of the order's way as its claims, never as a command; nothing else of it counts."""
    code = j.world.directory.accounts[command.account_id].code
    if fresh := new_claims(j.order.claims, command.draft, code, j.at):
        j.emit(e.MilestoneClaimed(fresh))
    return Outcome(j.order.id)
