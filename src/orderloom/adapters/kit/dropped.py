"""Files in folders instead of calls: what is told is written into one, what is reported is found in another.

A file is written under its name only once it is whole and on disk. One that is found is read when nobody writes on it
any more, and moved away once everything in it is durable; what cannot be read is moved aside and told.
"""

from __future__ import annotations

import asyncio
import csv
import io
import os
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from orderloom.adapters.durable import sync_folder
from orderloom.adapters.kit.schema import DropBlock
from orderloom.application.ports import UNREADABLE, Account, Cursor, Item, Page, Terminal, Transient

FILES_MAX = 200
BYTES_MAX = 20_000_000
QUIET_SECONDS = 2.0
NAME = re.compile(r"[^\w.-]+")
NAME_LENGTH_MAX = 120
DONE, REFUSED = "done", "refused"


def folder_of(account: Account, setting: str) -> Path | None:
    """The folder that a setting names; None when it names none. Raises Terminal unless it is absolute and there."""
    named = str(account.settings.get(setting) or "")
    if not named:
        return None
    folder = Path(named)
    if not folder.is_absolute() or not folder.is_dir():
        raise Terminal(f"no_{setting}", f"{setting}: 不是已存在的绝对路径 / not an existing absolute path")
    return folder


async def write_file(folder: Path, name: str, content: bytes) -> str:
    """Write it, and wait until it is on disk; the same name is the same file. Raises Transient."""
    plain = NAME.sub("_", name).strip(".")[:NAME_LENGTH_MAX] or "file"
    try:
        await asyncio.to_thread(_write, folder, plain, content)
    except OSError as error:
        raise Transient("outbox_unwritable", error.strerror or type(error).__name__) from error
    return plain


def _write(folder: Path, name: str, content: bytes) -> None:
    partly = folder / f".{name}.tmp"
    with partly.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partly.replace(folder / name)
    sync_folder(folder)


async def quiet_files(folder: Path) -> list[Path]:
    """Files that nobody writes on: the same before and after a while."""
    before = await asyncio.to_thread(_look, folder)
    if not before:
        return []
    await asyncio.sleep(QUIET_SECONDS)
    now = await asyncio.to_thread(_look, folder)
    return [path for path in sorted(now) if before.get(path) == now[path]][:FILES_MAX]


def _look(folder: Path) -> dict[Path, tuple[int, int]]:
    """Size and time of each file in the folder itself; hidden ones and those being written are left alone."""
    found: dict[Path, tuple[int, int]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".") and ".tmp" not in entry.name:
                state = entry.stat()
                found[Path(entry.path)] = (state.st_size, state.st_mtime_ns)
    return found


async def move(path: Path, folder: Path) -> None:
    """Move a file that was read into a folder beside it, under a name that no other has."""
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S%f")
    await asyncio.to_thread(folder.mkdir, exist_ok=True)
    await asyncio.to_thread(path.replace, folder / f"{stamp}-{path.name}")


async def pull_files(account: Account, drops: Mapping[str, DropBlock], at: datetime) -> AsyncIterator[Page]:
    """The reports that lie in the watched folders: rows of one document are one message."""
    for said in drops.values():
        folder = folder_of(account, said.folder)
        for path in await quiet_files(folder) if folder is not None else ():
            items, problem = await asyncio.to_thread(_read, path, said)
            yield Page(items, (("file", path.name[:200]),), Cursor(at, path.name[:200]), problem)
            assert folder is not None
            await move(path, folder / (REFUSED if problem else DONE))


def _read(path: Path, said: DropBlock) -> tuple[tuple[Item, ...], str]:
    with path.open("rb") as file:
        raw = file.read(BYTES_MAX + 1)
    if len(raw) > BYTES_MAX:
        return (Item(UNREADABLE, raw[:1_000]),), f"more than {BYTES_MAX} bytes"
    return rows_as_messages(raw, said.topic, said.group)


def rows_as_messages(
    raw: bytes, topic: str, group: str, separator: str = ",", charset: str = "",
) -> tuple[tuple[Item, ...], str]:
    """Rows with one value in `group` as one message each, and what is wrong with the file as a whole.

    With another separator than a comma nothing is quoted: a quotation mark is one.
    """
    plain = _decoded(raw, charset)
    lines = io.StringIO(plain)
    try:
        read = csv.reader(lines, strict=True) if separator == "," else csv.reader(
            lines, delimiter=separator, quoting=csv.QUOTE_NONE)
        rows = [row for row in read if any(cell.strip() for cell in row)]
    except csv.Error as error:
        return (Item(UNREADABLE, raw),), f"no CSV: {error}"
    if not rows or group not in rows[0]:
        return (Item(UNREADABLE, raw),), f"no column {group}"
    place, groups = rows[0].index(group), dict[str, list[list[str]]]()
    for row in rows[1:]:
        groups.setdefault(row[place].strip() if place < len(row) else "", []).append(row)
    columns = _csv([rows[0]]).rstrip()
    context = (("columns", columns),)
    return tuple(Item(topic, _csv(rows_of).encode(), context=context) for rows_of in groups.values()), ""


def _decoded(raw: bytes, charset: str) -> str:
    """The text in UTF-8, else as the source says that it is written, else as Chinese programs write."""
    for name in ("utf-8-sig", charset):
        try:
            return raw.decode(name)
        except (ValueError, LookupError):
            continue
    return raw.decode("gb18030", "replace")


def _csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
