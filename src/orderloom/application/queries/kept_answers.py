"""Answers kept for those who look at the same: asked once for all who wait, and again when it is worth it.

An answer lives for a second, or twenty times as long as it took: looking never costs more than a twentieth of a core.
One that took long is asked for again beside those who look, who are given the one before: nobody waits for it twice.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from time import monotonic
from typing import Any, NamedTuple, TypeVar

import structlog

from orderloom.application.identity.sight import SIGHT
from orderloom.domain.fault import kind_of

AGE_SECONDS_MIN = 1.0
COST_SHARE = 20
LONG_SECONDS = 0.05
STALE_SECONDS_MAX = 60.0
"""An answer older than when it was due and so much is not given any more: nobody has looked for a while."""
KEYS_MAX = 500
T = TypeVar("T")
log = structlog.get_logger()


class KeptAnswer(NamedTuple):
    """An answer, until when it is shown as it is, and how long it took."""

    due: float
    took: float
    answer: Any


class KeptAnswers:
    """Keeps the newest answer by key; what an answer depends on, the caller's rights too, must be in its key."""

    def __init__(self, age_seconds_min: float = AGE_SECONDS_MIN, long_seconds: float = LONG_SECONDS) -> None:
        self._age_seconds_min, self._long_seconds = age_seconds_min, long_seconds
        self._answers: OrderedDict[Hashable, KeptAnswer] = OrderedDict()
        self._locks: dict[Hashable, asyncio.Lock] = {}
        self._beside: dict[Hashable, asyncio.Task[Any]] = {}

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer to `key`, asked for when there is none that may still be shown; an error is not kept. To who sees
        other rows it is another answer."""
        key = (SIGHT.get().rows, key)
        kept = self._answers.get(key)
        if kept and kept.took > self._long_seconds and 0 <= monotonic() - kept.due < STALE_SECONDS_MAX:
            if key not in self._beside:
                self._beside[key] = asyncio.create_task(self._again(key, ask))
            return kept.answer  # type: ignore[no-any-return]
        return await self._ask(key, ask)

    async def _ask(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        async with self._locks.setdefault(key, asyncio.Lock()):
            kept, begun = self._answers.get(key), monotonic()
            if kept and begun < kept.due:
                return kept.answer  # type: ignore[no-any-return]
            answer = await ask()
            took = monotonic() - begun
            self._keep(key, KeptAnswer(begun + max(self._age_seconds_min, took * COST_SHARE), took, answer))
            return answer

    async def _again(self, key: Hashable, ask: Callable[[], Awaitable[Any]]) -> None:
        """Ask beside those who look; what fails is forgotten with the answer before, so that the next one is told."""
        try:
            await self._ask(key, ask)
        except Exception as error:
            log.info("answer_not_renewed", error=kind_of(error))
            self._answers.pop(key, None)
        finally:
            self._beside.pop(key, None)

    def _keep(self, key: Hashable, kept: KeptAnswer) -> None:
        self._answers[key] = kept
        self._answers.move_to_end(key)
        while len(self._answers) > KEYS_MAX:
            oldest, _ = self._answers.popitem(last=False)
            self._locks.pop(oldest, None)
