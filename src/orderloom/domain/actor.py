"""Who acts: the name that the log keeps, what kind of doer it is, and the roles that decide what it may do."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from orderloom.domain.lifecycle import SYSTEM


class Actor(msgspec.Struct, frozen=True):
    """A doer. `kind` is person, program (an API token), connector or clock; roles are the blueprint's."""

    name: str
    kind: str = "connector"
    roles: frozenset[str] = SYSTEM

    @property
    def is_heard(self) -> bool:
        """Whether its word came as a message, which can wait; whoever asks in person is answered now."""
        return self.kind not in ("person", "program")


@lru_cache(maxsize=1_024)
def connector(code: str) -> Actor:
    """What a connected account says, under the account's code."""
    return Actor(code)


def clock(name: str) -> Actor:
    """The hub itself, woken by a deadline, a delivery or a change of stock."""
    return Actor(name, "clock")


def person(name: str, *roles: str) -> Actor:
    """Somebody with these roles."""
    return Actor(name, "person", frozenset(roles))
