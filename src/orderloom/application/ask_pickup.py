"""Queue the booking of a courier for a box of work that people do by hand; `book_pickup` sees that it is made once."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from orderloom.application.ask_label import label_number, not_now, told_of_box
from orderloom.application.box_commands import AskPickup
from orderloom.application.journey import Journey
from orderloom.domain import event as e
from orderloom.domain.refusal import Refusal


def pickup_number(asked: AskPickup) -> str:
    """What the carrier knows the booking by: made of the box, or of its label, so that asking again names the same.

    Of a box whose courier was called off the next one has a number of its own."""
    of_box = asked.number or label_number(asked.work_no, asked.box, asked.purpose)
    return f"{of_box}P" + (str(asked.round) if asked.round > 1 else "")


def ask_pickup(j: Journey, command: AskPickup) -> Refusal | None:
    """Queue the request to the carrier."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    zone = ZoneInfo(j.world.directory.accounts[command.account_id].zone)
    day = command.from_at.astimezone(zone).date()
    if (command.until_at - timedelta(seconds=1)).astimezone(zone).date() != day:
        return Refusal("pickup_over_midnight", {"zone": zone.key})
    if (refusal := not_now(j, command, work)) is not None:
        return refusal
    told, number = told_of_box(j, command, work), pickup_number(command)
    if told.pop("to_collect") and not command.waybill:
        return Refusal("no_cash_on_delivery", {"work": work.number, "account": command.account})
    j.emit(e.ActionTaken("pickup_asked", f"{number} {command.account}"))
    days = (day - j.at.astimezone(zone).date()).days
    j.tell(command.account_id, "pickup", {
        "pickup_no": number, "label_no": command.number, "waybill": command.waybill, **told,
        "product": command.product, "weight_g": command.weight_g, "weight_kg": kilograms(command.weight_g),
        "from_at": command.from_at.isoformat(), "until_at": command.until_at.isoformat(), "days_ahead": str(days),
    }, f"{j.order.id}/pickup/{number}/{j.at.isoformat()}")
    return None


def kilograms(grams: int) -> str:
    """Grams as carriers want them."""
    return f"{grams // 1_000}.{grams % 1_000:03d}".rstrip("0").rstrip(".")
