"""What is told of an order that has to leave at once: its goods, where they lie, its wave, its label."""

from __future__ import annotations

from datetime import date

import msgspec


class RescueLine(msgspec.Struct, frozen=True):
    """Units of a SKU in a work."""

    sku: str
    name: str
    units: int


class RescuePick(msgspec.Struct, frozen=True):
    """Where units are to be fetched, of which lot; only in warehouses that are run here."""

    place: str
    sku: str
    lot: str
    expires_on: date | None
    units: int


class RescueStep(msgspec.Struct, frozen=True):
    """A step that could not be done: pick or label, and the refusal's code with its particulars."""

    step: str
    code: str
    particulars: dict[str, str]
    detail: str = ""
    """In words, Chinese first."""


class RescueWork(msgspec.Struct, frozen=True):
    """A work of the order. `system`: the warehouse's system that has it in hand, empty where people work from the
    hub's list; `label` with its state and waybill is that of the first box."""

    number: str
    warehouse: str
    is_floor: bool
    state: str
    system: str
    accepted_by: str
    wave: str
    lines: list[RescueLine]
    label: str
    label_state: str
    waybill: str
    picks: list[RescuePick] = []
    refused: list[RescueStep] = []

    @property
    def is_open(self) -> bool:
        """Whether people of ours can still send it."""
        return not self.system and self.state not in ("handed_over", "cancelled", "recalling")


class Rescued(msgspec.Struct, frozen=True):
    """The order, and its works as they stand after the call."""

    order: str
    order_id: str
    stage: str
    works: list[RescueWork]


class OrderToRescue(msgspec.Struct, frozen=True):
    """Where the order stands, and its works."""

    number: str
    stage: str
    is_cancelled: bool
    works: list[RescueWork]
