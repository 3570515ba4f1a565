"""What a person's name, phone and address are replaced by where people wrote them: in facts, cases, reasons. Pure."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from orderloom.application.masking import mask_text
from orderloom.domain.draft import Receiver

WRITTEN = frozenset(("reason", "text", "location", "remark", "comment", "why", "detail"))
"""What people and carriers write: any phone number and mail address goes, too."""
HELD = frozenset(("facts", "evidence", "told"))
"""What holds values from outside at any depth. All else is the hub's own and stays as it is."""
GONE = "***"
NAME_MIN, DETAIL_MIN, PHONE_MIN = 2, 4, 6
"""Shorter texts are no name, address or number: they stand in other words as well."""
_encode = msgspec.json.Encoder().encode


class PersonTexts(NamedTuple):
    """The clear texts by which somebody is known, longest first."""

    texts: tuple[str, ...]

    def without(self, text: str) -> str:
        """The text without the person."""
        for known in self.texts:
            text = text.replace(known, GONE)
        return text

    def free_of(self, value: Any, key: str = "", *, is_held: bool = False) -> Any:
        """Nested data without the person in what somebody wrote or an outside system said."""
        is_held = is_held or key in HELD
        if isinstance(value, dict):
            return {name: self.free_of(one, str(name), is_held=is_held) for name, one in value.items()}
        if isinstance(value, list):
            return [self.free_of(one, key, is_held=is_held) for one in value]
        if not isinstance(value, str):
            return value
        return mask_text(self.without(value)) if key in WRITTEN else self.without(value) if is_held else value


def person_of(*receivers: Receiver) -> PersonTexts:
    """Whoever these receivers are."""
    texts: set[str] = set()
    for one in receivers:
        digits = re.sub(r"[^0-9]", "", one.phone)
        texts |= {t for t in (one.name,) if len(t) >= NAME_MIN}
        texts |= {t for t in (one.phone, digits, one.token) if len(t) >= PHONE_MIN}
        texts |= {t for t in (one.detail,) if len(t) >= DETAIL_MIN}
    return PersonTexts(tuple(sorted(texts, key=len, reverse=True)))


def facts_without(facts: str, person: PersonTexts) -> str:
    """The facts of an event without the buyer's message and the person; the same text when nothing was in it."""
    told = msgspec.json.decode(facts)
    clean = person.free_of(told)
    if clean.get("note"):
        clean["note"] = ""
    return _encode(clean).decode() if clean != told else facts
