"""A transaction about the floor that lost a race is tried again on what is there then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import structlog

from orderloom.application.ports import Raced

TRIES_MAX = 8
W = TypeVar("W")
T = TypeVar("T")
log = structlog.get_logger()


async def again(begin: Callable[[], AbstractAsyncContextManager[W]], act: Callable[[W], Awaitable[T]]) -> T:
    """What `act` returns, in a transaction of its own. Raises Raced when every race is lost."""
    for _ in range(TRIES_MAX):
        try:
            async with begin() as work:
                return await act(work)
        except Raced as raced:
            log.info("raced", why=str(raced))
    raise Raced(f"the floor lost {TRIES_MAX} races in a row")
