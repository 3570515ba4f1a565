"""What of an imported file stayed, as a file: each row's own bytes with the reason before them, to be mended and
imported again. It holds people's data: who takes it is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.not_kept import NotKept
from orderloom.application.translate import UNTOLD
from orderloom.application.within import Within

ITEMS_MAX = 100_000
"""Rows that stayed, of one import, that are put into one file."""


class FailedItem(NamedTuple):
    """An order or piece that stayed: its rows' bytes, what is known of the file, and the reason in both languages."""

    body: bytes
    headers: Mapping[str, str]
    zh: str
    en: str


class StoredItem(NamedTuple):
    """A message that stayed, as it is stored."""

    cipher: bytes
    headers: str
    detail: str


class LeftBehind(Protocol):
    """Where messages are, in one transaction."""

    async def failed(self, run_id: str, limit: int) -> tuple[str, list[StoredItem]] | None:
        """The file's name and what stayed of it, in the order of its rows; None when there is no such import."""


class ErrorWriter(Protocol):
    """Writes such files."""

    def errors(self, items: Iterable[FailedItem]) -> tuple[str, bytes]: ...


async def import_errors(
    within: Within[LeftBehind], writer: ErrorWriter, decrypt: Callable[[bytes], bytes], run_id: str,
) -> tuple[str, bytes]:
    """Name and bytes of the file. Raises NotKept: not_found, also when nothing stayed."""
    async with within() as failures:
        found = await failures.failed(run_id, ITEMS_MAX)
    if found is None:
        raise NotKept("not_found", f"没有导入记录 {run_id}", f"there is no import {run_id}")
    name, stored = found
    if not stored:
        raise NotKept("not_found", f"{name}：没有搁置的行", f"{name}: no row of it waits")
    suffix, body = writer.errors(_failed(stored, decrypt))
    return f"{name.rpartition('.')[0] or name}-errors.{suffix}", body


def _failed(stored: Sequence[StoredItem], decrypt: Callable[[bytes], bytes]) -> Iterable[FailedItem]:
    for one in stored:
        headers: dict[str, str] = msgspec.json.decode(one.headers)
        zh, en = _why(headers, one.detail)
        yield FailedItem(decrypt(one.cipher), headers, zh, en)


def _why(headers: Mapping[str, str], detail: str) -> tuple[str, str]:
    told: list[dict[str, Any]] = msgspec.json.decode(detail) if detail.startswith("[") else []
    mends = list(dict.fromkeys(str(one.get("mend", "")) for one in told)) or [headers.get("reason_text") or UNTOLD]
    zh, en = zip(*(_languages(mend) for mend in mends), strict=True)
    return "；".join(zh), "; ".join(en)


def _languages(mend: str) -> tuple[str, str]:
    for between in (" | ", " / "):
        if mend.count(between) == 1:
            zh, _, en = mend.partition(between)
            return zh, en
    return mend, mend
