"""A rehearsed warehouse of somebody's own: the system that the folder's example declares, checked by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import iso, read_iso
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

STATES = {"new": "waiting", "short": "waiting", "accepted": "accepted", "waybill": "printed", "picking": "accepted",
          "picked": "picked", "packed": "packed", "out": "shipped", "cancelled": "cancelled",
          "put_back": "cancelled"}  # fmt: skip


class Simulator(WarehouseSimulator):
    """One customer of the warehouse."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("slow_down", "too many requests", status=429), why.BUSY: No("busy", "busy", status=503),
        why.WRONG_TOKEN: No("token", "no such token", status=403),
        why.MISSING: No("missing", "{} is missing", status=422),
        why.WRONG_VALUE: No("value", "{} is wrong", status=422),
        why.UNKNOWN_CALL: No("path", "nothing here", status=404), why.NOT_FOUND: No("none", "no {}", status=404),
        why.UNKNOWN_PARAMETER: No("parameter", "{} is not known", status=422),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, {**settings, "warehouses": settings.get("warehouses") or ["0"]})

    def declare(self) -> dict[str, Call]:
        """Five calls."""
        window = "since until page per_page"
        return {
            "create": Call(self._create, "ref deliver_to items", at="POST /orders", is_write=True),
            "show": Call(lambda asked: self._show(asked.parts["ref"]), at="GET /orders/{ref}"),
            "cancel": Call(self._cancel, at="DELETE /orders/{ref}", is_write=True),
            "shipments": Call(self._shipments, window, at="GET /shipments"),
            "stock": Call(self._stock, window, at="GET /stock"),
            "me": Call(lambda _: {"name": "Acme"}, at="GET /me"),
        }

    def verify(self, asked: Asked) -> None:
        """The token."""
        if not same(asked.headers.get("authorization", ""), f"Bearer {self.credentials['key']}"):
            raise self.no(why.WRONG_TOKEN)

    def write(self, content: Any, asked: Asked) -> Any:
        """As it is."""
        return self.respond(json.dumps(content, ensure_ascii=False).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal."""
        said = {"error": refused.code, "message": refused.message}
        return self.respond(json.dumps(said, ensure_ascii=False).encode(), refused.status, refused.headers)

    def _create(self, asked: Asked) -> dict[str, Any]:
        (key,) = self.need(asked, "ref")
        items, to = asked.args.get("items"), asked.args.get("deliver_to") or {}
        if not items or set(to) - {"name", "phone", "city", "street"} or not to.get("street"):
            raise self.no(why.WRONG_VALUE, "items, deliver_to")
        if words := self.check_refusal(key):
            raise Refused("refused", words, status=422)
        if key in self.floor.jobs:
            raise Refused("exists", f"{key} exists", status=409)
        wanted: dict[str, int] = {}
        for item in items:
            wanted[item["sku"]] = wanted.get(item["sku"], 0) + item["count"]
        self.floor.accept(key, wanted, self.now(), receiver={"phone": to["phone"]})
        return self._show(key)

    def _show(self, key: str) -> dict[str, Any]:
        if key not in self.floor.jobs:
            raise self.no(why.NOT_FOUND, key)
        return self._shipment(self.floor.jobs[key])

    def _cancel(self, asked: Asked) -> dict[str, Any]:
        self._show(asked.parts["ref"])
        if not self.floor.cancel(asked.parts["ref"], self.now()):
            raise Refused("gone", "it has left", status=409)
        return {}

    def _page(self, asked: Asked, name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        page, size = self.need_number(asked, "page", 1, low=1), self.need_number(asked, "per_page", 20, low=1, high=100)
        return {"total": len(rows), name: rows[(page - 1) * size : page * size]}

    def _window(self, asked: Asked) -> tuple[datetime, datetime]:
        return self.instant(asked, "since", read_iso), self.instant(asked, "until", read_iso)

    def _shipments(self, asked: Asked) -> dict[str, Any]:
        return self._page(asked, "shipments", [self._shipment(job) for job in self.floor.between(*self._window(asked))])

    def _shipment(self, job: Job) -> dict[str, Any]:
        return {"id": job.number, "ref": job.key, "state": STATES[job.word],
                "changed": iso(job.modified), "since": iso(job.out_at or job.modified),
                "tracking": job.waybill if job.is_out else "", "carrier": job.carrier.code if job.is_out else "",
                "items": [{"sku": sku, "count": units} for sku, units in job.wanted.items()]}  # fmt: skip

    def _stock(self, asked: Asked) -> dict[str, Any]:
        start, end = self._window(asked)
        rows = [{"site": house, "sku": sku, "units": self.floor.on_hand(house, sku), "changed": iso(at)}
                for (house, sku), at in sorted(self.floor.stock_modified.items()) if start <= at <= end]  # fmt: skip
        return self._page(asked, "stock", rows)
