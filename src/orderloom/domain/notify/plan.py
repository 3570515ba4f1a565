"""What of the messages that wait for one recipient leaves now, what goes into a digest, and what waits until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from orderloom.domain.notify.quiet import ACCOUNT, SELLER, Quiet, quiet_until
from orderloom.domain.notify.rule import TellingRule, is_as_grave

SINGLY_MAX = 5
"""More messages than this at once to one recipient are one digest."""
QUIET, THROTTLE, MESSENGER = "quiet", "throttle", "messenger"
"""Why a message waits: quiet hours, enough of its rule were sent, or its messenger has not taken those before."""
BUSY_SECONDS = 15


class DueMessage(msgspec.Struct, frozen=True):
    """A message that is due to one recipient at one messenger."""

    id: str
    rule: str
    severity: str


class HandedOver(msgspec.Struct, frozen=True):
    """A message that was handed over: when, and of which rules."""

    at: datetime
    rules: frozenset[str]


class HeldBack(msgspec.Struct, frozen=True):
    """A message that waits on: until when, and why."""

    id: str
    until: datetime
    why: str


class Zones(msgspec.Struct, frozen=True):
    """The zones that quiet hours may mean by name."""

    account: str
    seller: str

    def of(self, quiet: Quiet) -> str:
        """The IANA zone of these quiet hours."""
        return {ACCOUNT: self.account, SELLER: self.seller}.get(quiet.zone, quiet.zone)


class Parting(msgspec.Struct, frozen=True):
    """What happens to each of them: sent alone, sent together as one digest, or held."""

    singles: tuple[str, ...] = ()
    digest: tuple[str, ...] = ()
    held: tuple[HeldBack, ...] = ()


def plan(
    waiting: Sequence[DueMessage], sent: Sequence[HandedOver], rules: Mapping[str, TellingRule], room: int,
    zones: Zones, at: datetime,
) -> Parting:
    """Decide for all messages that are due to one recipient. `room`: how many messages the messenger takes now.

    None is lost: every one is in exactly one of the three. Once a digest leaves, what only waits for its rule's turn
    goes with it: it costs no message more.
    """
    held: list[HeldBack] = []
    open_: list[DueMessage] = []
    throttled: list[HeldBack] = []
    by_rule: dict[str, list[DueMessage]] = {}
    for one in waiting:
        until = quiet_for(rules.get(one.rule), one.severity, zones, at)
        if until is not None:
            held.append(HeldBack(one.id, until, QUIET))
        else:
            by_rule.setdefault(one.rule, []).append(one)
    is_many = False
    for name, some in by_rule.items():
        left, again = _left(rules.get(name), sent, at)
        if left <= 0:
            throttled += [HeldBack(one.id, again, THROTTLE) for one in some]
        else:
            open_ += some
            is_many = is_many or len(some) > left
    if not open_:
        return Parting(held=(*held, *throttled))
    if room < 1:
        busy = at + timedelta(seconds=BUSY_SECONDS)
        return Parting(held=(*held, *throttled, *[HeldBack(one.id, busy, MESSENGER) for one in open_]))
    if not is_many and len(open_) <= min(room, SINGLY_MAX):
        return Parting(tuple([one.id for one in open_]), (), (*held, *throttled))
    together = (*[one.id for one in open_], *[one.id for one in throttled])
    return Parting((), together, tuple(held))


def quiet_for(rule: TellingRule | None, severity: str, zones: Zones, at: datetime) -> datetime | None:
    """Until when a message of the rule waits for its quiet hours to end; None when it does not."""
    quiet = rule.quiet if rule is not None else None
    if quiet is None or (quiet.through and is_as_grave(severity, quiet.through)):
        return None
    return quiet_until(at, quiet, zones.of(quiet))


def _left(rule: TellingRule | None, sent: Sequence[HandedOver], at: datetime) -> tuple[int, datetime]:
    """How many more of the rule may leave now, and when the next one may if none.

    The first half of what it allows may leave at once, the rest comes evenly: else a flood would use all of it up in
    its first seconds, and what comes after would wait longest.
    """
    if rule is None or rule.throttle is None:
        return SINGLY_MAX, at
    span = timedelta(seconds=rule.throttle.per_seconds)
    recent = sorted(s.at for s in sent if rule.name in s.rules and s.at > at - span)
    left = rule.throttle.at_most - len(recent)
    if left <= 0:
        return 0, recent[-rule.throttle.at_most] + span
    again = recent[-1] + span / rule.throttle.at_most if len(recent) * 2 >= rule.throttle.at_most else at
    return (left, at) if again <= at else (0, again)
