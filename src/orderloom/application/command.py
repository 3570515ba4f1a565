"""What a command is: who asks, and the orders that it is about, as whoever loads and locks them must know it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, NamedTuple

import msgspec

from orderloom.domain.actor import Actor
from orderloom.domain.draft import Problem


class About(NamedTuple):
    """Whom a command is about: a look-up that finds orders by a key, and what to say when it finds none.

    `look_up` is order (by id), external (account and the channel's id), work (number) or waybill. With `waiting` a
    message about something unknown waits and goes on by itself once there is one; a person is refused, as everybody is
    without it.
    """

    look_up: str
    key: Callable[[Any], Hashable]
    waiting: Callable[[Any], Problem] | None = None
    missing: str = "no_such_order"


BY_ID = About("order", lambda command: command.order_id)


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """Base: who asks, and the message that is the evidence (None for people and deadlines).

    `about` finds the orders that the verb is called for, one by one; None: the verb is called once, for the batch.
    `beside` are look-ups of what the verb must see too, locked with the rest.
    """

    about: ClassVar[About | None] = BY_ID
    beside: ClassVar[tuple[About, ...]] = ()
    actor: Actor
    message_id: str | None = None

    def skus(self) -> tuple[tuple[int, str], ...]:
        """(account, spelling) of goods that the command names and whose stock the verb may need."""
        return ()
