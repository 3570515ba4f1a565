"""Memory of the processes that read files for this one. Needs Linux (`/proc`).

What the system says of children that have ended (`RUSAGE_CHILDREN`) is no use: a child's figure begins with the
size that its parent had when it made it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

READER = b"orderloom.adapters.spreadsheets.child"
LOOK_SECONDS = 0.05


def readers_kib() -> int:
    """The most memory, in KiB, that any process has had which reads files for this one now; 0 when none does."""
    most = 0
    for children in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError, IndexError):  # it ended meanwhile
            for child in children.read_text("ascii").split():
                if READER in Path("/proc", child, "cmdline").read_bytes():
                    status = Path("/proc", child, "status").read_text("utf-8")
                    most = max(most, int(status.partition("VmHWM:")[2].split()[0]))
    return most


@contextmanager
def readers_watched() -> Iterator[list[int]]:
    """Look all the time while the block runs; yields a list of one number, the most so far in KiB."""
    most, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(LOOK_SECONDS):
            most[0] = max(most[0], readers_kib())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield most
    finally:
        is_over.set()
        thread.join()
