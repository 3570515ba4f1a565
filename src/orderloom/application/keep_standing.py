"""Keep the open cases of a kind as what is found now: each thing that is found has one, which closes when it is found
no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.within import Within


class StandingThing(NamedTuple):
    """Something that is as it should not be: its name, the order that it is of, what the case tells, and what many of
    them would have in common."""

    subject: str
    order_id: str
    particulars: Mapping[str, str]
    cause: str


class StandingCases(Protocol):
    """Where cases are kept."""

    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, by: str) -> None: ...


async def keep_standing(
    desk: Within[StandingCases], directory: Directory, kind: str, found: Sequence[StandingThing],
    known: Collection[str], at: datetime, by: str, *, is_all: bool,
) -> None:
    """`known`: of which a case is open. Nothing closes when the look was cut short (not `is_all`): what is not seen
    then may still be so. A blueprint without the kind has no such cases."""
    blueprint = directory.blueprints.get(directory.blueprint_active)
    if blueprint is None or kind not in blueprint.cases:
        return
    change, rule = Change(), blueprint.case(kind)
    change.cases = [CaseOpened(
        kind, one.subject, dict(one.particulars), one.order_id, owner=rule.owner,
        due_at=at + timedelta(seconds=rule.limit_seconds), cause=one.cause, group_over=rule.group_over)
        for one in found if one.subject not in known]
    if is_all:
        change.resolved = [(kind, subject) for subject in sorted(set(known) - {one.subject for one in found})]
    if change.cases or change.resolved:
        async with desk() as cases:
            await cases.save(change, at, by)
