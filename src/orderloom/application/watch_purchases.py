"""Watch what is to be bought and what is late: a case for each SKU at its replenishment point that somebody brings,
told once a day at most, and one for each ticket beyond its day. Both close by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from orderloom.application.act_on_purchase import LATE
from orderloom.application.change import CaseOpened, Change
from orderloom.application.directory import Directory, business_day
from orderloom.application.within import Within
from orderloom.blueprint.compile import CompiledBlueprint
from orderloom.domain.inventory.replenish import Replenishing

NEED = "replenish"
TOLD_AGAIN = timedelta(days=1)
LATE_MAX = 1_000


class LateTicket(NamedTuple):
    """A ticket that is waited for: of whom, where, since when, how many units."""

    number: str
    supplier: str
    warehouse: str
    promised_on: date
    units: int


class PurchasesTold(Protocol):
    """What is late, and what was told."""

    async def late(self, today: date, limit: int) -> list[LateTicket]: ...
    async def told(self, kind: str) -> set[str]: ...
    async def told_since(self, kind: str, subjects: Sequence[str], since: datetime) -> set[str]: ...


class BuyingWork(Protocol):
    """The transaction in which it is told."""

    @property
    def purchases(self) -> PurchasesTold: ...
    async def directory(self) -> Directory: ...
    async def save(self, change: Change, at: datetime, actor: str) -> None: ...


class BuyingPorts(Protocol):
    """Where needs are looked for, and told."""

    @property
    def subjects(self) -> Within[BuyingWork]: ...
    async def needs(self, at: datetime) -> list[Replenishing]:
        """All SKUs that are to be bought, read apart: nothing is locked meanwhile."""


async def watch_purchases(ports: BuyingPorts, at: datetime) -> int:
    """Look at all SKUs and tickets; returns how many SKUs are to be bought of somebody."""
    found = {need.facts.sku: need for need in await ports.needs(at) if need.terms is not None}
    async with ports.subjects() as work:
        directory = await work.directory()
        blueprint = directory.blueprints.get(directory.blueprint_active)
        if blueprint is None:
            return 0
        change = Change()
        await _tell_needs(work.purchases, change, found, blueprint, at)
        await _tell_late(work.purchases, change, blueprint, business_day(at, directory.business_zone), at)
        if change.cases or change.resolved:
            await work.save(change, at, "watch_purchases")
    return len(found)


async def _tell_needs(
    buying: PurchasesTold, change: Change, needs: Mapping[str, Replenishing], blueprint: CompiledBlueprint,
    at: datetime,
) -> None:
    quiet = await buying.told_since(NEED, sorted(needs), at - TOLD_AGAIN)
    rule = blueprint.case(NEED)
    change.cases += [CaseOpened(
        NEED, sku, {"sku": sku, "supplier": need.terms.supplier if need.terms else "", "point": need.point,
                    "position": need.facts.position, "quantity": need.quantity}, owner=rule.owner,
        due_at=at + timedelta(seconds=rule.limit_seconds), cause=NEED, group_over=rule.group_over)
        for sku, need in sorted(needs.items()) if sku not in quiet]
    change.resolved += [(NEED, sku) for sku in sorted(await buying.told(NEED) - needs.keys())]


async def _tell_late(
    buying: PurchasesTold, change: Change, blueprint: CompiledBlueprint, today: date, at: datetime,
) -> None:
    late, rule = await buying.late(today, LATE_MAX), blueprint.case(LATE)
    change.cases += [CaseOpened(
        LATE, one.number, {"purchase": one.number, "supplier": one.supplier, "warehouse": one.warehouse,
                           "promised_on": one.promised_on.isoformat(), "units": one.units}, owner=rule.owner,
        due_at=at + timedelta(seconds=rule.limit_seconds), cause=f"supplier:{one.supplier}",
        group_over=rule.group_over) for one in late]
    if len(late) < LATE_MAX:
        change.resolved += [(LATE, number) for number in sorted(
            await buying.told(LATE) - {one.number for one in late})]
