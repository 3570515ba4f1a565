"""Has files read by a process of its own, which may be killed, and hands their orders on page by page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import BinaryIO, NamedTuple, cast

import msgspec

from orderloom.adapters.spreadsheets import wire
from orderloom.adapters.spreadsheets.limits import FILE_BYTES_MAX, FRAME_SECONDS_MAX, PAGE_BYTES_MAX, PAGE_ITEMS_MAX
from orderloom.adapters.spreadsheets.look import Looked
from orderloom.adapters.spreadsheets.names import shown
from orderloom.adapters.spreadsheets.problems import MENDS
from orderloom.adapters.spreadsheets.split import Cut, cut_of_unfit
from orderloom.application.ports import Account, Item
from orderloom.domain.draft import Problem

RESTART_BYTES = 8 << 20
"""After a larger file the process is ended, and its memory with it."""
HANDED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "TZ")
"""Of the environment: keys and addresses of databases are nothing for a process that reads strangers' files."""
SETTINGS = ("columns", "dates", "decimals", "encoding", "default_payment", "default_currency", "constants", "file_zone")
"""What `split` reads of the account's settings; the others are not its business."""
HALVES = ("half_orders", "half_lines")
"""Refused alone; both together are read as one."""
Progress = Callable[[int], None]


class Fault(NamedTuple):
    """What cannot be read: the reason's code, the place, how to mend it, and how many rows are in it."""

    code: str
    place: str
    mend: str
    rows: int


class Portion(msgspec.Struct, frozen=True):
    """Some items of the files asked for; `end` is there with the last ones."""

    cuts: tuple[Cut, ...]
    end: wire.End | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The items to land."""
        return tuple(one.item for one in self.cuts)

    @property
    def rows(self) -> int:
        """Rows of the file that are in them."""
        return sum(one.rows for one in self.cuts)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What cannot be read."""
        return tuple(Fault(one.problem.code, one.problem.field, one.problem.mend, one.rows) for one in self.cuts
                     if one.problem)


