"""An order that was split in the channel's back office, and the parts of it, are not both sent: a person looks first.

Channels give a part an id of its own that names the order it was split off from. Where that one is known here and not
cancelled, its goods would leave twice. Which of the two comes first makes no difference; once one is cancelled, the
other goes on by itself.
"""

from __future__ import annotations

from orderloom.application.go_on import go_on
from orderloom.application.journey import Journey
from orderloom.domain.counting import is_all_out
from orderloom.domain.order import Order

HOLD = "split_at_channel"
"""The hold and the case of an order whose goods another one may send; the subject is that one's id at the channel."""


def look_at_kin(j: Journey) -> None:
    """Hold the order and those that it was split into or from, or let them go on once there is one of them left."""
    world, o = j.world, j.order
    if o.parent_external_id:  # for those that come later in the batch
        world.note("child", (o.account_id, o.parent_external_id), o.id)
    kin = world.find("child", (o.account_id, o.external_id)) + world.find("kin", o.id)
    if o.parent_external_id:
        kin += world.find("external", (o.account_id, o.parent_external_id))
    for order_id in dict.fromkeys(kin):
        if order_id != o.id:
            _compare(j, j.to(order_id))


def _compare(one: Journey, other: Journey) -> None:
    is_at_odds = _has_goods(one.order) and _has_goods(other.order)
    for j, kin in ((one, other.order), (other, one.order)):
        if is_at_odds and not is_all_out(j.order):
            _hold(j, kin)
        elif j.lift(HOLD, "only one of the two is sent", kin.external_id):
            j.close_case(HOLD, kin.external_id)
            go_on(j)


def _hold(j: Journey, kin: Order) -> None:
    """Once for each pair: what a person has let go is not held again."""
    if any((h.type, h.subject) == (HOLD, kin.external_id) for h in j.order.holds):
        return
    j.hold(HOLD, f"{j.order.external_id} / {kin.external_id}", subject=kin.external_id)
    is_part = j.order.parent_external_id == kin.external_id
    j.open_case(HOLD, kin.external_id, part=(j.order if is_part else kin).external_id,
                split_from=(kin if is_part else j.order).external_id, other=kin.number, other_stage=kin.stage)
    j.happened("held")


def _has_goods(order: Order) -> bool:
    """Whether goods of it left, or are to leave."""
    return order.is_out or (not order.is_cancelled and any(line.needed for line in order.lines))
