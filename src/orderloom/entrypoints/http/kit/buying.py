"""What the rooms of purchasing and of suppliers share: the rule, the seller's day, and who is told of sales."""

from __future__ import annotations

from datetime import date

from orderloom.application.directory import business_day
from orderloom.application.identity.sight import SIGHT, Rows
from orderloom.domain.inventory.replenish import ReplenishRule
from orderloom.entrypoints.http.kit.guard import Desk
from orderloom.entrypoints.http.kit.seeing import refuse_limited


def refuse_part() -> None:
    """Sales are not told by warehouse, shop or province: who is limited by these is refused. Raises Problem."""
    rows = SIGHT.get().rows or Rows()
    if (rows.warehouses, rows.accounts, rows.provinces) != (None, None, None):
        refuse_limited()


async def point_rule(desk: Desk) -> ReplenishRule:
    """How points are reckoned now."""
    directory = await desk.directory()
    return directory.blueprints[directory.blueprint_active].purchasing.rule


async def today(desk: Desk) -> date:
    """The seller's day."""
    return business_day(desk.hub.now(), (await desk.directory()).business_zone)
