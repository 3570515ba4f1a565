"""Merge works into one parcel, and part them again (LIF-12): the channels' orders stay as they are.

A merge is a number that its works share. Whoever is cancelled, held or sent elsewhere leaves by itself; what is left of
it stays together, and one that is left alone goes alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from orderloom.application.batch import Batch
from orderloom.application.command import Command
from orderloom.application.commands import Outcome
from orderloom.application.decide import resume
from orderloom.application.journey import Ground, Journey
from orderloom.application.work_commands import MergeWorks, PartWork
from orderloom.domain import event as e
from orderloom.domain.lifecycle import may
from orderloom.domain.merge import WorkToMerge, may_merge, may_part, sealed
from orderloom.domain.order import Order, Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.rule import RuleDecision

ROLES = ("warehouse", "operations")


def merge_works(batch: Batch, command: MergeWorks) -> Outcome:
    """Give all of them one number, that of the first merge among them if there is one. All or none; `moot`: they are
    together already."""
    if not may(command.actor.roles, ROLES):
        return Outcome(refusal="not_allowed", particulars={"work": command.works[0], "roles": ", ".join(ROLES)})
    missing = [number for number in command.works if not batch.world.find("work", number)]
    if missing:
        return Outcome(refusal="no_such_work", particulars={"work": ", ".join(missing)[:500]})
    return merge_all(batch, command.works, command, {})


def merge_all(
    batch: Batch, numbers: tuple[str, ...], command: Command, decisions: Mapping[str, RuleDecision],
) -> Outcome:
    """The same for who may; `decisions` are the rules' by which an order's works are joined, by the order's id."""
    works = _all_of(batch, numbers)
    if (no := may_merge(works, command.actor.name)) is not None:
        return Outcome(refusal=no.code, particulars=no.particulars)
    number = next((one.work.merge_no for one in works if one.work.merge_no), "") or _number(works[0])
    joining = [one for one in works if one.work.merge_no != number]
    for one in joining:
        decision = decisions.get(one.order.id)
        resume(batch, one.order.id, command).emit(e.WorkMerged(one.work.seq, number, decision))
    return Outcome(works[0].order.id, particulars={"merge": number} if joining else {"merge": number, "moot": "yes"})


def part_work(j: Journey, command: PartWork) -> Refusal | None:
    """Let one go by itself."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    if not may(j.actor.roles, ROLES):
        return Refusal("not_allowed", {"work": work.number, "roles": ", ".join(ROLES)})
    if (no := may_part(_with_label(j, work), j.actor.name)) is None:
        j.emit(e.WorkParted(work.seq, work.merge_no, command.reason))
    return no


def begun(j: Journey, work: Work) -> Refusal | None:
    """Whether somebody has begun with the work, or nobody may."""
    return sealed(_with_label(j, work), j.actor.name)


def _with_label(j: Journey, work: Work) -> WorkToMerge:
    """The work; a label of any that leaves with it is its own, too."""
    own, others = to_merge(j, j.order, work), [to_merge(other, other.order, one) for other, one in together(j, work)]
    return replace(own, is_labelled=own.is_labelled or any(one.is_labelled for one in others))


def together(j: Journey, work: Work) -> list[tuple[Journey, Work]]:
    """The other works of the same merge that go on, or went, towards the door, each with the journey of its order."""
    if not work.merge_no:
        return []
    found = list[tuple[Journey, Work]]()
    for order_id in dict.fromkeys((j.order.id, *j.world.find("together", (work.number,)))):
        other = j if order_id == j.order.id else j.to(order_id)
        found += [(other, one) for one in other.order.works
                  if one.merge_no == work.merge_no and one.number != work.number]
    return found


def to_merge(ground: Ground, order: Order, work: Work) -> WorkToMerge:
    """The work with what decides about it."""
    world = ground.world
    account, house = world.directory.accounts[order.account_id], world.directory.warehouse(work.warehouse_id)
    return WorkToMerge(
        order, work, world.merge_keys.get(order.id), work.number in world.labelled, account.is_label_theirs,
        world.directory.accounts[work.account_id].code if work.account_id is not None else "",
        sum([world.goods.skus[item.sku_id].weight_g * item.quantity for item in work.items]), house.country)


def _all_of(batch: Batch, numbers: tuple[str, ...]) -> list[WorkToMerge]:
    """The works that are named, and those that share a merge with one of them."""
    found = dict.fromkeys([one for number in numbers for one in batch.world.find("work", number)])
    orders = [batch.world.orders[one] for one in found | dict.fromkeys(batch.world.find("together", numbers))]
    named = {w.merge_no for o in orders for w in o.works if w.number in numbers and w.merge_no}
    return [to_merge(batch, o, w) for o in sorted(orders, key=lambda o: o.id) for w in o.works
            if w.number in numbers or w.merge_no in named]


def _number(first: WorkToMerge) -> str:
    """What no merge was called before: an order's count of events never comes again."""
    return f"M-{first.work.number}-{first.order.event_count + 1}"
