"""A rehearsed Oracle gateway: orders processed once by their reference, and its interface rows read from a folder."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.clock import local
from orderloom.adapters.simulated.floor import Job
from orderloom.adapters.simulated.platform import same
from orderloom.adapters.simulated.refused import No, Refused
from orderloom.adapters.simulated.warehouse import WarehouseSimulator

HEADER = frozenset({
    "ORDER_SOURCE_ID", "ORIG_SYS_DOCUMENT_REF", "ORDER_TYPE_ID", "SOLD_TO_ORG_ID", "PRICE_LIST_ID", "SHIP_FROM_ORG_ID",
    "TRANSACTIONAL_CURR_CODE", "ORDERED_DATE", "CUST_PO_NUMBER", "OPERATION",
})  # fmt: skip
CANCEL = frozenset({"ORDER_SOURCE_ID", "ORIG_SYS_DOCUMENT_REF", "CANCELLED_FLAG", "CHANGE_REASON", "OPERATION"})
LINE = frozenset({
    "ORIG_SYS_LINE_REF", "INVENTORY_ITEM", "ORDERED_QUANTITY", "UNIT_LIST_PRICE", "UNIT_SELLING_PRICE",
    "CALCULATE_PRICE_FLAG", "OPERATION",
})  # fmt: skip
COLUMNS = ("ORIG_SYS_DOCUMENT_REF", "ORDERED_ITEM", "SHIPPED_QUANTITY", "RELEASED_STATUS", "WAYBILL",
           "SHIP_METHOD_CODE", "CONFIRM_DATE", "LAST_UPDATE_DATE")  # fmt: skip
STATUS = {"new": "R", "short": "B", "accepted": "S", "waybill": "S", "picking": "S", "picked": "Y", "packed": "Y",
          "out": "C", "cancelled": "D", "put_back": "D"}  # fmt: skip


class Simulator(WarehouseSimulator):
    """One operating unit. `import_rows` is the import program over a folder, `report` the shipping report."""

    NOES: ClassVar[dict[str, No]] = {
        why.RATE_LIMITED: No("busy", "too many requests", status=429), why.BUSY: No("busy", "unavailable", status=503),
        why.WRONG_KEY: No("login", "Invalid username or password", status=401),
        why.WRONG_VALUE: No("E", "{} is not valid"), why.MISSING: No("E", "{} is required"),
        why.UNKNOWN_CALL: No("404", "no such service", status=404), why.UNKNOWN_PARAMETER: No("E", "{} is not known"),
    }  # fmt: skip

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self._reported: dict[str, str] = {}

    def declare(self) -> dict[str, Call]:
        """One service."""
        alias = self.settings.get("alias") or "order_pub"
        at = f"POST /webservices/rest/{alias}/process_order/"
        return {"process_order": Call(self._process, "PROCESS_ORDER_Input", at=at, is_write=True)}

    def verify(self, asked: Asked) -> None:
        """HTTP Basic."""
        pair = f"{self.credentials['user']}:{self.credentials['password']}".encode()
        if not same(asked.headers.get("authorization", ""), f"Basic {base64.b64encode(pair).decode()}"):
            raise self.no(why.WRONG_KEY)

    def write(self, content: Any, asked: Asked) -> Any:
        """HTTP 200, whatever became of it."""
        return self.respond(json.dumps({"OutputParameters": content}).encode())

    def write_no(self, refused: Refused, asked: Asked) -> Any:
        """A refusal of the service is an answer, one of the gateway is none."""
        if refused.status != 200:
            said: dict[str, Any] = {"ISGServiceFault": {"Code": refused.code, "Message": refused.message}}
        else:
            said = {"OutputParameters": {"X_RETURN_STATUS": "E", "X_MESSAGES": refused.message}}
        return self.respond(json.dumps(said, ensure_ascii=False).encode(), refused.status, refused.headers)

    def _process(self, asked: Asked) -> dict[str, Any]:
        given = (asked.args["PROCESS_ORDER_Input"] or {}).get("InputParameters") or {}
        header = given.get("P_HEADER_REC") or {}
        lines = (given.get("P_LINE_TBL") or {}).get("P_LINE_TBL_ITEM") or []
        if header.get("OPERATION") == "NONE":
            return {"X_RETURN_STATUS": "S", "X_MESSAGES": None}
        if header.get("OPERATION") == "UPDATE":
            return self._cancel(header)
        if unknown := (set(header) - HEADER) | {name for line in lines for name in set(line) - LINE}:
            raise self.no(why.UNKNOWN_PARAMETER, ", ".join(sorted(unknown)))
        key = header.get("ORIG_SYS_DOCUMENT_REF")
        if not key or not lines:
            raise self.no(why.MISSING, "ORIG_SYS_DOCUMENT_REF, P_LINE_TBL")
        if key in self.floor.jobs:
            raise Refused("E", f"ORIG_SYS_DOCUMENT_REF {key} exists")
        self._take(key, [(line["INVENTORY_ITEM"], int(line["ORDERED_QUANTITY"])) for line in lines], header)
        return {"X_RETURN_STATUS": "S", "X_MESSAGES": None, "X_HEADER_REC": {
            "ORDER_NUMBER": str(69_000 + self.floor.jobs[key].number), "FLOW_STATUS_CODE": "ENTERED"}}

    def _cancel(self, header: dict[str, Any]) -> dict[str, Any]:
        if set(header) != CANCEL or header["CANCELLED_FLAG"] != "Y" or not header["CHANGE_REASON"]:
            raise self.no(why.WRONG_VALUE, "P_HEADER_REC")
        job = self.floor.jobs.get(header["ORIG_SYS_DOCUMENT_REF"])
        if job is None:
            raise Refused("E", f"ORIG_SYS_DOCUMENT_REF {header['ORIG_SYS_DOCUMENT_REF']} does not exist")
        if job.is_cancelled:
            raise Refused("E", "The order is already cancelled")
        if not self.floor.cancel(job.key, self.now()):
            raise Refused("E", "You cannot cancel lines that have been shipped")
        return {"X_RETURN_STATUS": "S", "X_MESSAGES": None}

    def _take(self, key: str, lines: list[tuple[str, int]], raw: Any) -> None:
        if words := self.check_refusal(key):
            raise Refused("E", words)
        wanted: dict[str, int] = {}
        for sku, units in lines:
            wanted[sku] = wanted.get(sku, 0) + units
        self.floor.accept(key, wanted, self.now(), raw=raw)

    def import_rows(self, folder: Path) -> int:
        """The import program: rows of a reference that is known are not taken again; returns how many were."""
        taken = 0
        for file in sorted(folder.glob("order-*.json")):
            rows = json.loads(file.read_text("utf-8"))
            [header] = rows["OE_HEADERS_IFACE_ALL"]
            key = header["ORIG_SYS_DOCUMENT_REF"]
            if key not in self.floor.jobs:
                lines = [(line["INVENTORY_ITEM"], line["ORDERED_QUANTITY"]) for line in rows["OE_LINES_IFACE_ALL"]]
                self._take(key, lines, rows)
                taken += 1
        return taken

    def step(self, now: datetime) -> None:
        """The people work; with `reports_to`, what changed lies there as a further report."""
        super().step(now)
        changed = [job for job in self.floor.jobs.values() if self._reported.get(job.key) != job.word]
        if changed and (folder := self.settings.get("reports_to")):
            self._reported |= {job.key: job.word for job in changed}
            written = Path(folder) / f"deliveries-{now:%Y%m%d%H%M%S%f}.part"
            written.write_text(self.report(changed), "utf-8")
            written.rename(written.with_suffix(".csv"))

    def report(self, jobs: Iterable[Job] | None = None) -> str:
        """The shipping report as CSV, of all jobs or of some."""
        rows = [",".join(COLUMNS)]
        for job in self.floor.jobs.values() if jobs is None else jobs:
            out = local(job.out_at) if job.out_at else ""
            rows += [
                f"{job.key},{sku},{units if job.is_out else 0},{STATUS[job.word]},{job.waybill if job.is_out else ''},"
                f"{job.carrier.code if job.is_out else ''},{out},{local(job.modified)}"
                for sku, units in job.wanted.items()
            ]
        return "\n".join(rows) + "\n"
