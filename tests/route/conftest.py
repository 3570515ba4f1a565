"""A stage for each dated story; when the curtain falls the hub's invariants are proven, whatever the story was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.proof import prove
from tests.support.stage import Stage, open_stage


@pytest.fixture
async def stage(database: str, home: Path) -> AsyncIterator[Stage]:
    """A seller with 100 units of each SKU in Hangzhou and Guangzhou, Saturday nine in the morning in China."""
    async with open_stage(database, home) as opened:
        yield opened
        async with opened.hub.pool.connection() as connection:
            await prove(connection)
