"""What background work is made of: the job, a step of it, its rows, and where it and its files are kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

import msgspec

from orderloom.application.identity.access import Caller
from orderloom.domain.words import Words

NOWHERE = b"null"
"""The place of a job that has not begun."""


class RowResult(msgspec.Struct, frozen=True):
    """What became of one row. `ref` is what people know it by; a refused one says why by `code` and its facts."""

    ref: str
    result: Literal["done", "unchanged", "refused"]
    code: str = ""
    facts: dict[str, str] = {}


class Job(msgspec.Struct, frozen=True):
    """A job as its kind sees it. `asked` and `place` are the kind's own JSON; `place` is what its last step left."""

    id: str
    kind: str
    caller: Caller
    asked: bytes
    place: bytes
    total: int | None
    done: int
    created_at: datetime


class Stepped(msgspec.Struct, frozen=True, kw_only=True):
    """What one step did. `counted` rows beside those named in `rows` are done; `why` says what a job that is over left.

    `file_name`: the file that the last step finished, as it is called when it is downloaded.
    """

    rows: Sequence[RowResult] = ()
    counted: int = 0
    place: bytes = NOWHERE
    total: int | None = None
    is_over: bool = False
    file_name: str = ""
    file_bytes: int = 0
    why: Words | None = None


class JobKind(NamedTuple):
    """A kind of job. A step takes seconds, not minutes; one that was under way when its worker died is taken again from
    the place before it, so that doing it twice must be the same as once."""

    name: str
    title: Words
    step: Callable[[Job], Awaitable[Stepped]]
    scopes: tuple[str, ...] = ()
    """One of these is needed at every step, not only when it was asked for; none: any caller's will do."""
    is_of_all_rows: bool = False
    """It is about everybody's rows: nobody who is limited has it done."""


class JobBook(Protocol):
    """Where jobs are kept, in one transaction."""

    async def add(self, job: Job, key: str) -> str:
        """Keep a new job; returns its id, or that of the caller's job that has this key already."""

    async def take(self, kinds: Collection[str], at: datetime, until: datetime) -> tuple[Job, int] | None:
        """The oldest one that nobody works at, leased, with how often this step was begun before."""

    async def keep(self, job: Job, stepped: Stepped, at: datetime, file_until: datetime) -> bool:
        """Write down what a step did; False when the job was cancelled meanwhile."""

    async def extend(self, job_id: str, until: datetime, done: int, total: int | None) -> bool:
        """A step that takes long goes on, and is so far; False when the job was cancelled meanwhile."""

    async def rest(self, job_id: str) -> None:
        """Give the lease back: the step is tried again."""

    async def fail(self, job_id: str, why: Words, at: datetime) -> None: ...
    async def cancel(self, job_id: str, at: datetime) -> bool: ...
    async def outdated(self, at: datetime) -> list[str]:
        """Forget the files that are past their time; returns the ids of the jobs that had them."""

    async def forget(self, before: datetime) -> None:
        """Forget some of the jobs that ended before, and whose file is gone."""

    async def with_files(self) -> list[tuple[str, int]]:
        """Jobs whose file is kept, oldest first, with its size in bytes."""

    async def drop_file(self, job_id: str) -> None: ...


class ResultFiles(Protocol):
    """Result files, sealed on disk. Whole reads and writes block: call them in a thread."""

    def append(self, job_id: str, at: int, piece: bytes) -> int:
        """Put a piece at byte `at` of a draft, dropping what stands behind it; returns where the next one goes."""

    def draft(self, job_id: str) -> Iterator[bytes]: ...
    def finish(self, job_id: str, pieces: Iterator[bytes] | None = None) -> int:
        """Make the draft the file, or these pieces instead of it; returns its size in bytes. Raises OSError."""

    def read(self, job_id: str) -> Iterator[bytes] | None:
        """The file's clear bytes, piece by piece; None when it is not here."""

    def drop(self, job_id: str) -> None: ...
