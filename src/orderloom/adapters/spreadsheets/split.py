"""Splits files of orders into one item per order, with the exact bytes of its rows; the unreadable stands alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from orderloom.adapters.spreadsheets.columns import missing, strangers
from orderloom.adapters.spreadsheets.encoding import Buffer
from orderloom.adapters.spreadsheets.exports import LINES, ORDERS
from orderloom.adapters.spreadsheets.group import Group, grouped
from orderloom.adapters.spreadsheets.join import cells_of, joined
from orderloom.adapters.spreadsheets.limits import EVIDENCE_BYTES_MAX, ORDER_BYTES_MAX
from orderloom.adapters.spreadsheets.problems import in_words, whole_file, with_row
from orderloom.adapters.spreadsheets.tables import Table, tables
from orderloom.adapters.spreadsheets.unfit import Unfit
from orderloom.application.ports import UNREADABLE, Account, Item
from orderloom.domain.draft import Problem

Context = tuple[tuple[str, str], ...]
USUAL = (("default_currency", "CNY"), ("default_payment", "paid"))
"""What an account that says nothing says; only another word makes another delivery of the same rows."""
GIVEN = ("file_zone", "constants")
"""What whoever imports a file may say of it alone."""
Progress = Callable[[int], None]


class SplitFile(msgspec.Struct, frozen=True):
    """What a file holds: items in the order of their first rows, and why some of them are `unreadable`."""

    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    encoding: str = ""
    rows: int = 0
    unfit: str = ""
    """Why the file as a whole could not be split; then it is the one item."""


class Cut(msgspec.Struct, frozen=True):
    """One order or unreadable piece, with what is wrong with it."""

    item: Item
    problem: Problem | None = None
    rows: int = 0
    """How many rows of the file are in it."""


class Summary(msgspec.Struct, frozen=True):
    """What stands at the end: rows read, encoding, and why nothing could be read at all."""

    rows: int
    encoding: str = ""
    unfit: str = ""


def split(name: str, body: bytes, account: Account, progress: Progress | None = None) -> SplitFile:
    """Cut the file `name` into items of topic `row` (one order) and `unreadable` (a row, an order or the file itself).

    `progress` is told the number of rows read so far. Never raises for what is in the file.
    """
    cuts: list[Cut] = []
    summary = Summary(0)
    for one in cut([(name, body)], account.settings, account.zone, account.code, progress):
        if isinstance(one, Cut):
            cuts.append(one)
        else:
            summary = one
    problems = tuple(one.problem for one in cuts if one.problem)
    items = tuple(one.item for one in cuts)
    return SplitFile(items, problems, summary.encoding, summary.rows, summary.unfit)


def cut(
    files: Iterable[tuple[str, Buffer]], settings: Mapping[str, Any], zone: str, code: str,
    progress: Progress | None = None,
) -> Iterator[Cut | Summary]:
    """The items of these files, which belong together, and at last a summary. Never raises for what is in them."""
    given = list(files)
    shown = " + ".join(name for name, _ in given)
    try:
        found = [table for name, body in given for table in _tables(name, body, settings, zone)]
        _must_be_whole(found, code, settings.get("constants") or {})
        made, count = _orders(found, progress)
    except Unfit as unfit:
        head = bytes(given[0][1][:EVIDENCE_BYTES_MAX])
        yield cut_of_unfit(shown, head, hashlib.sha256(given[0][1]).hexdigest(), unfit.code, unfit.detail)
        yield Summary(0, unfit=unfit.code)
        return
    if not count:
        yield Summary(0, found[0].encoding)
        return
    for table, group in made:
        yield _item(group, table)
    yield Summary(count, "excel" if found[0].sheet else found[0].encoding)


def _tables(name: str, body: Buffer, settings: Mapping[str, Any], zone: str) -> Iterator[Table]:
    for table in tables(name, body, settings, zone):
        if table.export.half:
            table.digest = hashlib.sha256(body).hexdigest()
        yield table


def cut_of_unfit(name: str, head: bytes, digest: str, code: str, detail: str = "") -> Cut:
    """The item of a file that could not be read: its beginning as evidence, and the reason in words."""
    problem = whole_file(code, name, detail)
    context = (("file", name), ("reason", code), ("reason_text", in_words(name, problem)))
    return Cut(Item(UNREADABLE, head, f"unreadable:{code}:{digest}", context), problem)


def _must_be_whole(found: list[Table], code: str, constants: Mapping[str, str]) -> None:
    halves = {table.export.half for table in found}
    if halves in ({ORDERS}, {LINES}):
        raise Unfit(f"half_{halves.pop()}")
    for table in found:
        if not table.export.half and (lacking := missing(table.header, constants)):
            zh, en = "、".join(one[0] for one in lacking), ", ".join(one[1] for one in lacking)
            columns = ", ".join(strangers(table.header)) or "-"
            how = f"orderloom connect files --code {code} --setting 'columns=%s={lacking[0][0]}'"
            raise Unfit("columns_missing", f"缺 {zh}；没有认出的列：{columns}；请告诉系统：{how % '您的列名'} | "
                        f"missing: {en}; not recognised: {columns}; say which: {how % 'YOUR COLUMN'}")


def _orders(found: list[Table], progress: Progress | None) -> tuple[list[tuple[Table, Group]], int]:
    """Every order with the table that its rows are of; the two halves of an export become one table."""
    made: list[tuple[Table, Group]] = []
    total = 0
    halves: dict[str, list[tuple[Table, list[Group]]]] = {ORDERS: [], LINES: []}
    for table in found:
        before = total
        groups, count = grouped(table.header, table.rows, progress and _after(before, progress))
        total += count
        if table.export.half:
            halves[table.export.half].append((table, groups))
        else:
            made += [(table, group) for group in groups]
    if halves[ORDERS]:
        made += joined(halves[ORDERS], halves[LINES])
    return made, total


def _after(before: int, progress: Progress) -> Progress:
    return lambda done: progress(before + done)


def _item(group: Group, table: Table) -> Cut:
    number = group.rows[0][0]
    told: Context = (*table.context, ("row", str(number)))
    size = sum(len(place) if isinstance(place, bytes) else place[1] - place[0] for _, place in group.rows)
    problem = group.problem
    if size > ORDER_BYTES_MAX and not problem:
        problem = ("order_too_long", number, "")
    if not problem:
        body = _body(group, table)
        return Cut(Item("row", body, _identity("row", body, table.context), told), rows=len(group.rows))
    body = _evidence(group, table)
    words = with_row(*problem, sheet=table.sheet)
    told = (*told, ("reason", problem[0]), ("reason_row", str(problem[1])),
            ("reason_text", in_words(table.name, words)))
    return Cut(Item(UNREADABLE, body, _identity("unreadable", body, table.context), told), words, len(group.rows))


def _body(group: Group, table: Table) -> bytes:
    """The rows' exact bytes; where the file writes decimals with a comma, its figures with a point."""
    if not table.decimals.told:
        return _joined([table.raw(place) for _, place in group.rows], table.encoding)
    return table.decimals.pointed(cells_of(table, place) for _, place in group.rows).encode(table.encoding)


