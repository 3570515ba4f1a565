"""A draft as it may be shown to whoever asks: every field that is stated, and nobody recognisable in it."""

from __future__ import annotations

from typing import Any

import msgspec

from orderloom.application.masking import mask_text, masked
from orderloom.domain.draft import Draft, OrderDraft

HIDDEN = "***"
OF_PEOPLE = frozenset({"buyer", "note", "name", "phone", "detail", "postcode", "token", "text", "location"})
"""Fields of a draft that tell of a person, or may."""


def shown_draft(draft: Draft) -> dict[str, Any]:
    """By field name, in builtins, `kind` first; receivers are masked, what people wrote is hidden."""
    told: dict[str, Any] = {"kind": type(draft).__name__, **_hidden(msgspec.to_builtins(draft))}
    if isinstance(draft, OrderDraft):
        receiver = msgspec.to_builtins(masked(draft.receiver))
        told["receiver"] = {name: value for name, value in receiver.items() if value not in ("", False)}
    return told


def _hidden(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {inner: _hidden(one, inner) for inner, one in value.items()}
    if isinstance(value, list):
        return [_hidden(one, name) for one in value]
    if not isinstance(value, str) or not value:
        return value
    return HIDDEN if name in OF_PEOPLE else mask_text(value)
