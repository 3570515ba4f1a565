"""Look every few seconds for works that could leave in one parcel, where a rule at the place `merge` is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from orderloom.application.commands import AnyCommand, Outcome
from orderloom.application.directory import Directory
from orderloom.application.within import Within
from orderloom.application.work_commands import MergeByRule
from orderloom.domain.actor import clock
from orderloom.domain.rule_places import MERGE

GROUPS_MAX = 200
"""Groups that one step looks at, those of the oldest orders."""
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


async def merge_waiting(hub: MergingHub) -> int:
    """Join what rules say may be joined; returns how many parcels there were made. Costs nothing where no rule is."""
    async with hub.ports.subjects() as work:
        directory = await work.directory()
        if not any(blueprint.rules.at(MERGE) for blueprint in directory.blueprints.values()):
            return 0
        groups = await work.works_together(GROUPS_MAX)
    made = 0
    for works in groups:
        (outcome,) = await hub.handle([MergeByRule(actor=MERGER, works=works)])
        made += not outcome.refusal and "moot" not in outcome.particulars
    return made
