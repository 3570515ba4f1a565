"""By which carrier's service a work is to go and until when it is promised to be there, as the order's log keeps it."""

from __future__ import annotations

from datetime import datetime

from orderloom.domain.fact import Event


class ServiceChosen(Event, frozen=True, tag="service_chosen"):
    """A work is to go by this service: its price by the rate table in minor units, and the buyer's promised date."""

    seq: int
    service: str
    carrier: str
    cost: int
    promised_at: datetime


class PromiseMoved(Event, frozen=True, tag="promise_moved"):
    """What was promised of a work is no longer so: `stop` is the number of the stop that it comes of, or `refused_by`
    the carrier that sold no label. `service` is another one where the warehouse has one that goes there."""

    seq: int
    service: str
    carrier: str
    cost: int
    was: datetime
    promised_at: datetime
    stop: str
    refused_by: str = ""
