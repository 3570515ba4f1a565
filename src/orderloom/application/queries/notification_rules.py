"""The rules of the blueprint by which people are told, and whom each reaches as things stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec

from orderloom.application.directory import Directory
from orderloom.application.notify import messengers_of
from orderloom.application.ports import Manifest
from orderloom.application.queries.notifications import SQL
from orderloom.application.queries.sql import Connection
from orderloom.domain.notify.quiet import Quiet
from orderloom.domain.notify.rule import OWNER, Messenger, TellingRule, Throttle, people, targets
from orderloom.domain.words import ROLES, Words


class ReachedBy(msgspec.Struct, frozen=True):
    """A recipient at a messenger's account; `*` is whoever is in its room."""

    recipient: str
    account: str


class RuleStep(msgspec.Struct, frozen=True):
    """A telling, so many seconds after the one before: whom it means, by which messengers (none: any), whom it reaches.

    Of `owner` it is told where the owners that the rule can be about are reached.
    """

    after_seconds: int
    who: tuple[str, ...]
    by: tuple[str, ...]
    reaches: list[ReachedBy]


class QuietHours(msgspec.Struct, frozen=True):
    """Minutes of the day between which messages wait; from the severity `through` on they do not."""

    start: int
    end: int
    zone: str
    through: str


class NotificationRule(msgspec.Struct, frozen=True):
    """A rule. Empty `names`, `severities`, `areas` or `owners` mean any; `after_seconds` is how long a case goes
    untaken or how long before its end a token is told of, `over` the backlog. Not `is_heard`: its first step reaches
    nobody."""

    name: str
    title: Words
    trigger: str
    names: list[str]
    severities: list[str]
    areas: list[str]
    owners: list[str]
    after_seconds: int
    over: int
    quiet: QuietHours | None
    throttle: Throttle | None
    steps: list[RuleStep]
    is_heard: bool


class KnownRecipient(msgspec.Struct, frozen=True):
    """Somebody that the blueprint names; `members` of a group."""

    name: str
    title: Words | None
    members: list[str]


class MessengerAccount(msgspec.Struct, frozen=True):
    """An account that messages can leave by; a room takes no addresses."""

    account: str
    connector: str
    is_room: bool


class NotificationRules(msgspec.Struct, frozen=True):
    """The rules in the order of `file` of the blueprint's folder, who can be told, and by what."""

    file: str
    rules: list[NotificationRule]
    recipients: list[KnownRecipient]
    messengers: list[MessengerAccount]


async def list_rules(
    connection: Connection, directory: Directory, manifests: Mapping[str, Manifest],
) -> NotificationRules:
    """Every rule of the blueprint in force."""
    told = directory.blueprints[directory.blueprint_active].notifications
    rows = await (await connection.execute(SQL["addresses"])).fetchall()
    addresses, messengers = {(row[0], row[1]) for row in rows}, messengers_of(directory, manifests)
    roles = directory.roles
    known = [KnownRecipient(name, one.title, list(one.members)) for name, one in told.recipients.items()]
    known += [KnownRecipient(name, roles[name].title if name in roles else None, []) for name in ROLES]
    return NotificationRules(
        "notifications.yaml", [_rule(rule, told.groups, messengers, addresses) for rule in told.rules.values()], known,
        [MessengerAccount(one.code, one.connector, one.is_room) for one in messengers])


def _rule(
    rule: TellingRule, groups: Mapping[str, Sequence[str]], messengers: Sequence[Messenger],
    addresses: Collection[tuple[str, int]],
) -> NotificationRule:
    codes = {one.account_id: one.code for one in messengers}
    steps = []
    for step in rule.steps:
        who = [*people([name for name in step.who if name != OWNER], "", groups)]
        owners = (sorted(rule.owners) or list(ROLES)) if OWNER in step.who else []
        found = targets([*who, *owners], step.by, messengers, addresses)
        reached = [ReachedBy(one.recipient, codes[one.account_id]) for one in found]
        steps.append(RuleStep(step.after_seconds, step.who, step.by, reached))
    return NotificationRule(
        rule.name, rule.title, rule.trigger, sorted(rule.names), sorted(rule.severities), sorted(rule.areas),
        sorted(rule.owners), rule.after_seconds, rule.over, _quiet(rule.quiet), rule.throttle, steps,
        bool(steps[0].reaches))


def _quiet(quiet: Quiet | None) -> QuietHours | None:
    return QuietHours(quiet.start, quiet.end, quiet.zone, quiet.through) if quiet else None
