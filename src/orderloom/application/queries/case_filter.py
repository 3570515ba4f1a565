"""Which cases a queue shows, and in which order: several values a filter, every condition as SQL with its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from orderloom.application.queries.sql import UUID, WrongCursor, from_cursor, to_cursor

UNNAMED_SEVERITY = "high"
"""Of a kind that no blueprint names."""
NONE_KNOWN: Mapping[str, str] = MappingProxyType({})
State = Literal["open", "snoozed", "resolved", "any"]
Sort = Literal["newest", "left"]
INSTANT = re.compile(r"[0-9T:.+\-Z]{0,40}")
ORDERS: Mapping[str, str] = MappingProxyType({"newest": "c.id desc", "left": "c.due_at nulls last, c.id"})
LISTS: Mapping[str, str] = MappingProxyType({
    "kinds": "c.kind = any(%(kinds)s)", "owners": "c.owner = any(%(owners)s)", "persons": "c.person = any(%(persons)s)",
    "causes": "c.cause = any(%(causes)s)",
    "accounts": "coalesce(c.account_id, (select o.account_id from orders o where o.id = c.order_id)) in"
                " (select a.id from account a where a.code = any(%(accounts)s))",
    "channels": "coalesce(c.account_id, (select o.account_id from orders o where o.id = c.order_id)) in"
                " (select a.id from account a where a.connector = any(%(channels)s))",
    "warehouses": "(c.evidence ->> 'warehouse' = any(%(warehouses)s) or exists (select from work k join warehouse w"
                  " on w.id = k.warehouse_id where k.order_id = c.order_id and w.code = any(%(warehouses)s)))",
})
STAKE = """(exists (select from orders o where o.id = c.order_id and o.total >= %(stake)s)
    or exists (select from case_member m join orders o on o.id = m.order_id
        where m.case_id = c.id and m.resolved_at is null and o.total >= %(stake)s)
    or exists (select from intake i where i.outcome = 'parked' and i.park_key = c.subject and i.reason = c.kind
        group by i.currency having sum(i.stake) >= %(stake)s))"""
OF_ORDER = ("(c.order_id = %(order)s::uuid or c.id in (select case_id from case_member"
            " where order_id = %(order)s::uuid and resolved_at is null))")
SNOOZED = ("exists (select from case_snooze s where s.case_id = c.id and s.person = %(me)s and s.until > %(at)s)")


class CaseFilter(msgspec.Struct, frozen=True):
    """What a queue is asked for. Lists: any of these; every list that is given must hold. `me`: whose queue it is, for
    what they put off; `stake_min`: money at stake of one currency, in its minor units."""

    kinds: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    order_id: str = ""
    state: State = "open"
    stake_min: int = 0
    me: str = ""


def conditions(asked: CaseFilter, known: Mapping[str, str], at: datetime) -> tuple[list[str], dict[str, Any]]:
    """The conditions on `case_file c`, and their values. `known`: how grave each kind is."""
    parts: list[str] = []
    values: dict[str, Any] = {"me": asked.me, "at": at}
    for name, condition in LISTS.items():
        if given := getattr(asked, name):
            parts.append(condition)
            values[name] = list(given)
    if asked.severities:
        parts.append("(c.kind = any(%(grave)s)" + (
            " or c.kind <> all(%(named)s))" if UNNAMED_SEVERITY in asked.severities else ")"))
        values["grave"] = [kind for kind, severity in known.items() if severity in asked.severities]
        values["named"] = list(known)
    if asked.order_id:
        parts.append(OF_ORDER)
        values["order"] = asked.order_id
    if asked.stake_min:
        parts.append(STAKE)
        values["stake"] = asked.stake_min
    if asked.state != "any":
        parts.append("c.resolved_at is not null" if asked.state == "resolved" else "c.resolved_at is null")
    if asked.state in ("open", "snoozed") and (asked.me or asked.state == "snoozed"):
        parts.append(SNOOZED if asked.state == "snoozed" else f"not {SNOOZED}")
    return parts, values


def after(cursor: str, sort: Sort) -> tuple[str, dict[str, Any]]:
    """The condition of what comes behind a place in the list, and its values. Raises WrongCursor."""
    if sort == "newest":
        return "c.id < %(after)s::uuid", {"after": from_cursor(cursor, UUID)[0]}
    due, last = from_cursor(cursor, INSTANT, UUID)
    if not due:
        return "c.due_at is null and %(after)s::uuid < c.id", {"after": last}
    try:
        at = datetime.fromisoformat(due)
    except ValueError as error:
        raise WrongCursor(cursor) from error
    return ("((c.due_at, c.id) > (%(due)s, %(after)s::uuid) or c.due_at is null)", {"due": at, "after": last})


def place_of(case_id: str, due_at: datetime | None, sort: Sort) -> str:
    """The place of the last row shown."""
    return to_cursor(case_id) if sort == "newest" else to_cursor(due_at.isoformat() if due_at else "", case_id)
