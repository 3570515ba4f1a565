"""A database that stands still: a stalled disk or a silent network, as its clients see it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg


@contextmanager
def frozen(dsn: str) -> Iterator[None]:
    """The server on this machine and all its children stand still: no answer, no error, no closed connection."""
    with psycopg.connect(dsn) as connection:
        ((backend,),) = connection.execute("select pg_backend_pid()").fetchall()
        parent = int(Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()[1])
    family = [parent, *map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]
    try:
        for pid in family:
            _tell(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in family:
            _tell(pid, signal.SIGCONT)


def _tell(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):  # a connection that was closing has closed
        os.kill(pid, number)
