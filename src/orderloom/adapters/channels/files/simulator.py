"""Somebody who drops order files into the watched folder, in every encoding, as CSV and Excel, some rows garbled."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from starlette.applications import Starlette

from orderloom.adapters.simulated.trouble import Trouble

ROTATION = ("utf-8-sig", "gb18030", "xlsx", "utf-16", "gbk", "utf-8")
"""Encodings of the files, one after the other. Big5 on demand only: it cannot write every character that may come."""
COLUMNS = (
    "订单号", "子订单号", "下单时间", "付款时间", "更新时间", "订单状态", "币种", "订单金额", "运费", "优惠金额",
    "税费", "买家会员名", "买家留言", "收货人", "收货人手机", "国家", "省份", "城市", "区县", "详细地址", "邮编",
    "商家编码", "商品名称", "数量", "单价", "商品优惠",
)  # fmt: skip
EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0}
GARBLED = b"\xff\xfe\xff"
"""Bytes that no encoding here can read."""
TROUBLE = ("slow", "half_body", "dropped", "broken_body", "bad_record", "null_object", "empty_page", "repeated_page")
"""What of the kit's trouble can befall a folder: a file that grows while it is looked at, or whose copying breaks off
and is repeated; a share that is away; garbled bytes; a row of nonsense, or empty but for its number; a table without
rows; a file that comes twice."""
NO_TROUBLE = {
    "status_500": "nobody answers", "rate_limited": "nobody is asked", "busy": "nobody is asked",
    "expired_token": "a folder has no token",
    "lost_answer": "a row is there or not: it is looked for before it is written",
    "done_then_500": "the same; a row that was cut off is written again",
}  # fmt: skip
"""And what cannot, and why."""


def external_id(n: int) -> str:
    """The n-th valid order number."""
    return f"OFF{20_260_000_000 + n}"


class Simulator:
    """`settings`: inbox and outbox (absolute folders), file_zone (zone of the times written, default Asia/Shanghai)."""

    def __init__(self, credentials: dict[str, str], now: Callable[[], datetime], settings: dict[str, Any]) -> None:
        self.credentials, self.now, self.settings = credentials, now, settings
        self.zone = ZoneInfo(settings.get("file_zone", "Asia/Shanghai"))
        self.app = Starlette()
        """There is nothing to call: this source speaks through its folders."""
        self.push_url = ""
        self.requests: Counter[str] = Counter()
        self.rejected: list[str] = []
        self.stock: dict[str, int] = {}
        self.purchases: dict[str, dict[str, Any]] = {}
        self._waiting: dict[str, str] = {}
        self.trouble = Trouble()
        self._unfinished: tuple[Path, bytes, bool] | None = None
        self.last: Path | None = None
        """The file that was written last."""
        self.garbled: set[str] = set()
        """Orders of which a row was garbled."""

    def place(self, purchase: dict[str, Any]) -> None:
        """An order is taken; it will stand in the next file."""
        self.purchases[purchase["external_id"]] = dict(purchase)
        self._say(purchase["external_id"], "已付款" if purchase.get("paid_at") else "待付款", purchase["placed_at"])

    def pay(self, external_id: str, at: datetime) -> None:
        """The payment arrives: the order comes again with it."""
        self.purchases[external_id]["paid_at"] = at
        self._say(external_id, "已付款", at)

    def cancel(self, external_id: str, at: datetime) -> None:
        """The order is cancelled: it comes again as such."""
        self._say(external_id, "已取消", at)

    def _say(self, external_id: str, status: str, at: datetime) -> None:
        paid_at = self.purchases[external_id].get("paid_at") or at
        self.purchases[external_id]["changed_at"] = max(at, paid_at)
        self._waiting[external_id] = status

    def fault(self, kind: str, count: int = 1, on: str = "") -> None:
        """Trouble for the next `count` files (`broken_body`, `bad_record`, `null_object`: rows of text files)."""
        if kind not in TROUBLE:
            raise ValueError(f"a folder has no fault {kind}: {NO_TROUBLE.get(kind, 'there is none of that name')}")
        self.trouble.add(kind, count)

    def mend(self) -> None:
        """The share is back, and a file that was begun is whole: written on, or copied once more."""
        inbox = Path(self.settings["inbox"])
        away = inbox.with_name(inbox.name + ".away")
        if away.exists():
            away.rename(inbox)
        if self._unfinished:
            path, body, is_repeated = self._unfinished
            self._unfinished = None
            if is_repeated or not path.exists():  # what was taken half is written anew
                self._drop(path, body)
            else:
                with path.open("ab") as file:
                    file.write(body[len(body) // 2 :])

    def flush(self, encoding: str = "", name: str = "", delimiter: str = ",") -> Path | None:
        """Write what waits as one file, renamed into the inbox at last. `encoding`: also `xlsx`; empty: by turns."""
        if not self._waiting:
            return None
        encoding = encoding or ROTATION[self.requests["flush"] % len(ROTATION)]
        is_empty = bool(self.trouble.take("empty_page"))
        rows = [] if is_empty else [
            row for key, status in self._waiting.items() for row in self._rows(self.purchases[key], status)]
        body = _workbook(rows) if encoding == "xlsx" else self._text(rows, encoding, delimiter)
        self.requests["flush"] += 1
        suffix = "xlsx" if encoding == "xlsx" else "tsv" if delimiter == "\t" else "csv"
        path = Path(self.settings["inbox"]) / (name or f"orders-{self.requests['flush']:04d}.{suffix}")
        self._drop(path, body)
        if not is_empty:
            self._waiting.clear()
        self.last = path
        return path

    def _drop(self, path: Path, body: bytes) -> None:
        """Into the inbox, whole and at once, unless there is trouble."""
        if kind := self.trouble.take("slow", "half_body"):
            path.write_bytes(body[: len(body) // 2])
            self._unfinished = path, body, kind == "half_body"
            return
        half = path.with_name(path.name + ".tmp")
        half.write_bytes(body)
        half.rename(path)
        if self.trouble.take("repeated_page"):
            path.with_stem(f"{path.stem} (1)").write_bytes(body)
        if self.trouble.take("dropped"):
            path.parent.rename(path.parent.with_name(path.parent.name + ".away"))

    def _text(self, rows: list[list[str]], encoding: str, delimiter: str) -> bytes:
        body = "\ufeff".encode("utf-16-le") if encoding == "utf-16" else "\ufeff".encode() if "sig" in encoding else b""
        plain = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
        for index, row in enumerate([list(COLUMNS), *rows]):
            if index and (kind := self.trouble.take("bad_record", "null_object")):
                self.garbled.add(row[0])
                row = [cell if n == 0 else "" if kind == "null_object" else "?" for n, cell in enumerate(row)]
            out = io.StringIO()
            csv.writer(out, delimiter=delimiter).writerow(row)
            line = out.getvalue().encode(plain, "replace")
            if index and not plain.startswith("utf-16") and self.trouble.take("broken_body"):
                self.garbled.add(row[0])
                line = line[:3] + GARBLED + line[6:]
            body += line
        return body

    def _rows(self, purchase: dict[str, Any], status: str) -> list[list[str]]:
        exponent = EXPONENTS.get(purchase["currency"], 2)

        def money(minor: int) -> str:
            return str(Decimal(minor).scaleb(-exponent))

        def time(at: datetime | None) -> str:
            return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""

        to = purchase.get("receiver") or {}
        goods = sum(line["price"] * line["quantity"] - line.get("discount", 0) for line in purchase["lines"])
        total = goods - purchase["discount"] + purchase["freight"] + purchase["tax"]
        amounts = [money(value) for value in (total, purchase["freight"], purchase["discount"], purchase["tax"])]
        times = [time(purchase[key]) for key in ("placed_at", "paid_at", "changed_at")]
        place = [to.get(key, "") for key in ("name", "phone", "country", "province", "city", "district", "detail")]
        return [
            [purchase["external_id"], f"{purchase['external_id']}-{number}", *times, status, purchase["currency"],
             *amounts, purchase["buyer"], purchase["note"], *place, to.get("postcode", ""), line["sku"], line["title"],
             str(line["quantity"]), money(line["price"]), money(line.get("discount", 0))]
            for number, line in enumerate(purchase["lines"], 1)
        ]  # fmt: skip

    @property
    def shipments(self) -> dict[str, list[dict[str, Any]]]:
        """What the hub wrote into the outbox, by order number."""
        told: dict[str, list[dict[str, Any]]] = {}
        for path in sorted(Path(self.settings["outbox"]).glob("shipments-*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    one = {
                        "waybill": row["运单号"],
                        "carrier": row["承运商"],
                        "line": row["子订单号"],
                        "quantity": row["数量"],
                    }
                    told.setdefault(row["订单号"], []).append(one)
        return told


def _workbook(rows: list[list[str]]) -> bytes:
    """As people make them: a title above the header, quantities and amounts as numbers, the rest as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("订单")
    sheet.write_string(0, 0, "订单明细")
    sheet.write_row(2, 0, COLUMNS)
    numbers = {COLUMNS.index(name) for name in ("订单金额", "运费", "优惠金额", "税费", "数量", "单价", "商品优惠")}
    for at, row in enumerate(rows, 3):
        for column, cell in enumerate(row):
            if column in numbers:
                sheet.write_number(at, column, float(cell))
            else:
                sheet.write_string(at, column, cell)
    book.close()
    return out.getvalue()
