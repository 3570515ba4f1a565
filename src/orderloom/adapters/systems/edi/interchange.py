"""What both standards come to: an interchange of messages made of segments, and what can be wrong with one."""

from __future__ import annotations

from typing import NamedTuple

BYTES_MAX = 5_000_000
SEGMENTS_MAX = 100_000
MESSAGES_MAX = 2_000
ELEMENTS_MAX = 200

Segment = list[list[str]]
"""A segment's elements, each with its components; element 0 is the tag."""


class NoInterchange(ValueError):
    """Bytes that are no interchange as a whole: nothing in them can be believed. The text names the place alone."""


class Message(NamedTuple):
    """One message of an interchange. `fault` is "" or why it is refused, in the standard's own code.

    `group` and `number` are the control numbers as they stand; `text` is the message's exact text.
    """

    kind: str
    group: str
    number: str
    segments: list[Segment]
    text: str
    fault: str = ""


class Interchange(NamedTuple):
    """An interchange. `standard` is x12 or edifact; `sent` its own date and time, YYMMDDHHMM."""

    standard: str
    sender: str
    receiver: str
    number: str
    sent: str
    is_test: bool
    messages: list[Message]
    groups: dict[str, str]
    """Of X12: control number of each group → its functional code."""
    has_decimal_comma: bool = False
    """Whether a comma in a number is its decimal sign; no standard knows one between thousands."""


def text(segment: Segment, element: int, component: int = 0) -> str:
    """An element's component, "" where there is none."""
    if element >= len(segment) or component >= len(segment[element]):
        return ""
    return segment[element][component].strip()


def counts(segment: Segment, element: int, wanted: int) -> bool:
    """Whether a trailer counts so many; leading zeros are no other number."""
    said = text(segment, element)
    return bool(said) and (said.lstrip("0") or "0") == str(wanted)
