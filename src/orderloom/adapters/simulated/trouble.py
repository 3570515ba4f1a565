"""Trouble on demand: what the next calls to a simulator meet, one after the other.

Before the call is looked at: `slow` (answers after `slow_seconds`), `status_500`, `dropped` (the connection breaks),
`rate_limited`, `expired_token` and `busy` (the platform's own error, as a rule with HTTP 200).
After it was done: `broken_body` (cut, so that it parses as nothing), `half_body` (the connection breaks in the middle),
`lost_answer` (a write is done and its answer never comes), `done_then_500` (the same, with HTTP 500).
In a list: `bad_record` (one record among good ones is nonsense), `null_object` (null where an object is expected),
`repeated_page` (a following page is the first one again), `empty_page` (a page without records).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

BEFORE = ("slow", "status_500", "dropped", "rate_limited", "expired_token", "busy")
AFTER = ("broken_body", "half_body")
OF_WRITES = ("lost_answer", "done_then_500")
OF_LISTS = ("bad_record", "null_object", "empty_page")
OF_PAGES = ("repeated_page",)
KINDS = (*BEFORE, *AFTER, *OF_WRITES, *OF_LISTS, *OF_PAGES)


class Trouble:
    """What was ordered and has not struck yet. `own` are kinds that one platform knows beyond the kit's."""

    def __init__(self, own: tuple[str, ...] = ()) -> None:
        self._own = own
        self._waiting: list[tuple[str, str]] = []
        self.struck: list[tuple[str, str, datetime]] = []
        """What met a call: the kind, the call's name, and when."""

    def add(self, kind: str, count: int = 1, on: str = "") -> None:
        """The next `count` fitting calls meet it; `on` is part of the name of the calls that fit. ValueError: no such
        kind."""
        if kind not in (*KINDS, *self._own):
            raise ValueError(f"{kind}: a simulator knows {', '.join((*KINDS, *self._own))}")
        self._waiting += [(kind, on)] * count

    def take(self, *kinds: str, name: str = "", is_spared: bool = False) -> str:
        """The first waiting trouble of these kinds that fits the call; "" when there is none. A call that is spared
        meets only what names it."""
        for place, (kind, on) in enumerate(self._waiting):
            if kind in kinds and on in name and (on or not is_spared):
                del self._waiting[place]
                self.struck.append((kind, name, datetime.now(UTC)))
                return kind
        return ""

    @property
    def waiting(self) -> tuple[str, ...]:
        """What has not struck yet, by kind."""
        return tuple([kind for kind, _ in self._waiting])

    def give_back(self, kind: str) -> None:
        """The call that met it had nothing to spoil: it waits again."""
        self.struck.pop()
        self.add(kind)

    def lift(self, kind: str) -> None:
        """Nothing of this kind waits any more."""
        self._waiting = [one for one in self._waiting if one[0] != kind]


class Cut(Response):
    """An answer whose connection breaks after `body`, before what was promised."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", str(len(self.body) + 1_000).encode()), (b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(self.body), "more_body": True})


async def wait(seconds: float) -> None:
    """What `slow` does."""
    await asyncio.sleep(seconds)


class _Spot(NamedTuple):
    """Where a list of records stands in an answer, and how to put another there."""

    records: list[Any]
    put: Callable[[Any], None]


def spoil(kind: str, content: Any) -> bool:
    """Spoil the first list of records of an answer in place, as `kind` says; False when the answer has no such list."""
    spot = _records(content)
    if spot is None:
        return False
    records = list(spot.records)
    if kind == "empty_page":
        records.clear()
    else:
        place = len(records) // 2
        records[place] = _nonsense(records[place]) if kind == "bad_record" else _hollow(records[place])
    spot.put(records)
    return True


def _records(content: Any) -> _Spot | None:
    if not isinstance(content, dict):
        return None
    for name, value in content.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            return _Spot(value, lambda new, name=name: content.__setitem__(name, new))  # type: ignore[misc]
    for value in content.values():
        if found := _records(value):
            return found
    return None


def _nonsense(record: dict[str, Any]) -> Any:
    """The record with its ids, and everything that holds something inside turned into a text."""
    spoilt = {name: "?" if isinstance(value, list | dict) else value for name, value in record.items()}
    return spoilt if spoilt != record else dict.fromkeys(record, "?")


def _hollow(record: dict[str, Any]) -> Any:
    """The record with null for everything that holds something inside."""
    hollow = {name: None if isinstance(value, list | dict) else value for name, value in record.items()}
    return hollow if hollow != record else None
