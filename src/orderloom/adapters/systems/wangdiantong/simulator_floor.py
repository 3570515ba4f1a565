"""The rehearsed warehouse floor behind the Wangdiantong simulator: trades, stock-outs, stock, and people at their pace.

Everything is seeded by the trade's own number, so the same orders move the same way however often `step` is called.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec

CHINA = timezone(timedelta(hours=8))
LONG_ADDRESS = 255
SHORT, PUT_BACK, CANCELLED, OUT = 51, 10, 5, 110
CHECKED, WEIGHED, PICKED, WAYBILL = 1, 2, 16, 32

STAGES: tuple[tuple[str, int, int], ...] = (
    ("accepted", 53, 0),
    ("waybill", 75, WAYBILL),
    ("picking", 77, WAYBILL),
    ("picked", 79, WAYBILL | PICKED),
    ("packed", 79, WAYBILL | PICKED | CHECKED | WEIGHED),
    ("out", OUT, WAYBILL | PICKED | CHECKED | WEIGHED),
)
"""Stage, stock-out status, consign bits - in the order in which a parcel goes through the warehouse."""

CARRIERS: tuple[tuple[int, str, str, str], ...] = (
    (8, "shunfeng", "顺丰速运", "SF1"),
    (4, "yuantong", "圆通速递", "YT9"),
    (5, "zhongtong", "中通快递", "786"),
    (6, "shentong", "申通快递", "776"),
    (9, "yunda", "韵达快递", "432"),
    (108, "jtexpress", "极兔速递", "JT5"),
)
"""logistics_type, the tracking trade's code, the name on screen, how its waybills begin."""


def stamp(instant: datetime) -> str:
    """The platform's way of writing an instant."""
    return instant.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def millis(instant: datetime) -> int:
    """Epoch milliseconds, which replies mix with the texts."""
    return int(instant.timestamp()) * 1000


class Trade(msgspec.Struct):
    """A raw trade with its lines and its one stock-out."""

    number: int
    raw: dict[str, Any]
    lines: list[dict[str, Any]]
    created: datetime
    modified: datetime
    warehouse: str
    dues: tuple[datetime, ...]
    stage: int = -1
    status: int = 0
    bits: int = 0
    checked: datetime | None = None
    consigned: datetime | None = None
    reason: int = 0
    logistics: tuple[int, str, str, str] = (0, "", "", "")
    waybill: str = ""

    @property
    def tid(self) -> str:
        return str(self.raw["tid"])

    @property
    def is_closed(self) -> bool:
        return self.status in (CANCELLED, PUT_BACK)

    @property
    def is_out(self) -> bool:
        return self.status == OUT


