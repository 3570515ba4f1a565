"""Stop an order, and let it go on again. Several holds may stand at once; each blocks the verbs of its type."""

from __future__ import annotations

from orderloom.application.commands import PlaceHold, ReleaseHold
from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.application.part_out import take_as_out
from orderloom.domain import event as e
from orderloom.domain.counting import is_all_out
from orderloom.domain.lifecycle import may
from orderloom.domain.refusal import Refusal


def hold(j: Journey, command: PlaceHold) -> Refusal | None:
    """Place a hold of a type that the blueprint knows."""
    if command.type not in j.blueprint.holds:
        return Refusal("unknown_hold", {"type": command.type, "known": ", ".join(j.blueprint.holds)})
    j.hold(command.type, command.reason, scope=command.scope, subject=command.subject, expires_at=command.expires_at)
    j.happened("held")
    return None


def release(j: Journey, command: ReleaseHold) -> Refusal | None:
    """Lift one hold; when the order is free it goes on by itself."""
    standing = next((h for h in j.order.holds if h.no == command.hold_no and h.released_at is None), None)
    if standing is None:
        return Refusal("no_such_hold", {"order": j.order.number, "hold": str(command.hold_no)})
    rule = j.blueprint.hold(standing.type)
    if not may(j.actor.roles, rule.release):
        return Refusal("not_allowed", {"order": j.order.number, "hold": standing.type,
                                       "roles": ", ".join(sorted(rule.release))})
    if command.out and (refusal := take_as_out(j, command.out)) is not None:
        return refusal
    j.emit(e.HoldReleased(standing.no, f"{j.actor.name}: {command.reason}"))
    if standing.type in j.blueprint.cases:
        j.close_case(standing.type, standing.subject)
    if not (command.out and is_all_out(j.order) and j.happened("handed_over")):
        go_on(j)
    return None
