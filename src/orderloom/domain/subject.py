"""Subjects: what has a life of its own and is no order - a stock document, a quota -, each with a log of its own.

Their events are in files of their own, one a kind; `domain/subject_event.py` reads them all. Numbers are spoken and
typed by people: a letter for the kind, the business day, a count of that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from orderloom.domain.states import State


class LoggedKind(State):
    """What a subject can be: a closed set, as the table's CHECK says."""

    STOCK_DOCUMENT = "stock_document"
    QUOTA = "quota"
    SNAPSHOT = "snapshot"
    WAVE = "wave"
    PURCHASE = "purchase"


LETTERS: Mapping[LoggedKind, str] = {
    LoggedKind.STOCK_DOCUMENT: "D", LoggedKind.QUOTA: "Q", LoggedKind.SNAPSHOT: "S", LoggedKind.WAVE: "W",
    LoggedKind.PURCHASE: "P"}
"""What its number begins with; R is kept for returns."""


class LoggedSubject(msgspec.Struct, frozen=True):
    """A subject, and where its log ends; one without an event is not written yet."""

    id: str
    kind: LoggedKind
    number: str
    opened_at: datetime
    event_count: int = 0
    event_head: bytes = b""

    @property
    def head(self) -> bytes:
        """What its next event is chained to."""
        return self.event_head or self.id.encode()


def subject_number(kind: LoggedKind, day: date, count: int) -> str:
    """`D-20261128-0007`: the seventh of its kind that day."""
    return f"{LETTERS[kind]}-{day:%Y%m%d}-{count:04d}"
