"""The rehearsed warehouse floor behind the Wangdiantong simulator: the kit's, told in the platform's own numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from orderloom.adapters.simulated.floor import OUT, PACKED, PICKED, WAYBILL, Floor, Job

LONG_ADDRESS = 255
SHORT, PUT_BACK, CANCELLED = 51, 10, 5
STATUSES = {-1: 0, 0: 53, WAYBILL: 75, 2: 77, PICKED: 79, PACKED: 79, OUT: 110}
"""The stock-out's status by stage."""
CHECKED, WEIGHED, PICKED_BIT, WAYBILL_BIT = 1, 2, 16, 32
LOGISTICS = {"shunfeng": 8, "yuantong": 4, "zhongtong": 5, "shentong": 6, "yunda": 9, "jtexpress": 108}
"""logistics_type by the tracking trade's code."""


@dataclass(slots=True)
class Trade(Job):
    """A raw trade with its lines and its one stock-out."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def tid(self) -> str:
        return self.key

    @property
    def status(self) -> int:
        """The stock-out's status."""
        if self.is_cancelled:
            return PUT_BACK if self.is_picked else CANCELLED
        return SHORT if self.is_short else STATUSES[self.stage]

    @property
    def bits(self) -> int:
        """What happened to the parcel, as `consign_status` adds it up."""
        bits = WAYBILL_BIT if self.has_waybill else 0
        return bits | (PICKED_BIT if self.is_picked else 0) | (CHECKED | WEIGHED if self.stage >= PACKED else 0)


class TradeFloor(Floor):
    """The floor, whose work are raw trades: one that is not paid and not to be collected waits."""

    job = Trade

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__(settings)
        self.may_start = lambda job: job.raw.get("pay_status") == 2 or job.raw.get("delivery_term") != 1

    @property
    def trades(self) -> dict[str, Trade]:
        return cast(dict[str, Trade], self.jobs)

    def take(self, raw: dict[str, Any], lines: list[dict[str, Any]], at: datetime) -> Trade:
        """Take a trade in."""
        warehouse = str(raw.get("warehouse_no") or "")
        job = cast(Trade, self.accept(str(raw["tid"]), demand(lines), at, raw=raw, warehouse=warehouse,
                                      receiver=receiver(raw)))  # fmt: skip
        job.lines = lines
        return job

    @property
    def stalled_by(self) -> list[str]:
        """Trades whose address is so long that it slows every call down while they are in the house."""
        return [key for key, job in self.open.items() if len(str(job.raw["receiver_address"])) > LONG_ADDRESS]


def receiver(raw: dict[str, Any]) -> dict[str, str]:
    """What the carrier is told of whom it goes to."""
    return {"province": str(raw.get("receiver_area", "")).split(" ")[0], "phone": str(raw.get("receiver_mobile", ""))}


def demand(lines: list[dict[str, Any]]) -> dict[str, int]:
    """Units by SKU, summed over lines."""
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[str(line["spec_no"])] = wanted.get(str(line["spec_no"]), 0) + math.ceil(line["num"])
    return wanted
