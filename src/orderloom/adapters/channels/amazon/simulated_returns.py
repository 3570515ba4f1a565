"""The reports of the simulated Amazon: returns by their date, prepared when they are due, packed, behind an address."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from orderloom.adapters.channels.amazon.simulated_listing import instant, number, wrong
from orderloom.adapters.simulated.book import AGREED, ASKED, REFUNDED, REFUSED, SENT_BACK, WITHDRAWN, Claim, Order
from orderloom.adapters.simulated.clock import iso
from orderloom.adapters.simulated.draw import amount

RETURNS = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"
COLUMNS = (
    "Order ID", "Order date", "Return request date", "Return request status", "Amazon RMA ID", "Merchant RMA ID",
    "Label type", "Label cost", "Currency code", "Return carrier", "Tracking ID", "Label to be paid by", "A-to-Z Claim",
    "Is prime", "ASIN", "Merchant SKU", "Item Name", "Return quantity", "Return Reason", "In policy", "Return type",
    "Resolution", "Invoice number", "Return delivery date", "Order Amount", "Order quantity", "SafeT Action reason",
    "SafeT claim id", "SafeT claim state", "SafeT claim creation time", "SafeT claim reimbursement amount",
    "Refunded Amount",
)  # fmt: skip
STATUSES = {ASKED: "PendingApproval", AGREED: "Approved", SENT_BACK: "Approved", REFUSED: "Denied",
            REFUNDED: "Approved", WITHDRAWN: "Closed"}  # fmt: skip
PERIODS = frozenset({
    "PT5M", "PT15M", "PT30M", "PT1H", "PT2H", "PT4H", "PT8H", "PT12H", "P1D", "P2D", "P3D", "PT84H", "P7D", "P14D",
    "P15D", "P18D", "P30D", "P1M",
})  # fmt: skip
KEPT = timedelta(days=90)


class Reports:
    """Schedules and what they made. A report is made whenever returns changed, as if each change ended a period."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.schedules: dict[str, dict[str, Any]] = {}
        self.made: list[tuple[datetime, bytes]] = []

    def schedule(self, args: Mapping[str, Any]) -> dict[str, Any]:
        """Let a report be made at an interval; another schedule of the kind ends."""
        if args.get("reportType") != RETURNS or args.get("period") not in PERIODS or not args.get("marketplaceIds"):
            raise wrong("reportType, period, marketplaceIds")
        key = str(50_000 + len(self.schedules))
        self.schedules = {key: {"reportScheduleId": key, **{name: args[name] for name in (
            "reportType", "period", "marketplaceIds")}}}  # fmt: skip
        return {"reportScheduleId": key}

    def scheduled(self, types: str) -> dict[str, Any]:
        """The schedules of a kind."""
        if types != RETURNS:
            raise wrong("reportTypes")
        return {"reportSchedules": list(self.schedules.values())}

    def make(self, content: str, at: datetime) -> None:
        """A period is over: the report as of then."""
        self.made.append((at, gzip.compress(content.encode("cp1252", "replace"), mtime=0)))

    def listed(self, query: Mapping[str, str]) -> dict[str, Any]:
        """The newest first. Only what is done is here, so only that may be asked for."""
        if query.get("reportTypes") != RETURNS or query.get("processingStatuses", "DONE") != "DONE":
            raise wrong("reportTypes, processingStatuses")
        size = number(query.get("pageSize"), "pageSize", 100, 10)
        start, end = (instant(query[name]) if name in query else None for name in ("createdSince", "createdUntil"))
        since, until = start or self._now() - KEPT, end or self._now()
        found = [{"reportId": f"R{n}", "reportType": RETURNS, "reportDocumentId": f"D{n}", "processingStatus": "DONE",
                  "createdTime": iso(at)} for n, (at, _) in enumerate(self.made) if since <= at <= until]  # fmt: skip
        return {"reports": found[::-1][:size] if self.schedules else []}


def content_of(claims: list[tuple[Order, Claim]]) -> str:
    """The report: a row for each return."""
    return "".join("\t".join(row) + "\r\n" for row in (COLUMNS, *(_row(order, claim) for order, claim in claims)))


def _row(order: Order, claim: Claim) -> tuple[str, ...]:
    line = order.lines[claim.place]
    said = {
        "Order ID": order.id, "Order date": _day(order.placed_at), "Return request date": _day(claim.asked_at),
        "Return request status": STATUSES[claim.state], "Amazon RMA ID": f"D{claim.id[-9:]}RRMA",
        "Currency code": order.currency, "Return carrier": claim.carrier, "Tracking ID": claim.waybill,
        "A-to-Z Claim": "N", "Is prime": "N", "Merchant SKU": line.sku, "Item Name": "a \"quoted\" name",
        "Return quantity": str(claim.quantity), "Return Reason": "CR-ORDERED_WRONG_ITEM", "In policy": "Y",
        "Return type": "C-Returns", "Resolution": "StandardRefund",
        "Order Amount": amount(claim.amount, order.currency), "Order quantity": str(line.quantity),
        "Return delivery date": "",
        "Refunded Amount": amount(claim.amount, order.currency) if claim.state == REFUNDED else "",
    }  # fmt: skip
    return tuple(said.get(name, "") for name in COLUMNS)


def _day(at: datetime) -> str:
    return at.strftime("%d-%b-%Y")
