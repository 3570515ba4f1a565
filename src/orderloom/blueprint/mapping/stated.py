"""What an order states beside its lines: charges, refunds and shipments, each a part or a list of parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from orderloom.blueprint.mapping import targets
from orderloom.blueprint.mapping.check import Notes
from orderloom.blueprint.mapping.parts import compile_parts
from orderloom.blueprint.mapping.scope import Scope, Unfit
from orderloom.blueprint.mapping.written import Manner, Wanted
from orderloom.domain.carriers import kept_as
from orderloom.domain.draft import StatedCharge, StatedRefund, StatedShipment
from orderloom.domain.waybill import waybills

Build = Callable[[Any, Scope], tuple[Any, ...]]


def compile_stated(said: Mapping[str, Any], manner: Manner, notes: Notes) -> list[tuple[str, Build]]:
    """The blocks of a document that state charges, refunds and shipments, by the draft's field."""
    parts: list[tuple[str, Build]] = []
    if "charges" in said:
        notes.at(said, "charges")
        parts.append(("charges", _charges(said["charges"], manner, notes)))
    if "refunds" in said:
        notes.at(said, "refunds")
        read = _part(said["refunds"], StatedRefund, targets.REFUND, ("external_id", "amount"), manner, notes, "refunds")
        parts.append(("refunds", lambda node, scope: _refunds(read(node, scope), scope)))
    if "shipments" in said:
        notes.at(said, "shipments")
        seen = _part(said["shipments"], StatedShipment, targets.SHIPMENT, ("waybill",), manner, notes, "shipments")
        parts.append(("shipments", lambda node, scope: _shipments(seen(node, scope))))
    return parts


def _part(
    said: Any, struct: type[msgspec.Struct], fields: Mapping[str, Wanted], named: tuple[str, ...], manner: Manner,
    notes: Notes, place: str,
) -> Build:  # fmt: skip
    """A part, or a list of them, whose mapping must name some fields, although a payload may say nothing of them."""
    for at, one in enumerate(said if isinstance(said, list) else [said]):
        written = one.get("fields") if isinstance(one, dict) else None
        for name in named:
            if isinstance(written, dict) and name not in written:
                here = f"{place}[{at}]" if isinstance(said, list) else place
                notes.wrong(f"{here}.{name}", "this field is required")
    return compile_parts(said, struct, fields, manner, notes, place)


def _charges(said: Any, manner: Manner, notes: Notes) -> Build:
    if not isinstance(said, list):
        notes.wrong("charges", "a list of parts is expected")
        return lambda node, scope: ()
    builds = []
    for at, one in enumerate(said):
        notes.at(said, at)
        builds.append(_part(one, StatedCharge, targets.CHARGE, ("amount",), manner, notes, f"charges[{at}]"))

    def charges(node: Any, scope: Scope) -> tuple[StatedCharge, ...]:
        return tuple([one for build in builds for one in build(node, scope) if one.amount])

    return charges


def _refunds(found: tuple[Any, ...], scope: Scope) -> tuple[StatedRefund, ...]:
    """Refunds by their id: one that is told twice counts once, further parts of one add up. One of nothing is none."""
    known: dict[str, StatedRefund] = {}
    told = set()
    for refund in found:
        if not refund.external_id or not refund.amount or refund in told:
            continue
        if refund.amount < 0:
            zh, en = "退款金额应为正数，请在映射中取绝对值", "a refund is a positive amount: take its absolute value"
            scope.report("refunds", refund.amount, Unfit("wrong_money", zh, en))
            continue
        told.add(refund)
        before = known.get(refund.external_id)
        amount = refund.amount + (before.amount if before else 0)
        known[refund.external_id] = msgspec.structs.replace(before or refund, amount=amount)
    return tuple(known.values())


def _shipments(found: tuple[Any, ...]) -> tuple[StatedShipment, ...]:
    """One shipment per waybill; lines of one parcel name it once each."""
    known: dict[tuple[str, str], StatedShipment] = {}
    for shipment in found:
        for waybill in waybills(shipment.waybill):
            carrier = kept_as(shipment.carrier)
            known.setdefault((waybill, carrier), msgspec.structs.replace(shipment, waybill=waybill, carrier=carrier))
    return tuple(known.values())
