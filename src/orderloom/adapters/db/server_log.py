"""Bounds the embedded server's log while the server runs: it writes to the file itself, so the file is copied and cut.

The server appends, hence goes on at the new end. A line that it writes between copy and cut is lost; the log is for
people, nothing is proven by it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

BYTES_MAX = 10 << 20
"""Size at which it is turned over; one older file of about that size is kept."""
LOOK_SECONDS = 5.0


def turn(log: Path) -> bool:
    """Move what a log holds into `NAME.1` when it is too long, and say whether it was.

    On a full disk what cannot be copied is given up when the log is twice too long: the disk needs the room.
    """
    try:
        size = log.stat().st_size
    except OSError:
        return False
    if size <= BYTES_MAX:
        return False
    draft = log.with_name(f"{log.name}.part")
    try:
        _copy_end(log, draft, size)
        draft.replace(log.with_name(f"{log.name}.1"))
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        if size <= 2 * BYTES_MAX:
            return False
    try:
        os.truncate(log, 0)
    except OSError:
        return False
    return True


def _copy_end(log: Path, draft: Path, size: int) -> None:
    """The last bytes alone: a server that writes without end must not fill the disk with copies."""
    with log.open("rb") as source, draft.open("wb") as target:
        source.seek(max(0, size - BYTES_MAX))
        shutil.copyfileobj(source, target)
