"""Watches a folder for order files: those fully written are split, landed, and only then moved to `done/`."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from orderloom.adapters.channels.files.split import FILE_BYTES_MAX, split
from orderloom.application.ports import Account, Cursor, Item, Page, Terminal, Transient

FILES_MAX = 200
"""Per look; the rest is taken at the next one."""
PAGE_ITEMS_MAX = 500
SETTLE_SECONDS = 2.0
SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"})
"""Everything else is left alone: half-written `.tmp`, `.part`, `.crdownload`, and what people keep there."""


def voucher(name: str, body: bytes) -> Item:
    """The file itself, byte for byte: topic `file`, identified by its digest."""
    return Item("file", body, f"file:{hashlib.sha256(body).hexdigest()}", (("file", name),))


async def watch(account: Account, at: datetime) -> AsyncIterator[Page]:
    """Pages of the files in `settings.inbox`: first the file itself, then its items; the last page moves the cursor.

    A file is moved when the page after its last one is asked for, that is, once all its pages are durable; a crash
    before that repeats it, and the items' identities make the repetition change nothing. Raises `Terminal` without
    the folder.
    """
    folder = inbox_of(account)
    if folder is None:
        return
    settle = float(account.settings.get("settle_seconds", SETTLE_SECONDS))
    before = await asyncio.to_thread(_look, folder)
    if before:
        await asyncio.sleep(settle)
    now = await asyncio.to_thread(_look, folder)
    for path in [path for path, state in before.items() if now.get(path) == state][:FILES_MAX]:
        async for page in _pages(path, account, at):
            yield page
        await asyncio.to_thread(_move, path, folder / "done")


def inbox_of(account: Account) -> Path | None:
    """The watched folder, or None when the account has none. Raises `Terminal` unless it is absolute and exists."""
    setting = str(account.settings.get("inbox") or "")
    if not setting:
        return None
    folder = Path(setting)
    if not folder.is_absolute() or not folder.is_dir():
        raise Terminal("no_inbox", f"{setting}: 不是已存在的绝对路径 / not an existing absolute path")
    return folder


async def _pages(path: Path, account: Account, at: datetime) -> AsyncIterator[Page]:
    try:
        body = await asyncio.to_thread(_read, path)
    except OSError as error:
        raise Transient("inbox_unreadable", f"{path.name}: {error}") from error
    headers = (("file", path.name),)
    yield Page((voucher(path.name, body),), headers)
    parts = await asyncio.to_thread(split, path.name, body, account)
    items = parts.items
    chunks = [items[start : start + PAGE_ITEMS_MAX] for start in range(0, len(items), PAGE_ITEMS_MAX)] or [()]
    for chunk in chunks[:-1]:
        yield Page(chunk, headers)
    yield Page(chunks[-1], headers, Cursor(at, path.name), parts.refused)


def _read(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise OSError(f"larger than {FILE_BYTES_MAX} bytes")
    return path.read_bytes()


def _look(folder: Path) -> dict[Path, tuple[int, int]]:
    """Candidates with (size, time of change in ns), oldest first. Excel's own lock files begin with `~$`."""
    found = {}
    for path in folder.iterdir():
        is_meant = path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~$"))
        if is_meant and path.is_file() and not path.is_symlink():
            state = path.stat()
            found[path] = (state.st_size, state.st_mtime_ns)
    return dict(sorted(found.items(), key=lambda one: (one[1][1], one[0].name)))


def _move(path: Path, done: Path) -> None:
    """Into `done/`, beside an earlier file of the same name."""
    done.mkdir(exist_ok=True)
    target, number = done / path.name, 1
    while target.exists():
        number += 1
        target = done / f"{path.stem}-{number}{path.suffix}"
    path.rename(target)
