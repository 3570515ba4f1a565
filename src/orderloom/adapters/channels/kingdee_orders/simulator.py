"""Sales orders of a rehearsed Kingdee K3 Cloud: bills that people enter and audit, queried by rows, shipped by outbound
bills that are saved beside them.

A buyer who orders is somebody who enters a bill; who pays is the one who audits it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from orderloom.adapters.simulated import refused as why
from orderloom.adapters.simulated.asked import Asked, Call
from orderloom.adapters.simulated.book import CANCELLED, UNPAID, Order
from orderloom.adapters.simulated.clock import CHINA, Now, local, read_local
from orderloom.adapters.simulated.draw import long_number, share
from orderloom.adapters.simulated.k3cloud import BETWEEN, ISO, NUMBERED, K3Door, saved, sessions
from orderloom.adapters.simulated.refused import Refused
from orderloom.adapters.simulated.shop import ShopSimulator

ORG, CURRENCIES = "100", {"CNY": "PRE001", "USD": "PRE007"}
KEYS = frozenset({
    "FBillNo", "FModifyDate", "FCreateDate", "FCustId.FNumber", "FSettleCurrId.FNumber", "FBillAllAmount",
    "FDocumentStatus", "FCancelStatus", "FLinkMan", "FLinkPhone", "FReceiveAddress", "FSaleOrderEntry_FEntryID",
    "FMaterialId.FNumber", "FMaterialName", "FQty", "FTaxPrice", "FAllAmount", "FEntryNote", "FNote",
    "FSaleOrgId.FNumber",
})  # fmt: skip
"""Fields of a sales order that can be asked for."""
REQUIRED = ("FBillTypeID", "FSaleOrgId", "FStockOrgId", "FCustomerID")


def external_id(n: int) -> str:
    """The n-th valid number of a bill."""
    return f"XSDD{n:06d}"


@dataclass(slots=True)
class Row:
    """A row of an answer; `id` is the bill's and the row's."""

    id: str
    cells: list[Any]


class Simulator(K3Door, ShopSimulator):
    """One data centre, of which the sales orders are asked for."""

    def __init__(self, credentials: dict[str, str], now: Now, settings: dict[str, Any]) -> None:
        super().__init__(credentials, now, settings)
        self.tokens = sessions(now)
        self.outbound: set[str] = set()

    def declare(self) -> dict[str, Call]:
        """Three services."""
        return self.services(self._query, self._save)

    def is_id(self, text: str) -> bool:
        """Bills are numbered."""
        return text.startswith("XSDD")

    def line_id(self, order_id: str, place: int) -> str:
        """The entry's id, which is the data centre's own."""
        return str(long_number(order_id, 6) * 100 + place)

    def status(self, external_id: str) -> str:
        """The letter of the document."""
        return "A" if self.book.orders[external_id].phase == UNPAID else "C"

    def _query(self, asked: Asked) -> list[list[Any]]:
        form = self.one_of(asked, "FormId", frozenset({"SAL_SaleOrder", "SAL_OUTSTOCK"}))
        keys, wanted = asked.text("FieldKeys").split(","), asked.text("FilterString")
        start, limit = self.piece(asked)
        if form == "SAL_OUTSTOCK":
            numbered = NUMBERED.fullmatch(wanted)
            if numbered is None or keys != ["FBillNo"]:
                raise self.no(why.WRONG_VALUE, "FilterString")
            return [[numbered[1]]] if numbered[1] in self.outbound else []
        if unknown := sorted(set(keys) - KEYS):
            raise self.no(why.WRONG_VALUE, f"FieldKeys {unknown}")
        rows = [row for order in self._orders(wanted) for row in self._rows(order, keys)]
        found = self.ordered(asked, rows, lambda row: row.cells)
        return [row.cells for row in self.pages.by_offset(found, start, limit).rows]

    def _orders(self, wanted: str) -> list[Order]:
        """The bills of a filter, by number: of a bill, or of those that changed in a time."""
        if numbered := NUMBERED.fullmatch(wanted):
            return [self.book.orders[numbered[1]]] if numbered[1] in self.book.orders else []
        window = BETWEEN.fullmatch(wanted)
        if window is None:
            raise self.no(why.WRONG_VALUE, "FilterString")
        if window[3] not in (None, ORG):
            return []
        start, end = (read_local(text) for text in window.groups()[:2])
        return sorted(self.shown(self.book.between(start, end)), key=lambda order: order.id)

    def _rows(self, order: Order, keys: list[str]) -> list[Row]:
        """A row a line, the head again in each. A discount of the order stands in its lines."""
        who = order.receiver
        head = {
            "FBillNo": order.id, "FModifyDate": local(order.changed_at, CHINA, ISO),
            "FCreateDate": local(order.placed_at, CHINA, ISO), "FCustId.FNumber": f"CUST-{order.buyer}",
            "FSettleCurrId.FNumber": CURRENCIES[order.currency], "FBillAllAmount": order.total / 100,
            "FDocumentStatus": self.status(order.id), "FCancelStatus": "B" if order.phase == CANCELLED else "A",
            "FLinkMan": who["name"], "FLinkPhone": who["phone"],
            "FReceiveAddress": "".join(who.get(part) or "" for part in ("province", "city", "district", "detail")),
            "FNote": order.note, "FSaleOrgId.FNumber": ORG,
        }  # fmt: skip
        owed = [order.lines[place].due for place in range(len(order.lines))]
        taxes = share(order.tax, owed)
        return [Row(f"{order.id}/{line.place}", [{
            **head, "FSaleOrderEntry_FEntryID": int(self.line_id(order.id, line.place)),
            "FMaterialId.FNumber": line.sku, "FMaterialName": line.title, "FQty": float(line.quantity),
            "FTaxPrice": line.price / 100, "FAllAmount": (line.due + taxes[line.place]) / 100, "FEntryNote": "",
        }[key] for key in keys]) for line in order.lines]  # fmt: skip

    def _save(self, asked: Asked) -> dict[str, Any]:
        model = asked.args["Data"].get("Model") or {}
        number, entries = str(model.get("FBillNo") or ""), model.get("FEntity") or []
        if asked.args["FormId"] != "SAL_OUTSTOCK" or not number or not entries:
            raise self.no(why.WRONG_VALUE, "FBillNo, FEntity")
        for name in REQUIRED:
            if not any((model.get(name) or {}).values()):
                raise Refused(11, f"{name}必录")
        if number in self.outbound:
            raise Refused(11, f"单据编号{number}已存在")
        key = str(entries[0].get("FSoorDerno") or "")
        self.ship(key, self._units(key, entries), str(model.get("FNote") or ""), str(model.get("FCarriageNO") or ""),
                  lambda words: Refused(11, words))  # fmt: skip
        self.outbound.add(number)
        return saved(len(self.outbound), number)

    def _units(self, key: str, entries: list[dict[str, Any]]) -> dict[int, int]:
        """Units by line. An entry names row and material, and both must be the order's."""
        lines = {self.line_id(key, line.place): line for line in self.book.orders[key].lines} \
            if key in self.book.orders else {}
        units: dict[int, int] = {}
        for entry in entries:
            line = lines.get(str(entry.get("FSOEntryId")))
            if line is None or entry.get("FSoorDerno") != key or entry["FMaterialID"].get("FNumber") != line.sku:
                raise Refused(11, "源单分录不存在")
            if (entry.get("FUnitID") or {}).get("FNumber") != "Pcs":
                raise Refused(11, "FUnitID必录")
            units[line.place] = units.get(line.place, 0) + int(entry["FRealQty"])
        return units
