"""Joins the two halves of an export, orders and their lines, into one table by the order number."""

from __future__ import annotations

import csv
import io
from collections import Counter

import msgspec

from orderloom.adapters.spreadsheets.columns import Header, header_line, names_of, roles
from orderloom.adapters.spreadsheets.decimals import Decimals
from orderloom.adapters.spreadsheets.encoding import text_of
from orderloom.adapters.spreadsheets.group import Group
from orderloom.adapters.spreadsheets.rows import Place, parse
from orderloom.adapters.spreadsheets.tables import Table

Half = tuple[Table, list[Group]]
LINE_PREFIX = "子"
"""A column of the lines that the orders have too is one of the sub-order: 订单状态 becomes 子订单状态."""


def joined(orders: list[Half], lines: list[Half]) -> list[tuple[Table, Group]]:
    """One group per order, its rows rendered with the columns of both halves; what lacks its other half is unreadable.

    Several files of one half count as one file. An order that stands twice is taken as in the last file; one whose
    lines are shared out between files is unreadable, for half of it would ship.
    """
    heads = {group.number: (table, group) for table, groups in orders for group in groups if group.number}
    made: list[tuple[Table, Group]] = [
        (table, group) for table, groups in [*orders, *lines] for group in groups if not group.number
    ]
    tails: dict[str, list[tuple[Table, Group]]] = {}
    for table, groups in lines:
        for group in groups:
            if group.number in heads:
                tails.setdefault(group.number, []).append((table, group))
            elif group.number:
                group.problem = group.problem or ("order_row_missing", group.rows[0][0], "")
                made.append((table, group))
    tables: dict[tuple[int, int], Table] = {}
    for number, (table, group) in heads.items():
        found = tails.get(number)
        if not found:
            group.problem = group.problem or ("lines_missing", group.rows[0][0], "")
            made.append((table, group))
            continue
        if any(_lines(*one) - _lines(*found[-1]) for one in found[:-1]):
            group.problem = group.problem or ("lines_in_several_files", group.rows[0][0], "")
            made.append((table, group))
            continue
        key = (id(table), id(found[-1][0]))
        tables[key] = tables.get(key) or _table(table, found[-1][0])
        made.append((tables[key], _order(table, group, *found[-1])))
    return made


def _lines(table: Table, group: Group) -> Counter[tuple[str, ...]]:
    """An order's lines as they are told apart: by number and code, and not by what changes from export to export."""
    telling = {*names_of("lines", "external_id"), *names_of("lines", "sku_external")}
    places = [at for at, name in enumerate(table.header.names) if name in telling and at != table.header.order_no_at()]
    rows = [cells_of(table, place) for _, place in group.rows]
    return Counter(tuple(cells[at] for at in places) if places else tuple(cells) for cells in rows)


def _order(head_table: Table, head: Group, tail_table: Table, tail: Group) -> Group:
    order = cells_of(head_table, head.rows[0][1])
    kept = _kept(head_table.header)
    rows: list[tuple[int, Place]] = []
    for _, place in tail.rows:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow([*(order[at] for at in kept), *cells_of(tail_table, place)])
        rows.append((head.rows[0][0], out.getvalue().encode()))
    if tail.problem and not head.problem:
        code, number, columns = tail.problem
        return Group(rows, head.number, (code, number, f"{tail_table.name} {columns}"))
    return Group(rows, head.number, head.problem)


def _kept(header: Header) -> list[int]:
    """Columns of an order's row that speak of the order: its titles and totals of goods are no lines."""
    return [at for at, name in enumerate(header.names) if name not in roles().line]


def _table(orders: Table, lines: Table) -> Table:
    names = [orders.header.names[at] for at in _kept(orders.header)]
    order_no = lines.header.order_no_at()
    for at, name in enumerate(lines.header.names):
        twin = name in names or at == order_no
        names.append(f"{LINE_PREFIX}{name}" if twin and at != order_no else f"{name}_2" if twin else name)
    header = Header(orders.header.index, ",", tuple(names), orders.header.hits)
    known = dict(orders.known) | {
        "columns": header_line(header), "file": f"{orders.name} + {lines.name}", "encoding": "utf-8", "delimiter": ",",
        "content-type": "text/csv; charset=utf-8",
        "halves": f"unreadable:half_orders:{orders.digest} unreadable:half_lines:{lines.digest}",
    }
    return msgspec.structs.replace(
        orders, name=known["file"], header=header, encoding="utf-8", known=tuple(known.items()), rows=(), body=b"",
        decimals=Decimals(header, "point"),
    )


def cells_of(table: Table, place: Place) -> list[str]:
    """The cells of a row, brought to the table's width."""
    text = text_of(table.raw(place), table.encoding)[0]
    delimiter = table.header.delimiter
    cells = parse(text.splitlines(keepends=True), delimiter)[0] or text.rstrip("\r\n").split(delimiter)
    width = len(table.header.names)
    return [cell.strip() for cell in cells[:width]] + [""] * (width - len(cells))
