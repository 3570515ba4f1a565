"""A rehearsed warehouse floor: work that people move at their pace, stock on shelves, parcels that leave.

Everything is drawn from the seed and the work's own key, so that the same work goes the same way however often `step`
is called.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

ACCEPTED, WAYBILL, PICKING, PICKED, PACKED, OUT = range(6)
STAGES = ("accepted", "waybill", "picking", "picked", "packed", "out")
"""In the order in which a parcel goes through the warehouse; `Job.stage` counts them from 0, and is -1 before."""


class Carrier(NamedTuple):
    """A carrier as the tracking trade calls it, its name on screen, and how its waybills begin."""

    code: str
    name: str
    begins: str


CARRIERS = (
    Carrier("shunfeng", "顺丰速运", "SF1"), Carrier("yuantong", "圆通速递", "YT9"),
    Carrier("zhongtong", "中通快递", "786"), Carrier("shentong", "申通快递", "776"),
    Carrier("yunda", "韵达快递", "432"), Carrier("jtexpress", "极兔速递", "JT5"),
)  # fmt: skip


@dataclass(slots=True)
class Job:
    """One piece of work and its one parcel. `wanted`: units by SKU; `raw`: what the caller sent."""

    key: str
    number: int
    raw: Any
    wanted: dict[str, int]
    created: datetime
    modified: datetime
    warehouse: str
    dues: tuple[datetime, ...]
    carrier: Carrier
    waybill: str
    receiver: Mapping[str, str] = field(default_factory=dict)
    stage: int = -1
    is_short: bool = False
    is_cancelled: bool = False
    begun: datetime | None = None
    out_at: datetime | None = None

    @property
    def is_out(self) -> bool:
        return self.stage == OUT

    @property
    def is_picked(self) -> bool:
        return self.stage >= PICKED

    @property
    def has_waybill(self) -> bool:
        return self.stage >= WAYBILL

    @property
    def word(self) -> str:
        """new, short, cancelled, put_back (cancelled after it was picked) or one of STAGES."""
        if self.is_cancelled:
            return "put_back" if self.is_picked else "cancelled"
        return "short" if self.is_short else STAGES[self.stage] if self.stage >= 0 else "new"


class Floor:
    """All warehouses of one seller. `step(now)` is time passing; `on_handed_over` hears of each parcel that leaves.

    Settings: warehouses (list), stock {warehouse: {SKU: units}}, default_stock, pace_seconds, jitter, seed.
    """

    job: type[Job] = Job
    """What a piece of work is here."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.pace, self.jitter = float(settings.get("pace_seconds", 60)), float(settings.get("jitter", 0.3))
        self.seed = settings.get("seed", 1)
        self.warehouses = [str(name) for name in settings.get("warehouses") or ["WH1"]]
        self.default_stock = int(settings.get("default_stock", 100_000))
        self.jobs: dict[str, Job] = {}
        self.open: dict[str, Job] = {}
        """Work still in the house: what `step` moves and what stock waits for."""
        self.stock: dict[str, dict[str, int]] = {name: {} for name in self.warehouses}
        self.stock_modified: dict[tuple[str, str], datetime] = {}
        self.on_handed_over: Callable[[dict[str, Any]], None] = lambda parcel: None
        self.may_start: Callable[[Job], bool] = lambda job: True
        """Whether anybody may touch it yet (paid, approved …)."""
        for warehouse, figures in dict(settings.get("stock") or {}).items():
            for sku, quantity in figures.items():
                self.put(warehouse, sku, int(quantity), datetime(2020, 1, 1, tzinfo=UTC))

    def put(self, warehouse: str, sku: str, quantity: int, at: datetime) -> None:
        """Set what lies on the shelf, as a stocktake or an arrival would."""
        self.stock.setdefault(warehouse, {})[sku] = quantity
        self.stock_modified[(warehouse, sku)] = at

    def on_hand(self, warehouse: str, sku: str) -> int:
        """Units on the shelf."""
        return self.stock.get(warehouse, {}).get(sku, self.default_stock)

    def free(self, warehouse: str, sku: str) -> int:
        """Units on the shelf that no work in the house waits for."""
        return self.on_hand(warehouse, sku) - self.waiting()[(warehouse, sku)]

    def accept(
        self, key: str, wanted: Mapping[str, int], at: datetime, *, raw: Any = None, warehouse: str = "",
        receiver: Mapping[str, str] | None = None,
    ) -> Job:  # fmt: skip
        """Take work in; its way through the warehouse is drawn now. Receiver: name, phone, province, detail …"""
        chance = random.Random(f"{self.seed}:{key}")
        due, dues = at, []
        for _ in STAGES:
            due += timedelta(seconds=self.pace * (1 + chance.uniform(-self.jitter, self.jitter)))
            dues.append(due)
        carrier = CARRIERS[chance.randrange(len(CARRIERS))]
        waybill = f"{carrier.begins}{chance.randrange(10**11, 10**12)}"
        job = self.job(key, len(self.jobs) + 1, raw, dict(wanted), at, at, warehouse or self.warehouses[0], tuple(dues),
                  carrier, waybill, receiver or {})  # fmt: skip
        self.jobs[key] = self.open[key] = job
        return job

    def cancel(self, key: str, at: datetime) -> bool:
        """Stop work that is still in the house; False when it left before."""
        job = self.jobs[key]
        if job.is_out:
            return False
        job.is_cancelled, job.modified = True, at
        self.open.pop(key, None)
        return True

    def step(self, now: datetime) -> None:
        """Move all work to where it should be by `now`, and tell of the parcels that went out."""
        for job in list(self.open.values()):
            while job.stage < OUT and job.dues[job.stage + 1] <= now and self._advance(job, now):
                pass

    def _advance(self, job: Job, now: datetime) -> bool:
        """One stage on; False when the goods are not there (it is then short)."""
        stage, due = job.stage + 1, job.dues[job.stage + 1]
        if not self.may_start(job):
            return False
        if stage in (ACCEPTED, OUT) and not self._is_covered(job):
            if not job.is_short:
                job.is_short, job.modified = True, now
                job.begun = job.begun or due
            return False
        job.stage, job.is_short, job.modified, job.begun = stage, False, now, job.begun or due
        if stage == OUT:
            self._leave(job, due, now)
        return True

    def _is_covered(self, job: Job) -> bool:
        return all(self.on_hand(job.warehouse, sku) >= units for sku, units in job.wanted.items())

    def _leave(self, job: Job, due: datetime, now: datetime) -> None:
        job.out_at = due
        del self.open[job.key]
        for sku, units in job.wanted.items():
            self.put(job.warehouse, sku, self.on_hand(job.warehouse, sku) - units, now)
        self.on_handed_over({
            "work_no": job.key, "carrier": job.carrier.code, "waybill": job.waybill, "at": due,
            "warehouse": job.warehouse, "province": job.receiver.get("province", ""),
            "phone_last4": job.receiver.get("phone", "")[-4:], "lines": dict(job.wanted),
        })

    def waiting(self) -> Counter[tuple[str, str]]:
        """Units by (warehouse, SKU) that work in the house is waiting for."""
        units: Counter[tuple[str, str]] = Counter()
        for job in self.open.values():
            for sku, wanted in job.wanted.items():
                units[(job.warehouse, sku)] += wanted
        return units

    def between(self, start: datetime, end: datetime, by: str = "modified") -> list[Job]:
        """Work whose `by` (modified, created, out_at) lies in [start, end] to the second, oldest first."""
        found = [(at.replace(microsecond=0), job) for job in self.jobs.values() if (at := getattr(job, by))]
        return [job for at, job in sorted(found, key=lambda one: (one[0], one[1].number)) if start <= at <= end]
