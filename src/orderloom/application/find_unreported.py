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
from orderloom.application.directory import Directory
from orderloom.application.keep_standing import StandingCases, StandingThing, keep_standing
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
    def desk(self) -> Within[StandingCases]: ...
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
    found = [StandingThing(one.number, one.order_id, {
        "label": one.number, "work": one.work, "waybill": one.waybill, "carrier": one.carrier,
        "heard_at": one.heard_at.isoformat()}, f"carrier:{one.carrier}") for one in scanned]
    await keep_standing(hub.ports.desk, directory, KIND, found, known, at, FINDER.name,
                        is_all=len(scanned) < AT_ONCE_MAX)
    if untold:
        await hub.handle([c.TellShipments(actor=FINDER, order_id=one) for one in untold])
    return len(scanned) + len(untold)

