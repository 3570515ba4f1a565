"""A carrier sells no label for a box: the work goes by the next service of its warehouse, in the order in which
sourcing would take them, and its label is asked for there. Never back to one that comes before: so it ends."""

from __future__ import annotations

from orderloom.application.choose_service import services_from
from orderloom.application.journey import Journey
from orderloom.application.meet_stop import tell_promise
from orderloom.application.merge_works import together
from orderloom.application.reserve import sourcing_of
from orderloom.application.work_commands import FallBack
from orderloom.domain import event as e
from orderloom.domain.carriage import ServiceLooked, next_best
from orderloom.domain.order import Work


def fall_back(j: Journey, command: FallBack) -> bool:
    """Take the next service; False when there is none, or the work does not go by this carrier any more. Works that
    leave in one parcel go on together."""
    work = j.order.work_by_number(command.work_no)
    assert work is not None
    if work.carrier != command.carrier or not _may_change(j, work):
        return False
    chosen = next_best(_looked(j, work), work.service, is_fast=sourcing_of(j).is_fast)
    if chosen is None:
        return False
    for other, one in [(j, work), *together(j, work)]:
        _go_by(other, one, chosen.service, command)
    return True


def _may_change(j: Journey, work: Work) -> bool:
    return work.state.is_forward and not work.state.is_ended and not j.order.is_blocked("dispatch")


def _looked(j: Journey, work: Work) -> tuple[ServiceLooked, ...]:
    return services_from(j, j.world.directory.warehouse(work.warehouse_id),
                         [(i.sku_id, i.quantity) for i in work.items])


def _go_by(j: Journey, work: Work, service: str, command: FallBack) -> None:
    found = next((one for one in _looked(j, work) if one.service == service and one.is_passed), None)
    if found is None or found.promised_at is None or work.promised_at is None:
        return
    j.emit(e.PromiseMoved(work.seq, found.service, found.carrier, found.cost, work.promised_at, found.promised_at, "",
                          work.carrier))
    if found.promised_at > work.promised_at and j.channel in command.tells:
        tell_promise(j, "label_refused", work.promised_at)
