"""The file itself as what was received, byte for byte: whole, or in pieces when it is large."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from orderloom.adapters.spreadsheets.limits import PIECE_BYTES
from orderloom.adapters.spreadsheets.names import shown
from orderloom.application.ports import Item

TOPIC = "file"


def voucher(name: str, body: bytes) -> Item:
    """A file in memory: topic `file`, identified by its digest."""
    return Item(TOPIC, body, f"file:{hashlib.sha256(body).hexdigest()}", (("file", name),))


def vouchers(path: Path) -> Iterator[Item]:
    """A file on disk, in order: one item, or `PIECE_BYTES` each with `piece` (1/3, 2/3 …) beside it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
        count = max(1, -(-size // PIECE_BYTES))
        file.seek(0)
        for number in range(1, count + 1):
            body = file.read(PIECE_BYTES)
            if count == 1:
                yield Item(TOPIC, body, f"file:{digest}", (("file", shown(path)),))
            else:
                context = (("file", shown(path)), ("piece", f"{number}/{count}"))
                yield Item(TOPIC, body, f"file:{digest}:{number}/{count}", context)