class Floor:
    """All warehouses of one seller. `step(now)` is time passing; `on_handed_over` hears of each parcel that leaves."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.pace = float(settings.get("pace_seconds", 60))
        self.jitter = float(settings.get("jitter", 0.3))
        self.seed = settings.get("seed", 1)
        self.warehouses = [str(name) for name in settings.get("warehouses") or ["WH1"]]
        self.default_stock = int(settings.get("default_stock", 100_000))
        self.trades: dict[str, Trade] = {}
        self.open: dict[str, Trade] = {}
        """Trades still in the house: what `step` moves and what stock waits for."""
        self.stock: dict[str, dict[str, int]] = {name: {} for name in self.warehouses}
        self.stock_modified: dict[tuple[str, str], datetime] = {}
        self.on_handed_over: Callable[[dict[str, Any]], None] = lambda parcel: None
        for warehouse, figures in dict(settings.get("stock") or {}).items():
            for sku, quantity in figures.items():
                self.put(warehouse, sku, int(quantity), datetime(2020, 1, 1, tzinfo=UTC))

    def put(self, warehouse: str, sku: str, quantity: int, at: datetime) -> None:
        """Set what lies on the shelf, as a stocktake or an arrival would."""
        self.stock.setdefault(warehouse, {})[sku] = quantity
        self.stock_modified[(warehouse, sku)] = at

    def on_hand(self, warehouse: str, sku: str) -> int:
        return self.stock.get(warehouse, {}).get(sku, self.default_stock)

    def accept(self, raw: dict[str, Any], lines: list[dict[str, Any]], at: datetime) -> Trade:
        """Take a trade in; its way through the warehouse is drawn now, from the seed and its number."""
        chance = random.Random(f"{self.seed}:{raw['tid']}")
        number, due, dues = len(self.trades) + 1, at, []
        for _ in STAGES:
            due += timedelta(seconds=self.pace * (1 + chance.uniform(-self.jitter, self.jitter)))
            dues.append(due)
        warehouse = str(raw.get("warehouse_no") or self.warehouses[0])
        trade = Trade(number, raw, lines, at, at, warehouse, tuple(dues))
        trade.logistics = CARRIERS[chance.randrange(len(CARRIERS))]
        trade.waybill = f"{trade.logistics[3]}{chance.randrange(10**11, 10**12)}"
        self.trades[trade.tid] = self.open[trade.tid] = trade
        return trade

    def cancel(self, trade: Trade, at: datetime) -> None:
        """Stop a trade that is still in the house: picked goods are to be put back, the rest is simply cancelled."""
        trade.status = PUT_BACK if trade.bits & PICKED else CANCELLED
        trade.reason, trade.modified = 2, at
        self.open.pop(trade.tid, None)

    def step(self, now: datetime) -> None:
        """Move every trade to where it should be by `now`, and tell of the parcels that went out."""
        for trade in list(self.open.values()):
            while trade.stage + 1 < len(STAGES):
                due = trade.dues[trade.stage + 1]
                if due > now or not self._advance(trade, due, now):
                    break

    def _advance(self, trade: Trade, due: datetime, now: datetime) -> bool:
        """One stage on; False when the goods are not there (the stock-out then shows as short)."""
        name, status, bits = STAGES[trade.stage + 1]
        if trade.raw.get("pay_status") != 2 and trade.raw.get("delivery_term") == 1:
            return False
        if name in ("accepted", "out") and not self._is_covered(trade):
            if trade.status != SHORT:
                trade.status, trade.modified = SHORT, now
                trade.checked = trade.checked or due
            return False
        trade.stage, trade.status, trade.bits, trade.modified = trade.stage + 1, status, bits, now
        trade.checked = trade.checked or due
        if name == "out":
            self._leave(trade, due, now)
        return True

    def _is_covered(self, trade: Trade) -> bool:
        return all(self.on_hand(trade.warehouse, sku) >= wanted for sku, wanted in demand(trade).items())

    def _leave(self, trade: Trade, due: datetime, now: datetime) -> None:
        trade.consigned = due
        del self.open[trade.tid]
        for sku, quantity in demand(trade).items():
            self.put(trade.warehouse, sku, self.on_hand(trade.warehouse, sku) - quantity, now)
        self.on_handed_over(
            {
                "work_no": trade.tid,
                "carrier": trade.logistics[1],
                "waybill": trade.waybill,
                "at": due,
                "warehouse": trade.warehouse,
                "province": str(trade.raw.get("receiver_area", "")).split(" ")[0],
                "phone_last4": str(trade.raw.get("receiver_mobile", ""))[-4:],
                "lines": demand(trade),
            }
        )

    @property
    def stalled_by(self) -> list[str]:
        """Trades whose address is so long that it slows every call down while they are in the house."""
        return [tid for tid, trade in self.open.items() if len(str(trade.raw["receiver_address"])) > LONG_ADDRESS]

    def waiting(self) -> Counter[tuple[str, str]]:
        """Units by (warehouse, SKU) that trades in the house are waiting for."""
        units: Counter[tuple[str, str]] = Counter()
        for trade in self.open.values():
            for sku, quantity in demand(trade).items():
                units[(trade.warehouse, sku)] += quantity
        return units


def demand(trade: Trade) -> dict[str, int]:
    """Units by SKU, summed over lines."""
    wanted: dict[str, int] = {}
    for line in trade.lines:
        wanted[str(line["spec_no"])] = wanted.get(str(line["spec_no"]), 0) + math.ceil(line["num"])
    return wanted
