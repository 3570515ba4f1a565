"""Splits a file of orders into one item per order, with the exact bytes of its rows; the unreadable stands alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

import msgspec

from orderloom.adapters.channels.files.columns import Header, header_line
from orderloom.adapters.channels.files.encoding import read
from orderloom.adapters.channels.files.order_numbers import are_rounded, is_damaged, order_no
from orderloom.adapters.channels.files.problems import whole_file, with_row
from orderloom.adapters.channels.files.rows import Row, rows
from orderloom.adapters.channels.files.workbook import NotAWorkbook, is_workbook, sheets
from orderloom.application.ports import Account, Item
from orderloom.domain.draft import Problem

FILE_BYTES_MAX = 256 * 1024 * 1024
PROGRESS_ROWS = 5_000
PAYMENT_WORDS = ("状态", "付款", "支付", "status", "paid", "payment", "狀態")
"""A column with one of these in its name tells whether an order is paid."""


class SplitFile(msgspec.Struct, frozen=True):
    """What a file holds: items in the order of their first rows, and why some of them are `unreadable`."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    encoding: str = ""
    rows: int = 0
    refused: str = ""
    """Why the file as a whole could not be split; then it is the one item."""


class _Group(msgspec.Struct):
    """The rows of one order; `problem` (code, row number) makes the whole order unreadable, for half of it is wrong."""

    rows: list[Row]
    problem: tuple[str, int] | None = None

    def add(self, row: Row, problem: str) -> None:
        self.rows.append(row)
        if problem and not self.problem:
            self.problem = (problem, row.number)


def split(name: str, body: bytes, account: Account, progress: Callable[[int], None] | None = None) -> SplitFile:
    """Cut the file `name` into items of topic `row` (one order) and `unreadable` (a row, an order or the file itself).

    `progress` is told the number of rows read so far. Never raises for what is in the file.
    """
    renames = account.settings.get("columns") or {}
    if len(body) > FILE_BYTES_MAX:
        return _refused(name, body, "file_too_large")
    if is_workbook(body):
        return _split_workbook(name, body, account, progress)
    reading = read(body, str(account.settings.get("encoding") or ""), renames)
    header = reading.header
    if header is None:
        return _refused(name, body, "header_missing" if body.strip() else "file_empty")
    found = rows(reading.lines, header.index + 1, reading.encoding, header.delimiter, len(header.names))
    facts = (("file", name), ("encoding", reading.encoding), ("delimiter", header.delimiter))
    return _split_rows(found, header, facts, account, progress)


def _split_workbook(name: str, body: bytes, account: Account, progress: Callable[[int], None] | None) -> SplitFile:
    parts = []
    try:
        for sheet, header, found in sheets(body, account.settings.get("columns") or {}):
            facts = (("file", name), ("sheet", sheet), ("encoding", "utf-8"), ("delimiter", ","))
            parts.append(_split_rows(found, header, facts, account, progress))
    except NotAWorkbook as error:
        return _refused(name, body, "workbook_broken", str(error))
    if not parts:
        return _refused(name, body, "header_missing")
    items = tuple(item for part in parts for item in part.items)
    problems = tuple(problem for part in parts for problem in part.problems)
    return SplitFile(items, problems, "excel", sum(part.rows for part in parts))


def _split_rows(
    found: Iterable[Row],
    header: Header,
    facts: tuple[tuple[str, str], ...],
    account: Account,
    progress: Callable[[int], None] | None,
) -> SplitFile:
    groups, count = _grouped(found, header, progress)
    encoding = dict(facts)["encoding"]
    settings = account.settings
    context = (
        ("columns", header_line(header)),
        *facts,
        ("content-type", f"text/csv; charset={encoding}"),
        ("default_currency", str(settings.get("default_currency") or "CNY")),
    )
    if not any(word in name for name in header.names for word in PAYMENT_WORDS):
        context = (*context, ("default_payment", str(settings.get("default_payment") or "paid")))
    items, problems = [], []
    for group in groups:
        item, problem = _item(group, context, header.names)
        items.append(item)
        problems += [problem] if problem else []
    return SplitFile(tuple(items), tuple(problems), encoding, count)


def _grouped(found: Iterable[Row], header: Header, progress: Callable[[int], None] | None) -> tuple[list[_Group], int]:
    """Rows by order number, in the order of first appearance.

    A row that cannot be read is put to its order when its number is legible, or when the rows before and after it
    belong to one order: an order that lacks a line must not ship. Otherwise it stands alone.
    """
    at = header.order_no_at()
    groups: dict[str, _Group] = {}
    alone: list[_Group] = []
    waiting: list[_Group] = []
    last, count = "", 0
    for count, row in enumerate(found, 1):
        number = order_no(row.cells[at])
        problem = row.problem or (
            "order_no_missing" if not number else "order_no_damaged" if is_damaged(number) else ""
        )
        if progress and count % PROGRESS_ROWS == 0:
            progress(count)
        if problem and (not number or "\ufffd" in number or problem == "order_no_damaged"):
            waiting.append(_Group([row], (problem, row.number)))
            continue
        group = groups.setdefault(number, _Group([]))
        if number == last:
            for lost in waiting:
                group.add(lost.rows[0], lost.problem[0] if lost.problem else "")
        else:
            alone += waiting
        waiting, last = [], number
        group.add(row, problem)
    if are_rounded(groups):
        for group in groups.values():
            group.problem = group.problem or ("order_no_rounded", group.rows[0].number)
    return sorted([*groups.values(), *alone, *waiting], key=lambda one: one.rows[0].number), count


def _item(group: _Group, context: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> tuple[Item, Problem | None]:
    body = _joined(group.rows, dict(context)["encoding"])
    told = (*context, ("row", str(group.rows[0].number)))
    problem = None
    topic = "row"
    if group.problem:
        topic = "unreadable"
        problem = with_row(group.problem[0], group.problem[1], group.rows, names)
        told = (
            *told,
            ("reason", group.problem[0]),
            ("reason_row", str(group.problem[1])),
            ("reason_text", problem.mend),
        )
    return Item(topic, body, _identity(topic, body, context), told), problem


def _joined(found: list[Row], encoding: str) -> bytes:
    """The rows' bytes. Only where the file's last line has no line end and is not the last one here, one is put in."""
    ends = ("\n".encode(encoding), "\r".encode(encoding))
    raws = [row.raw if row.raw.endswith(ends) else row.raw + ends[0] for row in found[:-1]]
    return b"".join([*raws, found[-1].raw])


def _identity(topic: str, body: bytes, context: tuple[tuple[str, str], ...]) -> str:
    """Same rows under the same columns are one delivery, from whichever file; a mended header makes a new one."""
    facts = dict(context)
    digest = hashlib.sha256("\0".join([facts["columns"], facts["encoding"], facts["delimiter"], ""]).encode())
    digest.update(body)
    return f"{topic}:{digest.hexdigest()}"


def _refused(name: str, body: bytes, code: str, detail: str = "") -> SplitFile:
    problem = whole_file(code, name, detail)
    context = (("file", name), ("reason", code), ("reason_text", problem.mend))
    item = Item("unreadable", body, f"unreadable:{hashlib.sha256(body).hexdigest()}", context)
    return SplitFile((item,), (problem,), refused=code)
