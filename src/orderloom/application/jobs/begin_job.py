"""Begin background work: write down who asked for what; a worker takes it from there."""

from __future__ import annotations

from datetime import datetime

import msgspec

from orderloom.application.identity.access import Caller
from orderloom.application.jobs.shapes import NOWHERE, Job, JobBook
from orderloom.application.within import Within


async def begin_job(
    within: Within[JobBook], job_id: str, kind: str, caller: Caller, asked: msgspec.Struct, at: datetime, *,
    key: str = "", total: int | None = None,
) -> str:
    """Queue a job for the caller, with the caller's rights; returns its id. The same `key` again is the same job."""
    job = Job(job_id, kind, caller, msgspec.json.encode(asked), NOWHERE, total, 0, at)
    async with within() as jobs:
        return await jobs.add(job, key)
