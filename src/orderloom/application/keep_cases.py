"""What people do to a case - assign, take, comment on, close, reopen it - each written down in the transaction that
does it; and what a person puts off in their own queue, which is nobody else's business."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from orderloom.application.not_kept import NotKept
from orderloom.application.within import Within
from orderloom.domain.words import ROLES

REASON_MAX = 2_000
"""Characters of a resolution, of a comment, or of a reason to reopen."""
SNOOZE_MAX = timedelta(days=30)


class LockedCase(NamedTuple):
    """A case as it stood when it was locked."""

    kind: str
    subject: str
    owner: str
    is_group: bool
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None
    taken_by: str | None = None
    person: str | None = None


class CaseBook(Protocol):
    """Where cases are kept with their history, in one transaction."""

    async def lock(self, case_id: str) -> LockedCase | None: ...
    async def role_of(self, person: str) -> str | None:
        """The role of a user who may log in; None when there is none."""
    async def assign(self, case_id: str, owner: str, person: str | None) -> None: ...
    async def snooze(self, case_id: str, person: str, until: datetime | None) -> None:
        """Put it off in that person's queue; None: no more."""
    async def take(self, case_id: str, by: str, at: datetime) -> None:
        """With what was told of it: whoever takes a case has heard."""
    async def resolve(self, case_id: str, resolution: str, by: str, at: datetime) -> None: ...
    async def reopen(self, case_id: str, locked: LockedCase) -> bool:
        """With the members that were closed with it; False when the same anomaly has a newer case that is open."""
    async def write(self, case_id: str, kind: str, detail: dict[str, Any], by: str, at: datetime) -> None: ...


Act = Callable[[Within[CaseBook], str, str, str, datetime], Awaitable[None]]
"""What is done to a case: to an id, with a word (role or reason), by whom, when."""


async def assign_case(within: Within[CaseBook], case_id: str, owner: str, by: str, at: datetime) -> None:
    """Give an open case to a role. Raises NotKept."""
    await give_case(within, case_id, owner, "", by, at)


async def give_case(within: Within[CaseBook], case_id: str, owner: str, person: str, by: str, at: datetime) -> None:
    """Give an open case to a role, or to a person: then to that person's role unless one is named. Raises NotKept."""
    if owner and owner not in ROLES:
        raise NotKept("wrong_value", f"owner：只能是 {'、'.join(ROLES)}", f"owner: one of {', '.join(ROLES)}")
    async with within() as book:
        role = await book.role_of(person) if person else None
        if person and role is None:
            raise NotKept("not_found", f"没有能登录的用户 {person}", f"there is no user {person} who may log in")
        case = await _open(book, case_id)
        wanted = owner or (role if person and role in ROLES else case.owner)
        if (case.owner, case.person or "") != (wanted, person):
            await book.assign(case_id, wanted, person or None)
            told = {"from": case.owner, "to": wanted}
            if person or case.person:
                told |= {"person_from": case.person or "", "person": person}
            await book.write(case_id, "assigned", told, by, at)


async def comment_case(within: Within[CaseBook], case_id: str, note: str, by: str, at: datetime) -> None:
    """Say something about a case, open or closed. Raises NotKept."""
    async with within() as book:
        await _locked(book, case_id)
        await book.write(case_id, "commented", {"note": note}, by, at)


async def snooze_case(
    within: Within[CaseBook], case_id: str, until: datetime | None, person: str, at: datetime,
) -> None:
    """Put an open case off in one's own queue until then (None: no more); its time limit stays. Raises NotKept."""
    if not person:
        raise NotKept("not_allowed", "只有登录的人有自己的队列",
                      "only a person who is logged in has a queue of their own")
    if until is not None and not at < until <= at + SNOOZE_MAX:
        raise NotKept("wrong_value", f"until：要在现在之后、{SNOOZE_MAX.days} 天之内",
                      f"until: later than now, and within {SNOOZE_MAX.days} days")
    async with within() as book:
        await _open(book, case_id)
        await book.snooze(case_id, person, until)


async def take_case(within: Within[CaseBook], case_id: str, note: str, by: str, at: datetime) -> None:
    """Say that one is at it, and why if one likes: whoever else was to be told of the case is not. Raises NotKept."""
    async with within() as book:
        case = await _open(book, case_id)
        if case.taken_by != by:
            await book.take(case_id, by, at)
            await book.write(case_id, "taken", {"from": case.taken_by, **({"note": note} if note else {})}, by, at)


async def resolve_case(within: Within[CaseBook], case_id: str, resolution: str, by: str, at: datetime) -> None:
    """Close an open case by hand, a group with all its members. Raises NotKept."""
    async with within() as book:
        await _open(book, case_id)
        await book.resolve(case_id, resolution, by, at)
        await book.write(case_id, "resolved", {"resolution": resolution}, by, at)


async def reopen_case(within: Within[CaseBook], case_id: str, reason: str, by: str, at: datetime) -> None:
    """Open a closed case again, a group with the members that were closed with it. Raises NotKept."""
    async with within() as book:
        case = await _locked(book, case_id)
        if case.resolved_at is None:
            raise NotKept("already_open", "异常单没有关闭", "the case is not closed")
        if not await book.reopen(case_id, case):
            raise NotKept("already_open", "同一异常已有新的异常单", "the same anomaly has a newer case that is open")
        await book.write(case_id, "reopened", {
            "reason": reason, "resolved_at": case.resolved_at, "resolved_by": case.resolved_by,
            "resolution": case.resolution}, by, at)


async def _open(book: CaseBook, case_id: str) -> LockedCase:
    case = await _locked(book, case_id)
    if case.resolved_at is not None:
        raise NotKept("already_resolved", "异常单已关闭，未作更改", "the case is closed, nothing was changed")
    return case


async def _locked(book: CaseBook, case_id: str) -> LockedCase:
    case = await book.lock(case_id)
    if case is None:
        raise NotKept("not_found", f"没有异常单 {case_id}", f"there is no case {case_id}")
    return case
