"""What a notification rule says, which occasions it tells of, and whom it reaches through which messengers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from orderloom.domain.notify.quiet import Quiet
from orderloom.domain.words import SEVERITIES, Words

TRIGGERS = ("case", "not_taken", "backlog", "lifecycle", "token_ends")
"""What a rule may wait for: a case that opens, one that nobody takes, too many open ones, an order that the lifecycle
tells of, a token that ends."""
OWNER = "owner"
"""As a recipient: the role that has to act."""
ROOM = "*"
"""The recipient of an account that is a room: whoever is in it."""
DEPTH_MAX = 5
"""Groups within groups."""
STEPS_MAX = 100
"""Escalation steps of a rule, repeats counted."""


class Throttle(msgspec.Struct, frozen=True):
    """At most so many messages of the rule to one recipient in so many seconds; the rest waits for a digest."""

    at_most: int
    per_seconds: int


class Rung(msgspec.Struct, frozen=True):
    """Who is told by which messengers, so many seconds after the step before."""

    after_seconds: int
    who: tuple[str, ...]
    by: tuple[str, ...]


class TellingRule(msgspec.Struct, frozen=True):
    """A rule ready to be asked. An empty set of `names`, `severities`, `areas` or `owners` means any.

    `names` are case kinds, or what the lifecycle tells of; `after_seconds` is how long a case may go untaken, or how
    long before its end a token is told of; `over` is the backlog. `steps[0]` is the first telling.
    """

    name: str
    title: Words
    trigger: str
    steps: tuple[Rung, ...]
    template: str
    digest: str
    names: frozenset[str] = frozenset()
    severities: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    owners: frozenset[str] = frozenset()
    after_seconds: int = 0
    over: int = 0
    quiet: Quiet | None = None
    throttle: Throttle | None = None


class Occasion(msgspec.Struct, frozen=True):
    """Something that happened, as rules see it. `names` are the words it goes by; `subject` tells it from others."""

    trigger: str
    subject: str
    at: datetime
    names: frozenset[str]
    severity: str
    told: dict[str, str]
    area: str = ""
    owner: str = ""
    case_id: str | None = None
    order_id: str | None = None
    account_id: int | None = None


class Messenger(msgspec.Struct, frozen=True):
    """An account that messages can leave by. A room has its readers in it; others need each recipient's address."""

    account_id: int
    code: str
    connector: str
    is_room: bool


class Addressee(msgspec.Struct, frozen=True):
    """One recipient at one messenger."""

    recipient: str
    account_id: int


def tells(rule: TellingRule, occasion: Occasion) -> bool:
    """Whether the rule is about this occasion. A case that opens is also what the watch over taking it begins with."""
    return (
        rule.trigger == occasion.trigger
        and (not rule.names or bool(rule.names & occasion.names))
        and (not rule.severities or occasion.severity in rule.severities)
        and (not rule.areas or occasion.area in rule.areas)
        and (not rule.owners or occasion.owner in rule.owners)
    )


def first_due(rule: TellingRule, occasion: Occasion) -> datetime:
    """When the occasion is to be told first: at once, or when a case has gone untaken for too long."""
    wait = rule.after_seconds if rule.trigger == "not_taken" else 0
    return occasion.at + timedelta(seconds=wait)


def next_due(rule: TellingRule, step: int, at: datetime) -> datetime | None:
    """When the step after `step` is due, counted from now; None when it was the last."""
    return at + timedelta(seconds=rule.steps[step + 1].after_seconds) if step + 1 < len(rule.steps) else None


def people(who: Sequence[str], owner: str, groups: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Everybody who is meant, each once: the owner's role put in, groups opened."""
    found: dict[str, None] = {}
    waiting = [(name, 0) for name in who]
    while waiting:
        name, depth = waiting.pop(0)
        if name == OWNER:
            if owner:
                waiting.insert(0, (owner, depth))
        elif groups.get(name) and depth < DEPTH_MAX:
            waiting = [*((member, depth + 1) for member in groups[name]), *waiting]
        else:
            found[name] = None
    return tuple(found)


def targets(
    persons: Sequence[str], by: Collection[str], messengers: Sequence[Messenger],
    addresses: Collection[tuple[str, int]],
) -> tuple[Addressee, ...]:
    """Where they can be reached by the messengers named (none named: by any), by account code or connector.

    A room is told once, whoever is meant: one to which nobody was given serves everybody, else it serves those.
    """
    given = {account_id for _, account_id in addresses}
    found: dict[Addressee, None] = {}
    for messenger in messengers:
        if by and messenger.code not in by and messenger.connector not in by:
            continue
        reached = [person for person in persons if (person, messenger.account_id) in addresses]
        if not messenger.is_room:
            found |= dict.fromkeys([Addressee(person, messenger.account_id) for person in reached])
        elif persons and (reached or messenger.account_id not in given):
            found[Addressee(ROOM, messenger.account_id)] = None
    return tuple(found)


def is_as_grave(severity: str, least: str) -> bool:
    """Whether a severity is at least this grave; one that nobody knows counts as the gravest."""
    return severity not in SEVERITIES or SEVERITIES.index(severity) >= SEVERITIES.index(least)
