"""What happened to a quota: facts in past tense. What orders draw of it stands in the orders' own log."""

from __future__ import annotations

from datetime import date, datetime

from orderloom.domain.fact import Event


class QuotaPlanned(Event, frozen=True, kw_only=True, tag="quota_planned"):
    """Somebody wants units kept for whoever matches, from `starts_at` to `ends_at`; see `quota.py: Quota`."""

    number: str
    sku_id: int
    warehouse_id: int
    quantity: int
    draw_order: int
    may_fall_through: bool
    starts_at: datetime
    reason: str
    ends_at: datetime | None = None
    account_id: int | None = None
    campaign: str = ""
    customer: str = ""
    is_presale: bool = False
    promised_on: date | None = None


class QuotaOpened(Event, frozen=True, tag="quota_opened"):
    """Its time came: so many units are set aside, of those that were free."""

    kept: int


class QuotaFilled(Event, frozen=True, tag="quota_filled"):
    """Units that came in, or were given back, were set aside for it, too."""

    units: int


class QuotaResized(Event, frozen=True, tag="quota_resized"):
    """Another quantity is wanted; `units` were set aside for it at once, or (negative) given back."""

    quantity: int
    units: int
    reason: str


class QuotaClosed(Event, frozen=True, tag="quota_closed"):
    """It is over: what nobody drew went back to all."""

    given_back: int
    reason: str


AnyQuotaEvent = QuotaPlanned | QuotaOpened | QuotaFilled | QuotaResized | QuotaClosed
