"""A quota's life: planned, open, closed. What each step sets aside of a level, or gives back."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from orderloom.domain.fact import Event
from orderloom.domain.inventory.level import Level, Movement
from orderloom.domain.inventory.quota_event import QuotaClosed, QuotaFilled, QuotaOpened, QuotaResized
from orderloom.domain.refusal import Refusal
from orderloom.domain.states import State


class QuotaState(State):
    """Its time has not come; orders draw from it; it is over."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


class KeptQuota(msgspec.Struct, frozen=True):
    """A quota with its counters, in base units: `quantity` wanted, `kept` set aside now, `drawn` by orders."""

    id: str
    number: str
    sku_id: int
    warehouse_id: int
    account_id: int | None
    campaign: str
    customer: str
    quantity: int
    kept: int
    drawn: int
    draw_order: int
    may_fall_through: bool
    starts_at: datetime
    ends_at: datetime | None
    state: QuotaState
    is_presale: bool = False
    promised_on: date | None = None

    @property
    def missing(self) -> int:
        """Units that are wanted for it and neither kept nor drawn."""
        return self.quantity - self.kept - self.drawn


class QuotaStep(msgspec.Struct, frozen=True):
    """What becomes of a quota: how it stands then, what is told, and what comes to the units set aside."""

    after: KeptQuota
    event: Event
    units: int

    def movement(self, cause: str, reason: str, actor: str, at: datetime) -> Movement | None:
        """The line of the ledger; none when no unit moves."""
        if not self.units:
            return None
        kind = "set_aside" if self.units > 0 else "give_back"
        q = self.after
        return Movement(q.sku_id, q.warehouse_id, kind, cause, reason, actor, at, set_aside=self.units)


def due_step(quota: KeptQuota, level: Level, at: datetime) -> QuotaStep | None:
    """What is to be done about it now by itself: open it, close it, fill it up; None: nothing."""
    if quota.ends_at is not None and quota.ends_at <= at and quota.state is not QuotaState.CLOSED:
        return closed(quota, "ends_at")
    if quota.state is QuotaState.PLANNED and quota.starts_at <= at:
        kept = _free(quota, level)
        return QuotaStep(replace(quota, state=QuotaState.OPEN, kept=kept), QuotaOpened(kept), kept)
    units = _free(quota, level) if quota.state is QuotaState.OPEN else 0
    return QuotaStep(replace(quota, kept=quota.kept + units), QuotaFilled(units), units) if units else None


def resized(quota: KeptQuota, quantity: int, reason: str, level: Level) -> QuotaStep | Refusal:
    """Another quantity: more is set aside as far as it is free, less is given back; never less than is drawn."""
    if quota.state is QuotaState.CLOSED:
        return Refusal("quota_closed", {"quota": quota.number})
    if quantity < quota.drawn:
        return Refusal("below_drawn", {"quota": quota.number, "drawn": str(quota.drawn)})
    wanted = replace(quota, quantity=quantity)
    units = min(wanted.missing, 0)
    if quota.state is QuotaState.OPEN and wanted.missing > 0:
        units = _free(wanted, level)
    return QuotaStep(replace(wanted, kept=quota.kept + units), QuotaResized(quantity, units, reason), units)


def closed(quota: KeptQuota, reason: str) -> QuotaStep:
    """It is over. What orders drew stays theirs."""
    return QuotaStep(replace(quota, state=QuotaState.CLOSED, kept=0), QuotaClosed(quota.kept, reason), -quota.kept)


def _free(quota: KeptQuota, level: Level) -> int:
    """Units of the level that can be set aside for it; a presale sets none aside."""
    return 0 if quota.is_presale else max(min(quota.missing, level.free), 0)
