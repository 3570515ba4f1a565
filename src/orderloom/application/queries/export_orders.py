"""Write the orders of a filter into a table to be downloaded, as wide as the list is and as the caller may see it."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.shapes import NOWHERE, Job, ResultFiles, Stepped
from orderloom.application.not_kept import NotKept
from orderloom.application.queries.export_columns import CELLS, TableWords, cells_of
from orderloom.application.queries.order_filter import OrderFilter
from orderloom.application.queries.order_list import NEWEST, Open, list_orders, receivers_of
from orderloom.application.queries.order_query import OrderQuery, meant
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.vocabulary import Vocabulary
from orderloom.domain.defuse import defused
from orderloom.domain.words import Words

EXPORT = "export_orders"
ROWS_MAX = 200_000
CHUNK = 500
DIGITS_MAX = 11
"""A longer number, or one with a zero before it, is text in a table: it would be rounded, or lose the zero."""
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
CUT = Words(f"只导出了前 {ROWS_MAX} 单，请缩小筛选分几次导出",
            f"the first {ROWS_MAX} only: narrow the filter and export again")


class ExportAsked(msgspec.Struct, frozen=True):
    """What to export: a filter, or chosen orders (`ids`), as of an instant; which columns, in which form and language.

    `reason`: personal data in clear text is wanted, and why. `only_closed`: the caller may export closed orders alone.
    """

    query: OrderQuery
    columns: tuple[str, ...]
    form: Literal["csv", "xlsx"]
    as_of: datetime
    sort: str = NEWEST
    language: Literal["zh", "en"] = "zh"
    ids: tuple[str, ...] | None = None
    reason: str = ""
    only_closed: bool = False


class _Place(msgspec.Struct, frozen=True):
    """How far it is: the cursor of the list, the bytes of the draft, the rows."""

    cursor: str = ""
    bytes: int = 0
    rows: int = 0


class ExportPorts(Protocol):
    """Ports of the hub."""

    def reading(self, seconds: float = 0.0) -> AbstractAsyncContextManager[Connection]: ...


class ExportVault(Protocol):
    """What opens receivers and finds phone numbers."""

    @property
    def show_receiver(self) -> Open: ...
    def phone_index(self, phone: str) -> bytes | None: ...


class ExportHub(Protocol):
    """What of the hub is needed."""

    @property
    def ports(self) -> ExportPorts: ...
    @property
    def vault(self) -> ExportVault: ...
    @property
    def job_files(self) -> ResultFiles: ...
    async def directory(self) -> Directory: ...


Workbook = Callable[[Iterable[Sequence[str]]], Iterator[bytes]]
"""An Excel workbook of rows of text, piece by piece."""
Unmasked = Callable[[str, str, str], Awaitable[None]]
"""Writes down who saw the personal data of an order, and why."""


def checked_columns(names: Sequence[str], caller: Caller) -> tuple[str, ...]:
    """The columns that the caller may see of those that are wanted. Raises NotKept for one that there is none of."""
    for name in names:
        if name not in CELLS:
            raise NotKept("wrong_value", f"没有列“{name[:40]}”；可用：{'、'.join(CELLS)}",
                          f'there is no column "{name[:40]}"; known: {", ".join(CELLS)}')
    return tuple(name for name in names if CELLS[name].group not in caller.hides)


async def export_orders(hub: ExportHub, workbook: Workbook, unmasked: Unmasked, job: Job) -> Stepped:
    """One step: the next five hundred orders; after the last one the file."""
    asked = msgspec.json.decode(job.asked, type=ExportAsked)
    _check_rights(asked, job.caller)
    place = _Place() if job.place == NOWHERE else msgspec.json.decode(job.place, type=_Place)
    directory = await hub.directory()
    wanted = _wanted(asked, directory, hub)
    columns = [CELLS[name] for name in asked.columns]
    async with hub.ports.reading() as connection:
        page = await list_orders(
            connection, wanted, hub.vault.show_receiver, cursor=place.cursor, limit=CHUNK, sort=asked.sort,
            columns={cell.needs for cell in columns if cell.needs}, at=asked.as_of)
        clear = await receivers_of(connection, [row.id for row in page.orders], hub.vault.show_receiver) \
            if asked.reason else {}
    for row in page.orders if asked.reason else ():
        await unmasked(job.caller.actor, row.id, asked.reason)
    seen = TableWords(Vocabulary(directory), ZoneInfo(directory.business_zone), asked.language, clear)
    table = [] if place.rows else [[getattr(cell.title, asked.language) for cell in columns]]
    table += [cells_of(row, columns, seen) for row in page.orders]
    text = ("" if place.rows else BOM) + _as_csv(table)
    end = await asyncio.to_thread(hub.job_files.append, job.id, place.bytes, text.encode())
    rows = place.rows + len(page.orders)
    if page.next is not None and rows < ROWS_MAX:
        return Stepped(counted=len(page.orders), place=msgspec.json.encode(_Place(page.next, end, rows)))
    size = await asyncio.to_thread(_finished, hub.job_files, workbook, job.id, asked.form)
    return Stepped(counted=len(page.orders), total=rows, is_over=True, file_bytes=size,
                   file_name=_name(asked, ZoneInfo(directory.business_zone)), why=CUT if page.next else None)


def _check_rights(asked: ExportAsked, caller: Caller) -> None:
    """What was asked for must be allowed still. Raises NotKept."""
    if (checked_columns(asked.columns, caller) != asked.columns or (asked.reason and not caller.may("pii:read"))
            or not (asked.only_closed or caller.may("orders:export"))):
        raise NotKept("not_possible", "发起后权限变了，其中有现在不能导出的内容；请重新导出",
                      "rights have changed since: some of it may not be exported now. Export again")


def _wanted(asked: ExportAsked, directory: Directory, hub: ExportHub) -> OrderFilter:
    """The filter as of the instant at which it was asked for."""
    found = meant(asked.query, Vocabulary(directory), directory, asked.as_of, hub.vault.phone_index)
    until = min(filter(None, (found.until, asked.as_of)))
    stages = found.stages
    if asked.only_closed:
        final = {name for b in directory.blueprints.values() for name, stage in b.lifecycle.stages.items()
                 if stage.is_final}
        stages = tuple(sorted(final & {*stages} if stages else final)) or ("",)
    return msgspec.structs.replace(found, until=until, stages=stages, ids=asked.ids)


def _as_csv(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(text) for text in row] for row in rows])
    return out.getvalue()


def _cell(text: str) -> str:
    """A number that would lose digits ends in a tab, which nobody sees and which makes it text."""
    plain = text.isascii() and text.isdigit()
    return f"{text}\t" if plain and (len(text) > DIGITS_MAX or (len(text) > 1 and text[0] == "0")) else defused(text)


def _finished(files: ResultFiles, workbook: Workbook, job_id: str, form: str) -> int:
    if form == "csv":
        return files.finish(job_id)
    return files.finish(job_id, workbook(_rows_of(files.draft(job_id))))


def _rows_of(pieces: Iterator[bytes]) -> Iterator[list[str]]:
    """The rows of the draft; a cell of a workbook is text already and needs no tab."""
    for piece in pieces:
        for row in csv.reader(io.StringIO(piece.decode().removeprefix(BOM), newline="")):
            yield [cell.removesuffix("\t") for cell in row]


def _name(asked: ExportAsked, zone: ZoneInfo) -> str:
    what = "订单" if asked.language == "zh" else "orders"
    return f"{what}-{asked.as_of.astimezone(zone):%Y%m%d-%H%M%S}.{asked.form}"

