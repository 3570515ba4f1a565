"""Order files for the storm: the exports of every kind of seller under numbers of their own, and what breaks them."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from orderloom.adapters.channels.files.simulator import Simulator, external_id
from orderloom.testing.builders import a_purchase
from orderloom.testing.clock import FrozenClock
from orderloom.testing.mutations import mutated

EXPORTS = Path(__file__).resolve().parents[1] / "contract" / "exports"
PLACED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BOMB_BYTES = 200 << 20
LONG_FIELD = 140_000
FLIPS_MAX = 12
Named = tuple[bytes, bytes]
"""A file's name, in whatever bytes, and what is in it."""


class Sheet(NamedTuple):
    """Files that belong together, and the numbers of the orders in them."""

    kind: str
    files: tuple[Named, ...]
    orders: tuple[str, ...]


class Export(NamedTuple):
    """How a seller's export looks: its files, their encoding, an order number in them and how to make another."""

    names: tuple[str, ...]
    encoding: str
    model: str
    other: str
    numbered: Callable[[int], str]


SELLERS = {
    "taobao": Export(("taobao_items", "taobao_orders"), "gbk", "3900000000000000011", "3900000000000000012",
                     lambda n: f"39{n:011d}112233"),
    "jd": Export(("jd",), "gbk", "290000000011", "290000000012", lambda n: f"29{n:010d}"),
    "pinduoduo": Export(("pinduoduo",), "utf-8", "261111-000000000000011", "261111-000000000000012",
                        lambda n: f"261111-{n:015d}"),
    "douyin": Export(("douyin",), "utf-8", "6917926768800000011", "6917926768800000012",
                     lambda n: f"69{n:017d}"),
}
PLAIN = ("utf-8-sig", "gb18030", "utf-16", "gbk", "utf-8", "xlsx")
KINDS = (*SELLERS, *PLAIN)


class Sheets:
    """Makes files. `who` is the person who stands in all of them: name, phone, address."""

    def __init__(self, folder: Path, who: dict[str, str]) -> None:
        self._who = who
        folder.mkdir(exist_ok=True)
        self._writer = Simulator({}, FrozenClock(PLACED), {"inbox": str(folder), "outbox": str(folder)})
        self._bomb = self._far = b""

    def good(self, kind: str, number: int) -> Sheet:
        """A file (two of Taobao's) with one paid order of goods that are there."""
        if kind in SELLERS:
            return self._export(kind, SELLERS[kind], number)
        key = external_id(number)
        line = {"sku": "M-001", "title": "马克杯", "quantity": 1, "price": 10_000, "discount": 0}
        self._writer.place(a_purchase(key, PLACED, lines=[line], freight=0, discount=0, receiver=self._who))
        path = self._writer.flush(kind)
        assert path is not None
        name, body = f"{number}-{path.name}", path.read_bytes()
        path.unlink()
        return Sheet(kind, ((name.encode(), body),), (key,))

    def _export(self, kind: str, export: Export, number: int) -> Sheet:
        key, files = export.numbered(number), []
        for name in export.names:
            lines = (EXPORTS / f"{name}.csv").read_bytes().decode(export.encoding).splitlines()
            text = "\r\n".join([line for line in lines if export.other not in line])
            for old, new in (
                (export.model, key), ("A-1", "M-001"), ("B-1", "N-001"), ("张三", self._who["name"]),
                ("13800000001", self._who["phone"]), ("文一西路1号", self._who["detail"]),
                ("69179267688000000", f"6{number:016d}"),
            ):
                text = text.replace(old, new)
            files.append((f"{name}-{number}.csv".encode(), text.encode(export.encoding)))
        return Sheet(kind, tuple(files), (key,))

    def broken(self, number: int, chance: random.Random, *, dear: bool) -> Sheet:
        """A good file with something wrong: cut, empty, flipped, doubled, misnamed, of another kind, or a bomb."""
        sheet = self.good(chance.choice(KINDS), number)
        at = chance.randrange(len(sheet.files))
        name, body = sheet.files[at]
        if dear:
            name, body = chance.choice(((b"%d-bomb.xlsx" % number, self.bomb), (b"%d-far.xlsx" % number, self.far)))
        else:
            name, body = chance.choice(BREAKS)(name, body, chance)
        files = [*sheet.files[:at], (name, body), *sheet.files[at + 1:]]
        return Sheet("broken", tuple(files), ())

    @property
    def bomb(self) -> bytes:
        """A workbook of some hundred KB that unpacks to 200 MB."""
        if not self._bomb:
            out = io.BytesIO()
            with zipfile.ZipFile(io.BytesIO(self.far)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
                for entry in old.infolist():
                    raw = old.read(entry)
                    if entry.filename == "xl/worksheets/sheet1.xml":
                        raw = raw.replace(b"<sheetData>", b"<sheetData>" + b" " * BOMB_BYTES)
                    new.writestr(entry.filename, raw)
            self._bomb = out.getvalue()
        return self._bomb

    @property
    def far(self) -> bytes:
        """A workbook with one cell in its last corner."""
        if not self._far:
            out = io.BytesIO()
            book = xlsxwriter.Workbook(out, {"in_memory": True})
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["订单号", "商品编码", "数量", "单价"])
            sheet.write(1_048_575, 16_383, "x")
            book.close()
            self._far = out.getvalue()
        return self._far


def _flipped(body: bytes, chance: random.Random) -> bytes:
    found = bytearray(body)
    for _ in range(chance.randint(1, FLIPS_MAX) if found else 0):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


Break = Callable[[bytes, bytes, random.Random], Named]
BREAKS: tuple[Break, ...] = (
    lambda name, body, chance: (name, body[: chance.randrange(len(body))]),
    lambda name, body, chance: (name, body[chance.randrange(len(body)):]),
    lambda name, body, chance: (name, b""),
    lambda name, body, chance: (name, b" \r\n" * 5),
    lambda name, body, chance: (name, _flipped(body, chance)),
    lambda name, body, chance: (name, body + body),
    lambda name, body, chance: (name, body + b"\x00" * 5_000),
    lambda name, body, chance: (name, body + b'"' + b"x" * LONG_FIELD + b'",1\r\n'),
    lambda name, body, chance: (name, body + b"," * 700),
    lambda name, body, chance: (name, body + b"y" * (2 << 20)),
    lambda name, body, chance: (name, mutated(body, chance.randrange)),
    lambda name, body, chance: (name, mutated(mutated(body, chance.randrange), chance.randrange)),
    lambda name, body, chance: (name, chance.randbytes(3_000)),
    lambda name, body, chance: (name, b"%PDF-1.7\n" + chance.randbytes(500)),
    lambda name, body, chance: (name[:-4] + b".zip", b"PK\x05\x06" + bytes(18)),
    lambda name, body, chance: (name[:-4] + b".xlsx", body),
    lambda name, body, chance: ("订单".encode("gbk") + b"\xff-" + name, body[: len(body) // 2]),
    lambda name, body, chance: (name[:-4] + b" \xe2\x80\xae" + b"z" * 150 + b".csv", body[: len(body) // 2]),
)


