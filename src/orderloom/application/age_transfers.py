"""Find goods that are in transit for too long: a case for each transfer, which closes when nothing of it is out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from orderloom.application.act_on_document import AGED
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.within import Within


class AgedTransfer(NamedTuple):
    """A transfer with units that have not come: since when, how many, where to."""

    number: str
    sent_at: datetime
    units: int
    warehouse: str


class AgedRows(Protocol):
    """Where transfers are looked for."""

    async def aged(self, before: datetime) -> list[AgedTransfer]: ...


class AgedWork(Protocol):
    """The transaction in which they are told."""

    @property
    def documents(self) -> AgedRows: ...
    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


async def age_transfers(within: Within[AgedWork], at: datetime) -> int:
    """Look at all transfers on their way; returns how many are late."""
    async with within() as work:
        directory = await work.directory()
        blueprint = directory.blueprints.get(directory.blueprint_active)
        if blueprint is None:
            return 0
        late = await work.documents.aged(at - timedelta(seconds=blueprint.documents.transit_seconds))
        if late:
            rule, change = blueprint.case(AGED), Change()
            change.cases = [CaseOpened(
                AGED, one.number, {"document": one.number, "units": one.units, "warehouse": one.warehouse},
                owner=rule.owner, due_at=at + timedelta(seconds=rule.limit_seconds),
                cause=f"warehouse:{one.warehouse}", group_over=rule.group_over) for one in late]
            await work.save(change, at, "age_transfers")
        return len(late)
