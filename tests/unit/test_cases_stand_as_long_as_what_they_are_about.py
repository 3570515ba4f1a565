"""A case closes because its matter is over, never because there were too many to look at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import pytest

from orderloom.application.change import Change
from orderloom.application.keep_standing import StandingThing, keep_standing
from orderloom.testing.clock import STORY_BEGINS
from tests.support.bench import directory


class Desk:
    """Keeps what is saved."""

    def __init__(self) -> None:
        self.saved: list[Change] = []

    async def directory(self) -> Any:
        return directory()

    async def save(self, change: Change, at: datetime, by: str) -> None:
        self.saved.append(change)

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Desk]:
        yield self


@pytest.mark.parametrize(("is_all", "closed"), [(True, ["gone"]), (False, [])])
async def test_what_was_not_looked_at_stays_open(is_all: bool, closed: list[str]) -> None:
    desk, seen = Desk(), StandingThing("new", "o", {"label": "new"}, "account:SF01")
    await keep_standing(desk, directory(), "label_missing", [seen, seen._replace(subject="known")], {"known", "gone"},
                        STORY_BEGINS, "test", is_all=is_all)
    (change,) = desk.saved
    assert [one.subject for one in change.cases] == ["new"] and [s for _, s in change.resolved] == closed


async def test_a_blueprint_without_the_kind_has_no_case_of_it() -> None:
    desk = Desk()
    await keep_standing(desk, directory(), "no_such_kind", [], {"gone"}, STORY_BEGINS, "test", is_all=True)
    assert desk.saved == []
