"""Ids in order of creation (UUIDv7, RFC 9562), made in Python because PostgreSQL 15 to 17 have no such function.

The twelve bits after the millisecond are its fraction (method 3 of the RFC), so that ids of one batch stand in order
and their indexes are filled page by page.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import time_ns


def new_id() -> str:
    """A UUIDv7 as canonical text."""
    millis, nanos = divmod(time_ns(), 1_000_000)
    head = f"{millis:012x}"
    tail = os.urandom(8).hex()
    variant = "89ab"[int(tail[0], 16) & 3]
    return f"{head[:8]}-{head[8:]}-7{nanos * 4096 // 1_000_000:03x}-{variant}{tail[1:4]}-{tail[4:]}"


def ids() -> Iterator[str]:
    """New ids without end."""
    while True:
        yield new_id()
