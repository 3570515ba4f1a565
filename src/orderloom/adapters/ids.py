"""Ids in order of creation (UUIDv7, RFC 9562), made in Python because PostgreSQL 15 to 17 have no such function."""

from __future__ import annotations

import os
from collections.abc import Iterator
from time import time_ns


def new_id() -> str:
    """A UUIDv7 as canonical text."""
    millis = f"{time_ns() // 1_000_000:012x}"
    tail = os.urandom(10).hex()
    variant = "89ab"[int(tail[3], 16) & 3]
    return f"{millis[:8]}-{millis[8:]}-7{tail[:3]}-{variant}{tail[4:7]}-{tail[7:19]}"


def ids() -> Iterator[str]:
    """New ids without end."""
    while True:
        yield new_id()
