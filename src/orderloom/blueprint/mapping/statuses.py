"""Status dictionaries: what each native word means on the hub's axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from orderloom.blueprint.mapping.casts import CLOSED
from orderloom.blueprint.mapping.check import Notes, near
from orderloom.domain.draft import MILESTONES


class Meaning(msgspec.Struct, frozen=True, omit_defaults=True):
    """The meaning of one native word; an empty text means that the word says nothing of it."""

    zh: str = ""
    en: str = ""
    milestone: str = ""
    payment: str = ""
    hold: str = ""
    word: str = ""
    cancelled: bool = False
    closed: bool = False
    disputed: bool = False
    test: bool = False
    elsewhere: bool = False
    kind: str = ""
    state: str = ""
    incident: str = ""
    blame: str = ""


TAKES = tuple(name for name in Meaning.__struct_fields__ if name not in ("zh", "en"))
TAKE_FLAGS = ("cancelled", "closed", "disputed", "test", "elsewhere")
_CLOSED_SETS = {
    "milestone": MILESTONES, "payment": CLOSED["payment"], "hold": CLOSED["hold"], "kind": CLOSED["after_sale_kind"],
    "state": CLOSED["after_sale_state"], "incident": CLOSED["incident"], "blame": CLOSED["blame"],
}

Dictionary = Mapping[str, Meaning]


def read_statuses(data: Any, notes: Notes) -> dict[str, Dictionary]:
    """The dictionaries of a `statuses.yaml`; mistakes go to `notes`."""
    if data is None:
        return {}
    block = notes.block(data, "")
    notes.known(block, ("statuses", "dictionaries"), "")
    if block.get("statuses") != 1:
        notes.wrong("statuses", "the first line must be statuses: 1")
    found: dict[str, Dictionary] = {}
    for name, entries in notes.block(block.get("dictionaries") or {}, "dictionaries").items():
        notes.document = name
        notes.at(block.get("dictionaries"), name)
        words = notes.block(entries, "")
        found[name] = {word: _entry(words, word, notes) for word in words}
    notes.document = ""
    return found


def _entry(words: Mapping[str, Any], word: str, notes: Notes) -> Meaning:
    notes.at(words, word)
    said = notes.block(words[word] if words[word] is not None else {}, word)
    notes.known(said, Meaning.__struct_fields__, word)
    kept: dict[str, Any] = {}
    for key, value in said.items():
        notes.at(said, key)
        if key in TAKE_FLAGS and not isinstance(value, bool):
            notes.wrong(f"{word}.{key}", f"true or false is expected, not {value!r}")
        elif key in _CLOSED_SETS and value not in _CLOSED_SETS[key]:
            notes.wrong(f"{word}.{key}", f"{value!r} is not known{near(str(value), _CLOSED_SETS[key])}")
        elif key in Meaning.__struct_fields__:
            kept[key] = value if isinstance(value, bool) else str(value)
    return Meaning(**kept)
