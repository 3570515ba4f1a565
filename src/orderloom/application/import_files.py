"""Take files of orders in: each file as a voucher, then each of its orders, before anything is read from them.

Every import is written down as it goes: who, when, which file, how many rows came and how many cannot be read. One that
dies is begun again with the same file: what had landed is known by its rows and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.import_options import ImportOptions, adjusted
from orderloom.application.import_shapes import PLAIN, Files, ImportRun, Imports, Portion, Progress
from orderloom.application.land import Lander
from orderloom.application.ports import Account, Terminal
from orderloom.application.within import Within


class ImportPorts(Protocol):
    """Ports of the hub."""

    @property
    def imports(self) -> Within[Imports]: ...


class ImportingHub(Protocol):
    """What of the hub is needed."""

    @property
    def files(self) -> Files: ...
    @property
    def lander(self) -> Lander: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def ports(self) -> ImportPorts: ...
    async def directory(self) -> Directory: ...


class Imported(NamedTuple):
    """How files were taken in: items landed, how many were known before, whether every file was, and why not.

    `events` are the items' identities in the account, those known before among them.
    """

    items: int
    duplicates: int
    is_known: bool
    unfit: str
    events: tuple[str, ...] = ()
    runs: tuple[ImportRun, ...] = ()


async def account_of_files(hub: ImportingHub, account_code: str, options: ImportOptions) -> Account:
    """The account as it reads these files. Raises Terminal: unknown_account, account_off, no_files; NotKept."""
    account = (await hub.directory()).account_by_code(account_code)
    if account is None:
        raise Terminal("unknown_account", f"没有账号 {account_code} | no account {account_code}")
    if not account.is_active:
        raise Terminal("account_off", f"账号 {account_code} 已停用 | account {account_code} is switched off")
    if account.connector != "files":
        raise Terminal("no_files", f"账号 {account_code} 不接收文件 | account {account_code} takes no files")
    if wrong := hub.files.wrong_names(options):
        raise Terminal("no_column", f"“{wrong[0][:40]}”不是系统列名，例如 订单号、商品编码、数量、单价 | "
                       f"{wrong[0][:40]!r} is no column of the hub's, such as 订单号、商品编码、数量、单价")
    return adjusted(account, options)


async def import_files(
    hub: ImportingHub, account_code: str, paths: Sequence[Path], lane: str = "emergency",
    progress: Progress | None = None, options: ImportOptions = PLAIN, by: str = "system",
) -> Imported:
    """Land the files of an account. Raises Terminal: unknown_account, account_off, no_files, no_column; NotKept."""
    account = await account_of_files(hub, account_code, options)
    reader = hub.files.reader(account)
    taken = _Taken(hub, account, lane, options, by)
    try:
        found = reader.read_all(paths, progress)
        while given := await asyncio.to_thread(next, found, None):
            await taken.take(*given)
    finally:
        await asyncio.to_thread(reader.close)
    return taken.result()


async def import_upload(
    hub: ImportingHub, account_code: str, name: str, body: bytes, lane: str = "emergency",
    options: ImportOptions = PLAIN, by: str = "system",
) -> Imported:
    """The same for one file in memory."""
    with name_kept(hub.files, name, body) as path:
        return await import_files(hub, account_code, [path], lane, None, options, by)


@contextmanager
def name_kept(files: Files, name: str, body: bytes) -> Iterator[Path]:
    """A file in memory as one on disk, under its own name as far as a name of a stranger can be used."""
    with TemporaryDirectory(prefix="orderloom-import-") as folder:
        path = Path(folder) / files.shown(name or "upload")
        path.write_bytes(body)
        yield path


class _Taken:
    """What was landed of an import so far."""

    def __init__(self, hub: ImportingHub, account: Account, lane: str, options: ImportOptions, by: str) -> None:
        self._hub, self._account, self._lane, self._options, self._by = hub, account, lane, options, by
        self._is_new: dict[Path, bool] = {}
        self._runs: dict[Path, ImportRun] = {}
        self._landed: list[str | None] = []
        self._events: list[str] = []
        self._unfit = ""

    async def take(self, paths: Sequence[Path], portion: Portion) -> None:
        """Land the files themselves, once, and then what is in them; then write down how far it is."""
        for path in paths:
            if path not in self._runs:
                await self._begin(path, is_kept=not (portion.end and portion.end.unfit == "file_too_large"))
        run = self._runs[paths[0]]
        landed = await self._hub.lander.land(
            self._account, portion.items, {}, self._hub.now(), lane=self._lane, parent_id=run.message)
        self._landed += landed
        self._events += [item.event_id for item in portion.items]
        if portion.end and portion.end.unfit:
            self._unfit = self._unfit or portion.end.unfit
        self._runs[paths[0]] = await self._note(run, portion, landed)
        for path in paths[1:]:
            if portion.end:
                self._runs[path] = await self._note(self._runs[path], portion, ())

    async def _begin(self, path: Path, *, is_kept: bool) -> None:
        files, at = self._hub.files, self._hub.now()
        self._is_new[path], message = await self._keep(path) if is_kept else (True, None)
        run = ImportRun(
            "", self._account.code, files.shown(path.name), await asyncio.to_thread(files.digest, path),
            (await asyncio.to_thread(path.stat)).st_size, self._by, at, at, options=self._options, message=message)
        async with self._hub.ports.imports() as imports:
            self._runs[path] = msgspec.structs.replace(run, id=await imports.begin(run, self._account.id))

    async def _note(self, run: ImportRun, portion: Portion, landed: Sequence[str | None]) -> ImportRun:
        end, at, is_first = portion.end, self._hub.now(), landed != ()
        run = msgspec.structs.replace(
            run, seen_at=at, ended_at=at if end else None, items=run.items + len(landed),
            items_known=run.items_known + sum(one is None for one in landed),
            rows=run.rows + (portion.rows if is_first else 0),
            rows_failed=run.rows_failed + (sum(fault.rows for fault in portion.faults) if is_first else 0),
            encoding=end.encoding if end else run.encoding, refused=end.unfit if end else "")
        async with self._hub.ports.imports() as imports:
            await imports.note(run)
        return run

    async def _keep(self, path: Path) -> tuple[bool, str | None]:
        """Land the file; whether it was new, and the id of its (first) voucher."""
        first: str | None = None
        event, is_new = "", False
        pieces = self._hub.files.vouchers(path)
        while item := await asyncio.to_thread(next, pieces, None):
            kept = (await self._hub.lander.land(self._account, [item], {}, self._hub.now()))[0]
            first, event, is_new = first or kept, event or item.event_id, is_new or kept is not None
        if not is_new:  # what is in it goes on under the voucher of the first time
            async with self._hub.ports.imports() as imports:
                first = await imports.message_of(self._account.id, event)
        return is_new, first

    def result(self) -> Imported:
        """The sums."""
        known = sum(one is None for one in self._landed)
        is_known = bool(self._is_new) and not any(self._is_new.values())
        return Imported(len(self._landed), known, is_known, self._unfit, tuple(self._events),
                        tuple(self._runs.values()))
