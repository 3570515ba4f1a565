"""A rehearsed Kingdee K3 Cloud: bill queries by filter, saved sales orders that a floor ships."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import CHINA, local, read_local
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.k3cloud import BETWEEN, DYNAMIC, ISO, NUMBERED, K3Door, prove, saved, sessions
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

__all__ = ["Simulator", "prove"]
BILLS = frozenset({"Numbers", "Ids", "IgnoreInterationFlag", "InterationFlags", "CreateOrgId"})
FORMS = frozenset({"SAL_SaleOrder", "SAL_OUTSTOCK", "STK_Inventory", "BD_Currency"})


class Simulator(K3Door, WarehouseSimulator):
    """One data centre. What the hub saves goes to the floor."""

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens = sessions(now)
        self.drafts: set[str] = set()
        """Orders that were taken back from audited."""

    def declare(self) -> dict[str, Call]:
        """What a sales order needs."""
        known = "FormId Operation Data"
        return {
            **self.services(self._query, self._save),
            "unaudit": Call(self._unaudit, known, at=f"POST {DYNAMIC}.UnAudit.common.kdsvc", is_write=True),
            "operate": Call(self._operate, known, at=f"POST {DYNAMIC}.ExcuteOperation.common.kdsvc", is_write=True),
        }

    def read_args(self, asked: Asked) -> dict[str, Any]:
        """Of what is done with bills: the form, what is done, and which."""
        found = super().read_args(asked)
        if asked.name not in ("unaudit", "operate"):
            return found
        many = found["parameters"]
        if len(many) != (2 if asked.name == "unaudit" else 3) or not isinstance(many[-1], dict):
            raise self.no(why.WRONG_VALUE, "parameters")
        return {"FormId": many[0], "Operation": many[1] if len(many) == 3 else "UnAudit", "Data": many[-1]}

    def _bill(self, asked: Asked) -> Job:
        """The one order that something is to be done with."""
        data, (form,) = asked.args["Data"], self.need(asked, "FormId")
        if form != "SAL_SaleOrder" or set(data) - BILLS or len(data.get("Numbers") or []) != 1:
            raise self.no(why.WRONG_VALUE, "FormId, Numbers")
        job = self.floor.jobs.get(data["Numbers"][0])
        if job is None:
            raise self.no(why.NOT_FOUND, data["Numbers"][0])
        return job

    def _unaudit(self, asked: Asked) -> dict[str, Any]:
        job = self._bill(asked)
        if job.is_out:
            raise Refused(11, f"单据{job.key}已有下游单据，不允许反审核")
        if job.key in self.drafts:
            raise Refused(11, f"单据{job.key}未审核")
        self.drafts.add(job.key)
        return saved(job.number, job.key)

    def _operate(self, asked: Asked) -> dict[str, Any]:
        job = self._bill(asked)
        if asked.text("Operation") != "Cancel":
            raise self.no(why.WRONG_VALUE, "Operation")
        if job.key not in self.drafts or job.is_cancelled or not self.floor.cancel(job.key, self.now()):
            raise Refused(11, f"单据{job.key}不允许作废")
        return saved(job.number, job.key)

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
            job = self.floor.jobs.get(numbered[1])
            cells = {"FBillNo": numbered[1], "FCancelStatus": "B" if job and job.is_cancelled else "A",
                     "FDocumentStatus": "D" if numbered[1] in self.drafts else "C"}
            if unknown := set(keys) - set(cells):
                raise self.no(why.UNKNOWN_PARAMETER, ", ".join(unknown))
            return [[cells[key] for key in keys]] if job else []
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
