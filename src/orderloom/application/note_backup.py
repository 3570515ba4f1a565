"""Note that a backup was taken or a restore was drilled: the hub shows the last good ones and what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within

TEXT_MAX = 500
BYTES_MAX = 1 << 60
SECONDS_MAX = 7 * 86_400


class BackupNoted(msgspec.Struct, frozen=True):
    """A backup, or a drill: a backup that was restored and looked at. `place` says where it lies, `detail` what is to
    be said of it."""

    id: str
    kind: Literal["backup", "drill"]
    began_at: datetime
    ended_at: datetime
    is_good: bool
    bytes: int
    place: str
    detail: str
    by: str


class BackupBook(Protocol):
    """Where they are kept, in one transaction."""

    async def add(self, noted: BackupNoted) -> None: ...


async def note_backup(
    within: Within[BackupBook], note_id: str, kind: Literal["backup", "drill"], by: str, at: datetime, *,
    is_good: bool = True, seconds: int = 0, size: int = 0, place: str = "", detail: str = "",
) -> BackupNoted:
    """Note one that ended now and took so many seconds. Raises NotKept."""
    _bounded("seconds", seconds, SECONDS_MAX)
    _bounded("bytes", size, BYTES_MAX)
    for name, text in (("place", place), ("detail", detail)):
        if len(text) > TEXT_MAX or not text.isprintable():
            raise NotKept("wrong_value", f"{name}：一行，最多 {TEXT_MAX} 个字", f"{name}: one line, {TEXT_MAX} at most")
    noted = BackupNoted(note_id, kind, at - timedelta(seconds=seconds), at, is_good, size, place, detail, by)
    async with within() as book:
        await book.add(noted)
    return noted


def _bounded(name: str, number: int, most: int) -> None:
    if not 0 <= number <= most:
        raise NotKept("wrong_value", f"{name}：0 到 {most}", f"{name}: from 0 to {most}")
