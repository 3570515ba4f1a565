"""What the database and the disk may answer, as the application knows it. No text of theirs quotes a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol


class Raced(Exception):
    """Somebody else changed what a batch had read: read again and decide again. `constraint` names what was broken."""

    quotes_nothing = True

    def __init__(self, why: str, constraint: str = "") -> None:
        super().__init__(why)
        self.constraint = constraint


class StoreAway(Exception):
    """The database cannot be reached now; what was asked has not been done."""

    quotes_nothing = True


class StoreRefused(Exception):
    """The database is there and does not take this. Its text names the place that refused, never a value.

    `is_input`: the values are at fault, so a group is to be taken apart; else the hub is, and nothing is to be tried.
    """

    quotes_nothing = True

    def __init__(self, where: str, *, is_input: bool = True) -> None:
        super().__init__(where)
        self.is_input = is_input


class TooLong(StoreRefused):
    """A read that was given little time would have taken more: what is asked for has to be narrowed."""

    def __init__(self, where: str) -> None:
        super().__init__(where, is_input=False)


class NotMigrated(StoreRefused):
    """The database lacks a table of this build: `orderloom migrate` mends it."""

    def __init__(self, where: str) -> None:
        super().__init__(where, is_input=False)


class DatabaseTrouble(Exception):
    """The database cannot be used as it is. `code` is stable; the text says what, where and how to mend it."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.code, self.zh, self.en = code, zh, en


class DatabaseServer(Protocol):
    """A database server of an installation's own; raises DatabaseTrouble."""

    @property
    def is_starter(self) -> bool:
        """Whether this process started it, and so is the one to stop it."""
    def start(self) -> str:
        """Start or attach; returns the DSN."""
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...


class NoRoom(Exception):
    """Neither the database nor the disk can keep what came: it must not be acknowledged."""

    quotes_nothing = True


class OnDisk(NamedTuple):
    """Acknowledged messages that are not in the database: durable on disk, gone from it, and gone and owned up to."""

    spooled: int = 0
    lost: int = 0
    written_off: int = 0

    @property
    def all(self) -> int:
        """Every one of them."""
        return sum(self)


Progress = Callable[[int, int], None]
"""Is told how many are done, and of how many (0: not known)."""