class Reader:
    """Reads files for one account. Blocking: to be used from a thread. `close` may be called from any thread."""

    def __init__(self, account: Account, command: Sequence[str] = ()) -> None:
        self._account = account
        self._command = command or (sys.executable, "-m", "orderloom.adapters.spreadsheets.child")
        self._process: subprocess.Popen[bytes] | None = None
        self._stream: wire.Stream | None = None
        self._is_late = False

    def read(self, paths: Sequence[Path], progress: Progress | None = None) -> Iterator[Portion]:
        """The orders of these files, read as one; of a file that the process dies on, the reason instead."""
        size = sum(_size(path) for path in paths)
        if max(_size(path) for path in paths) > FILE_BYTES_MAX:
            yield self._unfit(paths, "file_too_large")
            return
        try:
            yield from self._portions(self._ask(paths), paths, progress)
        finally:
            if size > RESTART_BYTES:
                self.close()

    def look(self, path: Path, *, is_peek: bool = False) -> Looked:
        """How a file would be read: its encoding, header and columns, to a `peek` its first rows. Of one that cannot be
        read, why."""
        name = shown(path)
        if _size(path) > FILE_BYTES_MAX:
            return Looked(name, unfit="file_too_large", mend=MENDS["file_too_large"])
        for told in self._told(self._ask([path], is_look=True, is_peek=is_peek)):
            if isinstance(told, Looked):
                return told
        code = self._why()
        return Looked(name, unfit=code, mend=MENDS[code])

    def _ask(self, paths: Sequence[Path], *, is_look: bool = False, is_peek: bool = False) -> wire.Ask:
        settings = {name: self._account.settings[name] for name in SETTINGS if self._account.settings.get(name)}
        files = [(shown(path), os.fsencode(path)) for path in paths]
        return wire.Ask(files, settings, self._account.zone, self._account.code, is_look, is_peek)

    def read_all(
        self, paths: Sequence[Path], progress: Progress | None = None
    ) -> Iterator[tuple[Sequence[Path], Portion]]:
        """The orders of each file, and at last of the halves of exports among them; with the files that they are of."""
        halves: list[tuple[Path, Portion]] = []
        for path in paths:
            for portion in self.read([path], progress):
                if portion.end and portion.end.unfit in HALVES:
                    halves.append((path, portion))
                else:
                    yield [path], portion
        if len({portion.end.unfit for _, portion in halves if portion.end}) == len(HALVES):
            both = [path for path, _ in halves]
            for portion in self.read(both, progress):
                yield both, portion
            return
        for path, portion in halves:
            yield [path], portion

    def _portions(self, ask: wire.Ask, paths: Sequence[Path], progress: Progress | None) -> Iterator[Portion]:
        cuts: list[Cut] = []
        held = 0
        is_told = False
        for told in self._told(ask):
            if isinstance(told, (wire.Step, Looked)):
                if progress and isinstance(told, wire.Step):
                    progress(told.rows)
                continue
            is_told = True
            if isinstance(told, wire.End):
                yield Portion(tuple(cuts), told)
                return
            cuts.append(_cut(told))
            held += len(told.body)
            if len(cuts) >= PAGE_ITEMS_MAX or held >= PAGE_BYTES_MAX:
                yield Portion(tuple(cuts))
                cuts, held = [], 0
        if cuts and is_told:
            yield Portion(tuple(cuts))
        yield self._unfit(paths, self._why())

    def _told(self, ask: wire.Ask) -> Iterator[wire.Told]:
        """What the process says, until it is done or dead."""
        stream, sink = self._running()
        is_done = False
        try:
            wire.write(sink, ask)
            sink.flush()
            since = monotonic()
            while raw := stream.next(max(FRAME_SECONDS_MAX - (monotonic() - since), 0.0)):
                told = wire.told_of(raw)
                is_done = isinstance(told, (wire.End, Looked))
                yield told
                if is_done:
                    return
                if isinstance(told, wire.Piece):
                    # Storing what was handed on is no time of the reading process.
                    since = monotonic()
        except TimeoutError:
            self._is_late = True
            self._kill()
        except (OSError, ValueError, msgspec.DecodeError):
            return
        except GeneratorExit:
            # What it still has to say would be taken for the answer to the next question.
            if not is_done:
                self._kill()
                self.close()
            raise

    def _running(self) -> tuple[wire.Stream, BinaryIO]:
        if self._process is None or self._stream is None or self._process.poll() is not None:
            self._is_late = False
            kept = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=kept,
            )
            self._stream = wire.Stream(cast(BinaryIO, self._process.stdout))
        return self._stream, cast(BinaryIO, self._process.stdin)

    def _why(self) -> str:
        """Why the process died: by the limit of time, or of memory (the library aborts, or the system kills)."""
        process = self._process
        self.close()
        code = process.returncode if process else 0
        if self._is_late or code == -signal.SIGXCPU:
            return "too_much_time"
        return "too_much_memory" if code in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV) else "reader_failed"

    def _kill(self) -> None:
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()

    def close(self) -> None:
        """End the process, whatever it is at."""
        process, self._process, self._stream = self._process, None, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError, ValueError):
                if pipe:
                    pipe.close()
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _unfit(self, paths: Sequence[Path], code: str) -> Portion:
        names = " + ".join(shown(path) for path in paths)
        state = "/".join(_state(path) for path in paths)
        return Portion((cut_of_unfit(names, b"", f"{names}/{state}", code),), wire.End(0, "", code))


def _cut(told: wire.Piece) -> Cut:
    item = Item(told.topic, told.body, told.event_id, tuple((name, value) for name, value in told.context))
    if told.problem is None:
        return Cut(item, rows=told.rows)
    code, place, mend = told.problem
    return Cut(item, Problem(code, place, "", mend, f"{code}:{place}"), told.rows)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _state(path: Path) -> str:
    try:
        state = path.stat()
    except OSError:
        return "-"
    return f"{state.st_size}-{state.st_mtime_ns}"
