"""Watches a folder for order files: those fully written are read, landed, and only then moved to `done/`.

What cannot be read is moved to `refused/` with the reason beside it; no file holds another one up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from orderloom.adapters.channels.files.vouchers import vouchers
from orderloom.adapters.spreadsheets.names import shown
from orderloom.adapters.spreadsheets.problems import MENDS
from orderloom.adapters.spreadsheets.reader import HALVES, Portion, Reader
from orderloom.application.ports import Account, Cursor, Item, Page, Terminal, Transient

FILES_MAX = 200
"""Per look; the rest is taken at the next one."""
SETTLE_SECONDS = 2.0
GRACE_SECONDS = 60.0
"""How long an empty file, one of another kind, or half of an export may lie before it is refused."""
SUFFIXES = frozenset({"", ".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et"})
UNFINISHED = frozenset({".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart", ".swp", ".lock", ".temp"})
"""Being written or copied: left alone under these names."""
DONE, REFUSED = "done", "refused"
T = TypeVar("T")
State = tuple[int, int]


class _Found(NamedTuple):
    path: Path
    state: State
    age: float


async def watch(account: Account, at: datetime) -> AsyncIterator[Page]:
    """Pages of the files in `settings.inbox`: first the file itself, then its items. Where the cursor stands does not
    matter; each page moves it, which tells the others that this look goes on.

    A file is moved when the page after its last one is asked for, that is, once all its pages are durable; a crash
    before that repeats it, and the items' identities make the repetition change nothing. Raises `Terminal` without
    the folder, and `Transient` at the end when files could not be moved away.
    """
    folder = inbox_of(account)
    if folder is None:
        return
    settle = float(account.settings.get("settle_seconds", SETTLE_SECONDS))
    before = await asyncio.to_thread(_look, folder)
    if before:
        await asyncio.sleep(settle)
    now = await asyncio.to_thread(_look, folder)
    ready = [one for path, one in now.items() if path in before and before[path].state == one.state][:FILES_MAX]
    desk = _Desk(account, at, folder)
    try:
        for one in ready:
            async for page in desk.file(one):
                yield page
        async for page in desk.halves():
            yield page
    finally:
        await asyncio.to_thread(desk.reader.close)
    if desk.stuck:
        raise Transient("inbox_unwritable", f"{len(desk.stuck)} 个文件移不走 / files cannot be moved: {desk.stuck[0]}")


def inbox_of(account: Account) -> Path | None:
    """The watched folder, or None when the account has none. Raises `Terminal` unless it is absolute and exists."""
    setting = str(account.settings.get("inbox") or "")
    if not setting:
        return None
    folder = Path(setting)
    if not folder.is_absolute() or not folder.is_dir():
        raise Terminal("no_inbox", f"{setting}: 不是已存在的绝对路径 / not an existing absolute path")
    return folder


class _Desk:
    """One look's work: the files one after the other, and at last the halves that waited for each other."""

    def __init__(self, account: Account, at: datetime, folder: Path) -> None:
        self.reader = Reader(account)
        self.stuck: list[str] = []
        self._at, self._folder = at, folder
        self._half: dict[str, list[_Found]] = {}

    async def file(self, one: _Found) -> AsyncIterator[Page]:
        """The pages of one file. Nothing that is in it, or in its name, raises."""
        if one.age < GRACE_SECONDS and (one.state[0] == 0 or one.path.suffix.lower() not in SUFFIXES):
            return
        portions = self.reader.read([one.path])
        first = await _next(portions)
        if first is None or await asyncio.to_thread(_state, one.path) != one.state:
            return
        if first.end and first.end.unfit in HALVES:
            self._half.setdefault(first.end.unfit, []).append(one)
            return
        async for page in self._pages([one], first, portions):
            yield page

    async def halves(self) -> AsyncIterator[Page]:
        """Both halves of an export are read as one; a lone half waits a minute for its other half."""
        files = [one for found in self._half.values() for one in found]
        if len(self._half) < len(HALVES):
            for one in files:
                if one.age >= GRACE_SECONDS:
                    portions = self.reader.read([one.path])
                    first = await _next(portions)
                    if first:
                        async for page in self._pages([one], first, portions):
                            yield page
            return
        portions = self.reader.read([one.path for one in files])
        first = await _next(portions)
        if first:
            async for page in self._pages(files, first, portions):
                yield page

    async def _pages(
        self, files: Sequence[_Found], first: Portion, portions: Iterator[Portion]
    ) -> AsyncIterator[Page]:
        cursor = Cursor(self._at, shown(files[0].path))
        headers = (("file", dict(first.items[0].context).get("file", "")),) if first.items else ()
        if not (first.end and first.end.unfit == "file_too_large"):
            for one in files:
                pieces = _pieces(one.path)
                while piece := await _next(pieces):
                    yield Page((piece,), (("file", dict(piece.context)["file"]),), cursor)
        portion: Portion | None = first
        while portion and portion.end is None:
            yield Page(portion.items, headers, cursor)
            portion = await _next(portions)
        last = portion or Portion(())
        unfit = last.end.unfit if last.end else ""
        yield Page(last.items, headers, cursor)
        for one in files:
            await self._move(one, unfit)

    async def _move(self, one: _Found, unfit: str) -> None:
        if await asyncio.to_thread(_state, one.path) != one.state:
            # Somebody went on writing: what it holds now is read at the next look.
            return
        try:
            await asyncio.to_thread(_move, one.path, self._folder / (REFUSED if unfit else DONE), unfit)
        except OSError as error:
            self.stuck.append(error.strerror or type(error).__name__)


async def _next(found: Iterator[T]) -> T | None:
    return await asyncio.to_thread(next, found, None)


def _pieces(path: Path) -> Iterator[Item]:
    """The file's vouchers; of one that cannot be read there are none, and its case says so."""
    try:
        yield from vouchers(path)
    except OSError:
        return


def _state(path: Path) -> State:
    try:
        state = path.stat()
    except OSError:
        return (-1, -1)
    return (state.st_size, state.st_mtime_ns)


def _look(folder: Path) -> dict[Path, _Found]:
    """The files, oldest first. Excel's own lock files begin with `~$`."""
    found = {}
    now = time.time()
    for path in folder.iterdir():
        if path.suffix.lower() in UNFINISHED or path.name.startswith((".", "~$")) or path.name.endswith("~"):
            continue
        if path.is_symlink() or not path.is_file():
            continue
        state = _state(path)
        found[path] = _Found(path, state, now - state[1] / 1e9)
    return dict(sorted(found.items(), key=lambda one: (one[1].state[1], one[0].name)))


def _move(path: Path, folder: Path, unfit: str) -> None:
    """Into the folder, beside an earlier file of the same name; the reason of a refusal stands beside it."""
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    path.rename(target)
    if unfit:
        target.with_name(f"{target.name}.reason.txt").write_text(f"{MENDS[unfit]}\n", "utf-8")
