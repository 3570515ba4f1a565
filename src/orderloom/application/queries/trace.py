"""One order's story in one line of time: what every system said, what the hub did, who touched it, what was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from orderloom.application.identity.sight import SIGHT
from orderloom.application.masking import mask_nested, mask_text
from orderloom.application.queries.order_detail import SQL, read_events
from orderloom.application.queries.sql import Connection
from orderloom.application.redaction import redacted

ENTRIES_MAX = 5000


class TraceEntry(msgspec.Struct, frozen=True):
    """Something at an instant. `source` is voucher | fact | claim | scan | delivery | case | unmasking; `proof` is a
    digest or hash that fixes it, empty where there is none."""

    at: datetime
    source: str
    who: str
    what: str
    detail: str
    proof: str


class Trace(msgspec.Struct, frozen=True):
    """The whole story, oldest first; `head` is the end of the hash chain over all facts."""

    number: str
    event_count: int
    head: str
    entries: list[TraceEntry]


async def read_trace(connection: Connection, order_id: str) -> Trace | None:
    """The story of the order with this id. Free text in it is masked: a trace leaves the house."""
    values = {"id": order_id}
    header = await (await connection.execute(SQL["header"], values)).fetchone()
    if header is None:
        return None

    async def rows(name: str) -> list[tuple[object, ...]]:
        return [tuple(r) for r in await (await connection.execute(SQL[name], values)).fetchall()]

    entries = [_entry(r[4], "voucher", r[1], r[2], f"{r[5]} bytes, {r[7]}", r[6]) for r in await rows("vouchers")]
    events = await read_events(connection, order_id, limit=ENTRIES_MAX)
    entries += [_entry(e.at, "fact", e.actor, e.kind, _json(e.facts, e.kind), e.hash) for e in events]
    entries += [_entry(r[3], "claim", r[0], r[1], f"{r[2]} {r[5]}".strip(), r[6]) for r in await rows("claims")]
    entries += [
        _entry(r[3], "scan", r[1], r[2], mask_text(str(r[4])), "") for r in await rows("scans")
    ]
    for d in await rows("deliveries"):
        entries.append(_entry(d[6], "delivery", d[1], f"{d[2]} queued", d[0], ""))
        if d[7] is not None:
            tried = mask_text(f"{d[4]} attempts {d[8]}".strip())
            entries.append(_entry(d[7], "delivery", d[1], f"{d[2]} {d[3]}", tried, ""))
    for c in await rows("cases"):
        entries.append(_entry(c[4], "case", c[3], f"{c[1]} opened", c[2], ""))
        if c[7] is not None:
            entries.append(_entry(c[7], "case", c[8], f"{c[1]} resolved", mask_text(str(c[9] or "")), ""))
    entries += [
        _entry(r[0], "case", r[1], f"{r[2]} {r[3]}", _json(mask_nested(r[4])), "")
        for r in await rows("case_events")
    ]
    entries += [
        _entry(r[2], "unmasking", r[0], "receiver seen", mask_text(str(r[1])), "") for r in await rows("unmaskings")
    ]
    entries.sort(key=lambda entry: entry.at)
    return Trace(header[1], header[-3], header[-2], entries[:ENTRIES_MAX])


def _json(facts: dict[str, Any], kind: str = "") -> str:
    """Facts as text; what whoever asks may not see is taken out before it is one."""
    hides = SIGHT.get().hides
    shown = redacted({"kind": kind, "facts": facts}, hides)["facts"] if hides else facts
    return msgspec.json.encode(shown).decode()


def _entry(at: object, source: str, who: object, what: object, detail: object, proof: object) -> TraceEntry:
    assert isinstance(at, datetime)
    return TraceEntry(at, source, str(who or ""), str(what or ""), str(detail or ""), str(proof or ""))
