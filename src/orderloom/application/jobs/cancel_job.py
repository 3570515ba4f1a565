"""Stop background work: what is done stands, the rest is not begun."""

from __future__ import annotations

from datetime import datetime

from orderloom.application.jobs.shapes import JobBook
from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within


async def cancel_job(within: Within[JobBook], job_id: str, at: datetime) -> None:
    """Cancel a job that waits or runs. Raises NotKept `not_possible` for one that is over."""
    async with within() as jobs:
        if not await jobs.cancel(job_id, at):
            raise NotKept("not_possible", "这项任务已经结束，不能再停止", "the job is over: there is nothing to stop")
