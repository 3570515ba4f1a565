"""Miss labels: a case for each waybill number that a carrier was asked for and that is not back in time.

The time is that of the blueprint's deadline `waybill_missing`, as of a parcel that went out without a number. The case
closes by itself when the number is there, the carrier says no, or somebody gives it up.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from orderloom.application.directory import Directory
from orderloom.application.keep_standing import StandingCases, StandingThing, keep_standing
from orderloom.application.within import Within

RULE, KIND = "waybill_missing", "label_missing"
AT_ONCE_MAX = 500


class LateLabel(NamedTuple):
    """A label of which nothing is back: what the carrier knows it by, whose, asked of whom and when."""

    number: str
    order_id: str
    work: str
    account: str
    state: str
    asked_at: datetime


class LateLabels(Protocol):
    """Where labels are kept."""

    async def late(self, before: datetime, limit: int) -> list[LateLabel]:
        """Those that were asked for before then and are not back."""
    async def told_late(self) -> list[str]:
        """Numbers of the labels of which a case is open."""


class MissingPorts(Protocol):
    """Where labels are looked for, and told."""

    @property
    def labels(self) -> Within[LateLabels]: ...
    @property
    def desk(self) -> Within[StandingCases]: ...
    async def directory(self) -> Directory: ...


async def miss_labels(ports: MissingPorts, at: datetime) -> int:
    """Look at all labels that were asked for; returns how many are missed."""
    directory = await ports.directory()
    blueprint = directory.blueprints.get(directory.blueprint_active)
    limit = blueprint.deadline(RULE, "") if blueprint else None
    if blueprint is None or limit is None or KIND not in blueprint.cases:
        return 0
    async with ports.labels() as labels:
        late = await labels.late(at - timedelta(seconds=limit.after_seconds), AT_ONCE_MAX)
        told = set(await labels.told_late())
    found = [StandingThing(one.number, one.order_id, {
        "label": one.number, "work": one.work, "account": one.account, "state": one.state,
        "asked_at": one.asked_at.isoformat()}, f"account:{one.account}") for one in late]
    await keep_standing(ports.desk, directory, KIND, found, told, at, "miss_labels", is_all=len(late) < AT_ONCE_MAX)
    return len(late)
