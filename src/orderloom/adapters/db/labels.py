"""Labels on PostgreSQL: written down before a carrier is asked, and what it answered, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.ask_label import label_number
from orderloom.application.buy_label import Label
from orderloom.application.commands import AskLabel
from orderloom.application.deliver import Tried

Connection = AsyncConnection[Any]


async def book(connection: Connection, asked: AskLabel, order_id: str, by: str, at: datetime) -> Label | None:
    """Write the request down; the label that stands in its way when there is one."""
    number = label_number(asked.work_no, asked.box, asked.purpose)
    booked = await (await connection.execute(statement("labels", "book"), {
        "number": number, "order": order_id, "work": asked.work_no, "box": asked.box, "purpose": asked.purpose,
        "account": asked.account_id, "carrier": asked.carrier, "by": by, "at": at,
    })).fetchone()
    if booked is not None:
        return None
    row = await (await connection.execute(statement("labels", "standing"), {"number": number})).fetchone()
    assert row is not None
    return Label(*row)


async def finish(
    connection: Connection, sent: Sequence[Tried], at: datetime, seal: Callable[[bytes], bytes],
) -> None:
    """Write down what became of requests for labels that ended."""
    ended = [s for s in sent if s.leased.kind == "label" and s.state in ("done", "parked")]
    if ended:
        await connection.execute(statement("labels", "finish"), {
            "number": [str(s.leased.body["label_no"]) for s in ended], "at": at,
            "account": [s.leased.account_id for s in ended], "state": [_state(s) for s in ended],
            "waybill": [s.label.waybill if s.label else "" for s in ended],
            "print": [seal(s.label.print_data) if s.label and s.label.print_data else b"" for s in ended],
            "error": [f"{s.error}: {s.message}"[:500] if s.error else "" for s in ended],
        })


def _state(tried: Tried) -> str:
    """A no at the first try is a no; after a try without an answer the carrier may have sold it all the same."""
    if tried.label is not None:
        return "bought"
    return "refused" if tried.leased.attempt == 1 else "in_doubt"
