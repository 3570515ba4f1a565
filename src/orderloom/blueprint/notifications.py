"""The shapes of `notifications.yaml`, as people write it: who is told of what, by which messenger, in which words."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from orderloom.blueprint.shape import Shape
from orderloom.domain.words import Words


class CaseWhen(Shape, frozen=True):
    """A case that opens: of any of these kinds, severities, areas and owners; what is left out means any."""

    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


class NotTakenWhen(CaseWhen, frozen=True, kw_only=True):
    """A case of these that nobody takes, nor closes, within a time."""

    within: str


class BacklogWhen(Shape, frozen=True):
    """More open cases than `over`; with `each_owner`, of one role."""

    over: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    each_owner: bool = False


class TokenWhen(Shape, frozen=True):
    """An account's token that ends within a time."""

    within: str


class When(Shape, frozen=True):
    """What a rule waits for: exactly one of these. `lifecycle` names what follows `notify:`, or a stage."""

    case: CaseWhen | None = None
    not_taken: NotTakenWhen | None = None
    backlog: BacklogWhen | None = None
    lifecycle: tuple[str, ...] = ()
    token_ends: TokenWhen | None = None


class QuietEntry(Shape, frozen=True):
    """Hours of the day, such as 22:00, in which messages wait; from the severity `through` on they do not.

    `zone` is `account`, `seller` or an IANA name."""

    start: str = msgspec.field(name="from")
    end: str = msgspec.field(name="to")
    zone: str = "seller"
    through: str = ""


class ThrottleEntry(Shape, frozen=True):
    """At most so many messages of the rule to one recipient in so long; more become a digest."""

    at_most: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    per: str


class EscalateEntry(Shape, frozen=True):
    """Who else is told when nobody has acknowledged `after` the step before; `times`: and again, so often in all."""

    after: str
    who: tuple[str, ...]
    by: tuple[str, ...] = ()
    times: Annotated[int, msgspec.Meta(ge=1, le=50)] = 1


class RuleEntry(Shape, frozen=True):
    """A rule of `notifications.yaml`: when, who is told, by which messengers, in which words.

    `by` names connectors or account codes, none means any that reaches the recipient."""

    name: str
    title: Words
    when: When
    who: tuple[str, ...]
    template: str
    by: tuple[str, ...] = ()
    digest: str = "digest"
    quiet: QuietEntry | None = None
    throttle: ThrottleEntry = ThrottleEntry(10, "10m")
    escalate: tuple[EscalateEntry, ...] = ()


class RecipientEntry(Shape, frozen=True):
    """A person or (`members`) a group. Roles are recipients as they are, and can be given a language or members here.

    Where somebody is reached is no part of a blueprint: `orderloom recipients set`."""

    name: str
    title: Words
    language: Literal["zh", "en"] = "zh"
    members: tuple[str, ...] = ()


class TemplateEntry(Shape, frozen=True):
    """Words of a message: fields stand in braces, `{order}`; `cut` names those that are shortened first."""

    name: str
    title: Words
    text: Words
    cut: tuple[str, ...] = ()


class NotificationsFile(Shape, frozen=True):
    """`notifications.yaml`: who is told of what."""

    rules: tuple[RuleEntry, ...] = ()
    recipients: tuple[RecipientEntry, ...] = ()
    templates: tuple[TemplateEntry, ...] = ()
