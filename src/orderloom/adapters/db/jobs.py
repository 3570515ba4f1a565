"""Background work and what became of its rows, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import AsyncConnection

from orderloom.adapters.db.statements import statement
from orderloom.application.identity.access import Caller
from orderloom.application.jobs.shapes import Job, RowResult, Stepped
from orderloom.application.not_kept import NotKept
from orderloom.domain.words import Words

Connection = AsyncConnection[Any]
NO_WORDS = Words("", "")


class Jobs:
    """See `application.jobs.shapes.JobBook`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, job: Job, key: str) -> str:
        """Keep a new job, once per key. Raises NotKept `key_used` when the key was another wish's."""
        (row,) = await self._rows(
            "add", id=job.id, kind=job.kind, by=job.caller.actor, caller=msgspec.json.encode(job.caller).decode(),
            asked=job.asked.decode(), total=job.total, key=key, at=job.created_at)
        if (row[1], row[2]) != (job.kind, True):
            raise NotKept("key_used", "这个 Idempotency-Key 已用于另一项任务，请换一个",
                          "this Idempotency-Key is another job's: use a new one")
        return str(row[0])

    async def take(self, kinds: Collection[str], at: datetime, until: datetime) -> tuple[Job, int] | None:
        """The oldest one, leased, and how often its step was begun before."""
        found = await self._rows("take", kinds=list(kinds), at=at, until=until)
        if not found:
            return None
        row = found[0]
        caller = msgspec.json.decode(row[2], type=Caller)
        return Job(row[0], row[1], caller, row[3].encode(), row[4].encode(), row[5], row[6], row[7]), row[8] - 1

    async def keep(self, job: Job, stepped: Stepped, at: datetime, file_until: datetime) -> bool:
        """Write a step down."""
        why = stepped.why or NO_WORDS
        done, caller = len(stepped.rows) + stepped.counted, msgspec.json.encode(job.caller).decode()
        found = await self._rows(
            "keep", id=job.id, place=stepped.place.decode(), caller=caller, total=stepped.total, done=done,
            refused=sum(row.result == "refused" for row in stepped.rows), over=stepped.is_over, at=at, zh=why.zh,
            en=why.en, file=stepped.file_name, bytes=stepped.file_bytes, file_until=file_until)
        if found and stepped.rows:
            await self._keep_rows(job.id, found[0][0], stepped.rows)
        return bool(found)

    async def extend(self, job_id: str, until: datetime, done: int, total: int | None) -> bool:
        """A step goes on; False when the job was cancelled."""
        return bool(await self._rows("extend", id=job_id, until=until, done=done, total=total))

    async def rest(self, job_id: str) -> None:
        """Give the lease back."""
        await self._rows("rest", id=job_id)

    async def fail(self, job_id: str, why: Words, at: datetime) -> None:
        """End it, and say why."""
        await self._rows("fail", id=job_id, at=at, zh=why.zh, en=why.en)

    async def cancel(self, job_id: str, at: datetime) -> bool:
        """End one that is not over."""
        return bool(await self._rows("cancel", id=job_id, at=at))

    async def outdated(self, at: datetime) -> list[str]:
        """Ids of the jobs whose file's time is over."""
        return [row[0] for row in await self._rows("outdated", at=at)]

    async def forget(self, before: datetime) -> None:
        """Forget some of the jobs that ended so long ago."""
        await self._rows("forget", before=before)

    async def with_files(self) -> list[tuple[str, int]]:
        """Jobs with a file, and its size."""
        return [(row[0], row[1]) for row in await self._rows("with_files")]

    async def drop_file(self, job_id: str) -> None:
        """Its file is no more."""
        await self._rows("drop_file", id=job_id)

    async def _keep_rows(self, job_id: str, first: int, rows: Sequence[RowResult]) -> None:
        given: dict[str, Any] = {name: [getattr(row, name) for row in rows] for name in ("ref", "result", "code")}
        given["facts"] = [msgspec.json.encode(row.facts).decode() for row in rows]
        await self._rows("rows", id=job_id, **{"from": first}, **given)

    async def _rows(self, query: str, /, **given: Any) -> list[tuple[Any, ...]]:
        found = await self._connection.execute(statement("jobs", query), given)
        return await found.fetchall() if found.description else []
