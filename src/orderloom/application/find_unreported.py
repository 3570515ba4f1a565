"""Find what is out and was never reported: a carrier has a parcel whose work is not out here, and a channel was never
told of a parcel that left.

The first is a case for whoever runs the warehouse, and closes when the work is out or the news is somebody else's; the
second is told at once, as it would have been when it left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from orderloom.application import commands as c
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory
from orderloom.application.miss_labels import MissingCases
from orderloom.application.within import Within
from orderloom.domain.actor import clock
from orderloom.domain.masters import HUB, master_of

KIND = "shipped_unreported"
AT_ONCE_MAX = 200
UNTOLD_AFTER = timedelta(minutes=30)
"""How long a parcel may be out before its channel counts as not told."""
UNTOLD_SINCE = timedelta(days=7)
"""What left before is a channel's past."""
FINDER = clock("find_unreported")


class ScannedLabel(NamedTuple):
    """A label that its carrier has scanned, of a work that is not out."""

    number: str
    order_id: str
    work: str
    waybill: str
    carrier: str
    heard_at: datetime


class UnreportedBoxes(Protocol):
    """Where labels, parcels and news that waits are."""

    async def scanned(self, limit: int) -> list[ScannedLabel]: ...
    async def told_scanned(self) -> list[str]:
        """Numbers of the labels of which a case is open."""
    async def untold(self, accounts: Sequence[int], since: datetime, before: datetime, limit: int) -> list[str]:
        """Orders of these accounts with a parcel that left in between and that the channel was not told of."""


class UnreportedPorts(Protocol):
    """Where they are looked for, and told."""

    @property
    def labels(self) -> Within[UnreportedBoxes]: ...
    @property
    def desk(self) -> Within[MissingCases]: ...
    async def directory(self) -> Directory: ...


class UnreportedHub(Protocol):
    """What of the hub is needed."""

    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> UnreportedPorts: ...
    async def handle(self, commands: Sequence[c.AnyCommand]) -> list[c.Outcome]: ...


async def find_unreported(hub: UnreportedHub) -> int:
    """Look once; returns how many works and parcels were found."""
    at, directory = hub.now(), await hub.ports.directory()
    told = [a.id for a in directory.accounts.values()
            if a.family == "channels" and a.is_active and master_of(a.settings, "shipping") == HUB]
    async with hub.ports.labels() as boxes:
        scanned, known = await boxes.scanned(AT_ONCE_MAX), set(await boxes.told_scanned())
        untold = await boxes.untold(told, at - UNTOLD_SINCE, at - UNTOLD_AFTER, AT_ONCE_MAX)
    await _open(hub.ports, directory, scanned, known, at)
    if untold:
        await hub.handle([c.TellShipments(actor=FINDER, order_id=one) for one in untold])
    return len(scanned) + len(untold)


async def _open(
    ports: UnreportedPorts, directory: Directory, scanned: Sequence[ScannedLabel], known: set[str], at: datetime,
) -> None:
    blueprint = directory.blueprints.get(directory.blueprint_active)
    if blueprint is None or KIND not in blueprint.cases:
        return
    change, rule = Change(), blueprint.case(KIND)
    change.cases = [CaseOpened(
        KIND, one.number, {"label": one.number, "work": one.work, "waybill": one.waybill, "carrier": one.carrier,
                           "heard_at": one.heard_at.isoformat()},
        one.order_id, owner=rule.owner, due_at=at + timedelta(seconds=rule.limit_seconds),
        cause=f"carrier:{one.carrier}", group_over=rule.group_over) for one in scanned if one.number not in known]
    change.resolved = [(KIND, number) for number in sorted(known - {one.number for one in scanned})]
    if change.cases or change.resolved:
        async with ports.desk() as cases:
            await cases.save(change, at, FINDER.name)
