"""Processor time of this process and of the database server: what a benchmark costs, whoever else uses the machine."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

PROCESSES = Path("/proc")


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
        """What was spent since then; of a server process that ended meanwhile nothing is known any more."""
        python = time.process_time() - self._python
        servers = sum(spent - self._servers.get(pid, 0) for pid, spent in self._read().items())
        return Spent(python, servers / 1e9)

    def _read(self) -> dict[str, int]:
        """Nanoseconds that each process of the server has run."""
        found = {}
        for process in PROCESSES.iterdir():
            try:
                if process.name.isdigit() and str((process / "cwd").readlink()) == self._data:
                    found[process.name] = int((process / "schedstat").read_text("ascii").split()[0])
            except OSError:  # it ended, or it is somebody else's
                continue
        return found
