"""What people ask an order list for, in their words - codes, kinds, "7d", "due-today" - and what that means now."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.not_kept import NotKept
from orderloom.application.queries.order_filter import OrderFilter, Span
from orderloom.application.queries.order_numbers import parted
from orderloom.application.queries.sql import UUID
from orderloom.application.queries.vocabulary import UnknownWord, Vocabulary

VALUES_MAX = 50
Value = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Values = Annotated[tuple[Value, ...], msgspec.Meta(max_length=VALUES_MAX)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
LATE = ("overdue", "due-1h", "due-4h", "due-24h", "due-today")
"""By the platform's ship-by time, of what is not out: past it, or due in so long or before the seller's day ends."""
DAYS = re.compile(r"([1-9][0-9]{0,2})d")
PLACED = ("today", "yesterday", "7d", "30d", "90d")
PHONE_DIGITS_MIN = 7
FIELD = re.compile(r"([a-z][a-z0-9_]{0,39}):(.{1,200})", re.DOTALL)


class OrderQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Filters as people name them; every one that is given must hold, of several values one. Empty: any.

    `placed` is relative to now (`today`, `yesterday`, `7d` …), `placed_from` and `placed_to` are not; `from` and `to`
    bound when the hub recorded the order. Amounts are minor units. `field`: custom fields as `name:value`. `numbers`: a
    pasted list of numbers of orders, channels, buyers and waybills, of which one has to be the order's.
    """

    phase: Values = ()
    stage: Values = ()
    channel: Values = ()
    account: Values = ()
    payment: Values = ()
    warehouse: Values = ()
    tag: Values = ()
    hold: Values = ()
    province: Values = ()
    case: Values = ()
    carrier: Values = ()
    field: Values = ()
    late: Values = ()
    id: Values = ()
    is_held: bool | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    currency: Annotated[str, msgspec.Meta(pattern="^([A-Z]{3})?$")] = ""
    placed: Annotated[str, msgspec.Meta(max_length=20)] = ""
    placed_from: Instant | None = None
    placed_to: Instant | None = None
    since: Instant | None = msgspec.field(name="from", default=None)
    until: Instant | None = msgspec.field(name="to", default=None)
    q: Annotated[str, msgspec.Meta(max_length=64)] = ""
    numbers: str = ""


MANY = ("phase", "stage", "channel", "account", "payment", "warehouse", "tag", "hold", "province", "case", "carrier",
        "field", "late", "id")
CHECKED = ("phase", "stage", "channel", "account", "payment", "warehouse", "hold", "case")
FILTERED = {"phases": "phase", "stages": "stage", "payments": "payment", "provinces": "province",
            "account_ids": "account", "warehouse_ids": "warehouse", "tags": "tag", "hold_types": "hold",
            "case_kinds": "case", "carriers": "carrier", "fields": "field", "amount": "amount_from", "since": "from",
            "until": "to"}
"""What a filter is called by those who ask, where it is not its own name."""


def asked_as(names: Collection[str], query: OrderQuery) -> list[str]:
    """Filters by the names that the query gave them."""
    found = [FILTERED.get(name, name) for name in names]
    if "account" in found and not query.account:
        found[found.index("account")] = "channel"
    if "amount_from" in found and query.amount_from is None:
        found[found.index("amount_from")] = "amount_to"
    return found


def meant(
    query: OrderQuery, words: Vocabulary, directory: Directory, now: datetime,
    phone_index: Callable[[str], bytes | None],
) -> OrderFilter:
    """The filter that a query means now. Raises UnknownWord, NotKept."""
    for name in CHECKED:
        for value in getattr(query, name):
            words.check(**{name: value})
    return OrderFilter(
        phases=query.phase, stages=query.stage, payments=query.payment, provinces=query.province, tags=query.tag,
        hold_types=query.hold, case_kinds=query.case, carriers=query.carrier, is_held=query.is_held,
        account_ids=_accounts(query, directory), warehouse_ids=_warehouses(query, directory),
        fields=tuple([_field(one) for one in query.field]), currency=query.currency,
        late=tuple([_late(word, now, directory.business_zone) for word in query.late]),
        amount=(query.amount_from, query.amount_to), placed=_placed(query, now, directory.business_zone),
        ids=_ids(query), numbers=parted(query.numbers), since=query.since, until=query.until, q=query.q.strip(),
        phone_index=phone_index(query.q) if is_phone(query.q) else None,
    )


def is_phone(text: str) -> bool:
    """Whether a text can be a whole phone number."""
    digits = sum(character.isdigit() for character in text)
    return digits >= PHONE_DIGITS_MIN and all(character in "0123456789+-() " for character in text)


def _accounts(query: OrderQuery, directory: Directory) -> tuple[int, ...] | None:
    if not (query.channel or query.account):
        return None
    return tuple([a.id for a in directory.accounts.values()
                  if (not query.channel or a.connector in query.channel)
                  and (not query.account or a.code in query.account)])


def _warehouses(query: OrderQuery, directory: Directory) -> tuple[int, ...] | None:
    return tuple([w.id for w in directory.warehouses if w.code in query.warehouse]) if query.warehouse else None


def _ids(query: OrderQuery) -> tuple[str, ...] | None:
    if wrong := next((one for one in query.id if not UUID.fullmatch(one)), ""):
        raise NotKept("wrong_value", f"id：“{wrong[:40]}”不是编号", f'id: "{wrong[:40]}" is no id')
    return query.id or None


def _field(text: str) -> tuple[str, str]:
    found = FIELD.fullmatch(text)
    if found is None:
        raise NotKept("wrong_value", "field：应写成 name:value", "field: write name:value")
    return found[1], found[2]


def _late(word: str, now: datetime, zone: str) -> Span:
    if word == "overdue":
        return None, now
    if word == "due-today":
        return now, _midnight(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), zone)
    if word not in LATE:
        raise UnknownWord("late", word, LATE)
    return now, now + timedelta(hours=int(word.removeprefix("due-").removesuffix("h")))


def _placed(query: OrderQuery, now: datetime, zone: str) -> Span:
    if not query.placed:
        return query.placed_from, query.placed_to
    today = now.astimezone(ZoneInfo(zone)).date()
    if query.placed == "today":
        return _midnight(today, zone), None
    if query.placed == "yesterday":
        return _midnight(today - timedelta(days=1), zone), _midnight(today, zone)
    days = DAYS.fullmatch(query.placed)
    if days is None:
        raise UnknownWord("placed", query.placed, PLACED)
    return _midnight(today - timedelta(days=int(days[1]) - 1), zone), None


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
