"""Queue the request of a label for a box of work that people do by hand; `buy_label` sees that it is made once."""

from __future__ import annotations

from typing import Any

from orderloom.application.box_commands import AskLabel, OfBox
from orderloom.application.dispatch import lines_of_work, to_collect
from orderloom.application.journey import Journey
from orderloom.application.merge_works import together
from orderloom.application.ship import left_of
from orderloom.domain import event as e
from orderloom.domain.lifecycle import may
from orderloom.domain.order import Order, Work
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import WorkState

ROLES = ("warehouse", "operations")


def label_number(work_no: str, box: int, purpose: str, round: int = 1) -> str:
    """What the carrier knows the label by: made of the box alone, so that asking again names the same one.

    Of a box whose label was given back the next one has a number of its own: carriers take no number twice."""
    return f"{work_no}-{box}" + ("R" if purpose == "back" else "") + (f"V{round}" if round > 1 else "")


def ask(j: Journey, command: AskLabel) -> Refusal | None:
    """Queue the request to the carrier, for work that people do by hand."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    if (refusal := not_now(j, command, work)) is not None:
        return refusal
    mates = together(j, work) if command.purpose == "out" else []
    for other, one in mates:
        if (refusal := not_now(other, command, one)) is not None:
            return refusal
    number = label_number(work.number, command.box, command.purpose, command.round)
    told = told_of_box(j, command, work)
    for other, one in mates:
        other.emit(e.ActionTaken("label_asked", f"{number} {command.account}"))
        more = lines_of_work(other, one)
        told["worth"] += sum([line["amount"] for line in more])
        told["lines"] += goods_told(more)
    if told["to_collect"] and not command.may_collect:
        return Refusal("no_cash_on_delivery", {"work": work.number, "account": command.account})
    j.emit(e.ActionTaken("label_asked", f"{number} {command.account}"))
    j.tell(command.account_id, "label", {
        "label_no": number, **told, "product": command.product, "weight_g": command.weight_g,
    }, f"{j.order.id}/label/{number}/{j.at.isoformat()}")  # what was refused before holds up nothing
    return None


def told_of_box(j: Journey, command: OfBox, work: Work) -> dict[str, Any]:
    """What a carrier is told of a box; what is collected at the door is collected with the first one."""
    lines = lines_of_work(j, work)
    worth = sum([line["amount"] for line in lines])
    return {
        "work_no": work.number, "order_no": j.order.number,
        "channel": j.world.directory.accounts[j.order.account_id].connector, "external_id": j.order.external_id,
        "box": command.box, "purpose": command.purpose, "carrier": command.carrier,
        "warehouse": j.world.directory.warehouse(work.warehouse_id).code, "currency": j.order.currency,
        "worth": worth, "note": j.order.note,
        "to_collect": to_collect(j, work, worth) if command.purpose == "out" and command.box == 1 else 0,
        "lines": goods_told(lines),
    }


def goods_told(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a carrier is told of goods: no money."""
    return [{"sku": x["sku"], "title": x["title"], "quantity": x["quantity"]} for x in lines]


def not_now(j: Journey, command: OfBox, work: Work) -> Refusal | None:
    """Why nothing is bought of a carrier for this work now."""
    if not may(j.actor.roles, ROLES):
        return Refusal("not_allowed", {"work": work.number, "roles": ", ".join(ROLES)})
    if work.account_id is not None:
        return Refusal("has_system", {"work": work.number, "system": j.world.directory.accounts[work.account_id].code})
    if command.purpose == "back":
        return None if work.state is WorkState.HANDED_OVER else Refusal("not_out_yet", {"work": work.number})
    if j.order.is_pickup:
        return Refusal("buyer_fetches", {"work": work.number})
    if not work.state.is_forward:
        return Refusal("work_cancelled", {"work": work.number})
    if j.order.is_blocked("dispatch"):
        return Refusal("held", {"work": work.number, "hold": j.order.standing_hold})
    if not left_of(j.order, work) and _is_named(j.order, work):
        boxes = ", ".join([p.waybill for p in j.order.parcels if p.holds_work(work.seq)])
        return Refusal("out_already", {"work": work.number, "waybill": boxes})
    return None


def _is_named(order: Order, work: Work) -> bool:
    return all(p.is_named for p in order.parcels if p.holds_work(work.seq))
