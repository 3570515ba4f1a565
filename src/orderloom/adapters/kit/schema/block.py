"""The block that all others are: unknown keys are refused."""

from __future__ import annotations

import msgspec


class DeclaredBlock(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=lambda name: name.rstrip("_")
):
    """A block of the file. A word that Python keeps for itself is written without its underscore: `from_` is `from`."""
