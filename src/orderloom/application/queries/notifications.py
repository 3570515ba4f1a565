"""Who was told what, when and by which messenger, with what became of it; and whether the rules reach anybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.masking import mask_text
from orderloom.application.notify import messengers_of
from orderloom.application.ports import Manifest
from orderloom.application.queries.sql import UUID, Connection, from_cursor, to_cursor, where
from orderloom.domain.notify.rule import OWNER, people, targets
from orderloom.domain.words import ROLES
from orderloom.statements import beside

SQL = beside(__file__)
STATES = ("waiting", "sending", "sent", "parked", "given_up", "needless", "unreachable")


class NotificationView(msgspec.Struct, frozen=True):
    """One message to one recipient. `state`: it waits (`held_by` quiet, throttle or messenger, until `due_at`), is
    being sent, was sent, is parked or given up, was not needed any more, or nobody could be reached.

    `together`: how many things the delivery tells of; more than one is a digest.
    """

    id: str
    rule: str
    subject: str
    severity: str
    recipient: str
    account: str | None
    step: int
    state: str
    held_by: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str
    delivery_id: str | None
    together: int
    case_id: str | None
    order_id: str | None
    order: str | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    ended_why: str


class NotificationPage(msgspec.Struct, frozen=True):
    """A page of messages, newest first."""

    notifications: list[NotificationView]
    next: str | None


class RecipientAddress(msgspec.Struct, frozen=True):
    """Where a recipient is reached; the address is masked."""

    recipient: str
    account: str
    address: str
    kept_at: datetime
    kept_by: str


class RecipientList(msgspec.Struct, frozen=True):
    """Every address that was given."""

    recipients: list[RecipientAddress]


async def list_notifications(
    connection: Connection, *, state: str = "", rule: str = "", recipient: str = "", account_id: int | None = None,
    case_id: str = "", order_id: str = "", cursor: str = "", limit: int = 50,
) -> NotificationPage:
    """A page of messages. Raises WrongCursor."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for name, column, value in (("rule", "n.rule", rule), ("recipient", "t.recipient", recipient),
                                ("state", STATE, state)):
        if value:
            parts.append(f"{column} = %({name})s")
            values[name] = value
    for name, column, value in (("case", "n.case_id", case_id), ("order", "n.order_id", order_id)):
        if value:
            parts.append(f"{column} = %({name})s::uuid")
            values[name] = value
    if account_id is not None:
        parts.append("t.account_id = %(account)s")
        values["account"] = account_id
    if cursor:
        parts.append("t.id < %(after)s::uuid")
        values["after"] = from_cursor(cursor, UUID)[0]
    query = SQL["page"].replace("{where}", where(parts)).replace("{state}", STATE)
    rows: Sequence[Sequence[Any]] = await (await connection.execute(query, {**values, "limit": limit + 1})).fetchall()
    found = [_view(row) for row in rows[:limit]]
    return NotificationPage(found, to_cursor(found[-1].id) if len(rows) > limit else None)


STATE = """case when t.state <> 'handed_over' then t.state when d.state = 'due' then 'sending'
    when d.state = 'done' then 'sent' when d.state is null then 'sent' else d.state end"""
"""What became of a message, by its own row and its delivery's."""


class Unheard(msgspec.Struct, frozen=True):
    """A rule whose first step reaches nobody, and whom it means."""

    rule: str
    who: list[str]


async def unheard_rules(
    connection: Connection, directory: Directory, manifests: Mapping[str, Manifest],
) -> list[Unheard]:
    """Rules that tell nobody as things stand: no messenger that they name is connected, or nobody has an address."""
    active = directory.blueprints.get(directory.blueprint_active)
    if active is None:
        return []
    rows = await (await connection.execute(SQL["addresses"])).fetchall()
    addresses, messengers = {(row[0], row[1]) for row in rows}, messengers_of(directory, manifests)
    told = active.notifications
    found = []
    for rule in told.rules.values():
        # The owner of a case may be any role that the rule is about.
        who = people([name for name in rule.steps[0].who if name != OWNER], "", told.groups)
        owners = sorted(rule.owners) or list(ROLES) if OWNER in rule.steps[0].who else []
        if not targets([*who, *owners], rule.steps[0].by, messengers, addresses):
            found.append(Unheard(rule.name, [*who, *([OWNER] if owners else [])]))
    return found


async def list_recipients(connection: Connection) -> RecipientList:
    """Every address, masked, by recipient."""
    rows = await (await connection.execute(SQL["recipients"])).fetchall()
    return RecipientList([RecipientAddress(*row) for row in rows])


def _view(row: Sequence[Any]) -> NotificationView:
    """A row with what the messenger said masked: its words may quote an address."""
    view = NotificationView(*row)
    return msgspec.structs.replace(view, last_error=mask_text(view.last_error))
