"""A long-running process's own log file: turned over by size, bounded in number, and never the reason to fail.

The process writes to the file by its standard output and error, whoever in it writes. When the file is big it is
renamed and a new one put in its place below the same two descriptors: what is written in between goes to the old one,
so no line is lost. A line that cannot be written - the disk is full - is counted and told of when there is room again.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from pathlib import Path

BYTES_MAX = 10 << 20
FILES_MAX = 5
"""Old files that are kept, NAME.1 the newest."""
LOOK_SECONDS = 1.0
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


class OwnLog:
    """Turns the file over when it is big."""

    def __init__(self, path: Path, bytes_max: int = BYTES_MAX, files_max: int = FILES_MAX) -> None:
        self._path, self._bytes_max, self._files_max = path, bytes_max, files_max

    def keep(self) -> None:
        """Look after the file from now on, in a thread of its own."""
        sys.stderr = Unfailing(STANDARD_ERROR)
        threading.Thread(target=self._look_for_ever, name="own-log", daemon=True).start()

    def look(self) -> bool:
        """Turn the file over when it is big; True when it was."""
        try:
            if os.fstat(STANDARD_ERROR).st_size <= self._bytes_max:
                return False
            for number in range(self._files_max - 1, 0, -1):
                if (old := self._old(number)).exists():
                    old.replace(self._old(number + 1))
            self._path.replace(self._old(1))
            fresh = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError:
            return False  # looked at again in a moment; meanwhile everything goes to the file of before
        for descriptor in (STANDARD_OUTPUT, STANDARD_ERROR):
            os.dup2(fresh, descriptor)
        os.close(fresh)
        return True

    def _old(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _look_for_ever(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS):
            self.look()


class Unfailing(io.TextIOBase):
    """Standard error for people who must go on: a write that fails is counted and told later."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._lost = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """How text becomes bytes."""
        return "utf-8"

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Write it, or count it as lost."""
        with self._lock:
            told = f"[{self._lost} lines of this log were lost: the disk was full]\n" if self._lost else ""
            try:
                _write_whole(self._descriptor, (told + text).encode("utf-8", "backslashreplace"))
                self._lost = 0
            except OSError:
                self._lost += text.count("\n")
        return len(text)


def _write_whole(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data):]
