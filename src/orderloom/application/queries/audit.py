"""The audit as people look at it: how it stands, and the facts of all orders by who, what and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec

from orderloom.application.masking import mask_nested
from orderloom.application.queries.sql import NUMBER, UUID, XID, Connection, from_cursor, to_cursor, where
from orderloom.application.verify import Fault
from orderloom.domain.event import AnyEvent
from orderloom.domain.log import told
from orderloom.statements import beside

SQL = beside(__file__)
LOOKED_MAX = 20_000
"""A page looks at so many facts at most; whoever wants older ones goes on from where it stopped."""
CHECKS_SHOWN = 20
KINDS: tuple[str, ...] = tuple([str(kind.__struct_config__.tag) for kind in get_args(AnyEvent)])


class FactView(msgspec.Struct, frozen=True):
    """One fact of one order as sealed; free text is masked. `hash` is the chain's, in hexadecimal."""

    order: str
    order_id: str
    seq: int
    kind: str
    at: datetime
    actor: str
    facts: dict[str, Any]
    hash: str


class FactPage(msgspec.Struct, frozen=True):
    """Facts, the newest first. `looked_back_to`: everything newer than this was looked at; with `next` there is more
    behind it, though this page may have nothing."""

    facts: list[FactView]
    looked_back_to: datetime | None
    next: str | None


class AuditCheck(msgspec.Struct, frozen=True):
    """A verification: who had it done, what was looked at, what was found (nothing: the log is whole)."""

    at: datetime
    by: str
    seconds: int
    is_deep: bool
    orders: int
    events: int
    checkpoints: int
    unsealed: int
    refolded: int
    faults: list[Fault]


class SealedUpTo(msgspec.Struct, frozen=True):
    """The newest checkpoint."""

    number: int
    at: datetime


class AuditState(msgspec.Struct, frozen=True):
    """How the audit stands; `job` is the verification under way, `kinds` are those of facts."""

    sealed: SealedUpTo | None
    checks: list[AuditCheck]
    job: str | None
    kinds: list[str]


class FactFilter(msgspec.Struct, frozen=True):
    """What is looked for; empty means any. `actor` with or without what stands before its colon."""

    order_id: str = ""
    actor: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def read_audit(connection: Connection, job_kind: str) -> AuditState:
    """The newest checkpoint, the latest verifications, and the one under way."""
    sealed = await (await connection.execute(SQL["sealed"])).fetchone()
    checks = await (await connection.execute(SQL["checks"], {"limit": CHECKS_SHOWN})).fetchall()
    job = await (await connection.execute(SQL["under_way"], {"kind": job_kind})).fetchone()
    found = [AuditCheck(*[*row[:9], msgspec.json.decode(row[9], type=list[Fault])]) for row in checks]
    return AuditState(SealedUpTo(*sealed) if sealed else None, found, job[0] if job else None, list(KINDS))


async def search_facts(connection: Connection, wanted: FactFilter, *, cursor: str = "", limit: int = 50) -> FactPage:
    """A page of facts. Raises WrongCursor."""
    looks, finds, values = _conditions(wanted, cursor)
    query = SQL["facts"].replace("{where}", where(looks)).replace("{finds}", where(finds))
    rows = await (await connection.execute(query, {
        **values, "since": wanted.since, "until": wanted.until, "looked": LOOKED_MAX, "limit": limit + 1})).fetchall()
    found = [row for row in rows if row[5] is not None]
    looked, last = rows[0][0], rows[0][1:5]
    if len(found) > limit:
        end: Sequence[Any] = found[limit - 1]
        return FactPage([_fact(row) for row in found[:limit]], end[9], to_cursor(end[13], end[6], end[7]))
    following = to_cursor(*last[:3]) if looked == LOOKED_MAX else None
    return FactPage([_fact(row) for row in found], last[3], following)


def _conditions(wanted: FactFilter, cursor: str) -> tuple[list[str], list[str], dict[str, Any]]:
    """Which facts are looked at, which of those are found, and the values. Raises WrongCursor."""
    looks, finds, values = list[str](), list[str](), dict[str, Any]()
    if wanted.order_id:
        looks.append("e.order_id = %(order)s::uuid")
        values["order"] = wanted.order_id
    if cursor:
        xid, order_id, seq = from_cursor(cursor, XID, UUID, NUMBER)
        looks += ["e.xid <= %(xid)s::text::xid8",
                  "(e.xid, e.order_id, e.seq) < (%(xid)s::text::xid8, %(after)s::uuid, %(seq)s)"]
        values |= {"xid": xid, "after": order_id, "seq": int(seq)}
    if wanted.actor:
        finds.append("l.actor = any (%(actors)s::text[])")
        values["actors"] = [wanted.actor, f"user:{wanted.actor}", f"token:{wanted.actor}"]
    if wanted.kind:
        finds.append("l.kind = %(kind)s")
        values["kind"] = wanted.kind
    return looks, finds, values


def _fact(row: Sequence[Any]) -> FactView:
    facts = told(row[11])
    facts.pop("event", None)
    return FactView(row[5], row[6], row[7], row[8], row[9], row[10], mask_nested(facts), row[12])
