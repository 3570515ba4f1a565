"""A carrier's region is stopped: an order's works that are not out go by another service of their warehouse or wait,
the promise moves, the channel that can tell its buyer is told once, and a person sees each work."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom.application.choose_service import services_by_name, services_from, way_from
from orderloom.application.commands import MeetStop
from orderloom.application.journey import Journey
from orderloom.application.reserve import sourcing_of
from orderloom.domain import event as e
from orderloom.domain.carriage import CarrierStop, best, promise
from orderloom.domain.order import Work

KIND = "carrier_stopped"


def meet_stop(j: Journey, command: MeetStop) -> bool:
    """Move the promises of what the stop meets; False when it meets nothing of the order."""
    stop, moved = command.stop, list[e.PromiseMoved]()
    for work in j.order.works:
        if work.state.is_ended or work.promised_at is None or not _meets(j, stop, work):
            continue
        found = _moved(j, stop, work)
        if found is not None:
            j.emit(found)
            moved.append(found)
            j.open_case(KIND, work.number, cause=f"stop:{stop.number}", stop=stop.number, reason=stop.reason,
                        carrier=work.carrier, instead=found.carrier if found.carrier != work.carrier else "",
                        was=found.was.isoformat(), promised_at=found.promised_at.isoformat())
    if moved and j.channel in command.tells:
        tell_promise(j, KIND, max(one.was for one in moved))
    return bool(moved)


def tell_promise(j: Journey, reason: str, was: datetime) -> None:
    """Tell the channel until when the order's last work is promised now."""
    j.tell(j.order.account_id, "promise", {
        "external_id": j.order.external_id, "order_no": j.order.number, "reason": reason, "was": was.isoformat(),
        "promised_at": max(w.promised_at for w in j.order.works if w.promised_at).isoformat(),
    })


def _meets(j: Journey, stop: CarrierStop, work: Work) -> bool:
    way = way_from(j, j.world.directory.warehouse(work.warehouse_id), ())
    return stop.meets(work.carrier, (way.destination, way.origin), j.at)


def _moved(j: Journey, stop: CarrierStop, work: Work) -> e.PromiseMoved | None:
    """Another service of the same warehouse, else the same one when the stop ends; None: the promise stays."""
    assert work.promised_at is not None
    house = j.world.directory.warehouse(work.warehouse_id)
    units = [(i.sku_id, i.quantity) for i in work.items]
    other = best(services_from(j, house, units), is_fast=sourcing_of(j).is_fast)
    if other is not None and other.promised_at is not None and other.carrier != work.carrier:
        return e.PromiseMoved(work.seq, other.service, other.carrier, other.cost, work.promised_at, other.promised_at,
                              stop.number)
    service = services_by_name(j).get(work.service)
    if service is None:
        return None
    again = stop.ends_at or stop.begins_at + timedelta(seconds=j.blueprint.stop_moves_by)
    later = promise(service, way_from(j, house, units), max(again, j.at), j.world.directory.business_zone)
    if later is None or later <= work.promised_at:
        return None
    return e.PromiseMoved(work.seq, work.service, work.carrier, work.cost or 0, work.promised_at, later, stop.number)
