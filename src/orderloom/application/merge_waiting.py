"""Look every few seconds for works that could leave in one parcel, where a rule at the place `merge` is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from orderloom.application.commands import AnyCommand, Outcome
from orderloom.application.directory import Directory
from orderloom.application.within import Within
from orderloom.application.work_commands import MergeByRule
from orderloom.domain.actor import clock
from orderloom.domain.rule_places import MERGE

GROUPS_MAX, ASKED_MAX = 10_000, 200
"""Groups that one step looks at, those of the oldest orders, and of how many the rules are asked."""
AGAIN_AFTER, LONG_AGO = timedelta(minutes=10), datetime.min.replace(tzinfo=UTC)
MERGER = clock("merge_by_rule")


class WaitingTogether(Protocol):
    """Works that could leave in one parcel, in one transaction."""

    async def directory(self) -> Directory: ...
    async def works_together(self, limit: int) -> list[tuple[str, ...]]: ...


class MergePorts(Protocol):
    """Ports of the hub."""

    @property
    def subjects(self) -> Within[WaitingTogether]: ...


class MergingHub(Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> MergePorts: ...
    async def handle(self, commands: Sequence[AnyCommand]) -> list[Outcome]: ...


async def merge_waiting(hub: MergingHub, left: dict[tuple[str, ...], datetime], at: datetime) -> int:
    """Join what rules say may be joined; returns how many parcels there were made. Costs nothing where no rule is.

    `left` is the caller's memory: groups that were not joined, and when. They are asked again after a while, or when
    they have other works, and hold up no others until then."""
    async with hub.ports.subjects() as work:
        directory = await work.directory()
        if not any(blueprint.rules.at(MERGE) for blueprint in directory.blueprints.values()):
            return 0
        groups = await work.works_together(GROUPS_MAX)
    for gone in left.keys() - set(groups):
        del left[gone]
    made = 0
    for works in [one for one in groups if at - left.get(one, LONG_AGO) >= AGAIN_AFTER][:ASKED_MAX]:
        (outcome,) = await hub.handle([MergeByRule(actor=MERGER, works=works)])
        if outcome.refusal or "moot" in outcome.particulars:
            left[works] = at
        else:
            made += 1
    return made
