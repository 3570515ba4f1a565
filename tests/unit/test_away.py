"""Only a lost connection and SQLSTATE 08, 57P and 53 mean that waiting helps; nothing else is waited out for ever."""

from __future__ import annotations

from typing import cast

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from orderloom.adapters.db.away import described, is_away, meaning
from orderloom.application.ports import StoreAway, StoreRefused
from orderloom.bootstrap import Hub
from orderloom.rehearsal import WorldOptions, world

AWAY = ("08", "57P", "53")


STATES = sorted(state for state in errors._sqlcodes if len(state) == 5)


def test_every_sqlstate_is_judged_by_its_class_and_not_by_the_class_of_its_exception() -> None:
    assert len(STATES) > 200
    for state in STATES:
        error = errors.lookup(state)("text with 13800138000 in it")
        assert is_away(error) == state.startswith(AWAY), state
        told = meaning(error)
        assert isinstance(told, StoreAway if state.startswith(AWAY) else StoreRefused)
        assert "13800138000" not in str(told) and state in str(told)


@pytest.mark.parametrize("error", [PoolTimeout("x"), PoolClosed("x"), TooManyRequests("x"),
                                   psycopg.OperationalError("the connection is lost"), StoreAway("gone")])
def test_a_connection_that_is_lost_or_not_to_be_had_is_away(error: Exception) -> None:
    assert is_away(error)


@pytest.mark.parametrize("error", [ValueError("x"), psycopg.DataError("NUL"), psycopg.ProgrammingError("x"),
                                   TimeoutError(), OSError(28, "full"), StoreRefused("x")])
def test_a_fault_of_ours_or_of_a_message_is_not_away(error: Exception) -> None:
    assert not is_away(error)


def test_values_are_at_fault_or_the_hub_is() -> None:
    def is_input(state: str) -> bool:
        found = meaning(errors.lookup(state)())
        assert isinstance(found, StoreRefused)
        return found.is_input

    assert all(map(is_input, ("54000", "22003", "22021", "22P05", "23514", "23505", "21000")))
    assert not any(map(is_input, ("42P01", "42501", "25006", "XX000", "57014", "40P01")))
    found = meaning(psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"))
    assert isinstance(found, StoreRefused) and found.is_input
    assert described(errors.UniqueViolation("Key (phone)=(13800138000)")) == "UniqueViolation 23505"


async def test_the_rehearsed_world_says_that_the_database_is_away_as_every_process_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(*_: object) -> object:
        raise psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(world, "open_world", lost)
    with pytest.raises(StoreAway):
        await world.run(cast(Hub, None), WorldOptions())
