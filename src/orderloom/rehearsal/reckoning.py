"""Reckons up a rehearsed run: nothing lost between simulators and hub, and a case for each planted fault and no other.

Two lists are held against each other: what the simulators did and heard, and what the hub has written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from orderloom.rehearsal.ledger import Cause

CASES = """
select c.id::text, c.kind, c.subject, coalesce(a.code, b.code, ''), coalesce(o.external_id, ''),
    coalesce(o.number, ''), c.order_id::text, c.evidence, c.opened_at
from case_file c left join orders o on o.id = c.order_id
left join account a on a.id = o.account_id left join account b on b.id = c.account_id
where c.opened_at >= %s order by c.opened_at"""
MEMBERS = """
select m.case_id::text, m.subject, coalesce(o.external_id, ''), coalesce(a.code, '')
from case_member m left join orders o on o.id = m.order_id left join account a on a.id = o.account_id"""
WAYBILLS = """
select i.order_id::text, array_agg(distinct p.waybill) from parcel_item i join parcel p on p.id = i.parcel_id
group by 1"""
SYSTEMS = """
select w.order_id::text, array_agg(distinct a.code) || array_agg(w.number)
from work w join account a on a.id = w.account_id group by 1"""
LABELS = "select order_id::text, array_agg(number) from label group by 1"


class Sighted(NamedTuple):
    """A case as it stands, under every name by which somebody may call what it is about."""

    id: str
    kind: str
    code: str
    names: frozenset[str]
    opened_at: datetime
    text: str


class Score(msgspec.Struct, frozen=True):
    """Of one planted fault: how often, and how many have their case (`found` of `due`)."""

    fault: str
    kinds: tuple[str, ...]
    connectors: int
    planted: int
    due: int
    found: int

    @property
    def recall(self) -> float:
        return self.found / self.due if self.due else 1.0


class Kind(msgspec.Struct, frozen=True):
    """Of one kind of case: how many there are, and how many of them have a planted cause."""

    kind: str
    cases: int
    caused: int

    @property
    def precision(self) -> float:
        return self.caused / self.cases if self.cases else 1.0


class Judgement(msgspec.Struct, frozen=True):
    """Cases held against causes. `missed` are causes without a case, `strange` cases without a cause, in words."""

    scores: tuple[Score, ...]
    kinds: tuple[Kind, ...]
    missed: tuple[str, ...]
    strange: tuple[str, ...]

    @property
    def recall(self) -> float:
        due = sum(score.due for score in self.scores)
        return sum(score.found for score in self.scores) / due if due else 1.0

    @property
    def precision(self) -> float:
        cases = sum(kind.cases for kind in self.kinds)
        return sum(kind.caused for kind in self.kinds) / cases if cases else 1.0


def judge(causes: Iterable[Cause], cases: Iterable[Sighted]) -> Judgement:
    """Which causes have their case, and which cases have a cause."""
    causes = list(causes)
    by_name: dict[tuple[str, str], list[Cause]] = {}
    for cause in causes:
        for kind in cause.kinds:
            by_name.setdefault((kind, cause.about), []).append(cause)
    answered: set[Cause] = set()
    counts: dict[str, list[int]] = {}
    strange: list[str] = []
    for case in cases:
        own = [cause for name in case.names for cause in by_name.get((case.kind, name), ()) if _fits(cause, case)]
        answered.update(own)
        count = counts.setdefault(case.kind, [0, 0])
        count[0] += 1
        count[1] += bool(own)
        if not own:
            strange.append(case.text)
    grouped: dict[tuple[str, tuple[str, ...]], list[Cause]] = {}
    for cause in causes:
        grouped.setdefault((cause.fault, cause.kinds), []).append(cause)
    missed = [f"{c.fault}: no {' or '.join(c.kinds)} about {c.about} ({c.connector})"
              for c in causes if c.is_due and c not in answered]
    return Judgement(
        tuple([Score(fault, kinds, len({c.connector for c in some}), len(some), sum(c.is_due for c in some),
                     sum(c.is_due and c in answered for c in some)) for (fault, kinds), some in grouped.items()]),
        tuple([Kind(kind, *count) for kind, count in sorted(counts.items())]), tuple(missed), tuple(strange))


def _fits(cause: Cause, case: Sighted) -> bool:
    return (cause.since is None or cause.since <= case.opened_at) and (
        cause.until is None or case.opened_at <= cause.until)


async def sighted(connection: Any, since: datetime) -> list[Sighted]:
    """The cases that were opened since then."""
    async def ask(query: str, *given: Any) -> list[Any]:
        return list(await (await connection.execute(query.encode(), given or None)).fetchall())

    members: dict[str, set[str]] = {}
    for case_id, *names in await ask(MEMBERS):
        members.setdefault(case_id, set()).update(filter(None, names))
    waybills, labels, systems = [dict(await ask(query)) for query in (WAYBILLS, LABELS, SYSTEMS)]
    found = []
    for case_id, kind, subject, code, external_id, number, order_id, evidence, at in await ask(CASES, since):
        told = {str(value) for value in evidence.values() if isinstance(value, str | int)}
        told.add(str(evidence.get("message", "")).partition(":")[0])
        parcels = {*waybills.get(order_id, ()), *labels.get(order_id, ()), *systems.get(order_id, ())}
        names = {subject, code, external_id, number, *told, *parcels, *members.get(case_id, ())} - {""}
        text = f"{kind} {external_id or number or subject} ({code}): {msgspec.json.encode(evidence).decode()[:300]}"
        found.append(Sighted(case_id, kind, code, frozenset(names), at, text))
    return found
