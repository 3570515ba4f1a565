"""Reads and writes X12: fixed ISA that names its own delimiters, groups and sets whose counts and numbers must agree.

A small reader of our own: the free ones either load maps of whole standards or take broken counts for good.
"""

from __future__ import annotations

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

ISA_LENGTH = 106
WIDTHS = (3, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1)
COUNT_WRONG, NUMBER_WRONG, TRAILER_MISSING = "4", "3", "2"
"""Codes of AK5: the count of segments, the control number, the trailer."""


def read(raw: bytes) -> Interchange:
    """The interchange. Raises NoInterchange where the envelope cannot be believed; a bad set only has its fault."""
    plain = _decoded(raw).lstrip("\ufeff\r\n \t").rstrip("\r\n \t\x1a\0")
    if any(sign in plain[: ISA_LENGTH - 1] for sign in "\r\n"):  # wrapped into lines of one length
        plain = plain.replace("\r", "").replace("\n", "")
    if len(plain) < ISA_LENGTH or not plain.startswith("ISA"):
        raise NoInterchange("no ISA of 106 characters")
    element, end = plain[3], plain[ISA_LENGTH - 1]
    isa = plain[: ISA_LENGTH - 1].split(element)
    if len(isa) != 17 or any(len(part) != width for part, width in zip(isa, WIDTHS, strict=True)):
        raise NoInterchange("ISA has not its fixed widths")
    component = isa[16]
    if len({element, component, end}) != 3 or any(one.isalnum() for one in (element, component, end)):
        raise NoInterchange("delimiters of ISA")
    pieces = [piece.strip("\r\n") for piece in plain[ISA_LENGTH:].split(end)]
    if end in "\r\n":
        pieces = [piece for piece in pieces if piece.strip()]
    elif not pieces[-1]:
        pieces.pop()
    if not 2 <= len(pieces) <= SEGMENTS_MAX:
        raise NoInterchange("number of segments")
    segments = [_segment(piece, element, component) for piece in pieces]
    messages, groups = _groups(segments[:-1], pieces, end)
    if text(segments[-1], 0) != "IEA" or text(segments[-1], 2) != isa[13] or not counts(segments[-1], 1, len(groups)):
        raise NoInterchange("IEA does not fit ISA")
    sender, receiver, is_test = isa[6].strip(), isa[8].strip(), isa[15] == "T"
    return Interchange("x12", sender, receiver, isa[13], isa[9] + isa[10], is_test, messages, groups)


def _decoded(raw: bytes) -> str:
    if len(raw) > BYTES_MAX:
        raise NoInterchange(f"more than {BYTES_MAX} bytes")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _segment(piece: str, element: str, component: str) -> Segment:
    parts = piece.split(element)
    if len(parts) > ELEMENTS_MAX or not parts[0].strip().isalnum():
        raise NoInterchange("a segment without a tag")
    return [part.split(component) for part in parts]


def _groups(segments: list[Segment], pieces: list[str], end: str) -> tuple[list[Message], dict[str, str]]:
    messages: list[Message] = []
    groups: dict[str, str] = {}
    place = 0
    while place < len(segments):
        head = segments[place]
        if text(head, 0) != "GS" or text(head, 6) in groups:
            raise NoInterchange("a group does not begin with its GS")
        groups[text(head, 6)] = text(head, 1)
        place, before = place + 1, len(messages)
        while place < len(segments) and text(segments[place], 0) != "GE":
            found, place = _set(segments, place, text(head, 6), pieces, end)
            messages.append(found)
            if len(messages) > MESSAGES_MAX:
                raise NoInterchange(f"more than {MESSAGES_MAX} sets")
        if place == len(segments):
            raise NoInterchange("a group without its GE")
        tail = segments[place]
        if text(tail, 2) != text(head, 6) or not counts(tail, 1, len(messages) - before):
            raise NoInterchange("GE does not fit GS")
        place += 1
    return messages, groups


def _set(segments: list[Segment], start: int, group: str, pieces: list[str], end: str) -> tuple[Message, int]:
    head = segments[start]
    if text(head, 0) != "ST":
        raise NoInterchange("a set does not begin with its ST")
    place = start + 1
    while place < len(segments) and text(segments[place], 0) not in ("SE", "ST", "GE"):
        place += 1
    is_ended = place < len(segments) and text(segments[place], 0) == "SE"
    after = place + 1 if is_ended else place
    fault = "" if is_ended else TRAILER_MISSING
    if is_ended and text(segments[place], 2) != text(head, 2):
        fault = NUMBER_WRONG
    elif is_ended and not counts(segments[place], 1, after - start):
        fault = COUNT_WRONG
    whole = end.join(pieces[start:after]) + end
    return Message(text(head, 1), group, text(head, 2), segments[start + 1 : place], whole, fault), after


def write(
    function: str, kind: str, body: list[list[str]], *, sender: tuple[str, str], receiver: tuple[str, str], number: int,
    sent: str, is_test: bool, version: str = "00401",
) -> bytes:
    """An interchange of one set. `sent` is CCYYMMDDHHMM; ids are (qualifier, id). Delimiters leave the values: the
    standard has no way to keep them."""
    control, date, time = f"{number:09d}", sent[:8], sent[8:12]
    isa = ["ISA", "00", " " * 10, "00", " " * 10, sender[0], sender[1].ljust(15)[:15], receiver[0],
           receiver[1].ljust(15)[:15], date[2:], time, "U", version, control, "0", "T" if is_test else "P",
           ">"]  # fmt: skip
    gs = ["GS", function, sender[1], receiver[1], date, time, str(number), "X", f"{version}0"]
    inside = [["ST", kind, "0001"], *body, ["SE", str(len(body) + 2), "0001"]]
    tail = [["GE", "1", str(number)], ["IEA", "1", control]]
    return "".join("*".join(parts) + "~" for parts in [isa, gs, *map(_clean, inside), *tail]).encode()


def _clean(parts: list[str]) -> list[str]:
    kept = ["".join(" " if sign in "*~>\r\n" else sign for sign in part) for part in parts]
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return kept
