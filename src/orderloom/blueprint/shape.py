"""What every entry of a blueprint's files has in common."""

from __future__ import annotations

import msgspec


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every entry has in common: a field that is not known is refused."""
