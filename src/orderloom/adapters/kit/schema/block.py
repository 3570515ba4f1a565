"""The block that all others are, unknown keys refused, and the plain values that have bounds."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Count = Annotated[int, Meta(ge=1, le=1_000_000)]
"""So many of something, one at least."""
Status = Annotated[int, Meta(ge=100, le=599)]
"""A status of HTTP."""
Pace = Annotated[float, Meta(gt=0, le=1_000_000)]
"""So many a second, or at once."""
Word = Annotated[str, Meta(min_length=1)]
"""A text in which something stands."""
Duration = Annotated[str, Meta(pattern=r"^(?=.*[1-9])(\d{1,5}d)?(\d{1,5}h)?(\d{1,5}m)?(\d{1,7}s)?$")]
"""A time as people write it: 90s, 15m, 1h30m."""
MaybeDuration = Annotated[str, Meta(pattern=r"^((?=.*[1-9])(\d{1,5}d)?(\d{1,5}h)?(\d{1,5}m)?(\d{1,7}s)?)?$")]
"""The same, or none."""


class DeclaredBlock(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename=lambda name: name.rstrip("_")
):
    """A block of the file. A word that Python keeps for itself is written without its underscore: `from_` is `from`."""
