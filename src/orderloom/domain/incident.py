"""What went wrong with a parcel, in one vocabulary, and who is to blame for it unless the carrier says so."""

from __future__ import annotations

from types import MappingProxyType

from orderloom.domain.states import State


class Blame(State):
    """Who is to blame for an incident."""

    CARRIER = "carrier"
    SELLER = "seller"
    RECEIVER = "receiver"
    CUSTOMS = "customs"
    WEATHER = "weather"


class Incident(State):
    """Why a parcel does not simply arrive."""

    LATE = "late"
    HELD_UP = "held_up"
    BAD_WEATHER = "bad_weather"
    AT_CUSTOMS = "at_customs"
    PROHIBITED = "prohibited"
    WRONG_ADDRESS = "wrong_address"
    OUT_OF_AREA = "out_of_area"
    UNREACHABLE = "unreachable"
    NOBODY_THERE = "nobody_there"
    NOT_FETCHED = "not_fetched"
    REFUSED = "refused"
    FAILED_DELIVERY = "failed_delivery"
    DAMAGED = "damaged"
    MISSING = "missing"
    VOIDED = "voided"


_BLAMED = MappingProxyType({
    Incident.BAD_WEATHER: Blame.WEATHER, Incident.AT_CUSTOMS: Blame.CUSTOMS, Incident.PROHIBITED: Blame.SELLER,
    Incident.WRONG_ADDRESS: Blame.RECEIVER, Incident.UNREACHABLE: Blame.RECEIVER,
    Incident.NOBODY_THERE: Blame.RECEIVER, Incident.NOT_FETCHED: Blame.RECEIVER, Incident.REFUSED: Blame.RECEIVER,
    Incident.VOIDED: Blame.SELLER,
})  # fmt: skip


def blame_of(incident: str, said: str = "") -> str:
    """Who is to blame: whom the carrier names, else whom such an incident is usually put down to; "" without one."""
    if not incident:
        return ""
    return said or str(_BLAMED.get(Incident(incident), Blame.CARRIER))
