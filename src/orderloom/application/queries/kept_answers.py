"""Answers kept for those who look at the same: asked once for all who wait, and again when it is worth it.

An answer lives for a second, or twenty times as long as it took: looking never costs more than a twentieth of a core.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from time import monotonic
from typing import Any, TypeVar

from orderloom.application.identity.sight import SIGHT

AGE_SECONDS_MIN = 1.0
COST_SHARE = 20
KEYS_MAX = 500
T = TypeVar("T")


class KeptAnswers:
    """Keeps the newest answer by key; what an answer depends on, the caller's rights too, must be in its key."""

    def __init__(self, age_seconds_min: float = AGE_SECONDS_MIN) -> None:
        self._age_seconds_min = age_seconds_min
        self._answers: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._locks: dict[Hashable, asyncio.Lock] = {}

    async def get(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer to `key`, asked for when there is none that may still be shown; an error is not kept. To who sees
        other rows it is another answer."""
        key = (SIGHT.get().rows, key)
        async with self._locks.setdefault(key, asyncio.Lock()):
            due, answer = self._answers.get(key, (0.0, None))
            begun = monotonic()
            if begun >= due:
                answer = await ask()
                self._keep(key, begun + max(self._age_seconds_min, (monotonic() - begun) * COST_SHARE), answer)
            return answer  # type: ignore[no-any-return]

    def _keep(self, key: Hashable, due: float, answer: Any) -> None:
        self._answers[key] = (due, answer)
        self._answers.move_to_end(key)
        while len(self._answers) > KEYS_MAX:
            oldest, _ = self._answers.popitem(last=False)
            self._locks.pop(oldest, None)
