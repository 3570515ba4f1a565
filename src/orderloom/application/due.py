"""Deadlines that came due: which fire and which are passed over after an outage, by their catch-up policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from orderloom.application import set_aside
from orderloom.application.change import CaseOpened
from orderloom.application.commands import Decided, FireDeadline, Outcome, Subject
from orderloom.application.directory import Directory
from orderloom.domain.actor import clock
from orderloom.domain.states import SubjectKind

WAKE = clock("wake")
LATE = timedelta(minutes=5)
"""A deadline that fires this much too late was missed by an outage; its catch-up policy decides."""


class Due(msgspec.Struct, frozen=True):
    """A deadline as stored."""

    subject: Subject
    kind: str
    of: str
    due_at: datetime
    blueprint: int
    catch_up: str
    tries: int = 0

    @property
    def order_id(self) -> str | None:
        """The order that it is about, when it is about one."""
        return self.subject.id if self.subject.kind is SubjectKind.ORDER else None

    @property
    def case_subject(self) -> str:
        """Names it among the cases."""
        return f"{self.subject.id}/{self.kind}/{self.of}"

    def command(self) -> FireDeadline:
        """The command that asks its condition again."""
        return FireDeadline(actor=WAKE, subject=self.subject, kind=self.kind, of=self.of, due_at=self.due_at)


def caught_up(due: Sequence[Due], directory: Directory, at: datetime) -> tuple[list[CaseOpened], list[Due]]:
    """Cases for those that are skipped with an alert, and the deadlines that fire.

    `fire_all` fires each; `fire_last` only the newest of the same order, kind and subject; `skip_with_alert` fires
    none that is late.
    """
    newest = {(d.subject, d.kind, d.of): d for d in due}
    firing: list[Due] = []
    cases: list[CaseOpened] = []
    for d in due:
        is_late = at - d.due_at > LATE
        if not is_late or d.catch_up == "fire_all":
            firing.append(d)
        elif d.catch_up == "fire_last":
            if newest[d.subject, d.kind, d.of] is d:
                firing.append(d)
        else:
            cases.append(_skipped(d, directory, at))
    return cases, firing


def ended(due: Sequence[Due], firing: Sequence[Due], decided: Sequence[Decided]) -> list[tuple[Due, str]]:
    """What became of each: fired, moot (its condition held no more), or skipped."""
    states = {
        id(d): "moot" if isinstance(result, Outcome) and (result.particulars or result.refusal) else "fired"
        for d, result in zip(firing, decided, strict=True)
    }
    return [(d, states.get(id(d), "skipped")) for d in due]


def _skipped(d: Due, directory: Directory, at: datetime) -> CaseOpened:
    blueprint = directory.blueprints[d.blueprint]
    rule = blueprint.case(blueprint.deadlines[d.kind].case if d.kind in blueprint.deadlines else "stage_overdue")
    return CaseOpened(
        rule.kind, d.case_subject,
        {"skipped": d.kind, "due_at": d.due_at.isoformat(), "late_seconds": int((at - d.due_at).total_seconds())},
        d.order_id, None, rule.owner, at + timedelta(seconds=rule.limit_seconds), f"deadline:{d.kind}", rule.group_over,
    )


def failed(d: Due, error: Exception, directory: Directory, at: datetime) -> CaseOpened:
    """The case of a deadline that fails even alone."""
    return set_aside.failed("deadline_failed", d.case_subject, f"deadline:{d.kind}", error, d.tries, directory, at,
                            d.order_id, deadline=d.kind, about=d.of, due_at=d.due_at.isoformat())


def mended(due: Sequence[Due]) -> list[tuple[str, str]]:
    """(kind, subject) of the cases that firing these closes."""
    return [("deadline_failed", d.case_subject) for d in due if d.tries]
