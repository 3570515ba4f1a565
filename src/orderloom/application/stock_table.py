"""A table of stock against the ledger: every row is checked, then all are planned together or none.

A row is known by the person's own numbers, document and line, or, where there is no line, by document, SKU and
warehouse. A file without a document number is one nameless document for ever, so that no corrected, sorted or
saved-again copy counts a row a second time; goods that come again name theirs. A stocktake's row says what there is.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from orderloom.application.directory import Directory
from orderloom.domain.codes import spelling_problem
from orderloom.domain.inventory.level import Level, Movement
from orderloom.domain.inventory.moves import UNITS_MAX as LEVEL_MAX
from orderloom.domain.quantity import UNITS_MAX, whole_number
from orderloom.domain.words import Words

Key = tuple[int, int]
"""(SKU id, warehouse id)"""


class RowMistake(msgspec.Struct, frozen=True):
    """Something wrong in the file: its line, the column, what it says, and how to mend it."""

    line: int
    column: str
    value: str
    zh: str
    en: str


class StockRow(msgspec.Struct, frozen=True):
    """A row that makes sense: so many units received, or counted."""

    line: int
    key: Key
    quantity: int
    document: str
    number: str
    is_count: bool


class Booked(msgspec.Struct, frozen=True):
    """What the ledger holds of a document: `number` is the person's line, `quantity` what was received or counted."""

    document: str
    key: Key
    quantity: int
    number: str
    is_count: bool


class Booking(msgspec.Struct, frozen=True):
    """What is to be booked, how many rows are in the ledger already, and what stands in the way of all of it."""

    movements: tuple[Movement, ...]
    known: int
    mistakes: tuple[RowMistake, ...]


def read_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]], directory: Directory, skus: Mapping[str, int],
    codes: Collection[str], document: str = "", *, is_set: bool = False,
) -> tuple[list[StockRow], list[RowMistake]]:
    """Every row as a figure of a known SKU in a known warehouse, and every mistake of the file at once.

    `skus` are the ids of the codes that the file names, as far as there are such; `codes` all, to say which was meant.
    """
    houses = directory.stocked
    found: list[StockRow] = []
    mistakes: list[RowMistake] = []
    for line, cells in rows:
        wrong = len(mistakes)
        sku = _known(line, "code", cells.get("code", ""), skus, codes, Words("商品编码", "SKU"), mistakes)
        house = _known(line, "warehouse", cells.get("warehouse", ""), houses, houses, Words("仓库", "warehouse"),
                       mistakes)
        is_count = is_set or "counted" in cells
        column = "counted" if "counted" in cells else "quantity"
        quantity = _quantity(line, column, cells.get(column, ""), is_count, mistakes)
        own = cells.get("document", "") or document
        number = cells.get("number", "") if own else ""
        _plain(line, {"document": own, "line": number}, mistakes)
        if wrong == len(mistakes):
            assert sku is not None and house is not None and quantity is not None
            found.append(StockRow(line, (sku, house), quantity, own, number, is_count))
    mistakes += _twice(found)
    return found, mistakes


def plan(
    rows: Sequence[StockRow], booked: Iterable[Booked], levels: Mapping[Key, Level], reason: str, actor: str,
    at: datetime,
) -> Booking:
    """Match the rows with what was booked before: known ones are left out, one that was booked otherwise stops all."""
    past: dict[tuple[str, Key, bool], list[Booked]] = defaultdict(list)
    by_number: dict[tuple[str, str, bool], Booked] = {}
    for one in booked:
        past[one.document, one.key, one.is_count].append(one)
        if one.number:
            by_number[one.document, one.number, one.is_count] = one
    mistakes: list[RowMistake] = []
    fresh: list[StockRow] = []
    waiting: dict[tuple[str, Key, bool], list[StockRow]] = defaultdict(list)
    for row in rows:
        mine = by_number.get((row.document, row.number, row.is_count)) if row.number else None
        if mine is None:
            waiting[row.document, row.key, row.is_count].append(row)
        elif (mine.key, mine.quantity) != (row.key, row.quantity):
            mistakes.append(_otherwise(row, mine))
        else:
            past[row.document, mine.key, row.is_count].remove(mine)
    for place, group in waiting.items():
        new, wrong = _match(group, past.get(place, []))
        fresh += new
        mistakes += wrong
    movements = _movements(fresh, past, levels, reason, actor, at, mistakes)
    return Booking(() if mistakes else movements, len(rows) - len(fresh), tuple(sorted(mistakes, key=lambda m: m.line)))


def _match(group: list[StockRow], past: list[Booked]) -> tuple[list[StockRow], list[RowMistake]]:
    """Rows of one document, SKU and warehouse against what was booked of it: equal ones are known, in any order."""
    left = list(past)
    new: list[StockRow] = []
    for row in group:
        same = next((b for b in left if b.quantity == row.quantity and not (b.number and row.number)), None)
        if same is None:
            new.append(row)
        else:
            left.remove(same)
    other = [b for b in left if not any(b.number and row.number for row in new)]
    return ([], [_otherwise(new[0], other[0])]) if new and other else (new, [])


