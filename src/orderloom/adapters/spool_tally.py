"""The spool's own books, beside its folder: what was acknowledged into it and what left it, so that no rm goes unseen.

One line per event, appended and fsynced: `+ STEM N .` before N messages of a file are acknowledged, `- STEM N .` once N
of them are in the database, `x STEM N .` when a person has written them off. A file that is owed and not there is lost.
A line without its full stop was cut by a crash, and what it says was not acknowledged.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from orderloom.adapters.durable import sync_folder

COMPACT_BYTES = 256 << 10
END = "."
log = structlog.get_logger()


class File:
    """What the books say of one spool file."""

    def __init__(self, taken: int = 0) -> None:
        self.taken = taken
        self.left = self.written_off = 0

    @property
    def owed(self) -> int:
        """Messages that must still be on disk."""
        return max(self.taken - self.left - self.written_off, 0)

    @property
    def gone(self) -> int:
        """Messages that were written off and have not turned up since."""
        return max(min(self.written_off, self.taken - self.left), 0)


class SpoolTally:
    """The books at `path`. Any number of processes may write them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._late: list[str] = []
        """Lines that found no room: they are written with the next ones."""
        self._kept: tuple[tuple[int, int, int], dict[str, File]] = ((0, 0, 0), {})

    def take(self, stem: str, messages: int) -> None:
        """A file is about to be acknowledged. Raises OSError when that cannot be written down."""
        self._append([f"+ {stem} {messages} {END}"])

    def leave(self, stem: str, messages: int) -> None:
        """Messages of a file are in the database. A full disk does not keep the file that may now be removed."""
        if messages > 0:
            self._try([f"- {stem} {messages} {END}"])

    def write_off(self, lost: dict[str, int]) -> None:
        """A person has owned up to these."""
        self._try([f"x {stem} {messages} {END}" for stem, messages in lost.items()])

    def files(self) -> dict[str, File]:
        """The books, by stem. Read again only when they have changed."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        state = (found.st_ino, found.st_size, found.st_mtime_ns)
        if self._kept[0] != state:
            self._kept = (state, _read(self._path.read_text("ascii", "replace")))
        return self._kept[1]

    def _try(self, lines: list[str]) -> None:
        try:
            self._append([*self._late, *lines])
        except OSError as error:
            self._late += lines
            log.warning("spool_tally_late", why=error.strerror)
        else:
            self._late = []

    def _append(self, lines: list[str]) -> None:
        with _locked(self._path) as handle:
            size = os.fstat(handle).st_size
            text = "".join([f"\n{line}" for line in lines]).encode("ascii")
            if os.write(handle, text) < len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
            if not size:
                sync_folder(self._path.parent)
            elif size > COMPACT_BYTES:
                self._compact()

    def _compact(self) -> None:
        """Forget the files of which nothing is left; under the lock, and only when there is room for it."""
        draft = self._path.with_suffix(".part")
        left = [
            f"\n{sign} {stem} {number} {END}" for stem, f in _read(self._path.read_text("ascii", "replace")).items()
            if f.taken > f.left for sign, number in (("+", f.taken), ("-", f.left), ("x", f.written_off)) if number
        ]
        try:
            with draft.open("w", encoding="ascii") as out:
                out.writelines(left)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            draft.unlink(missing_ok=True)
            log.warning("spool_tally_long", why=error.strerror)


def _read(text: str) -> dict[str, File]:
    found: dict[str, File] = {}
    for line in text.splitlines():
        match line.split(" "):
            case [sign, stem, number, "."] if number.isdigit():
                one = found.setdefault(stem, File())
                if sign == "+":
                    one.taken += int(number)
                elif sign == "-":
                    one.left += int(number)
                elif sign == "x":
                    one.written_off += int(number)
    return found


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, open and alone; the one that has the name now, should another process have compacted it meanwhile."""
    while True:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if path.exists() and os.fstat(handle).st_ino == path.stat().st_ino:
                yield handle
                return
        finally:
            os.close(handle)
