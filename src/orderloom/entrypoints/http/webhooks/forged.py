"""The door's bound on what is not genuine: kept to a limit, then counted; counts and cases are written soon after."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import structlog
from starlette.requests import Request
from starlette.responses import Response

from orderloom.application.doubt import DoubtDesk, doubt
from orderloom.application.ports import Verdict
from orderloom.application.quarantine import Hour, Quarantine
from orderloom.application.within import Within
from orderloom.entrypoints.http.kit.problem import Problem, answer

WRITE_SECONDS = 1.0
REFUSED_FROM = 400
UNREAD = "receive_failed"
"""A fault of ours: nobody has looked whether it is genuine."""
log = structlog.get_logger()


class Tally(Protocol):
    """Where counts are kept."""

    async def count_forged(self, counts: Mapping[Hour, int]) -> None: ...


class Forged:
    """What becomes of requests that are not genuine, in this process."""

    def __init__(self, tally: Tally, desk: Within[DoubtDesk], now: Callable[[], datetime]) -> None:
        self._tally, self._desk, self._now = tally, desk, now
        self._quarantine = Quarantine()
        self._doubted: dict[int, Counter[str]] = {}
        self._task: asyncio.Task[None] | None = None

    def keeps(self, account_id: int, verdict: Verdict, at: datetime) -> bool:
        """Whether its bytes are to be kept; if not it is counted."""
        if not verdict.items:
            return True
        if verdict.quarantine != UNREAD:
            self._doubted.setdefault(account_id, Counter())[verdict.quarantine] += 1
        size = sum(len(item.body) for item in verdict.items)
        is_kept = self._quarantine.admits(account_id, at, size)
        if (self._doubted or not is_kept) and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._write_soon())
        return is_kept

    def answer(self, request: Request, verdict: Verdict) -> Response:
        """The connector's own no; a yes would acknowledge what is not kept."""
        if verdict.status >= REFUSED_FROM:
            return Response(verdict.reply, verdict.status, media_type=verdict.reply_type)
        return answer(request, Problem(
            "busy", "无法识别的消息过多，请稍后重发 | too many messages that cannot be read: send it again later",
            retry_after=60))

    async def write_down(self) -> None:
        """Write the counts and cases down; those that cannot be now are kept for the next time."""
        await self._tell()
        counts = self._quarantine.take()
        if not counts:
            return
        try:
            await self._tally.count_forged(counts)
        except Exception as error:  # the door goes on whatever the database says; nothing is forgotten
            self._quarantine.put_back(counts)
            log.warning("forged_not_counted", count=sum(counts.values()), why=type(error).__name__)
        else:
            log.warning("forged_not_kept", count=sum(counts.values()), accounts=sorted({hour[0] for hour in counts}))

    async def _tell(self) -> None:
        """A case for each account in whose name something came."""
        seen, self._doubted = self._doubted, {}
        if not seen:
            return
        try:
            await doubt(self._desk, seen, self._now())
        except Exception as error:  # as above: the messages themselves are kept
            for account_id, reasons in seen.items():
                self._doubted.setdefault(account_id, Counter()).update(reasons)
            log.warning("forged_not_told", accounts=sorted(seen), why=type(error).__name__)

    async def _write_soon(self) -> None:
        await asyncio.sleep(WRITE_SECONDS)
        await self.write_down()
