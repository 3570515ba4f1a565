"""Split work over several parcels (LIF-12): as somebody says, or by a rule when it is given to its warehouse.

What was one piece of work becomes several, each with units of its own: the first is called back, and others are given
to the warehouse in its place, of the same stock. Nothing is bound or freed by it; the channel's order stays whole.
"""

from __future__ import annotations

from orderloom.application.assign import give_work
from orderloom.application.journey import Journey
from orderloom.application.merge_works import ROLES, begun
from orderloom.application.split_by_rule import bind_apart
from orderloom.application.work_commands import SplitWork
from orderloom.domain import event as e
from orderloom.domain.lifecycle import may
from orderloom.domain.refusal import Refusal
from orderloom.domain.split import take_units
from orderloom.domain.states import Negotiation, WorkState


def split_work(j: Journey, command: SplitWork) -> Refusal | None:
    """Take units off a work that nobody has begun: they become a work of their own, and so does what stays."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    if not may(j.actor.roles, ROLES):
        return Refusal("not_allowed", {"work": work.number, "roles": ", ".join(ROLES)})
    if (no := begun(j, work)) is not None:
        return no
    if j.order.is_blocked("dispatch"):
        return Refusal("held", {"hold": j.order.standing_hold})
    codes = {item.sku_id: j.world.goods.skus[item.sku_id].code for item in work.items}
    parts = take_units(work.items, j.order.lines, codes, command.units, work.number)
    if isinstance(parts, Refusal):
        return parts
    j.emit(e.ActionTaken("work_split", f"{work.number} {command.reason}".strip()))
    j.emit(e.WorkMoved(work.seq, WorkState.CANCELLED, Negotiation.NONE, "split"))
    taken, stays = parts
    for items in (stays, taken):
        give_work(j, work.warehouse_id, items)
    bind_apart(j)
    return None
