"""Blocks that two folders of one platform have in common: said in one of them, named by the other (`shares`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from orderloom.adapters.kit.notes import DeclarationNotes
from orderloom.blueprint.plain import BadFile, read

ADAPTERS = Path(__file__).resolve().parents[1]
SHARED = ("credentials", "calls", "answers", "token", "rate")
"""How a platform is spoken to, whatever is asked of it."""
_NAMED = re.compile(r"[a-z_]+/[a-z0-9_]+")


def with_shared(data: Any, notes: DeclarationNotes) -> Any:
    """The data of a file with what it shares; a folder that is none, or shares itself, is a mistake."""
    named = data.get("shares") if isinstance(data, dict) else None
    if not isinstance(named, str) or not named:
        return data
    file = ADAPTERS / named / "connector.yaml"
    if not _NAMED.fullmatch(named) or not file.is_file():
        known = sorted(f"{one.parent.parent.name}/{one.parent.name}" for one in ADAPTERS.glob("*/*/connector.yaml"))
        notes.unknown(("shares",), named, known)
        return data
    try:
        other, _ = read(file.read_text("utf-8", "surrogateescape"))
    except BadFile as error:
        notes.wrong(("shares",), f"{named}: {error}")
        return data
    if not isinstance(other, dict) or other.get("shares"):
        notes.wrong(("shares",), f"{named} 自身也引用别处，请直接写那里 / shares another folder itself: name that")
        return data
    return {**{key: other[key] for key in SHARED if key in other}, **data}
