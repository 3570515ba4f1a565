"""What an import works with: files as they are read, and what is written down of each import."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from orderloom.application.import_options import ImportOptions
from orderloom.application.ports import Account, Item

Progress = Callable[[int], None]
"""Is told how many rows were read so far."""
PLAIN = ImportOptions()


class End(Protocol):
    """How a reading ended; `unfit` is why not, empty when all was read."""

    @property
    def unfit(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def encoding(self) -> str: ...


class RowFault(Protocol):
    """What cannot be read."""

    @property
    def code(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def mend(self) -> str: ...
    @property
    def rows(self) -> int: ...


class Portion(Protocol):
    """Some of what is in the files; `end` comes with the last one."""

    @property
    def items(self) -> tuple[Item, ...]: ...
    @property
    def end(self) -> End | None: ...
    @property
    def rows(self) -> int: ...
    @property
    def faults(self) -> Sequence[RowFault]: ...


class ColumnLook(Protocol):
    """A column of a file."""

    @property
    def name(self) -> str: ...
    @property
    def reads_as(self) -> str: ...
    @property
    def suggestion(self) -> str: ...


class FileLook(Protocol):
    """How a file would be read."""

    @property
    def encoding(self) -> str: ...
    @property
    def delimiter(self) -> str: ...
    @property
    def header_row(self) -> int: ...
    @property
    def export(self) -> str: ...
    @property
    def columns(self) -> Sequence[ColumnLook]: ...
    @property
    def missing(self) -> Sequence[str]: ...
    @property
    def unfit(self) -> str: ...
    @property
    def mend(self) -> str: ...
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...


class FileReader(Protocol):
    """Reads files; blocking, so it is asked in threads."""

    def look(self, path: Path, *, is_peek: bool = False) -> FileLook: ...
    def read_all(
        self, paths: Sequence[Path], progress: Progress | None = None
    ) -> Iterator[tuple[Sequence[Path], Portion]]: ...
    def close(self) -> None: ...


class Files(Protocol):
    """What is known of files of orders."""

    def reader(self, account: Account) -> FileReader: ...
    def vouchers(self, path: Path) -> Iterator[Item]:
        """The file itself, byte for byte: whole, or in pieces."""
    def digest(self, path: Path) -> str:
        """SHA-256 of the file, in hexadecimal."""
    def shown(self, name: str) -> str:
        """A name of a stranger as it can be shown, and given to a file of ours."""
    def wrong_names(self, options: ImportOptions) -> list[str]:
        """Names that should be columns of ours and are none."""


class ImportRun(msgspec.Struct, frozen=True):
    """One import of one file. `rows` were read, `rows_failed` of them cannot be read as orders; `items` are orders and
    unreadable pieces that landed, `items_known` of them had landed before. `outcomes`: what became of what was new.
    """

    id: str
    account: str
    file: str
    digest: str
    bytes: int
    by: str
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    options: ImportOptions = PLAIN
    encoding: str = ""
    rows: int = 0
    rows_failed: int = 0
    items: int = 0
    items_known: int = 0
    refused: str = ""
    message: str | None = None
    """The file's own voucher."""
    outcomes: dict[str, int] = {}


class Imports(Protocol):
    """Where imports are written down, in one transaction."""

    async def begin(self, run: ImportRun, account_id: int) -> str:
        """Returns the run's id."""
    async def note(self, run: ImportRun) -> None: ...
    async def message_of(self, account_id: int, event_id: str) -> str | None:
        """The stored message of an identity."""
    async def known(self, account_id: int, events: Sequence[str]) -> set[str]:
        """Those of these identities that landed before."""
