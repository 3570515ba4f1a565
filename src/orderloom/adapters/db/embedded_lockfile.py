"""Who runs the server in a data folder: reads `postmaster.pid` and believes it only when /proc agrees.

A process number alone proves nothing: after a reboot or a kill -9 it may belong to anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

LOCK_NAME = "postmaster.pid"


@dataclass(frozen=True, slots=True)
class Running:
    """A live server: process number, TCP port, socket folder, and whether it says that it is ready."""

    pid: int
    port: int
    sockets: str
    is_ready: bool


def running(data: Path) -> Running | None:
    """The live server that owns `data`, or None: no file, a truncated one, or a number that is something else now."""
    try:
        lines = (data / LOCK_NAME).read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    if not lines or not lines[0].strip().isdigit() or not _is_postgres_of(int(lines[0]), data):
        return None
    has_port = len(lines) > 4 and lines[3].strip().isdigit()
    status = lines[7].strip() if len(lines) > 7 else ""
    return Running(
        pid=int(lines[0]),
        port=int(lines[3]) if has_port else 0,
        sockets=lines[4].strip() if has_port else "",
        is_ready=status == "ready",
    )


def _is_postgres_of(pid: int, data: Path) -> bool:
    """Whether process `pid` is a postgres that was started with `-D data`."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        return False
    if Path(words[0]).name not in ("postgres", "postmaster"):
        return False
    folders = [words[i + 1] if word == "-D" else word[2:] for i, word in enumerate(words) if word.startswith("-D")]
    return any(_is_same(folder, data) for folder in folders if folder)


def _is_same(folder: str, data: Path) -> bool:
    try:
        return Path(folder).samefile(data)
    except OSError:
        return os.path.realpath(folder) == os.path.realpath(data)
