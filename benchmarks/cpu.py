"""Processor time of this process and of the database server: what a benchmark costs, whoever else uses the machine."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

PROCESSES = Path("/proc")
NANOSECONDS_A_TICK = 10**9 // os.sysconf("SC_CLK_TCK")


def process_seconds(pid: int) -> float:
    """Seconds that another process has run until now, all its threads."""
    tasks = (PROCESSES / str(pid) / "task").iterdir()
    return sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e9


class Spent(NamedTuple):
    """Seconds of the processor, in Python and in PostgreSQL."""

    python: float
    postgres: float

    @property
    def total(self) -> float:
        """Both."""
        return self.python + self.postgres


class Cpu:
    """A clock that runs while this process or the server of a data folder computes. It needs Linux (`/proc`)."""

    def __init__(self, home: Path) -> None:
        self._data = str((home / "postgres").resolve())
        self._python, self._servers = 0.0, dict[str, int]()
        self.start()

    def start(self) -> None:
        """Begin to count."""
        self._servers = self._read()
        self._python = time.process_time()

    def spent(self) -> Spent:
        """What was spent since then, by this process and by the server's, those that ended meanwhile included."""
        python = time.process_time() - self._python
        return Spent(python, (sum(self._read().values()) - sum(self._servers.values())) / 1e9)

    def _read(self) -> dict[str, int]:
        """Nanoseconds that each process of the server has run; the first one answers for its ended children."""
        found = {}
        for process in PROCESSES.iterdir():
            try:
                if process.name.isdigit() and str((process / "cwd").readlink()) == self._data:
                    found[process.name] = int((process / "schedstat").read_text("ascii").split()[0])
                    children = (process / "stat").read_text("utf-8").rpartition(")")[2].split()[13:15]
                    found[f"{process.name}, ended"] = sum(map(int, children)) * NANOSECONDS_A_TICK
            except OSError:  # it ended, or it is somebody else's
                continue
        return found
