"""A seller's table of SKUs or spellings, every row checked before the first is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from orderloom.adapters.goods_file import FILE_BYTES_MAX, UnreadableGoods, read_table
from orderloom.application.sku_row import SkuRow
from orderloom.application.tables.columns import TABLES
from orderloom.application.tables.read_rows import read_aliases
from orderloom.application.teach_alias import AliasRow
from orderloom.domain.codes import code_problem, name_problem
from orderloom.domain.tariff import code_problem as hs_problem
from orderloom.domain.words import Words
from orderloom.entrypoints.cli.frame import must_be_file
from orderloom.entrypoints.cli.screen import Stop

MISTAKES_SHOWN_MAX = 100
KINDS = {"": None, "实物": "goods", "服务": "service", "虚拟": "virtual"}
NUMBER_MAX = 1_000_000
"""Base units in a unit, or of a component in a bundle."""


def sku_rows(file: Path) -> list[SkuRow]:
    """The SKUs of a table; rows that say the same twice count once. Raises Stop with all mistakes at once."""
    found: dict[str, SkuRow] = {}
    lines: dict[str, int] = {}
    wrong: list[Words] = []
    for line, row in _table(file):
        where = f"{file}:{line}"
        code = row.get("code", "")
        hs = row.get("hs_code", "")
        for problem in (code_problem(code), name_problem(row.get("name", "")), name_problem(row.get("unit", "")),
                        hs_problem(hs) if hs else None):
            if problem is not None:
                wrong.append(Words(f"{where} {problem.zh}", f"{where} {problem.en}"))
        try:
            units, parts = pairs(where, row.get("units", "")), pairs(where, row.get("components", ""))
        except Stop as stop:
            wrong.append(Words(stop.zh, stop.en))
            continue
        sku = SkuRow(code, row.get("name") or None, row.get("unit") or None, units, parts,
                     KINDS.get(row.get("kind", ""), row.get("kind") or None), hs or None)
        if found.setdefault(code, sku) != sku:
            wrong.append(Words(f"{where} 编码“{code[:60]}”与第 {lines[code]} 行重复，内容不同",
                               f'{where} code "{code[:60]}" stands in line {lines[code]} already, with other values'))
        lines.setdefault(code, line)
    if wrong:
        shown = wrong[:MISTAKES_SHOWN_MAX]
        raise Stop(f"没有保存：{len(wrong)} 处要改。\n" + "\n".join(w.zh for w in shown),
                   f"Nothing was kept: {len(wrong)} mistakes.\n" + "\n".join(w.en for w in shown))
    return list(found.values())


def alias_rows(file: Path) -> list[AliasRow]:
    """The spellings of a table. Raises Stop with all mistakes at once."""
    table = TABLES["aliases"]
    found = read_aliases(_table(file, table.needed, table.names))
    if found.mistakes:
        shown = found.mistakes[:MISTAKES_SHOWN_MAX]
        raise Stop(f"没有保存：{len(found.mistakes)} 处要改。\n" + "\n".join(f"{file}:{m.line} {m.zh}" for m in shown),
                   f"Nothing was kept: {len(found.mistakes)} mistakes.\n"
                   + "\n".join(f"{file}:{m.line} {m.en}" for m in shown))
    return [good.row for good in found.good if isinstance(good.row, AliasRow)]


def pairs(where: str, text: str) -> dict[str, int]:
    """`箱=12;托=480` as names and whole numbers; 0 takes one away. Raises Stop."""
    found = {}
    for part in filter(None, (part.strip() for part in text.replace("；", ";").split(";"))):
        name, _, number = part.rpartition("=")
        if not name.strip() or not (number.isascii() and number.isdigit()) or int(number) > NUMBER_MAX:
            raise Stop(f"{where} “{part[:60]}”应写成 名称=整数。", f'{where} "{part[:60]}" must be name=whole number.')
        found[name.strip()] = int(number)
    return found


def _table(
    file: Path, needed: Sequence[str] = ("code",), fields: Sequence[str] = (),
) -> list[tuple[int, dict[str, str]]]:
    must_be_file(file)
    if file.stat().st_size > FILE_BYTES_MAX:
        raise Stop(f"{file} 超过 {FILE_BYTES_MAX >> 20} MiB。", f"{file} is over {FILE_BYTES_MAX >> 20} MiB.", code=2)
    try:
        return [(row.line, row.cells) for row in read_table(file.read_bytes(), needed, fields=fields).rows]
    except UnreadableGoods as error:
        raise Stop(f"{file}：{error.words.zh}", f"{file}: {error.words.en}") from error
