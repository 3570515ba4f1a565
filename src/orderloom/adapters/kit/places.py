"""How far each list of an account was read: lists go on side by side, and one that fails holds back nobody but itself.

A cursor's time is the place of the list that is furthest behind, so who knows no more than that passes nothing over;
its key says which lists are further ahead, and which failed last.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from orderloom.application.ports import Cursor

TRIED_EVERY = timedelta(minutes=5)
"""A list that fails for so long is tried so often only: what it costs to be refused delays the others."""


class _Key(msgspec.Struct, omit_defaults=True):
    ahead: dict[str, datetime] = {}
    failing: list[str] = []


class Places:
    """The places of an account's lists, by name."""

    def __init__(self, cursor: Cursor, names: Iterable[str]) -> None:
        key = _read(cursor.key)
        self._at = {name: max(cursor.at, key.ahead.get(name, cursor.at)) for name in names}
        self._front = max(self._at.values(), default=cursor.at)
        self._failing = {name for name in key.failing if name in self._at}

    def at(self, name: str) -> datetime:
        """Where a list stands."""
        return self._at[name]

    def groups(self) -> list[tuple[datetime, list[str]]]:
        """Lists that stand at the same place, who is furthest and who did not fail first: they wait for nobody."""
        found: dict[datetime, list[str]] = {}
        for name, at in sorted(self._at.items(), key=lambda one: one[0] in self._failing):
            found.setdefault(at, []).append(name)
        return sorted(found.items(), reverse=True)

    def is_due(self, name: str, until: datetime) -> bool:
        """Whether a list is worth a try in a reading up to this instant."""
        is_fresh = until - self._at[name] < TRIED_EVERY
        return name not in self._failing or is_fresh or _turn(until) != _turn(self._front)

    def move(self, name: str, at: datetime) -> None:
        """A list was read up to here."""
        self._at[name] = at
        self._failing.discard(name)

    def fail(self, name: str) -> None:
        """A list could not be read on."""
        self._failing.add(name)

    def move_all(self, reached: datetime, at: datetime) -> None:
        """Whoever reached that place stands here."""
        self._at = {name: at if place >= reached else place for name, place in self._at.items()}

    def cursor(self) -> Cursor:
        """All of it, to be kept."""
        behind = min(self._at.values())
        key = _Key({name: at for name, at in self._at.items() if at > behind}, sorted(self._failing))
        is_plain = not key.ahead and not key.failing
        return Cursor(behind, "" if is_plain else msgspec.json.encode(key).decode())


def _turn(at: datetime) -> int:
    return int(at.timestamp() // TRIED_EVERY.total_seconds())


def _read(key: str) -> _Key:
    try:
        return msgspec.json.decode(key, type=_Key) if key else _Key()
    except msgspec.MsgspecError:  # of another reader: then all stand at the same place
        return _Key()