def _evidence(group: Group, table: Table) -> bytes:
    """The rows of what is unreadable, as far as a person would look; the file itself has all of it."""
    found: list[bytes] = []
    left = EVIDENCE_BYTES_MAX * 16
    for _, place in group.rows:
        raw = table.raw(place)[:left]
        found.append(raw)
        left -= len(raw)
        if left <= 0:
            break
    return _joined(found, table.encoding)


def _joined(raws: list[bytes], encoding: str) -> bytes:
    """The rows' bytes. Only where the file's last line has no line end and is not the last one here, one is put in."""
    ends = ("\n".encode(encoding), "\r".encode(encoding))
    return b"".join([*(raw if raw.endswith(ends) else raw + ends[0] for raw in raws[:-1]), raws[-1]])


def _identity(topic: str, body: bytes, context: Context) -> str:
    """Same rows under the same columns are one delivery, from whichever file; a mended header makes a new one, and so
    does what the account, or who imports it, said since of the file's zone, dates, constants, currency and payment."""
    known = dict(context)
    told = [known[name] for name in ("columns", "encoding", "delimiter", "dates", *GIVEN) if name in known]
    told += [known[name] for name, usual in USUAL if known.get(name, usual) != usual]
    digest = hashlib.sha256("\0".join([*told, ""]).encode())
    digest.update(body)
    return f"{topic}:{digest.hexdigest()}"
