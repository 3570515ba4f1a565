"""Writes shipments into a CSV file per day for whoever gave the orders as files; the same delivery is written once."""

from __future__ import annotations

import csv
import fcntl
import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orderloom.application.ports import Account, Answer, Outgoing, Terminal, Transient

COLUMNS = ("delivery_id", "订单号", "承运商", "运单号", "发货时间", "子订单号", "数量")
BOM = b"\xef\xbb\xbf"
"""Excel takes a CSV without it for the machine's own charset."""


def write_shipment(outgoing: Outgoing, account: Account) -> Answer:
    """Append the shipment's lines to `outbox/shipments-YYYYMMDD.csv` (day of shipping in the account's zone).

    Answers `skipped` without an outbox; `file` and `written` else. Raises `Transient` when the disk refuses.
    """
    setting = str(account.settings.get("outbox") or "")
    if not setting:
        return Answer(said={"skipped": "no_outbox"})
    folder = Path(setting)
    if not folder.is_absolute():
        raise Terminal("no_outbox", f"{setting}: 不是绝对路径 / not an absolute path")
    shipped_at = datetime.fromisoformat(str(outgoing.body["shipped_at"]).replace("Z", "+00:00"))
    local = shipped_at.astimezone(ZoneInfo(account.zone))
    path = folder / f"shipments-{local:%Y%m%d}.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_new = _append(path, outgoing.id, _rows(outgoing, local))
    except OSError as error:
        raise Transient("outbox_unwritable", f"{path.name}: {error}") from error
    return Answer(said={"file": path.name, "written": "true" if is_new else "before"})


def _rows(outgoing: Outgoing, local: datetime) -> list[tuple[Any, ...]]:
    body = outgoing.body
    head = (outgoing.id, body["external_id"], body["carrier"], body["waybill"], f"{local:%Y-%m-%d %H:%M:%S}")
    lines = body.get("lines") or [{"external_line_id": "", "quantity": ""}]
    return [(*head, line["external_line_id"], line["quantity"]) for line in lines]


def _append(path: Path, delivery: str, rows: list[tuple[Any, ...]]) -> bool:
    """False when the delivery is there already. The lock keeps two workers from writing into one another."""
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        content = file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            # A row cut off by a crash was never answered for: it is written again, whole.
            file.truncate(len(whole))
        text, encoding = _read(whole)
        if any(row[:1] == [delivery] for row in csv.reader(io.StringIO(text))):
            return False
        out = io.StringIO()
        csv.writer(out).writerows(rows if whole else [COLUMNS, *rows])
        file.write((b"" if whole else BOM) + out.getvalue().encode(encoding, "replace"))
        file.flush()
        os.fsync(file.fileno())
        return True


def _read(whole: bytes) -> tuple[str, str]:
    """The rows so far and their encoding: who looks into the file with Excel and saves it leaves it in GBK."""
    try:
        return whole.removeprefix(BOM).decode(), "utf-8"
    except UnicodeDecodeError:
        return whole.decode("gb18030", "replace"), "gb18030"
