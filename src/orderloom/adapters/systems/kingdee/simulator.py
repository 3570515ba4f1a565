"""A rehearsed Kingdee K3 Cloud: bill queries by filter, saved sales orders that a floor ships."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import CHINA, local, read_local
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.k3cloud import BETWEEN, ISO, NUMBERED, K3Door, prove, saved, sessions
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

__all__ = ["Simulator", "prove"]
FORMS = frozenset({"SAL_SaleOrder", "SAL_OUTSTOCK", "STK_Inventory", "BD_Currency"})


class Simulator(K3Door, WarehouseSimulator):
    """One data centre. What the hub saves goes to the floor."""

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens = sessions(now)

    def declare(self) -> dict[str, Call]:
        """Three services."""
        return self.services(self._query, self._save)

    def _query(self, asked: Asked) -> list[list[Any]]:
        form = self.one_of(asked, "FormId", FORMS)
        start, limit = self.piece(asked)
        rows = self._rows(form, asked.text("FieldKeys").split(","), asked.text("FilterString"))
        return self.ordered(asked, rows, lambda row: row)[start : start + limit]

    def _rows(self, form: str, keys: list[str], wanted: str) -> list[list[Any]]:
        if form == "BD_Currency":
            return [["CNY"]]
        if form == "STK_Inventory":
            lying = sorted(self.floor.stock_modified)
            return [[house, sku, float(self.floor.on_hand(house, sku))] for house, sku in lying]
        if numbered := NUMBERED.fullmatch(wanted):
            known = numbered[1] in self.floor.jobs
            return [[numbered[1]]] if known and keys == ["FBillNo"] else []
        window = BETWEEN.fullmatch(wanted)
        if window is None or window[3] or form == "SAL_SaleOrder":
            raise self.no(why.WRONG_VALUE, "FilterString")
        start, end = (read_local(text) for text in window.groups()[:2])
        jobs = self.floor.between(start, end)
        return [row for job in jobs if job.is_out for row in self._outstock(job)]

    def _outstock(self, job: Job) -> list[list[Any]]:
        assert job.out_at is not None
        head = [f"XSCKD{job.number:06d}", local(job.modified, CHINA, ISO), local(job.out_at, CHINA, ISO), "C",
                job.waybill, job.carrier.code]  # fmt: skip
        return [[*head, job.number * 100 + n, job.key, sku, float(units)]
                for n, (sku, units) in enumerate(sorted(job.wanted.items()))]  # fmt: skip

    def _save(self, asked: Asked) -> dict[str, Any]:
        model = asked.args["Data"].get("Model") or {}
        key, entries = model.get("FBillNo"), model.get("FSaleOrderEntry") or []
        if asked.args["FormId"] != "SAL_SaleOrder" or not key or not entries:
            raise self.no(why.WRONG_VALUE, "FBillNo, FSaleOrderEntry")
        for name in ("FBillTypeID", "FSaleOrgId", "FCustId"):
            if not any((model.get(name) or {}).values()):
                raise Refused(11, f"{name}必录")
        if key in self.floor.jobs:
            raise Refused(11, f"单据编号{key}已存在")
        if words := self.check_refusal(key):
            raise Refused(11, words)
        wanted: dict[str, int] = {}
        for entry in entries:
            sku, units = entry["FMaterialId"]["FNumber"], float(entry["FQty"])
            if entry.get("FUnitID", {}).get("FNumber") != "Pcs" or units <= 0:
                raise Refused(11, "FUnitID必录")
            wanted[sku] = wanted.get(sku, 0) + int(units)
        job = self.floor.accept(key, wanted, self.now(), raw=model, receiver={"phone": model.get("FLinkPhone", "")})
        return saved(job.number, key)
