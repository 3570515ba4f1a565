"""Reads a seller's table of SKUs or stock: CSV in UTF-8 or GBK, with Chinese or English headings."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from orderloom.adapters.db.catalogue import SkuRow
from orderloom.domain.encoding import decode
from orderloom.entrypoints.cli.screen import Stop

ROWS_MAX = 1_000_000
FILE_BYTES_MAX = 256 << 20
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "sku", "编码", "商品编码", "货号", "商家编码"),
    "name": ("name", "名称", "品名", "商品名称"),
    "unit": ("unit", "单位"),
    "units": ("units", "换算", "单位换算"),
    "components": ("components", "组合", "套装"),
    "warehouse": ("warehouse", "仓库", "仓库编码"),
    "quantity": ("quantity", "数量", "库存", "入库数量"),
}


def rows_of(file: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) by our headings. Raises Stop with the line that cannot be read."""
    if not file.is_file():
        raise Stop(f"没有文件 {file}。", f"There is no file {file}.", code=2)
    if file.stat().st_size > FILE_BYTES_MAX:
        raise Stop(f"{file} 超过 {FILE_BYTES_MAX >> 20} MiB。", f"{file} is over {FILE_BYTES_MAX >> 20} MiB.", code=2)
    reader = csv.reader(decode(file.read_bytes()).text.splitlines())
    head = next(reader, [])
    names = [_heading(cell) for cell in head]
    missing = [f"{name} ({'/'.join(HEADINGS[name])})" for name in needed if name not in names]
    if missing:
        raise Stop(f"{file}:1 表头缺少列:{'、'.join(missing)}", f"{file}:1 columns missing: {', '.join(missing)}")
    for count, row in enumerate(reader):
        if count >= ROWS_MAX:
            raise Stop(f"{file} 超过 {ROWS_MAX} 行,请分开。", f"{file} has over {ROWS_MAX} rows: split it.")
        if any(cell.strip() for cell in row):
            yield reader.line_num, {name: cell.strip() for name, cell in zip(names, row, strict=False) if name}


def sku_rows(file: Path) -> list[SkuRow]:
    """The SKUs of a table; a code that comes twice counts once, the last one. Raises Stop."""
    found = {}
    for line, row in rows_of(file, ("code",)):
        if not row.get("code"):
            raise Stop(f"{file}:{line} 没有编码。", f"{file}:{line} has no code.")
        where = f"{file}:{line}"
        found[row["code"]] = SkuRow(row["code"], row.get("name", ""), row.get("unit", ""),
                                    pairs(where, row.get("units", "")), pairs(where, row.get("components", "")))
    return list(found.values())


def pairs(where: str, text: str) -> dict[str, int]:
    """`箱=12;托=480` as names and whole numbers. Raises Stop."""
    found = {}
    for part in filter(None, (part.strip() for part in text.replace("；", ";").split(";"))):
        name, _, number = part.rpartition("=")
        if not name or not number.isdigit() or int(number) < 1:
            raise Stop(f"{where} “{part}”应写成 名称=正整数。", f'{where} "{part}" must be name=positive number.')
        found[name.strip()] = int(number)
    return found


def _heading(cell: str) -> str:
    plain = cell.strip().lstrip("\ufeff").lower()
    return next((name for name, words in HEADINGS.items() if plain in words), "")
