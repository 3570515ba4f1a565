"""An expected no: what was asked is not possible now, and nothing was changed."""

from __future__ import annotations

import msgspec


class Refusal(msgspec.Struct, frozen=True):
    """Why not, as a code that the interface translates, with the particulars that explain it."""

    code: str
    particulars: dict[str, str] = {}
