"""Compile checked notification rules: durations to seconds, repeats to steps, recipients and templates by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from orderloom.blueprint.check_notifications import minute_of, trigger_of
from orderloom.blueprint.duration import seconds
from orderloom.blueprint.notifications import (
    CaseWhen,
    NotificationsFile,
    QuietEntry,
    RecipientEntry,
    RuleEntry,
    TemplateEntry,
)
from orderloom.domain.notify.quiet import Quiet
from orderloom.domain.notify.rule import Rung, TellingRule, Throttle
from orderloom.domain.words import Words

ANY = CaseWhen()


class Notifications(msgspec.Struct, frozen=True):
    """The rules ready to be asked. `of_lifecycle` leads from what the lifecycle names to the rules that hear it."""

    rules: Mapping[str, TellingRule]
    templates: Mapping[str, TemplateEntry]
    recipients: Mapping[str, RecipientEntry]
    groups: Mapping[str, Sequence[str]]
    of_lifecycle: Mapping[str, tuple[TellingRule, ...]]

    def waiting_for(self, *triggers: str) -> list[TellingRule]:
        """The rules that wait for one of these, in the order of the file."""
        return [rule for rule in self.rules.values() if rule.trigger in triggers]

    def language(self, recipient: str) -> str:
        """In which language somebody is told."""
        entry = self.recipients.get(recipient)
        return entry.language if entry else "zh"

    def title(self, recipient: str) -> Words | None:
        """What a recipient is called; None for one that the blueprint does not name."""
        entry = self.recipients.get(recipient)
        return entry.title if entry else None


def compile_notifications(written: NotificationsFile) -> Notifications:
    """Return what is asked; `written` must have passed the check."""
    rules = {entry.name: _rule(entry) for entry in written.rules}
    heard: dict[str, tuple[TellingRule, ...]] = {}
    for rule in rules.values():
        for name in sorted(rule.names) if rule.trigger == "lifecycle" else ():
            heard[name] = (*heard.get(name, ()), rule)
    return Notifications(
        rules,
        {entry.name: entry for entry in written.templates},
        {entry.name: entry for entry in written.recipients},
        {entry.name: entry.members for entry in written.recipients if entry.members},
        heard,
    )


def _rule(entry: RuleEntry) -> TellingRule:
    when = entry.when
    case: CaseWhen = when.case or when.not_taken or ANY
    within = when.not_taken.within if when.not_taken else when.token_ends.within if when.token_ends else ""
    steps = [Rung(0, entry.who, entry.by)]
    for step in entry.escalate:
        steps += [Rung(seconds(step.after), step.who, step.by or entry.by)] * step.times
    return TellingRule(
        entry.name, entry.title, trigger_of(when), tuple(steps), entry.template, entry.digest,
        frozenset(case.kinds) | frozenset(when.lifecycle) | ({"each_owner"} if _is_each(entry) else frozenset()),
        frozenset(case.severities), frozenset(case.areas), frozenset(case.owners),
        seconds(within) if within else 0, when.backlog.over if when.backlog else 0, _quiet(entry.quiet),
        Throttle(entry.throttle.at_most, seconds(entry.throttle.per)),
    )


def _is_each(entry: RuleEntry) -> bool:
    return entry.when.backlog is not None and entry.when.backlog.each_owner


def _quiet(entry: QuietEntry | None) -> Quiet | None:
    if entry is None:
        return None
    return Quiet(minute_of(entry.start), minute_of(entry.end), entry.zone, entry.through)
