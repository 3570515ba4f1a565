"""The shape of `purchasing.yaml`: how the replenishment point is reckoned, and what becomes of over-receipts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import msgspec

from orderloom.blueprint.shape import Shape
from orderloom.domain.finding import Finding
from orderloom.domain.inventory.purchase_acts import OverReceipt
from orderloom.domain.inventory.replenish import ReplenishRule
from orderloom.domain.words import Words


class PointRule(Shape, frozen=True):
    """The point is `safety_percent` of the safety stock and the mean units a day of 7 days times `cover_days`."""

    safety_percent: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 180
    cover_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 3


class PurchasingFile(Shape, frozen=True):
    """`purchasing.yaml`. `over_receipt`: more than was ordered is booked as found goods with a case, or refused."""

    point: PointRule = PointRule()
    over_receipt: OverReceipt = "found"

    @property
    def rule(self) -> ReplenishRule:
        """What the domain reckons by."""
        return ReplenishRule(self.point.safety_percent, self.point.cover_days)


def check_purchasing(purchasing: PurchasingFile) -> Iterator[Finding]:
    """What is wrong with it."""
    if not (purchasing.point.safety_percent or purchasing.point.cover_days):
        yield Finding("purchasing.yaml", "point", Words("补货点总是 0", "the point would always be 0"),
                      Words("至少写一个不为 0 的数", "give one of them a figure above 0"))
