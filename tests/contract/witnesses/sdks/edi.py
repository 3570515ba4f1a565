"""Public readers of X12 and EDIFACT: what they find in an interchange, and whether they believe it."""

from __future__ import annotations

from typing import Any

from pydifact.segmentcollection import Interchange
from x12 import parse_x12_interchange, tokenize_x12


class Client:
    """Neither needs anything to begin."""

    def x12(self, text: str) -> Any:
        """Control number, and the sets with their segments."""
        found = parse_x12_interchange(tokenize_x12(text.encode()))
        sets = [one for group in found.groups for one in group.transactions]
        return {"number": found.control_number, "sets": [_set(one) for one in sets]}

    def edifact(self, text: str) -> Any:
        """Control number, and the messages with their segments."""
        found = Interchange.from_str(text)
        found.validate()
        messages = list(found.get_messages())
        for one in messages:
            one.validate()
        return {"number": found.control_reference, "sender": found.sender, "recipient": found.recipient, "sets": [
            {"kind": one.type, "number": one.reference_number,
             "segments": [[segment.tag, *segment.elements] for segment in one.segments]} for one in messages]}


def _set(one: Any) -> dict[str, Any]:
    kind, number = (value.decode() for value in one.header.elements[:2])
    rows = [[part.tag, *(value.decode() for value in part.elements)] for part in one.segments]
    return {"kind": kind, "number": number, "segments": rows}
