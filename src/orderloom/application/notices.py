"""What notifying reads and writes: cases nobody was told of, what is to be told, and every message with its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from orderloom.application.directory import Directory
from orderloom.domain.notify.plan import HandedOver, HeldBack
from orderloom.domain.notify.rule import Addressee


class UntoldCase(NamedTuple):
    """A case that opened, or opened again, and that no rule was asked about."""

    id: str
    kind: str
    subject: str
    order_id: str | None
    order: str | None
    account_id: int | None
    owner: str
    opened_at: datetime
    due_at: datetime | None


class Notice(msgspec.Struct, frozen=True):
    """An event or a state that a rule tells of; `told` are the fields of its words, no personal data among them."""

    rule: str
    subject: str
    severity: str
    owner: str
    told: dict[str, str]
    opened_at: datetime
    due_at: datetime | None
    case_id: str | None = None
    order_id: str | None = None
    account_id: int | None = None


class DueNotice(NamedTuple):
    """A notice of which a step is due; `is_over`: its case was closed meanwhile."""

    id: str
    rule: str
    step: int
    owner: str
    severity: str
    account_id: int | None
    is_over: bool


class Telling(NamedTuple):
    """A message to be sent to one recipient for a step of a notice; no account: nobody could be reached."""

    notice_id: str
    step: int
    recipient: str
    account_id: int | None


class WaitingMessage(NamedTuple):
    """A message that waits for its turn; `is_over`: somebody took or closed what it is about."""

    id: str
    recipient: str
    rule: str
    severity: str
    owner: str
    told: dict[str, str]
    opened_at: datetime
    order_id: str | None
    is_over: bool


class LeavingMessage(msgspec.Struct, frozen=True):
    """What leaves as one delivery: the messages in it, and its body."""

    messages: Sequence[str]
    body: dict[str, Any]
    order_id: str | None = None


class EndingToken(NamedTuple):
    """A token of an account and when it ends."""

    account_id: int
    account: str
    token: str
    ends_at: datetime


class NoticeBook(Protocol):
    """Where all of it is kept, in one transaction."""

    async def directory(self) -> Directory: ...
    async def untold_cases(self, limit: int, at: datetime) -> list[UntoldCase]:
        """Take them, and mark them as told of; what was told of them before they were reopened ends."""
    async def open(self, notices: Sequence[Notice]) -> int:
        """Keep them, each once per rule and subject as long as it has not ended."""
    async def due(self, limit: int, at: datetime) -> list[DueNotice]:
        """Take notices of which a step is due."""
    async def step(self, stepped: Sequence[tuple[str, int, datetime | None]]) -> None:
        """(notice, next step, when it is due; None: there is none)"""
    async def end(self, ids: Sequence[str], why: str, at: datetime) -> None: ...
    async def end_closed(self, at: datetime) -> int:
        """End what is told of cases that are closed."""
    async def end_others(self, rule: str, subjects: Sequence[str], why: str, at: datetime) -> None:
        """End what the rule tells, but for these subjects."""
    async def addresses(self) -> set[tuple[str, int]]:
        """(recipient, account) of everybody who was given an address."""
    async def tell(self, told: Sequence[Telling], at: datetime) -> None: ...
    async def backlog(self) -> dict[str, int]:
        """Open cases by owner."""
    async def ending_tokens(self, until: datetime) -> list[EndingToken]: ...
    async def silent(self, since: datetime) -> list[tuple[int, str]]:
        """(account, its last error) of messengers that have not taken a message queued before then, though tried."""
    async def waiting_accounts(self, at: datetime) -> list[int]: ...
    async def lock_account(self, account_id: int) -> bool:
        """Be the only one who hands over to an account; False when somebody else is."""
    async def waiting(self, account_id: int, limit: int, at: datetime) -> list[WaitingMessage]: ...
    async def sent(self, account_id: int, since: datetime) -> dict[str, list[HandedOver]]:
        """What was handed over since, by recipient."""
    async def under_way(self, account_id: int) -> int:
        """Messages that the messenger has not taken yet."""
    async def hand_over(self, account_id: int, leaving: Sequence[LeavingMessage], at: datetime) -> list[str]:
        """Queue these as deliveries; returns their ids."""
    async def hold_back(self, held: Sequence[HeldBack]) -> None: ...
    async def set_needless(self, ids: Sequence[str], at: datetime) -> None: ...


def told_to(notice: DueNotice, found: Sequence[Addressee], nobody: str) -> list[Telling]:
    """The messages of a step, or the one record that nobody could be reached."""
    return [Telling(notice.id, notice.step, t.recipient, t.account_id) for t in found] or [
        Telling(notice.id, notice.step, nobody, None)]
