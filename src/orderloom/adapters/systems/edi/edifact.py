"""Reads and writes EDIFACT: delimiters from UNA, the release sign, UNT and UNZ whose counts and numbers must agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from orderloom.adapters.systems.edi.interchange import (
    BYTES_MAX,
    ELEMENTS_MAX,
    MESSAGES_MAX,
    SEGMENTS_MAX,
    Interchange,
    Message,
    NoInterchange,
    Segment,
    counts,
    text,
)

COUNT_WRONG, NUMBER_WRONG, TRAILER_MISSING = "29", "28", "13"
"""Codes of UCM: the control count, the references, a segment that is missing."""
LEVELS = {"UNOD": "iso-8859-2", "UNOE": "iso-8859-5"}
"""What else than UTF-8 or Western letters a level means: partners name UNOA to UNOC for either."""


class Signs(NamedTuple):
    """The service signs of an interchange."""

    component: str = ":"
    element: str = "+"
    decimal: str = "."
    release: str = "?"
    end: str = "'"


def read(raw: bytes) -> Interchange:
    """The interchange. Raises NoInterchange where the envelope cannot be believed; a bad message has its fault."""
    if len(raw) > BYTES_MAX:
        raise NoInterchange(f"more than {BYTES_MAX} bytes")
    plain = raw.lstrip(b"\xef\xbb\xbf\r\n \t").rstrip(b"\r\n \t\x1a\0").decode("latin-1")
    plain = _unwrapped(plain)
    signs, has_advice = Signs(), plain.startswith("UNA")
    if has_advice:
        if len(plain) < 9:
            raise NoInterchange("UNA")
        signs, plain = Signs(plain[3], plain[4], plain[5], plain[6], plain[8]), plain[9:]
        if len({signs.component, signs.element, signs.end, signs.release}) != 4 or any(s.isalnum() for s in signs):
            raise NoInterchange("service signs of UNA")
    found = list(_segments(plain.lstrip("\r\n "), signs))
    if len(found) < 2 or text(found[0][0], 0) != "UNB":
        raise NoInterchange("no UNB")
    charset = _charset(raw, text(found[0][0], 1))
    found = [(_read_as(segment, charset), _letters(piece, charset)) for segment, piece in found]
    head, tail = found[0][0], found[-1][0]
    messages = _messages(found[1:-1])
    if text(tail, 0) != "UNZ" or text(tail, 2) != text(head, 5) or not counts(tail, 1, len(messages)):
        raise NoInterchange("UNZ does not fit UNB")
    return Interchange("edifact", text(head, 2), text(head, 3), text(head, 5), text(head, 4) + text(head, 4, 1),
                       text(head, 11) == "1", messages, {},
                       not has_advice or signs.decimal == "," or text(head, 1, 1) >= "4")  # fmt: skip


def _unwrapped(plain: str) -> str:
    """Without the ends of lines where all lines are of one length: they stand in the middle of words."""
    lines = plain.replace("\r\n", "\n").split("\n")
    return "".join(lines) if len(lines) > 2 and len({len(line) for line in lines[:-1]}) == 1 else plain


def _segments(plain: str, signs: Signs) -> Iterator[tuple[Segment, str]]:
    """Each segment, and its exact text."""
    segment: Segment = [[""]]
    start = place = count = 0
    while place < len(plain):
        sign = plain[place]
        if sign == signs.release and place + 1 < len(plain):
            segment[-1][-1] += plain[place + 1]
            place += 2
            continue
        if sign == signs.end:
            count += 1
            if count > SEGMENTS_MAX or len(segment) > ELEMENTS_MAX:
                raise NoInterchange("number of segments or elements")
            segment[0][0] = segment[0][0].lstrip("\r\n ")
            if not segment[0][0].isalnum():
                raise NoInterchange("a segment without a tag")
            yield segment, plain[start : place + 1]
            segment, start = [[""]], place + 1
        elif sign == signs.element:
            segment.append([""])
        elif sign == signs.component:
            segment[-1].append("")
        else:
            segment[-1][-1] += sign
        place += 1
    if plain[start:].strip():
        raise NoInterchange("the last segment does not end")


def _charset(raw: bytes, level: str) -> str:
    """What the bytes are written in: what is no UTF-8 is Windows' letters, unless the level names others."""
    for name in ([LEVELS[level]] if level in LEVELS else ["utf-8", "cp1252"]):
        try:
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"


def _read_as(segment: Segment, charset: str) -> Segment:
    return [[_letters(part, charset) for part in element] for element in segment]


def _letters(part: str, charset: str) -> str:
    return part if part.isascii() else part.encode("latin-1").decode(charset, "replace")


def _messages(found: list[tuple[Segment, str]]) -> list[Message]:
    messages: list[Message] = []
    place = 0
    while place < len(found):
        head = found[place][0]
        if text(head, 0) != "UNH":
            raise NoInterchange("a message does not begin with its UNH")
        end = place + 1
        while end < len(found) and text(found[end][0], 0) not in ("UNT", "UNH"):
            end += 1
        is_ended = end < len(found) and text(found[end][0], 0) == "UNT"
        after = end + 1 if is_ended else end
        fault = "" if is_ended else TRAILER_MISSING
        if is_ended and text(found[end][0], 2) != text(head, 1):
            fault = NUMBER_WRONG
        elif is_ended and not counts(found[end][0], 1, after - place):
            fault = COUNT_WRONG
        inside = [segment for segment, _ in found[place + 1 : end]]
        whole = "".join(piece for _, piece in found[place:after]).strip("\r\n ")
        messages.append(Message(text(head, 2), "", text(head, 1), inside, whole, fault))
        if len(messages) > MESSAGES_MAX:
            raise NoInterchange(f"more than {MESSAGES_MAX} messages")
        place = after
    return messages


def write(
    kind: str, body: list[list[str | list[str]]], *, sender: tuple[str, str], receiver: tuple[str, str], number: int,
    sent: str, is_test: bool,
) -> bytes:
    """An interchange of one message; `kind` is UNH's message identifier, such as DESADV:D:96A:UN."""
    reference = f"{number:09d}"
    unb: list[str | list[str]] = ["UNB", ["UNOC", "3"], [sender[1], sender[0]], [receiver[1], receiver[0]],
                                  [sent[2:8], sent[8:12]], reference]  # fmt: skip
    if is_test:
        unb += ["", "", "", "", "", "1"]
    inside: list[list[str | list[str]]] = [
        unb, ["UNH", "1", kind.split(":")], *body, ["UNT", str(len(body) + 2), "1"], ["UNZ", "1", reference],
    ]  # fmt: skip
    return ("UNA:+.? '" + "".join(map(_written, inside))).encode("latin-1", "replace")


def _written(segment: list[str | list[str]]) -> str:
    parts = [":".join(map(_released, one)).rstrip(":") if isinstance(one, list) else _released(one) for one in segment]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return "+".join(parts) + "'"


def _released(value: str) -> str:
    return "".join(f"?{sign}" if sign in "?+:'" else sign for sign in value if sign not in "\r\n")