def _movements(
    rows: Sequence[StockRow], past: Mapping[tuple[str, Key, bool], list[Booked]], levels: Mapping[Key, Level],
    reason: str, actor: str, at: datetime, mistakes: list[RowMistake],
) -> tuple[Movement, ...]:
    counts: dict[tuple[str, Key, bool], int] = {}
    sums: dict[Key, int] = {key: level.on_hand for key, level in levels.items()}
    made = []
    for row in rows:
        place = (row.document, row.key, row.is_count)
        counts[place] = counts.get(place, len(past.get(place, ()))) + 1
        delta = row.quantity - sums[row.key] if row.is_count else row.quantity
        sums[row.key] += delta
        if sums[row.key] > LEVEL_MAX:
            mistakes.append(RowMistake(row.line, "quantity", str(row.quantity), f"入库后会超过 {LEVEL_MAX} 件",
                                    f"more than {LEVEL_MAX} units would lie there"))
        made.append(Movement(*row.key, "stocktake" if row.is_count else "receive", cause_of(row, counts[place]),
                             reason, actor, at, on_hand=delta))
    return tuple(made)


def cause_of(row: StockRow, occurrence: int) -> str:
    """The row's identity in the ledger: `file/<document>/#<line>` or `file/<document>/<sku>@<warehouse>/<n>`.

    A count keeps its figure behind `=`, because its movement is only the difference.
    """
    place = f"#{_quoted(row.number)}" if row.number else f"{row.key[0]}@{row.key[1]}/{occurrence}"
    return f"file/{_quoted(row.document)}/{place}" + (f"={row.quantity}" if row.is_count else "")


def booked_of(cause: str, key: Key, kind: str, on_hand: int) -> Booked:
    """The opposite of `cause_of`, of a movement in the ledger."""
    _, document, place = cause.split("/", 2)
    place, _, figure = place.partition("=")
    number = _unquoted(place[1:]) if place.startswith("#") else ""
    return Booked(_unquoted(document), key, int(figure) if figure else on_hand, number, kind == "stocktake")


def prefix_of(document: str) -> str:
    """How every cause of a document begins."""
    return f"file/{_quoted(document)}/"


def _known(
    line: int, column: str, code: str, known: Mapping[str, int], named: Collection[str], what: Words,
    mistakes: list[RowMistake],
) -> int | None:
    found = known.get(code)
    if found is None and not code:
        mistakes.append(RowMistake(line, column, "", f"没有{what.zh}", f"no {what.en}"))
    elif found is None:
        near = difflib.get_close_matches(code, named, n=3) if len(named) <= 50_000 else []
        hint = ("；请先登记", "; add it first")
        if near:
            hint = (f"；是不是 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?")
        mistakes.append(RowMistake(line, column, code[:60], f"没有{what.zh}“{code[:60]}”{hint[0]}",
                                f'there is no {what.en} "{code[:60]}"{hint[1]}'))
    return found


def _quantity(line: int, column: str, text: str, is_count: bool, mistakes: list[RowMistake]) -> int | None:
    value = whole_number(text)
    least = 0 if is_count else 1
    if value is not None and least <= value <= UNITS_MAX:
        return value
    shown = text[:60]
    zh = f"数量“{shown}”应是 {least} 到 {UNITS_MAX} 的整数"
    en = f'quantity "{shown}" must be a whole number from {least} to {UNITS_MAX}'
    if value is not None and value < least:
        zh += "；减少库存用 orderloom stock adjust，盘点用“盘点数”列"
        en += "; to take stock away use orderloom stock adjust, for a stocktake the column `counted`"
    mistakes.append(RowMistake(line, column, shown, zh, en))
    return None


def _plain(line: int, given: Mapping[str, str], mistakes: list[RowMistake]) -> None:
    for column, text in given.items():
        if text and (wrong := spelling_problem(text)):
            mistakes.append(RowMistake(line, column, text[:60], wrong.zh, wrong.en))


def _twice(rows: Sequence[StockRow]) -> list[RowMistake]:
    """A document's line that stands twice, and a SKU counted twice in one warehouse: nobody can say which is right."""
    seen: dict[tuple[object, ...], int] = {}
    found = []
    for row in rows:
        if not (row.number or row.is_count):
            continue
        place = (row.document, row.number, row.is_count) if row.number else (row.document, row.key)
        if place in seen:
            what = f"{row.document} {row.number}".strip() or str(row.quantity)
            found.append(RowMistake(row.line, "line" if row.number else "counted", what[:60],
                                 f"与第 {seen[place]} 行重复，请只留一行",
                                 f"stands on line {seen[place]} too: keep one"))
        seen.setdefault(place, row.line)
    return found


def _otherwise(row: StockRow, past: Booked) -> RowMistake:
    document = row.document or "-"
    return RowMistake(
        row.line, "quantity", str(row.quantity),
        f"这一行此前已按 {past.quantity} 入账（单号 {document}），现在写的是 {row.quantity}。"
        "更正用 orderloom stock adjust 或盘点；如果是新到的货，请用 --document 写上新的单号",
        f"this row was booked before with {past.quantity} (document {document}) and says {row.quantity} now. "
        "Correct it with orderloom stock adjust or a stocktake; if these are new goods give their own number by "
        "--document",
    )


def _quoted(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F").replace("=", "%3D").replace("#", "%23")


def _unquoted(text: str) -> str:
    return text.replace("%23", "#").replace("%3D", "=").replace("%2F", "/").replace("%25", "%")
