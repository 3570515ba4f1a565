"""Files of many orders in three encodings, a share of their rows with bytes that cannot be decoded; all by a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

SIMPLIFIED = ("订单号,下单时间,付款时间,订单状态,币种,订单金额,收货人,收货人手机,省份,城市,区县,详细地址,"
              "商家编码,商品名称,数量,单价")
TRADITIONAL = ("訂單編號,下單時間,付款時間,訂單狀態,幣別,訂單金額,收貨人,手機,省份,城市,區縣,收貨地址,"
               "商品編號,商品名稱,數量,單價")
ENCODINGS = ("utf-8", "gb18030", "cp950")
BROKEN = b"\xff\xff"


def write_files(
    folder: Path, rows: int, broken_share: float, sku: str = "M-001", seed: int = 7,
) -> tuple[list[Path], list[int]]:
    """One file per encoding with a row an order, together so many rows; returns the files and broken rows of each."""
    draw = random.Random(seed)
    paths, broken = [], []
    for number, encoding in enumerate(ENCODINGS):
        count = rows // len(ENCODINGS) + (rows % len(ENCODINGS) if number == 0 else 0)
        lines = list(_lines(number, encoding, count, sku))
        hit = [index for index in range(1, len(lines)) if draw.random() < broken_share]
        for index in hit:
            at = lines[index].index(f",{sku}".encode()) - 1
            lines[index] = lines[index][:at] + BROKEN + lines[index][at:]
        path = folder / f"orders-{encoding}.csv"
        path.write_bytes(b"\r\n".join(lines) + b"\r\n")
        paths.append(path)
        broken.append(len(hit))
    return paths, broken


def _lines(number: int, encoding: str, count: int, sku: str) -> Iterator[bytes]:
    is_big5 = encoding == "cp950"
    yield (TRADITIONAL if is_big5 else SIMPLIFIED).encode(encoding)
    status, district, cup = ("待出貨", "西湖", "馬克杯") if is_big5 else ("已付款", "余杭区", "马克杯")
    for n in range(count):
        at = f"2026-11-2{n % 6} 10:{n % 60:02d}:00"
        yield (f"IMP{number}-{n:07d},{at},{at},{status},CNY,100.00,王小明,1991234{n % 10000:04d},浙江省,杭州市,"
               f"{district},文一西路{n % 999},{sku},{cup},1,100.00").encode(encoding)
