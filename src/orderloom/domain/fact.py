"""The base of all facts, by which they are told apart."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event"):
    """Base of all facts."""
