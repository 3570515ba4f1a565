"""Puts the rows of a table together by order; a row without a number goes to the order above when it plainly is its."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import msgspec

from orderloom.adapters.spreadsheets.columns import Header, decisive, names_of, roles
from orderloom.adapters.spreadsheets.limits import ROWS_MAX, ROWS_PER_ORDER_MAX
from orderloom.adapters.spreadsheets.order_numbers import are_rounded, is_damaged, is_merged, order_no
from orderloom.adapters.spreadsheets.rows import Place, Row
from orderloom.adapters.spreadsheets.unfit import Unfit

PROGRESS_ROWS = 5_000
SUMMARY = re.compile(r"^\W*(合计|总计|小计|共计|汇总|合計|總計|grand total|total|sum)(?!\w)\W*", re.IGNORECASE)
NEGATIVE = re.compile(r"^[\s'`=\"]*(?:[-−－]\s*[¥￥$]?\s*[\d.]|[¥￥$]\s*[-−－]\s*\d|\(\s*[¥￥$]?[\d.,]+\s*\)$)")
ZERO = re.compile(r"^[\s'`=\"]*0+(?:\.0*)?[\s\"]*$")
RETURNS = re.compile(r"退货|退款单|退換|退换|换货单|return|refund", re.IGNORECASE)
DITTO = re.compile(r"[\s\"'“”〃″´`^↑=\-－—–~～.…]+|同(上|前|上行)|ditto|id\.?|as above|\(?空白\)?", re.IGNORECASE)
"""What people write, or a program leaves, where a cell is the same as the one above."""
CANCELLED = re.compile(r"已取消|取消|cancell?ed", re.IGNORECASE)
"""Of what is cancelled a report may state no units."""
KIND_COLUMNS = ("订单类型", "单据类型", "业务类型", "类型", "order_type", "type")


class Group(msgspec.Struct):
    """The rows of one order (number, place); `problem` (code, row, columns) makes the whole order unreadable, for
    half of it is wrong."""

    rows: list[tuple[int, Place]]
    number: str = ""
    problem: tuple[str, int, str] | None = None

    def add(self, row: Row, problem: str = "", columns: str = "") -> None:
        """Take a row in; the first problem stays."""
        self.rows.append((row.number, row.place))
        if problem and not self.problem:
            self.problem = (problem, row.number, columns)
        if len(self.rows) > ROWS_PER_ORDER_MAX and not self.problem:
            self.problem = ("order_too_long", row.number, "")


class Layout:
    """Where in the rows of a table stands what this module looks at."""

    def __init__(self, header: Header) -> None:
        self.names, self.order_no = header.names, header.order_no_at()
        self.doubled = [pair for pair in header.doubled if header.names[pair[0]] in decisive()]

    def _of(self, names: Sequence[str] | frozenset[str]) -> list[int]:
        return [at for at, name in enumerate(self.names) if name in names and at != self.order_no]

    def _first(self, names: Sequence[str]) -> list[int]:
        found = [name for name in names if name in self.names]
        return [self.names.index(found[0])] if found else []

    @cached_property
    def sku(self) -> list[int]:
        return self._of(names_of("lines", "sku_external"))

    @cached_property
    def quantity(self) -> list[int]:
        return self._first(names_of("lines", "quantity"))

    @cached_property
    def money(self) -> list[int]:
        return self._of((*names_of("lines", "price"), *names_of("fields", "total"), *names_of("fields", "freight")))

    @cached_property
    def kind(self) -> list[int]:
        return self._first(KIND_COLUMNS)

    @cached_property
    def status(self) -> list[int]:
        return self._of((*names_of("fields", "native"), *names_of("lines", "native")))

    @cached_property
    def receiver(self) -> list[int]:
        return self._of(roles().receiver)

    @cached_property
    def order(self) -> list[int]:
        return self._of(roles().order)

    @cached_property
    def price(self) -> list[int]:
        return self._of(names_of("lines", "price"))


def grouped(
    header: Header, found: Iterable[Row], progress: Callable[[int], None] | None = None
) -> tuple[list[Group], int]:
    """The orders of a table in the order of their first rows, and how many rows there were. Raises `Unfit`."""
    table = _Grouping(Layout(header))
    count = 0
    for count, row in enumerate(found, 1):
        if count > ROWS_MAX:
            raise Unfit("too_many_rows")
        if progress and count % PROGRESS_ROWS == 0:
            progress(count)
        table.take(row)
    return table.end(), count


class _Grouping:
    """A row that cannot be read is put to its order when its number is legible, or when the rows before and after it
    belong to one order: an order that lacks a line must not ship. Otherwise it stands alone."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.groups: dict[str, Group] = {}
        self.alone: list[Group] = []
        self.waiting: list[Group] = []
        self.last = ""
        self.above: Group | None = None
        self.orphan: Group | None = None
        self.first: list[str] = []

    def take(self, row: Row) -> None:
        number = order_no(row.cells[self.layout.order_no])
        if DITTO.fullmatch(number):
            number = ""
        if not row.problem and (not number or SUMMARY.match(number)):
            self._unnumbered(row)
            return
        problem, columns = row.problem or ("order_no_damaged" if is_damaged(number) else ""), ""
        if problem in ("broken_bytes", "order_no_damaged") and (not number or "\ufffd" in number or is_damaged(number)):
            self.above = Group([], problem=(problem, row.number, ""))
            self.above.add(row)
            self.waiting.append(self.above)
            self.first = row.cells
            return
        if not number:
            self._set_aside(row, problem)
            return
        if not problem:
            problem, columns = ("order_no_merged", "") if is_merged(number) else wrong_value(row, self.layout)
        if number not in self.groups:
            self.groups[number] = Group([], number)
        self._join(number, row, problem, columns)

    def _join(self, number: str, row: Row, problem: str, columns: str) -> None:
        group = self.groups[number]
        if number == self.last:
            for lost in self.waiting:
                group.rows += lost.rows
                group.problem = group.problem or lost.problem
        else:
            self.alone += self.waiting
            self._adopt(group, row)
            self.first = row.cells
        self.waiting, self.last, self.above = [], number, group
        group.add(row, problem, columns)

    def _adopt(self, group: Group, row: Row) -> None:
        """Rows without a number, just above and for the same receiver, may be the order's: it waits for a person."""
        orphan, self.orphan = self.orphan, None
        if orphan is None or not orphan.rows or self._differs(row.cells, self.layout.receiver):
            return
        group.rows += orphan.rows
        group.problem = group.problem or orphan.problem
        orphan.rows = []

    def _unnumbered(self, row: Row) -> None:
        """Blank means "as above" in pivots, printed lists, un-merged cells, when nothing in the row says otherwise."""
        layout, cells = self.layout, row.cells
        has_sku, has_quantity = (any(cells[at].strip() for at in some) for some in (layout.sku, layout.quantity))
        has_sum = any(SUMMARY.fullmatch(cell.strip()) for cell in cells)
        if has_sum and (not has_sku or any(SUMMARY.fullmatch(cells[at].strip()) for at in layout.sku)):
            return
        if not (has_sku or has_quantity or any(cells[at].strip() for at in layout.price)):
            self.alone.append(Group([(row.number, row.place)], problem=("order_no_missing", row.number, "")))
        elif self.above is None or self._differs(cells, layout.receiver):
            self.above = self.orphan = Group([(row.number, row.place)], problem=("order_no_missing", row.number, ""))
            self.alone.append(self.above)
            self.first, self.last = cells, ""
        elif not (has_sku and has_quantity) or self._differs(cells, layout.order):
            self._set_aside(row, "order_no_missing")
        else:
            self.above.add(row, *wrong_value(row, layout))

    def _set_aside(self, row: Row, problem: str) -> None:
        """Maybe a line of the order above: that order waits for a person, with the row beside it."""
        if self.above is None:
            self.above = Group([])
            self.alone.append(self.above)
        self.above.add(row, problem)

    def _differs(self, cells: Sequence[str], columns: Sequence[int]) -> bool:
        said = [(at, cell) for at in columns if (cell := cells[at].strip()) and not DITTO.fullmatch(cell)]
        return any(cell != self.first[at].strip() for at, cell in said)

    def end(self) -> list[Group]:
        if are_rounded(self.groups):
            for group in self.groups.values():
                group.problem = group.problem or ("order_no_rounded", group.rows[0][0], "")
        found = [one for one in (*self.groups.values(), *self.alone, *self.waiting) if one.rows]
        return sorted(found, key=lambda one: one.rows[0][0])


def wrong_value(row: Row, layout: Layout) -> tuple[str, str]:
    """What in a readable row no order may have: (code, columns), empty when it is right."""
    cells = row.cells
    for first, again in layout.doubled:
        if cells[first].strip() and cells[again].strip() not in ("", cells[first].strip()):
            return "column_doubled", layout.names[first]
    for at in layout.kind:
        if RETURNS.search(cells[at]):
            return "return_row", layout.names[at]
    is_over = any(CANCELLED.fullmatch(cells[at].strip()) for at in layout.status)
    for at in layout.quantity:
        if NEGATIVE.match(cells[at]) or (ZERO.match(cells[at]) and not is_over):
            return "quantity_not_positive", layout.names[at]
    wrong = [layout.names[at] for at in layout.money if NEGATIVE.match(cells[at])]
    return ("amount_negative", ", ".join(wrong)) if wrong else ("", "")
