"""Find the order that a credit note names: its case is shown there, and the note waits for a person."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.application.batch import Batch
from orderloom.application.commands import Decided, HearCredit


def hear_credit(batch: Batch, command: HearCredit) -> Decided:
    """The problems for which the message waits, with the order that they are about where it is known."""
    found = batch.world.find("external", (command.account_id, command.names))
    return tuple([replace(problem, order_id=found[0]) for problem in command.problems]) if found else command.problems
