"""What tests and the rehearsed world ask of a simulator, by kind: a channel, a warehouse, a carrier, a messenger.

The kit's bases offer all of it; a simulator of HTTP without the kit must do so by itself, which the contract suite asks
of every folder. Beside its class a channel's module has `external_id(n)`: the n-th valid id of an order there. The
constructor of every one is `Simulator(credentials, now, settings)`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

import httpx2
from starlette.types import ASGIApp

from orderloom.adapters.hiding import Hiding


class Simulated(Protocol):
    """Every kind: something to serve, counters, and trouble on demand (`trouble.py` names the kinds)."""

    app: ASGIApp
    requests: Counter[str]
    rejected: list[str]
    settings: dict[str, Any]

    def fault(self, kind: str, count: int = 1, on: str = "") -> None: ...


class Shop(Simulated, Protocol):
    """A channel. `shipments[order id]`: {waybill, carrier, lines: [{external_line_id, quantity}]}; `stock[SKU]`: units.

    A purchase: external_id, placed_at, paid_at (or None), buyer, note, currency, receiver {name, phone, country,
    province, city, district, detail, postcode}, lines [{sku, title, quantity, price, discount}], freight, discount,
    tax; amounts are minor units, `discount` of a line is for all its units.
    """

    hiding: Hiding
    shipments: dict[str, list[dict[str, Any]]]
    stock: dict[str, int]

    def place(self, purchase: dict[str, Any]) -> None: ...
    def pay(self, external_id: str, at: datetime) -> None: ...
    def cancel(self, external_id: str, at: datetime) -> None: ...
    def ask_refund(self, external_id: str, line: int, at: datetime, kind: str = "refund") -> str: ...
    def move_claim(self, claim_id: str, state: str, at: datetime, carrier: str = "", waybill: str = "") -> None: ...
    def finish(self, external_id: str, at: datetime) -> None: ...
    def status(self, external_id: str) -> str: ...
    def list_sku(self, sku: str) -> None: ...
    def refuse(self, key: str, words: str = ...) -> None: ...
    def meanwhile(self, *doings: Callable[[], object]) -> None: ...


class Warehouse(Simulated, Protocol):
    """A WMS or ERP. `step(now)` lets its people work; each parcel that leaves is told to `on_handed_over`.

    A parcel: work_no, carrier, waybill, at, warehouse, province, phone_last4, lines {SKU: units}.
    """

    on_handed_over: Callable[[dict[str, Any]], None]

    def step(self, now: datetime) -> None: ...
    def refuse(self, key: str, words: str = ...) -> None: ...


class Road(Simulated, Protocol):
    """A carrier. `hand_over` brings a parcel in, `step(now)` lets scans happen, `flush` posts what is to be told."""

    def hand_over(
        self, carrier: str, waybill: str, at: datetime, province: str = "", phone_last4: str = ""
    ) -> None: ...
    def watch_again(self, carrier: str, waybill: str, url: str, since: datetime) -> None: ...
    def step(self, now: datetime) -> None: ...
    async def flush(
        self, http: httpx2.AsyncClient, duplicates: int = 0, is_disordered: bool = False, at_once: int = 1
    ) -> int: ...


class Ear(Simulated, Protocol):
    """A messenger. `heard`: every message that was taken, as {to, text, at} and what else the platform knows of it."""

    heard: list[dict[str, Any]]
