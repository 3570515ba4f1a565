"""Take files of orders in: each file as a voucher, then each of its orders, before anything is read from them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Protocol

from orderloom.application.directory import Directory
from orderloom.application.land import Lander
from orderloom.application.ports import Account, Item, Terminal

Progress = Callable[[int], None]
"""Is told how many rows were read so far."""


class End(Protocol):
    """How a reading ended; `refused` is why not, empty when all was read."""

    @property
    def refused(self) -> str: ...


class Portion(Protocol):
    """Some of what is in the files; `end` comes with the last one."""

    @property
    def items(self) -> tuple[Item, ...]: ...
    @property
    def end(self) -> End | None: ...


class FileReader(Protocol):
    """Reads files; blocking, so it is asked in threads."""

    def read_all(
        self, paths: Sequence[Path], progress: Progress | None = None
    ) -> Iterator[tuple[Sequence[Path], Portion]]: ...
    def close(self) -> None: ...


class Files(Protocol):
    """What is known of files of orders."""

    def reader(self, account: Account) -> FileReader: ...
    def vouchers(self, path: Path) -> Iterator[Item]:
        """The file itself, byte for byte: whole, or in pieces."""
    def shown(self, name: str) -> str:
        """A name of a stranger as it can be shown, and given to a file of ours."""


class ImportingHub(Protocol):
    """What of the hub is needed."""

    @property
    def files(self) -> Files: ...
    @property
    def lander(self) -> Lander: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    async def directory(self) -> Directory: ...


class Imported(NamedTuple):
    """How files were taken in: items landed, how many were known before, whether every file was, and why not.

    `events` are the items' identities in the account, those known before among them.
    """

    items: int
    duplicates: int
    is_known: bool
    refused: str
    events: tuple[str, ...] = ()


async def import_files(
    hub: ImportingHub, account_code: str, paths: Sequence[Path], lane: str = "emergency",
    progress: Progress | None = None,
) -> Imported:
    """Land the files of an account. Raises Terminal: unknown_account, account_off, no_files."""
    account = (await hub.directory()).account_by_code(account_code)
    if account is None:
        raise Terminal("unknown_account", f"没有账号 {account_code} | no account {account_code}")
    if not account.is_active:
        raise Terminal("account_off", f"账号 {account_code} 已停用 | account {account_code} is switched off")
    if account.connector != "files":
        raise Terminal("no_files", f"账号 {account_code} 不接收文件 | account {account_code} takes no files")
    reader = hub.files.reader(account)
    taken = _Taken(hub, account, lane)
    try:
        found = reader.read_all(paths, progress)
        while given := await asyncio.to_thread(next, found, None):
            await taken.take(*given)
    finally:
        await asyncio.to_thread(reader.close)
    return taken.result()


async def import_upload(
    hub: ImportingHub, account_code: str, name: str, body: bytes, lane: str = "emergency",
) -> Imported:
    """The same for one file in memory."""
    with name_kept(hub.files, name, body) as path:
        return await import_files(hub, account_code, [path], lane)


@contextmanager
def name_kept(files: Files, name: str, body: bytes) -> Iterator[Path]:
    """A file in memory as one on disk, under its own name as far as a name of a stranger can be used."""
    with TemporaryDirectory(prefix="orderloom-import-") as folder:
        path = Path(folder) / files.shown(name or "upload")
        path.write_bytes(body)
        yield path


class _Taken:
    """What was landed of an import so far."""

    def __init__(self, hub: ImportingHub, account: Account, lane: str) -> None:
        self._hub, self._account, self._lane = hub, account, lane
        self._parents: dict[Path, str | None] = {}
        self._landed: list[str | None] = []
        self._events: list[str] = []
        self._refused = ""

    async def take(self, paths: Sequence[Path], portion: Portion) -> None:
        """Land the files themselves, once, and then what is in them."""
        for path in paths:
            if path not in self._parents and not (portion.end and portion.end.refused == "file_too_large"):
                self._parents[path] = await self._keep(path)
        self._landed += await self._hub.lander.land(
            self._account, portion.items, {}, self._hub.now(), lane=self._lane, parent_id=self._parents.get(paths[0]),
        )
        self._events += [item.event_id for item in portion.items]
        if portion.end and portion.end.refused:
            self._refused = self._refused or portion.end.refused

    async def _keep(self, path: Path) -> str | None:
        first: str | None = None
        pieces = self._hub.files.vouchers(path)
        while item := await asyncio.to_thread(next, pieces, None):
            kept = (await self._hub.lander.land(self._account, [item], {}, self._hub.now()))[0]
            first = first or kept
        return first

    def result(self) -> Imported:
        """The sums."""
        known = sum(one is None for one in self._landed)
        is_known = bool(self._parents) and not any(self._parents.values())
        return Imported(len(self._landed), known, is_known, self._refused, tuple(self._events))
