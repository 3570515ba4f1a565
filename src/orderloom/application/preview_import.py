"""Look at files before they are imported: how they would be read, what of them cannot be, and which orders would come.

Nothing is stored, nothing is changed, and nobody can be recognised in what is told.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.foresee import Foreseen
from orderloom.application.import_files import ImportingHub, account_of_files
from orderloom.application.import_options import ImportOptions
from orderloom.application.import_shapes import PLAIN, FileLook, FileReader, Portion, Progress, RowFault
from orderloom.application.ports import UNREADABLE, Account, Item
from orderloom.application.replay_chosen import OrderForeseen, why_of
from orderloom.application.sort import Landed
from orderloom.domain.order_difference import differences

AHEAD_MAX, AHEAD_CHUNK = 2_000, 200
"""Orders that are looked at ahead, and how many in one transaction."""
ERRORS_MAX, ORDERS_MAX = 500, 100


class ColumnRead(msgspec.Struct, frozen=True):
    """A column: its name in the file, what it is read as (empty: it is not read), and what it may be meant for."""

    name: str
    reads_as: str
    suggestion: str


class FileRead(msgspec.Struct, frozen=True):
    """How one file would be read. `missing`: required columns that it lacks; `refused`: why it cannot be read."""

    file: str
    digest: str
    bytes: int
    encoding: str
    delimiter: str
    header_row: int
    export: str
    columns: list[ColumnRead]
    missing: list[str]
    refused: str
    mend: str


class RowError(msgspec.Struct, frozen=True):
    """What of a file would stay, where, and how it is mended."""

    place: str
    reason: str
    field: str
    mend: str


class ImportPreview(msgspec.Struct, frozen=True):
    """What an import would do. `rows` are in orders or in what cannot be read (`rows_failed`, by reason in `failed`);
    `known` orders landed before. The first `ahead` of the rest were looked at: `outcomes`, new and changed orders."""

    account: str
    zone: str
    options: ImportOptions
    files: list[FileRead]
    rows: int
    rows_failed: int
    failed: dict[str, int]
    items: int
    known: int
    ahead: int
    is_cut: bool
    """More orders are there than were looked at."""
    outcomes: dict[str, int]
    orders_new: int
    orders_changed: int
    orders: list[OrderForeseen]
    errors: list[RowError]

    @property
    def is_fit(self) -> bool:
        """Whether every row would become an order."""
        is_read = not any(one.refused or one.missing for one in self.files)
        return is_read and not (self.rows_failed or self.errors)


class Foresees(Protocol):
    """Who looks ahead."""

    @property
    def foresee_new(self) -> Callable[[Sequence[Landed]], Awaitable[Foreseen]]: ...


class PreviewingHub(ImportingHub, Protocol):
    """What of the hub is needed."""

    @property
    def foreseer(self) -> Foresees: ...


async def preview_import(
    hub: PreviewingHub, account_code: str, paths: Sequence[Path], options: ImportOptions = PLAIN,
    progress: Progress | None = None,
) -> ImportPreview:
    """Raises Terminal (unknown_account, account_off, no_files, no_column) and NotKept for an option."""
    account = await account_of_files(hub, account_code, options)
    seen = _Seen(hub, account, await hub.directory())
    reader = hub.files.reader(account)
    try:
        looks = [await _look(hub, reader, path) for path in paths]
        found = reader.read_all(paths, progress)
        while given := await asyncio.to_thread(next, found, None):
            await seen.take(given[1])
    finally:
        await asyncio.to_thread(reader.close)
    return await seen.result(options, looks)


async def _look(hub: ImportingHub, reader: FileReader, path: Path) -> FileRead:
    found: FileLook = await asyncio.to_thread(reader.look, path)
    columns = [ColumnRead(one.name, one.reads_as, one.suggestion) for one in found.columns]
    size = (await asyncio.to_thread(path.stat)).st_size
    return FileRead(hub.files.shown(path.name), await asyncio.to_thread(hub.files.digest, path), size, found.encoding,
                    found.delimiter, found.header_row, found.export, columns, list(found.missing), found.unfit,
                    found.mend)


class _Seen:
    """What was looked at so far."""

    def __init__(self, hub: PreviewingHub, account: Account, directory: Directory) -> None:
        self._hub, self._account, self._directory = hub, account, directory
        self._rows = self._rows_failed = self._items = self._known = self._fresh = self._ahead = 0
        self._failed: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._errors: list[RowError] = []
        self._orders: list[OrderForeseen] = []
        self._new = self._changed = 0
        self._waiting: list[Item] = []

    async def take(self, portion: Portion) -> None:
        self._rows += portion.rows
        self._items += len(portion.items)
        for fault in portion.faults:
            self._fault(fault)
        async with self._hub.ports.imports() as imports:
            known = await imports.known(self._account.id, [item.event_id for item in portion.items])
        self._known += len(known)
        room = AHEAD_MAX - self._ahead - len(self._waiting)
        fresh = [item for item in portion.items if item.event_id not in known and item.topic != UNREADABLE]
        self._fresh += len(fresh)
        self._waiting += fresh[: max(room, 0)]
        while len(self._waiting) >= AHEAD_CHUNK:
            await self._look_ahead()

    def _fault(self, fault: RowFault) -> None:
        self._rows_failed += fault.rows
        self._failed[fault.code] += max(fault.rows, 1)
        if len(self._errors) < ERRORS_MAX:
            self._errors.append(RowError(fault.place, fault.code, "", fault.mend))

    async def _look_ahead(self) -> None:
        part, self._waiting = self._waiting[:AHEAD_CHUNK], self._waiting[AHEAD_CHUNK:]
        self._ahead += len(part)
        at = self._hub.now()
        items = {f"00000000-0000-7000-8000-{number:012d}": item for number, item in enumerate(part)}
        found = await self._hub.foreseer.foresee_new([
            Landed(key, self._account.id, item.topic, at, item.body, dict(item.context))
            for key, item in items.items()])
        for became in found.became:
            self._outcomes[became.outcome] += 1
            if became.outcome == "parked" and len(self._errors) < ERRORS_MAX:
                context = dict(items[became.id].context)
                field, mend = why_of(became.detail)
                place = f"第 {context.get('row', '?')} 行 / row {context.get('row', '?')}"
                self._errors.append(RowError(place, became.reason, field, mend))
        for before, after in found.orders.values():
            fields = differences(before, after)
            self._new += before is None
            self._changed += before is not None and bool(fields)
            if fields and len(self._orders) < ORDERS_MAX:
                self._orders.append(OrderForeseen(
                    self._account.code, before.number if before else "", after.external_id, before is None, [], fields))

    async def result(self, options: ImportOptions, looks: list[FileRead]) -> ImportPreview:
        while self._waiting:
            await self._look_ahead()
        return ImportPreview(
            self._account.code, self._account.zone, options, looks, self._rows, self._rows_failed, dict(self._failed),
            self._items, self._known, self._ahead, self._fresh > self._ahead,
            dict(sorted(self._outcomes.items())), self._new, self._changed, self._orders, self._errors)
